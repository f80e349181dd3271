public import Domain

/// One row of `compute_workloads`: a record with its texts.
struct WorkloadRow {
  var record: JobRecord
  /// Places of the texts in the batch's bytes.
  var id: Range<Int>
  var name: Range<Int>
}

/// Takes the records of one run to `compute_workloads` and `jobs.csv`, a batch at a time: a batch is sorted by
/// submission, which the table's tree likes, and costs one lock.
public final class WorkloadTable {
  private let run: Int
  private let writer: WorkloadWriter
  private var rows: [WorkloadRow] = []
  private var texts: [UInt8] = []
  private static let batch = 4096

  init(run: Int, writer: WorkloadWriter) {
    self.run = run
    self.writer = writer
    rows.reserveCapacity(WorkloadTable.batch)
  }

  /// - Throws: ``StoreError``.
  public func accept(
    _ record: borrowing JobRecord, id: UnsafeBufferPointer<UInt8>, name: UnsafeBufferPointer<UInt8>
  ) throws {
    let at = texts.count
    texts.append(contentsOf: id)
    texts.append(contentsOf: name)
    let middle = at + id.count
    rows.append(WorkloadRow(record: copy record, id: at..<middle, name: middle..<texts.count))
    if rows.count == WorkloadTable.batch { try flush() }
  }

  /// Writes what is left.
  public func flush() throws {
    rows.sort { $0.record.job.sequence < $1.record.job.sequence }
    try writer.write(run: run, rows, texts)
    rows.removeAll(keepingCapacity: true)
    texts.removeAll(keepingCapacity: true)
  }
}
