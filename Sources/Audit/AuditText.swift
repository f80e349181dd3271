internal import Domain
internal import Foundation

/// The words for people; everything else is facts.
extension AuditRefusal: CustomStringConvertible {
  /// Advice about a file that is not a database: a scenario, or a file in a folder of results.
  private static func hint(_ path: String) -> String {
    let name = path.lowercased()
    if name.hasSuffix(".yaml") || name.hasSuffix(".yml") { return "; pylon run \(path) makes a result of a scenario" }
    let folders = [path.pathParent, path.pathParent.pathParent].map { $0 == "." ? "" : $0 + "/" }
    let others = folders.map { $0 + "results.sqlite" }.filter { $0 != path }
    let result = others.first { FileManager.default.fileExists(atPath: $0) }
    return result.map { "; did you mean \($0)?" } ?? ""
  }

  public var description: String {
    switch self {
    case .missing(let path): "\(path): found no such file, expected a results.sqlite or the folder that holds one"
    case .notAFile(let path): "\(path): not a file"
    case .unreadable(let path, let reason): "\(path): cannot be read: \(reason)"
    case .locked(let path, let seconds):
      "\(path): another program has locked it; waited \(seconds) s. Close that program, or try again later"
    case .empty(let path): "\(path): found 0 bytes, expected a results.sqlite"
    case .notADatabase(let path):
      "\(path): found no SQLite database, expected a results.sqlite or the folder that holds one"
        + AuditRefusal.hint(path)
    case .damaged(let path, let told):
      "\(path): the database is damaged:" + told.map { "\n  \($0)" }.joined()
    case .lacks(let path, let names):
      "\(path): not a result of pylon run: it lacks \(names.joined(separator: ", "))"
    case .notPlain(let path, let names):
      "\(path): expected plain tables; these are views or virtual tables, or have generated columns: "
        + names.joined(separator: ", ")
    case .noRuns(let path): "\(path): the table runs is empty"
    case .sweep(let path, let points):
      "\(path): found the result of a sweep (\(counted(points, "point"))), expected a result of pylon run"
    case .noPoint(let path, let point, let points):
      "\(path): found no point \(point), expected one from 1 to \(points)"
    case .badCells(let path, let faults, let more):
      faults.map {
        "\(path): \($0.table), \($0.row), \($0.column): found \($0.found), expected \($0.expected)"
      }.joined(separator: "\n") + (more > 0 ? "\nand \(more) more" : "")
    }
  }
}

extension AuditSubject {
  /// Name of the failures counted under this subject, in the plural.
  public var plural: String {
    switch self {
    case .reference: "references to missing rows"
    case .view: "views that differ from this program's"
    case .run: "errors in runs"
    case .trace: "errors in traces"
    case .condition: "errors in grid and capacity data"
    case .job: "errors in jobs"
    case .decision: "errors in decisions"
    case .sameJobs: "jobs that differ between the runs of a replication"
    case .capacity: "zones over their capacity"
    case .jobFigure: "job values"
    case .metric: "metrics"
    case .zoneFigure: "zone values"
    case .sample: "zone sample values"
    case .chart: "chart values"
    case .signature: "placement signatures"
    }
  }
}

extension AuditValue: CustomStringConvertible {
  public var description: String {
    switch self {
    case .number(let number):
      number == number.rounded() && abs(number) < 1e15 ? "\(Int(number))" : "\(number)"
    case .instant(let instant): instant.iso8601
    case .text(let text): text
    case .nothing: "nothing"
    }
  }
}

extension AuditFailure: CustomStringConvertible {
  public var description: String {
    var places: [String] = []
    if let run { places.append("run \(run)") }
    if let job { places.append("job \(job)") }
    if let zone { places.append("zone \(zone)") }
    if let at { places.append(at.iso8601) }
    let place = (places + [name]).joined(separator: ", ")
    if case .text = expected { return "\(place): found \(found), expected \(expected)" }
    let difference = relativeDifference.map { ", relative difference \($0.brief)" } ?? ""
    return "\(place): stored \(found), recomputed \(expected)\(difference)"
  }
}

extension UncheckedReason: CustomStringConvertible {
  public var description: String {
    switch self {
    case .noJobRows: "the result holds no job rows (outputs: {workloads: none})"
    case .noRows: "they do not follow from any rows"
    case .otherProgram: "this version does not create them"
    case .noText: "the result holds no scenario text that this version can read"
    case .unknownFigure: "this version does not know them"
    }
  }
}

extension AuditReport: CustomStringConvertible {
  public var description: String {
    (runs.map(\.description) + AuditReport.lines(unchecked, indent: "") + givenLine
      + [failureText, verdict].filter { !$0.isEmpty })
      .joined(separator: "\n")
  }

  private var givenLine: [String] {
    guard !given.isEmpty else { return [] }
    return [
      "taken as given, not checked (stored nowhere else in the result): " + given.joined(separator: ", ")
    ]
  }

  static func lines(_ unchecked: [(reason: UncheckedReason, names: [String])], indent: String) -> [String] {
    unchecked.map { "\(indent)not checked, as \($0.reason): \($0.names.joined(separator: ", "))" }
  }

  /// The failures: the first in full, then all of them counted; empty where there is none.
  public var failureText: String {
    guard !passed else { return "" }
    let left = failureCount - failures.count
    var lines = failures.map { "FAILED \($0)" }
    if left > 0 {
      lines.append(
        "and \(left) more; in total: " + counts.map { "\($0.count) \($0.subject.plural)" }.joined(separator: ", "))
    }
    return lines.joined(separator: "\n")
  }

  public var verdict: String {
    if !passed { return "audit: \(counted(failureCount, "failure"))" }
    return checkedEverything
      ? "audit: every value agrees with the rows"
      : "audit: everything that could be checked agrees; the lines above list what was not checked"
  }
}

extension AuditedRun: CustomStringConvertible {
  public var description: String {
    let log = decisions.map { "\(counted($0, "decision")), " } ?? ""
    let rows = (jobs.map { "\(counted($0, "job")) with \(counted(jobFigures, "value")), " } ?? "") + log
    let charts = chartFigures > 0 ? ", \(counted(chartFigures, "chart value"))" : ""
    let own = policyMetrics > 0 ? "\(counted(policyMetrics, "policy metric")), " : ""
    let head =
      "run \(run), \(policy), replication \(replication): checked \(rows)\(counted(metrics, "metric")), \(own)"
      + "\(counted(zoneFigures, "zone value")), \(counted(sampleFigures, "sample value"))\(charts)"
    return ([head] + AuditReport.lines(unchecked, indent: "  ")).joined(separator: "\n")
  }
}

extension Double {
  /// Two digits and a power of ten.
  fileprivate var brief: String {
    guard self > 0, isFinite else { return "\(self)" }
    var power = 0
    var digits = self
    while digits >= 9.95 {
      digits /= 10
      power += 1
    }
    while digits < 0.995 {
      digits *= 10
      power -= 1
    }
    let tenths = Int((digits * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)e\(power)"
  }
}

enum AuditText {
  /// The shortest text that reads back as the same number, whole numbers without a point.
  static func number(_ value: Double) -> String {
    let text = "\(value)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
