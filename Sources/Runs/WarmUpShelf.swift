package import Domain
internal import Engine
internal import Foundation
internal import Metrics
internal import Policies
package import Scenarios

/// From when on a replication's figures count.
package struct CountedTime {
  package var from: Instant
  /// True if MSER-5 found no initial transient that it could distinguish from the rest.
  package var isDoubtful = false
}

/// The warm-up of each replication, the same for all its policies: as the scenario tells, or by MSER-5 of the baseline's
/// waits in order of submission. The latter takes a run of the baseline more a replication, and 24 bytes a job while it
/// goes on.
package final class WarmUpShelf: @unchecked Sendable {
  // Unchecked: `entries` is used under `lock`, an entry's time under the entry's own.
  private final class Entry {
    let lock = NSLock()
    var time: CountedTime?
  }

  private let scenario: Scenario
  private let inputs: LoadedInputs
  private let shelf: WorldShelf
  private let baseline: PolicySpec
  private let lock = NSLock()
  private var entries: [Int: Entry] = [:]

  package init(_ scenario: Scenario, _ inputs: LoadedInputs, _ shelf: WorldShelf, baseline: PolicySpec) {
    self.scenario = scenario
    self.inputs = inputs
    self.shelf = shelf
    self.baseline = baseline
  }

  /// - Throws: what a run of the baseline throws.
  package func time(_ replication: Int) throws -> CountedTime {
    let start = scenario.clockStart(replication)
    switch scenario.warmUp {
    case .none: return CountedTime(from: start)
    case .span(let span): return CountedTime(from: start + span)
    case .mser5: break
    }
    let entry = lock.withLock {
      let entry = entries[replication] ?? Entry()
      entries[replication] = entry
      return entry
    }
    return try entry.lock.withLock {
      let time = try entry.time ?? found(replication)
      entry.time = time
      return time
    }
  }

  /// Lets go of what is known of a replication.
  package func forget(_ replication: Int) { lock.withLock { entries[replication] = nil } }

  private func found(_ replication: Int) throws -> CountedTime {
    let waits = Waits()
    try PolicyRun(
      scenario: scenario.window(replication), inputs: inputs, world: shelf.world(replication), spec: baseline,
      replication: replication
    ).simulate(into: waits)
    let start = scenario.clockStart(replication)
    let jobs = waits.all.sorted { $0.sequence < $1.sequence }
    let truncation = MSER.truncation(of: jobs.map(\.wait.inSeconds))
    guard truncation.count < jobs.count else { return CountedTime(from: start, isDoubtful: true) }
    return CountedTime(
      from: truncation.count == 0 ? start : jobs[truncation.count].submittedAt,
      isDoubtful: truncation.isDoubtful)
  }
}

/// Waits of the jobs that started.
private final class Waits: RecordSink {
  package struct Wait {
    var sequence: Int
    var submittedAt: Instant
    var wait: TimeSpan
  }

  private(set) var all: [Wait] = []

  package func accept(_ record: borrowing JobRecord) {
    guard record.start != .never else { return }
    all.append(Wait(sequence: record.job.sequence, submittedAt: record.job.submittedAt, wait: record.wait))
  }
}
