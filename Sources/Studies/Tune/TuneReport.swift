internal import Domain
internal import Foundation
internal import Metrics
public import Reports
internal import Results
internal import Runs

/// The result of a search for weights.
public struct TuneReport: Sendable {
  struct Point: Sendable {
    /// Ten-thousandths.
    var parts: [Int]
    var figures: TuneFigures
  }

  /// Best against untuned on fresh jobs.
  struct Check: Sendable {
    var seed: UInt64
    var comparison: Comparison
    /// True if the means of the best point satisfy the constraints on the fresh jobs too.
    var keeps: Bool
  }

  let scenario: String
  let policy: String
  /// Names of the weights.
  let names: [String]
  let goal: TuneGoal
  /// In the order in which they were looked at; the first one is the untuned.
  let points: [Point]
  let best: Int
  let replications: Int
  let confidence: Double
  /// The policy with the best weights, for a scenario's list.
  let yaml: String
  let notes: [String]
  let currency: Currency
  /// `nil` where replications cannot differ.
  var check: Check?

  init(
    scenario: String, policy: String, names: [String], goal: TuneGoal, points: [Point], best: Int, replications: Int,
    confidence: Double, yaml: String, notes: [String], currency: Currency
  ) {
    self.scenario = scenario
    self.policy = policy
    self.names = names
    self.goal = goal
    self.points = points
    self.best = best
    self.replications = replications
    self.confidence = confidence
    self.yaml = yaml
    self.notes = notes + [currency.metricNote].compactMap { $0 }
    self.currency = currency
  }

  /// True if the best point satisfies the constraints on the jobs that it was found on and, if it was checked, on the
  /// fresh ones.
  public var isFeasible: Bool { goal.keeps(points[best].figures) && check?.keeps != false }

  /// Places of the points that are on the front of carbon, cost and wait, by carbon.
  var front: [Int] {
    let figures = points.map { point in Tune.frontMetrics.map { point.figures.mean($0) } }
    func carbon(_ place: Int) -> Double { figures[place][0] ?? .infinity }
    return ParetoFront.places(figures).sorted { (carbon($0), $0) < (carbon($1), $1) }
  }

  /// The figures that are shown of every point.
  private var shown: [String] {
    (Tune.frontMetrics + [goal.objective] + goal.constraints.map(\.metric) + ["sla_met_pct"])
      .reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
  }

  public func written(as format: ResultComparison.Format) -> String {
    switch format {
    case .text: return page(prose: { $0 }, heading: { "\($0)" }, code: { $0 }) { TextTable.text($0, left: $1) }
    case .markdown:
      return page(
        prose: MarkdownText.escaped, heading: { "### \(MarkdownText.escaped($0))" },
        code: { MarkdownText.code($0, "yaml") }, table: { MarkdownTable.text($0, left: $1) })
    case .csv: return csv
    case .json: return json
    }
  }

  private var wanted: String {
    let bounds = goal.constraints.map(\.text).joined(separator: " and ")
    return "\(goal.isMaximised ? "most" : "least") \(goal.objective)" + (bounds.isEmpty ? "" : " with \(bounds)")
  }

  private func page(
    prose: (String) -> String, heading: (String) -> String, code: (String) -> String, table: ([[String]], Int) -> String
  ) -> String {
    let runs = counted(replications, "replication")
    var parts = [
      prose("\(scenario), \(policy): \(wanted); \(counted(points.count, "point")), \(runs) each, the same jobs for all")
    ]
    parts += notes.map { prose("note: \($0)") }
    if !goal.keeps(points[best].figures) {
      parts.append("no point satisfies the constraints; this one comes closest")
    }
    parts.append(table([header("point")] + [line(0, "untuned"), line(best, "best")], 1))
    parts.append(code("policies:\n  \(yaml)"))
    parts.append(heading("Pareto front of \(Tune.frontMetrics.joined(separator: ", "))"))
    parts.append(table([header("point")] + front.map { line($0, mark($0)) }, 1))
    if let check {
      let percent = String(format: "%g", confidence * 100)
      let count = check.comparison.replications
      let fresh = check.comparison.variation.map { $0.text } ?? "jobs"
      let runs = counted(count, "replication")
      parts.append(heading("best − untuned on fresh \(fresh): seed \(check.seed), \(runs), \(percent) %"))
      parts.append(table(checkTable(check.comparison), 1))
      if !goal.constraints.isEmpty {
        parts.append("the constraints \(check.keeps ? "hold" : "do not hold") there")
      }
    } else {
      parts.append("nothing varies between replications, so there are no fresh jobs to check it on")
    }
    return parts.joined(separator: "\n\n")
  }

