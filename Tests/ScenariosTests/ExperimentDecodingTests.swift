import Domain
import Foundation
import Scenarios
import Testing

/// `until`, `checks` and `sweep` as they are written, and their faults, told at once.
@Suite struct ExperimentDecodingTests {
  private func load(_ rest: String) throws -> Scenario {
    let zone = "coordinates: {lat: 55, lng: -4}, capacity: {cpu_cores: 64, memory_gb: 256, gpus: 8}"
    let text = """
      name: x
      clock: {start: 2020-01-06T00:00:00Z, duration: 7d}
      zones: [{code: NORTH, \(zone)}]
      grid: {carbon: {constant: 1}, price: {constant: 1}}
      workload: {preset: pylon}
      policies: [greedy-lowest-carbon]
      \(rest)
      """
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try text.write(toFile: folder + "/s.yaml", atomically: true, encoding: .utf8)
    return try Scenario.load(path: folder + "/s.yaml", knownPolicies: ["standard", "greedy-lowest-carbon", "other"])
  }

  /// Without the path of the file.
  private func faults(_ rest: String) -> [String] {
    do { _ = try load(rest) } catch let error as InputError {
      return error.issues.map { "\($0.line): \($0.key): found \($0.found), expected \($0.expected.prefix(60))" }
    } catch {
      return ["\(error)"]
    }
    return []
  }

  @Test func theWarmUp() throws {
    #expect(try load("").warmUp == .none && load("warm_up: 0s").warmUp == .none)
    #expect(try load("warm_up: 2d").warmUp == .span(.days(2)) && load("warm_up: mser-5").warmUp == .mser5)
    let expected = "expected mser-5, none, or a time span shorter than the clock, such as"
    for wrong in ["7d", "mser", "-1h", "[2d]"] {
      let told = faults("warm_up: \(wrong)")
      #expect(told.count == 1 && told[0].contains(expected), "\(told)")
    }
  }

