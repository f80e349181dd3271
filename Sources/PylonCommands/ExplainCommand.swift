internal import ArgumentParser
internal import Reports
internal import Runs

struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain", abstract: "Explain why a job ran where and when it did, and what its alternatives were.",
    discussion: """
      Everything comes from the result file. With a decision log (outputs: {decisions: all}), it prints what the \
      policy considered and predicted; without one, what happened to the job and what its alternatives would have \
      emitted and cost.
      """)
  @Argument(help: "A results.sqlite file, or the folder that holds it; it is opened read-only.") var result: String
  @Argument(help: "The job's job_id; without one, the jobs that ended the longest after their deadlines are listed.")
  var job: String?
  @Flag(help: "Explain the job of each policy that waited the longest from its submission to its start.")
  var longestWait = false
  @Option(help: "Policy to explain the job for; default: every policy.") var policy: String?
  @Option(help: "Replication, from 1.") var replication = 1
  @Option(help: "Output format: text, json or markdown.") var format: ResultExplanation.Format = .text

  func validate() throws {
    guard !longestWait || job == nil else {
      throw ValidationError("expected either a job's job_id or --longest-wait")
    }
  }

  mutating func run() throws {
    let written = try guarded {
      let path = try ResultFile.path(of: result)
      if longestWait {
        return try ResultExplanation(longestWaitIn: path, policy: policy, replication: replication).written(as: format)
      }
      guard let job else {
        return try LateJobList(path: path, policy: policy, replication: replication).written(as: format)
      }
      return try ResultExplanation(path: path, job: job, policy: policy, replication: replication).written(as: format)
    }
    try guarded { try format == .text ? say(written) : sayDocument(written) }
  }
}
