import CGSL
import Domain
import Foundation
import Inputs
import Randomness
import Scenarios
import Testing

private let hourly = ArrivalModel(.poisson(perHour: 10, profile: nil), jobs: 20_000)

private func facts(_ jobs: [SubmittedJob]) -> [String] { jobs.map { "\($0)" } }

@Suite struct GeneratedWorkloadTests {
  @Test func aReplicationIsTheSameEachTimeAndNoOther() throws {
    let classes = try [
      simple("a", duration: .lognormal(mu: 4, sigma: 1)), simple("b", weight: 2, duration: .exponential(mean: 50)),
    ]
    let first = try generated(hourly, classes).all()
    #expect(facts(first) == facts(try generated(hourly, classes).all()))
    let other = try generated(hourly, classes, replication: 2).all()
    #expect(zip(first, other).allSatisfy { $0.job.submittedAt != $1.job.submittedAt })
    let seeded = try generated(hourly, classes, seed: 2).all()
    #expect(zip(first, seeded).allSatisfy { $0.job.submittedAt != $1.job.submittedAt })
    #expect(first.map(\.job.sequence) == Array(first.indices))
    #expect(Set(first.map(\.job.identity)).count == first.count)
  }

  /// A part of the model that draws more or less leaves the draws of the other parts as they are.
  @Test func partsDoNotDisturbEachOther() throws {
    let law = try Distribution.lognormal(mu: 4, sigma: 1)
    let plain = try generated(hourly, [simple("a", duration: law)]).all()
    let changed = try simple("a", duration: law) {
      $0.cores = SizeModel(try .lognormal(mu: 1, sigma: 1))
      $0.estimateRatio = try .lognormal(mu: 1, sigma: 1)
      $0.energy = .terms(EnergyTerms(base: 1, spread: 0.5))
      $0.urgency = [1, 1, 1, 1]
      $0.home = .weights([1, 1])
    }
    let rich = try generated(hourly, [changed], users: UserModel(count: 50, zipfExponent: 1)).all()
    #expect(plain.map(\.actualDuration) == rich.map(\.actualDuration))
    #expect(plain.map(\.job.submittedAt) == rich.map(\.job.submittedAt))
    #expect(plain.map(\.job.demand) != rich.map(\.job.demand))
    // A second class takes its share of the instants, and the first class's jobs are the same ones in order.
    let two = try generated(hourly, [simple("a", duration: law), simple("b", duration: law)]).all()
    #expect(two.map(\.job.submittedAt) == plain.map(\.job.submittedAt))
    let own = two.filter { $0.job.textHandle == 0 }.map(\.actualDuration)
    #expect(own == plain.prefix(own.count).map(\.actualDuration))
  }

  @Test func textsAreMadeAndHashed() throws {
    let work = try generated(hourly, [simple("näme"), simple("b")])
    for _ in 0..<11_000 {
      let job = try #require(try work.next()).job
      work.withTexts(of: job) { id, name in
        let text = String(decoding: id, as: UTF8.self)
        #expect(text == "job-\(job.sequence + 1)")
        #expect(["näme", "b"].contains(String(decoding: name, as: UTF8.self)))
        // FNV-1a and the finisher of SplitMix64, as the identity of a job read from a file.
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        hash = (hash ^ (hash >> 30)) &* 0xbf58_476d_1ce4_e5b9
        hash = (hash ^ (hash >> 27)) &* 0x94d0_49bb_1331_11eb
        #expect(job.identity == hash ^ (hash >> 31))
      }
    }
  }

  @Test func sharesOfClassesZonesAndUsers() throws {
    let classes = try [simple("a", weight: 3) { $0.home = .weights([1, 0, 3]) }, simple("b", weight: 1)]
    let users = UserModel(count: 4, zipfExponent: 1)
    let jobs = try generated(hourly, classes, users: users, zones: 3).all().map(\.job)
    let own = jobs.filter { $0.textHandle == 0 }
    func expect(_ counts: [Int], _ shares: [Double]) {
      let all = Double(counts.reduce(0, +))
      let square = zip(counts, shares).reduce(0) {
        $0 + (Double($1.0) - $1.1 * all) * (Double($1.0) - $1.1 * all) / ($1.1 * all)
      }
      #expect(square < gsl_cdf_chisq_Qinv(1e-6, Double(counts.count - 1)), "\(counts)")
    }
    expect([own.count, jobs.count - own.count], [0.75, 0.25])
    expect([0, 2].map { zone in own.count { $0.homeZone == zone } }, [0.25, 0.75])
    #expect(!own.contains { $0.homeZone == 1 })
    #expect(jobs.allSatisfy { $0.textHandle == 0 || $0.homeZone == -1 })
    let sum = 1 + 1.0 / 2 + 1.0 / 3 + 1.0 / 4
    expect((0..<4).map { user in jobs.count { $0.user == user } }, (1...4).map { 1 / Double($0) / sum })
  }

