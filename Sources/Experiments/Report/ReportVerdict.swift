internal import Metrics

/// What a comparison comes to, in plain words.
///
/// Every claim against the baseline is of paired differences; where the interval holds 0 it says that it cannot tell.
struct ReportVerdict {
  private let comparison: Comparison
  private let baseline: String
  /// By label, the baseline first.
  private let labels: [String]

  init(_ comparison: Comparison) {
    self.comparison = comparison
    var labels: [String] = []
    for line in comparison.estimates where !labels.contains(line.subject) { labels.append(line.subject) }
    self.labels = labels
    baseline = labels.first ?? ""
  }

  var sentences: [String] {
    guard let least = lowest("carbon_kg", among: labels), let emitted = mean("carbon_kg", least) else {
      return ["No policy has figures of emissions: there is nothing to compare."]
    }
    guard labels.count > 1 else {
      return [
        "\(baseline) alone ran, and emitted \(ReportNumber.text(emitted, plusMinus: width("carbon_kg", least))) "
          + "kgCO₂: there is nothing to hold it against."
      ] + caution
    }
    var words: [String] = []
    if least == baseline {
      words.append("No policy emitted less than \(baseline), the baseline: \(amount("carbon_kg", "kgCO₂", baseline)).")
    } else {
      words.append("\(least) emitted least: \(amount("carbon_kg", "kgCO₂", least)), \(saved("carbon", least)).")
      words.append(service(least))
      words += compromise(besides: least)
    }
    words += cheapest(besides: least)
    words += untold
    return words + caution
  }

  // MARK: Sentences

  private func saved(_ what: String, _ label: String) -> String {
    let (percent, metric) = ("\(what)_savings_pct", what == "carbon" ? "carbon_kg" : "cost_gbp")
    let unit = what == "carbon" ? "kg" : "GBP"
    guard let difference = difference(metric, label), let estimate = difference.estimate else {
      return "which cannot be held against \(baseline)"
    }
    let direction = estimate.mean > 0 ? "more" : "less"
    var text =
      "\(ReportNumber.text(abs(estimate.mean), plusMinus: estimate.halfWidth)) \(unit) \(direction) than \(baseline)"
    // Of a sum of nothing or less there are no shares that mean anything.
    if let share = mean(percent, label), let whole = mean(metric, baseline), whole > 0 {
      text =
        "\(ReportNumber.text(abs(share), plusMinus: width(percent, label)))\u{A0}% \(direction) than \(baseline) "
        + "(\(ReportNumber.text(abs(estimate.mean), plusMinus: estimate.halfWidth)) \(unit) \(direction))"
    }
    if difference.verdict == .cannotTell, estimate.halfWidth != nil {
      text += ", which the replications cannot tell from no difference"
    }
    return text
  }

  private func service(_ label: String) -> String {
    var parts: [String] = []
    if let met = mean("sla_met_pct", label), let reference = mean("sla_met_pct", baseline) {
      parts.append(
        "\(label) met \(ReportNumber.text(met, plusMinus: width("sla_met_pct", label)))\u{A0}% of the deadlines, "
          + "\(baseline) "
          + "\(ReportNumber.text(reference, plusMinus: width("sla_met_pct", baseline))) %")
    }
    if let wait = mean("wait_mean_s", label), let reference = mean("wait_mean_s", baseline) {
      parts.append(
        "its jobs waited \(ReportNumber.span(seconds: wait)) on average, those of \(baseline) "
          + ReportNumber.span(seconds: reference))
    }
    return parts.isEmpty ? "" : parts.joined(separator: "; ") + "."
  }

  /// Where the lowest emissions cost deadlines: the lowest that do not.
  private func compromise(besides least: String) -> [String] {
    guard let met = mean("sla_met_pct", least), let reference = mean("sla_met_pct", baseline), met < reference else {
      return []
    }
    let punctual = labels.filter { mean("sla_met_pct", $0).map { $0 >= reference } ?? false }
    guard let best = lowest("carbon_kg", among: punctual), best != baseline else {
      return ["No policy that met as many deadlines as \(baseline) emitted less than it."]
    }
    return [
      "Of the policies that met no fewer deadlines than \(baseline), \(best) emitted least: "
        + "\(amount("carbon_kg", "kgCO₂", best)), \(saved("carbon", best)).", service(best),
    ]
  }

