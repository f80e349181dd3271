internal import Domain
package import Engine
internal import Foundation
package import Scenarios

/// The runs of a scenario by number: every policy on replication 1, then on 2, and so on.
package struct RunPlan: Sendable {
  /// The policies that run, the baseline among them whether it was asked for or not.
  package let policies: [PolicySpec]
  /// Labels that distinguish the policies, see `PolicySpec.labels`.
  package let labels: [String]
  /// Maximum number of replications.
  package let replications: Int
  /// The baseline's place among the policies.
  package let baselinePlace: Int

  package init(_ scenario: Scenario) {
    var wanted = scenario.policies
    if !wanted.contains(where: { $0.answers(to: scenario.baseline) }) {
      wanted.insert(PolicySpec(name: scenario.baseline), at: 0)
    }
    policies = wanted
    labels = PolicySpec.labels(wanted)
    replications = scenario.replicationsAtMost
    baselinePlace =
      labels.firstIndex(of: scenario.baseline) ?? wanted.firstIndex { $0.name == scenario.baseline } ?? 0
  }

  /// `standard`, `greedy-lowest-carbon`, `greedy-lowest-carbon (2)`, of names in a result that holds no labels.
  package static func labels(_ names: [String]) -> [String] {
    names.indices.map { place in
      let before = names[..<place].count { $0 == names[place] }
      return before == 0 ? names[place] : "\(names[place]) (\(before + 1))"
    }
  }

  package var count: Int { replications * policies.count }

  /// From 1, of a run by its place from 0.
  package func replication(_ index: Int) -> Int { index / policies.count + 1 }
  package func place(_ index: Int) -> Int { index % policies.count }
  /// `run_id` of the baseline of a replication.
  package func baselineID(_ replication: Int) -> Int { (replication - 1) * policies.count + baselinePlace + 1 }
  package func isLastOfReplication(_ index: Int) -> Bool { place(index) == policies.count - 1 }
}

/// The worlds of the replications that are at work: each is made once, by the run that first needs it.
package final class WorldShelf: @unchecked Sendable {
  // Unchecked: `entries` is used under `lock`, an entry's world under the entry's own.
  private final class Entry {
    let lock = NSLock()
    var world: World?
  }

  private let grid: GridInputs
  private let lock = NSLock()
  private var entries: [Int: Entry] = [:]

  package init(_ grid: GridInputs) { self.grid = grid }

  package func world(_ replication: Int) -> World {
    let number = grid.worldNumber(replication)
    let entry = lock.withLock {
      let entry = entries[number] ?? Entry()
      entries[number] = entry
      return entry
    }
    return entry.lock.withLock {
      let world = entry.world ?? grid.world(number)
      entry.world = world
      return world
    }
  }

  /// Lets go of a replication's world, where no other has it too.
  package func forget(_ replication: Int) {
    guard grid.hasWorldPerReplication else { return }
    lock.withLock { entries[replication] = nil }
  }
}
