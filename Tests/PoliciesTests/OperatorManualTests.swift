import Domain
import Engine
import Inputs
import Policies
import Randomness
import Testing

/// Monday.
private let monday = Instant(milliseconds: 1_578_268_800_000)
private let clock = monday..<(monday + .days(28))

private func at(_ hours: Int64, _ minutes: Int64 = 0, _ seconds: Int64 = 0) -> Instant {
  monday + .seconds(hours * 3600 + minutes * 60 + seconds)
}

private func world(_ intensities: [Double], cores: Int = 8) -> World {
  World(
    zones: intensities.indices.map { zone($0, cores: cores) }, carbon: intensities.map { StepTrace(constant: $0) },
    price: intensities.map { _ in StepTrace(constant: 0.2) }, start: monday, duration: .days(28))
}

private func job(_ sequence: Int, _ submitted: Instant, _ urgency: Urgency = .medium, home: Int = -1) -> SubmittedJob {
  SubmittedJob(
    job: Job(
      sequence: sequence, identity: UInt64(sequence) &* 977, submittedAt: submitted, estimatedDuration: .hours(1),
      demand: Resources(milliCores: 1000, milliGigabytes: 0, milliGPUs: 0), estimatedEnergy: Energy(1), homeZone: home,
      urgency: urgency), actualDuration: .hours(1))
}

/// By hand: looks every 10 s, reviews of a minute, always the first recommendation.
private let plain: [String: ParameterValue] = [
  "poll": .number(10), "review.mean": .number(60), "review.cv": .number(0), "odds.first": .number(1),
]

private func people(_ parameters: [String: ParameterValue], seed: UInt64 = 1, zones: [Zone]) throws -> OperatorManual {
  let entry = try #require(PolicyCatalog.entry("operator-manual"))
  #expect(entry.faults(PolicyParameters(parameters)).isEmpty)
  let setup = PolicySetup(
    parameters: PolicyParameters(parameters), seed: seed, zones: zones, clock: clock)
  return try #require(entry.make(setup) as? OperatorManual)
}

/// Who was decided on, in what order, and the records by sequence.
private func run(
  _ world: World, _ jobs: [SubmittedJob], _ parameters: [String: ParameterValue], seed: UInt64 = 1
) throws -> (decisions: [RecordedDecision], records: [JobRecord], figures: [String: Double]) {
  let policy = try people(parameters, seed: seed, zones: world.zones)
  var decisions: [RecordedDecision] = []
  policy.onDecision = { decisions.append($0) }
  let records = try simulate(world, jobs, policy, horizon: .hours(1))
  let figures = policy.figures.compactMap { name, value in value.map { (name, $0) } }
  return (decisions, records, Dictionary(uniqueKeysWithValues: figures))
}

@Suite struct OperatorManualTests {
  /// One operator from 9 to 17 h: urgency before age, one job at a time, a review cut off at 17 h and ended on Tuesday.
  @Test func oneOperatorMinuteByMinute() throws {
    let jobs = [
      job(0, at(8)), job(1, at(8, 30), .high), job(2, at(9, 0, 5), .critical), job(3, at(16, 59, 30), .low),
    ]
    // One core: jobs that were assigned start first in, first out.
    let (decisions, records, figures) = try run(world([200, 100], cores: 1), jobs, plain)
    #expect(decisions.map(\.job) == [1, 2, 0, 3].map { $0 * 977 })
    #expect(decisions.map(\.decidedAt) == [at(9, 1), at(9, 2), at(9, 3), at(33, 0, 30)])
    #expect(records.map(\.start) == [at(11, 1), at(9, 1), at(10, 1), at(33, 0, 30)])
    #expect(records.allSatisfy { $0.zone == 1 && $0.recommendations == Recommendations(1, 0) })
    let waits: [Double] = [31 * 60, 115, 63 * 60, 16 * 3600 + 60]
    #expect(figures["decisions"] == 4)
    #expect(abs(figures["time_to_decision_mean_s"]! - waits.reduce(0, +) / 4) < 1e-9)
    #expect(figures["time_to_decision_p50_s"] == 2820.0)
    // Twenty working days of eight hours.
    #expect(figures["operator_hours"] == 160 && figures["decisions_per_operator_hour"] == 4.0 / 160)
    #expect(figures["recommendation_1_taken_pct"] == 100 && figures["other_zone_taken_pct"] == 0)
  }

