import Domain
import Inputs
import Testing

/// Gaps against a plain reading of the rule: the step is the most common difference, if it makes up nine tenths of them,
/// or more than half while all are multiples of it; a longer one hides steps, unless it stands in a row of three alike.
@Suite struct TraceGapPointTests {
  /// Half hours without those that are left out, with their place for a value.
  private func read(_ stamps: [Int], _ rule: GapRule) throws -> (table: TraceTable?, told: String) {
    let rows = stamps.map { "\(1_578_268_800 + $0 * 1800),\($0 * 10)\n" }.joined()
    return try withFile("datetime,NORTH\n" + rows) { path in
      var table: TraceTable?
      let told = fault { table = try TraceReader.read(path: path, kind: .carbon, zones: [zones[0]], gaps: rule) }
      return (table, told)
    }
  }

  /// One, two and three equal gaps in a row, of one to three steps, at every place of a trace of steps.
  @Test(arguments: 1...3, 1...3) func equalGapsInARow(gaps: Int, missing: Int) throws {
    // Before them 0 to 12 steps, behind them the rest of 12: at both ends, and amid the trace.
    for before in 0...12 {
      var stamps = Array(0...before)
      for _ in 0..<gaps { stamps.append((stamps.last ?? 0) + missing + 1) }
      for _ in before..<12 { stamps.append((stamps.last ?? 0) + 1) }
      let place = "\(before) steps before \(gaps) gaps of \(missing)"
      // Three alike are a change of cadence.
      let hidden = gaps < 3 ? gaps * missing : 0
      let held = try #require(try read(stamps, .hold).table, "\(place)")
      #expect(held.gapsFilled == hidden, "\(place)")
      let values = held.columns[0].steps.map(\.value)
      let known = Set(stamps)
      var last = 0
      let all = (0...(stamps.last ?? 0)).compactMap { stamp -> Double? in
        if known.contains(stamp) { last = stamp } else if hidden == 0 { return nil }
        return Double(last * 10)
      }
      #expect(values == all, "\(place)")
      let drawn = try #require(try read(stamps, .interpolate).table, "\(place)")
      #expect(
        drawn.columns[0].steps.map(\.value)
          == (hidden > 0 ? (0...(stamps.last ?? 0)).map { Double($0 * 10) } : stamps.map { Double($0 * 10) }),
        "\(place)")
      let (refused, told) = try read(stamps, .error)
      #expect((refused == nil) == (hidden > 0), "\(place)")
      if hidden > 0 {
        #expect(told.components(separatedBy: "found nothing between").count == gaps + 1, "\(place): \(told)")
      }
      // The last step is as long as the others; of three gaps at the end, as these.
      let end = (stamps.last ?? 0) + (gaps == 3 && before == 12 ? missing + 1 : 1)
      #expect(held.columns[0].end == (1_578_268_800 + Int64(end) * 1800) * 1000, "\(place)")
    }
  }

  /// Alike but not in a row: with a step between them three gaps are gaps.
  @Test(arguments: [2, 3, 4]) func gapsApart(count: Int) throws {
    for steps in 1...3 {
      var stamps = [0, 1, 2, 3, 4, 5]
      for _ in 0..<count {
        stamps.append((stamps.last ?? 0) + 3)
        for _ in 0..<steps { stamps.append((stamps.last ?? 0) + 1) }
      }
      #expect(try read(stamps, .hold).table?.gapsFilled == 2 * count, "\(count) gaps, \(steps) steps apart")
    }
  }
}
