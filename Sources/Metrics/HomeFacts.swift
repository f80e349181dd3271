internal import Domain

/// Home zones of the jobs of some runs, as they bear on savings.
///
/// A policy that stays at home starts a job without a home zone in the first zone of the list that has room: what it
/// emits, and what others save against it, then depends on the order of the list.
public struct HomeFacts: Sendable, Hashable {
  /// The runs of one policy and replication.
  public struct Run: Sendable, Hashable {
    public var policy: String
    public var staysAtHome: Bool
    /// Jobs without a home zone.
    public var without: Int
    /// Jobs of a log that named none and got one by the scenario's `home`.
    public var given: Int

    public init(policy: String, staysAtHome: Bool, without: Int, given: Int) {
      self.policy = policy
      self.staysAtHome = staysAtHome
      self.without = without
      self.given = given
    }
  }

  /// `workload.home` in a word; `nil` where the scenario does not say.
  public var rule: String?
  public var zones: Int
  public var runs: [Run]

  public init(rule: String?, zones: Int, runs: [Run]) {
    self.rule = rule
    self.zones = zones
    self.runs = runs
  }

  /// Policies that stay at home, each once.
  private var staying: [String] {
    runs.filter(\.staysAtHome).reduce(into: []) { if !$0.contains($1.policy) { $0.append($1.policy) } }
  }

  /// `1,600 jobs`, `from 1,580 to 1,623 jobs a replication`.
  private static func count(_ numbers: [Int]) -> String {
    let (low, high) = (numbers.min() ?? 0, numbers.max() ?? 0)
    return low == high ? counted(low, "job") : "from \(low) to \(high) jobs per replication"
  }

  /// A sentence for wherever savings are printed; `nil` if they do not depend on the order of the zones, or the
  /// scenario says `first`.
  public var note: String? {
    guard zones > 1, !staying.isEmpty else { return nil }
    if runs.contains(where: { $0.without > 0 }), rule != "first" {
      let counts = HomeFacts.count(runs.map(\.without))
      return "home zones: \(counts) without one: \(Self.list(staying)) starts such a job in the first zone of the list "
        + "that has room, so savings depend on the order of the zones (to give them homes, set workload.home to "
        + "round-robin, uniform, weights or a zone's code; to keep this, set it to first)"
    }
    guard runs.contains(where: { $0.given > 0 }) else { return nil }
    return "home zones: \(HomeFacts.count(runs.map(\.given))) named none and got one from workload.home: \(rule ?? "")"
  }

  /// Shorter form of ``note``, for the caption of a chart.
  public var caption: String? {
    guard zones > 1, !staying.isEmpty, rule != "first", runs.contains(where: { $0.without > 0 }) else { return nil }
    return "\(HomeFacts.count(runs.map(\.without)).capitalizedFirst) without a home zone: \(Self.list(staying)) starts "
      + "such a job in the first zone listed that has room, so savings depend on the order of the zones."
  }

  /// Record of how jobs got home zones, for the provenance of a result.
  public var provenance: String {
    let (without, given) = (HomeFacts.count(runs.map(\.without)), HomeFacts.count(runs.map(\.given)))
    let told = rule.map { "home: \($0)" } ?? "home: not set"
    let filled = runs.contains { $0.given > 0 } ? "; \(given) named none and got one" : ""
    return "\(told)\(filled); \(without) without a home zone"
  }

  private static func list(_ names: [String]) -> String {
    names.count < 2 ? names.first ?? "" : names.dropLast().joined(separator: ", ") + " or " + (names.last ?? "")
  }
}

extension String {
  fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
