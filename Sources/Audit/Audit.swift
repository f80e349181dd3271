internal import Foundation
internal import GRDB

/// Works every figure of a `results.sqlite` out again from its rows: SQL over `compute_workloads` and a plain walk over
/// `trace_steps`. It shares no code with the engine, the metrics or the traces' prefix sums, and writes nothing.
public struct Audit {
  /// How many failures are told in full; the rest is counted.
  public static let toldInFull = 50

  private let path: String
  private let program: Program?
  private let facts: ((AuditedProvenance) -> ScenarioFacts?)?

  /// The program whose results are audited.
  public struct Program {
    var version: String
    /// The definitions of its views, by the names of the metrics that a file has.
    var views: (_ metrics: [String]) -> [(name: String, sql: String)]

    public init(version: String, views: @escaping (_ metrics: [String]) -> [(name: String, sql: String)]) {
      self.version = version
      self.views = views
    }
  }

  /// - Parameters:
  ///   - program: the views of a result that it wrote must be its own. `nil`: they are not looked at.
  ///   - facts: reads the scenario's text, and returns `nil` if it cannot be read. `nil`: nothing is held against it.
  public init(
    path: String, program: Program? = nil, facts: ((AuditedProvenance) -> ScenarioFacts?)? = nil
  ) {
    self.path = path
    self.program = program
    self.facts = facts
  }

  /// Reads the whole file. Time O(jobs log jobs + steps that jobs run through); memory about 100 bytes a job of the
  /// largest run.
  ///
  /// - Throws: ``AuditRefusal`` where the file is no result that can be read.
  public func run() throws -> AuditReport {
    let file = try AuditFile(path: path)
    try file.read { database in
      try AuditSchema.check(database, path)
      if let points = try AuditSchema.points(database) { throw AuditRefusal.sweep(path: path, points: points) }
    }
    let integrity = IntegrityCheck(of: file)
    let outcome = Result { try file.read { try audit($0) } }
    // What was read of a damaged file is worth nothing, a refusal neither.
    try integrity.finish()
    return try outcome.get()
  }

  private func audit(_ database: Database) throws -> AuditReport {
    let findings = Findings()
    try AuditSchema.checkReferences(database, findings)
    var unchecked: [(reason: UncheckedReason, names: [String])] = []
    if let program { unchecked += try ViewChecks.check(database, program, findings) }
    var given: [String] = []
    var told: ScenarioFacts?
    if let facts {
      told = try AuditedProvenance(database).flatMap(facts)
      if let told {
        try ScenarioAgreement(facts: told, findings: findings).check(database)
      } else {
        unchecked.append((.noText, ["runs, grid_zones, requirements and zone_capacity against the scenario"]))
      }
      given = try GivenCells.names(database, told)
    }
    var world = try AuditWorld(database, path)
    world.facts = told
    world.check(findings)
    var pass = AuditPass(database, CellFaults(path: path), findings, world)
    try pass.run()
    return AuditReport(
      runs: pass.audited.sorted { $0.run < $1.run }, failures: findings.told, counts: findings.counted,
      unchecked: unchecked, given: given)
  }
}

/// One pass over the runs of a file, replication by replication.
private struct AuditPass {
  private let database: Database
  private let faults: CellFaults
  private let findings: Findings
  private let world: AuditWorld
  private(set) var audited: [AuditedRun] = []
  private var sameJobs: SameJobs
  /// The first run of the current replication, with `hasAny` true if it has charts.
  private var withCharts: (replication: Int, run: Int, hasAny: Bool)?

  init(_ database: Database, _ faults: CellFaults, _ findings: Findings, _ world: AuditWorld) {
    self.database = database
    self.faults = faults
    self.findings = findings
    self.world = world
    sameJobs = SameJobs(database, findings)
  }

  /// A run whose rows have been read, with its stored figures and the sums recomputed from the rows.
  private struct ReadRun {
    var row: AuditRunRow
    var stored: StoredFigures
    /// `nil` where there are no job rows.
    var sums: RunSums?
    var audited: AuditedRun
    var totals: AuditTotals
  }

