/// A rule that every policy must keep.
public enum ConformanceRule: String, Hashable, Sendable, CaseIterable {
  /// The engine finds no fault, and the run comes to its end.
  case runs
  /// Each submitted job ends in exactly one record: none is lost, none counted twice.
  case oneRecord
  /// A job is started once, and for as long as it is to run.
  case oneStart
  /// At no instant do the jobs of a zone hold more than it has, of any resource.
  case capacity
  /// Nothing begins in a zone that is out, nothing runs into an outage that ends it, and only those jobs fail.
  case outages
  /// Under `caps: hard` no job starts where its prediction breaks a cap.
  case hardCaps
  /// No job starts before its submission.
  case startTimes
  /// A job runs in zones that there are and that the policy says it may use.
  case zones
  /// Only jobs that may be interrupted are.
  case interruption
  /// A job is given up only for a reason that holds.
  case rejections
  /// Ranked zones are distinct, without holes, and each could hold the job; a job that ran has at least one.
  case ranking
  /// Two runs take the same decisions, logged or not.
  case determinism
  /// The trace's future changes no decision taken before it.
  case traceUnseen
  /// How long jobs that still run, or have yet to run, really take changes no decision taken before they end.
  case durationsUnseen
  /// Submissions to come change no decision taken before them.
  case submissionsUnseen

  /// The rule in a sentence.
  public var text: String {
    switch self {
    case .runs: "the run ends without an error"
    case .oneRecord: "each job ends in exactly one record"
    case .oneStart: "a job starts once and runs for its full duration"
    case .capacity: "no zone holds more than its capacity"
    case .outages: "during an outage, a zone runs only the jobs that may finish"
    case .hardCaps: "no job starts if its prediction breaks a hard cap"
    case .startTimes: "no job starts before its submission"
    case .zones: "a job runs only in zones that it may use and that can hold it"
    case .interruption: "only interruptible jobs are interrupted"
    case .rejections: "a job is rejected only for a valid reason"
    case .ranking: "ranked zones are distinct and could hold the job"
    case .determinism: "two runs make the same decisions, logged or not"
    case .traceUnseen: "the future of the traces changes no earlier decision"
    case .durationsUnseen: "actual durations change no decision made before the jobs end"
    case .submissionsUnseen: "future submissions change no earlier decision"
    }
  }
}

/// A rule that a policy broke in one scenario: what happened, and how to see it again.
public struct ConformanceFailure: Hashable, Sendable, CustomStringConvertible {
  public var policy: String
  public var rule: ConformanceRule
  public var seed: UInt64
  /// The scenario's number, from 1.
  public var scenario: Int
  /// Description of what broke the rule.
  public var found: String
  /// The scenario in a line.
  public var setting: String

  /// A call that gives this failure again.
  public var reproduction: String { "ConformanceKit(…, seed: \(seed)).check(scenario: \(scenario))" }

  public var description: String {
    "\(policy) broke \(rule.rawValue) (\(rule.text)) in scenario \(scenario) of seed \(seed): \(found); \(setting); "
      + "reproduce with \(reproduction)"
  }
}

/// Failures that a kit found, and counts of what it examined.
public struct ConformanceReport: Sendable, CustomStringConvertible {
  public var policy: String
  public var scenarios = 0
  /// In the order of the scenarios; at most one of a rule and scenario.
  public var failures: [ConformanceFailure] = []
  public var jobs = 0
  /// Jobs that started, that started later than they were submitted, that were interrupted, that were
  /// rejected, and that failed in an outage.
  public var started = 0
  public var delayed = 0
  public var interrupted = 0
  public var rejected = 0
  public var failed = 0
  /// Scenarios in which the future was changed, and decisions that were compared in them.
  public var futures = 0
  public var decisionsCompared = 0

  public var passed: Bool { failures.isEmpty }
  /// The rules that were broken, each once.
  public var broken: [ConformanceRule] {
    ConformanceRule.allCases.filter { rule in failures.contains { $0.rule == rule } }
  }

  public var description: String {
    let head =
      "\(policy): \(scenarios) scenarios, \(jobs) jobs (\(started) started, \(delayed) later than submitted, "
      + "\(interrupted) interrupted, \(rejected) rejected, \(failed) failed), \(futures) changed futures with "
      + "\(decisionsCompared) decisions compared: \(failures.isEmpty ? "conforms" : "\(failures.count) failures")"
    return ([head] + failures.map(\.description)).joined(separator: "\n")
  }

  mutating func add(_ other: ConformanceReport) {
    scenarios += other.scenarios
    failures += other.failures
    jobs += other.jobs
    started += other.started
    delayed += other.delayed
    interrupted += other.interrupted
    rejected += other.rejected
    failed += other.failed
    futures += other.futures
    decisionsCompared += other.decisionsCompared
  }
}
