internal import Domain
internal import Foundation

/// A folder's new files, and which of its old ones go.
public struct Replacement {
  public var folder: ResultFolder
  /// Tells of a file's name whether it can only be an earlier result's; such a file is removed where the new result
  /// has none of that name.
  public var isStale: (String) -> Bool

  public init(_ folder: ResultFolder, isStale: @escaping (String) -> Bool = { _ in false }) {
    self.folder = folder
    self.isStale = isStale
  }
}

extension ResultFolder {
  /// Gives all files of all the folders their final names, as one change.
  ///
  /// Guarantees, on a file system that keeps POSIX's promises for `rename` and `fsync`:
  /// - The change happens at one instant, when the journal `.pylon-commit` gets its name in the first folder. If the
  ///   process is killed or the machine loses power before it, the old result remains untouched; after it, the new one
  ///   is complete and on the disk.
  /// - The moves that the journal lists follow at once. If they are cut short, some names still show old files, and
  ///   `.pylon-commit` says so: ``recover(_:)``, which the next run, `audit` and `compare` call first, finishes them.
  ///   Pylon therefore always shows one whole result; other programs do if `.pylon-commit` is absent.
  /// - Files that are no result's are never touched.
  /// - Two processes that write to the same first folder take turns; the later result stands.
  ///
  /// - Throws: ``StoreError``; then the old result stands, or (a failure after the journal, which its text tells) the
  ///   next run finishes the change.
  public static func replace(_ parts: [Replacement]) throws(StoreError) {
    try replace(parts) { () throws(StoreError) in }
  }

  /// - Parameter step: called before each step; what it throws stands for the process's death there.
  package static func replace(
    _ parts: [Replacement], before step: () throws(StoreError) -> Void
  ) throws(StoreError) {
    guard let first = parts.first else { return }
    let root = first.folder.path
    for part in parts {
      for name in part.folder.names { try FileCalls.synchronize(part.folder.staging + "/" + name) }
    }
    try step()
    try withoutInterruption { state throws(StoreError) in
      // Without locks, writers to one folder at one time are on their own.
      let turn = DirectoryLock.take(root, waits: true)
      defer { withExtendedLifetime(turn) {} }
      // Another run may have died half-way since this one began.
      try Journal.apply(in: root)
      let journal = Journal(parts, root: root)
      try journal.demandReplaceable(in: root)
      for part in parts {
        if part.folder.path != root { try write(absolute(root), to: part.folder.staging + "/" + ownerName) }
        try FileCalls.synchronize(part.folder.staging)
        try FileCalls.synchronize(part.folder.path)
      }
      let draft = first.folder.staging + "/" + Journal.name
      try write(journal.text, to: draft)
      try step()
      try FileCalls.move(draft, to: root + "/" + Journal.name)
      for part in parts { part.folder.release(&state) }
      do throws(StoreError) {
        try FileCalls.synchronize(root)
        try journal.apply(in: root, before: step)
      } catch {
        throw StoreError(description: error.description + " (the next run into \(root) finishes the replacement)")
      }
    }
  }

  private static func write(_ text: String, to place: String) throws(StoreError) {
    let file = try OutputFile(path: place)
    let buffer = TextBuffer()
    buffer.append(text)
    try file.write(buffer)
    try file.synchronize()
  }

  private static func absolute(_ path: String) -> String {
    path.path(in: FileManager.default.currentDirectoryPath)
  }

