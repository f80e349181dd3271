public import Domain

/// Subject of a check; each failure is counted under one of these.
public enum AuditSubject: Int, Sendable, CaseIterable {
  case reference, view, run, trace, condition, job, decision, sameJobs, capacity, jobFigure, metric, zoneFigure, sample,
    chart, signature
}

/// A value as a failure tells it.
public enum AuditValue: Hashable, Sendable {
  case number(Double)
  case instant(Instant)
  case text(String)
  /// Null, or no such row.
  case nothing
}

/// Something in a result that does not follow from its rows.
public struct AuditFailure: Hashable, Sendable {
  public var subject: AuditSubject
  /// `runs.run_id`.
  public var run: Int?
  /// `compute_workloads.job_id`.
  public var job: String?
  /// `grid_zones.grid_zone_code`.
  public var zone: String?
  /// The instant of a sample.
  public var at: Instant?
  /// The metric, the column or the table.
  public var name: String
  public var found: AuditValue
  /// The value that follows from the rows; a text if a rule is broken.
  public var expected: AuditValue

  public init(
    _ subject: AuditSubject, run: Int? = nil, job: String? = nil, zone: String? = nil, at: Instant? = nil,
    name: String, found: AuditValue, expected: AuditValue
  ) {
    self.subject = subject
    self.run = run
    self.job = job
    self.zone = zone
    self.at = at
    self.name = name
    self.found = found
    self.expected = expected
  }

  /// |found − recomputed| over the larger of the two; `nil` where they are not both numbers.
  public var relativeDifference: Double? {
    guard case .number(let found) = found, case .number(let expected) = expected else { return nil }
    let larger = max(abs(found), abs(expected))
    return larger > 0 ? abs(found - expected) / larger : 0
  }
}

/// Why a figure was not recomputed.
public enum UncheckedReason: Sendable {
  /// The result was written without its jobs.
  case noJobRows
  /// No row of the file says anything of it.
  case noRows
  /// The program that wrote the file made them another way, or another program did.
  case otherProgram
  /// The file does not hold the scenario's text.
  case noText
  /// A figure of another version.
  case unknownFigure
}

/// Counts of what an audit read and recomputed for one run, and names of what it left unchecked.
public struct AuditedRun: Sendable {
  public var run: Int
  public var policy: String
  public var replication: Int
  /// `nil` where the result holds no job rows.
  public var jobs: Int?
  /// Figures that were recomputed: of jobs, of the run, of its zones, of their samples, and what charts are drawn of.
  public var jobFigures = 0
  /// Logged decisions; `nil` where they were not logged.
  public var decisions: Int?
  public var metrics = 0
  public var policyMetrics = 0
  public var zoneFigures = 0
  public var sampleFigures = 0
  public var chartFigures = 0
  public var unchecked: [(reason: UncheckedReason, names: [String])] = []

  package init(run: Int, policy: String, replication: Int) {
    self.run = run
    self.policy = policy
    self.replication = replication
  }
}

/// The result of an audit.
public struct AuditReport: Sendable {
  public var runs: [AuditedRun]
  /// Names, by reason, of what was not checked in the file as a whole.
  public var unchecked: [(reason: UncheckedReason, names: [String])]
  /// Cells that figures follow from, or that stand beside them, and that nothing else in the file says again.
  public var given: [String]
  /// Up to ``Audit/toldInFull``, some of every kind that there is, in the order in which they were found.
  public var failures: [AuditFailure]
  /// All failures, in the order of ``AuditSubject``; those without any are left out.
  public var counts: [(subject: AuditSubject, count: Int)]

  public var failureCount: Int { counts.reduce(0) { $0 + $1.count } }
  public var passed: Bool { counts.isEmpty }

  package init(
    runs: [AuditedRun], failures: [AuditFailure], counts: [(subject: AuditSubject, count: Int)],
    unchecked: [(reason: UncheckedReason, names: [String])], given: [String] = []
  ) {
    self.given = given
    self.runs = runs
    self.failures = failures
    self.counts = counts
    self.unchecked = unchecked
  }

  public var checkedEverything: Bool { unchecked.isEmpty && runs.allSatisfy(\.unchecked.isEmpty) }
}

/// Gathers failures: of each subject the first ones whole, all of them by number.
package final class Findings {
  private var failures: [[(order: Int, failure: AuditFailure)]]
  private var counts = Array(repeating: 0, count: AuditSubject.allCases.count)
  private var kept = 0

  package init() { failures = AuditSubject.allCases.map { _ in [] } }

  /// The failure is only made where it may be told.
  package func add(_ subject: AuditSubject, _ failure: (AuditSubject) throws -> AuditFailure) rethrows {
    counts[subject.rawValue] += 1
    guard failures[subject.rawValue].count < Audit.toldInFull else { return }
    failures[subject.rawValue].append((kept, try failure(subject)))
    kept += 1
  }

  /// ``Audit/toldInFull`` of them in the order in which they were found: subjects take turns for a place, so that
  /// many failures of one kind do not hide the few of another.
  package var told: [AuditFailure] {
    var chosen: [(order: Int, failure: AuditFailure)] = []
    for turn in 0..<Audit.toldInFull {
      for own in failures where turn < own.count && chosen.count < Audit.toldInFull { chosen.append(own[turn]) }
    }
    return chosen.sorted { $0.order < $1.order }.map(\.failure)
  }

  package var counted: [(subject: AuditSubject, count: Int)] {
    AuditSubject.allCases.map { ($0, counts[$0.rawValue]) }.filter { $0.1 > 0 }
  }
}
