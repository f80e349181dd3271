import CGSL
import Domain
import Randomness
import Scenarios
import Testing

private let hour: Int64 = 3_600_000

/// Busy in the mornings, quiet at weekends, closed at midnight and on Sundays.
private let profile = WeekProfile(
  hourly: [0, 1, 1, 1, 1, 2, 3, 5, 8, 9, 9, 8, 7, 7, 7, 6, 5, 4, 3, 3, 2, 2, 1, 1], weekday: [9, 10, 10, 10, 8, 3, 0])

/// Σ (found − expected)² / expected, and its quantiles at 1e-6 on either side.
private func chiSquare(_ found: [Int], _ expected: [Double]) -> Double {
  zip(found, expected).reduce(0) { $0 + (Double($1.0) - $1.1) * (Double($1.0) - $1.1) / $1.1 }
}

private func kolmogorov(_ sample: [Double], _ cdf: (Double) -> Double) -> Double {
  let sorted = sample.sorted()
  let n = Double(sorted.count)
  let d = sorted.enumerated().reduce(0.0) { worst, item in
    let expected = cdf(item.element)
    return max(worst, expected - Double(item.offset) / n, Double(item.offset + 1) / n - expected)
  }
  return d * n.squareRoot()
}

@Suite struct ArrivalTests {
  /// Counts an hour have the mean and the dispersion of Poisson's law, on both sides.
  @Test(arguments: [UInt64(1), 2, 3])
  func poissonCountsAreDispersedAsPoissons(seed: UInt64) throws {
    var counts = [Int](repeating: 0, count: 200 * 24)
    let times = try generated(ArrivalModel(.poisson(perHour: 20, profile: nil)), days: 200, seed: seed).times()
    for time in times { counts[Int((time - wednesday.milliseconds) / hour)] += 1 }
    let square = chiSquare(counts, [Double](repeating: 20, count: counts.count))
    #expect(square < gsl_cdf_chisq_Qinv(1e-6, Double(counts.count)))
    #expect(square > gsl_cdf_chisq_Pinv(1e-6, Double(counts.count)))
    let gaps = zip(times, times.dropFirst()).map { Double($1 - $0) + 0.5 }
    #expect(kolmogorov(gaps) { gsl_cdf_exponential_P($0, 180_000) } < 2.69)
  }

  /// Counts by the hour of the week against the profile, from a clock that starts within an hour on a Wednesday; and
  /// each hour's counts over the weeks are dispersed as Poisson's.
  @Test(arguments: [UInt64(1), 2, 3])
  func aProfileIsFollowed(seed: UInt64) throws {
    let weeks = 50
    let monday = Instant(milliseconds: wednesday.milliseconds - 58 * hour - hour / 2)
    let arrivals = ArrivalModel(.poisson(perHour: 10, profile: profile))
    let work = try generated(arrivals, start: wednesday, days: Int64(7 * weeks), seed: seed)
    var counts = [Int](repeating: 0, count: 168)
    var single = [Int](repeating: 0, count: 168 * (weeks + 1))
    for time in try work.times() {
      counts[hourOfWeek(time)] += 1
      single[Int((time - monday.milliseconds) / hour)] += 1
    }
    let open = profile.rates.indices.filter { profile.rates[$0] > 0 }
    #expect(open.count == 23 * 6 && counts.indices.allSatisfy { profile.rates[$0] > 0 || counts[$0] == 0 })
    let square = chiSquare(open.map { counts[$0] }, open.map { profile.rates[$0] * 10 * Double(weeks) })
    #expect(square < gsl_cdf_chisq_Qinv(1e-6, Double(open.count)))
    let whole = (168..<168 * weeks).filter { profile.rates[$0 % 168] > 0 }
    let dispersion = chiSquare(whole.map { single[$0] }, whole.map { profile.rates[$0 % 168] * 10 })
    #expect(dispersion < gsl_cdf_chisq_Qinv(1e-6, Double(whole.count)))
    #expect(dispersion > gsl_cdf_chisq_Pinv(1e-6, Double(whole.count)))
  }

