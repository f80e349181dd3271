internal import Domain
internal import Metrics

/// The power that the jobs of each zone draw, one zone on the other, a panel per policy: as stored, in steps.
enum LoadChart {
  /// Colours that people can tell apart; if there are more zones, those that draw least are one in grey.
  private static let most = 8

  static func figure(_ data: ChartData) -> Figure? {
    let policies = data.policies.filter { $0.load.contains { !$0.isEmpty } }.prefix(Multiples.most)
    guard let stored = policies.first?.load.first else { return nil }
    let columns = policies.count <= 3 ? 1 : policies.count <= 8 ? 2 : 3
    // No more steps than pixels.
    let group = max(1, Int((Double(stored.count) * Double(columns) / 780).rounded(.up)))
    let (kept, others) = ranked(data, policies)
    let stacks = policies.map { policy in
      stack(kept.map { [policy.load[$0]] } + (others.isEmpty ? [] : [others.map { policy.load[$0] }]), group)
    }
    let value = Axis("power at the meter", unit: "kW", .covering(stacks.joined().joined().map(\.high)))
    let panels = zip(policies, stacks).map { policy, layers in
      // From the top layer down, each from 0 on: the lower ones lie before it.
      Panel(
        title: policy.label, x: data.timeAxis, y: value,
        marks: layers.enumerated().reversed().map { place, layer in
          .area(layer, place < kept.count ? .series(place) : .faint, isStepped: true)
        })
    }
    var legend = kept.enumerated().map { LegendEntry(data.zones[$1].name, .series($0)) }
    if !others.isEmpty { legend.append(LegendEntry("\(others.count) other zones", .faint)) }
    let step = stored[0].end - stored[0].start
    let notes =
      (group > 2 ? ["Every \(group) steps are drawn as one, at the highest value."] : [])
      + (group == 2 ? ["Every two steps are drawn as one, at the higher value."] : [])
      + Multiples.leftOut(data.policies.count, of: "policies", shown: Multiples.most) + data.replicationNote
    return Figure(
      title: "\(data.scenario): load by zone",
      subtitle: "Mean power of the jobs in steps of \(text(step)), stacked from the first zone of the legend upwards; "
        + data.clock,
      note: notes.note, legend: legend, panels: panels, columns: columns,
      panelHeight: panels.count <= 1 ? 340 : panels.count <= 3 ? 190 : 130)
  }

  private static func text(_ span: TimeSpan) -> String {
    let minutes = span.inHours * 60
    return minutes < 60 ? "\(Figures.text(minutes, 0)) min" : "\(Figures.text(minutes / 60, 0)) h"
  }

  /// The zones with colours of their own and the others, by the energy of all policies.
  private static func ranked(
    _ data: ChartData, _ policies: some Sequence<ChartData.Policy>
  ) -> (kept: [Int], others: [Int]) {
    guard data.zones.count > most else { return (Array(data.zones.indices), []) }
    let totals = data.zones.indices.map { zone in
      policies.reduce(0) { $0 + $1.load[zone].reduce(0) { $0 + abs($1.value) } }
    }
    let own = Set(data.zones.indices.sorted { (-totals[$0], $0) < (-totals[$1], $1) }.prefix(most - 1))
    return (data.zones.indices.filter(own.contains), data.zones.indices.filter { !own.contains($0) })
  }

  /// The upper edges of layers one on the other. Of each group of steps the one with the highest sum stands for all.
  private static func stack(_ layers: [[[ChartData.Step]]], _ group: Int) -> [[Mark.Extent]] {
    let steps = layers[0][0]
    let values = layers.map { zones in steps.indices.map { step in zones.reduce(0) { $0 + $1[step].value } } }
    let totals = steps.indices.map { step in values.reduce(0) { $0 + $1[step] } }
    let chosen = stride(from: 0, to: steps.count, by: group).map { first in
      (first..<min(first + group, steps.count)).max { (totals[$0], $1) < (totals[$1], $0) } ?? first
    }
    var level = Array(repeating: 0.0, count: chosen.count)
    return values.map { layer in
      for (place, step) in chosen.enumerated() { level[place] += layer[step] }
      var extents = level.enumerated().map { place, high in
        Mark.Extent(x: Double(steps[place * group].start.milliseconds), low: 0, high: high)
      }
      extents.append(
        Mark.Extent(x: Double(steps[steps.count - 1].end.milliseconds), low: 0, high: level.last ?? 0))
      return extents
    }
  }
}
