internal import Domain
internal import Figures
internal import Metrics
internal import ResultReading
internal import Results
internal import Scenarios

/// The charts that a run draws beside its maps.
enum RunCharts {
  /// True if a file of that name in a folder of charts can only come from an earlier run.
  static func isOwn(_ name: String) -> Bool {
    ["map-", "maps-", "chart-"].contains { name.hasPrefix($0) } && name.hasSuffix(".svg")
  }

  /// Draws what a scenario wants of a result that has just been written; returns how many charts there are.
  static func write(_ outputs: OutputSpec, of result: String, into folder: ResultFolder) throws -> Int {
    let wanted: [ChartName]
    switch outputs.charts {
    case .none: return 0
    case .standard: wanted = ChartName.allCases
    case .named(let names): wanted = ChartName.allCases.filter(names.contains)
    }
    let data = try ResultCharts.read(path: result, labels: RunPlan.labels)
    let theme = Theme.named(outputs.theme)
    var count = 0
    for name in wanted {
      guard let figure = ChartCatalog.figure(name, data) else { continue }
      try folder.write(figure.svg(theme), as: ChartCatalog.fileName(name))
      count += 1
    }
    return count
  }
}
