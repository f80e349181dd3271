public import Domain
public import Metrics

/// The charts of a result by name.
public enum ChartCatalog {
  /// `chart-<name>.svg`
  public static func fileName(_ name: ChartName) -> String { "chart-\(name.rawValue).svg" }

  /// The chart of that name; `nil` where the result does not hold what it shows.
  public static func figure(_ name: ChartName, _ data: ChartData) -> Figure? {
    switch name {
    case .intensity: IntensityChart.figure(data)
    case .load: LoadChart.figure(data)
    case .emissions: EmissionsChart.figure(data)
    case .queue: QueueChart.figure(data)
    case .wait: DistributionChart.figure(data, .wait)
    case .turnaround: DistributionChart.figure(data, .turnaround)
    case .carbonByType: TypeChart.figure(data)
    case .utilization: UtilizationChart.figure(data)
    case .pareto: ParetoChart.figure(data)
    case .savings: SavingsChart.figure(data)
    case .forecast: ForecastChart.figure(data)
    }
  }
}

/// Layout shared by small multiples.
enum Multiples {
  /// More panels are not drawn, and a note says so.
  static let most = 48

  static func columns(_ count: Int) -> Int { count <= 1 ? 1 : count <= 4 ? 2 : count <= 9 ? 3 : 4 }

  static func height(_ count: Int) -> Double { count <= 1 ? 380 : count <= 2 ? 280 : count <= 6 ? 180 : 110 }

  /// Note on the panels left out; empty if there are none.
  static func leftOut(_ count: Int, of things: String, shown: Int) -> [String] {
    count > shown ? ["The first \(shown) of \(count) \(things) are shown."] : []
  }
}

extension ChartData {
  /// Note on a chart of a single replication; empty if there is only one.
  var replicationNote: [String] { replications > 1 ? ["Replication 1 of \(replications)."] : [] }

  var clock: String { "\(start.readable) to \(end.readable)" }

  var timeAxis: Axis {
    Axis("time", unit: "UTC", .time(Double(start.milliseconds)...Double(end.milliseconds)))
  }

  var baseline: Policy? { policies.first(where: \.isBaseline) }
}

extension [String] {
  var note: String { joined(separator: " ") }
}

/// Numbers in charts.
enum Figures {
  /// So many decimals, commas between thousands, and no sign on what rounds to nothing.
  static func text(_ value: Double, _ decimals: Int) -> String {
    guard value.isFinite else { return "–" }
    guard abs(value) < 1e7 else { return TickMaker.label(value, step: TickMaker.place(of: abs(value)) / 100) }
    return TickMaker.fixed(value, decimals: decimals)
  }

  /// About three digits.
  static func short(_ value: Double) -> String { text(value, decimals(abs(value))) }

  /// Decimals with which a number has about three digits.
  static func decimals(_ size: Double) -> Int { size >= 100 || size == 0 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3 }
}