  /// Finishes a replacement that was cut short and removes what dead processes left; looks at a folder before its
  /// files are read. Nothing happens where nothing was left. Partial files of living processes stay.
  ///
  /// - Throws: ``StoreError`` where the change cannot be finished: the files there may be of two results.
  public static func recover(_ path: String) throws(StoreError) {
    if FileCalls.exists(path + "/" + Journal.name) {
      let turn = DirectoryLock.take(path, waits: true)
      defer { withExtendedLifetime(turn) {} }
      try Journal.apply(in: path)
    }
    for name in FileCalls.names(in: path) where isStagingName(name) {
      let place = path + "/" + name
      let lock: DirectoryLock?
      switch DirectoryLock.take(place, waits: false) {
      case .held(let own): lock = own
      case .taken: continue
      case .unknown:
        guard !processLives(name) else { continue }
        lock = nil
      }
      defer { withExtendedLifetime(lock) {} }
      // The journal of figures stands in the folder of the tables. It may have come since the look above.
      let owner = (try? String(contentsOfFile: place + "/" + ownerName, encoding: .utf8)) ?? path
      if FileCalls.exists(owner + "/" + Journal.name) {
        let turn = DirectoryLock.take(owner, waits: true)
        defer { withExtendedLifetime(turn) {} }
        try Journal.apply(in: owner)
      }
      try? FileManager.default.removeItem(atPath: place)
    }
  }

  /// True if a name has the form of the names that ``makeStaging(in:)`` gives.
  private static func isStagingName(_ name: String) -> Bool {
    let parts = name.dropFirst(prefix.count).split(separator: "-", omittingEmptySubsequences: false)
    return name.hasPrefix(prefix) && parts.count == 2 && Int32(parts[0]) != nil && UInt32(parts[1], radix: 16) != nil
  }

  /// True if the process that a staging directory is named for is running; asked only if there are no locks.
  private static func processLives(_ name: String) -> Bool {
    let number = name.dropFirst(prefix.count).prefix { $0 != "-" }
    guard let process = Int32(number), process > 0 else { return false }
    return kill(process, 0) == 0 || errno == EPERM
  }
}

/// The remaining steps of a replacement that has been decided: `.pylon-commit`.
struct Journal {
  static let name = ".pylon-commit"
  private static let head = "pylon-commit 1"

  private struct Part {
    /// Absolute, or relative to the journal's folder (so that it may be moved).
    var folder: String
    var staging: String
    var removed: [String] = []
    var files: [String] = []
  }

  private var parts: [Part] = []

  init(_ replacements: [Replacement], root: String) {
    for replacement in replacements {
      let folder = replacement.folder
      let new = Set(folder.names)
      let staging = String(folder.staging.dropFirst(folder.path.count + 1))
      var part = Part(folder: Journal.relative(folder.path, to: root), staging: staging)
      part.removed = FileCalls.names(in: folder.path).filter { name in
        !new.contains(name) && (replacement.isStale(name) || Journal.isLeftover(name, of: new))
      }
      part.files = folder.names
      parts.append(part)
    }
  }

  /// A journal that SQLite keeps beside a database belongs to the old file and would be played into the new one.
  private static func isLeftover(_ name: String, of new: Set<String>) -> Bool {
    ["-wal", "-shm", "-journal"].contains { name.hasSuffix($0) && new.contains(String(name.dropLast($0.count))) }
  }

  private static func relative(_ path: String, to root: String) -> String {
    if path == root { return "." }
    if path.isPath(inside: root) { return String(decoding: path.utf8.dropFirst(root.utf8.count + 1), as: UTF8.self) }
    return path.path(in: FileManager.default.currentDirectoryPath)
  }

  var text: String {
    var lines = [Journal.head]
    for part in parts {
      lines.append("folder " + escaped(part.folder))
      lines.append("staging " + part.staging)
      lines += part.removed.map { "remove " + escaped($0) } + part.files.map { "file " + escaped($0) }
    }
    return (lines + ["end", ""]).joined(separator: "\n")
  }

  private func escaped(_ text: String) -> String {
    text.replacing("%", with: "%25").replacing("\n", with: "%0A").replacing("\r", with: "%0D")
  }

