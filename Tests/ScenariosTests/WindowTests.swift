import Domain
import Foundation
import Scenarios
import Testing

/// `replications: {windows: …}` and `label:` as they are written, and their faults.
@Suite struct WindowTests {
  private func load(
    _ rest: String, workload: String = "{file: jobs.csv}", policies: String = "[standard]"
  ) throws -> Scenario {
    let zone = "coordinates: {lat: 55, lng: -4}, capacity: {cpu_cores: 64, memory_gb: 256, gpus: 8}"
    let text = """
      name: x
      seed: 5
      clock: {start: 2020-01-06T00:00:00Z, duration: 7d}
      zones: [{code: NORTH, \(zone)}, {code: SOUTH, \(zone)}]
      grid: {carbon: {constant: 1}, price: {constant: 1}}
      workload: \(workload)
      policies: \(policies)
      \(rest)
      """
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try text.write(toFile: folder + "/s.yaml", atomically: true, encoding: .utf8)
    let names = ["standard", "greedy-lowest-carbon", "deadline-aware", "random"]
    return try Scenario.load(path: folder + "/s.yaml", knownPolicies: names)
  }

  private func faults(_ rest: String, policies: String = "[standard]", workload: String = "{file: jobs.csv}")
    -> [String]
  {
    do { _ = try load(rest, workload: workload, policies: policies) } catch let error as InputError {
      return error.issues.map { "\($0.key): found \($0.found), expected \($0.expected)" }
    } catch {
      return ["\(error)"]
    }
    return []
  }

  private func day(_ number: Int) -> Instant { Instant(milliseconds: 1_578_268_800_000 + Int64(number) * 86_400_000) }

  @Test func theClocksOfWindows() throws {
    let weekly = try load("replications: {windows: 26, every: 7d}")
    #expect(weekly.replications == 26 && weekly.clockStart(1) == day(0) && weekly.clockStart(26) == day(175))
    #expect(weekly.allWindows == day(0)..<day(182) && !weekly.windowsOverlap)
    #expect(weekly.variation == Variation([.jobs, .window]))
    #expect(try load("replications: {windows: 3, every: 6d}").variation.windowsOverlap)
    // Home zones by weight are drawn for each replication, those in turn are not.
    let uniform = try load("replications: 3", workload: "{file: jobs.csv, home: uniform}")
    #expect(uniform.variation.sources.contains(.jobs))
    #expect(try load("replications: 3", workload: "{file: jobs.csv, home: round-robin}").variation.isEmpty)
    #expect(try load("replications: {windows: 3, every: 7d, jobs: same}").variation == Variation([.window]))
  }

  /// All starts are equally likely, and none is drawn twice, whatever the seed.
  @Test func randomWindowsAreDrawnWithoutReplacement() throws {
    let text = "replications: {windows: 4, from: 2020-01-06T00:00:00Z, to: 2020-01-09T00:00:00Z, step: 1d}"
    var first: [Instant: Int] = [:]
    var random = try load(text)
    for seed in 1...2000 as ClosedRange<UInt64> {
      random.seed = seed
      let starts = (1...4).map { random.clockStart($0) }
      #expect(Set(starts) == Set((0...3).map(day)) && starts == (1...4).map { random.clockStart($0) })
      first[starts[0], default: 0] += 1
    }
    for count in first.values { #expect((420...580).contains(count)) }
    // What is drawn for a replication does not depend on how many there are, nor on which is asked for first.
    var many = try load("replications: {windows: 90, from: 2020-01-06T00:00:00Z, to: 2020-01-09T23:00:00Z}")
    many.seed = 11
    let last = many.clockStart(90)
    let all = (1...90).map { many.clockStart($0) }
    #expect(Set(all).count == 90 && all[89] == last)
    let faults = faults("replications: {windows: 5, from: 2020-01-06T00:00:00Z, to: 2020-01-09T00:00:00Z, step: 1d}")
    #expect(
      faults.count == 1 && faults[0].hasPrefix("replications.windows: found 5, expected at most 4, the number of"))
  }

  /// An instant that some window could hold is fine, whether or not one drawn by this seed does.
  @Test func instantsOfEventsMayBeWhereNoRandomWindowIs() {
    let windows = "replications: {windows: 1, from: 2020-01-06T00:00:00Z, to: 2020-03-09T00:00:00Z}\n"
    func outage(_ at: String) -> String { "events: [{outage: {zone: NORTH, from: \(at), duration: 1h}}]" }
    for day in ["2020-01-07", "2020-02-01", "2020-03-15"] {
      #expect(faults(windows + outage("\(day)T00:00:00Z")).isEmpty, "\(day)")
    }
    #expect(faults(windows + outage("2020-03-16T00:00:00Z")).count == 1)
  }

  /// What was told from the clock's start on moves with it; what was told by instants does not.
  @Test func eventsMoveWithTheClockOrStay() throws {
    let scenario = try load(
      """
      replications: {windows: 3, every: 7d}
      events:
        - outage: {zone: NORTH, from: 1d, duration: 2d}
        - outage: {zone: NORTH, from: 2020-01-11T00:00:00Z, until: 2020-01-14T00:00:00Z}
        - price: {from: 1d, duration: 1d, factor: 2}
        - carbon: {from: 2020-01-07T00:00:00Z, duration: 1d, factor: 3}
      """)
    #expect(scenario.window(1).events.outages.map(\.span) == [day(1)..<day(3), day(5)..<day(8)])
    // The second outage goes on into the second window, and begins with it.
    #expect(scenario.window(2).events.outages.map(\.span) == [day(8)..<day(10), day(7)..<day(8)])
    #expect(scenario.window(3).events.outages.map(\.span) == [day(15)..<day(17)])
    #expect(scenario.window(3).events.shocks.map(\.span) == [day(15)..<day(16), day(1)..<day(2)])
    #expect(scenario.hasTracesPerReplication)
  }

