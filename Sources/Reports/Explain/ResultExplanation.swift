internal import Audit
internal import Domain
internal import Foundation
internal import Policies
internal import ResultReading
internal import Results
internal import Runs

/// Why a job went where and when it did, from a result file.
public struct ResultExplanation: Sendable {
  /// How it is written.
  public enum Format: String, Sendable, CaseIterable {
    case text, json, markdown
  }

  let explanations: [JobExplanation]
  /// Policies under which no job waited, if the longest wait was asked for.
  private let withoutWait: [String]

  /// Reads a `results.sqlite`. What an interrupted run left in the folder is put right first.
  ///
  /// - Parameters:
  ///   - job: a `job_id`.
  ///   - policy: a policy's name, or with its number from the second of one name on; `nil` for all.
  /// - Throws: ``BadInput`` where the file is no result, or has no such job; ``OutputError`` where the folder cannot be
  ///   put right.
  public init(path: String, job: String, policy: String?, replication: Int) throws {
    try self.init(path: path, .named(job), policy: policy, replication: replication)
  }

  /// Explains the job of each policy that waited the longest from its submission to its start.
  ///
  /// - Throws: as for a job that is named; ``BadInput`` if no job started.
  public init(longestWaitIn path: String, policy: String?, replication: Int) throws {
    try self.init(path: path, .longestWait, policy: policy, replication: replication)
  }

  private init(path: String, _ job: ExplainedChoice, policy: String?, replication: Int) throws {
    (explanations, withoutWait) = try ResultExplanation.read(path) {
      try $0.explain(
        job: job, policy: policy, replication: replication, label: RunPlan.labels, waits: ResultExplanation.waits)
    }
  }

  /// How long policies let jobs wait, in the order of their runs, by the scenario that the result holds.
  private static func waits(_ names: [String], _ provenance: Provenance?) -> [PolicyWait] {
    let specs = provenance.flatMap(ResultAudit.scenario).map { RunPlan($0).policies }
    guard let specs, specs.map(\.name) == names else {
      return names.map { PolicyCatalog.mayHaveOwnWait($0) ? .unknown : .own }
    }
    return specs.map { spec in
      PolicyCatalog.waitClasses(spec.name, spec.parameters).map {
        .classes(short: $0.short, long: $0.long, threshold: $0.threshold)
      } ?? .own
    }
  }

  /// Puts a result's folder right and reads it; faults of the file become ``BadInput``.
  static func read<Value>(_ path: String, _ body: (ResultExplainer) throws -> Value) throws -> Value {
    try Runner.recover(folderOf: path)
    do { return try body(ResultExplainer(path: path)) } catch let refusal as AuditRefusal {
      throw refusal.fault
    } catch let fault as ExplanationFault {
      throw BadInput(description: text(fault, path))
    }
  }

  static func text(_ fault: ExplanationFault, _ path: String) -> String {
    switch fault {
    case .noJobRows:
      "\(path): the result holds no job rows (outputs: {workloads: none}), so there is nothing to explain"
    case .sweep:
      "\(path): found the result of a sweep, which holds figures and no jobs, expected the result of pylon run: run the "
        + "scenario with the settings of a point (--set KEY=VALUE) and explain that result"
    case .noSuchJob(let job, let replication, let near):
      "\(path): found no job \(job) in replication \(replication), expected a job_id of compute_workloads"
        + (near.map { "; did you mean \($0)?" } ?? "")
    case .noStartedJob(let replication):
      "\(path): found no job that started in replication \(replication), expected one for --longest-wait"
    case .noSuchReplication(let number, let last):
      "--replication: found \(number), expected a whole number from 1 to \(last)"
    case .noSuchPolicy(let policy, let known):
      "--policy: found \(policy), expected one of \(known.joined(separator: ", "))"
        + (nearest(to: policy, among: known).map { "; did you mean \($0)?" } ?? "")
    }
  }

  public func written(as format: Format) throws -> String {
    switch format {
    case .json:
      let encoder = JSONEncoder()
      encoder.keyEncodingStrategy = .convertToSnakeCase
      // JSON has no such numbers; a file that somebody wrote may lead to them.
      encoder.nonConformingFloatEncodingStrategy = .convertToString(
        positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      return String(decoding: try encoder.encode(explanations), as: UTF8.self)
    case .text: return (explanations.map { ExplanationPage($0).text } + notes).joined(separator: "\n\n")
    case .markdown:
      return (explanations.map { ExplanationPage($0).markdown } + notes.map(MarkdownText.escaped))
        .joined(separator: "\n\n")
    }
  }

  private var notes: [String] {
    withoutWait.isEmpty
      ? [] : ["No job waited under \(withoutWait.joined(separator: ", ")): each started at its submission."]
  }
}
