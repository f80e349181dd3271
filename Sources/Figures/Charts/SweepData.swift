public import Domain

/// The table of a sweep: figures of each policy at each point.
public struct SweepData: Sendable {
  public var scenario: String
  /// The currency of the costs.
  public var currency: Currency
  /// What is swept, and its values at each point, as they are written.
  public var keys: [String]
  public var points: [[String]]
  public var policies: [String]
  /// By metric, point and policy: a value a replication.
  public var values: [String: [[[Double]]]]
  /// What the replications of some point differ in; `nil` where that is not known.
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
    /// `nil` where they are not all numbers.
    var numbers: [Double]?
    /// The level of each point.
    var places: [Int]
  }

  var factors: [Factor] {
    keys.indices.compactMap { key in
      let texts = points.map { $0[key] }
      var levels: [String] = []
      for text in texts where !levels.contains(text) { levels.append(text) }
      guard levels.count > 1 else { return nil }
      let numbers = levels.map { Double($0) }
      let isNumeric = numbers.allSatisfy { $0?.isFinite == true }
      if isNumeric { levels.sort { (Double($0) ?? 0, $0) < (Double($1) ?? 0, $1) } }
      return Factor(
        key: keys[key], levels: levels, numbers: isNumeric ? levels.map { Double($0) ?? 0 } : nil,
        places: texts.map { text in levels.firstIndex(of: text) ?? 0 })
    }
  }

  /// Whether some policy has the figure at some point.
  func has(_ metric: String) -> Bool { values[metric, default: []].joined().contains { !$0.isEmpty } }
}
