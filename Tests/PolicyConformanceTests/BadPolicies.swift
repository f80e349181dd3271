import Domain
import Engine
import Policies
import PolicyConformance

/// First in, first out into the first zone with room, and one thing that is wrong.
class FirstFit: Policy {
  var queue: [JobID] = []

  func submitted(_ job: JobID, _ context: PolicyContext) {
    rank(job, context)
    queue.append(job)
  }

  func suspendedByOutage(_ job: JobID, _ context: PolicyContext) -> Bool { false }
  func withdraw(_ job: JobID, _ context: PolicyContext) -> Bool {
    guard let place = queue.firstIndex(of: job) else { return false }
    queue.remove(at: place)
    return true
  }

  var staysAtHome: Bool { false }
  func mayUse(_ zone: ZoneIndex, for job: Job) -> Bool { true }
  func completed(_ job: JobID, _ context: PolicyContext) {}

  func rank(_ job: JobID, _ context: PolicyContext) { context.recommend(job, ranking: context.zones.indices) }

  /// The zone that a job starts in now.
  func zone(_ job: JobID, _ context: PolicyContext) -> ZoneIndex? {
    context.zones.indices.first {
      context.free($0).holds(context.demand(job)) && context.permits(job, in: $0)
    }
  }

  func dispatch(_ context: PolicyContext) {
    queue.removeAll { job in
      if let zone = zone(job, context) {
        context.start(job, in: zone)
        return true
      }
      if context.capsAreHard, context.job(job).hasCaps, context.now >= context.job(job).latestStart {
        context.reject(job, .capsNotMet)
        return true
      }
      return false
    }
    if context.capsAreHard, let next = queue.map({ context.job($0).latestStart }).min() {
      context.wake(at: min(next, context.nextConditions))
      context.wake(at: next)
    }
  }
}

/// Starts a job twice at one instant.
final class DoubleStarter: FirstFit {
  override func dispatch(_ context: PolicyContext) {
    let first = queue.first
    super.dispatch(context)
    if let first, context.status(first) == .running, context.job(first).sequence == 3, !queue.contains(first) {
      context.start(first, in: 0)
    }
  }
}

/// Forgets every fifth job.
final class Loser: FirstFit {
  override func submitted(_ job: JobID, _ context: PolicyContext) {
    rank(job, context)
    if context.job(job).sequence % 5 != 4 { queue.append(job) }
  }
}

/// Starts a job whether there is room or not.
final class OverCapacity: FirstFit {
  override func zone(_ job: JobID, _ context: PolicyContext) -> ZoneIndex? {
    super.zone(job, context) ?? context.zones.indices.first { context.permits(job, in: $0) }
  }
}

/// Does not look at hard caps.
final class CapBreaker: FirstFit {
  override func zone(_ job: JobID, _ context: PolicyContext) -> ZoneIndex? {
    context.zones.indices.first { context.free($0).holds(context.demand(job)) }
  }
}

/// Draws from the system's randomness instead of its own stream.
final class Dicer: FirstFit {
  override func zone(_ job: JobID, _ context: PolicyContext) -> ZoneIndex? {
    context.zones.indices.filter {
      context.free($0).holds(context.demand(job)) && context.permits(job, in: $0)
    }.randomElement()
  }
}

/// Ranks one zone three times.
final class Stutterer: FirstFit {
  override func rank(_ job: JobID, _ context: PolicyContext) {
    super.rank(job, context)
    let first = Int(context.recommendations(job).first)
    context.recommend(job, Recommendations(first, first, first))
  }
}

/// Ranks zones that could never hold the job.
final class Dreamer: FirstFit {
  override func rank(_ job: JobID, _ context: PolicyContext) {
    context.recommend(job, Recommendations(context.zones.count - 1))
  }
}

/// Gives jobs up that it could run.
final class Quitter: FirstFit {
  override func submitted(_ job: JobID, _ context: PolicyContext) {
    super.submitted(job, context)
    if context.job(job).sequence == 2 {
      queue.removeLast()
      context.reject(job, .tooLarge)
    }
  }
}