  /// `nil` for what is no journal of ours.
  private init?(text: String) {
    let lines = text.split(separator: "\n")
    guard lines.first == Journal.head[...], lines.last == "end" else { return nil }
    for line in lines.dropFirst().dropLast() {
      guard let space = line.firstIndex(of: " "),
        let value = String(line[line.index(after: space)...]).removingPercentEncoding
      else { return nil }
      let key = line[..<space]
      if key == "folder" {
        parts.append(Part(folder: value, staging: ""))
        continue
      }
      guard !parts.isEmpty, !value.hasSlash, value != "..", value != "." else { return nil }
      switch key {
      case "staging" where value.hasPrefix(ResultFolder.prefix): parts[parts.count - 1].staging = value
      case "remove": parts[parts.count - 1].removed.append(value)
      case "file": parts[parts.count - 1].files.append(value)
      default: return nil
      }
    }
    if parts.contains(where: { $0.staging.isEmpty }) { return nil }
  }

  /// Finishes what the journal of a folder says, if there is one.
  static func apply(in root: String) throws(StoreError) {
    let place = root + "/" + name
    guard FileCalls.exists(place) else { return }
    guard let text = try? String(contentsOfFile: place, encoding: .utf8), let journal = Journal(text: text) else {
      throw StoreError(
        description: "cannot finish an interrupted replacement: \(place) was not written by Pylon; remove it to "
          + "abandon the replacement")
    }
    try journal.apply(in: root) { () throws(StoreError) in }
  }

  /// True if a journal may change a folder: its own, one within it, or one whose staged files say that they are of this
  /// result. A journal may come from a stranger, with a folder that it was sent in.
  ///
  /// - Returns: `false` if nothing is staged any more.
  private static func mayChange(_ folder: String, _ staging: String, for root: String) throws(StoreError) -> Bool {
    let (real, own) = (FileCalls.real(folder), FileCalls.real(root))
    if let real, let own, real == own || real.isPath(inside: own) { return true }
    let place = "\(folder)/\(staging)"
    guard FileCalls.exists(place) else { return false }
    if let owner = try? String(contentsOfFile: "\(place)/\(ResultFolder.ownerName)", encoding: .utf8),
      let named = FileCalls.real(owner), named == own
    {
      return true
    }
    throw StoreError(
      description: "cannot finish an interrupted replacement: \(root)/\(name) refers to \(folder), which does not "
        + "refer back to it; remove it to abandon the replacement")
  }

  /// - Throws: ``StoreError`` where a move or a removal of the journal would not be allowed.
  func demandReplaceable(in root: String) throws(StoreError) {
    for part in parts {
      let folder = part.folder.hasPrefix("/") ? part.folder : root + "/" + part.folder
      try ReplaceableFiles(folder: folder).demand(part.files, removed: part.removed)
    }
    try ReplaceableFiles(folder: root).demand([Journal.name], removed: [])
  }

  /// Each step may have been done before: what is not there any more has its name already.
  func apply(in root: String, before step: () throws(StoreError) -> Void) throws(StoreError) {
    for part in parts {
      let folder = part.folder.path(in: root)
      guard try Journal.mayChange(folder, part.staging, for: root) else { continue }
      for name in part.removed {
        try step()
        guard unlink(folder + "/" + name) == 0 || errno == ENOENT else {
          throw StoreError(description: "cannot remove \(folder)/\(name): \(FileCalls.reason)")
        }
      }
      for name in part.files where FileCalls.exists("\(folder)/\(part.staging)/\(name)") {
        try step()
        try FileCalls.move("\(folder)/\(part.staging)/\(name)", to: folder + "/" + name)
      }
      if FileCalls.exists(folder) { try FileCalls.synchronize(folder) }
    }
    try step()
    guard unlink(root + "/" + Journal.name) == 0 || errno == ENOENT else {
      throw StoreError(description: "cannot remove \(root)/\(Journal.name): \(FileCalls.reason)")
    }
    try FileCalls.synchronize(root)
    for part in parts {
      try step()
      let folder = part.folder.path(in: root)
      guard (try? Journal.mayChange(folder, part.staging, for: root)) == true else { continue }
      try? FileManager.default.removeItem(atPath: "\(folder)/\(part.staging)")
    }
  }
}
