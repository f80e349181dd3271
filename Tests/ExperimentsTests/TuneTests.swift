import Foundation
import Testing

@testable import Reports
@testable import Runs
@testable import Studies

@Suite struct SimplexSearchTests {
  /// The squared distance from a target, of weights under bounds: the optimum is the target where it keeps them.
  private func search(
    _ target: [Double], budget: Int, seed: UInt64 = 1, isKept: @escaping ([Double]) -> Bool = { _ in true }
  ) throws -> SimplexSearch<(kept: Bool, value: Double)> {
    var search = SimplexSearch<(kept: Bool, value: Double)>(
      dimension: target.count, budget: budget, seed: seed,
      isBetter: { a, b in a.kept != b.kept ? a.kept : a.value < b.value },
      evaluate: { points in
        points.map { parts in
          let weights = parts.map { Double($0) / 10_000 }
          return (isKept(weights), zip(weights, target).map { ($0 - $1) * ($0 - $1) }.reduce(0, +))
        }
      })
    try search.run(from: Array(repeating: 1 / Double(target.count), count: target.count))
    return search
  }

  @Test(arguments: [
    [0.4, 0.3, 0.15, 0.1, 0.05], [0.7, 0.3, 0, 0, 0], [0, 0, 1, 0, 0], [0.2, 0.8], [0.1, 0.2, 0.7],
  ])
  func findsAKnownOptimum(_ target: [Double]) throws {
    for seed in 1...5 as ClosedRange<UInt64> {
      let search = try search(target, budget: 400, seed: seed)
      let found = search.points[search.best].weights
      for (weight, wanted) in zip(found, target) {
        #expect(abs(weight - wanted) < 0.02, "seed \(seed): \(found), wanted \(target)")
      }
    }
  }

  /// The first weight is wanted to be 0.9 and may be 0.6: the optimum is on the bound, with what is left in equal parts
  /// (the nearest point of a plane).
  @Test func findsTheOptimumOnAConstraint() throws {
    let search = try search([0.9, 0.05, 0.05], budget: 400) { $0[0] <= 0.6 }
    let found = search.points[search.best].weights
    #expect(found[0] <= 0.6 && found[0] > 0.58 && abs(found[1] - 0.2) < 0.02, "\(found)")
  }

  @Test func looksAtNoPointTwiceAndKeepsTheBudget() throws {
    for budget in [1, 2, 7, 30, 90] {
      let search = try search([0.4, 0.3, 0.2, 0.1], budget: budget)
      #expect(search.points.count <= budget && search.points.count >= min(budget, 25))
      #expect(Set(search.points.map(\.parts)).count == search.points.count)
      #expect(search.points.allSatisfy { $0.parts.reduce(0, +) == 10_000 && $0.parts.allSatisfy { $0 >= 0 } })
    }
  }

  /// Against a fine grid of the simplex.
  @Test func theNearestPointIsTheNearest() {
    for point in [[1.2, 0.1, -0.3], [0.2, 0.2, 0.2], [-1, -2, 5], [0.5, 0.5, 0.5]] as [[Double]] {
      let found = SimplexSearch<Int>.projected(point)
      func distance(_ other: [Double]) -> Double { zip(point, other).map { ($0 - $1) * ($0 - $1) }.reduce(0, +) }
      var least = Double.infinity
      for a in 0...200 {
        for b in 0...(200 - a) {
          least = min(least, distance([Double(a) / 200, Double(b) / 200, Double(200 - a - b) / 200]))
        }
      }
      #expect(abs(found.reduce(0, +) - 1) < 1e-12 && distance(found) <= least + 1e-12, "\(point)")
    }
  }
}

