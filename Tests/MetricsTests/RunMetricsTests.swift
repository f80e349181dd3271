import Domain
import Metrics
import Testing

/// The figures of a run, by hand.
@Suite struct RunMetricsTests {
  private let zones = [1, 2].map {
    Zone(
      id: $0, code: "Z\($0)", name: "Z", region: "R", coordinates: Coordinates(latitude: 52, longitude: 0),
      capacity: Resources(milliCores: 4000, milliGigabytes: 0, milliGPUs: 0))
  }

  private func at(_ hour: Int64) -> Instant { Instant(milliseconds: hour * 3_600_000) }

  /// A job on two cores of the first zone.
  private func ran(_ sequence: Int, submitted: Int64, from: Int64, until: Int64, grams: Double) -> JobRecord {
    let job = Job(
      sequence: sequence, identity: UInt64(sequence) + 99, submittedAt: at(submitted), estimatedDuration: .hours(1),
      demand: Resources(milliCores: 2000, milliGigabytes: 0, milliGPUs: 0))
    var record = JobRecord(
      job: job, status: .completed, actualDuration: at(until) - at(from), recommendations: Recommendations(0))
    record.zone = 0
    (record.start, record.end) = (at(from), at(until))
    (record.energy, record.emissions, record.cost) = (Energy(grams / 100), Emissions(grams), Money(grams / 1000))
    return record
  }

  private func rejected(_ sequence: Int, submitted: Int64, deadline: Int64) -> JobRecord {
    let job = Job(
      sequence: sequence, identity: 1, submittedAt: at(submitted), estimatedDuration: .hours(1),
      demand: Resources(milliCores: 64_000, milliGigabytes: 0, milliGPUs: 0), deadline: at(deadline))
    var record = JobRecord(
      job: job, status: .rejected, actualDuration: .hours(1), recommendations: Recommendations())
    record.rejection = .tooLarge
    return record
  }

  /// A clock of ten hours, the first two of them warm-up.
  private func metrics(_ records: [JobRecord]) -> RunMetrics {
    let metrics = RunMetrics(zones: zones, start: at(0), duration: .hours(10), countedFrom: at(2))
    for record in records { metrics.accept(record) }
    return metrics
  }

  /// Jobs that waited for seven thousand years each: their sum in milliseconds is beyond 64 bits.
  @Test func veryLongWaits() throws {
    let years = 7000 * 365 * 24
    let start = 3 + Int64(years)
    let metrics = metrics((0..<60_000).map { ran($0, submitted: 3, from: start, until: start + 1, grams: 1) })
    let figures = metrics.figures(overhead: Overhead())
    let mean = try #require(figures.first { $0.name == "wait_mean_s" }?.value)
    #expect(mean == Double(years) * 3600)
  }

  /// One job from the end of the warm-up to its deadline, with just the emissions that its cap allows; one that is
  /// rejected; one that runs past the end of the clock; and one of the warm-up, which holds its cores for an hour more.
  @Test func edgesByHand() {
    var first = ran(1, submitted: 2, from: 2, until: 4, grams: 700)
    first.job.deadline = at(4)
    first.job.emissionsCap = Emissions(700)
    first.job.costCap = Money(0.7)
    let metrics = metrics([
      ran(0, submitted: 1, from: 1, until: 3, grams: 5000), first, rejected(2, submitted: 3, deadline: 9),
      ran(3, submitted: 7, from: 8, until: 12, grams: 300),
    ])
    let figures = metrics.figures(overhead: Overhead())
    func figure(_ name: String) -> Double? { figures.first { $0.name == name }?.value }
    #expect(figure("jobs_submitted") == 3 && figure("jobs_completed") == 2 && figure("jobs_rejected") == 1)
    #expect(figure("throughput_jobs_per_hour") == 2.0 / 8)
    #expect(figure("energy_kwh") == 10 && figure("carbon_kg") == 1 && figure("cost_gbp") == 1)
    #expect(figure("carbon_savings_pct") == nil && figure("cost_savings_pct") == nil, "metrics of a pair of runs")
    let baseline = RunTotals(emissions: Emissions(2000), cost: Money(4))
    #expect(metrics.totals.value(.carbonSavings, against: baseline) == 50)
    #expect(metrics.totals.value(.costSavings, against: baseline) == 75)
    #expect(figure("sla_met_pct") == 50, "the rejected job has missed its deadline")
    #expect(figure("carbon_cap_violations") == 0 && figure("price_cap_violations") == 0)
    #expect(figure("wait_mean_s") == 1800)
    // Two cores for 2, 2 and 1 hours, of four cores for 8 hours in each zone.
    #expect(figure("utilization_cpu") == 10.0 / 64)
    #expect(metrics.zoneFigures(overheads: [Overhead(), Overhead()]).map(\.utilization.cpu) == [10.0 / 32, 0])
  }

  /// 100 × (baseline − own) / |baseline|: who pays less has saved, whatever the sign of the sums; nothing is no measure.
  @Test(arguments: [
    (base: 4.0, own: 1.0, saved: 75.0 as Double?), (4, 5, -25), (-0.5, -2, 300), (-2, -0.5, -75), (-2, 1, -150),
    (1, -1, 200), (-1, -1, 0), (0, 0, nil), (0, 3, nil), (0, -3, nil),
  ])
  func savingsOfAnySign(_ sums: (base: Double, own: Double, saved: Double?)) {
    let own = RunTotals(emissions: Emissions(sums.own), cost: Money(sums.own))
    let base = RunTotals(emissions: Emissions(sums.base), cost: Money(sums.base))
    #expect(own.value(.carbonSavings, against: base) == sums.saved)
    #expect(own.value(.costSavings, against: base) == sums.saved)
    for metric in Metric.allCases where !metric.definition.isOfPair { #expect(own.value(metric, against: base) == nil) }
  }

  /// Without any deadline there is nothing that could have been met.
  @Test func noDeadlinesNoShare() throws {
    let metrics = metrics([ran(0, submitted: 2, from: 2, until: 4, grams: 1)])
    let figures = metrics.figures(overhead: Overhead())
    let sla = try #require(figures.first { $0.name == "sla_met_pct" })
    #expect(sla.value == nil)
  }

  /// A gram more than the cap allows breaks it.
  @Test func aboveTheCap() {
    var record = ran(0, submitted: 2, from: 2, until: 4, grams: 701)
    record.job.emissionsCap = Emissions(700)
    record.job.costCap = Money(0.7)
    let figures = metrics([record]).figures(overhead: Overhead())
    #expect(figures.first { $0.name == "carbon_cap_violations" }?.value == 1)
    #expect(figures.first { $0.name == "price_cap_violations" }?.value == 1)
  }

  /// The signature tells job, zone and start, and nothing of the order of records.
  @Test func theSignatureIsOfPlacements() {
    let (a, b) = (ran(0, submitted: 2, from: 2, until: 4, grams: 1), ran(1, submitted: 3, from: 3, until: 4, grams: 1))
    var elsewhere = b
    elsewhere.zone = 1
    var later = b
    later.start = at(3) + TimeSpan(milliseconds: 1)
    let signature = metrics([a, b]).placementSignature
    #expect(metrics([b, a]).placementSignature == signature)
    for other in [elsewhere, later] { #expect(metrics([a, other]).placementSignature != signature) }
  }
}
