internal import Audit
internal import Domain
internal import Figures
internal import Metrics
internal import Mustache
internal import ResultReading
internal import Runs
internal import Scenarios

/// One page on a sweep: what was varied, which points are best, how figures respond.
public struct SweepReport {
  private let story: SweepStory
  private let confidence: Double
  /// In the order in which they first run.
  private let labels: [String]
  /// By point and policy, in the order of the replications.
  private let values: [String: [[[Double]]]]
  /// How the policies stand at each point, by their means.
  private let standings: [Standings]

  /// So many points are listed; the tables of the sweep have all.
  private static let mostPoints = 200

  private static let metrics: [Metric] = [.carbon, .carbonSavings, .cost, .deadlinesMet, .waitMean]

  /// Reads a sweep's `results.sqlite`; `nil` if the file is that of a run, or of a sweep with one point.
  ///
  /// - Throws: ``BadInput`` if the file is no result; ``OutputError`` if its folder cannot be put right.
  public init?(path: String, confidence: Double = 0.95) throws {
    guard confidence >= 0.5, confidence <= 0.9999 else {
      throw BadInput(description: "--confidence: found \(confidence), expected a number from 0.5 to 0.9999")
    }
    try Runner.recover(folderOf: path)
    // Requirements may be of any metric.
    let names = Set(Metric.names + SweepChart.metrics).sorted()
    let story: SweepStory
    do {
      guard let read = try SweepStory.read(path: path, metrics: names) else { return nil }
      story = read
    } catch let refusal as AuditRefusal { throw refusal.fault }
    self.story = story
    self.confidence = confidence
    var places: [String: Int] = [:]
    var labels: [String] = []
    for run in story.runs where places[run.label] == nil {
      places[run.label] = labels.count
      labels.append(run.label)
    }
    self.labels = labels
    var values: [String: [[[Double]]]] = [:]
    let none = story.points.map { _ in labels.map { _ in [Double]() } }
    for name in names + ["jobs_failed"] { values[name] = none }
    var baselines = story.points.map { _ in "" }
    for run in story.runs.sorted(by: { $0.replication < $1.replication }) {
      guard let place = places[run.label] else { continue }
      for (name, value) in run.values { values[name]?[run.point][place].append(value) }
      if run.isBaseline { baselines[run.point] = run.label }
    }
    self.values = values
    standings = story.points.indices.map { point in
      Standings(story.requirements, labels: labels, baseline: baselines[point]) { metric, label in
        let own = places[label].flatMap { values[metric]?[point][$0] } ?? []
        return own.isEmpty ? nil : SampleMoments(own).mean
      }
    }
  }

  public func written(as format: ResultReport.Format) -> String {
    switch format {
    case .html: html
    case .markdown: markdown
    }
  }

  private var title: String { "\(story.scenario): sweep" }

  private var replications: Int { story.runs.map(\.replication).max() ?? 1 }

  private var asked: [String] {
    let varied = story.keys.enumerated().map { place, key in
      let levels = story.points.map { $0[place] }.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
      return levels.count <= 8
        ? "\(key) (\(levels.map { $0.isEmpty ? "as in the scenario" : $0 }.joined(separator: ", ")))"
        : "\(key) (\(levels.count) values)"
    }
    var lines = [
      "\(ReportNumber.count(story.points.count, "point")), \(ReportNumber.count(labels.count, "policy", "policies")), "
        + "\(ReportNumber.count(replications, "replication")) per point. Varied: \(varied.joined(separator: "; "))."
    ]
    if replications > 1 {
      let heading = story.variation?.heading(replications: replications)
      lines.append(
        "± is the half width of Student's \(TextTable.number((confidence * 1e6).rounded() / 1e4)) % interval of a mean"
          + (heading.map { "; \($0)" } ?? "") + ".")
    }
    let bounds = requirements.map(\.text)
    if !bounds.isEmpty { lines.append("Required of every policy: \(bounds.joined(separator: ", ")).") }
    return lines
  }

  // MARK: Tables

  private func estimate(_ metric: String, _ point: Int, _ policy: Int) -> MeanEstimate? {
    let own = values[metric]?[point][policy] ?? []
    return own.isEmpty ? nil : MeanEstimate(own, confidence: confidence)
  }

  /// True if a policy meets, at a point, the requirements that some policy has a value for there: the rule of a run's
  /// own table.
  private func keeps(_ point: Int, _ policy: Int) -> Bool { standings[point].keeps(labels[policy]) }

  /// The requirements that some policy has a value for, at some point.
  private var requirements: [Requirement] {
    let known = standings.map(\.requirements)
    return story.requirements.filter { asked in known.contains { $0.contains(asked) } }
  }

  private var unit: EmissionUnit {
    EmissionUnit(fitting: (values["carbon_kg"] ?? []).joined().joined().map(Optional.some))
  }

  private func column(_ metric: Metric) -> ReportColumn {
    ReportColumn(metric, emissions: unit, currency: story.currency.code)
  }

  private func cell(_ metric: Metric, _ point: Int, _ policy: Int) -> String {
    guard let estimate = estimate(metric.name, point, policy) else { return "–" }
    return column(metric).text(estimate.mean, plusMinus: estimate.halfWidth)
      + standings[point].figureMark(metric.name, labels[policy])
  }