@Suite struct TuneTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pylon-\(UUID().uuidString)").path

  private func scenario() throws -> String {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let zone = "coordinates: {lat: 55, lng: -4}, capacity: {cpu_cores: 128, memory_gb: 512, gpus: 24}"
    try """
    name: tuned
    seed: 3
    clock: {start: 2025-01-06T00:00:00Z, duration: 2d}
    zones:
      - {code: GB-N-SCOT, \(zone)}
      - {code: GB-LONDON, \(zone)}
    grid: {carbon: {synthetic: gb-14}, price: {synthetic: gb-14}, forecast: {model: noisy, horizon: 48h}}
    workload: {preset: pylon, rate: 2}
    policies: [standard, {deadline-aware: {gain: 0.02}}]
    replications: 3
    """.write(toFile: folder + "/s.yaml", atomically: true, encoding: .utf8)
    return folder + "/s.yaml"
  }

  private func report(
    _ objective: String, _ constraints: [String], budget: Int = 24, threads: Int = 2
  ) throws -> TuneReport {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let tune = try Tune(
      path: try scenario(), policy: "deadline-aware", objective: objective, constraints: constraints, budget: budget)
    return try tune.run(threads: threads)
  }

  /// Weight on delay alone starts every job that can start at once; nothing waits less.
  @Test func theLeastWaitIsThatOfDelayAlone() throws {
    let report = try report("wait_mean_s", [])
    let alone = try #require(report.points.first { $0.parts == [0, 0, 10_000, 0, 0] })
    #expect(report.points[report.best].figures.mean("wait_mean_s") == alone.figures.mean("wait_mean_s"))
    #expect(report.isFeasible && report.yaml.hasSuffix("gain: 0.02}"))
  }

  @Test func constraintsHoldAndTheFrontIsOne() throws {
    let report = try report("carbon_kg", ["sla_met_pct >= 99", "wait_mean_s <= 6000"])
    let best = report.points[report.best].figures
    #expect((best.mean("sla_met_pct") ?? 0) >= 99 && (best.mean("wait_mean_s") ?? .infinity) <= 6000)
    let kept = report.points.filter { report.goal.keeps($0.figures) }
    #expect(kept.count > 1 && kept.count < report.points.count)
    #expect(best.mean("carbon_kg") == kept.compactMap { $0.figures.mean("carbon_kg") }.min())
    let figures = report.points.map { point in Tune.frontMetrics.compactMap { point.figures.mean($0) } }
    let front = Set(report.front)
    for (place, own) in figures.enumerated() {
      let isBeaten = figures.contains { other in
        zip(other, own).allSatisfy { $0 <= $1 } && zip(other, own).contains { $0 < $1 }
      }
      #expect(front.contains(place) == !isBeaten)
    }
    let check = try #require(report.check)
    #expect(check.seed == 4 && check.comparison.replications == 10)
  }

  @Test func impossibleConstraintsAreTold() throws {
    let report = try report("carbon_kg", ["carbon_kg <= 1"], budget: 8)
    #expect(!report.isFeasible && report.written(as: .text).contains("no point satisfies the constraints"))
    let least = report.points.compactMap { $0.figures.mean("carbon_kg") }.min()
    #expect(report.points[report.best].figures.mean("carbon_kg") == least)
  }

  @Test func itIsTheSameForAnyNumberOfThreads() throws {
    let one = try report("cost_gbp", ["sla_met_pct >= 95"], budget: 14, threads: 1)
    let three = try report("cost_gbp", ["sla_met_pct >= 95"], budget: 14, threads: 3)
    for format in [ResultComparison.Format.text, .csv, .json, .markdown] {
      #expect(one.written(as: format) == three.written(as: format))
    }
  }

  @Test func faultsAreToldAtOnce() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = try scenario()
    let error = #expect(throws: BadInput.self) {
      try Tune(
        path: path, overrides: [("seeed", "1")], policy: "standard", objective: "utilization_cpu",
        constraints: ["sla > 3", "slam >= 4"], budget: 0)
    }
    for part in [
      "seeed: found an unknown key", "--policy: found standard, expected a policy with weights: deadline-aware",
      "expected min:utilization_cpu or max:utilization_cpu",
      "--subject-to: found \"sla > 3\", expected a metric, >= or <=, and a number",
      "--subject-to: found slam, expected one of jobs_submitted", "--budget: found 0",
    ] {
      #expect(error?.description.contains(part) == true, "\(part) in \(error?.description ?? "nothing")")
    }
  }
}