  /// Each review begun t hours into the shift takes 60 s × (1 + t).
  @Test func reviewsGrowWithFatigue() throws {
    let jobs = (0..<3).map { job($0, at(9)) }
    let (decisions, _, _) = try run(world([1]), jobs, plain.merging(["fatigue": .number(1)]) { $1 })
    #expect(decisions.map { ($0.decidedAt - at(9)).milliseconds } == [60_000, 121_000, 183_017])
  }

  @Test func batchesAndSetTimes() throws {
    let jobs = (0..<3).map { job($0, at(9)) }
    let hourly = plain.merging(["batch": .number(2), "poll": .number(3600)]) { $1 }
    #expect(try run(world([1]), jobs, hourly).decisions.map(\.decidedAt) == [at(9, 1), at(9, 2), at(10, 1)])
    let set = plain.merging(["batch": .number(2), "times.0": .text("11:30"), "times.1": .text("08:59")]) { $1 }
    #expect(try run(world([1]), jobs, set).decisions.map(\.decidedAt) == [at(11, 31), at(11, 32), at(35, 31)])
  }

  @Test func twoOperatorsNeverReviewOneJob() throws {
    let jobs = (0..<4).map { job($0, at(9)) }
    let two = plain.merging([
      "operators.0.name": .text("a"), "operators.1.name": .text("b"), "operators.1.shift": .text("09:01-17:00"),
    ]) { $1 }
    let decisions = try run(world([1]), jobs, two).decisions
    #expect(decisions.map(\.decidedAt) == [at(9, 1), at(9, 2), at(9, 2), at(9, 3)])
    #expect(decisions.map(\.job) == [0, 977, 1954, 2931])
  }

  /// Random shifts, weekdays and offsets against a walk over the minutes by the calendar: 300 jobs, each decided at the
  /// first look at its submission or later that leaves a second for the review.
  @Test func shiftsAndTimeZonesAgreeWithTheCalendar() throws {
    let names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    for seed in UInt64(1)...300 {
      var random = TestRandom(seed: seed)
      let start = random.below(24 * 60)
      let end = (start + 1 + random.below(24 * 60 - 1)) % (24 * 60)
      let days = (0..<7).filter { _ in random.below(2) == 0 }
      let offset = (random.below(57) - 28) * 30
      let submitted = Int64(random.below(14 * 24 * 60))
      guard !days.isEmpty, start != end else { continue }
      func clockText(_ minutes: Int) -> String {
        "\(minutes / 60 < 10 ? "0" : "")\(minutes / 60):\(minutes % 60 < 10 ? "0" : "")\(minutes % 60)"
      }
      let parameters = plain.merging([
        "poll": .number(60), "review.mean": .number(1),
        "operators.0.shift": .text("\(clockText(start))-\(clockText(end))"),
        "operators.0.days": .text(days.map { names[$0] }.joined(separator: ",")),
        "operators.0.utc_offset": .text("\(offset < 0 ? "-" : "+")\(clockText(abs(offset)))"),
      ]) { $1 }
      func isOnShift(_ minutes: Int64) -> Bool {
        let local = (monday + .minutes(minutes + Int64(offset))).civil
        let time = local.hour * 60 + local.minute
        if start < end { return days.contains(local.weekday) && time >= start && time < end }
        return days.contains(local.weekday) && time >= start || days.contains((local.weekday + 6) % 7) && time < end
      }
      var look = submitted
      while !isOnShift(look) { look += 1 }
      let decisions = try run(world([1]), [job(0, monday + .minutes(submitted))], parameters).decisions
      #expect(decisions.map(\.decidedAt) == [monday + .minutes(look) + .seconds(1)], "seed \(seed)")
    }
  }

