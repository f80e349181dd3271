import Domain
import Engine
import Policies
import Randomness
import Testing

/// The policies that start jobs as soon as they can: `greedy-lowest-carbon`, `cheapest`, `round-robin`, `random`,
/// `mix-score`.
@Suite struct ImmediateTests {
  static let names = ["greedy-lowest-carbon", "cheapest", "round-robin", "random", "mix-score"]

  /// The words of the policies, written without them.
  private func choice(_ name: String, _ small: MinuteWorld, seed: UInt64) -> ([Int], Int) -> Int {
    func least(_ open: [Int], _ first: [Double], _ second: [Double]) -> Int {
      open.min { (first[$0], second[$0], $0) < (first[$1], second[$1], $1) } ?? -1
    }
    var turn = 0
    let stream = Stream(seed)
    switch name {
    case "cheapest": return { least($0, small.price(at: $1), small.carbon(at: $1)) }
    case "mix-score":
      return { open, minute in
        let carbon = small.carbon(at: minute)
        let score = carbon.map { min(100, max(0, 110 - $0 / 4)) - $0 / 10 }
        return least(open, score.map { -$0 }, small.price(at: minute))
      }
    case "round-robin":
      return { open, _ in
        while !open.contains(turn % small.world.zones.count) { turn += 1 }
        defer { turn += 1 }
        return turn % small.world.zones.count
      }
    case "random": return { open, _ in open[stream.stream.below(open.count)] }
    default: return { least($0, small.carbon(at: $1), small.price(at: $1)) }
    }
  }

  private final class Stream {
    var stream: RandomStream
    init(_ seed: UInt64) { stream = RandomStream(seed: seed, replication: 1, name: "policy/random") }
  }

  @Test(arguments: names, ["fifo", "backfill"])
  func placesEveryJobAsAWalkByTheMinute(name: String, queue: String) throws {
    for seed in UInt64(1)...50 {
      let small = try MinuteWorld(seed: seed, gap: seed % 2 == 0 ? 8 : 3)
      let expected = small.reference(backfill: queue == "backfill", choose: choice(name, small, seed: seed))
      let records = try simulate(
        small.world, small.jobs, policy(name, ["queue": .text(queue)], seed: seed), horizon: .hours(1))
      #expect(records.map { Placement($0) } == expected, "\(name), \(queue), seed \(seed)")
    }
  }

  /// 2,000 runs with long queues: the index of sizes visits fewer jobs than a scan and starts the same.
  @Test(arguments: names) func backfillingByTheIndexIsAScan(name: String) throws {
    var waited = 0
    for seed in UInt64(1001)...1400 {
      let small = try MinuteWorld(seed: seed, jobs: 120, gap: 3)
      let own = try simulate(
        small.world, small.jobs, policy(name, ["queue": .text("backfill")], seed: seed), horizon: .hours(1))
      let scan = try simulate(
        small.world, small.jobs, Scan(choice(name, small, seed: seed)), horizon: .hours(1))
      #expect(own.map { Placement($0) } == scan.map { Placement($0) }, "\(name), seed \(seed)")
      waited += own.count { $0.start != .never && $0.wait > .zero }
    }
    #expect(waited > 5000)
  }

  /// Looks at every waiting job at every dispatch.
  private final class Scan: Policy {
    private var waiting: [JobID] = []
    private let choose: ([Int], Int) -> Int
    init(_ choose: @escaping ([Int], Int) -> Int) { self.choose = choose }
    func submitted(_ job: JobID, _ context: PolicyContext) { waiting.append(job) }
    func dispatch(_ context: PolicyContext) {
      waiting.removeAll { job in
        let open = context.zones.indices.filter { context.free($0).holds(context.demand(job)) }
        guard !open.isEmpty else { return false }
        context.start(job, in: choose(open, Int(context.now.milliseconds / 60_000)))
        return true
      }
    }
  }

  /// Distinct zones that could hold the job; the ranking of `cheapest`, of `mix-score` and of the turns at the
  /// instant of submission.
  @Test(arguments: names) func recommendsZonesThatCouldHoldTheJob(name: String) throws {
    for seed in UInt64(1)...50 {
      let small = try MinuteWorld(seed: seed)
      for record in try simulate(small.world, small.jobs, policy(name, seed: seed), horizon: .hours(1)) {
        let ranked = [record.recommendations.first, record.recommendations.second, record.recommendations.third]
          .map(Int.init).filter { $0 >= 0 }
        let able = small.world.zones.indices.filter { small.world.zones[$0].capacity.holds(record.job.demand) }
        #expect(ranked.count == min(3, able.count) && Set(ranked).count == ranked.count, "seed \(seed)")
        #expect(ranked.allSatisfy { able.contains($0) }, "seed \(seed)")
        guard name == "cheapest" || name == "mix-score", record.status != .rejected else { continue }
        let pick = choice(name, small, seed: seed)
        #expect(ranked.first == pick(able, Int(record.job.submittedAt.milliseconds / minute)), "seed \(seed)")
      }
    }
  }

