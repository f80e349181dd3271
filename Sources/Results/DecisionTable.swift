public import Domain

/// Takes the decisions of one run to `decisions`, `decision_options` and `decisions.csv`, a batch at a time, so that
/// memory does not grow with their number.
///
/// Runs may go on at once, their rows stand one run after the other all the same: see ``WorkloadTable``.
public final class DecisionTable {
  private let run: Int
  private let writer: DecisionWriter
  private let isNext: () -> Bool
  private let rows = TextBuffer()
  private let scratch = TextBuffer()
  private var number = 0
  private var kept: SpillFile?
  /// The error that stopped the writing. A decision cannot throw, so ``finish()`` throws it.
  public private(set) var failure: (any Error)?
  private static let batch = 1 << 18

  init(run: Int, writer: DecisionWriter, isNext: @escaping () -> Bool) {
    self.run = run
    self.writer = writer
    self.isNext = isNext
  }

  /// - Parameter id: `job_id`.
  public func accept(_ decision: LoggedDecision, of job: Job, id: UnsafeBufferPointer<UInt8>) {
    guard failure == nil else { return }
    number += 1
    rows.append(decision, number: number, job: job.sequence + 1, id: id, scratch: scratch)
    guard rows.count >= DecisionTable.batch else { return }
    do { try flush() } catch { failure = error }
  }

  /// Writes what is left; all earlier runs must have been written.
  ///
  /// - Throws: ``StoreError``, what failed on the way too.
  public func finish() throws {
    if let failure { throw failure }
    if kept != nil { try keep() }
    try writeKept()
    try write()
  }

  /// Bytes in this run's own file.
  public var keptBytes: Int { kept?.bytes ?? 0 }

  private func flush() throws {
    guard isNext() else { return try keep() }
    if kept != nil {
      try keep()
      try writeKept()
    } else {
      try write()
    }
  }

  private func keep() throws {
    if kept == nil { kept = try SpillFile(path: "\(writer.path).run-\(run)") }
    var count = rows.count
    try withUnsafeBytes(of: &count) { try kept?.append($0) }
    try kept?.append(UnsafeRawBufferPointer(rows.bytes))
    rows.removeAll()
  }

  private func writeKept() throws {
    guard let kept else { return }
    try kept.rewind()
    while true {
      var count = 0
      let size = MemoryLayout<Int>.size
      guard try withUnsafeMutableBytes(of: &count, { try kept.read(into: $0) }) == size else { break }
      rows.removeAll()
      _ = try rows.append(count) { memory in
        try kept.fill(UnsafeMutableRawBufferPointer(rebasing: memory[..<count]))
        return count
      }
      try write()
    }
    self.kept = nil
  }

  private func write() throws {
    try writer.write(run: run, rows.bytes)
    rows.removeAll()
  }
}
