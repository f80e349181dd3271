internal import Domain
internal import Metrics
internal import Results

/// The results of a unit, and their format in a shard file: one line `run` per policy, then its lines `zone` and, for
/// the policy's own metrics, `own`.
package struct UnitText {
  package struct Run {
    package var policy: String
    package var isBaseline: Bool
    package var staysAtHome: Bool
    package var signature: String
    package var metrics: [Double?]
    package var zones: [(id: Int, values: [Double?])]
    package var own: [(name: String, value: Double?)]

    package init(
      policy: String, isBaseline: Bool, staysAtHome: Bool, signature: String, metrics: [Double?],
      zones: [(id: Int, values: [Double?])], own: [(name: String, value: Double?)]
    ) {
      (self.policy, self.isBaseline, self.staysAtHome) = (policy, isBaseline, staysAtHome)
      (self.signature, self.metrics, self.zones, self.own) = (signature, metrics, zones, own)
    }
  }

  /// The end of the warm-up, among a policy's own figures.
  package static let warmUp = "warm_up_s"

  /// Entries among a policy's own metrics that are not metrics: its warm-up and the home zones of its jobs.
  package static let facts = [warmUp, withoutHome, givenHome]
  package static let withoutHome = "jobs_without_home"
  package static let givenHome = "jobs_given_home"

  /// Format of the lines, part of each unit's hash, so that units of a program with another format are not reused.
  package static let columns = "units 3: " + (Metric.names + ["/"] + ZoneFigures.names).joined(separator: " ")

  package var runs: [Run] = []

  package var written: String {
    let text = CSVText()
    for run in runs {
      text.append("run,\(run.policy),\(run.isBaseline ? 1 : 0),\(run.staysAtHome ? 1 : 0),\(run.signature)")
      text.endLine(with: run.metrics)
      for zone in run.zones {
        text.append("zone,\(zone.id)")
        text.endLine(with: zone.values)
      }
      for figure in run.own {
        text.append("own,\(figure.name)")
        text.endLine(with: [figure.value])
      }
    }
    return text.text
  }

  package init(runs: [Run]) { self.runs = runs }

  /// `nil` for a text that is none of this program's.
  package init?(_ text: String) {
    // Bytes, as looking for the borders of characters takes most of the time otherwise.
    for line in text.utf8.split(separator: 10) {
      let cells = line.split(separator: 44, omittingEmptySubsequences: false).map { Substring($0) }
      func values(from place: Int) -> [Double?] { cells[place...].map { $0.isEmpty ? nil : Double($0) } }
      switch cells[0] {
      case "run" where cells.count == 5 + Metric.names.count:
        runs.append(
          Run(
            policy: String(cells[1]), isBaseline: cells[2] == "1", staysAtHome: cells[3] == "1",
            signature: String(cells[4]), metrics: values(from: 5), zones: [], own: []))
      case "zone" where cells.count == 2 + ZoneFigures.names.count && !runs.isEmpty:
        guard let id = Int(cells[1]) else { return nil }
        runs[runs.count - 1].zones.append((id, values(from: 2)))
      case "own" where cells.count == 3 && !runs.isEmpty:
        runs[runs.count - 1].own.append((String(cells[1]), values(from: 2)[0]))
      default: return nil
      }
    }
    if runs.isEmpty { return nil }
  }
}
