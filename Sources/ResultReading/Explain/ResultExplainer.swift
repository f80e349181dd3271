internal import Audit
internal import Domain
internal import GRDB
public import Results

/// Explains jobs from the rows of a `results.sqlite`, by audit's reading of them: nothing is asked of the engine. The
/// file is only read.
public struct ResultExplainer {
  private let path: String

  public init(path: String) { self.path = path }

  /// - Parameters:
  ///   - policy: a policy's name, from the second of one name on with its number, `cheapest (2)`; `nil` for all.
  ///   - label: what tells policies of one name apart, of a replication's policies in the order of their runs.
  ///   - waits: how long these let jobs wait, by their names and the result's provenance.
  /// - Returns: the explanations, and the policies under which no job waited (``ExplainedChoice/longestWait``).
  /// - Throws: ``AuditRefusal`` where the file is no result, ``ExplanationFault``. O(rows of the run + trace steps).
  public func explain(
    job: ExplainedChoice, policy: String?, replication: Int, label: ([String]) -> [String],
    waits: ([String], Provenance?) -> [PolicyWait] = { names, _ in names.map { _ in .own } }
  ) throws -> (explanations: [JobExplanation], withoutWait: [String]) {
    let file = try AuditFile(path: path)
    return try file.read { database in
      try AuditSchema.check(database, path)
      let world = try AuditWorld(database, path)
      let wanted = try chosen(world, policy, replication, label)
      try ResultExplainer.checkRows(database, wanted)
      let own = world.runs.filter { $0.replication == replication }
      let limits = zip(own.map(\.id), waits(own.map(\.policy), try Provenance(database)))
      let waitOf = Dictionary(limits) { first, _ in first }
      let scenario =
        try DatabaseValue.fetchOne(database, sql: "SELECT scenario FROM runs LIMIT 1")
        .flatMap { String.fromDatabaseValue($0) } ?? ""
      let currency = try ResultFigures.currency(database)
      var withoutWait: [String] = []
      let all = try wanted.compactMap { run, label -> JobExplanation? in
        var name: String?
        switch job {
        case .named(let named): name = named
        case .longestWait:
          guard let longest = try ResultExplainer.longestWait(database, run) else { return nil }
          if longest.seconds > 0 { name = longest.job } else { withoutWait.append(label) }
        }
        guard let name else { return nil }
        return try RunExplainer(database, CellFaults(path: path), world, run).explain(
          name, policy: label, scenario: scenario, currency, wait: waitOf[run.id] ?? .unknown)
      }
      guard !all.isEmpty || !withoutWait.isEmpty else {
        guard case .named(let name) = job else { throw ExplanationFault.noStartedJob(replication: replication) }
        let near = try ResultExplainer.near(name, database, run: wanted.first?.0.id ?? 0)
        throw ExplanationFault.noSuchJob(name, replication: replication, near: near)
      }
      return (all, withoutWait)
    }
  }

  /// - Throws: ``ExplanationFault`` if no run has rows of jobs.
  private static func checkRows(_ database: Database, _ wanted: [(AuditRunRow, String)]) throws {
    guard !wanted.contains(where: \.0.hasWorkloads) else { return }
    throw try database.tableExists("points") ? ExplanationFault.sweep : ExplanationFault.noJobRows
  }

  /// The `job_id` and the wait of the job with the longest time from submission to start, the first in the order of submission of
  /// several; `nil` if none started. Jobs that never started are not compared: nobody knows how long they would wait.
  private static func longestWait(
    _ database: Database, _ run: AuditRunRow
  ) throws -> (job: String, seconds: Double)? {
    let wait = ResultViews.seconds(from: "submitted_at", to: "actual_start")
    let sql = """
      SELECT job_id, \(wait) FROM compute_workloads WHERE run_id = ? AND actual_start IS NOT NULL
      ORDER BY \(wait) DESC, id LIMIT 1
      """
    return try Row.fetchOne(database, sql: sql, arguments: [run.id]).flatMap { row in
      String.fromDatabaseValue(row[0]).map { ($0, Double.fromDatabaseValue(row[1]) ?? 0) }
    }
  }

  /// So many names are compared with one that is not there.
  private static let mostNames = 100_000