  /// Chi-square over 8,000 decisions, 3 degrees of freedom; the habit is a zone that is never recommended.
  @Test func choicesFollowTheOdds() throws {
    let odds = [0.45, 0.3, 0.15, 0.1]
    let parameters: [String: ParameterValue] = [
      "review.mean": .number(1), "odds.first": .number(4.5), "odds.second": .number(3), "odds.third": .number(1.5),
      "odds.habit": .number(1), "habit": .text("favourite"), "operators.0.favourite": .text("Z3"),
    ]
    let jobs = (0..<8000).map { job($0, at(8, 0, Int64($0) / 100)) }
    let result = try run(world([100, 200, 300, 400], cores: 9000), jobs, parameters, seed: 5)
    let counts = (0..<4).map { zone in Double(result.records.count { $0.zone == zone }) }
    let square = zip(counts, odds).reduce(0) { $0 + ($1.0 - 8000 * $1.1) * ($1.0 - 8000 * $1.1) / (8000 * $1.1) }
    #expect(square < 16.27, "\(counts), seed 5")  // 99.9 %
    let names = ["recommendation_1", "recommendation_2", "recommendation_3", "other_zone"]
    #expect(names.map { result.figures[$0 + "_taken_pct"] } == counts.map { $0 / 80 })
  }

  /// Those not named are 0 once one is: nobody takes the first recommendation.
  @Test func oddsThatAreNotNamedAreZero() throws {
    let jobs = (0..<20).map { job($0, at(9)) }
    let second = plain.merging(["odds.second": .number(0.1)]) { $1 }.filter { $0.key != "odds.first" }
    #expect(try run(world([100, 200, 300], cores: 20), jobs, second).records.allSatisfy { $0.zone == 1 })
    let standard = plain.filter { !$0.key.hasPrefix("odds") }
    #expect(Set(try run(world([100, 200, 300], cores: 20), jobs, standard).records.map(\.zone)).count > 1)
  }

  /// The home zone; where a job has none, the odds of the others alone.
  @Test func habitsAreHomeAndLast() throws {
    let always = plain.merging(["odds.first": .number(0), "odds.habit": .number(1)]) { $1 }
    let jobs = [job(0, at(9), home: 2), job(1, at(9)), job(2, at(9), home: 0)]
    #expect(try run(world([100, 200, 300]), jobs, always).records.map(\.zone) == [2, 0, 0])
    let last = always.merging(["habit": .text("last")]) { $1 }
    #expect(try run(world([100, 200, 300]), jobs, last).records.map(\.zone) == [0, 0, 0])
  }

  /// A weekend without a dispatch: the submission, the look on Monday, the end of the review, the end of the job.
  @Test func nothingHappensInEmptyNights() throws {
    let counted = Counted(try people(plain, zones: world([1]).zones))
    let friday = at(4 * 24 + 20)
    let records = try simulate(world([1]), [job(0, friday)], counted, horizon: .hours(1))
    #expect(records[0].start == at(7 * 24 + 9, 1) && counted.dispatches == 4)
  }

  private final class Counted: Policy {
    private let inner: any Policy
    var dispatches = 0
    init(_ inner: any Policy) { self.inner = inner }
    func submitted(_ job: JobID, _ context: PolicyContext) { inner.submitted(job, context) }
    func dispatch(_ context: PolicyContext) {
      dispatches += 1
      inner.dispatch(context)
    }
  }

  /// Assigned at 09:01 where its cap of 150 g forbids a start until 10:00; the job behind it does not wait.
  @Test func hardCapsHoldAnAssignedJobBack() throws {
    let steps = (0..<48).map { (monday + .hours(Int64($0)), $0 < 10 ? 300.0 : 100) }
    var world = world([1])
    world.carbon = [try StepTrace(stamps: steps, end: monday + .days(2), extending: .hold)]
    var capped = job(0, at(9))
    capped.job.emissionsCap = Emissions(150)
    let policy = try people(plain, zones: world.zones)
    let records = try simulate(world, [capped, job(1, at(9))], policy, capsAreHard: true)
    #expect(records.map(\.start) == [at(10), at(9, 2)])
    capped.job.deferralWindow = .minutes(30)
    let late = try people(plain, zones: world.zones)
    #expect(try simulate(world, [capped], late, capsAreHard: true)[0].rejection == .capsNotMet)
  }
}