  @Test(arguments: [DistributionFamily.gamma, .weibull, .lognormal], [0.5, 3, 10])
  func renewalGapsHaveTheirLaw(family: DistributionFamily, cv: Double) throws {
    let law = try family.distribution(["mean": 600, "cv": cv])
    let times = try generated(ArrivalModel(.renewal(gap: law, profile: nil), jobs: 50_000), days: 20_000).times()
    let gaps = zip([wednesday.milliseconds] + times, times).map { Double($1 - $0) }
    // A gap is the difference of two instants cut to milliseconds: compare beyond what that can move.
    for quantile in [30.0, 300, 3000, 30_000, 300_000, 3e6] {
      let share = Double(gaps.count { $0 <= quantile }) / Double(gaps.count)
      let low = law.cdf((quantile - 1) / 1000)
      let high = law.cdf((quantile + 1) / 1000)
      let room = 4.9 * (high * (1 - low) / Double(gaps.count)).squareRoot() + 1e-4
      #expect(share > low - room && share < high + room, "\(quantile) ms: \(share), law \(low)...\(high)")
    }
    let mean = gaps.reduce(0, +) / Double(gaps.count)
    let deviation = (gaps.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(gaps.count)).squareRoot()
    // Lognormal and Weibull laws of CV 10 show their variance only to samples far larger than this one.
    if family == .gamma || cv < 10 { #expect(abs(deviation / mean / cv - 1) < 0.25, "CV \(deviation / mean)") }
  }

  /// Through the integral of the profile, summed hour by hour here, the gaps are the law's.
  @Test func renewalTimeRunsByTheProfile() throws {
    let law = try Distribution.gamma(shape: 0.5, scale: 7200)
    let times = try generated(ArrivalModel(.renewal(gap: law, profile: profile), jobs: 30_000), days: 20_000).times()
    #expect(times.count == 30_000)
    var gaps: [Double] = []
    var passed = 0.0
    var at = wednesday.milliseconds
    for time in times {
      while at < time {
        let next = min(time, (at / hour + 1) * hour)
        passed += Double(next - at) / 1000 * profile.rates[hourOfWeek(at)]
        at = next
      }
      gaps.append(passed + 5e-4)
      passed = 0
    }
    #expect(kolmogorov(gaps) { gsl_cdf_gamma_P($0, 0.5, 7200) } < 2.69)
    #expect(times.allSatisfy { profile.rates[hourOfWeek($0)] > 0 })
  }

  @Test func batchesHaveTheirSizes() throws {
    let sizes = try Distribution.discrete([(1, 5), (3, 3), (10, 2)])
    let arrivals = ArrivalModel(.poisson(perHour: 1, profile: nil), batch: sizes)
    var counts: [Int64: Int] = [:]
    for time in try generated(arrivals, days: 1000).times() { counts[time, default: 0] += 1 }
    let found = [1, 3, 10].map { size in counts.values.count { $0 == size } }
    #expect(found.reduce(0, +) == counts.count)
    let square = chiSquare(found, [0.5, 0.3, 0.2].map { $0 * Double(counts.count) })
    #expect(square < gsl_cdf_chisq_Qinv(1e-6, 2), "\(found)")
  }

  /// 10–19 submissions on a weekday and 3–7 on a weekend day, every number alike, 70 % from 9 to 17.
  @Test func dailyCountsAreUniformAndFollowTheHours() throws {
    let hourly = (0..<24).map { $0 >= 9 && $0 < 17 ? 0.7 / 8 : 0.3 / 16 }
    let daily = ArrivalModel.DailyCounts(weekday: 10...19, weekend: 3...7, hourly: hourly)
    let midnight = Instant(milliseconds: wednesday.milliseconds / 86_400_000 * 86_400_000)
    let days = 7 * 400
    let times = try generated(ArrivalModel(.daily(daily)), start: midnight, days: Int64(days)).times()
    #expect(times == times.sorted())
    var counts = [Int](repeating: 0, count: days)
    var hours = [Int](repeating: 0, count: 24)
    for time in times {
      counts[Int((time - midnight.milliseconds) / 86_400_000)] += 1
      hours[Instant(milliseconds: time).civil.hour] += 1
    }
    for (bounds, isWeekend) in [(10...19, false), (3...7, true)] {
      // Day 0 is a Wednesday.
      let own = counts.indices.filter { (($0 + 2) % 7 >= 5) == isWeekend }.map { counts[$0] }
      let found = bounds.map { wanted in own.count { $0 == wanted } }
      #expect(found.reduce(0, +) == own.count)
      let share = Double(own.count) / Double(bounds.count)
      #expect(chiSquare(found, bounds.map { _ in share }) < gsl_cdf_chisq_Qinv(1e-6, Double(bounds.count - 1)))
    }
    let expected = hourly.map { $0 * Double(times.count) }
    #expect(chiSquare(hours, expected) < gsl_cdf_chisq_Qinv(1e-6, 23))
  }

  @Test func dailyRatesScaleTheMeanCount() throws {
    let hourly = [Double](repeating: 1, count: 24)
    for rate in [0.1, 3.5, 100] {
      let daily = ArrivalModel.DailyCounts(weekday: 10...19, weekend: 3...7, rate: rate, hourly: hourly)
      let count = Double(try generated(ArrivalModel(.daily(daily)), days: 7 * 50).times().count)
      // 5 × 14.5 + 2 × 5 a week; the counts' own spread is 2.9 a weekday.
      let expected = 82.5 * 50 * rate
      #expect(abs(count - expected) < 5 * (250 * 8.25 * rate * rate + expected).squareRoot(), "rate \(rate): \(count)")
    }
  }

  /// Either the number of jobs or the end of the clock stops them, and every time lies within the clock.
  @Test func submissionsStop() throws {
    let process = ArrivalModel.Process.poisson(perHour: 60, profile: nil)
    #expect(try generated(ArrivalModel(process, jobs: 100), days: 10).times().count == 100)
    let times = try generated(ArrivalModel(process, jobs: 100_000), days: 10).times()
    #expect(times.count > 13_800 && times.count < 15_000)
    #expect(times.allSatisfy { $0 >= wednesday.milliseconds && $0 < (wednesday + .days(10)).milliseconds })
  }
}
