import Domain
import Foundation
import Reports
import Runs
import Testing

@Suite struct CompareTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pylon-\(UUID().uuidString)").path

  private func result(replications: Int, zones: Int = 2) throws -> String {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let rest = "coordinates: {lat: 55, lng: -4}, capacity: {cpu_cores: 64, memory_gb: 256, gpus: 8}"
    let text = """
      name: compared
      seed: 7
      clock: {start: 2020-01-08T00:00:00Z, duration: 4d}
      zones: [{code: NORTH, pue: 1.2, \(rest)}, {code: SOUTH, pue: 1.5, \(rest)}]
      grid: {carbon: {constant: 150}, price: {constant: 0.2}}
      workload: {preset: pylon, rate: 8}
      policies: [greedy-lowest-carbon, {greedy-lowest-carbon: {queue: backfill}}, standard]
      replications: \(replications)
      """
    try text.write(toFile: folder + "/s.yaml", atomically: true, encoding: .utf8)
    _ = try OpenScenario(path: folder + "/s.yaml", overrides: [], policies: [], seed: nil)
      .run(into: folder, figures: folder + "/plots")
    return folder + "/results.sqlite"
  }

  /// Means, half widths and differences worked out again from the rows of `metrics.csv`; t(4, 0.95) is 2.1318.
  @Test func figuresAreThoseOfTheTable() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = try result(replications: 5)
    let lines = try String(contentsOfFile: folder + "/metrics.csv", encoding: .utf8).split(separator: "\n")
      .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    let column = try #require(lines[0].firstIndex(of: "carbon_kg"))
    let values = { (place: Int) in
      stride(from: 1 + place, to: lines.count, by: 3).compactMap { Double(lines[$0][column]) }
    }
    func estimate(_ values: [Double]) -> (mean: Double, width: Double) {
      let mean = values.reduce(0, +) / 5
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 4
      return (mean, 2.131847 * (variance / 5).squareRoot())
    }
    let rows = try ResultComparison(path: path, metrics: ["carbon_kg"], confidence: 0.9).written(as: .csv)
      .split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    #expect(rows.count == 1 + 3 + 3)
    // The baseline stands first, though it ran last.
    #expect(rows[1...3].map { $0[2] } == ["standard", "greedy-lowest-carbon", "greedy-lowest-carbon (2)"])
    func agrees(_ row: [String], _ values: [Double]) throws {
      let (mean, width) = estimate(values)
      #expect(abs(try #require(Double(row[5])) - mean) <= 1e-9 * abs(mean))
      #expect(abs(try #require(Double(row[7])) - width) <= 1e-6 * abs(width))
    }
    try agrees(rows[1], values(2))
    try agrees(rows[2], values(0))
    let difference = try #require(rows.first { $0[0] == "difference" && $0[2] == "greedy-lowest-carbon" })
    let paired = zip(values(0), values(2)).map { $0 - $1 }
    try agrees(difference, paired)
    let (mean, width) = estimate(paired)
    #expect(difference[3] == "standard" && mean != 0)
    #expect(difference[12] == (abs(mean) <= width ? "can't tell" : mean < 0 ? "better" : "worse"))
  }

  @Test func formatsTellTheSame() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let comparison = try ResultComparison(path: result(replications: 3), metrics: ["all"], confidence: 0.95)
    struct Document: Decodable {
      struct Line: Decodable {
        var metric: String
        var policy: String
        var n: Int
        var mean: Double?
        var verdict: String?
      }
      var scenario: String
      var replications: Int
      var means: [Line]
      var differences: [Line]
    }
    let json = try JSONDecoder().decode(Document.self, from: Data(comparison.written(as: .json).utf8))
    let csv = comparison.written(as: .csv).split(separator: "\n").dropFirst()
      .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    #expect(json.scenario == "compared" && json.replications == 3 && json.means.count == Metric.names.count * 3)
    #expect((json.means + json.differences).map(\.mean) == csv.map { Double($0[5]) })
    #expect(json.differences.map(\.verdict) == csv.suffix(3 * Metric.names.count).map { $0[12] })
    let markdown = comparison.written(as: .markdown).split(separator: "\n")
    #expect(markdown.count { $0.hasPrefix("| carbon_kg |") } == 6)
    #expect(comparison.written(as: .text).contains("compared: 3 replications, 95 % intervals"))
  }

  /// Of one replication nothing can be told.
  @Test func oneReplicationGivesNoVerdict() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let rows = try ResultComparison(path: result(replications: 1), metrics: ["carbon_kg"], confidence: 0.95)
      .written(as: .csv).split(separator: "\n").filter { $0.hasPrefix("difference") }
    #expect(rows.count == 3 && rows.allSatisfy { $0.hasSuffix(",,,,,,,") })
    let text = try ResultComparison(path: folder + "/results.sqlite", metrics: [], confidence: 0.95)
      .written(as: .text)
    #expect(text.contains("note: one replication gives no intervals and no verdicts"))
    for word in ["verdict\n", " same\n", " can't tell\n"] { #expect(!text.contains(word), "\(text)") }
  }

  @Test func whatIsNoResultIsRefused() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = try result(replications: 1)
    func fault(_ path: String, _ metrics: [String] = [], _ confidence: Double = 0.95) -> String {
      do { _ = try ResultComparison(path: path, metrics: metrics, confidence: confidence) } catch { return "\(error)" }
      return ""
    }
    #expect(fault(path, ["carbon"]).contains("--metric: found carbon, expected all or some of jobs_submitted"))
    #expect(fault(path, [], 1).contains("--confidence: found 1.0"))
    #expect(fault(folder + "/none.sqlite").contains("none.sqlite"))
    #expect(fault(folder + "/metrics.csv").contains("metrics.csv"))
  }
}