/// Replayed decisions.
@Suite struct DecisionReplayTests {
  private let busy: [String: ParameterValue] = [
    "operators.0.name": .text("ann"), "operators.0.shift": .text("00:00-12:00"), "operators.1.name": .text("bob"),
    "operators.1.shift": .text("06:00-24:00"), "operators.1.days": .text("mon-sun"), "review.mean": .number(40),
    "odds.second": .number(0.4), "operators.2.name": .text("eve"), "operators.2.days": .text("mon-sun"),
    "operators.2.utc_offset": .text("-5h"),
  ]

  private func jobs(_ seed: UInt64, _ zones: Int) -> [SubmittedJob] {
    var random = TestRandom(seed: seed)
    var time: Int64 = 0
    return (0..<60).map { index in
      time += Int64(random.below(20)) * minute
      var submitted = job(
        index, monday + TimeSpan(milliseconds: time), Urgency.allCases[random.below(4)], home: random.below(zones))
      submitted.actualDuration = .minutes(Int64(1 + random.below(400)))
      return submitted
    }
  }

  private func replay(_ decisions: [RecordedDecision], _ world: World) throws -> any Policy {
    let entry = try #require(PolicyCatalog.entry("operator-manual"))
    return entry.make(PolicySetup(zones: world.zones, decisions: DecisionRecord(decisions)))
  }

  /// 200 runs with queues in the zones: recorded and replayed, every job starts where and when it did; the same seed
  /// gives the same decisions, another one others.
  @Test func aReplayStartsEveryJobWhereAndWhenItDid() throws {
    var waited = 0
    for seed in UInt64(1)...200 {
      let world = world([300, 100, 200], cores: 2)
      let jobs = jobs(seed, 3)
      let first = try run(world, jobs, busy, seed: seed)
      let again = try simulate(world, jobs, replay(first.decisions, world), horizon: .hours(1))
      #expect(first.decisions.count == 60, "seed \(seed)")
      #expect(again.map(\.zone) == first.records.map(\.zone), "seed \(seed)")
      #expect(again.map(\.start) == first.records.map(\.start), "seed \(seed)")
      let starts = Dictionary(uniqueKeysWithValues: first.decisions.map { ($0.job, $0.decidedAt) })
      waited += first.records.count { $0.start > starts[$0.job.identity]! }
      guard seed <= 20 else { continue }
      #expect(try run(world, jobs, busy, seed: seed).decisions == first.decisions, "seed \(seed)")
      #expect(try run(world, jobs, busy, seed: seed + 1).decisions != first.decisions, "seed \(seed)")
    }
    #expect(waited > 1000)
  }

  /// `start_at` puts a start off; a job without a decision stays PENDING, and the run ends.
  @Test func plansAndUndecidedJobs() throws {
    let world = world([100, 200])
    let decisions = [
      RecordedDecision(job: 0, decidedAt: at(10), zone: 1, startAt: at(20)),
      RecordedDecision(job: 1954, decidedAt: at(9), zone: 0),
    ]
    let policy = try replay(decisions, world)
    let records = try simulate(world, [job(0, at(8)), job(1, at(8)), job(2, at(8))], policy, horizon: .hours(1))
    #expect(records.map(\.status) == [.completed, .pending, .completed])
    #expect(records[0].start == at(20) && records[0].zone == 1 && records[2].start == at(9))
    let report = try #require(policy as? any PolicyReport)
    #expect(report.figures.first { $0.name == "jobs_undecided" }?.value == 1)
    #expect(report.figures.first { $0.name == "recommendation_2_taken_pct" }?.value == 50)
  }

