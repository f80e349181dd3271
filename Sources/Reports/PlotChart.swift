public import Domain

/// A chart that `plot` draws: of a run, or of all points of a sweep.
public enum PlotChart: Sendable, Hashable, RawRepresentable, CaseIterable {
  case run(ChartName)
  case sweep(SweepChartName)

  /// The charts of a run, then those of a sweep.
  public static let allCases = ChartName.allCases.map(PlotChart.run) + SweepChartName.allCases.map(PlotChart.sweep)

  public init?(rawValue: String) {
    guard let chart = PlotChart.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
    self = chart
  }

  public var rawValue: String {
    switch self {
    case .run(let name): name.rawValue
    case .sweep(let name): name.rawValue
    }
  }

  /// One line for people.
  public var summary: String {
    switch self {
    case .run(let name): name.summary
    case .sweep(let name): name.summary
    }
  }
}