  mutating func run() throws {
    try checkDuplicates()
    var together: [ReadRun] = []
    for row in world.runs {
      if let last = together.last, last.row.replication != row.replication {
        compare(together)
        together = []
      }
      together.append(try read(row))
    }
    compare(together)
  }

  private func checkDuplicates() throws {
    let rows = try Row.fetchCursor(
      database, sql: "SELECT run_id, job_id FROM compute_workloads GROUP BY run_id, job_id HAVING count(*) > 1")
    while let row = try rows.next() {
      let run = Int.fromDatabaseValue(row[0])
      let job = row[1] as DatabaseValue
      findings.add(.job) {
        AuditFailure(
          $0, run: run, name: "job_id", found: .text("\(job)"), expected: .text("one row per run and job_id"))
      }
    }
  }

  private mutating func read(_ run: AuditRunRow) throws -> ReadRun {
    let world = self.world.during(run)
    var audited = AuditedRun(run: run.id, policy: run.policy, replication: run.replication)
    let stored = try StoredFigures(database, run, world, faults)
    try faults.throwIfAny()
    let (jobs, stays) = try readJobs(run, &audited)
    try checkPolicyMetrics(run, jobs, &audited)
    var occupancy = Occupancy(run, world, findings, stays: stays)
    try occupancy.check(database, faults)
    audited.sampleFigures = occupancy.figures
    try faults.throwIfAny()
    let totals = jobs?.totals ?? RowlessRun(run: run, world: world, stored: stored).totals
    return ReadRun(row: run, stored: stored, sums: jobs, audited: audited, totals: totals)
  }

  private mutating func readJobs(_ run: AuditRunRow, _ audited: inout AuditedRun) throws -> (RunSums?, [Stay]?) {
    guard run.hasWorkloads else {
      let count = try Int.fetchOne(
        database, sql: "SELECT count(*) FROM compute_workloads WHERE run_id = ?", arguments: [run.id])
      if let count, count > 0 {
        findings.add(.run) {
          AuditFailure(
            $0, run: run.id, name: "has_workloads", found: .text("0, but \(count) job rows"),
            expected: .text("no job rows, or has_workloads 1"))
        }
      }
      let log = try database.tableExists("decisions") ? ["decisions"] : []
      let charts = try ChartSums(database, faults, run, world) == nil ? [] : ChartSums.tables
      audited.unchecked.append((.noJobRows, RowlessRun.unchecked + log + charts))
      return (nil, nil)
    }
    let world = world.during(run)
    let charts = try ChartSums(database, faults, run, world)
    checkPresence(of: charts, run)
    var walk = JobWalk(run, world, findings, charts: charts)
    sameJobs.begin(run)
    try walk.walk(database, faults, comparison: &sameJobs)
    sameJobs.end()
    try faults.throwIfAny()
    audited.jobs = walk.sums.submitted
    audited.jobFigures = walk.figures
    audited.decisions = walk.decisions
    checkSignature(run, walk.sums.signature)
    try checkHomes(run, walk.sums)
    if let charts = walk.charts {
      var checks = ChartChecks(run, world, findings, charts: charts, waits: walk.sums.waits)
      try checks.check(database, faults)
      audited.chartFigures = checks.figures
    }
    return (walk.sums, walk.stays)
  }

  /// Checks that either all runs of a replication have charts or none has.
  private mutating func checkPresence(of charts: ChartSums?, _ run: AuditRunRow) {
    if withCharts?.replication != run.replication { withCharts = (run.replication, run.id, charts != nil) }
    guard let first = withCharts, first.hasAny != (charts != nil) else { return }
    findings.add(.chart) {
      AuditFailure(
        $0, run: run.id, name: ChartSums.tables.joined(separator: ", "),
        found: .text(charts == nil ? "no rows" : "rows"),
        expected: .text("\(first.hasAny ? "rows" : "no rows"), as in run \(first.run)"))
    }
  }

