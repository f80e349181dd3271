internal import Audit
package import Domain
package import Metrics
internal import ResultReading
internal import Runs

/// Means of the figures of a result, and paired differences between its policies, with intervals.
public struct ResultComparison: Sendable {
  /// How it is written.
  public enum Format: String, Sendable, CaseIterable {
    case text, csv, json, markdown
  }

  package let scenario: String
  package let currency: Currency
  package let metrics: [String]
  package let comparison: Comparison
  /// Notes on the result that a reader of savings should know.
  package let notes: [String]
  /// Note on jobs without a home zone.
  package let homeNote: String?
  /// How the policies stand to what the scenario asks.
  package let standings: Standings

  /// Metrics that are shown if none are specified.
  package static let shown = [
    Metric.carbon, .carbonSavings, .cost, .costSavings, .deadlinesMet, .waitMean, .waitP95, .utilizationCPU,
  ].map(\.name)

  /// Reads a `results.sqlite`. What an interrupted run left in the folder is put right first.
  ///
  /// - Parameters:
  ///   - metrics: the figures wanted; empty for those that are shown, `all` for all of them.
  ///   - confidence: of the intervals, in 0.5...0.9999.
  ///   - point: of a sweep, from 1; `nil` for what is none, or has no other.
  /// - Throws: ``BadInput`` where the file is no result, or has no such figure; ``OutputError`` where the folder cannot
  ///   be put right.
  public init(path: String, metrics: [String], confidence: Double, point: Int? = nil) throws {
    guard confidence >= 0.5, confidence <= 0.9999 else {
      throw BadInput(description: "--confidence: found \(confidence), expected a number from 0.5 to 0.9999")
    }
    try Runner.recover(folderOf: path)
    let stored: ResultFigures
    do { stored = try ResultFigures(path: path, point: point) } catch let refusal as AuditRefusal {
      if case .sweep(_, let points) = refusal {
        throw BadInput(description: refusal.description + ", or --point with one from 1 to \(points)")
      }
      throw refusal.fault
    }
    let strangers = metrics.filter { $0 != "all" && !stored.metrics.contains($0) }
    guard strangers.isEmpty else {
      throw BadInput(
        description: "--metric: found \(strangers.joined(separator: ", ")), expected all or some of "
          + stored.metrics.joined(separator: ", "))
    }
    var wanted = stored.metrics
    if metrics.isEmpty { wanted = wanted.filter { ResultComparison.shown.contains($0) } }
    if !metrics.isEmpty, !metrics.contains("all") { wanted = wanted.filter { metrics.contains($0) } }
    self.init(stored, wanted, confidence)
  }

  private init(_ stored: ResultFigures, _ wanted: [String], _ confidence: Double) {
    scenario = stored.scenario
    currency = stored.currency
    metrics = wanted
    let replications = Set(stored.runs.map(\.replication)).sorted()
    // Runs of a replication by their label, the baseline's first: it is what the others are held against.
    var labels: [String] = []
    var baseline: String?
    var ids: [String: [Int: Int]] = [:]
    for replication in replications {
      let runs = stored.runs.filter { $0.replication == replication }
      for (label, run) in zip(RunPlan.labels(runs.map(\.name)), runs) {
        if ids[label] == nil { labels.append(label) }
        if run.isBaseline, baseline == nil { baseline = label }
        ids[label, default: [:]][replication] = run.id
      }
    }
    if let baseline { labels = [baseline] + labels.filter { $0 != baseline } }
    let standings = Standings(stored.requirements, labels: labels, baseline: baseline ?? "") { metric, label in
      let known = replications.compactMap { ids[label]?[$0].flatMap { stored.value(metric, run: $0) } }
      return known.isEmpty ? nil : SampleMoments(known).mean
    }
    self.standings = standings
    homeNote = stored.homes?.note
    notes =
      [stored.homes?.note, standings.workNote(labels)].compactMap { $0 }
      + labels.compactMap { label in
        let missed = standings.missed(label).map { missed in
          "\(missed.requirement.metric) \(missed.value.map { ComparisonText.number($0) } ?? "no value")"
        }
        guard !missed.isEmpty else { return nil }
        let asked = standings.missed(label).map { "\($0.requirement.bound)" }
        return "\(label) does not meet the requirements: \(missed.joined(separator: ", ")); required "
          + asked.joined(separator: ", ")
      }
      + standings.withoutValue.map { "\($0.text) is required, but no policy has a value for it" }
    // Windows that came out alike, as of a constant trace, are one outcome: nothing can be inferred from them.
    let isOneOutcome = stored.variation?.sources.contains(.window) == true && stored.isOneOutcome
    let series = wanted.flatMap { metric in
      labels.map { label in
        let values = replications.map { replication in
          ids[label]?[replication].flatMap { stored.value(metric, run: $0) }
        }
        return MetricSeries(
          metric: metric, subject: label, values: isOneOutcome ? values.map { _ in values[0] } : values)
      }
    }
    comparison = Comparison(
      series, confidence: confidence, seed: stored.seed, variation: isOneOutcome ? Variation([]) : stored.variation)
  }

  private var noteLines: [String] { notes.map { "note: \($0)" } }

  public func written(as format: Format) -> String {
    let title = "\(scenario): \(counted(comparison.replications, "replication"))"
    switch format {
    case .text:
      let text = ComparisonText(comparison, title: title, note: currency.metricNote).text
      return ([text] + noteLines).joined(separator: "\n\n")
    case .markdown:
      let lines = noteLines.map(MarkdownText.escaped)
      let text = ComparisonText(comparison, title: title, note: currency.metricNote).markdown
      return ([text] + lines).joined(separator: "\n\n")
    case .csv: return ComparisonData(comparison).csv
    case .json: return ComparisonData(comparison).json(scenario: scenario, currency, notes: notes)
    }
  }
}
