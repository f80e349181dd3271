import Domain
import Foundation
import FoundationXML
import GRDB
import Reports
import Runs
import Testing

/// Charts of real runs: what they are drawn of agrees with the rows, and `plot` draws what `run` did.
@Suite struct PlotTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pylon-\(UUID().uuidString)").path

  private func open(_ text: String) throws -> OpenScenario {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let path = folder + "/s.yaml"
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return try OpenScenario(path: path, overrides: [], policies: [], seed: nil)
  }

  private func scenario(_ rest: String = "", zones: String? = nil, workload: String = "{preset: pylon, rate: 10}")
    -> String
  {
    """
    name: plot
    seed: 3
    clock: {start: 2025-01-06T05:20:00Z, duration: 50h}
    zones: \(zones ?? "{preset: gb-14, capacity: {cpu_cores: 64, memory_gb: 512, gpus: 12}, pue: 1.2}")
    grid: {carbon: {constant: 150}, price: {constant: -0.05}, forecast: {model: noisy}}
    workload: \(workload)
    interruption: {allowed: true, checkpoint: 30s, resume: 60s}
    policies: [standard, greedy-lowest-carbon, wait-awhile]
    \(rest)
    """
  }

  private func files(_ place: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: place).sorted()
  }

  private func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

  /// A document that is cut short or has two roots leaves an error behind, though `parse` says yes.
  private func isWellFormed(_ path: String) -> Bool {
    let parser = XMLParser(data: FileManager.default.contents(atPath: path) ?? Data())
    return parser.parse() && parser.parserError == nil
  }

  @Test func plotDrawsWhatRunDid() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let result = try open(scenario("replications: 2")).run(into: folder + "/r", figures: folder + "/p", threads: 2)
    #expect(result.contains("11 charts)"))
    let plot = try Plot(path: folder + "/r/results.sqlite")
    #expect(plot.available == ChartName.allCases.map(PlotChart.run))
    for chart in plot.available {
      let name = chart.rawValue
      let svg = try plot.svg(chart)
      #expect(svg == (try text("\(folder)/p/chart-\(name).svg")), "\(name)")
      #expect(try plot.svg(chart, theme: .dark) != svg)
      #expect(isWellFormed("\(folder)/p/chart-\(name).svg"))
    }
    #expect(throws: BadInput.self) { try Plot(path: folder + "/s.yaml") }
  }

  /// The tables that charts are drawn of hold what the job rows, the segments and the zones' figures say.
  @Test func tablesOfChartsAgreeWithTheRows() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    _ = try open(scenario()).run(into: folder + "/r", figures: folder + "/p")
    try DatabaseQueue(path: folder + "/r/results.sqlite").read { database in
      let types = try Row.fetchAll(
        database,
        sql: """
          SELECT t.run_id, t.workload_type, t.jobs_started, t.carbon_kg, count(*) AS n, sum(w.carbon_emitted_kg) AS kg
          FROM type_metrics t JOIN compute_workloads w USING (run_id, workload_type)
          WHERE w.actual_start IS NOT NULL GROUP BY 1, 2
          """)
      #expect(types.count == 15)
      for row in types {
        let (stored, summed): (Double, Double) = (row["carbon_kg"], row["kg"])
        #expect(row["jobs_started"] as Int == row["n"] as Int && abs(stored - summed) <= 1e-9 * summed)
      }
      // Means over the hours, each with its length within the clock, are the utilization.
      let hours = try Row.fetchAll(
        database,
        sql: """
          SELECT z.utilization_cpu * g.cpu_cores * 50 AS whole,
            (SELECT sum(cpu_cores_allocated * (2 + CASE WHEN hour IN (6) THEN 1 WHEN hour = 5 THEN 2.0 / 3
              WHEN hour = 7 THEN 1.0 / 3 ELSE 0 END)) FROM zone_hours h
              WHERE h.run_id = z.run_id AND h.grid_zone_id = z.grid_zone_id) AS summed
          FROM zone_metrics z JOIN grid_zones g ON g.id = z.grid_zone_id
          """)
      #expect(hours.count == 42)
      for row in hours {
        let (whole, summed): (Double, Double) = (row["whole"], row["summed"])
        #expect(abs(whole - summed) <= 1e-9 * max(1, whole))
      }
      // Median and 95 % of the waits are the metric's.
      let waits = try Row.fetchAll(
        database,
        sql: """
          SELECT m.value AS metric, q.value AS stored FROM run_metrics m JOIN job_quantiles q USING (run_id)
          WHERE q.quantity = 'wait_s'
            AND (m.metric, q.share) IN (VALUES ('wait_p50_s', 0.5), ('wait_p95_s', 0.95), ('wait_p99_s', 0.99))
          """)
      #expect(waits.count == 9)
      for row in waits { #expect(abs((row["metric"] as Double) - (row["stored"] as Double)) <= 0.0005) }
      let clean = try String.fetchAll(database, sql: "PRAGMA integrity_check") == ["ok"]
      #expect(try clean && Row.fetchAll(database, sql: "PRAGMA foreign_key_check").isEmpty)
    }
  }

  @Test func chartsAreWhatTheScenarioWants() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    func charts() throws -> [String] { try files(folder + "/p").filter { $0.hasPrefix("chart-") } }
    _ = try open(scenario("outputs: {charts: [savings, load], theme: dark}"))
      .run(into: folder + "/r", figures: folder + "/p")
    #expect(try charts() == ["chart-load.svg", "chart-savings.svg"])
    #expect(try text(folder + "/p/chart-load.svg").contains("#0f172a"))
    try "mine".write(toFile: folder + "/p/chart.txt", atomically: true, encoding: .utf8)
    // What an earlier result had goes; what is nobody's stays.
    _ = try open(scenario("outputs: {charts: none, maps: none}")).run(into: folder + "/r", figures: folder + "/p")
    #expect(try files(folder + "/p") == ["chart.txt"])
    let plot = try Plot(path: folder + "/r/results.sqlite")
    #expect(plot.available == [.run(.intensity), .run(.queue), .run(.pareto), .run(.savings)])
    let refusal = #expect(throws: BadInput.self) { try plot.svg(.run(.load)) }
    #expect(
      refusal?.description.hasSuffix(
        "found no data for load, expected one of intensity, queue, pareto, savings") == true)
    let wrong = #expect(throws: BadInput.self) { _ = try open(scenario("outputs: {charts: [savings, laod]}")) }
    #expect(
      wrong?.description.contains("outputs.charts[1]: found laod, expected one of intensity, load") == true,
      "\(wrong?.description ?? "")")
    #expect(wrong?.description.contains("did you mean load?") == true)
  }

  @Test func hostileScenariosGiveSafeFigures() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let long = String(repeating: "n", count: 200)
    let zones = """

        - {code: A, name: "<script>alert(1)</script>", region: "&", coordinates: {lat: 51, lng: 0}, capacity: {cpu_cores: 64, memory_gb: 512, gpus: 12}}
        - {code: B, name: \(long), region: x, coordinates: {lat: 51, lng: 0}, capacity: {cpu_cores: 64, memory_gb: 512, gpus: 12}}
      """
    // The latter draws no jobs.
    for workload in ["{preset: pylon, rate: 5}", "{preset: pylon, rate: 0.0001}"] {
      for rest in ["outputs: {maps: {every: 6h}}", "outputs: {maps: {every: 6h}, theme: light}\nreplications: 2"] {
        _ = try open(scenario(rest, zones: zones, workload: workload)).run(into: folder + "/r", figures: folder + "/p")
        let all = try files(folder + "/p")
        #expect(all.contains("chart-intensity.svg") && all.contains("maps-policies-20250106T052000Z.svg"))
        #expect(all.contains("maps-standard-20250106.svg"))
        for name in all {
          let svg = try text("\(folder)/p/\(name)")
          #expect(isWellFormed("\(folder)/p/\(name)") && !svg.contains("<script"), "\(name)")
        }
      }
    }
  }

  @Test func anOutlineOfOnesOwn() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let area = "[[[-9,48],[3,48],[3,60],[-9,60],[-9,48]]]"
    let outline = """
      {"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": null, "geometry": {"type": "Polygon", "coordinates": \(area)}},
        {"type": "Feature", "geometry": {"type": "GeometryCollection", "geometries": [
          {"type": "LineString", "coordinates": [[-4, 51, 7], [0, 52]]}, {"type": "Point", "coordinates": [0, 0]}]}},
        {"type": "Feature", "geometry": null}]}
      """
    try outline.write(toFile: folder + "/o.json", atomically: true, encoding: .utf8)
    let wants = "outputs: {outline: o.json, charts: none}"
    _ = try open(scenario(wants)).run(into: folder + "/r", figures: folder + "/p")
    let svg = try text(folder + "/p/map-standard-20250107T062000Z.svg")
    #expect(svg.contains("<path d=\"M") && svg.contains("clip-path"))
    try outline.replacing("[-4, 51, 7]", with: "[-4, 91]").replacing("LineString", with: "Circle")
      .write(toFile: folder + "/o.json", atomically: true, encoding: .utf8)
    let refusal = #expect(throws: BadInput.self) { try open(scenario(wants)).validate() }
    #expect(refusal?.description.hasSuffix("o.json:4: type: found \"Circle\", expected a GeoJSON type") == true)
    try outline.replacing("[3,48]", with: "[3,\"x\"]")
      .write(toFile: folder + "/o.json", atomically: true, encoding: .utf8)
    #expect(throws: BadInput.self) { try open(scenario(wants)).validate() }
  }
}
