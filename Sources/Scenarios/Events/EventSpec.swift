public import Domain

/// Events during a scenario: outages, capacity changes, surges of demand, shocks of carbon and price.
public struct EventSpec: Hashable, Sendable {
  /// A zone is out: nothing starts there.
  public struct Outage: Hashable, Sendable {
    public var zones: [ZoneIndex]
    /// Its end is `never` if the zone stays closed.
    public var span: Range<Instant>
    public var running: OutageRule
    /// True if the outage is specified by time spans from the clock's start on, rather than by instants.
    public var movesWithClock = false
  }

  /// How much of a resource a zone has.
  public enum Amount: Hashable, Sendable {
    /// In thousandths.
    case absolute(Int64)
    /// Times what it had.
    case factor(Double)

    /// The most that events may give a zone, in thousandths: a thousand times what a scenario may.
    static let most: Int64 = 1_000_000_000_000_000_000

    /// Applies the amount to a zone's amount, in thousandths. A product of factors is clamped to 2 × ``most``.
    func applied(to amount: Int64) -> Int64 {
      switch self {
      case .absolute(let own): own
      case .factor(let factor): Int64(min((Double(amount) * factor).rounded(), Double(2 * Amount.most)))
      }
    }
  }

  /// A zone has another capacity for a time, or for good.
  public struct Capacity: Hashable, Sendable {
    public var zones: [ZoneIndex]
    /// Its end is `never` where it is for good.
    public var span: Range<Instant>
    /// `nil`: as it is.
    public var cores: Amount?
    public var memory: Amount?
    public var gpus: Amount?
    public var movesWithClock = false
  }

  /// So many times the submissions.
  public struct Surge: Hashable, Sendable {
    public var span: Range<Instant>
    /// ≥ 0.
    public var factor: Double
    /// Names of workload classes; empty for all.
    public var classes: [String]
    public var movesWithClock: Bool

    public init(span: Range<Instant>, factor: Double, classes: [String] = [], movesWithClock: Bool = false) {
      self.movesWithClock = movesWithClock
      self.span = span
      self.factor = factor
      self.classes = classes
    }
  }

  /// So many times the carbon intensity or the price.
  public struct Shock: Hashable, Sendable {
    public enum Quantity: String, Hashable, Sendable { case carbon, price }

    public var quantity: Quantity
    public var zones: [ZoneIndex]
    /// Its end is `never` if it is for good.
    public var span: Range<Instant>
    /// ≥ 0.
    public var factor: Double
    public var movesWithClock = false
  }

  public var outages: [Outage] = []
  /// In the order written, in which they apply one upon another.
  public var capacities: [Capacity] = []
  public var surges: [Surge] = []
  public var shocks: [Shock] = []

  public init() {}

  /// Outages and capacities as changes, zone by zone as they stand at every instant, in order of time, then of zones.
  public func changes(of zones: [Zone]) -> [CapacityChange] {
    zones.indices.flatMap { changes(of: zones[$0], $0) }.sorted { ($0.at, $0.zone) < ($1.at, $1.zone) }
  }

  private func changes(of zone: Zone, _ index: ZoneIndex) -> [CapacityChange] {
    let outages = outages.filter { $0.zones.contains(index) }
    let capacities = capacities.filter { $0.zones.contains(index) }
    let spans = outages.map(\.span) + capacities.map(\.span)
    let instants = Set(spans.flatMap { [$0.lowerBound, $0.upperBound] }).subtracting([.never]).sorted()
    var changes: [CapacityChange] = []
    var before = (capacity: zone.capacity, isOut: false)
    for at in instants {
      let isOut = outages.contains { $0.span.contains(at) }
      var capacity = isOut ? Resources.zero : zone.capacity
      for change in capacities where !isOut && change.span.contains(at) {
        capacity.milliCores = change.cores?.applied(to: capacity.milliCores) ?? capacity.milliCores
        capacity.milliGigabytes = change.memory?.applied(to: capacity.milliGigabytes) ?? capacity.milliGigabytes
        capacity.milliGPUs = change.gpus?.applied(to: capacity.milliGPUs) ?? capacity.milliGPUs
      }
      // Of outages that begin together the harshest rule holds.
      let beginning = outages.filter { $0.span.lowerBound == at }.map(\.running)
      let rule = [OutageRule.fail, .suspend, .finish].first { beginning.contains($0) }
      guard rule != nil || (capacity, isOut) != before else { continue }
      before = (capacity, isOut)
      changes.append(CapacityChange(at: at, zone: index, capacity: capacity, isOut: isOut, outage: rule))
    }
    return changes
  }
}

extension EventSpec {
  /// The events within another clock: what was told from the clock's start on has moved by a span, what was told by
  /// instants is where it was. Outages and capacities that have begun before the clock begin with it; those that do not
  /// touch it are left out.
  func within(_ clock: Range<Instant>, moved: TimeSpan) -> EventSpec {
    func placed(_ span: Range<Instant>, _ moves: Bool) -> Range<Instant> {
      guard moves else { return span }
      return span.lowerBound + moved..<(span.upperBound == .never ? .never : span.upperBound + moved)
    }
    func held(_ span: Range<Instant>) -> Range<Instant>? {
      let from = max(span.lowerBound, clock.lowerBound)
      return from < min(span.upperBound, clock.upperBound) ? from..<span.upperBound : nil
    }
    var own = self
    own.outages = outages.compactMap { outage in
      var outage = outage
      guard let span = held(placed(outage.span, outage.movesWithClock)) else { return nil }
      outage.span = span
      return outage
    }
    own.capacities = capacities.compactMap { capacity in
      var capacity = capacity
      guard let span = held(placed(capacity.span, capacity.movesWithClock)) else { return nil }
      capacity.span = span
      return capacity
    }
    // Surges have streams by their number, and a shock of the recorded past is known to whoever forecasts.
    for place in surges.indices { own.surges[place].span = placed(surges[place].span, surges[place].movesWithClock) }
    for place in shocks.indices { own.shocks[place].span = placed(shocks[place].span, shocks[place].movesWithClock) }
    return own
  }
}
