internal import Foundation
internal import Metrics
internal import Results
internal import Runs

/// The report for programs: every figure, changed or not.
extension WhatIfReport {
  var csv: String {
    let heading = [
      "variant", "policy", "zone", "metric", "base", "variant_mean", "n", "difference", "half_width", "verdict",
    ]
    let lines = changes.flatMap { change in
      change.allLines.map { line -> [CSVCell] in
        let difference = line.difference
        return [
          .text(change.variant), .text(line.policy), .text(line.zone ?? ""), .text(line.metric), .number(line.base),
          .number(line.variant), .whole(difference?.count ?? 0), .number(difference?.mean),
          .number(difference?.halfWidth), .text(line.verdict?.rawValue ?? ""),
        ]
      }
    }
    return CSVText.table(heading, lines)
  }

  /// Base, variant, n, difference, half width, so that they read back the same.
  private static func numbers(_ line: Line) -> [String?] {
    func text(_ value: Double?) -> String? { value.map { MetricsCSV.cell($0) } }
    let difference = line.difference
    return [
      text(line.base), text(line.variant), String(difference?.count ?? 0), text(difference?.mean),
      text(difference?.halfWidth),
    ]
  }

  var json: String {
    let names = ["base", "variant_mean", "n", "difference", "half_width"]
    var lines: [String] = []
    for change in changes {
      for line in change.allLines {
        var pairs = [("variant", JSON.text(change.variant)), ("policy", JSON.text(line.policy))]
        pairs.append(("zone", line.zone.map { JSON.text($0) } ?? "null"))
        pairs.append(("metric", JSON.text(line.metric)))
        pairs += zip(names, WhatIfReport.numbers(line)).map { ($0, $1 ?? "null") }
        pairs.append(("verdict", line.verdict.map { JSON.text($0.rawValue) } ?? "null"))
        lines.append("{" + pairs.map { "\"\($0.0)\": \($0.1)" }.joined(separator: ", ") + "}")
      }
    }
    return """
      {
        "scenario": \(JSON.text(scenario)),
        "currency": \(JSON.text(currency.code)),
        "replications": \(replications),
        "confidence": \(confidence),
        "varied": \(JSON.texts(variation.sources.map(\.rawValue))),
        "changes": [
          \(lines.joined(separator: ",\n    "))
        ]
      }
      """
  }
}

extension WhatIfReport.Change {
  /// Lines of figures and zones. A policy that only the variant runs has no value in the base.
  fileprivate var allLines: [WhatIfReport.Line] {
    let own = added.map { line in
      WhatIfReport.Line(policy: line.policy, zone: nil, metric: line.metric, base: nil, variant: line.variant)
    }
    return figures + own + zones
  }
}
