internal import Domain
internal import Metrics
internal import Runs

/// The conclusions of a comparison, in plain words.
///
/// Every claim against the baseline is about paired differences; if the interval contains 0, it says "can't tell".
package struct ReportVerdict {
  private let comparison: Comparison
  private let currency: String
  private let baseline: String
  /// By label, the baseline first.
  private let labels: [String]
  /// Notes that a reader of savings should know.
  private let notes: [String]

  private let standings: Standings
  /// One for the whole page, so that its numbers can be compared.
  private let emissions: EmissionUnit
  private var emissionUnit: String { "\(emissions.name)CO₂" }
  /// Sentences on the outages that ended jobs.
  private let outages: [String]
  /// How much later jobs ended than if they had run at once, s, by the label of each policy that suspended jobs.
  private let delays: [String: Double]

  init(
    _ comparison: Comparison, _ currency: Currency, standings: Standings, notes: [String] = [], outages: [String] = [],
    delays: [String: Double] = [:]
  ) {
    self.delays = delays
    self.outages = outages
    self.currency = currency.code
    self.comparison = comparison
    self.standings = standings
    self.notes = notes
    var labels: [String] = []
    for line in comparison.estimates where !labels.contains(line.subject) { labels.append(line.subject) }
    self.labels = labels
    baseline = labels.first ?? ""
    emissions = EmissionUnit(
      fitting: comparison.estimates.filter { $0.metric == "carbon_kg" }.map { $0.estimate?.mean })
  }

  var sentences: [String] {
    guard let least = lowest("carbon_kg", among: labels) else {
      return ["No policy has a value for emissions: there is nothing to compare."]
    }
    guard labels.count > 1 else {
      return [
        "Only \(baseline) ran, and emitted \(amount("carbon_kg", emissionUnit, least)): "
          + "there is no other policy to compare it with."
      ] + failures + caution
    }
    let candidates = candidates
    let pool = standings.mostWork(candidates.isEmpty ? labels : candidates)
    let best = lowest("carbon_kg", among: pool) ?? least
    // Totals of policies that did other work are not compared with its own.
    let lowestOfAll = lowest("carbon_kg", among: labels.filter { standings.isComparable($0, with: best) }) ?? best
    var words = workNotes.map { "\($0)." }
    // Without a policy that keeps what is asked none of them may be praised for it.
    if candidates.isEmpty { words.append("No policy meets the requirements (\(asked)).") }
    let begin = led(by: candidates, pool)
    if best == baseline {
      words.append(
        (begin.isEmpty ? "No policy" : "\(begin)none") + " emitted less than \(baseline), the baseline: "
          + "\(amount("carbon_kg", emissionUnit, baseline)).")
    } else {
      words.append("\(begin)\(leading("carbon_kg", best, pool, "emitted the least")), \(saved("carbon", best)).")
      words.append(service(best))
      if !asksForDeadlines { words += compromise(besides: best, among: pool) }
    }
    if best != lowestOfAll { words.append(notCounted(lowestOfAll)) }
    words += late(besides: lowestOfAll, among: candidates)
    words += failures
    words += cheapest(besides: best, among: pool)
    words += untold
    return words + notes.map { "Note: \($0)." } + caution
  }

  // MARK: What is asked

  /// Those that keep what the scenario asks; empty if none does.
  private var candidates: [String] { labels.filter(standings.keeps) }

  private var asked: String { standings.requirements.map(\.text).joined(separator: ", ") }

  private var asksForDeadlines: Bool { standings.requirements.contains { $0.metric == "sla_met_pct" } }

  /// `Of the policies that meet the requirements (…) and completed the most jobs, `; empty if these are all.
  private func led(by candidates: [String], _ pool: [String]) -> String {
    var conditions: [String] = []
    if !candidates.isEmpty, candidates.count < labels.count { conditions.append("meet the requirements (\(asked))") }
    if pool.count < (candidates.isEmpty ? labels : candidates).count { conditions.append("completed the most jobs") }
    return conditions.isEmpty ? "" : "Of the policies that \(conditions.joined(separator: " and ")), "
  }

  /// Why the policy with the least emissions does not lead.
  private func notCounted(_ label: String) -> String {
    let reasons = standings.missed(label).map { missed in
      let found = missed.value.map { shown($0, missed.requirement) } ?? "without a value"
      return "\(missed.requirement.title) \(found), required \(missed.requirement.bound)"
    }
    let late = afterClock(label).map { ", and \($0)" } ?? ""
    let less = label == baseline || !standings.isComparable(label) ? "" : ", \(saved("carbon", label))"
    return
      "\(label) emitted less, \(amount("carbon_kg", emissionUnit, label))\(less), but does not "
      + "meet the requirements: \(reasons.joined(separator: "; "))\(late)."
  }

  private func shown(_ value: Double, _ asked: Requirement) -> String {
    (asked.metric.hasSuffix("_pct") ? ReportNumber.percent(value) : ReportNumber.text(value)) + asked.unit
  }

  /// `755 of its 1,600 jobs ended after the clock, with 49 % of its emissions after it`, or
  /// `40 of its 1,600 jobs were unfinished at the clock's end`; `nil` if it pushes no work out.
  private func afterClock(_ label: String) -> String? {
    guard standings.pushesOut(label), let jobs = standings.value("jobs_ended_after_clock", label) else { return nil }
    let all = standings.value("jobs_submitted", label).map { " of its \(ReportNumber.count(mean: $0))" } ?? ""
    let share = standings.value("carbon_after_clock_pct", label).map {
      ", with \(ReportNumber.percent($0))\u{A0}% of its emissions after it"
    }
    let left = standings.left(label)
    let noun = (standings.value("jobs_submitted", label) ?? jobs + left) == 1 ? "job" : "jobs"
    let late = ReportNumber.count(mean: jobs)
    guard left > 0 else { return "\(late)\(all) \(noun) ended after the clock\(share ?? "")" }
    let unfinished =
      "\(ReportNumber.count(mean: left))\(all) \(noun) \(left == 1 ? "was" : "were") unfinished at the clock's end"
    return jobs > 0 ? "\(unfinished) and \(late) ended after it\(share ?? "")" : unfinished
  }

  /// Policies some of whose jobs outages ended.
  private var failures: [String] {
    if comparison.replications == 1, !outages.isEmpty { return outages }
    return labels.compactMap { label in
      let failed = standings.failed(label)
      guard failed > 0 else { return nil }
      let all = standings.value("jobs_submitted", label).map { " of the \(ReportNumber.count(mean: $0)) jobs" } ?? ""
      return "Outages ended \(ReportNumber.count(mean: failed))\(all) of \(label)."
    } + outages
  }

  /// Candidates that push work out, beside one of whom it has been said.
  private func late(besides told: String, among candidates: [String]) -> [String] {
    let own = candidates.isEmpty ? labels : candidates
    return own.filter { $0 != told || standings.keeps(told) }.compactMap { label in
      afterClock(label).map { "\(label) did less within the clock than \(baseline): \($0)." }
    }
  }

  // MARK: Sentences

  private func saved(_ what: String, _ label: String) -> String {
    let (percent, metric) = ("\(what)_savings_pct", what == "carbon" ? "carbon_kg" : "cost_gbp")
    let (unit, factor) = what == "carbon" ? (emissions.name, emissions.factor) : (currency, 1)
    guard standings.isComparable(label) else { return perJob(what, label) }
    guard let difference = difference(metric, label), let estimate = difference.estimate else {
      return "which cannot be compared with \(baseline)"
    }
    let direction = estimate.mean > 0 ? "more" : "less"
    let amount = ReportNumber.text(abs(estimate.mean) * factor, plusMinus: estimate.halfWidth.map { $0 * factor })
    var text = "\(amount) \(unit) \(direction) than \(baseline)"
    if let share = mean(percent, label) {
      text =
        "\(ReportNumber.percent(abs(share), plusMinus: width(percent, label)))\u{A0}% \(direction) than \(baseline) "
        + "(\(amount) \(unit) \(direction))"
    }
    if difference.verdict == .cannotTell, estimate.halfWidth != nil {
      text += ", with an interval that includes 0"
    }
    return text
  }

  /// `111.3 g per completed job (standard 183.4 g; the totals are not comparable)`.
  private func perJob(_ what: String, _ label: String) -> String {
    let (metric, unit) = what == "carbon" ? ("carbon_per_job_g", "g") : ("cost_per_job_gbp", currency)
    guard let own = standings.value(metric, label), let other = standings.value(metric, baseline) else {
      return "which is not comparable with the total of \(baseline)"
    }
    return "\(ReportNumber.text(own)) \(unit) per completed job (\(baseline) \(ReportNumber.text(other)) \(unit); "
      + "the totals are not comparable)"
  }

  /// `X emitted the least: 5 kgCO₂`, or `X and Y emitted the least (can't tell apart): X 5 kgCO₂` if the interval of
  /// the difference between them includes 0.
  private func leading(_ metric: String, _ best: String, _ labels: [String], _ verb: String) -> String {
    let unit = metric == "carbon_kg" ? emissionUnit : currency
    let (doubtful, equal) = ties(metric, best, labels)
    guard !doubtful.isEmpty || !equal.isEmpty else { return "\(best) \(verb): \(amount(metric, unit, best))" }
    let names = ReportVerdict.list([best] + labels.filter { (doubtful + equal).contains($0) })
    let how = doubtful.isEmpty ? "equally" : "can't tell apart"
    let whose = doubtful.isEmpty ? "" : "\(best) "
    return "\(names) \(verb) (\(how)): \(whose)\(amount(metric, unit, best))"
  }

  /// The policies among those given that cannot be told from the best one, and those with its value.
  private func ties(_ metric: String, _ best: String, _ labels: [String]) -> (doubtful: [String], equal: [String]) {
    guard let least = mean(metric, best) else { return ([], []) }
    let others = labels.filter { $0 != best }
    let equal = others.filter { mean(metric, $0)?.isAlike(least) ?? false }
    guard comparison.replications > 1 else { return ([], equal) }
    let doubtful = others.filter { other in
      comparison.differences.contains {
        $0.metric == metric && Set([$0.subject, $0.reference]) == [best, other] && $0.verdict == .cannotTell
      }
    }
    return (doubtful, equal.filter { !doubtful.contains($0) })
  }

  package static func list(_ names: [String]) -> String {
    names.count < 2 ? names.joined() : names.dropLast().joined(separator: ", ") + " and " + (names.last ?? "")
  }

  private func service(_ label: String) -> String {
    var parts: [String] = []
    if let met = mean("sla_met_pct", label), let reference = mean("sla_met_pct", baseline) {
      parts.append(
        "\(label) met \(ReportNumber.percent(met, plusMinus: width("sla_met_pct", label)))\u{A0}% of the deadlines, "
          + "\(baseline) "
          + "\(ReportNumber.percent(reference, plusMinus: width("sla_met_pct", baseline)))\u{A0}%")
    }
    if let wait = mean("wait_mean_s", label), let reference = mean("wait_mean_s", baseline) {
      parts.append(
        "\(parts.isEmpty ? "The jobs of \(label)" : "its jobs") waited \(ReportNumber.span(seconds: wait)) on average"
          + "\(delay(label)), those of \(baseline) \(ReportNumber.span(seconds: reference))\(delay(baseline))")
    }
    return parts.isEmpty ? "" : parts.joined(separator: "; ") + "."
  }

  /// Adds to the wait of a policy that suspended jobs that it ends at the first start, and gives the whole delay; empty
  /// for other policies.
  private func delay(_ label: String) -> String {
    delays[label].map {
      " for their first start (\(ReportNumber.span(seconds: $0)) in all, with the time for which they were suspended)"
    } ?? ""
  }

  /// If the policy with the lowest emissions met fewer deadlines than the baseline: the one with the lowest emissions
  /// among those that did not.
  private func compromise(besides least: String, among labels: [String]) -> [String] {
    guard let met = mean("sla_met_pct", least), let reference = mean("sla_met_pct", baseline), met < reference else {
      return []
    }
    let punctual = labels.filter { mean("sla_met_pct", $0).map { $0 >= reference } ?? false }
    guard let best = lowest("carbon_kg", among: punctual), best != baseline else {
      return ["No policy that met as many deadlines as \(baseline) emitted less than it."]
    }
    return [
      "Of the policies that met no fewer deadlines than \(baseline), "
        + "\(leading("carbon_kg", best, punctual, "emitted the least")), \(saved("carbon", best)).", service(best),
    ]
  }

  private func cheapest(besides least: String, among labels: [String]) -> [String] {
    guard let best = lowest("cost_gbp", among: labels) else { return [] }
    let (doubtful, equal) = ties("cost_gbp", best, labels)
    if best == baseline {
      let ties = doubtful.isEmpty ? "" : " (can't tell it from \(ReportVerdict.list(doubtful)))"
      return ["None was cheaper than \(baseline): \(amount("cost_gbp", currency, baseline))\(ties)."]
    }
    guard doubtful.isEmpty, equal.isEmpty else {
      return ["\(leading("cost_gbp", best, labels, "were the cheapest")), \(saved("cost", best))."]
    }
    // Others may be cheaper that do not meet the requirements, the baseline among them.
    let of = labels.count < self.labels.count ? " of these" : ""
    let begin = best == least ? "\(best) was also the cheapest\(of)" : "The cheapest\(of) was \(best)"
    return ["\(begin): \(amount("cost_gbp", currency, best)), \(saved("cost", best))."]
  }

  /// Policies whose emissions the replications do not tell from the baseline's.
  private var untold: [String] {
    guard comparison.replications > 1 else { return [] }
    let names = labels.dropFirst().filter {
      difference("carbon_kg", $0)?.verdict == .cannotTell && standings.isComparable($0)
    }
    guard !names.isEmpty else { return [] }
    let list = ReportVerdict.list(names)
    return ["It is undecided whether \(list) emitted more or less than \(baseline): the interval includes 0."]
  }

  private var caution: [String] {
    let percent = TextTable.number((comparison.confidence * 1e6).rounded() / 1e4)
    if comparison.variation?.isEmpty == true {
      return [
        "This is one outcome: nothing varies between replications, so there are no intervals and no verdicts. "
          + "\(Variation.remedy)."
      ]
    }
    guard comparison.replications > 1 else {
      return [
        "This is one replication: there are no intervals, and other jobs or another grid may give other differences."
      ]
    }
    if let variation = comparison.variation, !variation.affectsAll {
      let heading = variation.heading(replications: comparison.replications)
      return ["\(heading) (half width of Student's \(percent)\u{A0}% interval). Other jobs or another grid may differ."]
    }
    let caution =
      comparison.variation?.windowsOverlap == true ? ["Windows overlap, so intervals are optimistic."] : []
    return [
      "Over \(comparison.replications) replications; ± gives the half width of Student's \(percent)\u{A0}% interval. "
        + "Differences are paired: within a replication every policy had the same jobs and the same grid."
    ] + caution
  }

  // MARK: Figures

  private func lowest(_ metric: String, among labels: [String]) -> String? {
    let known = labels.compactMap { label in mean(metric, label).map { (label: label, mean: $0) } }
    guard let least = known.min(by: { $0.mean < $1.mean }) else { return nil }
    // Of values that differ by rounding alone the baseline's, else the first.
    let alike = known.filter { $0.mean.isAlike(least.mean) }
    return (alike.first { $0.label == baseline } ?? alike[0]).label
  }

  private func amount(_ metric: String, _ unit: String, _ label: String) -> String {
    guard let value = mean(metric, label) else { return "–" }
    let factor = metric == "carbon_kg" ? emissions.factor : 1
    return "\(ReportNumber.text(value * factor, plusMinus: width(metric, label).map { $0 * factor })) \(unit)"
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

  private var columns: [ReportColumn] {
    [.carbon, .carbonSavings, .cost, .costSavings, .deadlinesMet, .waitMean, .waitP95, .utilizationCPU].map {
      column($0)
    }
  }

  private func column(_ metric: Metric, isDifference: Bool = false) -> ReportColumn {
    ReportColumn(metric, emissions: emissions, currency: currency, isDifference: isDifference)
  }

  /// A mean in the unit of its column.
  private func cell(_ column: ReportColumn, _ label: String) -> String {
    let name = column.metric.name
    guard let value = mean(name, label) else { return "–" }
    return column.text(value, plusMinus: width(name, label)) + standings.figureMark(name, label)
  }

  /// Means of every policy, the heading first.
  var means: [[String]] {
    let late: [(title: String, value: (String) -> Double?, isCount: Bool)] = [
      ("jobs rejected", { standings.value("jobs_rejected", $0) }, true),
      ("jobs failed", { standings.failed($0) }, true), ("jobs unfinished", { standings.left($0) }, true),
      ("jobs ended after the clock", { standings.value("jobs_ended_after_clock", $0) }, true),
      ("emissions after it, %", { standings.value("carbon_after_clock_pct", $0) }, false),
    ].filter { column in labels.contains { (column.value($0) ?? 0) > 0 } }
    return [["policy"] + columns.map(\.title) + late.map(\.title)]
      + labels.map { label in
        // A mark on a line of its own would be lost.
        [(label == baseline ? "\(label) (baseline)" : label) + standings.marks(label).replacing(" ", with: "\u{A0}")]
          + columns.map { cell($0, label) }
          + late.map { column in
            column.value(label).map { column.isCount ? ReportNumber.count(mean: $0) : ReportNumber.percent($0) } ?? "–"
          }
      }
  }

  /// Added below the differences if totals of some policies are not comparable.
  var workNotes: [String] { [standings.workNote(labels)].compactMap { $0 } }

  /// Explanations of the marks after the names of policies and the savings.
  var legend: [String] { standings.legend(labels) + [standings.savingLegend(labels)].compactMap { $0 } }

  /// Differences of every other policy from the baseline, the heading first; nothing where there are none.
  var differences: [[String]] {
    let wanted = [Metric.carbon, .cost, .deadlinesMet, .waitMean].map { column($0, isDifference: true) }
    guard labels.count > 1 else { return [] }
    return [["policy"] + wanted.map(\.title)]
      + labels.dropFirst().map { label in
        [label]
          + wanted.map { column in
            guard let line = difference(column.metric.name, label), let estimate = line.estimate else { return "–" }
            let sign = estimate.mean > 0 ? "+" : ""
            let isTold = comparison.replications > 1 && line.verdict != nil
            let verdict = isTold ? ", \(line.verdict?.rawValue ?? "")" : ""
            return sign
              + column.text(estimate.mean, plusMinus: estimate.halfWidth) + verdict
          }
      }
  }

  var baselineLabel: String { baseline }
}
