internal import Domain
internal import Metrics

/// Emissions of a job by workload type: a panel a type, a bar a policy.
enum TypeChart {
  static func figure(_ data: ChartData) -> Figure? {
    let policies = data.policies.filter { !$0.types.isEmpty }.prefix(60)
    let types = WorkloadType.allCases.map(\.name).filter { name in
      policies.contains { $0.types.contains { $0.type == name && $0.started > 0 } }
    }
    guard !types.isEmpty else { return nil }
    let names = Axis("", .band(policies.map(\.label)))
    let unit = EmissionUnit(fitting: types.flatMap { mean($0, policies, .kilograms) })
    let panels = types.map { type in
      let values = mean(type, policies, unit)
      let jobs = policies.compactMap { $0.types.first { $0.type == type }?.started }.max() ?? 0
      let x = Axis("mean emissions per job", unit: "\(unit.name)CO₂", .covering(values.compactMap { $0 }))
      let bars = zip(policies, values).enumerated().compactMap { place, pair in
        pair.1.map { Mark.Tile.bar(place, $0, pair.0.isBaseline ? .muted : .series(0)) }
      }
      // In a column numbers are compared: all have the decimals of the largest.
      let decimals = Figures.decimals(values.compactMap { $0.map(abs) }.max() ?? 0)
      let numbers = values.enumerated().compactMap { place, value in
        value.map { Mark.beside(Figures.text($0, decimals), y: Double(place), .ink) }
      }
      return Panel(
        title: "\(type) · \(Figures.text(Double(jobs), 0)) \(jobs == 1 ? "job" : "jobs")",
        x: x, y: names, marks: [.bars(bars)] + numbers)
    }
    var legend: [LegendEntry] = []
    if let baseline = policies.first(where: \.isBaseline) {
      legend = [LegendEntry("\(baseline.label), the baseline", .muted), LegendEntry("other policies", .series(0))]
    }
    return Figure(
      title: "\(data.scenario): mean emissions per job by workload type",
      subtitle: "Over the jobs that started; each type has its own scale", note: data.replicationNote.note,
      legend: legend, panels: panels, columns: min(3, panels.count),
      panelHeight: max(70, Double(policies.count) * 16), sharesX: false)
  }

  /// Mean emissions per job of a workload type, by policy.
  private static func mean(
    _ type: String, _ policies: ArraySlice<ChartData.Policy>, _ unit: EmissionUnit
  ) -> [Double?] {
    policies.map { policy in
      policy.types.first { $0.type == type && $0.started > 0 }
        .map { $0.emissions.value / 1000 / Double($0.started) * unit.factor }
    }
  }
}
