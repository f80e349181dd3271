public import ArgumentParser
public import Experiments

extension ResultExplanation.Format: ExpressibleByArgument {}

struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain", abstract: "Why a job went where and when it did, and what else it could have done.",
    discussion: """
      Everything comes from the result file. With a decision log (outputs: {decisions: all}) it tells what the policy \
      weighed and believed; without one, what became of the job and what its alternatives would really have drawn.
      """)
  @Argument(help: "A results.sqlite; it is only read.") var result: String
  @Argument(help: "The job_id.") var job: String
  @Option(help: "Under this policy; by default under every one.") var policy: String?
  @Option(help: "In this replication.") var replication = 1
  @Option(help: "How it is written: text, json or markdown.") var format: ResultExplanation.Format = .text

  mutating func run() throws {
    let written = try guarded {
      try ResultExplanation(path: result, job: job, policy: policy, replication: replication).written(as: format)
    }
    try guarded { try format == .text ? say(written) : sayDocument(written) }
  }
}
