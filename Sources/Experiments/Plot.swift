public import Domain
internal import Figures
internal import Metrics
internal import Scenarios
internal import Store

/// Charts of a result file.
public struct Plot {
  private let path: String
  private let data: ChartData

  /// Reads the figures of a `results.sqlite`; what an interrupted run left in the folder is put right first.
  ///
  /// - Parameter point: of a sweep, from 1; `nil` for what is none, or has no other.
  /// - Throws: ``BadInput`` where the file is no result; ``OutputError`` where the folder cannot be put right.
  public init(path: String, point: Int? = nil) throws {
    try Runner.recover(folderOf: path)
    self.path = path
    do {
      data = try ResultCharts.read(path: path, point: point, labels: RunPlan.labels)
    } catch let refusal as AuditRefusal {
      if case .sweep(_, let points) = refusal {
        throw BadInput(description: refusal.description + ", or --point with one from 1 to \(points)")
      }
      throw refusal.fault
    }
  }

  /// The charts that the file has something for.
  public var available: [ChartName] {
    ChartName.allCases.filter { ChartCatalog.figure($0, data) != nil }
  }

  /// The size of a figure and the policies that it shows.
  public struct Layout: Sendable {
    /// px
    public var width = 960.0
    /// px; `nil` for what suits the chart.
    public var height: Double?
    /// Size of the legend's text, px; other texts keep their proportions to it.
    public var fontSize = 12.0
    public var hasTitle = true
    /// Labels of policies; all if empty.
    public var policies: [String] = []

    public init() {}

    /// The least width at a font size, px.
    public static func leastWidth(_ fontSize: Double) -> Double { 25 * fontSize }
  }

  /// - Throws: ``BadInput`` if the result has no data for the chart, or if the chart does not fit.
  public func svg(
    _ chart: ChartName, theme: ThemeName = .light, layout: Layout = Layout()
  ) throws(BadInput) -> String {
    guard var figure = ChartCatalog.figure(chart, try chosen(layout.policies)) else {
      throw BadInput(
        description: "\(path): found no data for \(chart.rawValue), expected one of "
          + available.map(\.rawValue).joined(separator: ", "))
    }
    (figure.width, figure.fontSize, figure.hasTitle) = (layout.width, layout.fontSize, layout.hasTitle)
    if let height = layout.height, height < figure.leastHeight {
      throw BadInput(
        description:
          "--height: found \(Int(height)), expected at least \(Int(figure.leastHeight)) for \(chart.rawValue) at this "
          + "width and font size")
    }
    figure.height = layout.height
    return figure.svg(.named(theme))
  }

  /// The data of some policies: names separated by commas, or a name that has commas itself.
  private func chosen(_ names: [String]) throws(BadInput) -> ChartData {
    guard !names.isEmpty else { return data }
    let labels = data.policies.map(\.label)
    var wanted: Set<String> = []
    for text in names {
      let parts =
        labels.contains(text) ? [text] : text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      for part in parts {
        guard labels.contains(part) else {
          throw BadInput(
            description: "--policies: found \(part), expected some of \(labels.joined(separator: ", "))")
        }
        wanted.insert(part)
      }
    }
    return data.only { wanted.contains($0.label) }
  }

  /// Writes a text to a file, whole or not at all.
  public static func write(_ text: String, to place: String) throws(OutputError) {
    do {
      let file = try WholeFile(path: place)
      try file.append(text)
      try file.finish()
    } catch {
      throw OutputError(description: error.description)
    }
  }

  // MARK: Of a run

  /// Whether a file of that name in a folder of figures can only be an earlier run's.
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
    let theme = Theme.named(outputs.theme ?? .light)
    var count = 0
    for name in wanted {
      guard let figure = ChartCatalog.figure(name, data) else { continue }
      try folder.write(figure.svg(theme), as: ChartCatalog.fileName(name))
      count += 1
    }
    return count
  }
}