  /// A zone becomes too small for good: who was planned for it, and who is only to be decided on, waits without a
  /// zone; a smaller job of a later decision goes ahead.
  @Test func aZoneThatShrinksForGoodTakesBackItsDecisions() throws {
    var world = world([100, 200])
    let half = Resources(milliCores: 500, milliGigabytes: 0, milliGPUs: 0)
    world.changes = [CapacityChange(at: at(10), zone: 1, capacity: half)]
    let decisions = [
      RecordedDecision(job: 0, decidedAt: at(9), zone: 1, startAt: at(20)),
      RecordedDecision(job: 977, decidedAt: at(12), zone: 1),
      RecordedDecision(job: 1954, decidedAt: at(13), zone: 1),
    ]
    let policy = try replay(decisions, world)
    var jobs = [job(0, at(8)), job(1, at(8)), job(2, at(8))]
    jobs[2].job.demand = half
    let records = try simulate(world, jobs, policy, horizon: .hours(1))
    #expect(records.map(\.status) == [.pending, .pending, .completed])
    #expect(records.map(\.zone) == [-1, -1, 1] && records[2].start == at(13))
    let report = try #require(policy as? any PolicyReport)
    #expect(report.figures.first { $0.name == "jobs_undecided" }?.value == 2)
  }

  /// A later decision replaces an earlier one while the job waits, for another zone or to the end of the same queue;
  /// on a job that has started it has no effect.
  @Test func laterDecisionsReplaceEarlierOnes() throws {
    let world = world([100, 200], cores: 1)
    let decisions = [
      RecordedDecision(job: 0, decidedAt: at(9), zone: 0),
      // Job 0 runs from 9 to 10 h.
      RecordedDecision(job: 0, decidedAt: at(9, 30), zone: 1),
      RecordedDecision(job: 977, decidedAt: at(9, 10), zone: 0),
      RecordedDecision(job: 1954, decidedAt: at(9, 20), zone: 0),
      // Behind job 2, in the same queue.
      RecordedDecision(job: 977, decidedAt: at(9, 30), zone: 0),
      RecordedDecision(job: 2931, decidedAt: at(9), zone: 0, startAt: at(15)),
      RecordedDecision(job: 2931, decidedAt: at(12), zone: 1),
      // After everything is over.
      RecordedDecision(job: 1954, decidedAt: at(40), zone: 1),
    ]
    for order in [decisions, decisions.reversed()] {
      let policy = try replay(order, world)
      let records = try simulate(world, (0..<4).map { job($0, at(8)) }, policy, horizon: .hours(1))
      #expect(records.map(\.zone) == [0, 0, 0, 1])
      #expect(records.map(\.start) == [at(9), at(11), at(10), at(12)])
      let report = try #require(policy as? any PolicyReport)
      let figures = Dictionary(uniqueKeysWithValues: report.figures.map { ($0.name, $0.value) })
      #expect(figures["decisions"] == 6.0 && figures["decisions_ignored"] == 2.0 && figures["jobs_undecided"] == 0.0)
    }
  }

  /// Job 0, planned for the zone that shrinks at 10 h, takes its next decision, of the same instant; job 1 has none
  /// left from then on.
  @Test func aJobThatAnEventHandsBackTakesItsNextDecision() throws {
    var world = world([100, 200])
    let half = Resources(milliCores: 500, milliGigabytes: 0, milliGPUs: 0)
    world.changes = [CapacityChange(at: at(10), zone: 1, capacity: half)]
    let decisions = [
      RecordedDecision(job: 0, decidedAt: at(9), zone: 1, startAt: at(20)),
      RecordedDecision(job: 0, decidedAt: at(10), zone: 0, startAt: at(13)),
      RecordedDecision(job: 977, decidedAt: at(8), zone: 0, startAt: at(21)),
      RecordedDecision(job: 977, decidedAt: at(9), zone: 1, startAt: at(20)),
      // Has no effect: the zone can never hold it again. The plan for zone 0 stays.
      RecordedDecision(job: 1954, decidedAt: at(9), zone: 0, startAt: at(15)),
      RecordedDecision(job: 1954, decidedAt: at(11), zone: 1),
    ]
    let policy = try replay(decisions, world)
    let records = try simulate(world, (0..<3).map { job($0, at(8)) }, policy, horizon: .hours(1))
    #expect(records.map(\.status) == [.completed, .pending, .completed])
    #expect(records[0].start == at(13) && records[0].zone == 0 && records[2].start == at(15))
    let report = try #require(policy as? any PolicyReport)
    #expect(report.figures.first { $0.name == "jobs_undecided" }?.value == 1)
    #expect(report.figures.first { $0.name == "decisions_ignored" }?.value == 1)
  }