  private func cheapest(besides least: String) -> [String] {
    guard let best = lowest("cost_gbp", among: labels) else { return [] }
    if best == baseline { return ["None was cheaper than \(baseline): \(amount("cost_gbp", "GBP", baseline))."] }
    let begin = best == least ? "\(best) was also the cheapest" : "The cheapest was \(best)"
    return ["\(begin): \(amount("cost_gbp", "GBP", best)), \(saved("cost", best))."]
  }

  /// Policies whose emissions the replications do not tell from the baseline's.
  private var untold: [String] {
    guard comparison.replications > 1 else { return [] }
    let names = labels.dropFirst().filter { difference("carbon_kg", $0)?.verdict == .cannotTell }
    guard !names.isEmpty else { return [] }
    let list = names.count == 1 ? names[0] : names.dropLast().joined(separator: ", ") + " and " + (names.last ?? "")
    return ["Whether \(list) emitted more or less than \(baseline) cannot be told: the interval holds 0."]
  }

  private var caution: [String] {
    let percent = TextTable.number((comparison.confidence * 1e6).rounded() / 1e4)
    guard comparison.replications > 1 else {
      return [
        "This is one replication: there are no intervals, and other jobs or another grid may give other differences."
      ]
    }
    return [
      "Over \(comparison.replications) replications; ± tells the half width of Student's \(percent)\u{A0}% interval. "
        + "Differences are paired: within a replication every policy had the same jobs and the same grid."
    ]
  }

  // MARK: Figures

  private func lowest(_ metric: String, among labels: [String]) -> String? {
    labels.filter { mean(metric, $0) != nil }.min { (mean(metric, $0) ?? 0) < (mean(metric, $1) ?? 0) }
  }

  private func amount(_ metric: String, _ unit: String, _ label: String) -> String {
    guard let value = mean(metric, label) else { return "–" }
    return "\(ReportNumber.text(value, plusMinus: width(metric, label))) \(unit)"
  }

  private func estimate(_ metric: String, _ label: String) -> MeanEstimate? {
    comparison.estimates.first { $0.metric == metric && $0.subject == label }?.estimate
  }

  private func mean(_ metric: String, _ label: String) -> Double? { estimate(metric, label)?.mean }
  private func width(_ metric: String, _ label: String) -> Double? { estimate(metric, label)?.halfWidth }

  private func difference(_ metric: String, _ label: String) -> PairedDifference? {
    comparison.differences.first { $0.metric == metric && $0.subject == label && $0.reference == baseline }
  }

  // MARK: Tables

  static let columns: [(metric: String, title: String, factor: Double)] = [
    ("carbon_kg", "emissions, kgCO₂", 1), ("carbon_savings_pct", "emissions saved, %", 1), ("cost_gbp", "cost, GBP", 1),
    ("cost_savings_pct", "cost saved, %", 1), ("sla_met_pct", "deadlines met, %", 1),
    ("wait_mean_s", "mean wait, s", 1),
    ("wait_p95_s", "95\u{A0}% of waits within, s", 1), ("utilization_cpu", "CPU cores in use, %", 100),
  ]

  /// Means of every policy, the heading first.
  var means: [[String]] {
    [["policy"] + ReportVerdict.columns.map(\.title)]
      + labels.map { label in
        [label == baseline ? "\(label) (baseline)" : label]
          + ReportVerdict.columns.map { column in
            guard let value = mean(column.metric, label) else { return "–" }
            return ReportNumber.text(
              value * column.factor, plusMinus: width(column.metric, label).map { $0 * column.factor })
          }
      }
  }

  /// Differences of every other policy from the baseline, the heading first; nothing where there are none.
  var differences: [[String]] {
    let wanted = [
      ("carbon_kg", "emissions, kgCO₂"), ("cost_gbp", "cost, GBP"), ("sla_met_pct", "deadlines met, points"),
      ("wait_mean_s", "mean wait, s"),
    ]
    guard labels.count > 1 else { return [] }
    return [["policy"] + wanted.map(\.1)]
      + labels.dropFirst().map { label in
        [label]
          + wanted.map { metric, _ in
            guard let line = difference(metric, label), let estimate = line.estimate else { return "–" }
            let sign = estimate.mean > 0 ? "+" : ""
            let verdict = estimate.halfWidth == nil ? "" : ", \(line.verdict.rawValue)"
            return sign + ReportNumber.text(estimate.mean, plusMinus: estimate.halfWidth) + verdict
          }
      }
  }

  var baselineLabel: String { baseline }
}
