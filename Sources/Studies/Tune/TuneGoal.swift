internal import Domain
internal import Foundation
internal import Runs

/// The goal of tuning: the weights with the best objective among those that satisfy the constraints.
///
/// Feasibility first (Deb 2000, doi:10.1016/S0045-7825(99)00389-8): a point that satisfies all constraints is better
/// than one that does not; of two that do, the one with the better objective is better; of two that do not, the one with
/// the smaller sum of violations, each in proportion to its bound.
struct TuneGoal: Sendable {
  /// A figure's bound.
  struct Constraint: Sendable {
    var metric: String
    var isLeast: Bool
    var bound: Double

    /// `sla_met_pct >= 99`.
    var text: String { "\(metric) \(isLeast ? ">=" : "<=") \(TextTable.number(bound))" }

    /// By how much it is broken, in proportion to the bound; 0 where it is kept. A figure that is not defined breaks it
    /// beyond all measure.
    func violation(_ value: Double?) -> Double {
      guard let value else { return .infinity }
      return max(0, isLeast ? bound - value : value - bound) / max(abs(bound), 1e-9)
    }
  }

  var objective: String
  var isMaximised: Bool
  var constraints: [Constraint]

  /// - Parameters:
  ///   - objective: a metric; `min:` or `max:` before it says what is wanted of one that is neither good nor bad.
  ///   - constraints: such as `sla_met_pct >= 99`.
  /// - Throws: ``BadInput`` with every fault.
  init(objective: String, constraints: [String]) throws(BadInput) {
    var faults: [String] = []
    func known(_ name: String, _ option: String) {
      if Metric.names.contains(name) { return }
      faults.append("\(option): found \(name), expected one of \(Metric.names.joined(separator: ", "))")
    }
    let told = ["min:", "max:"].first { objective.hasPrefix($0) }
    let name = told.map { String(objective.dropFirst($0.count)) } ?? objective
    known(name, "--objective")
    let better = Metric.better(name)
    if told == nil, better == .neither, Metric.names.contains(name) {
      faults.append("--objective: found \(name), which has no better direction, expected min:\(name) or max:\(name)")
    }
    self.objective = name
    isMaximised = told.map { $0 == "max:" } ?? (better == .higher)
    self.constraints = []
    for text in constraints {
      guard let sign = [">=", "<="].first(where: { text.contains($0) }), let at = text.range(of: sign),
        let bound = Double(text[at.upperBound...].trimmingCharacters(in: .whitespaces)), bound.isFinite
      else {
        faults.append("--subject-to: found \"\(text)\", expected a metric, >= or <=, and a number")
        continue
      }
      let metric = text[..<at.lowerBound].trimmingCharacters(in: .whitespaces)
      known(metric, "--subject-to")
      self.constraints.append(Constraint(metric: metric, isLeast: sign == ">=", bound: bound))
    }
    guard faults.isEmpty else { throw BadInput(description: faults.joined(separator: "\n")) }
  }

  /// Sum of the violations by a point's means, each in proportion to its bound; 0 if all constraints are satisfied.
  func violation(_ figures: TuneFigures) -> Double {
    constraints.reduce(0) { $0 + $1.violation(figures.mean($1.metric)) }
  }

  func keeps(_ figures: TuneFigures) -> Bool { violation(figures) == 0 }

  /// True if point `a` is better than point `b`.
  func prefers(_ a: TuneFigures, to b: TuneFigures) -> Bool {
    let (broken, other) = (violation(a), violation(b))
    if broken != other { return broken < other }
    guard let mine = a.mean(objective) else { return false }
    guard let theirs = b.mean(objective) else { return true }
    return isMaximised ? mine > theirs : mine < theirs
  }
}

/// Metrics of one point, by replication, and their means.
struct TuneFigures: Sendable {
  private let values: [String: [Double?]]
  private let means: [String: Double]

  /// - Parameter runs: the figures of each replication.
  init(_ runs: [[(name: String, value: Double?)]]) {
    var values: [String: [Double?]] = [:]
    for run in runs {
      for figure in run { values[figure.name, default: []].append(figure.value) }
    }
    self.values = values
    means = values.compactMapValues { own in
      let known = own.compactMap { $0 }
      return known.isEmpty ? nil : known.reduce(0, +) / Double(known.count)
    }
  }

  func values(_ metric: String) -> [Double?] { values[metric] ?? [] }

  /// Over the replications that have the figure.
  func mean(_ metric: String) -> Double? { means[metric] }
}

/// The points that no other is better than in one of several figures without being worse in another; all of them are
/// wanted small.
enum ParetoFront {
  /// Places, in order. O(points²). A point that lacks a figure is on no front; of equal points all are.
  static func places(_ points: [[Double?]]) -> [Int] {
    let known = points.map { point in point.contains { $0 == nil } ? nil : point.compactMap { $0 } }
    func isBeaten(_ own: [Double]) -> Bool {
      known.contains { other in
        guard let other else { return false }
        return zip(other, own).allSatisfy { $0 <= $1 } && zip(other, own).contains { $0 < $1 }
      }
    }
    return known.indices.filter { place in known[place].map { !isBeaten($0) } ?? false }
  }
}
