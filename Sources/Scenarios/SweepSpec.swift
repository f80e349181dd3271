/// Points of a parameter space at which a scenario is run.
public struct SweepSpec: Sendable {
  /// One point: overrides of the scenario, values as YAML.
  public struct Point: Sendable {
    public var overrides: [(key: String, value: String)]

    public init(overrides: [(key: String, value: String)]) { self.overrides = overrides }
  }

  /// The keys of all points, in the order in which they are first told.
  public var keys: [String]
  public var points: [Point]

  public init(points: [Point]) {
    self.points = points
    var keys: [String] = []
    var known: Set<String> = []
    for point in points {
      for (key, _) in point.overrides where known.insert(key).inserted { keys.append(key) }
    }
    self.keys = keys
  }
}
