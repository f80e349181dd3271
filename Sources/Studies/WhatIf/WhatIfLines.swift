internal import Domain
internal import Metrics
internal import Runs

/// Lines of figures of base and variant, with the differences between them.
struct WhatIfLines {
  private let before: ScenarioResult
  private let after: ScenarioResult
  private let confidence: Double
  private let seed: UInt64
  private let variation: Variation

  init(_ before: ScenarioResult, _ after: ScenarioResult, confidence: Double, seed: UInt64) {
    self.before = before
    self.after = after
    self.confidence = confidence
    self.seed = seed
    variation = before.effectiveVariation.union(after.effectiveVariation)
  }

  /// A metric of a policy in the variant, against that of a policy in the base, with marks for requirements.
  func figure(_ metric: String, _ label: String, against other: String) -> WhatIfReport.Line {
    var line = line(label, nil, metric, before.values(metric, of: other), after.values(metric, of: label))
    line.missesBase = WhatIfRequirements.misses(before.standings, metric, other)
    line.missesVariant = WhatIfRequirements.misses(after.standings, metric, label)
    return line
  }

  func line(
    _ policy: String, _ zone: String?, _ metric: String, _ before: [Double?], _ after: [Double?]
  ) -> WhatIfReport.Line {
    let comparison = Comparison(
      [
        MetricSeries(metric: metric, subject: "base", values: before),
        MetricSeries(metric: metric, subject: "variant", values: after),
      ], confidence: confidence, seed: seed, variation: variation)
    return WhatIfReport.Line(
      policy: policy, zone: zone, metric: metric, base: comparison.estimates[0].estimate?.mean,
      variant: comparison.estimates[1].estimate?.mean, difference: comparison.differences[0].estimate,
      verdict: comparison.differences[0].verdict)
  }
}
