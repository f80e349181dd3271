public import Domain

/// The engine's notes on a live job that was interrupted at least once.
struct InterruptedJob {
  /// The segments that a suspension has ended, as many as interruptions.
  var segments: [RunSegment] = []
  /// When the current segment began; `never` while suspended.
  var since = Instant.never
  /// The sum of the segments.
  var ran = TimeSpan.zero
  /// When the job last was to end, in milliseconds: the queue of completions holds that still.
  var dueAt: Int64

  init(dueAt: Int64) { self.dueAt = dueAt }
}

extension PolicyContext {
  /// How a job's life stands.
  @inlinable public func status(_ handle: JobID) -> JobStatus { jobs[known: handle].status }

  /// The zone that was chosen for a job; `nil` while none was.
  @inlinable
  public func zone(of handle: JobID) -> ZoneIndex? {
    let zone = jobs[known: handle].zone
    return zone >= 0 ? zone : nil
  }

  /// The scenario lets a job be interrupted; never if the zone that it runs in could not hold it again.
  public func mayInterrupt(_ handle: JobID) -> Bool {
    let record = jobs[known: handle]
    guard interruption.types.contains(record.job.type) else { return false }
    guard cluster.hasChanges, record.status == .running else { return true }
    return couldHold(record.job.demand, in: record.zone)
  }

  /// Time that a job has left to run by its *estimated* duration, with what interruptions have added; zero if it has
  /// run longer than that.
  public func remainingEstimate(_ handle: JobID) -> TimeSpan {
    let record = jobs[known: handle]
    var left = record.job.estimatedDuration
    var since = record.start
    if jobs.interruptedCount > 0, let job = jobs.interrupted[handle] {
      left = TimeSpan(
        milliseconds: left.milliseconds + Int64(job.segments.count) * interruption.delay.milliseconds
          - job.ran.milliseconds)
      since = job.since
    }
    if record.status == .running { left = left - (now - since) }
    return max(.zero, left)
  }

  /// Interrupts a running job (class 1 of the order of events): its capacity is free at once, for starts of this
  /// instant too, and it waits until it is resumed. It must have been started before this instant.
  public func suspend(_ handle: JobID) {
    guard !state.value.hasFault else { return }
    guard jobs.wasUsed(handle) else { return fail(.notPending) }
    let sequence = jobs[handle].job.sequence
    guard jobs[handle].status == .running else { return fail(.notRunning(job: sequence)) }
    guard mayInterrupt(handle) else { return fail(.notInterruptible(job: sequence)) }
    let since = jobs.interrupted[handle]?.since ?? jobs[handle].start
    guard since < now else { return fail(.notRunning(job: sequence)) }
    let zone = jobs[handle].zone
    if let journal { note(.suspend, handle, in: zone, at: .never, journal) }
    jobs.suspend(handle, since: since, at: now)
    cluster.suspend(jobs[handle].job.demand, in: zone)
    suspensionCount += 1
  }

  /// Lets a suspended job run on, in the zone that it ran in or in another: its capacity is taken at once. Caps are not
  /// looked at again.
  public func resume(_ handle: JobID, in zone: ZoneIndex? = nil) {
    guard !state.value.hasFault else { return }
    guard jobs.wasUsed(handle) else { return fail(.notPending) }
    let sequence = jobs[handle].job.sequence
    guard jobs[handle].status == .suspended else { return fail(.notSuspended(job: sequence)) }
    let place = zone ?? jobs[handle].zone
    guard zones.indices.contains(place) else { return fail(.unknownZone(place)) }
    guard cluster.free[place].holds(jobs[handle].job.demand) else {
      return fail(.overCapacity(job: sequence, zone: zones[place].code))
    }
    if let journal { note(.resume, handle, in: place, at: now, journal) }
    cluster.forgetSuspended(jobs[handle].zone)
    cluster.start(jobs[handle].job.demand, in: place)
    jobs.resume(handle, in: place, at: now)
    noteStarted(handle)
  }

  /// Time that an interrupted job really has left to run: the engine's to know.
  func remaining(_ job: InterruptedJob, of handle: JobID) -> TimeSpan {
    let left =
      jobs[handle].actualDuration.milliseconds + Int64(job.segments.count) * interruption.delay.milliseconds
      - job.ran.milliseconds
    precondition(left > 0, "a job was suspended when it was done")
    return TimeSpan(milliseconds: left)
  }
}
