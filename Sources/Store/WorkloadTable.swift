public import Domain

/// One row of `compute_workloads`: a record with the places of its texts in the batch's bytes.
struct WorkloadRow {
  var record: JobRecord
  var id: Int
  var name: Int
  var end: Int
}

/// Takes the records of one run to `compute_workloads` and `jobs.csv`, a batch at a time: a batch is sorted by
/// submission, which the table's tree likes, and costs one lock.
public final class WorkloadTable {
  private let run: Int
  private let writer: WorkloadWriter
  private let rows: UnsafeMutablePointer<WorkloadRow>
  private var count = 0
  private let texts = TextBuffer()
  private var order = Array(repeating: 0, count: WorkloadTable.batch)
  private static let batch = 4096

  init(run: Int, writer: WorkloadWriter) {
    self.run = run
    self.writer = writer
    rows = .allocate(capacity: WorkloadTable.batch)
  }

  deinit { rows.deallocate() }

  /// - Throws: ``StoreError``.
  public func accept(
    _ record: borrowing JobRecord, id: UnsafeBufferPointer<UInt8>, name: UnsafeBufferPointer<UInt8>
  ) throws {
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
    count = 0
    texts.removeAll()
  }
}
