package import Domain
package import Engine
package import Policies

/// The result of one run of a policy on a scenario.
package struct ConformanceRun {
  /// In the order in which the engine let go of them.
  package var records: [JobRecord] = []
  /// Segments of the jobs that were interrupted, by the jobs' sequence.
  package var interrupted: [Int: [RunSegment]] = [:]
  var decisions: [ObservedDecision] = []
  var leavesJobs = false
  /// The zones that the policy says it may use, a list a job.
  package var usable: [[ZoneIndex]] = []
  package var error: (any Error)?

  /// Decisions that were logged; 0 where none are.
  var logged = 0

  /// - Parameter logs: whether decisions are logged, which must change none.
  package init(
    _ scenario: ConformanceScenario, logs: Bool = false,
    _ make: (PolicySetup, ConformanceScenario) -> any Policy
  ) {
    let own = make(scenario.setup, scenario)
    let policy = (own as? any DecisionReasons).map { ReasonedPolicy($0) } ?? ObservedPolicy(own)
    let log = LogCount()
    let sink = RunSink()
    let simulation = Simulation(
      world: scenario.world, policy: policy, source: JobList(scenario.jobs), sink: sink,
      probe: Watchdog(policy, from: scenario.world.start), forecaster: scenario.forecaster(),
      capsAreHard: scenario.capsAreHard, interruption: scenario.interruption, decisionLog: logs ? log : nil)
    do { try simulation.run() } catch { self.error = error }
    records = sink.records
    logged = log.count
    interrupted = sink.segments
    decisions = policy.decisions
    leavesJobs = policy.leavesJobs
    usable = scenario.jobs.map { submitted in
      scenario.world.zones.indices.filter { policy.mayUse($0, for: submitted.job) }
    }
  }

  /// Segments in which a job ran; one that still runs at the end of the clock ends there.
  func segments(_ record: JobRecord, clockEnd: Instant) -> [RunSegment] {
    guard record.start != .never else { return [] }
    let all = interrupted[record.job.sequence] ?? [RunSegment(zone: record.zone, start: record.start, end: record.end)]
    return all.map { RunSegment(zone: $0.zone, start: $0.start, end: $0.end == .never ? clockEnd : $0.end) }
  }
}

private final class LogCount: DecisionSink {
  var count = 0
  func accept(_ decision: LoggedDecision, of job: Job) { count += 1 }
}

private final class RunSink: RecordSink {
  package var records: [JobRecord] = []
  var segments: [Int: [RunSegment]] = [:]

  func accept(_ record: borrowing JobRecord) { records.append(copy record) }
  func accept(_ record: borrowing JobRecord, segments: [RunSegment]) {
    records.append(copy record)
    self.segments[record.job.sequence] = segments
  }
}

/// A policy is asked again and again, without an end.
struct EndlessRun: Error, CustomStringConvertible {
  var calls: Int
  var description: String { "the policy was called \(calls) times and the run has not ended" }
}

/// Stops a run that a policy keeps going by waking itself. It looks ever more seldom, so that a run which only waits
/// for its end costs nothing.
private final class Watchdog: Probe {
  private let policy: ObservedPolicy
  private let start: Instant
  private var minutes: Int64 = 1
  private static let mostCalls = 400_000
  /// Some thirty years.
  private static let mostMinutes: Int64 = 1 << 24

  init(_ policy: ObservedPolicy, from start: Instant) {
    self.policy = policy
    self.start = start
  }

  var next: Instant { minutes > Watchdog.mostMinutes ? .never : start + .minutes(minutes) }

  func look(at simulation: Simulation) throws {
    minutes *= 2
    if policy.calls > Watchdog.mostCalls { throw EndlessRun(calls: policy.calls) }
  }
}