  /// 9,000 jobs that find all three zones empty: every zone as often as any other (chi-square, 2 degrees of freedom).
  @Test func randomIsUniform() throws {
    let flat = (0..<3).map { _ in StepTrace(constant: 1) }
    let world = World(
      zones: (0..<3).map { zone($0, cores: 4) }, carbon: flat, price: flat, start: Instant(milliseconds: 0),
      duration: .days(30))
    let jobs = (0..<9000).map { index in
      SubmittedJob(
        job: Job(
          sequence: index, identity: 0, submittedAt: Instant(milliseconds: Int64(index) * 2 * minute),
          estimatedDuration: .minutes(1), demand: Resources(milliCores: 1000, milliGigabytes: 0, milliGPUs: 0)),
        actualDuration: .minutes(1))
    }
    let records = try simulate(world, jobs, policy("random", seed: 11), horizon: .hours(1))
    let counts = (0..<3).map { zone in Double(records.count { $0.zone == zone }) }
    let square = counts.reduce(0) { $0 + ($1 - 3000) * ($1 - 3000) / 3000 }
    #expect(square < 13.82, "\(counts), seed 11")  // 99.9 %
    let again = try simulate(world, jobs, policy("random", seed: 11), horizon: .hours(1))
    #expect(again.map(\.zone) == records.map(\.zone))
    let other = try simulate(world, jobs, policy("random", seed: 12), horizon: .hours(1))
    #expect(other.map(\.zone) != records.map(\.zone))
  }

  /// Three jobs a minute for a zone that runs one a minute: the queue grows again and again while its head moves on.
  @Test(arguments: names) func aQueueThatGrowsStaysFirstInFirstOut(name: String) throws {
    let start = Instant(milliseconds: 0)
    let flat = [StepTrace(constant: 100)]
    let world = World(zones: [zone(0, cores: 1)], carbon: flat, price: flat, start: start, duration: .hours(2))
    let jobs = (0..<300).map { index in
      SubmittedJob(
        job: Job(
          sequence: index, identity: 0, submittedAt: start + .minutes(Int64(index / 3)),
          estimatedDuration: .minutes(1), demand: Resources(milliCores: 1000, milliGigabytes: 0, milliGPUs: 0)),
        actualDuration: .minutes(1))
    }
    let records = try simulate(world, jobs, policy(name), horizon: .hours(1))
    #expect(records.map(\.start) == (0..<300).map { start + .minutes($0) })
  }

  /// What is recommended tells nothing of where a job starts: over 1,200 seeds the two are alike as often as two draws
  /// of their own would be.
  @Test func randomStartsAndRecommendationsAreDrawnApart() throws {
    let start = Instant(milliseconds: 0)
    let flat = Array(repeating: StepTrace(constant: 100), count: 4)
    let world = World(
      zones: (0..<4).map { zone($0, cores: 8) }, carbon: flat, price: flat, start: start, duration: .days(1))
    let job = SubmittedJob(
      job: Job(
        sequence: 0, identity: 0, submittedAt: start, estimatedDuration: .minutes(1),
        demand: Resources(milliCores: 1000, milliGigabytes: 0, milliGPUs: 0)), actualDuration: .minutes(1))
    let alike = try (UInt64(1)...1200).count { seed in
      let records = try simulate(world, [job], policy("random", seed: seed), horizon: .hours(1))
      return records[0].zone == Int(records[0].recommendations.first)
    }
    // 300 ± 4 standard deviations of 15.
    #expect((240...360).contains(alike), "\(alike) of 1200")
  }

  /// The platform's legacy score at its own three examples.
  @Test(arguments: [(80, 120, 68), (75, 140, 61), (70, 160, 54)] as [(Double, Double, Double)])
  func mixScoreOfThePlatform(share: Double, grams: Double, score: Double) {
    #expect(MixScore.score(renewablePercent: share, intensity: CarbonIntensity(grams)) == score)
    #expect(MixScore.renewablePercent(at: CarbonIntensity(grams)) == share)
  }

  @Test func renewableSharesStayWithinAHundred() {
    #expect(MixScore.renewablePercent(at: CarbonIntensity(0)) == 100)
    #expect(MixScore.renewablePercent(at: CarbonIntensity(500)) == 0)
  }
}
