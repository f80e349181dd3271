import Domain
import Foundation
import Inputs
import Testing

private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

private func deviation(_ values: [Double]) -> Double {
  let middle = mean(values)
  return (values.reduce(0) { $0 + ($1 - middle) * ($1 - middle) } / Double(values.count)).squareRoot()
}

private func correlation(_ a: [Double], _ b: [Double]) -> Double {
  let (middleA, middleB) = (mean(a), mean(b))
  var sum = 0.0
  for place in a.indices { sum += (a[place] - middleA) * (b[place] - middleB) }
  return sum / Double(a.count) / (deviation(a) * deviation(b))
}

private func autocorrelation(_ values: [Double], _ lag: Int) -> Double {
  correlation(Array(values.dropLast(lag)), Array(values.dropFirst(lag)))
}

private func quantile(_ sorted: [Double], _ share: Double) -> Double { sorted[Int(share * Double(sorted.count - 1))] }

/// Eight years of seed 1, from 2019-01-01 on.
private enum Drawn {
  static let grid = SyntheticGrid(
    seed: 1, replication: 1, start: Instant(milliseconds: 1_546_300_800_000),
    end: Instant(milliseconds: 1_546_300_800_000) + .days(2922))
  static let carbon = SyntheticGrid.codes.indices.map { grid.values(.carbon, row: $0) }
  static let national = (0..<grid.stepCount).map { step in carbon.reduce(0) { $0 + $1[step] } / 14 }
}

@Suite struct SyntheticTableTests {
  /// Region, mean, std, quartiles, maximum and autocorrelation, each recorded / synthetic.
  @Test func theBooksTableIsWhatIsDrawn() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let text = try String(
      contentsOf: root.appendingPathComponent("Sources/pylon/Pylon.docc/SyntheticGrid.md"), encoding: .utf8)
    let lines = text.split(separator: "\n").drop { !$0.hasPrefix("| region | mean |") }.dropFirst(2).prefix(14)
    #expect(lines.count == 14)
    for (zone, line) in lines.enumerated() {
      let values = Drawn.carbon[zone]
      let sorted = values.sorted()
      let drawn =
        [
          mean(values), deviation(values), quantile(sorted, 0.25), quantile(sorted, 0.5), quantile(sorted, 0.75),
          sorted[sorted.count - 1],
        ].map { String(format: "%.0f", $0) } + [String(format: "%.2f", autocorrelation(values, 1))]
      let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      let told = cells.dropFirst().map { $0.components(separatedBy: " / ").last ?? "" }
      #expect(told == drawn, "SyntheticGrid.md: \(cells[0]): the table is stale")
    }
  }
}

/// The synthetic grid beside what was recorded: the tolerances of the book's table.
@Suite(.enabled(if: SharedData.isPresent, "shared/data is absent"))
struct SyntheticCalibrationTests {

  @Test func marginalDistributionsOfTheZones() throws {
    // Rows in the order of the zones' ids: mean, deviation, minimum, quartiles, maximum.
    let rows = try SharedData.rows("gb-regional-stats-2018-2025/regional_carbon_intensity_descriptive_stats.csv")
    for (zone, row) in rows.dropFirst().enumerated() {
      let told = row[2...8].compactMap(Double.init)
      let values = Drawn.carbon[zone]
      let sorted = values.sorted()
      let name = Comment(rawValue: row[0])
      #expect(abs(mean(values) - told[0]) <= 0.08 * told[1], name)
      #expect(abs(deviation(values) / told[1] - 1) <= 0.1, name)
      for (share, expected) in zip([0.25, 0.5, 0.75], told[3...5]) {
        #expect(abs(quantile(sorted, share) - expected) <= 0.12 * told[1], name)
      }
      #expect(sorted[sorted.count - 1] <= told[6] && sorted[sorted.count - 1] >= 0.75 * told[6], name)
    }
    let zeros = Drawn.carbon[0].filter { $0 == 0 }.count
    #expect((0.25...0.45).contains(Double(zeros) / Double(Drawn.grid.stepCount)))
    // South Wales is near the gas factor of 394 for a quarter of the time and hardly ever above it.
    let gas = Drawn.carbon[6].filter { $0 > 371 && $0 <= 400 }.count
    #expect((0.2...0.3).contains(Double(gas) / Double(Drawn.grid.stepCount)))
  }