  private func header(_ first: String) -> [String] { [first] + names + shown + ["kept"] }

  private func line(_ place: Int, _ name: String) -> [String] {
    let point = points[place]
    return [name] + point.parts.map { String(format: "%.4f", Double($0) / 10_000) }
      + shown.map { point.figures.mean($0).map { ComparisonText.number($0) } ?? "–" }
      + [goal.keeps(point.figures) ? "yes" : "no"]
  }

  private func mark(_ place: Int) -> String {
    let name = place == 0 ? "untuned" : "\(place + 1)"
    return place == best ? "\(name) (best)" : name
  }

  private func checkTable(_ comparison: Comparison) -> [[String]] {
    [["metric", "untuned", "best", "difference", "± half width", "verdict"]]
      + comparison.differences.map { line in
        func mean(_ subject: String) -> String {
          let own = comparison.estimates.first { $0.metric == line.metric && $0.subject == subject }
          return own?.estimate.map { ComparisonText.number($0.mean) } ?? "–"
        }
        return [
          line.metric, mean("untuned"), mean("best"),
          line.estimate.map { ComparisonText.number($0.mean, digits: 5) } ?? "–",
          line.estimate?.halfWidth.map { "± " + ComparisonText.number($0, digits: 3) } ?? "–",
          line.verdict?.rawValue ?? "–",
        ]
      }
  }

  /// A line a point.
  private var csv: String {
    let front = Set(front)
    let head = ["point"] + names.map { "weight_\($0)" } + ["keeps_constraints", "on_front", "is_best"] + Metric.names
    let lines = points.enumerated().map { place, point -> [CSVCell] in
      let flags = [goal.keeps(point.figures), front.contains(place), place == best]
      return [.whole(place + 1)] + point.parts.map { .number(Double($0) / 10_000) } + flags.map { .whole($0 ? 1 : 0) }
        + Metric.names.map { .number(point.figures.mean($0)) }
    }
    return CSVText.table(head, lines)
  }

  private var json: String {
    let front = front
    func number(_ value: Double?) -> String { value.map { MetricsCSV.cell($0) } ?? "null" }
    func object(_ place: Int) -> String {
      let point = points[place]
      let weights = zip(names, point.parts).map { "\(JSON.text($0)): \(number(Double($1) / 10_000))" }
      let figures = Metric.names.map { "\(JSON.text($0)): \(number(point.figures.mean($0)))" }
      return "{\"point\": \(place + 1), \"weights\": {\(weights.joined(separator: ", "))}, "
        + "\"keeps_constraints\": \(goal.keeps(point.figures)), \"on_front\": \(front.contains(place)), "
        + "\"figures\": {\(figures.joined(separator: ", "))}}"
    }
    let checked = check.map { check in
      let lines = check.comparison.differences.map { line in
        "{\"metric\": \(JSON.text(line.metric)), \"difference\": \(number(line.estimate?.mean)), "
          + "\"half_width\": \(number(line.estimate?.halfWidth)), "
          + "\"verdict\": \(line.verdict.map { JSON.text($0.rawValue) } ?? "null")}"
      }
      return "{\"seed\": \(check.seed), \"replications\": \(check.comparison.replications), "
        + "\"keeps_constraints\": \(check.keeps), \"differences\": [\(lines.joined(separator: ", "))]}"
    }
    return """
      {
        "scenario": \(JSON.text(scenario)),
        "policy": \(JSON.text(policy)),
        "objective": \(JSON.text(goal.objective)),
        "maximised": \(goal.isMaximised),
        "constraints": [\(goal.constraints.map { JSON.text($0.text) }.joined(separator: ", "))],
        "currency": \(JSON.text(currency.code)),
        "replications": \(replications),
        "confidence": \(confidence),
        "best": \(best + 1),
        "yaml": \(JSON.text(yaml)),
        "points": [
          \(points.indices.map(object).joined(separator: ",\n    "))
        ],
        "check": \(checked ?? "null")
      }
      """
  }
}
