internal import Domain
internal import Results

/// Passes a policy's decisions, with the texts of their jobs, to the table of decisions.
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
