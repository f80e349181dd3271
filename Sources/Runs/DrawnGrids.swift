internal import Domain
internal import Foundation
internal import Inputs

/// Synthetic grids that were drawn, for scenarios that differ in other things: the last ones, up to a number of bytes.
package final class DrawnGrids: @unchecked Sendable {
  // Unchecked: `entries` and `order` are used under `lock`, an entry's traces under the entry's own.
  package struct Key: Hashable {
    var seed: UInt64
    var replication: Int
    var start: Instant
    var span: TimeSpan
    var rows: [Int]
  }

  package struct Traces {
    var carbon: [StepTrace]
    var price: [StepTrace]
  }

  private final class Entry {
    let lock = NSLock()
    var traces: Traces?
  }

  private let lock = NSLock()
  private var entries: [Key: Entry] = [:]
  /// The one used last at the end.
  private var order: [Key] = []
  private static let mostBytes = 48 << 20

  package init() {}

  /// The grid of a key, drawn where it is not there; of several threads that ask one draws it.
  package func grid(_ key: Key) -> Traces {
    let entry = lock.withLock {
      order.removeAll { $0 == key }
      order.append(key)
      // A step of a trace takes 32 bytes.
      let bytes = 64 * key.rows.count * Int(key.span.milliseconds / SyntheticGrid.step.milliseconds)
      while order.count > max(2, DrawnGrids.mostBytes / max(bytes, 1)) { entries[order.removeFirst()] = nil }
      let entry = entries[key] ?? Entry()
      entries[key] = entry
      return entry
    }
    return entry.lock.withLock {
      let traces = entry.traces ?? DrawnGrids.draw(key)
      entry.traces = traces
      return traces
    }
  }

  package static func draw(_ key: Key) -> Traces {
    let grid = SyntheticGrid(seed: key.seed, replication: key.replication, start: key.start, end: key.start + key.span)
    return Traces(
      carbon: key.rows.map { grid.trace(.carbon, row: $0, extending: .wrap) },
      price: key.rows.map { grid.trace(.price, row: $0, extending: .wrap) })
  }
}