  @Test func whatVaries() throws {
    #expect(try load("replications: 20").variation.isEmpty)
    #expect(try load("replications: 20", policies: "[standard, random]").variation == Variation([.policyRandomness]))
    #expect(try load("", workload: "{preset: pylon}").variation == Variation([.jobs]))
    for text in ["nothing", "jobs, grid", "window, overlapping windows", "forecast errors, policy randomness"] {
      #expect(Variation(text: text)?.text == text)
    }
    #expect(Variation(text: "jobs, weather") == nil && Variation(text: "") == nil)
  }

  @Test func faultsOfWindows() {
    let expected = "every: 7d, or from and to (windows start at random between them)"
    #expect(faults("replications: {windows: 3}") == ["replications: found neither, expected \(expected)"])
    #expect(
      faults("replications: {windows: 0, every: 7d, to: 2020-01-09T00:00:00Z}") == [
        "replications.windows: found 0, expected a whole number from 1 to 100,000",
        "replications.to: found both every and to, expected \(expected)",
      ])
    #expect(
      faults("replications: {windows: 3, from: 2020-01-09T00:00:00Z, to: 2020-01-08T00:00:00Z}") == [
        "replications.to: found 2020-01-08T00:00:00Z, expected an instant at or after from"
      ])
    #expect(
      faults("replications: {windows: 3, every: 7d, jobs: same}", workload: "{preset: pylon}").first?
        .hasPrefix("replications.jobs: found same, expected no such key") == true)
    #expect(
      faults("replications: {windows: 12, every: 7d}\nuntil: {metric: carbon_kg, half_width: 1, max: 13}").first?
        .contains("at most the 12 windows") == true)
    // Seven seconds are meant by nobody.
    #expect(faults("replications: {windows: 3, every: 7}").first?.contains("a time span with a unit") == true)
    #expect(faults("replications: {windows: 12, every: 7d}\nuntil: {metric: carbon_kg, half_width: 1}").isEmpty)
    let mixed = "events: [{outage: {zone: NORTH, from: 1d, until: 2020-01-09T00:00:00Z}}]"
    #expect(faults(mixed).isEmpty)
    #expect(
      faults(mixed + "\nreplications: {windows: 2, every: 7d}").first?.contains("a time span after the clock's start")
        == true)
    let late = "events: [{outage: {zone: NORTH, from: 2020-01-14T00:00:00Z, duration: 1h}}]"
    #expect(faults(late).count == 1 && faults(late + "\nreplications: {windows: 2, every: 7d}").isEmpty)
  }

  @Test func labelsTellVariantsApart() throws {
    let policies =
      "[standard, {deadline-aware: {label: a, weights: {carbon: 1}}}, deadline-aware, deadline-aware, {random: {label: b}}]"
    let scenario = try load("checks: [{metric: carbon_kg, policy: a, min: 0}]", policies: policies)
    #expect(PolicySpec.labels(scenario.policies) == ["standard", "a", "deadline-aware", "deadline-aware (2)", "b"])
    #expect(scenario.policies[1].parameters.number("weights.carbon", default: 0) == 1)
    for label in ["\"\"", "a/b", "\"a\\tb\"", "\" \"", "\"\(String(repeating: "x", count: 101))\"", "[a]", "random"] {
      #expect(faults("", policies: "[standard, {deadline-aware: {label: \(label)}}]").count == 1, "\(label)")
    }
    let twice = faults("", policies: "[{deadline-aware: {label: a}}, {random: {label: a}}]")
    #expect(twice.count == 1 && twice[0].contains("a for two policies in the list"), "\(twice)")
    #expect(faults("", policies: "[random, random, {deadline-aware: {label: random (2)}}]").count == 1)
    for other in ["\"a \"", "\" a\"", "\"a\\u200B\"", "\"\\u2060a\""] {
      let alike = faults("", policies: "[{deadline-aware: {label: a}}, {random: {label: \(other)}}]")
      #expect(alike.count == 1 && alike[0].contains("which differ only in whitespace"), "\(other): \(alike)")
    }
    #expect(faults("", policies: "[{random: {label: \"standard \"}}]").count == 1)
  }

  /// What the list has is named first; any other policy may be the baseline too.
  @Test func anUnknownBaseline() {
    let told = faults("baseline: nope", policies: "[standard, {deadline-aware: {label: carb}}]")
    #expect(
      told == [
        "baseline: found nope, expected one of standard, carb, or another policy's name (pylon policies lists them)"
      ])
    #expect(faults("baseline: random", policies: "[standard]").isEmpty)
  }

  /// Bounds that every policy would keep, or none, are refused.
  @Test func requirementsWithinWhatAMetricCanBe() {
    #expect(
      faults("requirements: {sla_met_pct: 150}") == [
        "requirements.sla_met_pct: found 150, expected a percentage from 0 to 100 (the minimum), or {min: …, max: …}"
      ])
    for text in [
      "carbon_after_clock_pct: 101", "utilization_cpu: {min: 50}", "wait_mean_s: -1", "carbon_savings_pct: 101",
    ] {
      #expect(faults("requirements: {\(text)}").count == 1, "\(text)")
    }
    for text in ["sla_met_pct: 100", "utilization_cpu: {min: 0.5}", "cost_gbp: -1", "carbon_savings_pct: -20"] {
      #expect(faults("requirements: {\(text)}").isEmpty, "\(text)")
    }
  }
}
