internal import Foundation
internal import Synchronization

/// A folder of results being made: its files grow in `.pylon-partial-…` inside it, on the same file system, and take
/// their final names by ``replace(_:)``, which says what is guaranteed.
public final class ResultFolder {
  static let prefix = ".pylon-partial-"
  /// In a staging directory: the folder whose journal would speak of it.
  static let ownerName = ".owner"

  public let path: String
  let staging: String
  /// Held as long as the files grow, so that others can tell them from those of a dead process.
  private var lock: DirectoryLock?
  private(set) var names: [String] = []
  /// Directories that had not been there, outermost first.
  private let made: [String]
  private var done = false

  /// Finishes or takes back what an interrupted process left in the folder, and begins anew.
  ///
  /// - Throws: ``StoreError`` where the folder cannot be made or written to.
  public init(path: String) throws(StoreError) {
    self.path = path
    try ResultFolder.recover(path)
    // In one go, so that an interruption finds all that it has to take away.
    (made, staging, lock) = try growing.withLock { state throws(StoreError) in
      let made = try FileCalls.makeDirectories(path)
      let (staging, lock) = try ResultFolder.makeStaging(in: path)
      state.places.append(Growing.Place(staging: staging, made: made))
      state.hasReplaced = false
      return (made, staging, lock)
    }
  }

  private static func makeStaging(in path: String) throws(StoreError) -> (String, DirectoryLock?) {
    while true {
      let number = String(UInt32.random(in: 0...UInt32.max), radix: 16)
      let place = "\(path)/\(prefix)\(ProcessInfo.processInfo.processIdentifier)-\(number)"
      guard mkdir(place, 0o777) == 0 else {
        if errno == EEXIST { continue }
        throw StoreError(description: "cannot write to \(path): \(FileCalls.reason)")
      }
      if case .held(let lock) = DirectoryLock.take(place, waits: true) { return (place, lock) }
      // Taken for dead between the two calls, and gone; or a file system without locks.
      if FileCalls.exists(place) { return (place, nil) }
    }
  }

  deinit { discard() }

  /// Returns the path at which to make the file that will be called `name`.
  ///
  /// - Throws: ``StoreError`` if a directory has that name.
  public func place(for name: String) throws(StoreError) -> String {
    if FileCalls.isDirectory(path + "/" + name) {
      throw StoreError(description: "cannot replace \(path)/\(name): it is a directory")
    }
    try FileCalls.demandPlain(path + "/" + name)
    names.append(name)
    return staging + "/" + name
  }

  /// Path of a file that was made and does not have its final name yet.
  public func staged(_ name: String) -> String { staging + "/" + name }

  /// Makes a text file.
  public func write(_ text: String, as name: String) throws(StoreError) {
    let file = try OutputFile(path: place(for: name))
    let buffer = TextBuffer()
    buffer.append(text)
    try file.write(buffer)
  }

  /// The files have their names, or belong to a journal now: there is nothing to discard.
  /// The lock stays until the folder goes, so that nobody takes the files for a dead process's meanwhile.
  func release(_ state: inout Growing) {
    done = true
    state.forget(staging)
  }

  /// For tests: lets go of the lock and leaves everything as it is, as the death of the process does.
  package func die() {
    done = true
    lock = nil
    growing.withLock { state in state.forget(staging) }
  }

  private func discard() {
    guard !done else { return }
    let own = Growing.Place(staging: staging, made: made)
    growing.withLock { state in state.discard(own) }
  }

  /// Ends the process for an interruption: removes what has not got its final name, and then calls `leave`. Where
  /// results are just getting their names it waits; where they have them already it returns, for the process is about
  /// to end well, unless they are some of `many`.
  public static func abandonAll(many: Bool = false, then leave: () -> Never) {
    growing.withLock { state in
      guard many || !state.hasReplaced else { return }
      // The process still runs, and may add a file meanwhile.
      for place in state.places.reversed() {
        for _ in 0..<100 where FileCalls.exists(place.staging) { place.remove() }
      }
      leave()
    }
  }

  /// Runs what must not be interrupted half-way.
  static func withoutInterruption(_ work: (inout Growing) throws(StoreError) -> Void) throws(StoreError) {
    try growing.withLock { state throws(StoreError) in
      try work(&state)
      state.hasReplaced = true
    }
  }
}

/// The staging directories of this process.
struct Growing {
  struct Place {
    var staging: String
    var made: [String]

    /// Directories made on the way go too, where nobody has put anything into them.
    func remove() {
      try? FileManager.default.removeItem(atPath: staging)
      for directory in made.reversed() { rmdir(directory) }
    }
  }

  var places: [Place] = []
  var hasReplaced = false
  /// Directories made for places that are gone, in which others still stood.
  private var left: [String] = []

  /// A place is one no more; what there is stays.
  mutating func forget(_ staging: String) {
    places.removeAll { $0.staging == staging }
    if places.isEmpty { left = [] }
  }

  /// Removes a place and the directories made on the way to it, and to others within them that go in any order.
  mutating func discard(_ place: Place) {
    try? FileManager.default.removeItem(atPath: place.staging)
    left += place.made
    var before: Int
    repeat {
      before = left.count
      left.removeAll { rmdir($0) == 0 || errno == ENOENT }
    } while left.count < before
    forget(place.staging)
  }
}

private let growing = Mutex(Growing())
