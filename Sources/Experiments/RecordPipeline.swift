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
    try keep(record, segments: [])
  }

  func accept(_ record: borrowing JobRecord, segments: [RunSegment]) throws {
    metrics.accept(record, segments: segments)
    try keep(record, segments: segments)
  }

  private func keep(_ record: borrowing JobRecord, segments: [RunSegment]) throws {
    if let table {
      let copied = copy record
      try texts.withTexts(of: copied.job) { id, name in
        try table.accept(copied, id: id, name: name, segments: segments)
      }
    }
    texts.release(record.job)
  }
}
