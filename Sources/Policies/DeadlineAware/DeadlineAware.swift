public import Domain
public import Engine

/// `deadline-aware`: the zone and the start with the least weighted sum of predicted emissions, predicted cost, delay,
/// deadline risk and capacity pressure (``ScoreWeights``), over every candidate that can be best.
///
/// Candidates per zone: now, every step of the forecast up to the latest start, every start whose estimated end falls
/// on a step, and the latest start; only those for which running and planned jobs are expected to leave room. Ties: the
/// earlier start, then the scenario's order. A start to come is a plan, which takes no capacity: when its time has come
/// the job starts if it fits, else it is planned again with what is then known. When a new forecast tells otherwise,
/// plans that have become worse by more than `gain` are made anew (`replan: never` lets them be). A job that finds no
/// room in its window, or whose latest start has passed, goes as soon as it fits anywhere, in order of submission but
/// past those that do not fit.
///
/// Where the scenario allows interruptions (``SplitRun``), a job whose best plan in pieces beats that in one by more than
/// `gain`, with all that its interruptions cost, runs in pieces: the best of all plans in one zone (``SegmentSearch``). Jobs
/// with caps do not.
///
/// Under soft caps a start within the caps is always preferred; under hard caps there are no others, and a job that has
/// none up to its latest start is rejected.
public final class DeadlineAware: Policy {
  private let weights: ScoreWeights
  let replans: Bool
  let gain: Double
  @exclusivity(unchecked) private var fresh = HandleQueue()
  @exclusivity(unchecked) private var plans = QuadHeap<Plan>()
  @exclusivity(unchecked) private var urgent = SizeClasses()
  /// Jobs that hard caps keep from every start that is known now.
  @exclusivity(unchecked) private var capped: [JobID] = []
  @exclusivity(unchecked) private var lastConditions = -1
  @exclusivity(unchecked) private var lastIssue = Instant(milliseconds: .min)
  @exclusivity(unchecked) private var planned = 0
  @exclusivity(unchecked) private var bookings = Bookings()
  /// The forecast issue that a wake-up was asked for.
  @exclusivity(unchecked) private var nextLook = Instant(milliseconds: .min)
  /// The start to come that a wake-up was last asked for.
  @exclusivity(unchecked) private var nextStart = Int64.min
  /// Made at the first dispatch and released with the policy, so that nobody needs to hold it: each use of a reference
  /// in a variable counts it up and down, which took a tenth of a run.
  @exclusivity(unchecked) private var heldDesk: Unmanaged<Desk>?
  @exclusivity(unchecked) private var interrupts = false
  /// Jobs that may be interrupted and have begun, or are to run in pieces.
  @exclusivity(unchecked) var splits: [JobID: SplitRun] = [:]
  @exclusivity(unchecked) var timers = JobTimers()
  /// Suspended jobs that find no room to run on.
  @exclusivity(unchecked) var paused: [JobID] = []
  /// Jobs that an outage suspended, in that order.
  @exclusivity(unchecked) var returning: [JobID] = []

  init(weights: ScoreWeights = .standard, replans: Bool = true, gain: Double = 0.01) {
    self.weights = weights
    self.replans = replans
    self.gain = gain
  }

  deinit { heldDesk?.release() }

  var desk: Desk? { heldDesk?.takeUnretainedValue() }

  public func submitted(_ job: JobID, _ context: PolicyContext) { fresh.append(job) }

  public func completed(_ job: JobID, _ context: PolicyContext) {
    release(job, context)
    if !splits.isEmpty, let desk { forget(job, context, desk) }
  }

  public func capacityChanged(_ zone: ZoneIndex, _ context: PolicyContext) { desk?.capacityChanged(zone, context) }

  public func withdraw(_ job: JobID, _ context: PolicyContext) -> Bool {
    if context.isPlanned(job), bookings.get(job) != nil { planned -= 1 }
    release(job, context)
    urgent.remove(job, context.demand(job))
    capped.removeAll { $0 == job }
    paused.removeAll { $0 == job }
    returning.removeAll { $0 == job }
    if let desk { forget(job, context, desk) }
    return true
  }

  public func dispatch(_ context: PolicyContext) {
    if heldDesk == nil {
      heldDesk = Unmanaged.passRetained(Desk(context, weights))
      interrupts = !context.interruption.types.isEmpty
    }
    heldDesk?._withUnsafeGuaranteedRef { dispatch(context, $0) }
  }

  private func dispatch(_ context: PolicyContext, _ desk: Desk) {
    if desk.wantsLaying { bookAnew(context, desk) }
    desk.timeline.advance(to: context.now.milliseconds)
    if !returning.isEmpty { resumeReturning(context, desk) }
    if planned > 0 || !capped.isEmpty || !splits.isEmpty { followForecast(context, desk) }
    if interrupts, !splits.isEmpty { followSegments(context, desk) }
    startDue(context, desk)
    startUrgent(context, desk)
    while !fresh.isEmpty {
      let job = fresh[0]
      fresh.removeFirst()
      place(job, desk.choose(job, context), context, desk)
    }
    if !splits.isEmpty { timers.wake(context) }
    if let next = plans.min?.start, next != nextStart {
      nextStart = next
      context.wake(at: Instant(milliseconds: next))
    }
  }