  @Test func correlationsOfTheZonesWithinAWeek() throws {
    let rows = try SharedData.rows("gb-regional-week/regional_carbon_intensity_20250303_20250310.csv").dropFirst()
    let week = (1...14).map { column in rows.compactMap { Double($0[column]) } }
    let length = week[0].count
    var squares = 0.0
    var worst = 0.0
    var steps = 0.0
    let starts = stride(from: 0, to: Drawn.grid.stepCount - length, by: 4 * 336)
    for a in 0..<14 {
      steps += abs(
        autocorrelation(Drawn.carbon[a], 1) - autocorrelation(week[a], 1))
      for b in 0..<a {
        let found = starts.compactMap { start -> Double? in
          let pair = [a, b].map { Array(Drawn.carbon[$0][start..<(start + length)]) }
          guard deviation(pair[0]) > 0, deviation(pair[1]) > 0 else { return nil }
          return correlation(pair[0], pair[1])
        }
        let difference = mean(found) - correlation(week[a], week[b])
        squares += difference * difference
        worst = max(worst, abs(difference))
      }
    }
    // A single week's correlation has a standard error of some 0.16.
    #expect((squares / 91).squareRoot() <= 0.12, "root mean square \((squares / 91).squareRoot())")
    #expect(worst <= 0.3, "worst \(worst)")
    #expect(steps / 14 <= 0.015, "lag of a half hour, mean difference \(steps / 14)")
  }

  @Test func nationalRhythmAndMemory() throws {
    let national = Drawn.national
    let hourly = stride(from: 0, to: national.count, by: 2).map { (national[$0] + national[$0 + 1]) / 2 }
    let recorded = try (2021...2023).flatMap { year in
      try SharedData.rows("electricity-maps-gb/GB_\(year)_hourly.csv").dropFirst().compactMap { Double($0[4]) }
    }
    for (lag, tolerance) in [(1, 0.015), (6, 0.06), (12, 0.1), (24, 0.08), (168, 0.12)] {
      let (found, told) = (autocorrelation(hourly, lag), autocorrelation(recorded, lag))
      #expect(abs(found - told) <= tolerance, "lag \(lag) h: \(found), recorded \(told)")
    }
    // Half-hour means 2020–2025: 156 g, deviation 65.5; the 14 regions have a mean of 161.
    #expect(abs(mean(national) - 161) <= 6 && abs(deviation(national) / 65.5 - 1) <= 0.08)
    let days = stride(from: 0, to: hourly.count, by: 24).map { Array(hourly[$0..<($0 + 24)]) }
    let ranges = mean(days.map { ($0.max() ?? 0) - ($0.min() ?? 0) })
    #expect(abs(ranges / 89.5 - 1) <= 0.15, "range within a day \(ranges), recorded 89.5")
    let means = days.map(mean)
    #expect(abs(autocorrelation(means, 1) - 0.736) <= 0.05 && abs(autocorrelation(means, 7) - 0.365) <= 0.1)
    // 2019-01-01 was a Tuesday.
    let weekend = mean(means.enumerated().filter { [4, 5].contains($0.offset % 7) }.map(\.element))
    let weekdays = mean(means.enumerated().filter { ![4, 5].contains($0.offset % 7) }.map(\.element))
    #expect(abs(weekdays - weekend - 28) <= 6, "weekend \(weekdays - weekend) g below, recorded 28")
    // The dirtiest hour of the mean day, and how much better the best is: 19 UTC, 26 %.
    let profile = (0..<24).map { hour in mean(days.map { $0[hour] }) }
    #expect(profile.firstIndex(of: profile.max() ?? 0).map { (17...20).contains($0) } == true)
    #expect(abs(1 - (profile.min() ?? 0) / (profile.max() ?? 1) - 0.264) <= 0.08)
  }

  @Test func prices() throws {
    let grid = Drawn.grid
    let rows = (0..<14).map { grid.values(.price, row: $0) }
    let national = (0..<grid.stepCount).map { step in rows.reduce(0) { $0 + $1[step] } / 14 * 1000 }
    let recorded = try SharedData.rows("gb-elexon-2023/system_price_2023.csv").dropFirst().compactMap { Double($0[2]) }
    #expect(abs(mean(national) - mean(recorded)) <= 6)
    #expect(abs(deviation(national) / deviation(recorded) - 1) <= 0.1)
    let (sorted, told) = (national.sorted(), recorded.sorted())
    for share in [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99] {
      #expect(abs(quantile(sorted, share) - quantile(told, share)) <= 22, "quantile \(share)")
    }
    let negative = Double(national.filter { $0 < 0 }.count) / Double(national.count)
    #expect(abs(negative - 0.049) <= 0.015, "negative \(negative)")
    #expect(sorted[sorted.count - 1] > 500, "no spike")
    let link = correlation(national, Drawn.national)
    #expect(abs(link - 0.5) <= 0.06, "with carbon \(link)")
    for (lag, tolerance) in [(1, 0.06), (24, 0.06), (48, 0.06), (336, 0.08)] {
      let (found, told) = (autocorrelation(national, lag), autocorrelation(recorded, lag))
      #expect(abs(found - told) <= tolerance, "lag \(lag): \(found), recorded \(told)")
    }
  }
}
