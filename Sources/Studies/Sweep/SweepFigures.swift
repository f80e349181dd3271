internal import Domain
internal import Figures
internal import Results
internal import Runs

/// Gathers what the charts of a sweep show while its units go into the tables.
struct SweepFigures {
  private var data: SweepData
  private var policies: [String: Int] = [:]

  init(_ plan: SweepPlan) {
    let points = plan.spec.points.map { point in
      plan.spec.keys.map { key in point.overrides.last { $0.key == key }?.value ?? "" }
    }
    data = SweepData(
      scenario: plan.name, keys: plan.spec.keys, points: points, policies: [], values: [:],
      currency: plan.points.first?.currency ?? .gbp)
    for metric in SweepChart.metrics { data.values[metric] = points.map { _ in [] } }
    data.variation = plan.points.dropFirst().reduce(plan.points.first?.variation) { $0?.union($1.variation) }
  }

  /// Takes the runs of a replication of a point, from 0.
  mutating func add(point: Int, _ runs: [UnitText.Run], labels: [String]) {
    for (label, run) in zip(labels, runs) {
      let policy = policies[label] ?? data.policies.count
      if policies[label] == nil {
        policies[label] = policy
        data.policies.append(label)
      }
      for (metric, value) in zip(Metric.names, run.metrics) where data.values[metric] != nil {
        while data.values[metric, default: []][point].count <= policy { data.values[metric]?[point].append([]) }
        if let value { data.values[metric]?[point][policy].append(value) }
      }
    }
  }

  /// True if a file of that name can only be a sweep's chart.
  static func isOwn(_ name: String) -> Bool { SweepChart.names.contains(name) }

  /// Draws what there is to see.
  func write(into folder: ResultFolder) throws(StoreError) {
    var data = data
    // A policy may run at some points alone.
    for metric in SweepChart.metrics {
      data.values[metric] = data.values[metric]?.map {
        $0 + Array(repeating: [], count: data.policies.count - $0.count)
      }
    }
    for (name, figure) in SweepChart.figures(data) { try folder.write(figure.svg(.light), as: name) }
  }
}
