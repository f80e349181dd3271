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
public final class WorkloadTable {
  private let run: Int
  private let writer: WorkloadWriter
  private let rows: UnsafeMutablePointer<WorkloadRow>
  private var count = 0
  private let texts = TextBuffer()
  /// Of the jobs of the batch that were interrupted, in the order in which they came.
  private var segments: [SegmentRow] = []
  private var order = Array(repeating: 0, count: WorkloadTable.batch)
  private static let batch = 4096

  init(run: Int, writer: WorkloadWriter) {
    self.run = run
    self.writer = writer
    rows = .allocate(capacity: WorkloadTable.batch)
  }

  deinit { rows.deallocate() }

  /// - Parameter segments: where and when a job ran that was interrupted, else none.
  /// - Throws: ``StoreError``.
  public func accept(
    _ record: borrowing JobRecord, id: UnsafeBufferPointer<UInt8>, name: UnsafeBufferPointer<UInt8>,
    segments: [RunSegment] = []
  ) throws {
    for (place, segment) in segments.enumerated() {
      self.segments.append(SegmentRow(job: record.job.sequence + 1, number: place + 1, segment: segment))
    }
    let at = texts.count
    texts.append(id)
    texts.append(name)
    (rows + count).initialize(
      to: WorkloadRow(record: copy record, id: at, name: at + id.count, end: texts.count))
    count += 1
    if count == WorkloadTable.batch { try flush() }
  }

  /// Writes what is left.
  public func flush() throws {
    // Rows are large: their places are sorted, each below its sequence in one number.
    for place in 0..<count { order[place] = rows[place].record.job.sequence * WorkloadTable.batch + place }
    order[0..<count].sort()
    try writer.write(run: run, rows, order[0..<count].lazy.map { $0 % WorkloadTable.batch }, texts.memory)
    if !segments.isEmpty { try writer.write(run: run, segments) }
    segments.removeAll(keepingCapacity: true)
    count = 0
    texts.removeAll()
  }
}