  /// Acts on a choice.
  func place(_ job: JobID, _ choice: CandidateChoice, _ context: PolicyContext, _ desk: Desk) {
    if interrupts, placeInPieces(job, choice, context, desk) { return }
    context.recommend(job, choice.ranking)
    if choice.isFound, choice.start <= context.now.milliseconds {
      start(job, choice.zone, context, desk)
    } else if choice.isFound {
      plan(job, choice.zone, choice.start, context, desk)
    } else if choice.breaksCaps {
      keep(job, context)
    } else if let zone = desk.bestNow(job, context) {
      // Others are expected there, but their plans take no capacity.
      start(job, zone, context, desk)
    } else if context.zones.indices.contains(where: { context.free($0).holds(context.demand(job)) }) {
      // Caps alone keep it from a start now: no completion need come that it would be looked at again.
      keep(job, context)
    } else {
      urgent.append(job, context.demand(job))
    }
  }

  private func start(_ job: JobID, _ zone: ZoneIndex, _ context: PolicyContext, _ desk: Desk) {
    let now = context.now.milliseconds
    // Reasons are asked for before the job's own load is booked.
    context.start(job, in: zone)
    let asked = context.job(job)
    let to = desk.timeline.clipped(now + asked.estimatedDuration.milliseconds)
    // It holds all that is left of the present step, which is booked as the whole of it.
    let from = desk.timeline.present
    desk.change(asked.demand, zone, from: from, to: to, sign: 1)
    bookings.set(job, Booking(zone: Int32(zone), from: from, to: to))
    if interrupts { watch(job, zone, context) }
  }

  private func plan(_ job: JobID, _ zone: ZoneIndex, _ start: Int64, _ context: PolicyContext, _ desk: Desk) {
    context.plan(job, in: zone, at: Instant(milliseconds: start), wakes: false)
    book(job, zone, from: start, context, desk)
    plans.insert(Plan(start: start, sequence: context.job(job).sequence, job: job))
    planned += 1
    if replans { askToLook(at: context.believed.nextIssue, context) }
  }

  private func book(_ job: JobID, _ zone: ZoneIndex, from: Int64, _ context: PolicyContext, _ desk: Desk) {
    let asked = context.job(job)
    let to = desk.timeline.clipped(from + asked.estimatedDuration.milliseconds)
    desk.change(asked.demand, zone, from: from, to: to, sign: 1)
    bookings.set(job, Booking(zone: Int32(zone), from: from, to: to))
  }

  /// A job has begun: it holds all that is left of the present step, which is booked as the whole of it.
  @inline(__always)
  private func occupy(_ job: JobID, _ context: PolicyContext, _ desk: Desk) {
    let present = desk.timeline.present
    guard let booking = bookings.get(job), booking.from > present else { return }
    desk.change(context.demand(job), Int(booking.zone), from: present, to: booking.from, sign: 1)
    bookings.set(job, Booking(zone: booking.zone, from: present, to: booking.to))
  }

  /// Lays the expected load on the forecast's grid.
  private func bookAnew(_ context: PolicyContext, _ desk: Desk) {
    desk.lay(now: context.now)
    // Shorter buckets reach less far.
    for (job, old) in bookings.live {
      let present = desk.timeline.present
      let from = context.isPlanned(job) ? old.from : min(old.from, present)
      let booking = Booking(zone: old.zone, from: from, to: desk.timeline.clipped(old.to))
      bookings.set(job, booking)
      desk.change(context.demand(job), Int(booking.zone), from: booking.from, to: booking.to, sign: 1)
    }
    for job in splits.keys.sorted() {
      guard var run = splits[job] else { continue }
      let (runs, present) = (context.status(job) == .running, desk.timeline.present)
      run.booked = run.booked.enumerated().map { place, part in
        (from: place == 0 && runs ? min(part.from, present) : part.from, to: desk.timeline.clipped(part.to))
      }
      splits[job] = run
      for part in run.booked { desk.change(context.demand(job), run.zone, from: part.from, to: part.to, sign: 1) }
    }
  }

  /// Gives back what a job is still expected to hold.
  func release(_ job: JobID, _ context: PolicyContext) {
    guard let heldDesk, let booking = bookings.take(job) else { return }
    heldDesk._withUnsafeGuaranteedRef {
      $0.timeline.advance(to: context.now.milliseconds)
      let from = max(booking.from, $0.timeline.present)
      $0.change(context.demand(job), Int(booking.zone), from: from, to: booking.to, sign: -1)
    }
  }

  /// True if a plan is the job's plan of now: the handle may be another job's, or the plan have been made anew.
  private func isValid(_ plan: Plan, _ context: PolicyContext) -> Bool {
    guard let booking = bookings.get(plan.job), booking.from == plan.start else { return false }
    return context.job(plan.job).sequence == plan.sequence && context.isPlanned(plan.job)
  }

