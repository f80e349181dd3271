public import Domain
internal import Randomness

/// Conclusion about a difference from its interval.
public enum Verdict: String, Sendable {
  case better, worse
  /// The interval leaves out 0, of a figure that is neither good nor bad.
  case higher, lower
  /// Every replication gives the same value.
  case same
  /// The interval holds 0, or there is none.
  case cannotTell = "can't tell"

  /// - Parameter halfWidth: of the interval; `nil` of a single replication.
  public init(difference: Double, halfWidth: Double?, better: MetricDefinition.Direction) {
    if difference == 0, halfWidth ?? 0 == 0 {
      self = .same
    } else if let halfWidth, abs(difference) > halfWidth {
      switch better {
      case .neither: self = difference > 0 ? .higher : .lower
      case .higher: self = difference > 0 ? .better : .worse
      case .lower: self = difference < 0 ? .better : .worse
      }
    } else {
      self = .cannotTell
    }
  }
}

/// A figure's values, by replication in their order; `nil` where it is not defined.
public struct MetricSeries: Sendable {
  public var metric: String
  public var subject: String
  public var values: [Double?]

  public init(metric: String, subject: String, values: [Double?]) {
    self.metric = metric
    self.subject = subject
    self.values = values
  }
}

/// The mean of a figure over the replications.
public struct MetricEstimate: Sendable {
  public var metric: String
  /// The policy, or whatever is compared.
  public var subject: String
  /// Over the replications that have the figure; `nil` where none has.
  public var estimate: MeanEstimate?
}

/// The difference of a figure between two subjects, replication by replication (they have the same jobs): subject minus
/// reference.
public struct PairedDifference: Sendable {
  public var metric: String
  public var reference: String
  public var subject: String
  /// Over the replications where both have the figure; `nil` where there are none.
  public var estimate: MeanEstimate?
  /// Verdict on the subject against the reference; `nil` for a single replication, and if nothing varied that could
  /// affect the difference: it is one outcome, from which nothing can be inferred.
  public var verdict: Verdict?
}

/// Means and paired differences, with intervals.
public struct Comparison: Sendable {
  public let confidence: Double
  public let replications: Int
  /// Sources of variation between the replications; `nil` if they are not known.
  public let variation: Variation?
  public let estimates: [MetricEstimate]
  /// For each metric every pair, the earlier subject being the reference.
  public let differences: [PairedDifference]

  /// Replication `i` of one subject is paired with replication `i` of another. Each interval holds for itself:
  /// of twenty at 95 % one is expected to miss.
  ///
  /// - Parameters:
  ///   - series: one a metric and subject, all of the same number of replications.
  ///   - seed: of the bootstrap's own stream.
  ///   - variation: what the replications differ in; `nil` where that is not known.
  public init(_ series: [MetricSeries], confidence: Double, seed: UInt64, variation: Variation?) {
    self.confidence = confidence
    self.variation = variation
    let length = series.first?.values.count ?? 0
    precondition(series.allSatisfy { $0.values.count == length }, "series of different lengths")
    replications = length
    func estimate(_ values: [Double], _ name: String) -> MeanEstimate? {
      guard !values.isEmpty else { return nil }
      var stream = RandomStream(seed: seed, replication: 0, name: "bootstrap \(name)")
      let interval = Bootstrap.interval(values, confidence: confidence, stream: &stream)
      return MeanEstimate(values, confidence: confidence, bootstrap: interval)
    }
    estimates = series.map {
      MetricEstimate(
        metric: $0.metric, subject: $0.subject,
        estimate: estimate($0.values.compactMap { $0 }, "\($0.metric) \($0.subject)"))
    }
    var differences: [PairedDifference] = []
    for (place, later) in series.enumerated() {
      for earlier in series[..<place] where earlier.metric == later.metric {
        let pairs = zip(earlier.values, later.values).compactMap { a, b in
          a.flatMap { a in b.map { $0.isAlike(a) ? 0 : $0 - a } }
        }
        let estimate = estimate(pairs, "\(later.metric) \(later.subject) \(earlier.subject)")
        // What has no value has no verdict.
        let verdict = estimate.flatMap { Comparison.verdict(of: $0, later.metric, variation) }
        differences.append(
          PairedDifference(
            metric: later.metric, reference: earlier.subject, subject: later.subject, estimate: estimate,
            verdict: verdict))
      }
    }
    self.differences = differences
  }

  /// Forecast errors and a policy's own randomness show in what they affect: a difference that is the same in every
  /// replication is one outcome where nothing else varied.
  private static func verdict(of difference: MeanEstimate, _ metric: String, _ variation: Variation?) -> Verdict? {
    // One replication says nothing of others.
    guard difference.count > 1, difference.halfWidth != nil || variation?.affectsAll == true else { return nil }
    // Of several replications that all agree.
    let width = difference.halfWidth ?? 0
    return Verdict(difference: difference.mean, halfWidth: width, better: Metric.better(metric))
  }
}
