public import Domain

/// One row of `compute_workloads`: a record with the places of its texts in the batch's bytes.
struct WorkloadRow {
  var record: JobRecord
  var id: Int
  var name: Int
  var end: Int
}

/// One row of `workload_segments`.
struct SegmentRow {
  /// `compute_workloads.id`.
  var job: Int
  /// From 1.
  var number: Int
  var segment: RunSegment
}

/// Takes the records of one run to `compute_workloads` and `jobs.csv`, a batch at a time: a batch is sorted by
/// submission, which the table's tree likes, and costs one lock.
///
/// Runs may go on at once, their rows stand one run after the other all the same: while earlier runs are still being
/// written, a run keeps its batches in a file of its own, all but the last, from which they are written in its turn.
public final class WorkloadTable {
  /// Identification of the run, repeated in every row of `jobs.csv`.
  public struct RunName: Sendable {
    public var id: Int
    public var policy: String
    public var label: String
    public var replication: Int

    public init(id: Int, policy: String, label: String, replication: Int) {
      (self.id, self.policy, self.label, self.replication) = (id, policy, label, replication)
    }
  }

  private let run: Int
  /// Cells of `jobs.csv` behind all others: what tells the run without another table.
  private let tail = TextBuffer()
  private let writer: WorkloadWriter
  /// Returns true if all earlier runs have been written.
  private let isNext: () -> Bool
  private let rows: UnsafeMutablePointer<WorkloadRow>
  private var count = 0
  private let texts = TextBuffer()
  /// Segments of the batch's interrupted jobs, in the order in which they came.
  private var segments: [SegmentRow] = []
  private var order = Array(repeating: 0, count: WorkloadTable.batch)
  private var kept: RowSpill?
  private static let batch = 4096

  init(run: RunName, writer: WorkloadWriter, isNext: @escaping () -> Bool) {
    self.run = run.id
    tail.append(cell: run.policy)
    tail.append(byte: 44)
    tail.append(cell: run.label)
    tail.append(",\(run.replication),")
    self.writer = writer
    self.isNext = isNext
    rows = .allocate(capacity: WorkloadTable.batch)
  }

  deinit { rows.deallocate() }

  /// - Parameter segments: where and when a job ran that was interrupted, else none.
  /// - Throws: ``StoreError``.
  public func accept(
    _ record: borrowing JobRecord, id: UnsafeBufferPointer<UInt8>, name: UnsafeBufferPointer<UInt8>,
    segments: [RunSegment] = []
  ) throws {
    if count == WorkloadTable.batch { try flush() }
    for (place, segment) in segments.enumerated() {
      self.segments.append(SegmentRow(job: record.job.sequence + 1, number: place + 1, segment: segment))
    }
    let at = texts.count
    texts.append(id)
    texts.append(name)
    (rows + count).initialize(
      to: WorkloadRow(record: copy record, id: at, name: at + id.count, end: texts.count))
    count += 1
  }

  /// Writes what is left; all earlier runs must have been written.
  ///
  /// - Throws: ``StoreError``.
  public func finish() throws {
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
    if kept == nil { kept = try RowSpill(path: "\(writer.path).run-\(run)") }
    try kept?.append(rows, count, texts, segments)
    segments.removeAll(keepingCapacity: true)
    count = 0
    texts.removeAll()
  }

  private func writeKept() throws {
    guard let kept else { return }
    try kept.rewind()
    while let number = try kept.read(into: rows, texts, &segments) {
      count = number
      try write()
    }
    self.kept = nil
  }

  private func write() throws {
    // Rows are large: their places are sorted, each below its sequence in one number.
    for place in 0..<count { order[place] = rows[place].record.job.sequence * WorkloadTable.batch + place }
    order[0..<count].sort()
    try writer.write(run: run, tail, rows, order[0..<count].lazy.map { $0 % WorkloadTable.batch }, texts.memory)
    if !segments.isEmpty { try writer.write(run: run, segments) }
    segments.removeAll(keepingCapacity: true)
    count = 0
    texts.removeAll()
  }
}