  /// The best pair of a point and a policy for each figure, of those that keep what is asked.
  private var best: [[String]] {
    let pairs = story.points.indices.flatMap { point in labels.indices.map { (point: point, policy: $0) } }
    let candidates = pairs.filter { keeps($0.point, $0.policy) }
    let rows = SweepReport.metrics.compactMap { metric -> [String]? in
      let known = candidates.compactMap { pair in
        estimate(metric.name, pair.point, pair.policy).map { (pair: pair, mean: $0.mean) }
      }
      let extreme =
        metric.definition.better == .lower ? known.min { $0.mean < $1.mean } : known.max { $0.mean < $1.mean }
      // Of values that differ by rounding alone the first.
      let found = extreme.flatMap { best in known.first { $0.mean.isAlike(best.mean) } }
      guard let found else { return nil }
      let (point, label) = (found.pair.point, labels[found.pair.policy])
      return [column(metric).title, cell(metric, point, found.pair.policy), label + standings[point].marks(label)]
        + ["\(point + 1)"] + story.points[point]
    }
    return [["metric", "best value", "policy", "point"] + story.keys] + rows
  }

  private var all: [[String]] {
    [["point"] + story.keys + ["policy"] + SweepReport.metrics.map { column($0).title }]
      + story.points.indices.prefix(SweepReport.mostPoints).flatMap { point in
        labels.indices.filter { estimate("carbon_kg", point, $0) != nil }.map { policy in
          let mark = standings[point].marks(labels[policy])
          return ["\(point + 1)"] + story.points[point] + [labels[policy] + mark]
            + SweepReport.metrics.map { cell($0, point, policy) }
        }
      }
  }

  /// The policies that ran at a point.
  private func present(_ point: Int) -> [String] {
    labels.indices.filter { estimate("carbon_kg", point, $0) != nil }.map { labels[$0] }
  }

  /// The meaning of the marks that a table has.
  private func legend(_ table: [[String]]) -> [String] {
    func has(_ mark: Character) -> Bool { table.dropFirst().contains { $0.contains { $0.last == mark } } }
    let late = story.points.indices.compactMap { standings[$0].lateLegend(present($0)) }
    let savings = story.points.indices.compactMap { standings[$0].savingLegend(present($0)) }
    return
      (table.dropFirst().contains { $0.contains { $0.hasSuffix(" *") || $0.hasSuffix(" *†") } }
      ? ["* does not meet the requirements"] : [])
      // The longest also speaks of unfinished jobs.
      + (has("†") ? [late.max { $0.count < $1.count }].compactMap { $0 } : []) + (has("‡") ? savings.uniqued : [])
  }

  private var notes: [String] {
    story.points.count > SweepReport.mostPoints
      ? ["The first \(SweepReport.mostPoints) of \(story.points.count) points; sweep.csv has all."] : []
  }

  private var tables: [(heading: String, lines: [[String]], notes: [String])] {
    let own = requirements.isEmpty ? "" : ", of those that meet the requirements"
    let (best, all) = (best, all)
    return (best.count > 1 ? [("Best points\(own)", best, legend(best))] : [])
      + [("All points", all, legend(all) + notes)]
  }

  // MARK: Formats

  private var markdown: String {
    var parts = ["## \(MarkdownText.escaped(title))"] + asked.map(MarkdownText.escaped)
    for table in tables {
      parts += ["### \(MarkdownText.escaped(table.heading))", MarkdownText.table(table.lines, left: 1)]
      parts += table.notes.map(MarkdownText.escaped)
    }
    return parts.joined(separator: "\n\n")
  }

  private static let template = PageText.template(SweepReportTemplate.page)

  private var html: String {
    var palette = ThemedPalette()
    let figures = figures(of: labels).map { chart, figure -> [String: Any] in
      let id = "chart-\(chart.rawValue)"
      return ["id": id, "label": "Chart: \(id)", "svg": figure.svg(&palette, id: "\(id)-")]
    }
    let context: [String: Any] = [
      "program": ProgramVersion.text, "title": title, "asked": asked, "hasFigures": !figures.isEmpty,
      "figures": figures,
      "tables": tables.map { table -> [String: Any] in
        [
          "heading": table.heading, "head": table.lines.first ?? [], "notes": table.notes,
          "rows": table.lines.dropFirst().map { ["name": $0.first ?? "", "cells": Array($0.dropFirst())] },
        ]
      }, "colors": PageText.colors(palette),
    ]
    return SweepReport.template.render(context)
  }
}

// MARK: Charts

extension SweepReport {
  /// How many points there are.
  var points: Int { story.points.count }

  /// The labels of the policies, in the order in which they first run.
  var policies: [String] { labels }

  /// The charts of all points, as far as there is something to draw.
  func figures(of policies: [String]) -> [(chart: SweepChartName, figure: Figure)] {
    let kept = labels.indices.filter { policies.contains(labels[$0]) }
    var data = SweepData(
      scenario: story.scenario, keys: story.keys, points: story.points, policies: kept.map { labels[$0] },
      values: values.filter { SweepChart.metrics.contains($0.key) }
        .mapValues { points in points.map { point in kept.map { point[$0] } } },
      currency: story.currency)
    data.variation = story.variation
    return SweepChart.figures(data).compactMap { file, figure in
      SweepChartName.allCases.first { SweepChart.fileName($0) == file }.map { ($0, figure) }
    }
  }
}

/// The page of a sweep's report.
enum SweepReportTemplate {
  static let page = """
    \(ReportTemplate.head)
    <p class="muted">pylon report</p>
    </header>
    <section id="asked"><h2>What was varied</h2>
    {{#asked}}<p>{{.}}</p>
    {{/asked}}</section>
    {{#hasFigures}}<section id="figures"><h2>Responses</h2>
    {{#figures}}<figure id="{{id}}"><div class="scroll" tabindex="0" role="region" aria-label="{{label}}">
    {{{svg}}}</div></figure>
    {{/figures}}</section>
    {{/hasFigures}}{{#tables}}<section><h2>{{heading}}</h2>
    \(ReportTemplate.table)
    </section>
    {{/tables}}</main>
    </body>
    </html>

    """
}
