public import Domain

/// Carbon intensity and price of every zone now, and the zones in their order.
@usableFromInline
package final class GridConditions {
  /// gCO2/kWh and GBP/kWh, a zone each; infinity past the end of a trace, where nothing may start.
  @usableFromInline let intensities: Slab<Double>
  @usableFromInline let prices: Slab<Double>
  /// Grows whenever intensities or prices change.
  @usableFromInline @exclusivity(unchecked) var version = 0
  /// Zones by intensity, then price, then the scenario's order; sorted when asked for.
  @usableFromInline let order: Slab<ZoneIndex>
  /// The index of a zone in the order.
  @usableFromInline let ranks: Slab<Int>
  /// The first three of the order.
  @usableFromInline @exclusivity(unchecked) var bestThree = Recommendations()
  @usableFromInline @exclusivity(unchecked) var orderIsStale = true

  /// The traces of a zone, and until when their values of now hold, in milliseconds.
  private struct Source {
    var carbon: StepView
    var price: StepView
    var carbonUntil = Int64.min
    var priceUntil = Int64.min
  }
  private let sources: Slab<Source>

  /// - Parameter world: its traces must outlive the conditions.
  init(_ world: World) {
    let zones = world.zones.indices
    intensities = Slab(repeating: 0, count: zones.count)
    prices = Slab(repeating: 0, count: zones.count)
    order = Slab(zones)
    ranks = Slab(repeating: 0, count: zones.count)
    sources = Slab(zones.map { Source(carbon: world.carbon[$0].view, price: world.price[$0].view) })
  }

  /// Sets the values that hold from an instant on and returns when they change next, in milliseconds. Only the zones
  /// with a new step are looked at.
  func update(at instant: Instant) -> Int64 {
    var next = Int64.max
    for zone in 0..<sources.count {
      if sources[zone].carbonUntil <= instant.milliseconds {
        (intensities[zone], sources[zone].carbonUntil) = sources[zone].carbon.condition(at: instant)
      }
      if sources[zone].priceUntil <= instant.milliseconds {
        (prices[zone], sources[zone].priceUntil) = sources[zone].price.condition(at: instant)
      }
      next = min(next, sources[zone].carbonUntil, sources[zone].priceUntil)
    }
    orderIsStale = true
    version += 1
    return next
  }

  /// Brings the order up to date; at most once a trace step is there anything to do.
  @inlinable @inline(__always)
  package func refreshOrder() {
    if orderIsStale { sort() }
  }

  @usableFromInline
  func sort() {
    // In the scenario's order where equal. By insertion where zones are few.
    let count = order.count
    if count <= 64 {
      for zone in 0..<count {
        var at = zone
        while at > 0, (intensities[zone], prices[zone]) < (intensities[order[at - 1]], prices[order[at - 1]]) {
          order[at] = order[at - 1]
          at -= 1
        }
        order[at] = zone
      }
    } else {
      let sorted = (0..<count).sorted { (intensities[$0], prices[$0], $0) < (intensities[$1], prices[$1], $1) }
      for (index, zone) in sorted.enumerated() { order[index] = zone }
    }
    bestThree = Recommendations()
    for index in 0..<count {
      ranks[order[index]] = index
      if index < 3 { _ = bestThree.add(order[index]) }
    }
    orderIsStale = false
  }
}

extension StepView {
  /// The value at an instant, infinity where there is none, and until when it holds, in milliseconds.
  fileprivate func condition(at instant: Instant) -> (value: Double, until: Int64) {
    guard covers(from: instant, to: instant) else { return (.infinity, nextStamp(after: instant).milliseconds) }
    return (value(at: instant), nextStamp(after: instant).milliseconds)
  }
}