  @Test func readsWhatIsWritten() throws {
    let scenario = try load(
      """
      until: {metric: wait_mean_s, policy: standard, half_width: 2.5, confidence: 0.9, min: 5, max: 50}
      checks:
        - {metric: carbon_savings_pct, policy: greedy-lowest-carbon, min: 50, max: 60}
        - {baseline: golden/metrics.csv, rel: 1e-9, abs: 2}
        - {metric: [wait_mean_s, carbon_kg], baseline: /golden.csv}
      """)
    #expect(
      scenario.until
        == StoppingSpec(
          metric: "wait_mean_s", policy: "standard", halfWidth: 2.5, confidence: 0.9, least: 5, most: 50))
    #expect(scenario.replicationsAtMost == 50)
    let checks = scenario.checks
    #expect(
      checks[0]
        == CheckSpec(
          metrics: ["carbon_savings_pct"], policy: "greedy-lowest-carbon", least: 50, most: 60, line: 9))
    #expect(checks[1].baseline?.hasSuffix("/golden/metrics.csv") == true && checks[1].metrics.isEmpty)
    #expect(checks[1].relative == 1e-9 && checks[1].absolute == 2 && checks[1].policy == nil)
    #expect(checks[2].metrics == ["wait_mean_s", "carbon_kg"] && checks[2].baseline == "/golden.csv")
    let short = try load("until: {metric: carbon_kg, half_width: 1}").until
    #expect(short == StoppingSpec(metric: "carbon_kg", halfWidth: 1, confidence: 0.95, least: 10, most: 1000))
  }

  /// A number is the least of what is better high, the largest of what is better low.
  @Test func requirements() throws {
    #expect(try load("seed: 1").requirements == [.standard])
    #expect(try load("requirements: none").requirements.isEmpty)
    #expect(
      try load("requirements: {sla_met_pct: 99, jobs_ended_after_clock: 0, carbon_kg: {min: 1, max: 2}}").requirements
        == [
          Requirement(metric: "sla_met_pct", least: 99), Requirement(metric: "jobs_ended_after_clock", most: 0),
          Requirement(metric: "carbon_kg", least: 1, most: 2),
        ])
    #expect(
      try load("requirements: {wait_mean_s: 60}").requirements
        == [.standard, Requirement(metric: "wait_mean_s", most: 60)], "deadlines are asked for all the same")
    for (wrong, expected) in [
      ("95", "expected none, or a mapping"), ("{}", "expected none, or a mapping"),
      ("{sla_met: 95}", "expected a metric's name"),
      ("{sla_met_pct: often}", "expected a percentage from 0 to 100 (the minimum)"),
      ("{utilization_cpu: 1}", "as neither high nor low values"), ("{carbon_kg: {}}", "expected min or max"),
      ("{carbon_kg: {min: 2, max: 1}}", "expected at least min, which is 2"), ("{carbon_kg: {most: 1}}", "most"),
    ] {
      let told = faults("requirements: \(wrong)")
      #expect(told.count == 1 && told[0].contains(expected), "\(wrong): \(told)")
    }
  }

  /// The last key changes fastest; values keep their kind.
  @Test func aGridIsEveryCombination() throws {
    let sweep = try #require(try load("sweep: {grid: {seed: [1, 2], name: [\"1\", b], caps: [hard]}}").sweep)
    #expect(sweep.keys == ["seed", "name", "caps"])
    let points = sweep.points.map { $0.overrides.map { "\($0.key)=\($0.value)" }.joined(separator: " ") }
    #expect(
      points == [
        "seed=1 name=\"1\" caps=hard", "seed=1 name=b caps=hard", "seed=2 name=\"1\" caps=hard",
        "seed=2 name=b caps=hard",
      ])
    let list = try #require(
      try load("sweep: {list: [{seed: 3}, {outputs: {maps: {every: 6h}, samples: [a, \"b\"]}}]}").sweep)
    #expect(
      list.points.map { $0.overrides.map(\.value) } == [
        ["3"], ["{maps: {every: 6h}, samples: [a, \"b\"]}"],
      ])
  }

  @Test func faultsOfUntilAreToldAtOnce() {
    #expect(
      faults("replications: 3\nuntil: {metric: carbon, policy: other, half_width: 0, min: 1, max: 3, most: 2}") == [
        "7: replications: found both, expected either replications or until",
        "8: until.metric: found carbon, expected a metric's name, one of jobs_submitted, jobs_completed, jobs",
        "8: until.policy: found other, expected a policy that runs, one of greedy-lowest-carbon, standard",
        "8: until.half_width: found 0, expected a number > 0",
        "8: until.min: found 1, expected a whole number from 2 to 1,000,000",
        "8: until.max: found 3, expected at least min, which is 10",
        "8: until.most: found an unknown key, expected one of metric, policy, half_width, confidence, min, max",
      ])
    #expect(faults("until: {metric: carbon_kg}") == ["7: until.half_width: found no such key, expected a number > 0"])
  }

  @Test func faultsOfChecksAreToldAtOnce() {
    #expect(
      faults(
        """
        checks:
          - {metric: carbon_kg}
          - {min: 1}
          - {metric: carbon_kg, min: 3, max: 2}
          - {metric: carbon_kg, min: 3, rel: 0.1}
          - {baseline: a.csv, abs: -1, metric: [x, carbon_kg]}
          - {metric: carbon_kg, max: .inf, policy: 7}
          - 3
        """) == [
          "8: checks[0]: found none of them, expected min, max or baseline",
          "9: checks[1]: found no metric, expected a metric for min and max",
          "10: checks[2].max: found 2, expected at least min, which is 3.0",
          "11: checks[3].rel: found no baseline, expected a baseline, to which abs and rel apply",
          "12: checks[4].abs: found -1, expected a number ≥ 0",
          "12: checks[4].metric[0]: found x, expected a metric's name, one of jobs_submitted, jobs_completed, jobs",
          "13: checks[5].max: found .inf, expected a finite number",
          "13: checks[5].policy: found 7, expected a policy that runs, one of greedy-lowest-carbon, standard",
          "14: checks[6]: found 3, expected a mapping with metric, policy, min, max, baseline, abs, rel",
        ])
  }

  @Test func faultsOfASweepAreToldAtOnce() {
    #expect(
      faults(
        """
        until: {metric: carbon_kg, half_width: 1}
        sweep:
          latin_hypercube:
            points: 1.5
            ranges:
              a: [1]
              b: {low: 1, high: 2, scale: lgo}
              c: {low: -1, high: 2, scale: log}
              d: {low: 1.5, high: 2, whole: true}
              e: [2, 2]
        """) == [
          "7: until: found until, expected replications, as the number of runs of a sweep is fixed befo",
          "10: sweep.latin_hypercube.points: found 1.5, expected a whole number from 1 to 1,000,000",
          "12: sweep.latin_hypercube.ranges.a: found 1 values, expected [low, high]",
          "13: sweep.latin_hypercube.ranges.b.scale: found lgo, expected one of linear, log",
          "14: sweep.latin_hypercube.ranges.c: found -1.0 and 2.0, expected a low end above 0, and whole: false, on a "
            + "logarithmic scale",
          "15: sweep.latin_hypercube.ranges.d: found 1.5 and 2.0, expected whole numbers up to 1e15 as ends, as "
            + "whole is true",
          "16: sweep.latin_hypercube.ranges.e: found 2.0 and 2.0, expected a low end below the high end",
        ])
    #expect(faults("sweep: {grid: {seed: 3}}") == ["7: sweep.grid.seed: found 3, expected a list of values"])
    let many = "[" + Array(repeating: "1", count: 1001).joined(separator: ",") + "]"
    #expect(
      faults("sweep: {grid: {a: \(many), b: \(many)}}") == [
        "7: sweep.grid: found more, expected at most 1000000 points"
      ])
  }
}