/// Runs jobs away from the home that it says they never leave.
final class Runaway: FirstFit {
  override var staysAtHome: Bool { true }
  override func mayUse(_ zone: ZoneIndex, for job: Job) -> Bool { job.homeZone < 0 || job.homeZone == zone }
}

/// Suspends every job whenever it is asked and resumes it as soon as it can.
final class Interrupter: FirstFit {
  var running: [JobID] = []
  override func dispatch(_ context: PolicyContext) {
    for job in running
    where context.status(job) == .running && context.now >= context.job(job).submittedAt + .minutes(5) {
      context.suspend(job)
      context.resume(job)
    }
    let before = queue
    super.dispatch(context)
    running = before.filter { context.status($0) == .running }
  }
  override func completed(_ job: JobID, _ context: PolicyContext) { running.removeAll { $0 == job } }
}

/// Wakes itself every millisecond and starts nothing.
final class Sleepless: FirstFit {
  override func dispatch(_ context: PolicyContext) { context.wake(at: context.now + TimeSpan(milliseconds: 1)) }
}

/// Starts each job in the zone of least emissions by the *trace*, which it was handed behind the engine's back.
final class TracePeeker: FirstFit {
  let carbon: [StepTrace]
  init(_ scenario: ConformanceScenario) { carbon = scenario.world.carbon }

  override func zone(_ job: JobID, _ context: PolicyContext) -> ZoneIndex? {
    let open = context.zones.indices.filter {
      context.free($0).holds(context.demand(job)) && context.permits(job, in: $0)
    }
    func emissions(_ zone: ZoneIndex) -> Double {
      carbon[zone].integral(from: context.now, to: context.now + .hours(6))
    }
    return open.min { (emissions($0), $0) < (emissions($1), $1) }
  }
}

/// Jobs that will really take longer than they say go to the last zone with room.
final class DurationPeeker: FirstFit {
  override func zone(_ job: JobID, _ context: PolicyContext) -> ZoneIndex? {
    let record = context.jobs[job]
    let open = context.zones.indices.filter {
      context.free($0).holds(context.demand(job)) && context.permits(job, in: $0)
    }
    return record.actualDuration > record.job.estimatedDuration ? open.last : open.first
  }
}

/// Looks at what will be submitted later, which it was handed behind the engine's back.
final class SubmissionPeeker: FirstFit {
  let jobs: [SubmittedJob]
  init(_ scenario: ConformanceScenario) { jobs = scenario.jobs }

  override func zone(_ job: JobID, _ context: PolicyContext) -> ZoneIndex? {
    let open = context.zones.indices.filter {
      context.free($0).holds(context.demand(job)) && context.permits(job, in: $0)
    }
    return jobs.contains { $0.job.submittedAt > context.now } ? open.last : open.first
  }
}

/// Draws a number whenever somebody asks for its reasons.
final class MoodyReasoner: FirstFit, DecisionReasons {
  private var mood = 0
  func reasons(
    for job: JobID, in zone: ZoneIndex, at start: Instant?, _ context: PolicyContext
  ) -> DecisionBasis {
    mood += 1
    return DecisionBasis(rankedBy: "mood", candidates: 1)
  }
  override func zone(_ job: JobID, _ context: PolicyContext) -> ZoneIndex? {
    let open = context.zones.indices.filter {
      context.free($0).holds(context.demand(job)) && context.permits(job, in: $0)
    }
    return mood % 2 == 0 ? open.first : open.last
  }
}

/// Keeps jobs that nothing can hold any more.
final class Clinger: FirstFit {
  override func withdraw(_ job: JobID, _ context: PolicyContext) -> Bool { false }
}

/// Says that it will resume what an outage suspends, and does not.
final class Promiser: FirstFit {
  override func suspendedByOutage(_ job: JobID, _ context: PolicyContext) -> Bool { true }
}

/// Starts jobs where a zone would have room if it were not out.
final class Blind: FirstFit {
  override func zone(_ job: JobID, _ context: PolicyContext) -> ZoneIndex? {
    super.zone(job, context) ?? context.zones.indices.first { context.isOut($0) && context.permits(job, in: $0) }
  }
}
