internal import Domain
internal import Metrics

/// The power that the jobs of each zone draw, one zone on the other, a panel a policy.
enum LoadChart {
  /// Zones that draw less than the first so many are one.
  private static let most = 14

  static func figure(_ data: ChartData) -> Figure? {
    let policies = data.policies.filter { $0.load.contains { !$0.isEmpty } }.prefix(Multiples.most)
    guard !policies.isEmpty else { return nil }
    let points = policies.count > 6 ? 44 : policies.count > 2 ? 120 : policies.count > 1 ? 200 : 400
    let totals = data.zones.indices.map { zone in
      policies.reduce(0) { $0 + $1.load[zone].reduce(0) { $0 + abs($1.value) } }
    }
    let ranked = data.zones.indices.sorted { (-totals[$0], $0) < (-totals[$1], $1) }
    let own = data.zones.count > most ? Set(ranked.prefix(most - 1)) : Set(data.zones.indices)
    let kept = data.zones.indices.filter(own.contains)
    let others = data.zones.indices.filter { !own.contains($0) }
    var stacks = policies.map { policy in
      (kept.map { [$0] } + (others.isEmpty ? [] : [others])).map { zones in
        sum(zones.map { Thinned.of(policy.load[$0], most: points) })
      }
    }
    for place in stacks.indices { pile(&stacks[place]) }
    let value = Axis("power of the jobs", unit: "kW", .covering(stacks.joined().joined().map(\.high)))
    let panels = zip(policies, stacks).map { policy, stack in
      Panel(
        title: policy.label, x: data.timeAxis, y: value,
        marks: stack.enumerated().map { place, layer in
          .area(
            outline(layer, isStepped: policies.count <= 2), place < kept.count ? .series(place) : .faint,
            isStepped: policies.count <= 2)
        })
    }
    var legend = kept.enumerated().map { LegendEntry(data.zones[$1].name, .series($0)) }
    if !others.isEmpty { legend.append(LegendEntry("\(others.count) other zones", .faint)) }
    return Figure(
      title: "\(data.scenario): load by zone",
      subtitle: "Mean power at the meter, stacked from the first zone of the legend upwards; \(data.clock)",
      note: (Multiples.leftOut(data.policies.count, of: "policies", shown: Multiples.most) + data.replicationNote).note,
      legend: legend, panels: panels, columns: panels.count <= 3 ? 1 : Multiples.columns(panels.count),
      panelHeight: panels.count <= 1 ? 340 : panels.count <= 3 ? 190 : 130)
  }

  /// All have the same stretches.
  private static func sum(_ parts: [[Thinned]]) -> [Thinned] {
    guard var total = parts.first else { return [] }
    for part in parts.dropFirst() {
      for place in total.indices { total[place].mean += part[place].mean }
    }
    return total
  }

  /// Puts each layer on those before it: `low` and `high` are its edges.
  private static func pile(_ layers: inout [[Thinned]]) {
    guard let first = layers.first else { return }
    var level = Array(repeating: 0.0, count: first.count)
    for layer in layers.indices {
      for place in layers[layer].indices {
        layers[layer][place].low = level[place]
        level[place] += layers[layer][place].mean
        layers[layer][place].high = level[place]
      }
    }
  }

  /// As steps, or from mean to mean, each in the middle of its stretch.
  private static func outline(_ layer: [Thinned], isStepped: Bool) -> [Mark.Extent] {
    guard let first = layer.first, let last = layer.last else { return [] }
    let middles = layer.map {
      Mark.Extent(x: isStepped ? $0.start : ($0.start + $0.end) / 2, low: $0.low, high: $0.high)
    }
    let begin = isStepped ? [] : [Mark.Extent(x: first.start, low: first.low, high: first.high)]
    return begin + middles + [Mark.Extent(x: last.end, low: last.low, high: last.high)]
  }
}