  private static func near(_ job: String, _ database: Database, run: Int) throws -> String? {
    let names = try DatabaseValue.fetchAll(
      database, sql: "SELECT job_id FROM compute_workloads WHERE run_id = ? ORDER BY id LIMIT ?",
      arguments: [run, mostNames])
    return nearest(to: job, among: names.compactMap { String.fromDatabaseValue($0) })
  }

  /// The jobs of each policy that ended the longest after their deadlines, those with a deadline that did not complete,
  /// and how many these are, in the order of the runs.
  ///
  /// - Parameters:
  ///   - policy: as for ``explain(job:policy:replication:label:)``.
  ///   - count: how many jobs of each kind and policy at most.
  /// - Throws: ``AuditRefusal``, ``ExplanationFault``. O(rows of the runs).
  public func late(
    policy: String?, replication: Int, count: Int, label: ([String]) -> [String]
  ) throws -> [PolicyLateJobs] {
    try AuditFile(path: path).read { database in
      try AuditSchema.check(database, path)
      let wanted = try chosen(AuditWorld(database, path), policy, replication, label)
      try ResultExplainer.checkRows(database, wanted)
      return try wanted.map { run, label in
        let own = ResultFigures.Run(
          id: run.id, policy: run.policy, name: run.name, replication: replication, isBaseline: run.isBaseline)
        let late = try LateJob.read(database, runs: [own], labels: { _ in [label] }, count: count)
        let others = try UncompletedJob.read(database, run: run.id, label: label, count: count)
        let withDeadline = try DatabaseValue.fetchOne(
          database, sql: "SELECT 1 FROM compute_workloads WHERE run_id = ? AND deadline IS NOT NULL LIMIT 1",
          arguments: [run.id])
        return PolicyLateJobs(
          policy: label, jobs: late, uncompleted: others.jobs, allUncompleted: others.all,
          hasDeadlines: withDeadline != nil)
      }
    }
  }

  private func chosen(
    _ world: AuditWorld, _ policy: String?, _ replication: Int, _ label: ([String]) -> [String]
  ) throws -> [(AuditRunRow, String)] {
    let last = world.runs.map(\.replication).max() ?? 0
    let runs = world.runs.filter { $0.replication == replication }
    guard !runs.isEmpty else { throw ExplanationFault.noSuchReplication(replication, last: last) }
    let labels = label(runs.map(\.name))
    let wanted = zip(runs, labels).filter { run, label in policy == nil || label == policy || run.policy == policy }
    guard !wanted.isEmpty else { throw ExplanationFault.noSuchPolicy(policy ?? "", known: labels) }
    return wanted
  }
}

/// One job of one run.
struct RunExplainer {
  let database: Database
  let faults: CellFaults
  /// With what the zones have in the run's replication.
  let world: AuditWorld
  let run: AuditRunRow
  let traces: AuditTraces

  init(_ database: Database, _ faults: CellFaults, _ world: AuditWorld, _ run: AuditRunRow) {
    self.database = database
    self.faults = faults
    self.world = world.during(run)
    self.run = run
    traces = world.traces(of: run)
  }

  /// `nil` where the run has no such job.
  func explain(
    _ name: String, policy: String, scenario: String, _ currency: Currency, wait limit: PolicyWait
  ) throws -> JobExplanation? {
    let found = try DatabaseValue.fetchOne(
      database, sql: "SELECT id FROM compute_workloads WHERE run_id = ? AND job_id = ?", arguments: [run.id, name])
    guard let id = found.flatMap({ Int.fromDatabaseValue($0) }) else { return nil }
    let row = try AuditQuery(
      database, faults, table: "compute_workloads", columns: JobColumn.allCases.map(\.name), keys: 2,
      clause: "WHERE run_id = ? AND id = ?", arguments: [run.id, id])
    guard try row.next() else { return nil }
    let job = AuditJob(row, world)
    let findings = Findings()
    var reader = try SegmentReader(database, faults, run, world, findings)
    let segments = try reader.segments(of: id)
    var log = try DecisionCursor(database, faults, run, world, findings)
    let decisions = try log?.decisions(of: id) ?? []
    let submitted = submitted(job, row)
    let outcome = outcome(job, segments)
    try faults.throwIfAny()
    let window = policyWindow(of: job, limit)
    let alternatives = Alternatives(
      explainer: self, job: job, latestStart: window?.latestStart ?? submitted.latestStart)
    let planned = decisions.last { $0.kind == "plan" || $0.kind == "replan" }?.chosen.start
    let wait = try WaitStretches(explainer: self, job: job, intensityCap: submitted.maxCarbonIntensityGco2Kwh)
      .wait(in: segments.first?.zone.place ?? job.zone.place, planned: planned)
    let least = alternatives.least()
    return JobExplanation(
      scenario: scenario, currency: currency.code, policy: policy, replication: run.replication, runId: run.id,
      job: submitted, outcome: outcome,
      hasDecisionLog: log != nil, decisions: try decisions.map { try explained($0) },
      wait: wait, forecast: verdict(decisions, alternatives), alternatives: try alternatives.all(),
      hasPossibleStart: least.isPossible, policyWindow: window,
      mayHaveOwnWindow: limit.isUnknown, leastInHindsight: least.start,
      leastInSegments: segments.isEmpty ? nil : alternatives.leastInSegments())
  }