  /// Random records with up to four decisions a job against a list worked through minute by minute.
  @Test func recordsAgreeWithAWalkByTheMinute() throws {
    var replaced = 0
    for seed in UInt64(1)...400 {
      var random = TestRandom(seed: seed)
      let world = world((0..<2).map { _ in Double(random.below(3)) * 100 }, cores: 2)
      let count = 1 + random.below(12)
      let jobs = (0..<count).map { index in
        var submitted = job(index, at(0, Int64(index * 2)))
        submitted.job.demand = Resources(
          milliCores: Int64(1 + random.below(2)) * 1000, milliGigabytes: 0, milliGPUs: 0)
        submitted.actualDuration = .minutes(Int64(1 + random.below(40)))
        return submitted
      }
      var decisions: [RecordedDecision] = []
      for index in jobs.indices {
        var minute = Int64(index * 2 + random.below(10))
        for _ in 0..<random.below(5) {
          let start = random.below(3) == 0 ? at(0, minute + Int64(random.below(30))) : nil
          decisions.append(
            RecordedDecision(
              job: UInt64(index) &* 977, decidedAt: at(0, minute), zone: random.below(2), startAt: start))
          minute += Int64(1 + random.below(30))
        }
      }
      for place in decisions.indices { decisions.swapAt(place, random.below(decisions.count)) }
      let records = try simulate(world, jobs, replay(decisions, world), horizon: .hours(1))
      var walk = AssignmentWalk(jobs: jobs, decisions: decisions)
      walk.run()
      for (index, record) in records.enumerated() {
        let found = record.start == .never ? nil : (record.start - monday).milliseconds / 60_000
        #expect(found == walk.starts[index].map(Int64.init), "seed \(seed), job \(index)")
        #expect(record.start == .never || record.zone == walk.zones[index], "seed \(seed), job \(index)")
      }
      replaced += walk.replaced
    }
    #expect(replaced > 300)
  }
}

/// Two zones of two cores, minute by minute: jobs in the order of their decisions, or of the starts that these ask for.
private struct AssignmentWalk {
  let jobs: [SubmittedJob]
  let decisions: [RecordedDecision]
  var starts: [Int?]
  var zones: [Int]
  var replaced = 0

  init(jobs: [SubmittedJob], decisions: [RecordedDecision]) {
    (self.jobs, self.decisions) = (jobs, decisions)
    starts = jobs.map { _ in nil }
    zones = jobs.map { _ in -1 }
  }

  private struct Assignment {
    var job: Int
    var zone: Int
    var from: Int
    var taken: Int
  }

  mutating func run() {
    var waiting: [Assignment] = []
    var taken = 0
    for minute in 0..<3000 {
      let now = at(0, Int64(minute))
      for decision in decisions where decision.decidedAt == now {
        let job = Int(decision.job / 977)
        guard starts[job] == nil else { continue }
        if waiting.contains(where: { $0.job == job }) { replaced += 1 }
        waiting.removeAll { $0.job == job }
        let from = decision.startAt.map { Int(($0 - monday).milliseconds / 60_000) } ?? minute
        waiting.append(Assignment(job: job, zone: decision.zone, from: max(from, minute), taken: taken))
        taken += 1
      }
      for zone in 0..<2 {
        let line = waiting.filter { $0.zone == zone && $0.from <= minute }.sorted {
          ($0.from, $0.taken) < ($1.from, $1.taken)
        }
        for next in line {
          let used = jobs.indices.filter { job in
            starts[job].map { zones[job] == zone && minute < $0 + Int(jobs[job].actualDuration.inSeconds) / 60 }
              ?? false
          }.reduce(0) { $0 + Int(jobs[$1].job.demand.milliCores) }
          guard used + Int(jobs[next.job].job.demand.milliCores) <= 2000 else { break }
          starts[next.job] = minute
          zones[next.job] = zone
          waiting.removeAll { $0.job == next.job }
        }
      }
    }
  }
}
