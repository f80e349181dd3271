import Domain
import Inputs
import Testing

/// Where traces end, and what fills their blanks.
@Suite struct TraceEndTests {
  private func read(_ text: String, _ gaps: GapRule = .hold, _ kind: TraceKind = .carbon) throws -> NamedTraces {
    try withFile(text) { try TraceReader.readAll(path: $0, kind: kind, gaps: gaps) }
  }

  private func text(_ stamps: [Int]) -> String {
    "datetime,A\n" + stamps.map { "\(1_600_000_000 + $0 * 60),\($0 % 11)\n" }.joined()
  }

  /// Minutes at which rows stand, and at which the trace ends.
  struct Ending: Sendable {
    var stamps: [Int]
    var end: Int
  }

  /// So many stamps after one, a step apart.
  private static func run(_ count: Int, after: Int, every step: Int) -> [Int] { (1...count).map { after + $0 * step } }

  private static let hours = run(48, after: -60, every: 60)
  private static let quarters = run(40, after: -15, every: 15)
  static let endings = [
    // Two days missing before the last row: it is an hour like all others.
    Ending(stamps: run(24, after: -60, every: 60) + [4320], end: 4380),
    Ending(stamps: [0, 60, 120, 3000], end: 3060),
    // Hours, then half hours or quarters: the cadence of the end.
    Ending(stamps: hours + run(4, after: 2820, every: 30), end: 2970),
    Ending(stamps: hours + run(192, after: 2820, every: 15), end: 2820 + 193 * 15),
    // Quarters, then hours; a gap of an hour is no cadence.
    Ending(stamps: quarters + run(3, after: 585, every: 60), end: 825),
    Ending(stamps: quarters + [645], end: 660),
    // No regular step: the median, the smaller of two, or the most common one.
    Ending(stamps: [0, 20, 60, 105, 135, 1575], end: 1615),
    Ending(stamps: [0, 60, 4320], end: 4380),
    Ending(stamps: [0, 4260, 4320], end: 4380),
    Ending(stamps: [0, 60, 90, 150, 195, 270, 330, 1770], end: 1830),
    // Three long steps in a row are a cadence, though nothing before them is regular.
    Ending(stamps: [0, 7, 20, 31, 48, 57, 357, 657, 957], end: 1257),
    Ending(stamps: [0, 50], end: 100),
  ]

  @Test(arguments: endings) func ends(ending: Ending) throws {
    let (stamps, end) = (ending.stamps, ending.end)
    for shuffled in [stamps, Array(stamps.reversed())] {
      let column = try read(text(shuffled)).table.columns[0]
      #expect(column.end == Int64(1_600_000_000 + end * 60) * 1000)
      // What import writes ends there too.
      let again = "datetime,A\n" + column.steps.map { "\($0.start / 1000),\($0.value)\n" }.joined()
      #expect(try read(again, .error).table.columns[0].end == column.end)
    }
  }

  private func end(_ table: TraceTable, _ place: Int = 0) -> String {
    Instant(milliseconds: table.columns[place].end).readable
  }

