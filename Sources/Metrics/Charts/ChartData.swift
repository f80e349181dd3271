public import Domain

/// Data for the charts of a result: figures of all runs, and the activity of the first replication's jobs.
public struct ChartData: Sendable {
  /// Sources of variation between the replications; `nil` if they are not known.
  public var variation: Variation?

  public struct Zone: Sendable {
    public var id: Int
    public var code: String
    public var name: String
    public var capacity: ResourceAmounts

    public init(id: Int, code: String, name: String, capacity: ResourceAmounts) {
      self.id = id
      self.code = code
      self.name = name
      self.capacity = capacity
    }
  }

  /// A value that holds on [start, end).
  public struct Step: Sendable, Hashable {
    public var start: Instant
    public var end: Instant
    public var value: Double

    public init(start: Instant, end: Instant, value: Double) {
      self.start = start
      self.end = end
      self.value = value
    }
  }

  /// Forecast of a zone's carbon intensity, issued at an instant.
  public struct Forecast: Sendable, Hashable {
    public var issuedAt: Instant
    public var steps: [Step]

    public init(issuedAt: Instant, steps: [Step]) {
      self.issuedAt = issuedAt
      self.steps = steps
    }
  }

  public struct TypeFigures: Sendable, Hashable {
    public var type: String
    public var started: Int
    public var emissions: Emissions

    public init(type: String, started: Int, emissions: Emissions) {
      self.type = type
      self.started = started
      self.emissions = emissions
    }
  }

  /// A policy: its figures by replication, and what its jobs did in the first one.
  public struct Policy: Sendable {
    public var label: String
    public var isBaseline: Bool
    /// By metric and replication.
    public var figures: [String: [Double?]] = [:]
    /// Mean power of each zone's jobs over stretches of the clock, kW; empty where it is not known.
    public var load: [[Step]] = []
    /// Mean power after the clock's end, until the policy's last job has ended; empty if no job runs then, `nil` if the
    /// result does not hold its jobs.
    public var lateLoad: [[Step]]?
    /// The largest number of jobs that wait for their start, over stretches of the clock; empty where it is not known.
    public var queue: [Step] = []
    /// Mean allocation of each zone by hour of the day; empty where it is not known.
    public var hours: [[ResourceAmounts]] = []
    /// By quantity (`wait_s`, `turnaround_s`): seconds at shares of the jobs.
    public var quantiles: [String: [(share: Double, value: Double)]] = [:]
    public var types: [TypeFigures] = []

    public init(label: String, isBaseline: Bool) {
      self.label = label
      self.isBaseline = isBaseline
    }

    /// Those values of a figure that are defined.
    public func values(_ metric: String) -> [Double] { figures[metric, default: []].compactMap { $0 } }

    public func mean(_ metric: String) -> Double? {
      let values = values(metric)
      return values.isEmpty ? nil : SampleMoments(values).mean
    }
  }

  public var scenario: String
  public var start: Instant
  public var end: Instant
  public var replications: Int
  public var zones: [Zone]
  /// In the order in which they ran.
  public var policies: [Policy]
  /// Carbon intensity of each zone within the clock, in the first replication.
  public var intensity: [[Step]]
  /// Carbon intensity of each zone from the clock's end on, in the first replication; empty if it is not known.
  public var lateIntensity: [[Step]] = []
  /// Forecasts of it, a zone each; empty where none were kept.
  public var forecasts: [[Forecast]]
  /// Requirements that every policy must meet.
  public var requirements: [Requirement] = []
  /// Text about jobs without a home zone in the captions of charts on savings; `nil` for none.
  public var homeCaption: String?

  /// How the policies stand to what was asked.
  public var standings: Standings { kept?.standings ?? ownStandings }
  /// The label of the baseline, which may be left out of the policies.
  public var baselineLabel: String? { kept?.baseline ?? policies.first(where: \.isBaseline)?.label }
  /// Standings among all policies, if only some are left.
  private var kept: (standings: Standings, baseline: String?)?

  /// A copy with some of the policies, in their order; they stand to the requirements as they did among all.
  public func only(_ isWanted: (Policy) -> Bool) -> ChartData {
    var data = self
    data.kept = (standings, baselineLabel)
    data.policies = policies.filter(isWanted)
    return data
  }

  private var ownStandings: Standings {
    let named = Dictionary(policies.map { ($0.label, $0) }) { first, _ in first }
    return Standings(
      requirements, labels: policies.map(\.label), baseline: policies.first(where: \.isBaseline)?.label ?? "",
      mean: { metric, label in named[label]?.mean(metric) })
  }
  /// The currency of the costs.
  public var currency: Currency

  public init(
    scenario: String, start: Instant, end: Instant, replications: Int, zones: [Zone], policies: [Policy],
    intensity: [[Step]], forecasts: [[Forecast]] = [], currency: Currency = .gbp
  ) {
    self.scenario = scenario
    self.start = start
    self.end = end
    self.replications = replications
    self.zones = zones
    self.policies = policies
    self.intensity = intensity
    self.forecasts = forecasts
    self.currency = currency
  }
}

extension ChartData {
  /// Emissions of a policy's jobs from the start of the clock to the end of each stretch of their load, kgCO2: mean power
  /// times carbon intensity; empty if one of the two is not known. They go on after the clock as far as the load is
  /// known there.
  ///
  /// - Complexity: O(zones × steps).
  public func cumulatedEmissions(_ policy: Policy) -> [(at: Instant, kilograms: Double)] {
    let within = ChartData.cumulated(policy.load, intensity)
    guard let last = within.last else { return [] }
    return within
      + ChartData.cumulated(policy.lateLoad ?? [], lateIntensity).map { ($0.at, last.kilograms + $0.kilograms) }
  }

  private static func cumulated(_ load: [[Step]], _ intensity: [[Step]]) -> [(at: Instant, kilograms: Double)] {
    guard let stretches = load.first, !stretches.isEmpty else { return [] }
    var sums = Array(repeating: 0.0, count: stretches.count)
    for (load, intensity) in zip(load, intensity) {
      guard load.contains(where: { $0.value != 0 }) else { continue }
      guard let last = intensity.last, last.end >= load[load.count - 1].end else { return [] }
      var place = 0
      for (index, step) in load.enumerated() where step.value != 0 {
        while place < intensity.count, intensity[place].end <= step.start { place += 1 }
        var at = place
        while at < intensity.count, intensity[at].start < step.end {
          let (from, until) = (max(intensity[at].start, step.start), min(intensity[at].end, step.end))
          sums[index] += step.value * intensity[at].value * max(0, (until - from).inHours) / 1000
          at += 1
        }
      }
    }
    var total = 0.0
    return zip(stretches, sums).map { stretch, sum in
      total += sum
      return (stretch.end, total)
    }
  }
}
