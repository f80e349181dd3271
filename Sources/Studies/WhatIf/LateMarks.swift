internal import Metrics

/// Marks of policies that push work past the clock, by the rule of a run's table.
extension WhatIfReport.Change {
  /// A policy's label with `†` if it pushes work out in base or variant.
  func marked(_ label: String) -> String { late.contains(label) ? label + " †" : label }

  /// The meaning of the mark, if a table has it.
  func legend(of table: [[String]]) -> [String] {
    let names = late.map(marked)
    return table.contains { names.contains($0.first ?? "") } ? legend : []
  }

  /// - Parameter labels: the policies that the variant runs.
  mutating func markLate(_ labels: [String], _ before: Standings, _ after: Standings) {
    late = labels.filter { before.pushesOut($0) || after.pushesOut($0) }
    let texts = late.map { label in
      let place =
        !before.pushesOut(label) ? "in the variant" : after.pushesOut(label) ? "in base and variant" : "in the base"
      return "\(label) \(place)"
    }
    let meanings = [before, after].compactMap { $0.lateLegend(late) }
    // The longer one speaks of unfinished jobs too.
    if let meaning = meanings.max(by: { $0.count < $1.count }) {
      legend = ["\(meaning): \(texts.joined(separator: "; "))"]
    }
  }
}
