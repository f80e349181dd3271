internal import Domain
internal import Engine
internal import Inputs
internal import Policies

/// Checks of the rules against a run's records, by an independent count: nothing is asked of the engine.
package struct RecordChecks {
  let scenario: ConformanceScenario
  let run: ConformanceRun
  /// A zone each.
  private let capacities: [[CapacityPeriod]]
  /// At most one of each rule.
  package private(set) var findings: [(rule: ConformanceRule, found: String)] = []

  package init(_ scenario: ConformanceScenario, _ run: ConformanceRun) {
    self.scenario = scenario
    self.run = run
    capacities = scenario.world.zones.indices.map { scenario.capacities($0) }
    checkCount()
    for record in run.records {
      checkRanking(record)
      if record.start == .never { checkNeverStarted(record) } else { checkStarted(record) }
    }
    checkCapacity()
    checkOutages()
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

  /// The zones that a job may use and that hold it at some time from an instant on.
  private func couldHold(_ job: Job, from instant: Instant = Instant(milliseconds: .min)) -> [ZoneIndex] {
    let usable = run.usable.indices.contains(job.sequence) ? run.usable[job.sequence] : []
    return usable.filter { zones.indices.contains($0) && everHolds($0, job.demand, from: instant) }
  }

  private func everHolds(_ zone: ZoneIndex, _ demand: Resources, from instant: Instant) -> Bool {
    capacities[zone].contains { $0.end > instant && $0.capacity.holds(demand) }
  }

  private mutating func checkRanking(_ record: JobRecord) {
    let ranking = record.recommendations
    let all = [ranking.first, ranking.second, ranking.third].map { Int($0) }
    let ranked = all.filter { $0 >= 0 }
    let job = record.job
    if ranked != Array(all.prefix(ranked.count)) { note(.ranking, "job \(job.sequence) is ranked \(all), with a gap") }
    if Set(ranked).count != ranked.count { note(.ranking, "job \(job.sequence) is ranked \(ranked), a zone twice") }
    for zone in ranked where !zones.indices.contains(zone) || !everHolds(zone, job.demand, from: job.submittedAt) {
      note(.ranking, "job \(job.sequence) is ranked \(ranked), and zone \(zone) could never hold it")
    }
    if record.start != .never, ranked.isEmpty { note(.ranking, "job \(job.sequence) ran, but no zone was ranked") }
  }

  private mutating func checkNeverStarted(_ record: JobRecord) {
    let job = record.job
    switch record.status {
    case .rejected:
      let decided = run.decisions.last { $0.job == job.sequence && $0.status == .rejected }?.at ?? job.submittedAt
      let left = couldHold(job, from: decided)
      if record.rejection != .capsNotMet, !left.isEmpty {
        note(.rejections, "job \(job.sequence) was rejected, but could run in zones \(left)")
      }
      if record.rejection == .capsNotMet, !scenario.capsAreHard || !job.hasCaps {
        note(.rejections, "job \(job.sequence) was rejected because of caps that do not apply to it")
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
    guard let first = segments.first else { return note(.oneStart, "job \(job) started, but never ran") }
    if record.start < record.job.submittedAt {
      note(.startTimes, "job \(job) started at \(record.start.iso8601), submitted at \(record.job.submittedAt.iso8601)")
    }
    if first.start != record.start { note(.oneStart, "the start of job \(job) is not the start of its first segment") }
    if !zip(segments, segments.dropFirst()).allSatisfy({ $0.end <= $1.start }) {
      note(.oneStart, "job \(job) ran in two places at once")
    }
    for segment in segments where !couldHold(record.job).contains(segment.zone) {
      note(.zones, "job \(job) ran in zone \(segment.zone); zones that could hold it: \(couldHold(record.job))")
    }
    if segments.count > 1, !scenario.interruption.types.contains(record.job.type) {
      note(.interruption, "job \(job) was interrupted, which the scenario does not allow")
    }
    let ran = segments.reduce(Int64(0)) { $0 + ($1.end - $1.start).milliseconds }
    // A job that failed may have been suspended at its end.
    let isPaused = record.status == .suspended || record.status == .failed
    let pauses = isPaused ? segments.count : segments.count - 1
    let due = record.actualDuration.milliseconds + Int64(pauses) * scenario.interruption.delay.milliseconds
    switch record.status {
    case .completed:
      if ran != due || segments.last?.end != record.end { note(.oneStart, "job \(job) ran \(ran) ms of \(due)") }
    case .running, .suspended:
      if scenario.world.drains { note(.oneRecord, "job \(job) was left \(record.status.name) by a run that drains") }
      if ran > due { note(.oneStart, "job \(job) ran \(ran) ms of \(due) and had not ended") }
    case .failed:
      if ran > due { note(.oneStart, "job \(job) ran \(ran) ms of \(due) and failed") }
      if !hadToFail(record, segments) {
        note(.outages, "job \(job) failed at \(record.end.iso8601) without an outage")
      }
    default: note(.oneRecord, "job \(job) started and is \(record.status.name)")
    }
  }

  private func maySuspend(_ job: Job) -> Bool { scenario.interruption.types.contains(job.type) }

  /// True if a power cut ended a job, or the capacity that it waited for while suspended is gone for good.
  private func hadToFail(_ record: JobRecord, _ segments: [RunSegment]) -> Bool {
    guard let last = segments.last, last.end == record.end else { return false }
    let begun = capacities[last.zone].filter { $0.start == record.end }
    if begun.contains(where: { $0.outage == .fail || ($0.outage == .suspend && !maySuspend(record.job)) }) {
      return true
    }
    return maySuspend(record.job) && capacities[last.zone].last?.capacity.holds(record.job.demand) != true
  }

  /// Nothing runs through the beginning of an outage but where it lets jobs finish.
  private mutating func checkOutages() {
    for record in run.records {
      for segment in run.segments(record, clockEnd: scenario.world.end) where zones.indices.contains(segment.zone) {
        for period in capacities[segment.zone] where period.start > segment.start && period.start < segment.end {
          guard let rule = period.outage, rule != .finish else { continue }
          note(
            .outages,
            "job \(record.job.sequence) continued to run in zone \(segment.zone) when its outage began at "
              + "\(period.start.iso8601)")
        }
      }
    }
  }

  /// Releases come before starts at one instant. What runs on where capacity was taken away counts, and nothing starts
  /// beside it.
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
      guard change.takes else {
        held[change.zone] -= change.demand
        continue
      }
      held[change.zone] += change.demand
      let now = capacities[change.zone].last { $0.start <= change.at }
      if now?.isOut == true {
        note(.outages, "a job started in zone \(change.zone) at \(change.at.iso8601), during an outage")
      } else if now?.capacity.holds(held[change.zone]) != true {
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
