internal import Domain

/// Rules for one job's row by itself (contract §2).
struct JobRules {
  let run: AuditRunRow
  let world: AuditWorld
  let findings: Findings
  let job: AuditJob
  let row: AuditQuery
  /// True if the job has rows of `workload_segments`, which specify how long it ran.
  let wasInterrupted: Bool

  func check() {
    if let column = row.inexact {
      let name = row.columns[column]
      findings.add(.job) {
        AuditFailure(
          $0, run: run.id, job: jobID, name: name, found: .number(row.number(column)),
          expected: .text("a whole number of thousandths"))
      }
    }
    checkSubmission()
    checkReferences()
    checkRecommendations()
    guard let status = job.status else {
      return fault(.status, .text(row.text(JobColumn.status.rawValue)), "a status that a job can have after a run")
    }
    switch status {
    case .completed: checkCompleted()
    case .running: checkRunning()
    case .suspended: checkSuspended()
    case .rejected: checkRejected()
    case .pending: checkWaiting(hasZone: false)
    case .scheduled: checkWaiting(hasZone: true)
    case .failed: checkFailed()
    }
    if status != .rejected {
      if job.reason != nil { fault(.reason, .text(job.reason ?? ""), "nothing, as the job was not rejected") }
      if !fitsSomewhere { fault(.status, .text(name(status)), "REJECTED, as no zone that it may use is large enough") }
    }
  }

  private var jobID: String { row.text(JobColumn.jobID.rawValue) }

  private func fault(_ column: JobColumn, _ found: AuditValue, _ expected: String) {
    findings.add(.job) {
      AuditFailure($0, run: run.id, job: jobID, name: column.name, found: found, expected: .text(expected))
    }
  }

  private func name(_ status: AuditJob.Status) -> String { "\(status)".uppercased() }

  /// True if the run's policy may use a zone for the job.
  private func mayUse(_ place: Int) -> Bool {
    !run.staysAtHome || job.home == .none || job.home == .zone(place)
  }

  private var fitsSomewhere: Bool {
    for place in world.zones.indices where mayUse(place) && couldHold(place) { return true }
    return false
  }

  private var fitsInTheEnd: Bool {
    world.zones.indices.contains { mayUse($0) && world.zones[$0].lastsFor(job.demand) }
  }

  private func couldHold(_ place: Int) -> Bool { world.zones[place].couldHold(job.demand, from: job.submitted) }

  private func checkSubmission() {
    if job.submitted < run.clockStart || job.submitted >= run.clockEnd {
      fault(.submittedAt, .instant(job.submitted), "an instant within the clock")
    }
    if job.estimated <= 0 { fault(.duration, .number(Double(job.estimated) / 1000), "more than 0") }
    if job.actual <= 0 { fault(.actualDuration, .number(Double(job.actual) / 1000), "more than 0") }
    if let deadline = job.deadline, deadline < job.submitted {
      fault(.deadline, .instant(deadline), "an instant not before submitted_at")
    }
  }

  private func checkReferences() {
    for (column, reference) in [
      (JobColumn.homeZone, job.home), (.chosenZone, job.zone), (.first, job.recommendations[0]),
      (.second, job.recommendations[1]), (.third, job.recommendations[2]),
    ] {
      if case .unknown(let id) = reference { fault(column, .text("\(id)"), "the id of a row of grid_zones") }
    }
  }

  /// Distinct zones, each large enough, without holes; a job that started has one.
  private func checkRecommendations() {
    let columns = [JobColumn.first, .second, .third]
    for (rank, reference) in job.recommendations.enumerated() {
      guard reference != .none else { continue }
      if rank > 0, job.recommendations[rank - 1] == .none {
        fault(columns[rank], shown(reference), "nothing, as the recommendation before it is absent")
      }
      if job.recommendations[..<rank].contains(reference) {
        fault(columns[rank], shown(reference), "a zone that is not recommended before")
      }
      if let place = reference.place, !couldHold(place) {
        fault(columns[rank], shown(reference), "a zone that is large enough for the job")
      }
    }
    if job.start != nil, job.recommendations[0] == .none { fault(.first, .nothing, "a zone, as the job started") }
  }

  private func shown(_ reference: ZoneReference) -> AuditValue {
    switch reference {
    case .none: .nothing
    case .unknown(let id): .text("\(id)")
    case .zone(let place): .text(world.zones[place].code)
    }
  }