  /// `nil` if the job's own window counts.
  private func policyWindow(of job: AuditJob, _ limit: PolicyWait) -> ExplainedWindow? {
    guard case .classes(let short, let long, let threshold) = limit else { return nil }
    let isLong = job.estimated >= threshold.milliseconds
    let wait = isLong ? long : short
    let deferred = job.submitted + wait
    let due = job.deadline.map { $0 - TimeSpan(milliseconds: job.estimated) } ?? deferred
    return ExplainedWindow(
      waitS: wait.inSeconds, thresholdS: threshold.inSeconds, isLong: isLong,
      latestStart: max(job.submitted, min(deferred, due)))
  }

  func code(_ reference: ZoneReference) -> String? { reference.place.map { world.zones[$0].code } }

  private func submitted(_ job: AuditJob, _ row: AuditQuery) -> ExplainedJob {
    let window = Int64(min((row.nonNegative(JobColumn.deferral.rawValue) * 60_000).rounded(), 4e15))
    let deferred = job.submitted + TimeSpan(milliseconds: window)
    let due = job.deadline.map { $0 - TimeSpan(milliseconds: job.estimated) }
    return ExplainedJob(
      jobId: row.text(JobColumn.jobID.rawValue), type: row.text(JobColumn.workloadType.rawValue),
      urgency: row.text(JobColumn.urgency.rawValue), submittedAt: job.submitted,
      latestStart: max(job.submitted, min(deferred, due ?? deferred)),
      deferralWindowS: Double(window) / 1000, deadline: job.deadline,
      estimatedDurationS: Double(job.estimated) / 1000, actualDurationS: Double(job.actual) / 1000,
      cpuCores: Double(job.demand.cores) / 1000, memoryGb: Double(job.demand.memory) / 1000,
      gpus: Double(job.demand.gpus) / 1000, homeZone: code(job.home), estimatedEnergyKwh: job.estimatedEnergy,
      carbonCapGco2: job.emissionsCap,
      maxCarbonIntensityGco2Kwh: row.optionalNumber(JobColumn.intensityCap.rawValue), maxPriceGbp: job.costCap)
  }

  private func outcome(_ job: AuditJob, _ segments: [AuditSegment]) -> ExplainedOutcome {
    ExplainedOutcome(
      status: job.status.map { "\($0)".uppercased() } ?? "", reason: job.reason ?? failure(job, segments),
      obstacles: obstacles(job), zone: code(job.zone),
      recommended: job.recommendations.compactMap { code($0) }, start: job.start, end: job.end,
      segments: segments.map { ExplainedSegment(zone: code($0.zone) ?? "?", start: $0.start, end: $0.end) },
      energyKwh: job.energy, carbonKg: job.emissions, costGbp: job.cost)
  }

