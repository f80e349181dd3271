/// The batches of a run's jobs that must wait for those of earlier runs.
final class RowSpill {
  private let file: SpillFile
  var bytes: Int { file.bytes }

  /// Header of a batch: its numbers of rows, bytes of text and segments.
  private struct Head {
    var rows = 0
    var texts = 0
    var segments = 0
  }

  init(path: String) throws(StoreError) {
    precondition(_isPOD(WorkloadRow.self) && _isPOD(SegmentRow.self), "a row is copied byte by byte")
    file = try SpillFile(path: path)
  }

  /// Writes a batch behind those there are.
  func append(
    _ rows: UnsafePointer<WorkloadRow>, _ count: Int, _ texts: TextBuffer, _ segments: [SegmentRow]
  ) throws {
    var head = Head(rows: count, texts: texts.count, segments: segments.count)
    try withUnsafeBytes(of: &head) { try file.append($0) }
    try file.append(UnsafeRawBufferPointer(start: rows, count: count * MemoryLayout<WorkloadRow>.stride))
    try file.append(UnsafeRawBufferPointer(texts.bytes))
    try segments.withUnsafeBytes { try file.append($0) }
  }

  /// Goes back to the first batch.
  func rewind() throws(StoreError) { try file.rewind() }

  /// Reads the next batch and returns how many rows it has; `nil` after the last.
  func read(
    into rows: UnsafeMutablePointer<WorkloadRow>, _ texts: TextBuffer, _ segments: inout [SegmentRow]
  ) throws -> Int? {
    var head = Head()
    let size = MemoryLayout<Head>.size
    guard try withUnsafeMutableBytes(of: &head, { try file.read(into: $0) }) == size else { return nil }
    texts.removeAll()
    try file.fill(UnsafeMutableRawBufferPointer(start: rows, count: head.rows * MemoryLayout<WorkloadRow>.stride))
    _ = try texts.append(head.texts) { memory in
      try file.fill(memory)
      return memory.count
    }
    // An array without room is one that all threads have, and its count would be written.
    guard head.segments > 0 else {
      segments = []
      return head.rows
    }
    segments = try Array(unsafeUninitializedCapacity: head.segments) { memory, count in
      // The memory may have more room than was asked for.
      try file.fill(
        UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(memory)[..<length(head.segments)]))
      count = head.segments
    }
    return head.rows
  }

  private func length(_ segments: Int) -> Int { segments * MemoryLayout<SegmentRow>.stride }
}