  /// A zone that may be used and is large enough, and a start between submission and the end of the run.
  private func checkStarted() {
    guard let start = job.start else { return fault(.start, .nothing, "an instant, as the job is \(status)") }
    if start < job.submitted { fault(.start, .instant(start), "an instant not before submitted_at") }
    if !run.drains, start >= run.clockEnd { fault(.start, .instant(start), "an instant within the clock") }
    guard job.zone != .none else { return fault(.chosenZone, .nothing, "a zone, as the job is \(status)") }
    guard let place = job.zone.place else { return }
    if !mayUse(place) { fault(.chosenZone, shown(job.zone), "the home zone, as the policy is \(run.policy)") }
    if !couldHold(place) {
      fault(.chosenZone, shown(job.zone), "a zone that is large enough for the job")
    }
  }

  private var status: String { job.status.map(name) ?? "" }

  private func checkCompleted() {
    checkStarted()
    guard let start = job.start else { return }
    guard !wasInterrupted else {
      if let end = job.end { checkEnd(end) } else { fault(.end, .nothing, "an instant, as the job is COMPLETED") }
      return
    }
    let due = start + TimeSpan(milliseconds: job.actual)
    guard job.end != due else { return checkEnd(due) }
    findings.add(.job) {
      AuditFailure(
        $0, run: run.id, job: jobID, name: JobColumn.end.name, found: AuditValue(job.end), expected: .instant(due))
    }
  }

  /// Without draining, whatever would end at the clock's end or later is cut off there.
  private func checkEnd(_ end: Instant) {
    if !run.drains, end >= run.clockEnd { fault(.end, .instant(end), "an instant within the clock") }
  }

  private func checkRunning() {
    checkUnfinished()
    checkStarted()
    if let end = job.end { fault(.end, .instant(end), "nothing, as the job still runs") }
    if !wasInterrupted, let start = job.start, start + TimeSpan(milliseconds: job.actual) < run.clockEnd {
      fault(.status, .text("RUNNING"), "COMPLETED, as the job ended within the clock")
    }
  }

  /// It failed as its zone went out; or as capacity was taken away for good while it was suspended, and its end is its
  /// last suspension.
  private func checkFailed() {
    checkStarted()
    guard let start = job.start, let place = job.zone.place else { return }
    guard let end = job.end else { return fault(.end, .nothing, "the instant at which the job failed") }
    let change = world.zones[place].periods.first { $0.start == end.milliseconds }
    let isHopeless = wasInterrupted && !world.zones[place].lastsFor(job.demand)
    if change?.stopsJobs != true, !isHopeless {
      fault(.end, .instant(end), "the start of an outage that fails the jobs of the zone")
    }
    if !wasInterrupted, start + TimeSpan(milliseconds: job.actual) <= end {
      fault(.status, .text("FAILED"), "COMPLETED, as the job ended before")
    }
  }

  private func checkSuspended() {
    checkUnfinished()
    checkStarted()
    if let end = job.end { fault(.end, .instant(end), "nothing, as the job is suspended") }
  }

  private func checkUnfinished() {
    if run.drains { fault(.status, .text(status), "COMPLETED or REJECTED, as the run drains") }
  }

  private func checkWaiting(hasZone: Bool) {
    if hasZone || !run.leavesJobs { checkUnfinished() }
    if hasZone != (job.zone != .none) {
      fault(
        .chosenZone, shown(job.zone), hasZone ? "a zone, as the job is SCHEDULED" : "nothing, as the job is PENDING")
    }
    checkNeverRan()
  }

  private func checkNeverRan() {
    for (column, instant) in [(JobColumn.start, job.start), (.end, job.end)] {
      if let instant { fault(column, .instant(instant), "nothing, as the job never ran") }
    }
    for (column, figure) in [(JobColumn.energy, job.energy), (.emissions, job.emissions), (.cost, job.cost)] {
      if let figure { fault(column, .number(figure), "nothing, as the job never ran") }
    }
  }

  private func checkRejected() {
    if job.zone != .none { fault(.chosenZone, shown(job.zone), "nothing, as the job was rejected") }
    checkNeverRan()
    switch job.reason {
    case nil: fault(.reason, .nothing, "a reason, as the job was rejected")
    case Rejection.tooLarge.text?:
      if fitsInTheEnd {
        fault(.reason, .text("\"\(Rejection.tooLarge.text)\""), "no zone that the job may use and that is large enough")
      }
    case Rejection.capsNotMet.text?:
      if job.emissionsCap == nil, job.costCap == nil, row.isNull(JobColumn.intensityCap.rawValue) {
        fault(.reason, .text("\"\(Rejection.capsNotMet.text)\""), "a job with a cap")
      }
    case let other?: fault(.reason, .text("\"\(other)\""), "a known reason")
    }
  }
}
