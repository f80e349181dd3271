import Domain
import Metrics
import Testing

/// Work after the clock's end, by hand: a clock of eight hours, 100 gCO2/kWh within it, then 300 for an hour, then 50.
@Suite struct AfterClockTests {
  private let zone = Zone(
    id: 1, code: "A", name: "A", region: "R", coordinates: Coordinates(latitude: 52, longitude: 0),
    capacity: Resources(milliCores: 4000, milliGigabytes: 0, milliGPUs: 0), pue: 1.5)

  private func at(_ hours: Double) -> Instant { Instant(milliseconds: Int64(hours * 3_600_000)) }

  private func trace() throws -> StepTrace {
    try StepTrace(stamps: [(at(0), 100), (at(8), 300), (at(9), 50)], end: at(30))
  }

  private func metrics(countedFrom: Instant? = nil, checkpoint: Double = 0) throws -> RunMetrics {
    RunMetrics(
      zones: [zone], start: at(0), duration: .hours(8), countedFrom: countedFrom, carbon: [try trace()],
      interruption: InterruptionRules(checkpointEnergy: Energy(checkpoint)))
  }

  /// 2 kW of IT power, 3 kW at the meter.
  private func job(submitted: Double = 1) -> Job {
    Job(
      sequence: 0, identity: 1, submittedAt: at(submitted), estimatedDuration: .hours(1),
      demand: Resources(milliCores: 2000, milliGigabytes: 0, milliGPUs: 0), estimatedEnergy: Energy(2))
  }

  private func ran(_ from: Double, _ until: Double, submitted: Double = 1) throws -> JobRecord {
    var record = JobRecord(
      job: job(submitted: submitted), status: .completed, actualDuration: at(until) - at(from),
      recommendations: Recommendations(0))
    record.zone = 0
    (record.start, record.end) = (at(from), at(until))
    record.emissions = Emissions(3 * (try trace().integral(from: at(from), to: at(until))))
    return record
  }

  private func figures(_ metrics: RunMetrics) -> (jobs: Double?, percent: Double?) {
    let all = metrics.figures(overhead: Overhead())
    func figure(_ name: String) -> Double? { all.first { $0.name == name }?.value }
    return (figure("jobs_ended_after_clock"), figure("carbon_after_clock_pct"))
  }

  /// One that ends with the clock, one an hour and a half beyond it, one that begins beyond it.
  @Test func byHand() throws {
    let metrics = try metrics()
    for record in [try ran(7, 8), try ran(6, 9.5), try ran(10, 12)] { metrics.accept(record) }
    let (within, across, beyond) = (3 * 100.0, 3 * 200.0, 3 * 100.0)
    let late = 3 * (300.0 + 25) + beyond
    let found = figures(metrics)
    #expect(found.jobs == 2)
    #expect(abs((found.percent ?? 0) - 100 * late / (within + across + 3 * 325 + beyond)) < 1e-12)
  }

  /// A job that still ran when the clock ended the run has no end; one of the warm-up is in no figure.
  @Test func whatDoesNotCount() throws {
    let metrics = try metrics(countedFrom: at(1))
    metrics.accept(try ran(2, 9, submitted: 0.5))
    var running = try ran(6, 8)
    (running.status, running.end) = (.running, .never)
    metrics.accept(running)
    let found = figures(metrics)
    #expect(found.jobs == 0 && found.percent == 0)
    let idle = figures(try self.metrics())
    #expect(idle.jobs == 0 && idle.percent == nil, "no emissions, no share of them")
  }

  /// Of a job in pieces those count that reach beyond the clock, with the checkpoint that is written there.
  @Test func pieces() throws {
    let metrics = try metrics(checkpoint: 0.1)
    var record = try ran(1, 10)
    let pieces: [(from: Double, until: Double, paused: Bool)] = [(1, 2, true), (7, 8.5, true), (9.5, 10, false)]
    let segments = try pieces.map { piece in
      var segment = RunSegment(zone: 0, start: at(piece.from), end: at(piece.until))
      let running = 3 * (try trace().integral(from: at(piece.from), to: at(piece.until)))
      segment.emissions = Emissions(running + (piece.paused ? 0.15 * (try trace().value(at: at(piece.until))) : 0))
      return segment
    }
    record.emissions = segments.reduce(.zero) { $0 + $1.emissions }
    metrics.accept(record, segments: segments)
    let late = 3 * 150 + 0.15 * 300 + 3 * 25
    let found = figures(metrics)
    #expect(found.jobs == 1)
    #expect(abs((found.percent ?? 0) - 100 * late / (300 + 15 + 300 + late)) < 1e-12)
  }

  /// Without traces the share is not known.
  @Test func withoutTraces() throws {
    let metrics = RunMetrics(zones: [zone], start: at(0), duration: .hours(8))
    metrics.accept(try ran(7, 9))
    let found = figures(metrics)
    #expect(found.jobs == 1 && found.percent == nil)
  }
}
