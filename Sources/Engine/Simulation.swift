public import Domain
public import Policies

/// What stopped a simulation from outside the engine.
public enum SimulationError: Error, Equatable, CustomStringConvertible {
  /// A job would run where a trace has no value.
  case outsideTrace(kind: String, zone: String, wanted: (from: Instant, to: Instant), has: (from: Instant, to: Instant))
  case sourceOutOfOrder(sequence: Int)

  public static func == (a: Self, b: Self) -> Bool { a.description == b.description }

  public var description: String {
    switch self {
    case .outsideTrace(let kind, let zone, let wanted, let has):
      "the \(kind) trace of zone \(zone) covers \(has.from.iso8601) to \(has.to.iso8601), but a job runs from "
        + "\(wanted.from.iso8601) to \(wanted.to.iso8601); expected a longer trace, or extend: hold | wrap"
    case .sourceOutOfOrder(let sequence): "job number \(sequence) was submitted before the job ahead of it"
    }
  }
}

/// The grid and the clock of a run.
public struct World: Sendable {
  public var zones: [Zone]
  /// gCO2/kWh, one trace a zone.
  public var carbon: [StepTrace]
  /// GBP/kWh, one trace a zone.
  public var price: [StepTrace]
  public var start: Instant
  public var duration: TimeSpan
  /// Whether jobs that wait or run at the end are run to completion.
  public var drains: Bool

  public init(
    zones: [Zone], carbon: [StepTrace], price: [StepTrace], start: Instant, duration: TimeSpan, drains: Bool = true
  ) {
    precondition(zones.count == carbon.count && zones.count == price.count && !zones.isEmpty)
    self.zones = zones
    self.carbon = carbon
    self.price = price
    self.start = start
    self.duration = duration
    self.drains = drains
  }

  public var end: Instant { start + duration }
}

/// The discrete-event engine: one run of one policy over one stream of jobs.
///
/// Order at one instant (contract §3, ``eventOrderVersion``): completions, trace steps, submissions in source order,
/// starts, samples. Within completions: by the jobs' sequence. Memory follows the jobs in the system.
public final class Simulation {
  public static let eventOrderVersion = 1

  let world: World
  private let policy: any Policy
  private let source: any JobSource
  private let sink: any RecordSink
  private let probe: (any Probe)?
  let context: PolicyContext
  private(set) var live: [Live] = []
  private(set) var idle: [Int] = []
  private(set) var liveCount = 0
  private(set) var runningCounts: [Int]
  private var running = EventQueue()
  private var together: [Int32] = []
  private var nextStep = Instant.never
  /// The smallest capacity over the zones, resource by resource: what fits here fits everywhere.
  private let fitsEverywhere: Resources

  /// What the engine keeps of a live job beside ``PolicyContext``.
  struct Live {
    var actualDuration: TimeSpan
    var start: Instant
    var zone: Int
  }

  public init(
    world: World, policy: any Policy, source: any JobSource, sink: any RecordSink, probe: (any Probe)? = nil
  ) {
    self.world = world
    self.probe = probe
    runningCounts = Array(repeating: 0, count: world.zones.count)
    self.policy = policy
    self.source = source
    self.sink = sink
    context = PolicyContext(zones: world.zones)
    let capacities = world.zones.map(\.capacity)
    fitsEverywhere = capacities.dropFirst().reduce(capacities[0]) {
      Resources(
        milliCores: min($0.milliCores, $1.milliCores), milliGigabytes: min($0.milliGigabytes, $1.milliGigabytes),
        milliGPUs: min($0.milliGPUs, $1.milliGPUs))
    }
  }

  /// Runs to the end. Jobs outside [start, end) are the source's to leave out.
  ///
  /// - Throws: ``SimulationError``, `PolicyFault`, and whatever source or sink throw.
  public func run() throws {
    context.now = world.start
    setConditions(at: world.start)
    var submission = try source.next()
    var glance = probe?.next ?? .never
    while true {
      let arrival = submission?.job.submittedAt.milliseconds ?? .max
      let event = min(arrival, running.earliest)
      let instant = Instant(milliseconds: min(event, glance.milliseconds))
      if instant == .never || (!world.drains && instant >= world.end) { break }
      context.now = instant
      if event > instant.milliseconds {
        // Nothing happens but the look: no policy is asked, so that looking changes nothing.
        if instant >= nextStep { setConditions(at: instant) }
        try probe?.look(at: self)
        glance = probe?.next ?? .never
        continue
      }
      try complete(at: instant)
      if instant >= nextStep { setConditions(at: instant) }
      while let next = submission, next.job.submittedAt == instant {
        try admit(next)
        submission = try source.next()
        if let later = submission, later.job.submittedAt < instant {
          throw SimulationError.sourceOutOfOrder(sequence: later.job.sequence)
        }
      }
      policy.dispatch(context)
      if let fault = context.fault { throw fault }
      try launch(at: instant)
      if glance == instant {
        try probe?.look(at: self)
        glance = probe?.next ?? .never
      }
    }
    try close()
  }

