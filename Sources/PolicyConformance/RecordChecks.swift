internal import Domain
internal import Engine
internal import Inputs
internal import Policies

/// What a run's records tell of the rules, by a count of their own: nothing is asked of the engine.
package struct RecordChecks {
  let scenario: ConformanceScenario
  let run: ConformanceRun
  /// At most one of each rule.
  package private(set) var findings: [(rule: ConformanceRule, found: String)] = []

  package init(_ scenario: ConformanceScenario, _ run: ConformanceRun) {
    self.scenario = scenario
    self.run = run
    checkCount()
    for record in run.records {
      checkRanking(record)
      if record.start == .never { checkNeverStarted(record) } else { checkStarted(record) }
    }
    checkCapacity()
    if scenario.capsAreHard { checkCaps() }
  }

  private mutating func note(_ rule: ConformanceRule, _ found: String) {
    if !findings.contains(where: { $0.rule == rule }) { findings.append((rule, found)) }
  }

  private var zones: [Zone] { scenario.world.zones }

  private mutating func checkCount() {
    var counts = Array(repeating: 0, count: scenario.jobs.count)
    for record in run.records {
      if counts.indices.contains(record.job.sequence) {
        counts[record.job.sequence] += 1
      } else {
        note(.oneRecord, "a record of job \(record.job.sequence), which was never submitted")
      }
    }
    for (job, count) in counts.enumerated() where count != 1 {
      note(.oneRecord, "job \(job) ended in \(count) records")
    }
  }

  private func couldHold(_ job: Job) -> [ZoneIndex] {
    let usable = run.usable.indices.contains(job.sequence) ? run.usable[job.sequence] : []
    return usable.filter { zones.indices.contains($0) && zones[$0].capacity.holds(job.demand) }
  }

  private mutating func checkRanking(_ record: JobRecord) {
    let ranking = record.recommendations
    let all = [ranking.first, ranking.second, ranking.third].map { Int($0) }
    let ranked = all.filter { $0 >= 0 }
    let job = record.job
    if ranked != Array(all.prefix(ranked.count)) { note(.ranking, "job \(job.sequence) is ranked \(all), with a hole") }
    if Set(ranked).count != ranked.count { note(.ranking, "job \(job.sequence) is ranked \(ranked), a zone twice") }
    for zone in ranked where !zones.indices.contains(zone) || !zones[zone].capacity.holds(job.demand) {
      note(.ranking, "job \(job.sequence) is ranked \(ranked), and zone \(zone) could never hold it")
    }
    if record.start != .never, ranked.isEmpty { note(.ranking, "job \(job.sequence) ran and no zone was ranked") }
  }

  private mutating func checkNeverStarted(_ record: JobRecord) {
    let job = record.job
    switch record.status {
    case .rejected:
      let holds = !couldHold(job).isEmpty
      if record.rejection != .capsNotMet, holds {
        note(.rejections, "job \(job.sequence) was rejected and could run in zones \(couldHold(job))")
      }
      if record.rejection == .capsNotMet, !scenario.capsAreHard || !job.hasCaps {
        note(.rejections, "job \(job.sequence) was rejected for caps that do not bind it")
      }
    case .pending, .scheduled:
      if scenario.world.drains, !run.leavesJobs || record.status == .scheduled {
        note(.oneRecord, "job \(job.sequence) was left \(record.status.name) by a run that drains")
      }
    default: note(.oneRecord, "job \(job.sequence) is \(record.status.name) and never started")
    }
  }

  private mutating func checkStarted(_ record: JobRecord) {
    let job = record.job.sequence
    let segments = run.segments(record, clockEnd: scenario.world.end)
    guard let first = segments.first else { return note(.oneStart, "job \(job) started and never ran") }
    if record.start < record.job.submittedAt {
      note(.startTimes, "job \(job) started at \(record.start.iso8601), submitted at \(record.job.submittedAt.iso8601)")
    }
    if first.start != record.start { note(.oneStart, "job \(job) started at another instant than it ran from") }
    if !zip(segments, segments.dropFirst()).allSatisfy({ $0.end <= $1.start }) {
      note(.oneStart, "job \(job) ran in two places at once")
    }
    for segment in segments where !couldHold(record.job).contains(segment.zone) {
      note(.zones, "job \(job) ran in zone \(segment.zone), of \(couldHold(record.job)) that it may use and fits")
    }
    if segments.count > 1, !scenario.interruption.types.contains(record.job.type) {
      note(.interruption, "job \(job) was interrupted, which the scenario does not allow")
    }
    let ran = segments.reduce(Int64(0)) { $0 + ($1.end - $1.start).milliseconds }
    let pauses = record.status == .suspended ? segments.count : segments.count - 1
    let due = record.actualDuration.milliseconds + Int64(pauses) * scenario.interruption.delay.milliseconds
    switch record.status {
    case .completed:
      if ran != due || segments.last?.end != record.end { note(.oneStart, "job \(job) ran \(ran) ms of \(due)") }
    case .running, .suspended:
      if scenario.world.drains { note(.oneRecord, "job \(job) was left \(record.status.name) by a run that drains") }
      if ran > due { note(.oneStart, "job \(job) ran \(ran) ms of \(due) and was not over") }
    default: note(.oneRecord, "job \(job) started and is \(record.status.name)")
    }
  }

  /// Releases come before starts at one instant.
  private mutating func checkCapacity() {
    var changes: [(at: Instant, takes: Bool, zone: Int, demand: Resources)] = []
    for record in run.records {
      for segment in run.segments(record, clockEnd: scenario.world.end) where zones.indices.contains(segment.zone) {
        changes.append((segment.start, true, segment.zone, record.job.demand))
        changes.append((segment.end, false, segment.zone, record.job.demand))
      }
    }
    changes.sort { ($0.at, $0.takes ? 1 : 0) < ($1.at, $1.takes ? 1 : 0) }
    var held = Array(repeating: Resources.zero, count: zones.count)
    for change in changes {
      if change.takes { held[change.zone] += change.demand } else { held[change.zone] -= change.demand }
      if !zones[change.zone].capacity.holds(held[change.zone]) {
        note(.capacity, "zone \(change.zone) holds \(held[change.zone]) at \(change.at.iso8601)")
      }
    }
  }

  /// A job's prediction at its start, by a forecast issued anew.
  private mutating func checkCaps() {
    let forecast = Forecast(zoneCount: zones.count)
    let forecaster = scenario.forecaster()
    for record in run.records where record.start != .never && record.job.hasCaps {
      let job = record.job
      let zone = run.segments(record, clockEnd: scenario.world.end)[0].zone
      forecaster.update(forecast, at: record.start)
      let end = record.start + job.estimatedDuration
      let power = job.power(on: zones[zone].hardware).value * zones[zone].pue
      let emissions = power * forecast.carbon(zone).integral(from: record.start, to: end)
      let cost = power * forecast.price(zone).integral(from: record.start, to: end)
      let intensity = scenario.world.carbon[zone].value(at: record.start)
      func exceeds(_ value: Double, _ cap: Double) -> Bool { value > cap + 1e-9 * max(1, cap.magnitude) }
      if exceeds(emissions, job.emissionsCap.value) || exceeds(cost, job.costCap.value)
        || exceeds(intensity, job.intensityCap.value)
      {
        note(
          .hardCaps,
          "job \(job.sequence) started in zone \(zone) at \(record.start.iso8601) with \(emissions) g, \(cost) GBP and "
            + "\(intensity) g/kWh predicted, caps \(job.emissionsCap.value), \(job.costCap.value) and "
            + "\(job.intensityCap.value)")
      }
    }
  }
}

extension ConformanceRule {
  /// The rule that an error of a run tells of.
  init(_ error: any Error) {
    guard let fault = error as? PolicyFault else {
      self = .runs
      return
    }
    self =
      switch fault.kind {
      case .unknownZone: .zones
      case .notPending: .oneStart
      case .overCapacity: .capacity
      case .capBroken: .hardCaps
      case .lostJobs: .oneRecord
      case .notInterruptible, .notRunning, .notSuspended: .interruption
      default: .runs
      }
  }
}
