import Foundation
import Testing

/// `grid.carbon.files`: one file for each zone, as `pylon` reads it.
@Suite struct ZoneFileTests {
  private static func series(_ head: String, _ value: (Int) -> Int) -> String {
    head + "\n" + (0..<24).map { "2020-01-06T\($0 < 10 ? "0" : "")\($0):00Z,\(value($0))\n" }.joined()
  }

  /// The columns of `carbon.csv`, each as a file of its own.
  private static func make() throws -> Workshop {
    let workshop = try Workshop()
    try workshop.write("n.csv", series("datetime,carbon_intensity_avg") { 100 + $0 })
    try workshop.write("s.csv", series("Time,Carbon Intensity") { 200 - $0 })
    return workshop
  }

  private static func use(_ workshop: Workshop, _ carbon: String) throws {
    try workshop.write("s.yaml", Workshop.scenario.replacing("{file: carbon.csv}", with: carbon))
  }

  /// `carbon_kg` of each policy.
  private static func carbon(_ workshop: Workshop, _ carbon: String) throws -> [Double] {
    try use(workshop, carbon)
    #expect(try workshop.simulate("--quiet").status == 0)
    let rows = try workshop.read("out/metrics.csv").split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    let column = try #require(rows[0].firstIndex(of: "carbon_kg"))
    return rows.dropFirst().compactMap { Double($0[column]) }
  }

  /// The rows of `metrics.csv` are those of the one file that has both columns; so are those of the resolved scenario.
  @Test func filesAreTheColumnsOfOneFile() throws {
    let workshop = try ZoneFileTests.make()
    #expect(try workshop.simulate("--quiet").status == 0)
    let expected = try workshop.read("out/metrics.csv")
    try ZoneFileTests.use(workshop, "{files: {NORTH: n.csv, south: s.csv}}")
    let told = try workshop.simulate("--quiet")
    #expect(told.status == 0, "\(told.error)")
    #expect(try workshop.read("out/metrics.csv") == expected && expected.split(separator: "\n").count == 3)
    let resolved = try workshop.run(["validate", "s.yaml", "--resolved"])
    #expect(resolved.status == 0 && !resolved.out.contains("all_zones"), "\(resolved.error)")
    try workshop.write("s.yaml", resolved.out)
    #expect(try workshop.run(["validate", "s.yaml", "--resolved"]).out == resolved.out)
    #expect(try workshop.simulate("--quiet").status == 0)
    #expect(try workshop.read("out/metrics.csv") == expected)
  }

  /// Keys of the mapping hold for each file: both have a gap, and both are doubled.
  @Test func keysHoldForEachFile() throws {
    let workshop = try ZoneFileTests.make()
    try ZoneFileTests.use(workshop, "{files: {NORTH: n.csv, SOUTH: s.csv}, gaps: hold, scale: 2}")
    for name in ["n.csv", "s.csv"] {
      let lines = try workshop.read(name).split(separator: "\n")
      try workshop.write(name, lines.filter { !$0.contains("T05:00") }.joined(separator: "\n") + "\n")
    }
    let told = try workshop.run(["validate", "s.yaml"])
    #expect(told.status == 0 && told.out.contains("carbon: 2 missing steps filled (hold)"), "\(told.out)\(told.error)")
    let plain = try ZoneFileTests.carbon(workshop, "{files: {NORTH: n.csv, SOUTH: s.csv}, gaps: hold}")
    let doubled = try ZoneFileTests.carbon(workshop, "{files: {NORTH: n.csv, SOUTH: s.csv}, gaps: hold, scale: 2}")
    #expect(plain.count == 2 && plain.allSatisfy { $0 > 0 } && zip(plain, doubled).allSatisfy { 2 * $0 == $1 })
    let table = "t,who,v\n" + (0..<24).map { "2020-01-06T\($0 < 10 ? "0" : "")\($0):00Z,x,5\n" }.joined()
    try workshop.write("t.csv", table)
    try ZoneFileTests.use(workshop, "{files: {NORTH: t.csv, SOUTH: t.csv}, time: t, value: v}")
    #expect(try workshop.run(["validate", "s.yaml"]).status == 0)
  }

  /// Faults of all files at once, each with its file.
  @Test func refusesWhatIsNotTheZones() throws {
    let workshop = try ZoneFileTests.make()
    func fault(_ carbon: String) throws -> String {
      try ZoneFileTests.use(workshop, carbon)
      let told = try workshop.run(["validate", "s.yaml"])
      #expect(told.status == 2 && told.out.isEmpty, "\(told.out)")
      return told.error
    }
    #expect(
      try fault("{files: {NORTH: n.csv}}").contains(
        "grid.carbon.files: found none for SOUTH, expected a file for each zone"))
    let gone = try fault("{files: {NORTH: m.csv, SOUTH: r.csv}}")
    #expect(gone.contains("grid.carbon.files.NORTH") && gone.contains("grid.carbon.files.SOUTH"), "\(gone)")
    #expect(gone.contains("did you mean n.csv?"), "\(gone)")
    try workshop.write("x.csv", ZoneFileTests.series("datetime,SOUTH") { 100 + $0 })
    #expect(
      try fault("{files: {NORTH: x.csv, SOUTH: s.csv}}").contains(
        "x.csv: NORTH: found the series of another zone, SOUTH, expected that of NORTH"))
    let both = try fault("{files: {NORTH: carbon.csv, SOUTH: s.csv}}")
    #expect(both.contains("expected a single series, or zone with the name of one"), "\(both)")
    let recorded = try fault("{files: {NORTH: n.csv, SOUTH: s.csv}}\n  forecast: {model: recorded}")
    #expect(recorded.components(separatedBy: ".csv: found no column forecast, expected one for").count == 3)
    let short = try workshop.read("n.csv").split(separator: "\n").prefix(9).joined(separator: "\n") + "\n"
    try workshop.write("n.csv", short)
    #expect(try fault("{files: {NORTH: n.csv, SOUTH: s.csv}}").contains("n.csv: zone NORTH: found 2020-01-06T00:00"))
  }
}
