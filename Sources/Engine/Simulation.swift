public import Domain

/// A fault outside the engine that stopped a simulation.
public enum SimulationError: Error, Equatable, CustomStringConvertible {
  /// A job would run where a trace has no value.
  case outsideTrace(
    sequence: Int, kind: String, zone: String, wanted: (from: Instant, to: Instant), has: (from: Instant, to: Instant))
  case sourceOutOfOrder(sequence: Int)
  /// A job would end when no instant can be told.
  case pastCalendar(sequence: Int, from: Instant)

  public static func == (a: Self, b: Self) -> Bool { a.description == b.description }

  public var description: String { description(job: "a job") }

  /// - Parameter job: the name of a job that ran outside a trace.
  public func description(job: String) -> String {
    switch self {
    case .outsideTrace(_, let kind, let zone, let wanted, let has):
      "the \(kind) trace of zone \(zone) covers \(has.from.iso8601) to \(has.to.iso8601), but \(job) runs from "
        + "\(wanted.from.iso8601) to \(wanted.to.iso8601); expected a longer trace, or extend: hold | wrap"
    case .pastCalendar(let sequence, let from):
      "job number \(sequence) begins at \(from.iso8601) and would run past the year 9999; expected shorter jobs, or an "
        + "earlier clock"
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
  /// Jobs that wait or run at the end are run to completion.
  public var drains: Bool
  /// Changes of the zones' capacities, in order of time.
  public var changes: [CapacityChange]

  /// - Parameter changes: in order of time; an outage must end.
  public init(
    zones: [Zone], carbon: [StepTrace], price: [StepTrace], start: Instant, duration: TimeSpan, drains: Bool = true,
    changes: [CapacityChange] = []
  ) {
    precondition(zones.count == carbon.count && zones.count == price.count && !zones.isEmpty)
    precondition(zip(changes, changes.dropFirst()).allSatisfy { $0.at <= $1.at }, "changes out of order")
    precondition(changes.allSatisfy { zones.indices.contains($0.zone) }, "a change of a zone that does not exist")
    self.changes = changes
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
/// ``EventClass`` has the order of events at one instant. Memory follows the jobs in the system.
public final class Simulation {
  public static let eventOrderVersion = 1

  let world: World
  let policy: any Policy
  private let source: any JobSource
  let sink: any RecordSink
  private let probe: (any Probe)?
  let context: PolicyContext
  let ledger: EnergyLedger
  let jobs: JobTable
  let calendar: Calendar
  /// The completions of this instant, where there are several.
  @exclusivity(unchecked) var completing: [JobID] = []
  /// No trace has an end.
  private let alwaysCovered: Bool
  /// How long the policy takes, on the machine's clock.
  @exclusivity(unchecked) public private(set) var decisions = DecisionTimes()
  /// The job that is submitted next, if any.
  @exclusivity(unchecked) private var nextJob = JobID(slot: 0)
  /// The index of the next change of capacity.
  @exclusivity(unchecked) var changeIndex = 0
  /// Jobs that an outage suspended, a zone each, and how many.
  @exclusivity(unchecked) var held: [[HeldJob]]
  @exclusivity(unchecked) var heldCount = 0
  private enum Stage { case made, begun, finished }
  private var stage = Stage.made
  /// Counts of what events did to jobs.
  @exclusivity(unchecked) public internal(set) var events = EventCounts()

  /// - Parameters:
  ///   - forecaster: who tells the policy of the future; without one a forecast says 0 for ever.
  ///   - capsAreHard: whether a job may start only where its prediction keeps its caps.
  ///   - interruption: which jobs the policy may interrupt.
  ///   - decisionLog: who is told of every decision; without one they cost nothing.
  public init(
    world: World, policy: any Policy, source: any JobSource, sink: any RecordSink, probe: (any Probe)? = nil,
    forecaster: (any Forecaster)? = nil, capsAreHard: Bool = false, interruption: InterruptionRules = .never,
    decisionLog: (any DecisionSink)? = nil
  ) {
    self.world = world
    self.probe = probe
    self.policy = policy
    self.source = source
    self.sink = sink
    context = PolicyContext(
      world, forecaster: forecaster, capsAreHard: capsAreHard, interruption: interruption,
      journal: decisionLog.map { DecisionJournal($0, policy) })
    held = world.zones.map { _ in [] }
    calendar = context.calendar
    jobs = context.jobs
    ledger = EnergyLedger(world)
    alwaysCovered = (world.carbon + world.price).allSatisfy(\.isEndless)
  }

  /// Runs to the end: ``begin()``, ``advance(through:)`` without a limit, ``finish()``. Jobs outside [start, end) are
  /// the source's to leave out.
  ///
  /// - Throws: ``SimulationError``, `PolicyFault`, and whatever source or sink throw.
  public func run() throws {
    try begin()
    try finish()
  }

  /// Sets the clock to the start, with the conditions that hold then, and reads the first job. Once, before anything
  /// else.
  ///
  /// - Throws: what the source throws.
  public func begin() throws {
    precondition(stage == .made, "a simulation begins once")
    stage = .begun
    context.state.value.now = world.start
    setConditions(at: world.start)
    try readNext()
    calendar.nextChange = followingChange()
  }

  /// Handles every event up to an instant, that one included; the clock then stands at `limit`, and the conditions are
  /// those of `limit`. A limit that has passed changes nothing, and no division of the time into advances changes a
  /// record or a decision.
  ///
  /// A run that does not drain handles nothing at the end of its clock or later, which is as far as its clock goes.
  /// After an error the simulation cannot go on.
  ///
  /// - Throws: ``SimulationError``, `PolicyFault`, and whatever source, sink or probe throw.
  public func advance(through limit: Instant) throws {
    precondition(stage == .begun, "a simulation advances between its beginning and its end")
    try handleEvents(through: limit)
    let reached = world.drains ? limit : min(limit, world.end)
    guard reached != .never, reached > context.now else { return }
    context.state.value.now = reached
    if calendar.isDue(.traceStep, at: reached) { setConditions(at: reached) }
  }

  /// Handles what is left to happen and then records the jobs that are left: those that run or wait where the run does
  /// not drain. Once, after everything else.
  ///
  /// - Throws: as ``advance(through:)``; a `PolicyFault` where jobs wait for ever in a run that drains.
  public func finish() throws {
    precondition(stage == .begun, "a simulation finishes once, after its beginning")
    try handleEvents(through: .never)
    stage = .finished
    try recordRemaining()
  }

  private func handleEvents(through limit: Instant) throws {
    calendar.nextLook = (probe?.next ?? .never).milliseconds
    while true {
      if calendar.staleCount > 0 { forgetStale() }
      let event = calendar.nextEvent(isIdle: jobs.liveCount == 0)
      let instant = Instant(milliseconds: min(event, calendar.nextLook))
      if instant > limit || instant == .never || (!world.drains && instant >= world.end) { return }
      context.state.value.now = instant
      if event == instant.milliseconds {
        try handle(at: instant)
      } else if calendar.isDue(.traceStep, at: instant) {
        // Nothing happens but the look: no policy is asked, so that looking changes nothing.
        setConditions(at: instant)
      }
      if calendar.isDue(.sample, at: instant) {
        try probe?.look(at: self)
        calendar.nextLook = (probe?.next ?? .never).milliseconds
      }
    }
  }

  /// The classes of an instant with at least one event, in the order of ``EventClass``; samples follow.
  @inline(__always)
  private func handle(at instant: Instant) throws {
    if calendar.isDue(.completion, at: instant) { try complete(at: instant) }
    if calendar.isDue(.traceStep, at: instant) { setConditions(at: instant) }
    if calendar.isDue(.capacityChange, at: instant) { try changeCapacities(at: instant) }
    decisions.begin()
    while calendar.isDue(.submission, at: instant) {
      try admit(nextJob)
      try readNext()
    }
    if calendar.isDue(.wakeUp, at: instant) { calendar.removeWakes(through: instant) }
    if heldCount > 0 { resumeHeld() }
    decisions.resume()
    policy.dispatch(context)
    decisions.end()
    if context.cluster.released.count > 0 { context.cluster.forgetReleased() }
    if context.state.value.hasFault, let fault = context.fault { throw fault }
    if context.state.value.hasRejections { try dismiss() }
    if jobs.interruptedCount > 0 { noteSuspensions() }
    try launch(at: instant)
  }

  /// Ends the jobs that complete now and frees what they held.
  private func complete(at instant: Instant) throws {
    if calendar.staleCount > 0 { return try completeCurrent(at: instant) }
    let first = calendar.removeCompletion()
    guard calendar.isDue(.completion, at: instant) else { return try end(first, at: instant) }
    completing.removeAll(keepingCapacity: true)
    completing.append(first)
    while calendar.isDue(.completion, at: instant) { completing.append(calendar.removeCompletion()) }
    try endCompleting(at: instant)
  }

  func endCompleting(at instant: Instant) throws {
    completing.sort { jobs[$0].job.sequence < jobs[$1].job.sequence }
    for id in completing { try end(id, at: instant) }
  }

  private func end(_ id: JobID, at instant: Instant) throws {
    context.cluster.end(jobs[id].job.demand, in: jobs[id].zone)
    jobs.complete(id, at: instant)
    policy.completed(id, context)
    try close(id, at: instant)
  }

  private func setConditions(at instant: Instant) { calendar.nextStep = context.conditions.update(at: instant) }

  /// Submits a job; one that fits no zone it may use is rejected.
  private func admit(_ id: JobID) throws {
    jobs.submit(id)
    guard fitsSomewhere(id) else {
      jobs.reject(id, .tooLarge)
      context.noteRejection(id, .tooLarge)
      jobs.remove(id)
      return try sink.accept(jobs[id])
    }
    decisions.resume()
    policy.submitted(id, context)
    decisions.pause()
  }

  /// Reads the next job into the table, where it stays when it is submitted.
  private func readNext() throws {
    let earlier = calendar.nextSubmission
    guard let id = try jobs.read(from: source) else {
      calendar.nextSubmission = .max
      return
    }
    nextJob = id
    let next = jobs[id].job.submittedAt.milliseconds
    calendar.nextSubmission = next
    if next < earlier { throw SimulationError.sourceOutOfOrder(sequence: jobs[id].job.sequence) }
  }

  func fitsSomewhere(_ id: JobID) -> Bool {
    if context.cluster.fitsEverywhere.holds(jobs[id].job.demand) { return true }
    let job = jobs[id].job
    return world.zones.indices.contains {
      policy.mayUse($0, for: job) && context.couldHold(job.demand, in: $0)
    }
  }

  /// Enters the completions of the jobs that the policy let run into the calendar.
  private func launch(at instant: Instant) throws {
    for index in 0..<context.state.value.startCount {
      let id = context.starts[index]
      let zone = jobs[id].zone
      var end = instant + jobs[id].actualDuration
      var isQueued = false
      if jobs.interruptedCount > 0 { (end, isQueued) = endOfResumed(id, end, at: instant) }
      if !alwaysCovered {
        let sequence = jobs[id].job.sequence
        try check(sequence, world.carbon[zone], "carbon", zone, instant, end)
        try check(sequence, world.price[zone], "price", zone, instant, end)
      }
      if end > Instant.calendar.upperBound, world.drains {
        throw SimulationError.pastCalendar(sequence: jobs[id].job.sequence, from: instant)
      }
      if !isQueued { calendar.addCompletion(of: id, at: end) }
    }
    context.state.value.startCount = 0
  }

  /// Records the jobs that the policy gave up.
  private func dismiss() throws {
    context.state.value.hasRejections = false
    for id in context.rejections {
      jobs.remove(id)
      try sink.accept(jobs[id])
    }
    context.rejections.removeAll(keepingCapacity: true)
  }

  private func check(
    _ sequence: Int, _ trace: StepTrace, _ kind: String, _ zone: Int, _ from: Instant, _ end: Instant
  ) throws {
    let to = world.drains ? end : min(end, world.end)
    guard !trace.covers(from: from, to: to) else { return }
    throw SimulationError.outsideTrace(
      sequence: sequence, kind: kind, zone: world.zones[zone].code, wanted: (from, to), has: (trace.start, trace.end))
  }

  /// Completes a job's one record, hands it over and forgets it.
  func close(_ id: JobID, at end: Instant) throws {
    if jobs.interruptedCount > 0, let job = jobs.takeInterrupted(id) {
      return try close(id, job, at: end)
    }
    if jobs[id].start != .never {
      jobs.settle(id, ledger.drawn(by: jobs[id].job, in: jobs[id].zone, from: jobs[id].start, to: end))
    }
    jobs.remove(id)
    try sink.accept(jobs[id])
  }

  /// Records what is left: running and waiting jobs where the run does not drain. A policy that leaves jobs waiting
  /// with nothing running has lost them.
  private func recordRemaining() throws {
    if calendar.nextSubmission < .max { jobs.remove(nextJob) }
    guard jobs.liveCount > 0 else { return }
    if world.drains, !policy.leavesJobs { throw PolicyFault(kind: .lostJobs(jobs.liveCount), at: context.now) }
    let left = jobs.all.sorted { jobs[$0].job.sequence < jobs[$1].job.sequence }
    for id in left { try close(id, at: world.end) }
  }
}