  /// Class 1: ends the jobs that complete now and frees what they held.
  private func complete(at instant: Instant) throws {
    guard running.earliest == instant.milliseconds else { return }
    together.removeAll(keepingCapacity: true)
    while running.earliest == instant.milliseconds { together.append(running.pop()) }
    if together.count > 1 { together.sort { context.jobs[Int($0)].sequence < context.jobs[Int($1)].sequence } }
    for slot in together {
      let handle = Int(slot)
      context.freeCapacity[live[handle].zone] += context.jobs[handle].demand
      runningCounts[live[handle].zone] -= 1
      try record(handle, .completed, until: instant)
    }
  }

  /// Class 2: the values that hold from this instant on.
  private func setConditions(at instant: Instant) {
    nextStep = .never
    for zone in world.zones.indices {
      let inside = world.carbon[zone].covers(from: instant, to: instant)
      let priced = world.price[zone].covers(from: instant, to: instant)
      // Past the end of a trace nothing may start; the ledger says so when something does.
      context.intensities[zone] = inside ? world.carbon[zone].value(at: instant) : .infinity
      context.prices[zone] = priced ? world.price[zone].value(at: instant) : .infinity
      if inside { nextStep = min(nextStep, world.carbon[zone].nextStamp(after: instant)) }
      if priced { nextStep = min(nextStep, world.price[zone].nextStamp(after: instant)) }
    }
    context.conditionsChanged()
  }

  /// Class 3: a job enters; one that fits no zone it may use is rejected.
  private func admit(_ submitted: SubmittedJob) throws {
    let job = submitted.job
    let fits =
      fitsEverywhere.holds(job.demand)
      || world.zones.indices.contains {
        policy.mayUse($0, for: job) && world.zones[$0].capacity.holds(job.demand)
      }
    guard fits else {
      var rejected = JobRecord(
        job: job, status: .rejected, actualDuration: submitted.actualDuration, recommendations: Recommendations())
      rejected.rejection = .tooLarge
      return try sink.accept(rejected)
    }
    let entry = Live(actualDuration: submitted.actualDuration, start: .never, zone: -1)
    let handle: Int
    if let free = idle.popLast() {
      handle = free
      live[handle] = entry
      context.jobs[handle] = job
      context.pending[handle] = true
      context.recommended[handle] = Recommendations()
    } else {
      handle = live.count
      live.append(entry)
      context.jobs.append(job)
      context.pending.append(true)
      context.recommended.append(Recommendations())
    }
    liveCount += 1
    policy.submitted(handle, context)
  }

  /// Class 5: what the policy started takes its place in the queue of completions.
  private func launch(at instant: Instant) throws {
    for (handle, zone) in context.starts {
      let end = instant + live[handle].actualDuration
      live[handle].start = instant
      live[handle].zone = zone
      runningCounts[zone] += 1
      try check(world.carbon[zone], "carbon", zone, instant, end)
      try check(world.price[zone], "price", zone, instant, end)
      running.push(end.milliseconds, Int32(handle))
    }
    context.starts.removeAll(keepingCapacity: true)
  }

  private func check(_ trace: StepTrace, _ kind: String, _ zone: Int, _ from: Instant, _ end: Instant) throws {
    let to = world.drains ? end : min(end, world.end)
    guard !trace.covers(from: from, to: to) else { return }
    throw SimulationError.outsideTrace(
      kind: kind, zone: world.zones[zone].code, wanted: (from, to), has: (trace.start, trace.end))
  }

  /// Writes a job's one record and forgets it. Carbon and cost follow contract §1.
  private func record(_ handle: Int, _ status: JobStatus, until end: Instant) throws {
    let job = context.jobs[handle]
    let entry = live[handle]
    var record = JobRecord(
      job: job, status: status, actualDuration: entry.actualDuration, recommendations: context.recommended[handle])
    if entry.zone >= 0 {
      let zone = world.zones[entry.zone]
      let drawn = job.power(on: zone.hardware).value * zone.pue
      record.zone = entry.zone
      record.start = entry.start
      if status == .completed { record.end = end }
      record.energy = Energy(drawn * (end - entry.start).inHours)
      record.emissions = Emissions(drawn * world.carbon[entry.zone].integral(from: entry.start, to: end))
      record.cost = Money(drawn * world.price[entry.zone].integral(from: entry.start, to: end))
    }
    idle.append(handle)
    liveCount -= 1
    try sink.accept(record)
  }

  /// Records what is left: running and waiting jobs where the run does not drain. A policy that leaves jobs waiting
  /// with nothing running has lost them.
  private func close() throws {
    guard liveCount > 0 else { return }
    if world.drains {
      let now = context.now
      throw PolicyFault(kind: .lostJobs(liveCount), at: now)
    }
    let free = Set(idle)
    let left = live.indices.filter { !free.contains($0) }
      .sorted { context.jobs[$0].sequence < context.jobs[$1].sequence }
    for handle in left { try record(handle, live[handle].zone >= 0 ? .running : .pending, until: world.end) }
  }
}