  @Test func endsThatAreAssumedAreNoted() throws {
    let text = "datetime,A\n2025-03-10T00:00Z,100\n2025-03-10T01:00Z,100\n2025-03-13T00:00Z,500\n"
    let three = try read(text, .error).table
    #expect(end(three) == "2025-03-13 01:00 UTC")
    #expect(
      three.plainNotes == [
        "A: the last row is taken to end at 2025-03-13 01:00 UTC, after 1 h, not after 71 h as the row before it; add "
          + "a row if it lasts longer"
      ])
    let pair = try read("datetime,A\n2025-03-10T00:00Z,1\n2025-03-10T05:00Z,100\n", .error).table
    #expect(end(pair) == "2025-03-10 10:00 UTC")
    #expect(
      pair.plainNotes == [
        "A: of two rows, the second one is taken to last 5 h as the first one, to 2025-03-10 10:00 UTC; add a row if "
          + "it does not"
      ])
    #expect(try read("datetime,A\n2025-03-10T00:00Z,1\n2025-03-10T01:00Z,100\n", .error).table.plainNotes == [])
    // Of months the calendar says how long the last one is.
    let months = try read("datetime,A\n2025-01-01,1\n2025-02-01,100\n", .error).table
    #expect(end(months) == "2025-03-01 00:00 UTC" && months.plainNotes == [])
  }

  /// The first of intervals whose ends are known is as long as the shortest of two.
  @Test func startsOfUnevenEnds() throws {
    let text = "interval_end,A\n2025-03-10T00:00Z,100\n2025-03-13T00:00Z,500\n2025-03-13T01:00Z,100\n"
    let column = try read(text, .error).table.columns[0]
    #expect(Instant(milliseconds: column.steps[0].start).readable == "2025-03-09 23:00 UTC")
  }

  @Test func zonesWithFewerRows() throws {
    let hours = (0..<24).map { "2025-03-10T\($0 < 10 ? "0" : "")\($0):00Z,A,\($0)\n" }.joined()
    let text = "datetime,zone,carbon_intensity\n" + hours + "2025-03-10T00:00Z,B,100\n2025-03-10T12:00Z,B,2\n"
    let table = try read(text, .error).table
    #expect(end(table, 0) == "2025-03-11 00:00 UTC" && end(table, 1) == "2025-03-10 13:00 UTC")
    #expect(
      table.plainNotes == [
        "B: the last row is taken to end at 2025-03-10 13:00 UTC, after 1 h, not after 12 h as the row before it; add "
          + "a row if it lasts longer"
      ])
    // A zone of days beside one of hours has days of its own.
    let days = (10..<14).map { "2025-03-\($0)T00:00Z,C,1\n" }.joined()
    #expect(end(try read("datetime,zone,carbon_intensity\n" + hours + days, .error).table, 1) == "2025-03-14 00:00 UTC")
  }

  /// Case 07: linear in time, whatever the stamps.
  @Test func blanksOfUnevenTraces() throws {
    let text =
      "datetime,A\n2025-03-10T00:00:00Z,100\n2025-03-10T00:20:00Z,\n2025-03-10T01:00:00Z,130\n"
      + "2025-03-10T01:45:00Z,120\n2025-03-10T02:15:00Z,110\n2025-03-11T02:15:00Z,110\n"
    let lines = try read(text, .interpolate).table
    #expect(lines.columns[0].steps.map(\.value) == [100, 110, 130, 120, 110, 110] && lines.gapsFilled == 1)
    #expect(try read(text, .hold).table.columns[0].steps.map(\.value) == [100, 100, 130, 120, 110, 110])
    #expect(
      try withFile(text) { path in fault { _ = try TraceReader.readAll(path: path, kind: .carbon) } }
        .hasSuffix(":3: A: found nothing, expected a number, or gaps: hold | interpolate"))
  }

  /// Several blanks together, beside a gap, told twice, and before or behind all values.
  @Test func blanksBesideGaps() throws {
    let rows = [
      (0, "10"), (60, "20"), (120, ""), (180, ""), (360, "80"), (420, "90"), (420, ""), (480, "100"), (540, ""),
    ]
    let text = "datetime,A\n-3600,\n" + rows.map { "\($0.0 * 60),\($0.1)\n" }.joined()
    let table = try read(text, .interpolate).table
    #expect(table.columns[0].steps.map(\.value) == [10, 20, 32, 44, 56, 68, 80, 90, 100])
    #expect(table.gapsFilled == 4 && table.columns[0].end == 540 * 60_000)
    #expect(table.plainNotes.last == "left out 2 rows without a value before a zone's first value or after its last")
  }

  /// Against the line through the neighbours, drawn value by value.
  @Test func randomTraces() throws {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<300 {
      let seed = UInt64.random(in: 0...(.max), using: &random)
      var own = SplitMix(state: seed)
      let isEven = Bool.random(using: &own)
      var at: Int64 = 1_500_000_000
      var rows: [(at: Int64, value: Double?)] = []
      for place in 0..<Int.random(in: 5...60, using: &own) {
        let isBlank = place > 0 && Double.random(in: 0..<1, using: &own) < 0.3
        rows.append((at, isBlank ? nil : Double(Int.random(in: 0...500, using: &own))))
        at += isEven ? 1800 : [61, 420, 1831, 3601][place % 2 * 2 + Int.random(in: 0...1, using: &own)]
      }
      while rows.last?.value == nil { rows.removeLast() }
      guard rows.count > 1 else { continue }
      let text = "datetime,A\n" + rows.map { "\($0.at),\($0.value.map { "\($0)" } ?? "")\n" }.joined()
      let column = try read(text, .interpolate).table.columns[0]
      try #require(column.steps.map(\.start) == rows.map { $0.at * 1000 }, "seed \(seed)")
      for (place, row) in rows.enumerated() {
        let before = rows[...place].last { $0.value != nil }!
        let after = rows[place...].first { $0.value != nil }!
        let share = after.at == before.at ? 0 : Double(row.at - before.at) / Double(after.at - before.at)
        let expected = before.value! + (after.value! - before.value!) * share
        #expect(abs(column.steps[place].value - expected) < 1e-9, "seed \(seed)")
      }
    }
  }

  private struct SplitMix: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state &+= 0x9e37_79b9_7f4a_7c15
      var z = state
      z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
      z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
      return z ^ (z >> 31)
    }
  }

  /// Case 33: two days of hours at 100 and two of quarter hours at 40.
  @Test func figuresWeighTime() throws {
    let rows =
      (0..<48).map { "\($0 * 3600),100\n" } + (0..<192).map { "\(172_800 + $0 * 900),\($0 < 96 ? 40 : 0)\n" }
    let column = try read("datetime,BE\n" + rows.joined(), .error, .price).table.columns[0]
    let own = TraceSummary(column)
    #expect(
      own.quantiles == [0, 0, 30, 70, 100, 100, 100] && own.mean == 60 && own.zeros == 0.25 && own.negatives == 0)
    #expect(own.step == nil && own.autocorrelation.step == nil)
    // Every row cut into quarter hours, and those counted.
    let cut = column.steps.enumerated().flatMap { place, step in
      [Double](repeating: step.value, count: place < 48 ? 4 : 1)
    }
    let sorted = cut.sorted()
    for (share, value) in zip([0, 0.05, 0.25, 0.5, 0.75, 0.95, 1], own.quantiles) {
      let place = share * Double(sorted.count - 1)
      let low = sorted[Int(place)]
      let high = sorted[min(Int(place) + 1, sorted.count - 1)]
      #expect(value == low + (high - low) * (place - place.rounded(.down)))
    }
  }
}
