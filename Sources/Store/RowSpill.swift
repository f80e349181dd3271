internal import Foundation

/// The batches of a run that must wait for earlier ones, in a file without a name, which the system removes whatever
/// happens. Not for other programs: rows stand in it as in memory.
final class RowSpill {
  private let descriptor: Int32
  private let path: String
  private(set) var bytes = 0

  /// What a batch begins with: how many rows, bytes of text and segments it has.
  private struct Head {
    var rows = 0
    var texts = 0
    var segments = 0
  }

  init(path: String) throws(StoreError) {
    precondition(_isPOD(WorkloadRow.self) && _isPOD(SegmentRow.self), "a row is copied byte by byte")
    self.path = path
    descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    if descriptor < 0 { throw fault("write") }
    unlink(path)
  }

  deinit { close(descriptor) }

  /// Writes a batch behind those there are.
  func append(
    _ rows: UnsafePointer<WorkloadRow>, _ count: Int, _ texts: TextBuffer, _ segments: [SegmentRow]
  ) throws {
    var head = Head(rows: count, texts: texts.count, segments: segments.count)
    try withUnsafeBytes(of: &head) { try write($0) }
    try write(UnsafeRawBufferPointer(start: rows, count: count * MemoryLayout<WorkloadRow>.stride))
    try write(UnsafeRawBufferPointer(texts.bytes))
    try segments.withUnsafeBytes { try write($0) }
  }

  /// Goes back to the first batch.
  func rewind() throws(StoreError) {
    guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw fault("read back") }
  }

  /// Reads the next batch and returns how many rows it has; `nil` after the last.
  func read(
    into rows: UnsafeMutablePointer<WorkloadRow>, _ texts: TextBuffer, _ segments: inout [SegmentRow]
  ) throws -> Int? {
    var head = Head()
    let size = MemoryLayout<Head>.size
    guard try withUnsafeMutableBytes(of: &head, { try read(into: $0) }) == size else { return nil }
    texts.removeAll()
    try fill(UnsafeMutableRawBufferPointer(start: rows, count: head.rows * MemoryLayout<WorkloadRow>.stride))
    _ = try texts.append(head.texts) { memory in
      try fill(memory)
      return memory.count
    }
    segments = try Array(unsafeUninitializedCapacity: head.segments) { memory, count in
      // The memory may have more room than was asked for.
      try fill(UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(memory)[..<length(head.segments)]))
      count = head.segments
    }
    return head.rows
  }

  private func length(_ segments: Int) -> Int { segments * MemoryLayout<SegmentRow>.stride }

  private func write(_ part: UnsafeRawBufferPointer) throws(StoreError) {
    var at = 0
    while at < part.count, let base = part.baseAddress {
      let done = Foundation.write(descriptor, base + at, part.count - at)
      if done < 0, errno == EINTR { continue }
      guard done >= 0 else { throw fault("write") }
      at += done
    }
    bytes += part.count
  }

  /// Fills the buffer, or as much of it as there is.
  private func read(into part: UnsafeMutableRawBufferPointer) throws(StoreError) -> Int {
    var at = 0
    while at < part.count, let base = part.baseAddress {
      let done = Foundation.read(descriptor, base + at, part.count - at)
      if done < 0, errno == EINTR { continue }
      guard done >= 0 else { throw fault("read back") }
      if done == 0 { break }
      at += done
    }
    return at
  }

  private func fill(_ part: UnsafeMutableRawBufferPointer) throws(StoreError) {
    guard try read(into: part) == part.count else {
      throw StoreError(description: "cannot read back \(OutputFile.finalPath(of: path)): it ends early")
    }
  }

  private func fault(_ what: String) -> StoreError {
    let reason = String(cString: strerror(errno))
    return StoreError(description: "cannot \(what) \(OutputFile.finalPath(of: path)): \(reason)")
  }
}
