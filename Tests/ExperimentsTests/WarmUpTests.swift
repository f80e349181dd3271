import Foundation
import Runs
import Testing

/// Warm-up removal against Erlang's formula.
@Suite struct WarmUpTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pylon-\(UUID().uuidString)").path

  /// One core, Poisson submissions, exponential durations of 100 s in the mean, load 0.9: M/M/1, empty at the start.
  private func waits(_ overrides: [(key: String, value: String)]) throws -> [Double] {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let text = """
      name: mm1
      seed: 11
      clock: {start: 2020-01-06T00:00:00Z, duration: 36h}
      zones:
        - {code: A, coordinates: {lat: 55, lng: -4}, capacity: {cpu_cores: 1, memory_gb: 64, gpus: 0}}
      grid: {carbon: {constant: 150}, price: {constant: 0.2}}
      workload:
        arrivals: {poisson: {per_hour: 32.4}}
        classes: [{name: a, duration: {exponential: {mean: 100}}, cpu_cores: 1}]
      policies: [standard]
      replications: 400
      outputs: {workloads: none, maps: none, samples: none}
      """
    try text.write(toFile: folder + "/mm1.yaml", atomically: true, encoding: .utf8)
    let scenario = try OpenScenario(path: folder + "/mm1.yaml", overrides: overrides, policies: [], seed: nil)
    _ = try scenario.run(into: folder + "/out", figures: folder + "/plots", threads: 2)
    let lines = try String(contentsOfFile: folder + "/out/metrics.csv", encoding: .utf8).split(separator: "\n")
      .map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    let column = try #require(lines[0].firstIndex(of: "wait_mean_s"))
    return lines.dropFirst().compactMap { Double($0[column]) }
  }

  private func moments(_ values: [Double]) -> (mean: Double, error: Double) {
    let mean = values.reduce(0, +) / Double(values.count)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (mean, (squares / Double(values.count - 1) / Double(values.count)).squareRoot())
  }

  private func told(_ text: String) {
    if ProcessInfo.processInfo.environment["PYLON_FIGURES"] != nil { print(text) }
  }

  // Erlang: load / (1 − load) × mean duration.
  private let truth = 900.0

  @Test func theBiasOfAnEmptyStartGoes() throws {
    let plain = moments(try waits([]))
    let warm = moments(try waits([("warm_up", "24h")]))
    let text = "seed 11, 400 replications of 36 h, empty: truth 900, plain \(plain), 24h \(warm)"
    told(text)
    #expect(plain.mean < truth - 2.5 * plain.error, "\(text)")
    #expect(abs(warm.mean - truth) < 2.5 * warm.error && warm.error < 60, "\(text)")
  }

  /// Six hours of twice the submissions at the beginning leave a backlog that takes two days to go: MSER-5 finds that.
  @Test func theBiasOfABacklogGoes() throws {
    let common = [
      ("clock.duration", "14d"), ("replications", "30"), ("events", "[{surge: {from: 0h, duration: 6h, factor: 2}}]"),
    ].map { (key: $0.0, value: $0.1) }
    let plain = moments(try waits(common))
    let found = moments(try waits(common + [(key: "warm_up", value: "mser-5")]))
    let text = "seed 11, 30 replications of 14 d, backlog: truth 900, plain \(plain), mser-5 \(found)"
    told(text)
    #expect(plain.mean > truth + 10 * plain.error, "\(text)")
    #expect(abs(found.mean - truth) < 0.2 * (plain.mean - truth), "\(text)")
  }
}
