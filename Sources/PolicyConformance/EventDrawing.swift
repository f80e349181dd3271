internal import Domain
internal import Engine
internal import Randomness

/// Draws what happens to a world on its way: outages, other capacities, shocks of carbon and price.
struct EventDrawing: ~Copyable {
  private var random: RandomStream
  private let world: World
  private let grain: Int64

  /// - Parameter grain: times are whole multiples of so many milliseconds.
  init(_ world: World, seed: UInt64, number: Int, grain: Int64) {
    self.world = world
    self.grain = grain
    random = RandomStream(seed: seed, replication: number, name: "conformance/events")
  }

  /// The world with events in half of the scenarios.
  mutating func drawn() -> World {
    var world = world
    guard random.chance(0.5) else { return world }
    if random.chance(0.3) {
      for _ in 0...random.below(2) { shock(&world) }
    }
    if random.chance(0.8) {
      let changes = world.zones.indices.flatMap { self.changes($0) }
      world.changes = changes.sorted { ($0.at, $0.zone) < ($1.at, $1.zone) }
    }
    return world
  }

  /// One after another, some of them behind the clock's end; an outage is over before anything else.
  private mutating func changes(_ zone: ZoneIndex) -> [CapacityChange] {
    guard random.chance(0.6) else { return [] }
    let whole = world.zones[zone].capacity
    var changes: [CapacityChange] = []
    var capacity = whole
    var at = random.chance(0.1) ? 0 : span(0.6)
    for _ in 0...random.below(4) {
      func add(_ capacity: Resources, isOut: Bool = false, _ rule: OutageRule? = nil) {
        changes.append(
          CapacityChange(
            at: world.start + TimeSpan(milliseconds: at), zone: zone, capacity: capacity, isOut: isOut, outage: rule))
      }
      if random.chance(0.55) {
        add(.zero, isOut: true, OutageRule.allCases[random.below(3)])
        at += max(grain, span(0.4))
        if random.chance(0.2) { capacity = other(whole) }
        add(capacity)
      } else {
        capacity = random.chance(0.3) ? whole : other(whole)
        add(capacity)
      }
      at += max(grain, span(0.4))
    }
    return changes
  }

  private mutating func other(_ whole: Resources) -> Resources {
    func times(_ amount: Int64, _ random: inout RandomStream) -> Int64 {
      [0, amount / 2, amount, amount, amount * 2][random.below(5)]
    }
    return Resources(
      milliCores: times(whole.milliCores, &random), milliGigabytes: times(whole.milliGigabytes, &random),
      milliGPUs: times(whole.milliGPUs, &random))
  }

  private mutating func shock(_ world: inout World) {
    let from = world.start + TimeSpan(milliseconds: span(1))
    let until = from + TimeSpan(milliseconds: max(grain, span(0.7)))
    let factor = [0, 0.25, 3, 50][random.below(4)]
    let isPrice = random.chance(0.4)
    for zone in world.zones.indices where random.chance(0.6) {
      let trace = isPrice ? world.price[zone] : world.carbon[zone]
      let shocked = trace.multiplied(by: factor, from: from, until: until, over: world.start..<world.end)
      if isPrice { world.price[zone] = shocked } else { world.carbon[zone] = shocked }
    }
  }

  /// Up to a share of the clock, in milliseconds.
  private mutating func span(_ share: Double) -> Int64 {
    Int64(random.uniform() * share * Double(world.duration.milliseconds)) / grain * grain
  }
}