  @Test func sizesAreWholeUnits() throws {
    let jobs = try generated(
      hourly,
      [
        simple {
          $0.cores = SizeModel(try .uniform(low: 0.1, high: 20), rounding: .powerOfTwo)
          $0.gpus = SizeModel(try .discrete([(0, 1), (0.3, 1), (2, 1), (2.01, 1)]))
          $0.memory = .perCore(try .constant(1.5001))
        }
      ]
    ).all().map(\.job)
    #expect(Set(jobs.map(\.demand.milliCores)) == [1000, 2000, 4000, 8000, 16_000, 32_000])
    #expect(Set(jobs.map(\.demand.milliGPUs)) == [0, 1000, 2000, 3000])
    // 1.5001 GB a core, rounded up to thousandths.
    let gigabytes: [Int64: Int64] = [1000: 1501, 2000: 3001, 4000: 6001, 8000: 12_001, 16_000: 24_002, 32_000: 48_004]
    #expect(jobs.allSatisfy { $0.demand.milliGigabytes == gigabytes[$0.demand.milliCores] })
    // Uniform on 0.1...20: 8 < x ≤ 16 becomes 16.
    let share = Double(jobs.count { $0.demand.milliCores == 16_000 }) / Double(jobs.count)
    #expect(abs(share - 8 / 19.9) < 0.02)
  }

  /// The platform's typical deadline and deferral window by urgency; a deadline no sooner than the window and the
  /// estimate allow.
  @Test func termsByUrgency() throws {
    let jobs = try generated(
      hourly, [simple(duration: .constant(3600)) { $0.urgency = [34, 60, 6, 1] }]
    ).all().map(\.job)
    let windows: [Urgency: Int64] = [.low: 360, .medium: 120, .high: 30, .critical: 0]
    let deadlines: [Urgency: Int64] = [.low: 24 * 60, .medium: 6 * 60, .high: 2 * 60, .critical: 60]
    for job in jobs {
      #expect(job.deferralWindow == .minutes(try #require(windows[job.urgency])))
      #expect(job.deadline - job.submittedAt == .minutes(try #require(deadlines[job.urgency])))
    }
    #expect(Set(jobs.map(\.urgency)).count == 4)
    let medium = Double(jobs.count { $0.urgency == .medium }) / Double(jobs.count)
    #expect(abs(medium - 60.0 / 101) < 0.02)
  }

  @Test func rulesEnergyAndCaps() throws {
    let jobs = try generated(
      hourly,
      [
        simple(duration: .uniform(low: 1000, high: 5000)) {
          $0.estimateRatio = try .lognormal(mu: 0.8, sigma: 0.5)
          $0.gpus = SizeModel(try .constant(2))
          $0.cores = SizeModel(try .constant(8))
          $0.energy = .terms(EnergyTerms(base: 5, perCore: 0.1, perGPUHour: 0.3, spread: 0.15))
          $0.deferral = .span(.hours(3))
          $0.deadline = .slack(2.5)
          $0.caps = CapModel(emissions: 1.5, intensity: CarbonIntensity(300), cost: 2)
        }
      ]
    ).all()
    var factors: [Double] = []
    for submitted in jobs {
      let job = submitted.job
      #expect(job.deferralWindow == .hours(3))
      let slack = Double((job.deadline - job.submittedAt).milliseconds)
      #expect(abs(slack - 2.5 * Double(job.estimatedDuration.milliseconds)) <= 0.5)
      let middle = 5 + 0.1 * 8 + 0.3 * 2 * job.estimatedDuration.inHours
      factors.append(job.estimatedEnergy.value / middle)
      #expect(abs(job.emissionsCap.value - 1.5 * job.estimatedEnergy.value * 156) < 1e-9)
      #expect(abs(job.costCap.value - 2 * job.estimatedEnergy.value * 0.2) < 1e-12)
      #expect(job.intensityCap == CarbonIntensity(300))
    }
    #expect(factors.allSatisfy { $0 >= 0.85 && $0 <= 1.15 })
    #expect(factors.contains { $0 < 0.86 } && factors.contains { $0 > 1.14 })
    let ratios = jobs.map { Double($0.job.estimatedDuration.milliseconds) / Double($0.actualDuration.milliseconds) }
    let below = Double(ratios.count { $0 < 1 }) / Double(ratios.count)
    #expect(abs(below - gsl_cdf_lognormal_P(1, 0.8, 0.5)) < 0.01)
  }

