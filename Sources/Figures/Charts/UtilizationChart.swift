internal import Domain
internal import Metrics

/// How full each zone is at each hour of the day, a panel a policy.
enum UtilizationChart {
  private static let mostZones = 60

  static func figure(_ data: ChartData) -> Figure? {
    let policies = data.policies.filter { !$0.hours.isEmpty }.prefix(24)
    guard !policies.isEmpty, !data.zones.isEmpty else { return nil }
    let zones = Array(data.zones.prefix(mostZones))
    // Of CPU cores and GPUs what is used more tells more.
    let cpu = shares(policies, zones, \.cpuCores)
    let gpu = shares(policies, zones, \.gpus)
    let isGPU = gpu.joined().joined().reduce(0, +) > cpu.joined().joined().reduce(0, +)
    let values = isGPU ? gpu : cpu
    let highest = values.joined().joined().max() ?? 0
    let top = highest > 0 ? max(0.05, (highest * 20).rounded(.up) / 20) : 1
    let hours = Axis("hour of the day", unit: "UTC", .hours)
    let names = Axis("", .band(zones.map(\.name)))
    let panels = zip(policies, values).map { policy, table in
      let cells = table.enumerated().flatMap { zone, row in
        row.enumerated().map { hour, share in
          let (x, y) = (Double(hour), Double(zone))
          return Mark.Tile(x: x...x + 1, y: y - 0.5...y + 0.5, .ramp(share / top))
        }
      }
      return Panel(title: policy.label, x: hours, y: names, marks: [.cells(cells)])
    }
    let notes =
      Multiples.leftOut(data.zones.count, of: "zones", shown: zones.count)
      + Multiples.leftOut(data.policies.count, of: "policies", shown: policies.count) + data.replicationNote
    return Figure(
      title: "\(data.scenario): utilization by zone and hour",
      subtitle: "\(isGPU ? "GPUs" : "CPU cores") allocated over capacity, mean over \(data.clock)", note: notes.note,
      ramp: RampLegend("utilization", low: "0 %", high: "\(Figures.text(100 * top, 0)) %"), panels: panels,
      columns: panels.count == 1 ? 1 : panels.count <= 4 ? 2 : 3, panelHeight: max(60, Double(zones.count) * 12.5))
  }

  /// Means of what is allocated over capacity, 0...1, by policy, zone and hour; 0 without capacity.
  private static func shares(
    _ policies: some Sequence<ChartData.Policy>, _ zones: [ChartData.Zone], _ resource: KeyPath<ResourceAmounts, Double>
  ) -> [[[Double]]] {
    policies.map { policy in
      zip(zones, policy.hours).map { zone, hours in
        let whole = zone.capacity[keyPath: resource]
        return hours.map { whole > 0 ? $0[keyPath: resource] / whole : 0 }
      }
    }
  }
}
