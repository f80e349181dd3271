internal import Randomness
internal import Synchronization

/// Indices of the starts of random windows, drawn without replacement: each replication draws from its own stream until
/// it meets a start that no earlier one has.
///
/// A pure function of (seed, number of starts, replication); what has been drawn is kept, so that a replication costs
/// O(1) once the earlier ones are known.
enum DrawnStarts {
  private struct Key: Hashable {
    var seed: UInt64
    var count: Int
  }

  private struct Drawn {
    var indices: [Int] = []
    var taken: Set<Int> = []
  }

  private static let memo = Mutex<[Key: Drawn]>([:])
  /// Seeds and ranges whose draws are kept.
  private static let mostKept = 64

  /// - Parameters:
  ///   - replication: from 1. Beyond `count` replications every start has been drawn, and they begin anew.
  ///   - count: of the possible starts.
  static func index(_ replication: Int, of count: Int, seed: UInt64) -> Int {
    memo.withLock { memo in
      let key = Key(seed: seed, count: count)
      if memo[key] == nil, memo.count >= mostKept { memo.removeAll() }
      while memo[key, default: Drawn()].indices.count < replication {
        let place = memo[key, default: Drawn()].indices.count
        var stream = RandomStream(seed: seed, replication: place + 1, name: "windows")
        if place % count == 0 { memo[key, default: Drawn()].taken.removeAll() }
        var index = stream.below(count)
        while !memo[key, default: Drawn()].taken.insert(index).inserted { index = stream.below(count) }
        memo[key, default: Drawn()].indices.append(index)
      }
      return memo[key]?.indices[replication - 1] ?? 0
    }
  }
}
