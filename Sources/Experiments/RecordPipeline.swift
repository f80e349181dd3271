internal import Domain
internal import Metrics
internal import Store

/// Where the engine's records go: to the figures, and with their texts to the tables.
final class RecordPipeline: RecordSink {
  private let metrics: RunMetrics
  private let table: WorkloadTable?
  private let texts: any JobTextSource

  init(metrics: RunMetrics, table: WorkloadTable?, texts: any JobTextSource) {
    self.metrics = metrics
    self.table = table
    self.texts = texts
  }

  func accept(_ record: borrowing JobRecord) throws {
    metrics.accept(record)
    if let table {
      let copied = copy record
      try texts.withTexts(of: copied.job) { id, name in try table.accept(copied, id: id, name: name) }
    }
    texts.release(record.job)
  }
}
