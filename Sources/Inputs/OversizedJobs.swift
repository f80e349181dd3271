public import Domain
public import Scenarios

/// Counts jobs that are larger than every zone, which the engine rejects when they are submitted.
public struct OversizedJobs {
  /// The zones'; empty if nobody asks.
  var capacities: [Resources] = []
  private var times: [Int64] = []
  /// Submission, id and demand of the first oversized jobs, at most 1,000.
  private var first: [(time: Int64, id: String, demand: Resources)] = []

  @inline(__always)
  mutating func check(_ parser: JobRowParser, _ format: JobFormat) {
    guard let zone = capacities.first, !zone.holds(parser.job.demand) else { return }
    look(parser, format)
  }

  private mutating func look(_ parser: JobRowParser, _ format: JobFormat) {
    let demand = parser.job.demand
    if capacities.contains(where: { $0.holds(demand) }) { return }
    let time = parser.job.submittedAt.milliseconds
    times.append(time)
    if first.count < 1000 { first.append((time, "\(format.idPrefix)\(parser.id.text)", demand)) }
  }

  /// `3 jobs fit in no zone and are rejected: job-1 needs 128 cores, the largest zone has 64`; `nil` without any.
  ///
  /// - Parameters:
  ///   - spans: of the submissions that count, after the clock has placed them.
  ///   - place: said of these spans: ` in the 2 windows`.
  func note(_ clock: JobClock, _ spans: [Range<Int64>], _ place: String = "") -> String? {
    func counts(_ time: Int64) -> Bool {
      let instant = clock.instant(time)
      return spans.contains { $0.contains(instant) }
    }
    let count = times.count(where: counts)
    guard count > 0 else { return nil }
    let verb = count == 1 ? "fits in no zone and is rejected" : "fit in no zone and are rejected"
    let jobs = "\(counted(count, "job"))\(place) \(verb)"
    guard let job = first.first(where: { counts($0.time) }) else { return jobs }
    return "\(jobs): \(job.id.printable()) needs \(OversizedJobs.need(job.demand, capacities))"
  }

  /// Jobs of a model that are looked at: more would take long.
  private static let mostDrawn = 1_000_000

  /// Note on the oversized jobs among those that a model generates, `3 of 100 jobs fit in no zone …`; `nil` if there
  /// are none.
  ///
  /// - Parameters:
  ///   - scenario: as the first replication sees it.
  ///   - capacities: the most that each zone ever has.
  public static func note(
    _ model: WorkloadModel, _ scenario: Scenario, surges: [EventSpec.Surge], capacities: [Resources]
  ) throws -> String? {
    let source = try SurgedWorkload.make(
      model, surges: surges, zones: scenario.zones, start: scenario.start, duration: scenario.duration,
      seed: scenario.seed, replication: 1)
    var next = SubmittedJob.blank
    var (count, all) = (0, 0)
    var first: (id: String, demand: Resources)?
    while all < mostDrawn, try source.read(into: &next.job, actualDuration: &next.actualDuration) {
      all += 1
      if capacities.contains(where: { $0.holds(next.job.demand) }) { continue }
      count += 1
      if first == nil { first = ("job-\(next.job.sequence + 1)", next.job.demand) }
    }
    guard let first else { return nil }
    let verb = count == 1 ? "fits in no zone and is rejected" : "fit in no zone and are rejected"
    let place = scenario.replicationsAtMost > 1 ? " of the first replication" : ""
    let part = all == mostDrawn ? "the first " : ""
    let jobs = "\(count) of \(part)\(counted(all, "job"))\(place)"
    return "\(jobs) \(verb): \(first.id) needs \(need(first.demand, capacities))"
  }

  private static func need(_ demand: Resources, _ capacities: [Resources]) -> String {
    let most = capacities.reduce(Resources.zero) { $0.larger($1) }
    func text(_ number: Double) -> String { number == number.rounded() ? "\(Int(number))" : "\(number)" }
    let parts = [
      (demand.cpuCores, most.cpuCores, "cores"), (demand.memoryGigabytes, most.memoryGigabytes, "GB"),
      (demand.gpus, most.gpus, "GPUs"),
    ]
    if let part = parts.first(where: { $0.0 > $0.1 }) {
      return "\(text(part.0)) \(part.2), the largest zone has \(text(part.1))"
    }
    return parts.filter { $0.0 > 0 }.map { "\(text($0.0)) \($0.2)" }.joined(separator: ", ")
      + ", which no single zone has"
  }
}
