import Domain
import Metrics
import Testing

/// The figures of a job that was interrupted follow its segments, not the span from its start to its end.
@Suite struct SegmentTests {
  private func zone(_ id: Int) -> Zone {
    Zone(
      id: id, code: "Z\(id)", name: "Z", region: "R", coordinates: Coordinates(latitude: 52, longitude: 0),
      capacity: Resources(milliCores: 4000, milliGigabytes: 0, milliGPUs: 0))
  }

  private func at(_ hour: Int64) -> Instant { Instant(milliseconds: hour * 3_600_000) }

  private func segment(_ zone: Int, _ from: Int64, _ to: Int64, _ grams: Double) -> RunSegment {
    var segment = RunSegment(zone: zone, start: at(from), end: at(to))
    segment.energy = Energy(grams / 100)
    segment.emissions = Emissions(grams)
    segment.cost = Money(grams / 1000)
    return segment
  }

  /// Two cores of four, an hour in the first zone and three in the second, of a clock of eight: the last one beyond it.
  @Test func whatItHeldAndDrewCountsWhereItDid() {
    let job = Job(
      sequence: 0, identity: 99, submittedAt: at(0), estimatedDuration: .hours(4),
      demand: Resources(milliCores: 2000, milliGigabytes: 0, milliGPUs: 0))
    var record = JobRecord(
      job: job, status: .completed, actualDuration: .hours(4), recommendations: Recommendations(0))
    record.zone = 1
    (record.start, record.end) = (at(1), at(9))
    (record.energy, record.emissions, record.cost) = (Energy(7), Emissions(700), Money(0.7))
    let segments = [segment(0, 1, 2, 100), segment(1, 3, 5, 400), segment(1, 8, 9, 200)]
    let metrics = RunMetrics(zones: [zone(1), zone(2)], start: at(0), duration: .hours(8))
    metrics.accept(record, segments: segments)
    let zones = metrics.zoneFigures(overheads: [Overhead(), Overhead()])
    #expect(zones.map(\.tally.started) == [0, 1] && zones.map(\.tally.completed) == [0, 1])
    #expect(zones.map(\.tally.emissions.value) == [100, 600] && zones.map(\.tally.energy.value) == [1, 6])
    #expect(zones.map(\.utilization.cpu) == [2.0 / 32, 4.0 / 32])
    let figures = metrics.figures(overhead: Overhead())
    func figure(_ name: String) -> Double? { figures.first { $0.name == name }?.value }
    #expect(figure("carbon_kg") == 0.7 && figure("jobs_completed") == 1 && figure("wait_mean_s") == 3600)
    #expect(figure("utilization_cpu") == 6.0 / 64)
    // Another resumption is another placement; a job with one segment is placed as one without.
    let signature = { (segments: [RunSegment]) in
      let metrics = RunMetrics(zones: [zone(1), zone(2)], start: at(0), duration: .hours(8))
      metrics.accept(record, segments: segments)
      return metrics.placementSignature
    }
    #expect(signature(segments) != signature([segments[0], segment(1, 4, 6, 400), segments[2]]))
    let plain = RunMetrics(zones: [zone(1), zone(2)], start: at(0), duration: .hours(8))
    plain.accept(record)
    #expect(plain.placementSignature == signature([segment(1, 1, 9, 700)]))
  }
}
