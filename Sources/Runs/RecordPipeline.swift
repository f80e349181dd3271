internal import Domain
internal import Metrics
internal import Results

/// Passes the engine's records to the metrics and, with the texts of their jobs, to the tables.
final class RecordPipeline: RecordSink {
  private let metrics: RunMetrics
  private let charts: ChartTallies?
  private let table: WorkloadTable?
  private let texts: any JobTextSource

  /// Jobs without a home zone so far.
  private(set) var withoutHome = 0

  private let isWanted: () -> Bool
  private var untilAsked = RecordPipeline.interval
  private static let interval = 4096

  /// - Parameters:
  ///   - charts: gathers what charts need, where they are wanted.
  ///   - isWanted: asked every few thousand records; where the answer is no, ``RunNotWanted`` is thrown.
  init(
    metrics: RunMetrics, charts: ChartTallies?, table: WorkloadTable?, texts: any JobTextSource,
    isWanted: @escaping () -> Bool
  ) {
    self.metrics = metrics
    self.charts = charts
    self.table = table
    self.texts = texts
    self.isWanted = isWanted
  }

  func accept(_ record: borrowing JobRecord) throws {
    try askWhetherWanted()
    if record.job.homeZone < 0 { withoutHome += 1 }
    metrics.accept(record)
    charts?.accept(record)
    try keep(record, segments: [])
  }

  func accept(_ record: borrowing JobRecord, segments: [RunSegment]) throws {
    try askWhetherWanted()
    if record.job.homeZone < 0 { withoutHome += 1 }
    metrics.accept(record, segments: segments)
    charts?.accept(record, segments: segments)
    try keep(record, segments: segments)
  }

  private func askWhetherWanted() throws {
    untilAsked -= 1
    guard untilAsked == 0 else { return }
    untilAsked = RecordPipeline.interval
    guard isWanted() else { throw RunNotWanted() }
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