  /// Without an energy the cap counts with the watts of the home zone, else of the first.
  @Test func capsFromTheHardwareModel() throws {
    let job = try #require(
      try generated(hourly, [simple(duration: .constant(7200)) { $0.caps = CapModel(emissions: 2) }]).next()
    ).job
    // 10 W for a core and 4 × 0.392 W for its memory, two hours, twice 156 g.
    #expect(abs(job.emissionsCap.value - 0.011568 * 2 * 2 * 156) < 1e-9)
    #expect(job.estimatedEnergy.value.isNaN && job.costCap.value == .infinity)
  }
}

@Suite struct WildWorkloadTests {
  /// Laws whose values overflow, are negative or zero give jobs that still lie within bounds.
  @Test func valuesOutOfAllBoundsAreClamped() throws {
    let huge = try Distribution.lognormal(mu: 700, sigma: 100)
    let wild = try Distribution.normal(mean: 0, sd: 1e300)
    let class1 = try simple("a", duration: huge) {
      $0.cores = SizeModel(wild, rounding: .powerOfTwo)
      $0.gpus = SizeModel(huge)
      $0.memory = .perCore(huge)
      $0.estimateRatio = wild
    }
    let class2 = try simple("b", duration: wild) { $0.memory = .total(wild) }
    let arrivals = ArrivalModel(.renewal(gap: try .normal(mean: 0, sd: 1000), profile: nil), batch: wild, jobs: 5000)
    let jobs = try generated(arrivals, [class1, class2]).all()
    #expect(jobs.count == 5000)
    for submitted in jobs {
      let job = submitted.job
      #expect(1...32_000_000_000_000 ~= submitted.actualDuration.milliseconds)
      #expect(1...32_000_000_000_000 ~= job.estimatedDuration.milliseconds)
      #expect(0...1_100_000_000_000 ~= job.demand.milliCores && 0...1_000_000_000_000 ~= job.demand.milliGPUs)
      #expect(0...1_000_000_000_000 ~= job.demand.milliGigabytes)
      #expect(job.deadline > job.submittedAt && job.submittedAt >= wednesday)
    }
  }

  /// How long a job takes tells nothing of how far its estimate is off: over 4,000 jobs the two are not correlated.
  @Test func errorsOfEstimatesAreDrawnApartFromDurations() throws {
    let law = try Distribution.exponential(mean: 1)
    let made = try simple(duration: .exponential(mean: 36_000)) { $0.estimateRatio = law }
    let jobs = try generated(ArrivalModel(.poisson(perHour: 60, profile: nil), jobs: 4000), [made]).all()
    let runs = jobs.map { $0.actualDuration.inSeconds }
    let ratios = jobs.map { $0.job.estimatedDuration.inSeconds / $0.actualDuration.inSeconds }
    func moments(_ values: [Double]) -> (mean: Double, deviation: Double) {
      let mean = values.reduce(0, +) / Double(values.count)
      return (mean, (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)).squareRoot())
    }
    let (run, ratio) = (moments(runs), moments(ratios))
    let joint = zip(runs, ratios).reduce(0) { $0 + ($1.0 - run.mean) * ($1.1 - ratio.mean) } / Double(jobs.count)
    // Four standard deviations of a correlation of nothing are 0.063.
    #expect(abs(joint / (run.deviation * ratio.deviation)) < 0.063)
  }
}
