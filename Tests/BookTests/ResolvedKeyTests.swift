import Foundation
import Policies
import Testing

@testable import Scenarios

extension Book.ScenarioKeyTests {
  /// Defaults that are no value a scenario could write: they depend on a file, or on what else is given.
  private static let words = [
    "one of the two is required", "for good", "unchanged", "all", "all zones", "every policy", "no limit",
    "as recognised",
    "as in the header line", "as a day above 12 shows", "as for traces", "at each stamp of a trace", "the carbon file",
    "from the header's unit", "found in the header", "Pylon's names", "see below", "each zone its own", "flat",
    "lifecycle if the file has it", "`recorded` for files with instants, else `clock`", "required for GAIA",
    "the workload's", "Great Britain's regions, or Natural Earth's countries", "with `baseline`: all",
    "64 cores, 256 GB, 8 GPUs",
  ]
  /// Keys whose defaults give way to what a file says of itself.
  private static let ofFiles: Set = ["time_zone", "stamps", "decimal"]

  /// Scenarios to which the keys of a table apply, beside those that the tables name.
  private static let others: [(document: String, path: String, key: String, value: String)] = [
    ("log", "grid.forecast", "grid.forecast", "{model: recorded, file: forecast.csv}"),
    ("", "grid", "grid.carbon", "{synthetic: gb-14}"),
    ("model", "workload.classes[0].energy", "workload.classes.0.energy", "{base_kwh: 1}"),
    ("", "checks[0]", "checks", "[{baseline: metrics.csv}]"),
    (
      "log", "replications", "replications",
      "{windows: 2, from: 2020-01-06T00:00:00Z, to: 2020-03-06T00:00:00Z}"
    ),
  ]

  /// Every key of the book's tables that has a default is in the resolved scenario of some scenario to which it applies.
  @Test func resolvedScenariosHaveEveryDefault() throws {
    var missing: Set<String> = []
    var (printed, tried): (Set<String>, Set<String>) = ([], [])
    for table in try tables() {
      var roots = [try resolved(table.document, [])]
      for other in Self.others where other.path == table.path {
        roots.append(try resolved(other.document, [(other.key, other.value)]))
      }
      for row in table.rows where isValue(row.cells[2]) && !Self.ofFiles.contains(table.key(row)) {
        // A mapping that the scenario does not have needs no defaults.
        let mappings = roots.compactMap { $0.item(at: table.path) }
        guard !mappings.isEmpty else { continue }
        let key = table.full(table.key(row))
        tried.insert(key)
        if mappings.contains(where: { $0.value(table.key(row)) != nil }) {
          printed.insert(key)
        } else {
          missing.insert(key)
        }
      }
    }
    // Ranges have dotted keys, which a default has no path through; a range of two numbers has neither key.
    missing.subtract(["scale", "whole"].map { "sweep.latin_hypercube.ranges.seed.\($0)" })
    // A preset is written out, so that its own keys are those of the model.
    missing.subtract(["workload.rate", "zones.pue"])
    #expect(missing.subtracting(printed).isEmpty, "\(missing.subtracting(printed).sorted())")
    #expect(printed.contains("workload.memory_gb_per_core") && printed.contains("outputs.theme"))
    #expect(tried.count > 60, "\(tried.count)")
  }

  private func isValue(_ cell: String) -> Bool {
    !["required", "none", ""].contains(cell) && !Self.words.contains(cell)
  }

  private func resolved(_ document: String, _ overrides: [(key: String, value: String)]) throws -> Tree {
    let text = try #require(Self.documents[document])
    let names = PolicyCatalog.entries.map(\.name)
    let resolved = try ScenarioDocument(text: text, path: "book.yaml")
      .resolved(overrides: overrides, knownPolicies: names)
    return try ScenarioDocument(text: resolved, path: "resolved.yaml").root
  }
}

extension Tree {
  /// The value at a path such as `zones[0].capacity`.
  fileprivate func item(at path: String) -> Tree? {
    var tree = self
    for part in path.split(separator: ".") {
      let words = part.split(separator: "[")
      guard let own = tree.value(String(words[0])) else { return nil }
      tree = own
      guard words.count > 1 else { continue }
      guard case .sequence(let items) = own.content, let place = Int(words[1].dropLast()), place < items.count else {
        return nil
      }
      tree = items[place]
    }
    return tree
  }
}
