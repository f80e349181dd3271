internal import Domain

/// What no run of a length falls short of, for stretches of starts and all zones at once.
///
/// The integral over [s, s + d) is linear in s between the starts on steps and those that end on steps. With d = w steps
/// and a part f of one, both kinds are (1 − f) × a run of w whole steps + f × a run of w + 1, from the same step on or
/// from the next. So the least integrals of whole steps over a stretch's steps, its end among them, bound every start
/// within it: (1 − f) × least(w) + f × least(w + 1).
///
/// Tables lie bucket by bucket, the zones of a bucket in a row of ``width``, so that a lane takes four zones. Those of a
/// length are worked out where they are asked for and not known yet, O(zones × starts).
final class WindowBounds {
  /// Starts of a stretch.
  static let stretch = 8
  private static let mostTables = 64

  /// Zones, rounded up to whole lanes.
  let width: Int
  /// Value and integral of each bucket, as ``ForecastGrid`` has them, zones in a row.
  @exclusivity(unchecked) private(set) var values: UnsafeMutablePointer<Double>
  @exclusivity(unchecked) private(set) var sums: UnsafeMutablePointer<Double>
  @exclusivity(unchecked) private var size = 0
  @exclusivity(unchecked) private var stretches = 0
  private let tables: UnsafeMutablePointer<Table>

  /// Least integrals of runs of one length, by stretch and zone.
  private struct Table {
    var whole = -1
    var made = 0
    var size = 0
    var least: UnsafeMutablePointer<Double>
  }

  init(zoneCount: Int) {
    width = WindowBounds.width(zoneCount)
    values = .allocate(capacity: 1)
    sums = .allocate(capacity: 1)
    tables = .allocate(capacity: WindowBounds.mostTables)
    for place in 0..<WindowBounds.mostTables { (tables + place).initialize(to: Table(least: .allocate(capacity: 1))) }
  }

  deinit {
    values.deallocate()
    sums.deallocate()
    for place in 0..<WindowBounds.mostTables { tables[place].least.deallocate() }
    tables.deallocate()
  }

  static func width(_ zoneCount: Int) -> Int {
    (zoneCount + Lane.scalarCount - 1) / Lane.scalarCount * Lane.scalarCount
  }

  /// Forgets everything and makes room for lines of `stride` buckets; zones that are not filled are 0.
  func reset(stride: Int) {
    stretches = stride / WindowBounds.stretch + 1
    forget()
    guard stride * width > size else { return }
    values.deallocate()
    sums.deallocate()
    size = stride * width
    values = .allocate(capacity: size)
    sums = .allocate(capacity: size)
    values.initialize(repeating: 0, count: size)
    sums.initialize(repeating: 0, count: size)
  }

  /// Makes every table anew where it is next asked for.
  func forget() { forget(from: 0) }

  /// The same for runs that reach past a bucket's beginning: its value and those behind it are others now.
  func forget(from bucket: Int) {
    for table in 0..<WindowBounds.mostTables {
      // The last run of a stretch begins at its end.
      let stretches = max(0, (bucket - tables[table].whole) / WindowBounds.stretch)
      tables[table].made = min(tables[table].made, stretches)
    }
  }

  /// The table of runs of `whole` buckets, made at least from a stretch to another, the former never before an earlier
  /// call's. Runs from the latter's end on must lie within the lines.
  func least(_ whole: Int, from first: Int = 0, through stretch: Int) -> UnsafeMutablePointer<Double> {
    let table = tables + whole % WindowBounds.mostTables
    if table.pointee.whole != whole {
      table.pointee.whole = whole
      table.pointee.made = 0
    }
    if table.pointee.made <= stretch { make(table, from: first, through: stretch) }
    return table.pointee.least
  }

  private func make(_ table: UnsafeMutablePointer<Table>, from first: Int, through stretch: Int) {
    if table.pointee.size < stretches * width {
      table.pointee.least.deallocate()
      table.pointee.size = stretches * width
      table.pointee.least = .allocate(capacity: table.pointee.size)
      table.pointee.made = 0
    }
    let (whole, leasts) = (table.pointee.whole, table.pointee.least)
    for place in max(first, table.pointee.made)...stretch {
      let first = place * WindowBounds.stretch
      var zone = 0
      while zone < width {
        var sum = Lane(repeating: .infinity)
        var start = sums + (first * width + zone)
        let ahead = whole * width
        for _ in 0...WindowBounds.stretch {
          let run = lane(start, ahead) - lane(start, 0)
          sum = lesser(sum, run)
          start += width
        }
        put(sum, leasts, place * width + zone)
        zone &+= Lane.scalarCount
      }
    }
    table.pointee.made = stretch + 1
  }
}
