public import Domain

/// Amounts of the resources that need not be whole thousandths, such as means.
public struct ResourceAmounts: Sendable, Hashable {
  public var cpuCores: Double
  public var memoryGigabytes: Double
  public var gpus: Double

  public init(cpuCores: Double, memoryGigabytes: Double, gpus: Double) {
    self.cpuCores = cpuCores
    self.memoryGigabytes = memoryGigabytes
    self.gpus = gpus
  }

  init(_ resources: Resources) {
    self.init(cpuCores: resources.cpuCores, memoryGigabytes: resources.memoryGigabytes, gpus: resources.gpus)
  }

  static let zero = ResourceAmounts(cpuCores: 0, memoryGigabytes: 0, gpus: 0)

  static func + (a: ResourceAmounts, b: ResourceAmounts) -> ResourceAmounts {
    ResourceAmounts(
      cpuCores: a.cpuCores + b.cpuCores, memoryGigabytes: a.memoryGigabytes + b.memoryGigabytes, gpus: a.gpus + b.gpus)
  }

  static func += (a: inout ResourceAmounts, b: ResourceAmounts) { a = a + b }

  func times(_ factor: Double) -> ResourceAmounts {
    ResourceAmounts(cpuCores: cpuCores * factor, memoryGigabytes: memoryGigabytes * factor, gpus: gpus * factor)
  }
}

/// Tallies of a run's jobs for charts, gathered as records come: by hour of the day, by stretch of the clock, by type.
/// Memory does not grow with the number of jobs; O(1) per record.
public final class ChartTallies {
  /// Turnaround and wait at these shares of the jobs.
  public static let shares: [Double] = (0...100).map { Double($0) / 100 } + [0.995, 0.999]

  public let start: Instant
  public let end: Instant
  /// The end of the warm-up: types and times are of jobs submitted from then on, hours of the day of what is held then.
  public let countedFrom: Instant
  /// Length of the stretches of the clock over which load is averaged; the last one may be shorter.
  public let interval: TimeSpan
  private let zones: Int
  private let stretches: Int
  /// Mean power (kW) that jobs which take part of a stretch add to it, by zone and stretch.
  private var partial: [Double]
  /// Increase in mean power from the stretch before, by zone and stretch, of jobs that take whole stretches.
  private var rise: [Double]
  /// Resources × ms by zone and hour of the day.
  private var hours: [ResourceAmounts]
  /// Resources × days of jobs that run for days on end, by zone.
  private var days: [ResourceAmounts]
  private var types = Array(repeating: TypeTally(), count: WorkloadType.allCases.count)
  private var turnarounds = Percentiles(exactLimit: 20_000)
  private var waits = Percentiles(exactLimit: 20_000)

  /// Totals of the jobs of one type that started.
  public struct TypeTally: Sendable, Hashable {
    public var started = 0
    public var energy = Energy.zero
    public var emissions = Emissions.zero
    public var cost = Money.zero

    public init() {}
  }

  private static let hour: Int64 = 3_600_000
  private static let day: Int64 = 86_400_000

  /// - Parameter countedFrom: the end of the warm-up; `nil` for the start.
  public init(zones: Int, start: Instant, duration: TimeSpan, countedFrom: Instant? = nil) {
    self.zones = zones
    self.countedFrom = countedFrom ?? start
    self.start = start
    end = start + duration
    interval = ChartTallies.interval(duration, zones: zones)
    stretches = Int((duration.milliseconds + interval.milliseconds - 1) / interval.milliseconds)
    partial = Array(repeating: 0, count: zones * stretches)
    rise = Array(repeating: 0, count: zones * (stretches + 1))
    hours = Array(repeating: .zero, count: zones * 24)
    days = Array(repeating: .zero, count: zones)
  }

