internal import Domain
internal import Results

/// Where a policy's decisions go: with their jobs' texts to the table.
final class DecisionPipeline: DecisionSink {
  private let table: DecisionTable
  private let texts: any JobTextSource

  init(_ table: DecisionTable, texts: any JobTextSource) {
    self.table = table
    self.texts = texts
  }

  func accept(_ decision: LoggedDecision, of job: Job) {
    texts.withTexts(of: job) { id, _ in table.accept(decision, of: job, id: id) }
  }
}
