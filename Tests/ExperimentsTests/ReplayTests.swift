import Foundation
import FoundationXML
import GRDB
import Reports
import Runs
import Testing

/// The replay of real runs: the page holds what `zone_samples` does, and names are nothing but texts.
@Suite struct ReplayTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pylon-\(UUID().uuidString)").path
  private var result: String { folder + "/r/results.sqlite" }

  private func run(_ text: String) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try text.write(toFile: folder + "/s.yaml", atomically: true, encoding: .utf8)
    let opened = try OpenScenario(path: folder + "/s.yaml", overrides: [], policies: [], seed: nil)
    _ = try opened.run(into: folder + "/r", figures: folder + "/p", threads: 2)
  }

  private func scenario(_ duration: String, _ rest: String = "") -> String {
    """
    name: again
    clock: {start: 2025-01-06T00:00:00Z, duration: \(duration)}
    zones: {preset: gb-14, capacity: {cpu_cores: 64, memory_gb: 512, gpus: 12}}
    grid: {carbon: {synthetic: gb-14}, price: {synthetic: gb-14}}
    workload: {preset: pylon, rate: 5}
    policies: [standard, greedy-lowest-carbon, cheapest]
    \(rest)
    """
  }

  /// What is between the page's data tags.
  private func data(_ page: String) throws -> [String: Any] {
    let begin = try #require(page.range(of: "id=\"data\">"))
    let end = try #require(page.range(of: "</script>", range: begin.upperBound..<page.endIndex))
    let json = try JSONSerialization.jsonObject(with: Data(page[begin.upperBound..<end.lowerBound].utf8))
    return try #require(json as? [String: Any])
  }

  private func numbers(_ value: Any?) throws -> [[Double]] { try #require(value as? [[Double]]) }

  @Test func pageHoldsTheSamples() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try run(scenario("30h"))
    let page = try ResultReplay(path: result).html
    #expect(try page == ResultReplay(path: result).html)
    let data = try data(page)
    #expect(data["policies"] as? [String] == ["standard", "greedy-lowest-carbon", "cheapest"])
    let start = try #require(data["start"] as? Double)
    let minutes = try #require(data["minutes"] as? [Double])
    #expect(minutes.count == 60 && minutes[1] == 30)
    let runs = try #require(data["runs"] as? [[String: Any]])
    let intensity = try numbers(data["intensity"])
    let codes = (data["zones"] as? [[String: Any]] ?? []).map { $0["code"] as? String ?? "" }
    var seen = 0
    try DatabaseQueue(path: result).read { database in
      let rows = try Row.fetchCursor(
        database,
        sql: """
          SELECT run_id, grid_zone_code, s.running, s.assigned, s.cpu_cores_allocated, s.carbon_intensity,
            strftime('%s', sampled_at) * 1000.0 AS ms
          FROM zone_samples s JOIN grid_zones z ON z.id = grid_zone_id
          """)
      while let row = try rows.next() {
        let run = runs[(row["run_id"] as Int) - 1]
        let zone = try #require(codes.firstIndex(of: row["grid_zone_code"]))
        let at = try #require(minutes.firstIndex(of: ((row["ms"] as Double) - start) / 60_000))
        let assigned = try numbers(run["assigned"])[zone][...at].reduce(0, +)
        let same =
          try numbers(run["running"])[zone][at] == row["running"] && assigned == row["assigned"]
          && numbers(run["cores"])[zone][at] == row["cpu_cores_allocated"]
          && abs(intensity[zone][at] - (row["carbon_intensity"] as Double)) <= 0.0501
        if !same { Issue.record("\(row)") }
        seen += 1
      }
    }
    #expect(seen == 3 * 14 * 60)
    for forbidden in [
      "http:", "https:", "innerHTML", "outerHTML", "insertAdjacent", "document.write", "eval(", "fetch(",
    ] {
      #expect(!page.replacing("http://www.w3.org/2000/svg", with: "").contains(forbidden), "\(forbidden)")
    }
    #expect(page.components(separatedBy: "<script").count == 3)
  }

  /// The counters are those of the job rows, and what was emitted in the end is the figure.
  @Test func countersAreTheJobs() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try run(
      scenario("30h", "drain: false\nevents: [{outage: {zone: GB-LONDON, from: 2025-01-06T10:00Z, duration: 4h}}]"))
    let data = try data(ResultReplay(path: result).html)
    let minutes = try #require(data["minutes"] as? [Double])
    let runs = try #require(data["runs"] as? [[String: Any]])
    let out = try numbers(data["out"])
    #expect(out.joined().reduce(0, +) == 8 && out[12][20] == 1 && out[12][28] == 0)
    try DatabaseQueue(path: result).read { database in
      for (place, run) in runs.enumerated() {
        let counters = try #require(run["counters"] as? [String: [Double]])
        for at in [0, 1, 17, 40, 59] {
          let time = "datetime('2025-01-06', '+\(Int(minutes[at])) minutes')"
          func count(_ condition: String) throws -> Double? {
            try Double.fetchOne(
              database, sql: "SELECT count(*) FROM compute_workloads WHERE run_id = \(place + 1) AND \(condition)")
          }
          let ended = "status = 'COMPLETED' AND datetime(actual_end) < \(time)"
          let late = "datetime(deadline) < \(time) AND NOT (status = 'COMPLETED' AND actual_end <= deadline)"
          let waiting =
            "datetime(submitted_at) < \(time) AND status <> 'REJECTED' "
            + "AND (actual_start IS NULL OR datetime(actual_start) >= \(time))"
          #expect(try counters["finished"]?[at] == count(ended))
          #expect(try counters["missed"]?[at] == count(late))
          #expect(try counters["waiting"]?[at] == count(waiting), "run \(place + 1) at \(minutes[at]) min")
        }
        let kilograms = try #require(counters["kg"])
        let total = try Double.fetchOne(
          database, sql: "SELECT value FROM run_metrics WHERE run_id = \(place + 1) AND metric = 'carbon_kg'")
        #expect(kilograms[0] == 0 && zip(kilograms, kilograms.dropFirst()).allSatisfy { $0 <= $1 })
        #expect(try kilograms[59] <= #require(total) * 1.001 && kilograms[59] > #require(total) * 0.95)
      }
    }
  }

  /// A week, fourteen zones, three policies: 3 MB at most. All but the script is well-formed.
  @Test func aWeekIsSmall() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try run(scenario("7d", "outputs: {workloads: none, charts: none, maps: none}"))
    let page = try ResultReplay(path: result).html
    #expect(page.utf8.count < 1_000_000, "\(page.utf8.count) bytes")
    let begin = try #require(page.range(of: "<script>"))
    let end = try #require(page.range(of: "</script>", options: .backwards))
    let rest = page[..<begin.upperBound] + page[end.lowerBound...]
    #expect(XMLParser(data: Data(rest.utf8)).parse())
  }

  @Test func hostileNamesAreTexts() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let names = ["<script>alert(1)</script>", "</script><img src=x onerror=alert(2)>\u{202E}", "<!--", "']}\"\\u2028"]
    let zones = names.enumerated().map { place, name in
      let quoted = name.replacing("'", with: "''")
      return "  - {code: Z\(place), name: '\(quoted)', region: '\(quoted)', coordinates: {lat: 5\(place), lng: 0}, "
        + "capacity: {cpu_cores: 9}}"
    }
    try run(
      "name: hostile\nclock: {start: 2025-01-06T00:00:00Z, duration: 6h}\nzones:\n" + zones.joined(separator: "\n")
        + "\ngrid: {carbon: {constant: 0}, price: {constant: -0.05}}\nworkload: {preset: pylon, rate: 1}\n"
        + "policies: [standard]\n")
    let page = try ResultReplay(path: result).html
    let told = (try data(page)["zones"] as? [[String: Any]] ?? []).map { $0["name"] as? String ?? "" }
    #expect(told == names.map { $0.replacing("\u{202E}", with: "") })
    #expect(page.components(separatedBy: "<script").count == 3 && page.components(separatedBy: "</script").count == 3)
    #expect(!page.contains("<img") && !page.contains("<!--"))
  }

  @Test func refusesWhatHasNoSamples() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try run(scenario("6h", "outputs: {samples: none}"))
    #expect(throws: BadInput.self) { try ResultReplay(path: result) }
    #expect(throws: BadInput.self) { try ResultReplay(path: folder + "/s.yaml") }
    try run(scenario("6h"))
    try DatabaseQueue(path: result).write {
      try $0.execute(sql: "DELETE FROM zone_samples WHERE run_id = 2 AND grid_zone_id = 3 AND sampled_at LIKE '%T03:%'")
    }
    #expect(throws: BadInput.self) { try ResultReplay(path: result) }
  }

  /// Of more samples than a page holds every n-th is shown, and the page says so.
  @Test func manySamplesAreThinned() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try run(scenario("7d", "outputs: {workloads: none, charts: none, maps: none, samples: {every: 1m}}"))
    let page = try ResultReplay(path: result).html
    let minutes = try #require(try data(page)["minutes"] as? [Double])
    #expect(minutes.count * 14 * 3 <= 400_000 && minutes.count > 4000 && minutes[1] == 2)
    #expect(page.contains("\(minutes.count) of 10080 samples are shown"))
    #expect(page.utf8.count < 12_000_000)
  }

  /// An outline of the scenario's own is the ground of both pages, as it is of the maps.
  @Test func ownOutlineIsTheGround() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let ring = "[[100,0],[106,0],[106,6],[100.25,6],[100,0]]"
    try #"{"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [\#(ring)]}}"#.write(
      toFile: folder + "/island.geojson", atomically: true, encoding: .utf8)
    try run(
      """
      name: far
      clock: {start: 2025-01-06T00:00:00Z, duration: 6h}
      zones: [{code: FAR, coordinates: {lat: 3, lng: 103}, capacity: {cpu_cores: 99}}]
      grid: {carbon: {constant: 100}, price: {constant: 0.1}}
      workload: {preset: pylon, rate: 1}
      policies: [standard]
      outputs: {outline: island.geojson}
      """)
    let told = try DatabaseQueue(path: result).read {
      try String.fetchAll($0, sql: "SELECT is_area || ': ' || points FROM map_outline")
    }
    #expect(told == ["1: 100.0 0.0,106.0 0.0,106.0 6.0,100.25 6.0,100.0 0.0"])
    let land = #/<path d="[^"]*z" fill="[^"]*" fill-rule="evenodd"/#
    #expect(try ResultReplay(path: result).html.matches(of: land).count == 2)
    #expect(try ResultReport(path: result).written(as: .html).matches(of: land).count == 1)
  }
}
