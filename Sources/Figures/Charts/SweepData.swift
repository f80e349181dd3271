public import Domain
internal import Metrics

/// The table of a sweep: figures of each policy at each point.
public struct SweepData: Sendable {
  public var scenario: String
  /// The currency of the costs.
  public var currency: Currency
  /// Keys that are swept, and their values at each point, as they are written.
  public var keys: [String]
  public var points: [[String]]
  public var policies: [String]
  /// By metric, point and policy: a value a replication.
  public var values: [String: [[[Double]]]]
  /// Sources of variation between the replications of some point; `nil` if they are not known.
  public var variation: Variation?

  public init(
    scenario: String, keys: [String], points: [[String]], policies: [String], values: [String: [[[Double]]]],
    currency: Currency = .gbp
  ) {
    self.scenario = scenario
    self.keys = keys
    self.points = points
    self.policies = policies
    self.values = values
    self.currency = currency
  }

  /// A key that has more than one value.
  struct Factor {
    var key: String
    /// Its values in order: ascending numbers, or texts as they first come.
    var levels: [String]
    /// `nil` if they are not all numbers.
    var numbers: [Double]?
    /// Unit of the numbers; empty if they have none.
    var unit: String
    /// The level of each point.
    var places: [Int]
  }

  var factors: [Factor] {
    keys.indices.compactMap { key in
      let texts = points.map { $0[key] }
      var levels: [String] = []
      for text in texts where !levels.contains(text) { levels.append(text) }
      guard levels.count > 1 else { return nil }
      let known = SweepUnits.numbers(levels, key: keys[key], currency)
      if let known {
        levels = zip(known.values, levels).sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map(\.1)
      }
      return Factor(
        key: keys[key], levels: levels, numbers: known?.values.sorted(), unit: known?.unit ?? "",
        places: texts.map { text in levels.firstIndex(of: text) ?? 0 })
    }
  }

  /// A copy with emissions and lengths of time in units that suit the largest, and these units by metric.
  var readable: (data: SweepData, units: [String: String]) {
    var (data, units) = (self, [String: String]())
    for (metric, points) in values where metric.hasSuffix("_kg") {
      let unit = EmissionUnit(fitting: points.joined().joined().map(Optional.some))
      data.values[metric] = points.map { $0.map { $0.map { $0 * unit.factor } } }
      units[metric] = "\(unit.name)CO₂"
    }
    for (metric, points) in values where metric.hasSuffix("_s") {
      let longest = points.joined().joined().max() ?? 0
      let (length, unit) = SweepUnits.time(longest)
      data.values[metric] = points.map { $0.map { $0.map { $0 / length } } }
      units[metric] = unit
    }
    return (data, units)
  }

  /// True if some policy has the figure at some point.
  func has(_ metric: String) -> Bool { values[metric, default: []].joined().contains { !$0.isEmpty } }
}
