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
  /// `nil` where decisions were not logged.
  private(set) var decisions: Int?
  /// Hashes of the jobs of the replication's first run, in order of id; filled only if this is that run.
  private(set) var jobs: [SubmittedHash] = []
  /// `nil` where the file has no charts of the run.
  private(set) var charts: ChartSums?

  init(_ run: AuditRunRow, _ world: AuditWorld, _ findings: Findings, charts: ChartSums?) {
    self.run = run
    self.charts = charts
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
    var interrupted = try SegmentReader(database, faults, run, world, findings)
    var log = try DecisionCursor(database, faults, run, world, findings)
    while try row.next() {
      let job = AuditJob(row, world)
      guard row.isSound else { continue }
      try comparison.add(job.id, row)
      let segments = try interrupted.segments(of: job.id)
      visit(job, row, segments)
      if let decisions = try log?.decisions(of: job.id) {
        DecisionRules(
          run: run, world: world, findings: findings, job: job, jobID: row.text(JobColumn.jobID.rawValue),
          segments: segments, decisions: decisions
        ).check()
      }
    }
    try interrupted.end()
    try log?.end()
    if log != nil { try DecisionCursor.checkOrder(database, run, findings) }
    decisions = log?.count
    sums.finish()
    charts?.finish()
  }

  private mutating func visit(_ job: AuditJob, _ row: AuditQuery, _ segments: [AuditSegment]) {
    let counts = job.submitted >= run.countedFrom
    if counts {
      sums.submitted += 1
      if job.status == .rejected { sums.rejected += 1 }
    }
    note(job, segments)
    sums.inAll += 1
    if job.home == .none { sums.withoutHome += 1 }
    JobRules(run: run, world: world, findings: findings, job: job, row: row, wasInterrupted: !segments.isEmpty)
      .check()
    SegmentRules(
      run: run, world: world, findings: findings, job: job, jobID: row.text(JobColumn.jobID.rawValue),
      segments: segments
    ).check()
    if counts, let deadline = job.deadline {
      sums.withDeadline += 1
      if job.status == .completed, let end = job.end, end <= deadline { sums.metDeadline += 1 }
    }
    if counts, let end = job.end, end > run.clockEnd { sums.endedAfterClock += 1 }
    compare(.gpuMinutes, row, job.gpuMinutes, Recomputed(Double(job.demand.gpus) * Double(job.estimated) / 6e7))
    guard let start = job.start, let place = job.zone.place else { return }
    guard segments.isEmpty else { return visit(job, row, placed(segments), first: start, place) }
    guard let until = job.poweredUntil(run) else { return }
    count(job, row, place, start)
    sign(row, place, start)
    guard start < until else { return }
    occupy(job, place, start, until)
    account(job, row, [Placed(place: place, start: start, end: until)], interruptions: 0)
  }

  /// Counts what `policy_metrics` tells of, jobs of the warm-up too.
  private mutating func note(_ job: AuditJob, _ segments: [AuditSegment]) {
    if job.status == .failed { sums.failed += 1 }
    if job.status == .pending { sums.pending += 1 }
    if job.status == .rejected { sums.rejectedInAll += 1 }
    if job.zone != .none { sums.taken[job.recommendations.firstIndex(of: job.zone) ?? 3] += 1 }
    for (place, segment) in segments.enumerated() {
      guard let zone = segment.zone.place, let end = segment.end?.milliseconds,
        world.zones[zone].periods.contains(where: { $0.stopsJobs && $0.start == end })
      else { continue }
      let isLast = place == segments.count - 1
      if isLast, job.status == .completed { continue }
      sums.outageSuspensions.most += 1
      if !(isLast && job.status == .failed && job.end == segment.end) { sums.outageSuspensions.least += 1 }
    }
    if segments.isEmpty, job.status == .failed { sums.outageSuspensions.most += 1 }
  }

  /// A stretch of time that a job ran in a zone.
  private struct Placed {
    var place: Int
    var start: Instant
    var end: Instant
  }

  private func placed(_ segments: [AuditSegment]) -> [Placed] {
    segments.compactMap { segment in
      segment.zone.place.map { Placed(place: $0, start: segment.start, end: segment.end ?? run.clockEnd) }
    }.filter { $0.start < $0.end }
  }

  /// A job that was interrupted: it counts in its last zone, what it held and drew where it did.
  private mutating func visit(
    _ job: AuditJob, _ row: AuditQuery, _ segments: [Placed], first start: Instant, _ place: Int
  ) {
    count(job, row, place, start)
    for segment in segments {
      sign(row, segment.place, segment.start)
      occupy(job, segment.place, segment.start, segment.end)
    }
    account(job, row, segments, interruptions: job.interruptions(segments: segments.count, world))
  }

  /// A job that started; one of the warm-up is in no figure.
  private mutating func count(_ job: AuditJob, _ row: AuditQuery, _ place: Int, _ start: Instant) {
    guard job.submitted >= run.countedFrom else { return }
    if charts != nil {
      let end = job.status == .completed ? job.end : nil
      charts?.started(
        row.text(JobColumn.workloadType.rawValue),
        turnaround: end.map { $0.milliseconds - job.submitted.milliseconds })
    }
    sums.zones[place].started += 1
    if job.status == .completed { sums.zones[place].completed += 1 }
    sums.waits.append(start.milliseconds - job.submitted.milliseconds)
  }

  private mutating func sign(_ row: AuditQuery, _ place: Int, _ start: Instant) {
    sums.signature &+= AuditHash.placement(
      jobID: row.bytes(JobColumn.jobID.rawValue), zone: world.zones[place].id, start: start.milliseconds)
  }

  private mutating func occupy(_ job: AuditJob, _ place: Int, _ start: Instant, _ until: Instant) {
    stays.append(
      Stay(
        id: job.id, start: start.milliseconds, end: until.milliseconds, demand: job.demand, zone: Int32(place)))
    sums.zones[place].occupy(job.demand, from: start, until: until, run)
  }

  /// Energy, emissions and cost of the time it ran (contract §1), and of its checkpoints and resumptions.
  private mutating func account(_ job: AuditJob, _ row: AuditQuery, _ segments: [Placed], interruptions: Int) {
    let counts = job.submitted >= run.countedFrom
    var energy = AuditSum()
    var grams: AuditSum? = AuditSum()
    var cost: AuditSum? = AuditSum()
    for (order, segment) in segments.enumerated() {
      let zone = world.zones[segment.place]
      let power =
        job.estimatedEnergy.map { $0 / (Double(job.estimated) / 3_600_000) } ?? zone.power(of: job.demand)
      var extras: [(Instant, Double)] = []
      if order > 0, run.resumeEnergy > 0 { extras.append((segment.start, run.resumeEnergy * zone.pue)) }
      if order < interruptions, run.checkpointEnergy > 0 {
        extras.append((segment.end, run.checkpointEnergy * zone.pue))
      }
      let drawn = power * zone.pue
      var own = AuditSum()
      own.add(drawn * (Double(segment.end.milliseconds - segment.start.milliseconds) / 3_600_000))
      for extra in extras { own.add(extra.1) }
      energy.add(own)
      if counts { sums.zones[segment.place].energy.add(own) }
      charts?.stay(segment.place, job.demand, own.value, from: segment.start, until: segment.end)
      let carbon = area(traces.intensity[segment.place], "carbon_intensity", row, segment, drawn, extras)
      if counts, let carbon {
        sums.zones[segment.place].emissions.add(carbon)
        addAfterClock(segment, drawn, extras)
      }
      let price = area(traces.price[segment.place], "price", row, segment, drawn, extras)
      if counts, let price { sums.zones[segment.place].cost.add(price) }
      if let carbon { grams?.add(carbon) } else { grams = nil }
      if let price { cost?.add(price) } else { cost = nil }
    }
    if counts, charts != nil {
      charts?.account(
        row.text(JobColumn.workloadType.rawValue), energy: energy, emissions: grams, cost: cost)
    }
    compare(.energy, row, job.energy, energy.recomputed)
    if let grams {
      compare(.emissions, row, job.emissions, grams.recomputed.scaled(0.001))
      if counts { count(grams.value, job.emissionsCap, &sums.emissionsCaps) }
    }
    if let cost {
      compare(.cost, row, job.cost, cost.recomputed)
      if counts { count(cost.value, job.costCap, &sums.costCaps) }
    }
  }

  /// A constant draw times a trace over a segment, and energies at instants times its value; `nil` where a step is
  /// missing, which is told.
  private func area(
    _ walk: TraceWalk, _ name: String, _ row: AuditQuery, _ segment: Placed, _ drawn: Double,
    _ extras: [(Instant, Double)]
  ) -> AuditSum? {
    guard let (area, magnitude) = integral(walk, name, row, segment.place, segment.start, segment.end) else {
      return nil
    }
    var sum = AuditSum()
    sum.add(drawn * area, magnitude: drawn * magnitude)
    for (instant, energy) in extras {
      guard let value = walk.value(at: instant) else {
        missing(name, row, segment.place, instant, until: instant)
        return nil
      }
      sum.add(energy * value)
    }
    return sum
  }

  /// Adds the part of a segment's emissions that falls at or after the clock's end. A missing step has already been
  /// reported.
  private mutating func addAfterClock(_ segment: Placed, _ drawn: Double, _ extras: [(Instant, Double)]) {
    guard segment.end >= run.clockEnd else { return }
    let walk = traces.intensity[segment.place]
    if case .integral(let area, let magnitude) = walk.integral(
      from: max(segment.start, run.clockEnd), to: segment.end)
    {
      sums.emissionsAfterClock.add(drawn * area, magnitude: drawn * magnitude)
    }
    for (instant, energy) in extras where instant >= run.clockEnd {
      if let value = walk.value(at: instant) { sums.emissionsAfterClock.add(energy * value) }
    }
  }

  private func integral(
    _ walk: TraceWalk, _ name: String, _ row: AuditQuery, _ place: Int, _ start: Instant, _ until: Instant
  ) -> (Double, Double)? {
    switch walk.integral(from: start, to: until) {
    case .integral(let area, let magnitude): return (area, magnitude)
    case .missing(let at):
      missing(name, row, place, at, until: until)
      return nil
    }
  }

  private func missing(_ name: String, _ row: AuditQuery, _ place: Int, _ at: Instant, until: Instant) {
    findings.add(.trace) {
      AuditFailure(
        $0, run: run.id, job: row.text(JobColumn.jobID.rawValue), zone: world.zones[place].code, at: at, name: name,
        found: .text("no step in trace_steps"), expected: .text("one up to \(until.iso8601), while the job ran"))
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
