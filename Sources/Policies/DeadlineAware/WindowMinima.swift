internal import Domain

/// The least integral over runs of 1, 2, 4, … buckets of a forecast's grid, from its beginning up to each bucket: a run
/// of any length is made of such pieces, so the sum of their least integrals is a bound from below that costs a look
/// for each bit of the length.
///
/// Each length of one quantity is worked out where it is first asked for after an issue, O(zones × buckets).
final class WindowMinima {
  private let zoneCount: Int
  /// By power of two: zones behind one another, `stride` apart.
  @exclusivity(unchecked) private var levels: [UnsafeMutablePointer<Double>] = []
  /// How many starts of each are made.
  @exclusivity(unchecked) private var made: [Int] = []
  @exclusivity(unchecked) private var size = 0
  @exclusivity(unchecked) private var stride = 0
  @exclusivity(unchecked) private var count = 0
  @exclusivity(unchecked) private var step = 0.0
  /// What ``select(_:_:through:_:)`` chose, to be read with a zone's offset.
  private let pieces: UnsafeMutablePointer<UnsafeMutablePointer<Double>>
  @exclusivity(unchecked) private var pieceCount = 0
  @exclusivity(unchecked) private var rest: UnsafeMutablePointer<Double>?
  @exclusivity(unchecked) private var restShare = 0.0
  private static let mostLevels = 20

  init(zoneCount: Int) {
    self.zoneCount = zoneCount
    pieces = .allocate(capacity: WindowMinima.mostLevels)
  }

  deinit {
    for level in levels { level.deallocate() }
    pieces.deallocate()
  }

  /// Forgets everything: the tables are new.
  func reset(stride: Int, step: Int64) {
    self.stride = stride
    self.step = Double(step)
    if zoneCount * stride > size {
      for level in levels { level.deallocate() }
      levels.removeAll()
      made.removeAll()
      size = zoneCount * stride
    }
    for level in made.indices { made[level] = 0 }
  }

  /// Chooses the pieces of runs of `whole` buckets and `cut` milliseconds that touch no bucket after `final`, of a table
  /// of `count` buckets.
  func select(_ whole: Int, _ cut: Int64, through final: Int, _ table: ForecastGrid.Table, _ count: Int) {
    self.count = count
    pieceCount = 0
    var level = 0
    var left = whole
    while left > 0 {
      if left & 1 == 1 {
        (pieces + pieceCount).initialize(to: line(level, max(0, final + 1 - (1 << level)), table))
        pieceCount += 1
      }
      left >>= 1
      level += 1
    }
    rest = cut > 0 ? line(0, final, table) : nil
    restShare = Double(cut) / step
  }

  /// Adds what no such run falls short of, times a zone's rate.
  @inline(__always)
  func addBounds(to sums: UnsafeMutablePointer<Double>, rates: UnsafeMutablePointer<Double>) {
    let (zoneCount, stride) = (zoneCount, stride)
    for piece in 0..<pieceCount {
      let line = pieces[piece]
      for zone in 0..<zoneCount { sums[zone] += rates[zone] * line[zone * stride] }
    }
    guard let rest else { return }
    let share = restShare
    for zone in 0..<zoneCount { sums[zone] += rates[zone] * (rest[zone * stride] * share) }
  }

  /// The least integrals of 2^level buckets over all starts up to `start`, by zone.
  private func line(_ level: Int, _ start: Int, _ table: ForecastGrid.Table) -> UnsafeMutablePointer<Double> {
    while levels.count <= level {
      levels.append(.allocate(capacity: size))
      levels[levels.count - 1].initialize(repeating: 0, count: size)
      made.append(0)
    }
    // A little further than asked for, as far as the line's sums reach: the next job asks for the next start.
    if made[level] <= start { make(level, through: min(start + 16, count - (1 << level)), table) }
    return levels[level] + start
  }

  private func make(_ level: Int, through start: Int, _ table: ForecastGrid.Table) {
    let length = 1 << level
    let (from, stride) = (made[level], stride)
    made[level] = start + 1
    for zone in 0..<zoneCount {
      let sums = table.sums + zone * stride
      let minima = levels[level] + zone * stride
      let sumsAtEnd = sums + length
      var least = from > 0 ? minima[from - 1] : .infinity
      var bucket = from
      while bucket <= start {
        let sum = sumsAtEnd[bucket] - sums[bucket]
        least = sum < least ? sum : least
        minima[bucket] = least
        bucket &+= 1
      }
    }
  }
}