  /// Obstacles in each zone that a job rejected as too large may use: the condition that holds there in the end.
  private func obstacles(_ job: AuditJob) -> [ExplainedObstacle] {
    guard job.status == .rejected, job.reason == Rejection.tooLarge.text else { return [] }
    let isAtHome = run.staysAtHome && job.home != .none
    return world.zones.indices.filter { !isAtHome || job.home == .zone($0) }.compactMap { place in
      let periods = world.zones[place].periods
      guard let last = periods.last else { return nil }
      func isLike(_ period: AuditCapacity) -> Bool {
        last.isOut ? period.isOut : !period.isOut && !job.demand.fits(into: period.capacity)
      }
      let first = periods.reversed().prefix(while: isLike).last
      let isAlways =
        !last.isOut && first?.start == periods.first?.start && !job.demand.fits(into: world.zones[place].capacity)
      return ExplainedObstacle(
        zone: world.zones[place].code, isOut: last.isOut,
        since: isAlways ? nil : first.map { Instant(milliseconds: $0.start) },
        cpuCores: Double(last.capacity.cores) / 1000, memoryGb: Double(last.capacity.memory) / 1000,
        gpus: Double(last.capacity.gpus) / 1000)
    }
  }

  /// Why a job failed: an outage ended it, or it was suspended and its zone never again has the capacity.
  private func failure(_ job: AuditJob, _ segments: [AuditSegment]) -> String? {
    guard job.status == .failed, let end = job.end, let place = segments.last?.zone.place ?? job.zone.place else {
      return nil
    }
    let zone = world.zones[place]
    let outage = zone.periods.first { $0.start == end.milliseconds }?.outage
    if outage != .fail, !zone.lastsFor(job.demand) {
      return "suspended, and \(zone.code) never again has the capacity for it"
    }
    switch outage {
    case .fail: return "an outage of \(zone.code) ended it (running: fail)"
    case .suspend: return "an outage of \(zone.code) ended it, as it may not be interrupted"
    case .finish, nil: return nil
    }
  }

  private func explained(_ decision: AuditDecision) throws -> ExplainedDecision {
    let row = try Row.fetchOne(
      database, sql: "SELECT ranked_by, candidates FROM decisions WHERE run_id = ? AND decision = ?",
      arguments: [run.id, decision.number])
    return ExplainedDecision(
      at: decision.at, kind: decision.kind, reason: decision.reason,
      rankedBy: row.flatMap { String.fromDatabaseValue($0[0]) },
      candidates: row.flatMap { Int.fromDatabaseValue($0[1]) },
      forecastIssuedAt: decision.issuedAt, chosen: try option(decision.chosen),
      options: try decision.options.compactMap { try option($0) })
  }

  private func option(_ option: AuditOption) throws -> ExplainedOption? {
    guard let zone = code(option.zone) else { return nil }
    // SQLite keeps the order in which the terms stand.
    let rows =
      try option.terms.map {
        try Row.fetchAll(
          database, sql: "SELECT key, value FROM json_each(CASE WHEN json_valid(?1) THEN ?1 ELSE '{}' END)",
          arguments: [$0])
      } ?? []
    return ExplainedOption(
      zone: zone, start: option.start, score: option.score,
      terms: rows.map {
        ExplainedTerm(
          name: String.fromDatabaseValue($0[0]) ?? "?", value: Double.fromDatabaseValue($0[1]) ?? .nan)
      }.filter { $0.value.isFinite },
      predictedIntensityGco2Kwh: option.intensity, predictedCarbonKg: option.kilograms, predictedCostGbp: option.cost)
  }

  /// Judges the forecast of the decision that chose the job's start: the last one before it that was not a plan coming
  /// due.
  private func verdict(_ decisions: [AuditDecision], _ alternatives: Alternatives) -> ForecastVerdict? {
    let chosen = decisions.filter { ["start", "plan", "replan"].contains($0.kind) && $0.chosen.kilograms != nil }
    let own = chosen.last { $0.kind != "start" || !$0.options.isEmpty } ?? chosen.last
    guard let own, let place = own.chosen.zone.place, let start = own.chosen.start,
      let kilograms = own.chosen.kilograms, let cost = own.chosen.cost
    else { return nil }
    return ForecastVerdict(
      decidedAt: own.at, issuedAt: own.issuedAt, zone: world.zones[place].code, start: start,
      predicted: ExplainedDraw(intensityGco2Kwh: own.chosen.intensity, carbonKg: kilograms, costGbp: cost),
      onTheRealTrace: alternatives.draw(place, from: start, for: alternatives.job.estimated))
  }
}
