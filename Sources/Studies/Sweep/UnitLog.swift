internal import Foundation
internal import Runs

/// A file of finished units that one process writes and only ever adds to: its shard file.
///
/// A unit is a head `unit ID BYTES HASH`, its text and an empty line. Whatever cuts the file short (the process killed,
/// a full disk) leaves whole units and at most one torn one behind them, which its head gives away.
final class UnitLog: @unchecked Sendable {
  // Unchecked: what changes is used under `lock`.
  static let suffix = ".units"

  private let path: String
  private let lock = NSLock()
  private var descriptor: Int32 = -1
  private var isBroken = false

  /// - Parameter name: of the file, which is made with its first unit; nobody else may have it.
  init(folder: String, name: String) { path = "\(folder)/\(name)\(UnitLog.suffix)" }

  deinit { if descriptor >= 0 { close(descriptor) } }

  enum Kind: String {
    case unit
    /// A unit that could not be done; its text says why.
    case failed
  }

  /// Adds a unit in one go.
  ///
  /// - Throws: ``OutputError``; the file takes no more then.
  func append(_ kind: Kind, _ id: String, _ text: String) throws(OutputError) {
    var hash = ContentHash()
    hash.add(text)
    let record = "\(kind.rawValue) \(id) \(text.utf8.count) \(ContentHash.hex(hash.words.0))\n\(text)\n"
    lock.lock()
    defer { lock.unlock() }
    guard !isBroken else { throw OutputError(description: "cannot write \(path): an earlier write failed") }
    if descriptor < 0 {
      descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0o644)
      if descriptor < 0 { throw fault() }
    }
    var rest = Array(record.utf8)[...]
    while !rest.isEmpty {
      let done = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if done < 0, errno == EINTR { continue }
      guard done >= 0 else { throw fault() }
      rest = rest.dropFirst(done)
    }
  }

  /// Waits until all units are on the disk.
  func synchronize() throws(OutputError) {
    lock.lock()
    defer { lock.unlock() }
    if descriptor >= 0, fsync(descriptor) != 0 { throw fault() }
  }

  private func fault() -> OutputError {
    isBroken = true
    return OutputError(description: "cannot write \(path): \(String(cString: strerror(errno)))")
  }
}

/// The units that the shard files of a folder hold.
struct UnitIndex: Sendable {
  struct Entry: Sendable {
    /// Index of the file in ``files``.
    var file: Int
    var range: Range<Int>
    var hash: UInt64
  }

  private(set) var files: [String] = []
  private(set) var done: [String: Entry] = [:]
  /// Why units failed that are not done.
  private(set) var failed: [String: String] = [:]
  /// Units of which two files tell different things, with both files.
  private(set) var contradictions: [(id: String, first: String, second: String)] = []

  /// Reads every shard file; what is torn or damaged, and what lies behind it, does not count.
  init(folder: String) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    for name in names.sorted() where name.hasSuffix(UnitLog.suffix) {
      guard let data = FileManager.default.contents(atPath: "\(folder)/\(name)") else { continue }
      files.append("\(folder)/\(name)")
      data.withUnsafeBytes { scan($0) }
    }
    for id in Array(failed.keys) where done[id] != nil { failed[id] = nil }
  }

  private mutating func scan(_ bytes: UnsafeRawBufferPointer) {
    var at = 0
    while at < bytes.count, let end = bytes[at...].firstIndex(of: 10) {
      let head = String(decoding: UnsafeRawBufferPointer(rebasing: bytes[at..<end]), as: UTF8.self)
        .split(separator: " ")
      guard head.count == 4, let kind = UnitLog.Kind(rawValue: String(head[0])), let count = Int(head[2]), count >= 0,
        let told = UInt64(head[3], radix: 16), count < bytes.count - end - 1
      else { return }
      let range = end + 1..<end + 1 + count
      let body = UnsafeRawBufferPointer(rebasing: bytes[range])
      var hash = ContentHash()
      hash.add(body)
      guard hash.words.0 == told, bytes[range.upperBound] == 10 else { return }
      let id = String(head[1])
      switch kind {
      case .failed: failed[id] = String(decoding: body, as: UTF8.self)
      case .unit: take(id, Entry(file: files.count - 1, range: range, hash: told))
      }
      at = range.upperBound + 1
    }
  }

  private mutating func take(_ id: String, _ entry: Entry) {
    guard let before = done[id] else {
      done[id] = entry
      return
    }
    // Whoever does a unit again does it alike; where not, neither is to be trusted.
    if before.hash != entry.hash { contradictions.append((id, files[before.file], files[entry.file])) }
  }
}

/// Reads units out of shard files, on any thread.
final class UnitReader: Sendable {
  private let index: UnitIndex
  private let files: [Data?]

  init(_ index: UnitIndex) {
    self.index = index
    files = index.files.map { try? Data(contentsOf: URL(fileURLWithPath: $0), options: .mappedIfSafe) }
  }

  /// The text of a unit; `nil` where it is not there.
  func text(of id: String) -> String? {
    guard let entry = index.done[id], let data = files[entry.file], entry.range.upperBound <= data.count else {
      return nil
    }
    return data.withUnsafeBytes { String(decoding: UnsafeRawBufferPointer(rebasing: $0[entry.range]), as: UTF8.self) }
  }
}
