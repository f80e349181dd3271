public import Domain

/// Facts about the runs of a result, from the scenario's text.
public struct ScenarioFacts: Sendable {
  /// A zone is out over a span.
  public struct Outage: Sendable {
    /// `Zone.id`.
    public var zone: Int
    public var span: Range<Instant>
    public var running: OutageRule

    public init(zone: Int, span: Range<Instant>, running: OutageRule) {
      self.zone = zone
      self.span = span
      self.running = running
    }
  }

  /// The policies' belief about future prices, if the text specifies it.
  public enum PriceBelief: Sendable {
    case constant(Double)
    /// The trace itself, for so long after the forecast's issue.
    case perfect(horizon: TimeSpan)
    case unknown
  }

  public var name: String
  public var seed: UInt64
  /// Those that run, in their order; the runs of a replication follow it.
  public var policies: [String]
  /// The baseline's place among them.
  public var baseline: Int
  public var replications: ClosedRange<Int>
  public var duration: TimeSpan
  public var drains: Bool
  public var currency: Currency
  public var interruption: InterruptionRules
  /// In the order of the scenario.
  public var zones: [Zone]
  /// Labels that distinguish ``policies``.
  public var labels: [String] = []
  /// As `Variation.text` writes it.
  public var varies = ""
  /// `workload.home` in a word.
  public var home: String?
  /// True if the scenario gives homes to the jobs of a log.
  public var givesHomes = false
  /// One value per policy: true if it keeps jobs in their home zones; `nil` for a policy from another package.
  public var staysAtHome: [Bool?] = []
  /// One value per policy: true if it replays recorded decisions.
  public var replays: [Bool] = []
  /// `nil` if another version wrote the file.
  public var eventOrderVersion: Int?
  /// `nil` if it is found from the runs.
  public var warmUp: TimeSpan?
  public var requirements: [Requirement] = []
  /// Those that touch the clock of a replication; one that began before the clock begins with it.
  public var outages: @Sendable (_ replication: Int) -> [Outage] = { _ in [] }
  /// `Zone.id` of those that a capacity event changes.
  public var changedZones: [Int] = []
  public var price = PriceBelief.unknown

  public init(
    name: String, seed: UInt64, policies: [String], baseline: Int, replications: ClosedRange<Int>, duration: TimeSpan,
    drains: Bool, currency: Currency, interruption: InterruptionRules, zones: [Zone]
  ) {
    self.name = name
    self.seed = seed
    self.policies = policies
    self.baseline = baseline
    self.replications = replications
    self.duration = duration
    self.drains = drains
    self.currency = currency
    self.interruption = interruption
    self.zones = zones
    labels = policies
    staysAtHome = policies.map { _ in nil }
    replays = policies.map { _ in false }
  }
}
