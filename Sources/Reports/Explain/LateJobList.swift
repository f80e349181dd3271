internal import Domain
internal import Foundation
internal import ResultReading
internal import Runs

/// The jobs of a result that missed their deadlines, by policy: those that ended the longest after them, then those that
/// did not complete.
public struct LateJobList: Sendable {
  private let path: String
  private let policies: [PolicyLateJobs]

  /// Reads a `results.sqlite`, as ``ResultExplanation`` does.
  ///
  /// - Parameter count: how many jobs of each kind and policy at most.
  /// - Throws: ``BadInput``; ``OutputError`` if the folder cannot be put right.
  public init(path: String, policy: String?, replication: Int, count: Int = 10) throws {
    self.path = path
    policies = try ResultExplanation.read(path) {
      try $0.late(policy: policy, replication: replication, count: count, label: RunPlan.labels)
    }
  }

  private var notes: [String] {
    if !policies.contains(where: \.hasDeadlines) {
      return [
        "No job has a deadline, so none is late; pylon explain RESULT --longest-wait explains the job of each policy that "
          + "waited the longest, and pylon explain RESULT JOB any job."
      ]
    }
    var notes = policies.compactMap { own in
      if own.jobs.isEmpty, own.uncompleted.isEmpty { return "\(own.policy): no job missed its deadline." }
      return own.allUncompleted > own.uncompleted.count
        ? "\(own.policy): \(counted(own.allUncompleted, "job")) with a deadline did not complete; the first "
          + "\(own.uncompleted.count) are listed."
        : nil
    }
    let first = policies.lazy.compactMap { own in
      (own.jobs.first?.jobId ?? own.uncompleted.first?.jobId).map { (job: $0, policy: own.policy) }
    }.first
    if let first {
      let words = [path, first.job, "--policy", first.policy].map(ReportWords.quoted).joined(separator: " ")
      notes.append("pylon explain \(words) prints why a job waited, failed or was rejected.")
    }
    return notes
  }

  public func written(as format: ResultExplanation.Format) throws -> String {
    let rows = policies.flatMap { $0.jobs.map(LateJobTable.row) + $0.uncompleted.map(LateJobTable.row) }
    let table = [LateJobTable.head] + rows
    switch format {
    case .json:
      let encoder = JSONEncoder()
      encoder.keyEncodingStrategy = .convertToSnakeCase
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      let all = policies.flatMap { $0.jobs.map(Entry.late) + $0.uncompleted.map(Entry.uncompleted) }
      return String(decoding: try encoder.encode(all), as: UTF8.self)
    case .text:
      return ((rows.isEmpty ? [] : [TextTable.text(table, left: 3)]) + notes).joined(separator: "\n")
    case .markdown:
      return ((rows.isEmpty ? [] : [MarkdownTable.text(table, left: 3)]) + notes.map(MarkdownText.escaped))
        .joined(separator: "\n\n")
    }
  }
}

/// An item of the list as JSON.
private enum Entry: Encodable {
  case late(LateJob)
  case uncompleted(UncompletedJob)

  func encode(to encoder: any Encoder) throws {
    switch self {
    case .late(let job): try job.encode(to: encoder)
    case .uncompleted(let job): try job.encode(to: encoder)
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

  /// Its status stands for the lateness that it does not have.
  static func row(_ job: UncompletedJob) -> [String] {
    [
      job.policy, job.jobId, job.zone ?? "–", job.status.lowercased(),
      job.waitS.map { ReportNumber.span(seconds: $0).replacing("\u{A0}", with: " ") } ?? "–", job.deadline.readable,
      job.end?.readable ?? "–",
    ]
  }
}
