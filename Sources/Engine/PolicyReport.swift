/// A policy with figures of its own, beside those that every policy has.
public protocol PolicyReport {
  /// Asked for once, at the end of a run: names as in `policy_metrics`, with their units; `nil` where a figure is not
  /// defined.
  var figures: [(name: String, value: Double?)] { get }
}