  /// The shortest usual length that a span has at most 400 of, and all zones together at most 20,000.
  public static func interval(_ duration: TimeSpan, zones: Int) -> TimeSpan {
    let minutes: [Int64] = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10_080]
    let most = Int64(max(10, min(400, 20_000 / max(zones, 1))))
    for length in minutes.map({ TimeSpan.minutes($0) }) where duration.milliseconds <= length.milliseconds * most {
      return length
    }
    let weeks = (duration.milliseconds / most + 7 * day - 1) / (7 * day)
    return .days(7 * weeks)
  }

  public func accept(_ record: borrowing JobRecord) {
    guard record.start != .never else { return }
    count(record)
    let until = record.end == .never ? end : record.end
    hold(record.zone, record.job.demand, record.energy, from: record.start, until: until)
  }

  public func accept(_ record: borrowing JobRecord, segments: [RunSegment]) {
    guard record.start != .never else { return }
    count(record)
    for segment in segments {
      let until = segment.end == .never ? end : segment.end
      hold(segment.zone, record.job.demand, segment.energy, from: segment.start, until: until)
    }
  }

  private func count(_ record: borrowing JobRecord) {
    guard record.job.submittedAt >= countedFrom else { return }
    let place = Int(record.job.type.rawValue)
    types[place].started += 1
    types[place].energy += record.energy
    types[place].emissions += record.emissions
    types[place].cost += record.cost
    waits.add(record.wait.milliseconds)
    if record.status == .completed { turnarounds.add((record.end - record.job.submittedAt).milliseconds) }
  }

  /// Adds what a job held and drew in a zone over [from, until), as far as that is within the clock.
  private func hold(_ zone: Int, _ demand: Resources, _ energy: Energy, from: Instant, until: Instant) {
    guard until > from else { return }
    let power = energy.value / (until - from).inHours
    let (low, high) = (max(from, start).milliseconds, min(until, end).milliseconds)
    guard high > low else { return }
    draw(zone, power, low - start.milliseconds, high - start.milliseconds)
    let since = max(low, countedFrom.milliseconds)
    guard high > since else { return }
    let whole = (high - since) / ChartTallies.day
    if whole > 0 { days[zone] += ResourceAmounts(demand).times(Double(whole)) }
    var at = since + whole * ChartTallies.day
    while at < high {
      let number = at.flooredQuotient(ChartTallies.hour)
      let next = min((number + 1) * ChartTallies.hour, high)
      let hour = Int(number - number.flooredQuotient(24) * 24)
      hours[zone * 24 + hour] += ResourceAmounts(demand).times(Double(next - at))
      at = next
    }
  }

  /// Adds a power over [low, high), ms from the clock's start, to the means of the stretches.
  private func draw(_ zone: Int, _ power: Double, _ low: Int64, _ high: Int64) {
    let length = interval.milliseconds
    let (first, last) = (Int(low / length), Int((high - 1) / length))
    func share(_ from: Int64, _ until: Int64, of stretch: Int) -> Double {
      let begin = Int64(stretch) * length
      return Double(until - from) / Double(min(begin + length, (end - start).milliseconds) - begin)
    }
    if first == last {
      partial[zone * stretches + first] += power * share(low, high, of: first)
      return
    }
    partial[zone * stretches + first] += power * share(low, Int64(first + 1) * length, of: first)
    partial[zone * stretches + last] += power * share(Int64(last) * length, high, of: last)
    rise[zone * (stretches + 1) + first + 1] += power
    rise[zone * (stretches + 1) + last] -= power
  }

  /// Mean power of a zone's jobs in each stretch of the clock, kW at the meter.
  public func load(_ zone: Int) -> [Power] {
    var level = 0.0
    return (0..<stretches).map { stretch in
      level += rise[zone * (stretches + 1) + stretch]
      let mean = level + partial[zone * stretches + stretch]
      // What sums of many terms leave of nothing is nothing.
      return Power(abs(mean) < 1e-9 ? 0 : mean)
    }
  }

  /// Means of what was allocated in a zone by hour of the day (UTC), from the end of the warm-up on; 0 for an hour that
  /// there is none of.
  public func hourlyAllocation(_ zone: Int) -> [ResourceAmounts] {
    (0..<24).map { hour in
      let length = hourLength(hour)
      guard length > 0 else { return .zero }
      let whole = days[zone].times(Double(ChartTallies.hour))
      return (hours[zone * 24 + hour] + whole).times(1 / Double(length))
    }
  }

  /// How much of the clock lies in an hour of the day, ms.
  private func hourLength(_ hour: Int) -> Int64 {
    func before(_ at: Int64) -> Int64 {
      let days = at.flooredQuotient(ChartTallies.day)
      let rest = at - days * ChartTallies.day - Int64(hour) * ChartTallies.hour
      return days * ChartTallies.hour + min(max(rest, 0), ChartTallies.hour)
    }
    return before(end.milliseconds) - before(countedFrom.milliseconds)
  }

  /// By ``WorkloadType/rawValue``.
  public var typeTallies: [TypeTally] { types }

  /// Figures for charts, once the run is over.
  public var figures: ChartFigures {
    ChartFigures(
      start: start, end: end, interval: interval, load: (0..<zones).map(load), hours: (0..<zones).map(hourlyAllocation),
      types: types, waits: waitQuantiles, turnarounds: turnaroundQuantiles)
  }

  /// At ``shares``; empty where no job started, or completed. Of more than 20,000 within 0.1 %.
  public var waitQuantiles: [TimeSpan] { ChartTallies.spans(waits) }
  public var turnaroundQuantiles: [TimeSpan] { ChartTallies.spans(turnarounds) }

  private static func spans(_ percentiles: Percentiles) -> [TimeSpan] {
    percentiles.at(shares).map { TimeSpan(milliseconds: Int64($0.rounded())) }
  }
}

/// Figures that ``ChartTallies`` gathered of a run.
public struct ChartFigures: Sendable {
  public var start: Instant
  public var end: Instant
  /// Length of the stretches of ``load``; the last one may be shorter.
  public var interval: TimeSpan
  /// Mean power by zone and stretch.
  public var load: [[Power]]
  /// Mean allocation by zone and hour of the day.
  public var hours: [[ResourceAmounts]]
  /// By ``WorkloadType/rawValue``.
  public var types: [ChartTallies.TypeTally]
  /// At ``ChartTallies/shares``; empty where there are none.
  public var waits: [TimeSpan]
  public var turnarounds: [TimeSpan]
}
