internal import Audit
public import Domain
internal import Figures
internal import Foundation
internal import Metrics
internal import ResultReading
internal import Results
public import Runs
internal import Scenarios

/// Charts of a result file.
public struct Plot {
  private enum Source {
    /// Data of a scenario's result, or of one point of a sweep.
    case run(ChartData)
    case sweep(SweepReport)
  }

  private let path: String
  private let source: Source

  /// Reads the figures of a `results.sqlite`; what an interrupted run left in the folder is put right first.
  ///
  /// - Parameter point: of a sweep, from 1; `nil` for a run, or for all points of a sweep together.
  /// - Throws: ``BadInput`` where the file is no result; ``OutputError`` where the folder cannot be put right.
  public init(path: String, point: Int? = nil) throws {
    try Runner.recover(folderOf: path)
    self.path = path
    if point == nil, let sweep = try SweepReport(path: path) {
      source = .sweep(sweep)
      return
    }
    do {
      source = .run(try ResultCharts.read(path: path, point: point, labels: RunPlan.labels))
    } catch let refusal as AuditRefusal {
      throw refusal.fault
    }
  }

  /// The charts that the file has something for.
  public var available: [PlotChart] {
    switch source {
    case .run(let data): ChartName.allCases.filter { ChartCatalog.figure($0, data) != nil }.map(PlotChart.run)
    case .sweep(let sweep): sweep.figures(of: sweep.policies).map { .sweep($0.chart) }
    }
  }

  /// One line per chart, with what keeps it from being drawn.
  public var list: [String] {
    let available = available
    func lines(_ charts: [PlotChart], _ remark: String) -> [String] {
      charts.map { "\($0.rawValue): \($0.summary)" + (available.contains($0) ? "" : " (\(remark))") }
    }
    let ofRuns = ChartName.allCases.map(PlotChart.run)
    return switch source {
    case .run: lines(ofRuns, "not in this result")
    case .sweep:
      lines(SweepChartName.allCases.map(PlotChart.sweep), "not in this result") + lines(ofRuns, "with --point")
    }
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
    _ chart: PlotChart, theme: ThemeName = .light, layout: Layout = Layout()
  ) throws(BadInput) -> String {
    guard var figure = try figure(chart, layout.policies) else {
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

  /// - Returns: `nil` without data for it.
  private func figure(_ chart: PlotChart, _ policies: [String]) throws(BadInput) -> Figure? {
    switch (source, chart) {
    case (.run(let data), .run(let name)):
      let wanted = try Plot.chosen(policies, among: data.policies.map(\.label))
      return ChartCatalog.figure(name, policies.isEmpty ? data : data.only { wanted.contains($0.label) })
    case (.sweep(let sweep), .sweep(let name)):
      return sweep.figures(of: try Plot.chosen(policies, among: sweep.policies)).first { $0.chart == name }?.figure
    case (.run, .sweep): return nil
    case (.sweep(let sweep), .run):
      let own = available.map(\.rawValue)
      throw BadInput(
        description: "\(path): found the result of a sweep (\(sweep.points) points), expected "
          + (own.isEmpty ? "" : "--chart \(own.joined(separator: " or ")), or ")
          + "--point with one from 1 to \(sweep.points)")
    }
  }

  /// Some of the policies: names separated by commas, or a name that has commas itself; all for no names.
  private static func chosen(_ names: [String], among labels: [String]) throws(BadInput) -> [String] {
    guard !names.isEmpty else { return labels }
    var wanted: Set<String> = []
    for text in names {
      let parts =
        labels.contains(text)
        ? [text]
        : text.split(separator: ",", omittingEmptySubsequences: false)
          .map { $0.trimmingCharacters(in: .whitespaces) }
      for part in parts {
        guard labels.contains(part) else {
          let hint = nearest(to: part, among: labels).map { "; did you mean \($0)?" } ?? ""
          throw BadInput(
            description: "--policies: found \(part), expected some of \(labels.joined(separator: ", "))\(hint)")
        }
        wanted.insert(part)
      }
    }
    return labels.filter { wanted.contains($0) }
  }
}
