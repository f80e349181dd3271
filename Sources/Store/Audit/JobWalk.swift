internal import Domain
internal import GRDB

/// A job's hold on a zone's capacity.
struct Stay {
  var id: Int
  var start: Int64
  var end: Int64
  var demand: AuditResources
  var zone: Int32
}

/// One walk over the jobs of a run: figures, rules, sums.
struct JobWalk {
  let run: AuditRunRow
  let world: AuditWorld
  let traces: AuditTraces
  let findings: Findings
  var sums: RunSums
  var stays: [Stay] = []
  var figures = 0
  /// Of the first run of the replication, in order of id; filled where this is the first.
  private(set) var jobs: [SubmittedHash] = []

  init(_ run: AuditRunRow, _ world: AuditWorld, _ findings: Findings) {
    self.run = run
    self.world = world
    self.findings = findings
    traces = world.traces(of: run)
    sums = RunSums(run: run, zones: world.zones.count)
  }

  /// - Parameter comparison: told every job; `nil` where there is nothing to compare with.
  mutating func walk(_ database: Database, _ faults: CellFaults, comparison: inout SameJobs) throws {
    let row = try AuditQuery(
      database, faults, table: "compute_workloads", columns: JobColumn.allCases.map(\.name), keys: 2,
      clause: "WHERE run_id = ? ORDER BY id", arguments: [run.id])
    while try row.next() {
      let job = AuditJob(row, world)
      guard row.isSound else { continue }
      try comparison.add(job.id, row)
      visit(job, row)
    }
    sums.finish()
  }

  private mutating func visit(_ job: AuditJob, _ row: AuditQuery) {
    sums.submitted += 1
    if job.status == .rejected { sums.rejected += 1 }
    JobRules(run: run, world: world, findings: findings, job: job, row: row).check()
    if let deadline = job.deadline {
      sums.withDeadline += 1
      if job.status == .completed, let end = job.end, end <= deadline { sums.metDeadline += 1 }
    }
    compare(.gpuMinutes, row, job.gpuMinutes, Recomputed(Double(job.demand.gpus) * Double(job.estimated) / 6e7))
    guard let start = job.start, let place = job.zone.place, let until = job.poweredUntil(run) else { return }
    sums.zones[place].started += 1
    if job.status == .completed { sums.zones[place].completed += 1 }
    sums.waits.append(start.milliseconds - job.submitted.milliseconds)
    sums.signature &+= AuditHash.placement(
      jobID: row.bytes(JobColumn.jobID.rawValue), zone: world.zones[place].id, start: start.milliseconds)
    guard start < until else { return }
    stays.append(
      Stay(
        id: job.id, start: start.milliseconds, end: until.milliseconds, demand: job.demand, zone: Int32(place)))
    sums.zones[place].occupy(job.demand, from: start, until: until, run)
    account(job, row, place, start, until)
  }

  /// Energy, emissions and cost of the time it ran (contract §1).
  private mutating func account(_ job: AuditJob, _ row: AuditQuery, _ place: Int, _ start: Instant, _ until: Instant) {
    let zone = world.zones[place]
    let power =
      job.estimatedEnergy.map { $0 / (Double(job.estimated) / 3_600_000) } ?? zone.power(of: job.demand)
    let drawn = power * zone.pue
    let energy = drawn * (Double(until.milliseconds - start.milliseconds) / 3_600_000)
    sums.zones[place].energy.add(energy)
    compare(.energy, row, job.energy, Recomputed(energy))
    if let (area, magnitude) = integral(traces.intensity[place], "carbon_intensity", row, place, start, until) {
      let grams = Recomputed(drawn * area, magnitude: drawn * magnitude)
      sums.zones[place].emissions.add(drawn * area, magnitude: drawn * magnitude)
      compare(.emissions, row, job.emissions, grams.scaled(0.001))
      count(drawn * area, job.emissionsCap, &sums.emissionsCaps)
    }
    if let (area, magnitude) = integral(traces.price[place], "price", row, place, start, until) {
      sums.zones[place].cost.add(drawn * area, magnitude: drawn * magnitude)
      compare(.cost, row, job.cost, Recomputed(drawn * area, magnitude: drawn * magnitude))
      count(drawn * area, job.costCap, &sums.costCaps)
    }
  }

  private func integral(
    _ walk: StepWalk, _ name: String, _ row: AuditQuery, _ place: Int, _ start: Instant, _ until: Instant
  ) -> (Double, Double)? {
    switch walk.integral(from: start, to: until) {
    case .integral(let area, let magnitude): return (area, magnitude)
    case .missing(let at):
      findings.add(.trace) {
        AuditFailure(
          $0, run: run.id, job: row.text(JobColumn.jobID.rawValue), zone: world.zones[place].code, at: at, name: name,
          found: .text("no step in trace_steps"), expected: .text("one up to \(until.iso8601), while the job ran"))
      }
      return nil
    }
  }

  private func count(_ figure: Double, _ cap: Double?, _ caps: inout (broken: Int, close: Int)) {
    guard let cap else { return }
    let slack = 1e-9 * abs(cap)
    if figure > cap + slack { caps.broken += 1 } else if figure >= cap - slack { caps.close += 1 }
  }

  private mutating func compare(_ column: JobColumn, _ row: AuditQuery, _ stored: Double?, _ figure: Recomputed) {
    figures += 1
    guard !figure.agrees(stored) else { return }
    findings.add(.jobFigure) {
      AuditFailure(
        $0, run: run.id, job: row.text(JobColumn.jobID.rawValue), name: column.name, found: AuditValue(stored),
        expected: AuditValue(figure.value))
    }
  }
}
