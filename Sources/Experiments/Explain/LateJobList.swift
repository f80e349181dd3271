internal import Domain
internal import Foundation
internal import Store

/// The jobs of a result that ended the longest after their deadlines, by policy.
public struct LateJobList: Sendable {
  private let path: String
  private let policies: [(policy: String, jobs: [LateJob])]

  /// Reads a `results.sqlite`, as ``ResultExplanation`` does.
  ///
  /// - Parameter count: how many jobs of each policy at most.
  /// - Throws: ``BadInput``; ``OutputError`` if the folder cannot be put right.
  public init(path: String, policy: String?, replication: Int, count: Int = 10) throws {
    self.path = path
    try Runner.recover(folderOf: path)
    do {
      policies = try ResultExplainer(path: path)
        .late(policy: policy, replication: replication, count: count, label: RunPlan.labels)
    } catch let refusal as AuditRefusal {
      throw refusal.fault
    } catch let fault as ExplanationFault {
      throw BadInput(description: ResultExplanation.text(fault, path))
    }
  }

  private var jobs: [LateJob] { policies.flatMap(\.jobs) }

  private var notes: [String] {
    policies.filter(\.jobs.isEmpty).map { "\($0.policy): no completed job ended after its deadline." }
      + (jobs.first.map { job in
        let words = [path, job.jobId, "--policy", job.policy].map(ReportWords.quoted).joined(separator: " ")
        return ["pylon explain \(words) prints why a job waited."]
      } ?? [])
  }

  public func written(as format: ResultExplanation.Format) throws -> String {
    let table = [LateJobTable.head] + jobs.map(LateJobTable.row)
    switch format {
    case .json:
      let encoder = JSONEncoder()
      encoder.keyEncodingStrategy = .convertToSnakeCase
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      return String(decoding: try encoder.encode(jobs), as: UTF8.self)
    case .text:
      return ((jobs.isEmpty ? [] : [TextTable.text(table, left: 3)]) + notes).joined(separator: "\n")
    case .markdown:
      return ((jobs.isEmpty ? [] : [MarkdownTable.text(table, left: 3)]) + notes.map(MarkdownText.escaped))
        .joined(separator: "\n\n")
    }
  }
}

/// Cells of a table of late jobs.
enum LateJobTable {
  static let head = ["policy", "job", "zone", "late by", "waited", "deadline", "end"]

  static func row(_ job: LateJob) -> [String] {
    [
      job.policy, job.jobId, job.zone, ReportNumber.span(seconds: job.latenessS).replacing("\u{A0}", with: " "),
      ReportNumber.span(seconds: job.waitS).replacing("\u{A0}", with: " "), job.deadline.readable, job.end.readable,
    ]
  }
}