  /// See ``PolicyMetricChecks``.
  private func checkPolicyMetrics(_ run: AuditRunRow, _ sums: RunSums?, _ audited: inout AuditedRun) throws {
    let isSteady = !world.during(run).zones.contains(where: \.hasCapacityRows)
    var checks = PolicyMetricChecks(
      run: run, findings: findings, sums: sums, isSteady: isSteady, replays: world.replays(run))
    try checks.check(database, faults)
    audited.policyMetrics = checks.checked
    if !checks.unchecked.isEmpty {
      audited.unchecked.append((.noRows, checks.unchecked.map { "policy_metrics \($0)" }))
    }
  }

  /// `jobs_without_home`; a result that was written before there was this column has none.
  private func checkHomes(_ run: AuditRunRow, _ sums: RunSums) throws {
    let count = sums.withoutHome
    guard try database.columns(in: "runs").contains(where: { $0.name == "jobs_without_home" }) else { return }
    let found = try DatabaseValue.fetchOne(
      database, sql: "SELECT jobs_without_home FROM runs WHERE run_id = ?", arguments: [run.id])
    try checkGivenHomes(run, atMost: sums.inAll - count)
    guard found.flatMap({ Int.fromDatabaseValue($0) }) != count else { return }
    findings.add(.run) {
      AuditFailure(
        $0, run: run.id, name: "jobs_without_home", found: .text(found.map { "\($0)" } ?? "nothing"),
        expected: .text("\(count), the number of rows without a home_zone"))
    }
  }

  /// Jobs that got a home have one, and all runs of a replication have the same jobs.
  private func checkGivenHomes(_ run: AuditRunRow, atMost most: Int) throws {
    func given(_ id: Int) throws -> Int? {
      try DatabaseValue.fetchOne(database, sql: "SELECT jobs_given_home FROM runs WHERE run_id = ?", arguments: [id])
        .flatMap { Int.fromDatabaseValue($0) }
    }
    guard try database.columns(in: "runs").contains(where: { $0.name == "jobs_given_home" }) else { return }
    let first = world.runs.first { $0.replication == run.replication }?.id ?? run.id
    let (found, other) = (try given(run.id), try given(first))
    if let found, (0...max(0, most)).contains(found), found == other { return }
    findings.add(.run) {
      AuditFailure(
        $0, run: run.id, name: "jobs_given_home", found: .text(found.map { "\($0)" } ?? "nothing"),
        expected: .text("at most \(most), the number of rows with a home_zone, and the same as in run \(first)"))
    }
  }

  private func checkSignature(_ run: AuditRunRow, _ signature: UInt64) {
    let digits = String(signature, radix: 16)
    let expected = String(repeating: "0", count: 16 - digits.count) + digits
    guard run.signature != expected else { return }
    findings.add(.signature) {
      AuditFailure(
        $0, run: run.id, name: "placement_signature", found: .text(run.signature),
        expected: .text("\(expected), from the job_id, zone and start of every job that started"))
    }
  }

  /// The figures of the runs of one replication, with savings against their baseline.
  private mutating func compare(_ together: [ReadRun]) {
    for var read in together {
      let world = self.world.during(read.row)
      let baseline = together.first { $0.row.id == read.row.baseline }?.totals ?? read.totals
      let comparison = FigureComparison(run: read.row, world: world, stored: read.stored, findings: findings)
      let recomputed: [(String, Recomputed)]
      if let sums = read.sums {
        recomputed = sums.metrics(world, baseline: baseline, stored: read.stored.metrics)
        read.audited.zoneFigures = comparison.zones { place in
          Array(zip(RunSums.zoneFigureNames, sums.zoneFigures(place, world)))
        }
      } else {
        let rowless = RowlessRun(run: read.row, world: world, stored: read.stored)
        recomputed = rowless.metrics(baseline: baseline)
        read.audited.zoneFigures = comparison.zones { rowless.zoneFigures($0) }
      }
      let isLarge = (read.sums?.waits.count ?? 0) > RunSums.exactPercentiles
      read.audited.metrics = comparison.metrics(recomputed, loosely: isLarge)
      let known = RunSums(run: read.row, zones: world.zones.count)
        .metrics(world, baseline: baseline, stored: [:]).map(\.0)
      let unknown = read.stored.names.filter { !known.contains($0) }
      if !unknown.isEmpty { read.audited.unchecked.append((.unknownFigure, unknown)) }
      audited.append(read.audited)
    }
  }
}