  private func startDue(_ context: PolicyContext, _ desk: Desk) {
    while let next = plans.min, next.start <= context.now.milliseconds {
      plans.removeMin()
      guard isValid(next, context), let booking = bookings.get(next.job) else { continue }
      planned -= 1
      let zone = Int(booking.zone)
      if context.free(zone).holds(context.demand(next.job)), context.permits(next.job, in: zone) {
        context.start(next.job, in: zone)
        occupy(next.job, context, desk)
        if interrupts { watch(next.job, zone, context) }
        continue
      }
      release(next.job, context)
      place(next.job, desk.choose(next.job, context), context, desk)
    }
  }

  private func startUrgent(_ context: PolicyContext, _ desk: Desk) {
    guard !urgent.isEmpty, context.hasReleased else { return }
    while let job = urgent.popFirst(
      context,
      where: { demand in
        context.zones.indices.contains { context.free($0).holds(demand) }
      })
    {
      if let zone = desk.bestNow(job, context) {
        start(job, zone, context, desk)
      } else {
        keep(job, context)
      }
    }
  }

  /// Puts a job by that hard caps keep from starting, or rejects it when its time has run out.
  private func keep(_ job: JobID, _ context: PolicyContext) {
    let latest = context.job(job).latestStart
    guard context.now < latest else { return context.reject(job, .capsNotMet) }
    capped.append(job)
    context.wake(at: min(latest, context.nextConditions))
  }

  /// Asks for a wake-up at the next issue, once.
  private func askToLook(at issue: Instant, _ context: PolicyContext) {
    guard issue != nextLook else { return }
    nextLook = issue
    context.wake(at: issue)
  }

  /// Looks again at what a new forecast may have changed.
  private func followForecast(_ context: PolicyContext, _ desk: Desk) {
    context.refreshForecast()
    let issuedAt = context.believed.issuedAt
    if !capped.isEmpty {
      let jobs = capped.sorted { context.job($0).sequence < context.job($1).sequence }
      let isNew = issuedAt != lastIssue || context.conditionsVersion != lastConditions
      lastConditions = context.conditionsVersion
      capped.removeAll(keepingCapacity: true)
      for job in jobs {
        if isNew || context.now >= context.job(job).latestStart {
          place(job, desk.choose(job, context), context, desk)
        } else {
          capped.append(job)
          context.wake(at: min(context.job(job).latestStart, context.nextConditions))
        }
      }
    }
    guard replans, issuedAt != lastIssue else { return }
    lastIssue = issuedAt
    guard planned > 0 || !splits.isEmpty else { return }
    askToLook(at: context.believed.nextIssue, context)
    guard desk.hasChanged(context) else { return }
    if !splits.isEmpty { replanSegments(context, desk) }
    if planned > 0 { replan(context, desk) }
  }

  private func replan(_ context: PolicyContext, _ desk: Desk) {
    let all = plans.unordered.filter { isValid($0, context) }.sorted { $0.sequence < $1.sequence }
    var kept: [Plan] = []
    kept.reserveCapacity(all.count)
    plans.removeAll()
    planned = 0
    var last = -1
    for plan in all {
      // A job that was withdrawn and planned again for the same instant is there twice.
      guard plan.sequence != last else { continue }
      last = plan.sequence
      guard let booking = bookings.get(plan.job), plan.start > context.now.milliseconds else {
        kept.append(plan)
        continue
      }
      release(plan.job, context)
      let choice = desk.choose(plan.job, context)
      let current = desk.score(plan.job, Int(booking.zone), plan.start, context)
      if choice.isFound, choice.score < current - gain {
        place(plan.job, choice, context, desk)
      } else {
        book(plan.job, Int(booking.zone), from: plan.start, context, desk)
        kept.append(plan)
      }
    }
    planned += kept.count
    for plan in kept { plans.insert(plan) }
  }
}

extension DeadlineAware {
  static let entry = PolicyCatalog.Entry(
    name: "deadline-aware",
    summary: "the zone and start with the lowest weighted sum of carbon, cost, delay, deadline risk and pressure",
    parameters: ScoreWeights.parameters + [
      PolicyParameter(
        "risk_margin", .number(0...100), "slack below which a deadline is at risk", unit: "estimated durations",
        standard: "\(ScoreWeights.standard.riskMargin)"),
      PolicyParameter(
        "replan", .choice(["update", "never"]), "whether waiting jobs are planned again when a forecast is issued",
        standard: "update"),
      PolicyParameter(
        "gain", .number(0...1e6), "how much lower the score of a new plan must be to replace the old one",
        standard: "0.01"),
    ]
  ) { setup in
    let given = setup.parameters
    var weights = ScoreWeights.standard
    if given.values.keys.contains(where: { $0.hasPrefix("weights.") }) {
      weights = ScoreWeights(
        carbon: given.number("weights.carbon", default: 0), cost: given.number("weights.cost", default: 0),
        delay: given.number("weights.delay", default: 0), risk: given.number("weights.risk", default: 0),
        pressure: given.number("weights.pressure", default: 0))
    }
    weights.riskMargin = given.number("risk_margin", default: weights.riskMargin)
    return DeadlineAware(
      weights: weights, replans: given.text("replan") != "never", gain: given.number("gain", default: 0.01))
  }
}
