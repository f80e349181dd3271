internal import Domain
internal import Engine
internal import Randomness

/// What operators are like: the same for all of one policy.
struct OperatorHabits {
  /// Review time, seconds.
  var reviewTime: Distribution
  /// Reviews at one look; after those the operator waits for the next look.
  var batch = Int.max
  /// Growth of the review time per hour on shift, as a share of it.
  var fatigue = 0.0
  /// Weights of the first, second and third recommendation and of the habit.
  var odds = [0.6, 0.15, 0.05, 0.2]
  var habit = Habit.home

  enum Habit: String, CaseIterable {
    /// The job's home zone.
    case home
    /// The operator's favourite zone.
    case favourite
    /// The zone that the operator chose last.
    case last
  }
}

/// One operator at work.
struct Operator {
  let looks: LookTimes
  let favourite: ZoneIndex?
  private let source: SharedStream
  /// The zone chosen last.
  private var last: ZoneIndex?
  /// The job under review.
  private(set) var job: JobID?
  /// When the review ends, or the shift that cuts it off.
  private(set) var until = Int64.max
  /// What is then left of the review, milliseconds; 0 for a review that is complete.
  private(set) var left: Int64 = 0
  /// Reviews since the last look.
  private var reviews = 0
  /// The next look, as far as it is known: good for every instant from `knownFrom` up to it.
  private var look: (at: Int64, shiftEnd: Int64) = (.min, .min)
  private var knownFrom = Int64.max
  /// No look before this.
  private var notBefore = Int64.min
  /// When an unbroken sitting goes on: just after a review.
  private var sitsUntil = Int64.min

  init(looks: LookTimes, favourite: ZoneIndex?, stream: consuming RandomStream) {
    self.looks = looks
    self.favourite = favourite
    source = SharedStream(stream)
  }

  var isReviewing: Bool { job != nil }

  /// When an operator who reviews nothing looks next, at `now` or later; `never` where no look falls into a shift.
  mutating func nextLook(at now: Int64) -> Int64 {
    // A sitting goes on at the end of a review, while the shift lasts.
    if sitsUntil > now { return now }
    let from = max(now, notBefore)
    if from < knownFrom || from > look.at {
      look = looks.next(at: from) ?? (.max, .max)
      knownFrom = from
    }
    return look.at
  }

  /// Takes a job at a look.
  ///
  /// - Parameter left: milliseconds of a review that was cut off earlier.
  mutating func take(_ job: JobID, at now: Int64, left: Int64?, _ habits: OperatorHabits) {
    let shiftEnd: Int64
    if sitsUntil > now {
      shiftEnd = sitsUntil
    } else {
      shiftEnd = look.shiftEnd
      reviews = 0
    }
    let worked = Double(now - looks.shift.span(at: now).lowerBound) / 3_600_000
    let seconds = left == nil ? habits.reviewTime.sample(&source.stream) * (1 + habits.fatigue * worked) : 0
    let needed = left ?? max(1, Int64((seconds * 1000).rounded()))
    self.job = job
    until = min(now + needed, shiftEnd)
    self.left = now + needed - until
    sitsUntil = shiftEnd
    reviews += 1
  }

  /// The review is over, complete or cut off; the sitting goes on where the batch is not full.
  mutating func finish(_ habits: OperatorHabits) {
    if reviews >= habits.batch || left > 0 {
      sitsUntil = .min
      notBefore = until + (left > 0 ? 0 : 1)
    }
    job = nil
    until = .max
    left = 0
  }

  /// A look at which nothing was pending: the sitting is over.
  mutating func rest() { sitsUntil = .min }

  /// Draws the zone for the reviewed job: a recommendation or the habit, by the odds of those that there are.
  mutating func choose(_ job: JobID, _ context: PolicyContext, _ habits: OperatorHabits) -> ZoneIndex {
    let asked = context.job(job)
    let ranked = context.recommendations(job)
    let habit: ZoneIndex? =
      switch habits.habit {
      case .home: asked.homeZone >= 0 ? asked.homeZone : nil
      case .favourite: favourite
      case .last: last
      }
    // What was recommended at submission may have been made too small since, by an event, and for good.
    func possible(_ zone: Int) -> ZoneIndex { zone >= 0 && context.couldHold(asked.demand, in: zone) ? zone : -1 }
    let zones = [Int(ranked.first), Int(ranked.second), Int(ranked.third), habit ?? -1].map(possible)
    let weights = zip(zones, habits.odds).map { $0 >= 0 ? $1 : 0 }
    var place = 0
    var rest = source.stream.uniform() * weights.reduce(0, +)
    while place < 3, rest >= weights[place] {
      rest -= weights[place]
      place += 1
    }
    // Where nothing that there is has odds, and where rounding led past the last weight: the best recommendation that
    // there is; where events left none of them, any zone that could hold the job.
    let left = zones.first { $0 >= 0 } ?? context.zones.indices.first { possible($0) >= 0 }
    let zone = weights[place] > 0 ? zones[place] : left ?? Int(ranked.first)
    last = zone
    return zone
  }
}
