import Foundation
import Scenarios
import Testing

/// Slips that people make: each is one message, which says what to write.
@Suite struct SlipTests {
  private static let text = """
    name: n
    clock: {start: 2025-01-06T00:00:00Z, duration: 7d}
    zones:
    - {code: A, coordinates: {lat: 57, lng: -2}, capacity: {cpu_cores: 64, gpus: 8}}
    - {code: B, coordinates: {lat: 50, lng: 8}, capacity: {cpu_cores: 64, gpus: 8}}
    grid: {carbon: {constant: 200}, price: {constant: 0.1}}
    workload: {preset: pylon}
    policies: [standard]

    """

  private func faults(_ text: String, _ overrides: (key: String, value: String)...) -> String {
    do {
      _ = try ScenarioDocument(text: text, path: "s").scenario(
        overrides: overrides, knownPolicies: ["standard", "deadline-aware", "lowest-window"])
      return ""
    } catch { return "\(error)" }
  }

  /// What names a zone with a fault is right.
  @Test(arguments: [
    ("gpus: 8}}\n- {code: B", "gpus: 8}, pue: 0.9}\n- {code: B"), ("lat: 57", "lat: 157"), ("lng: -2", "lon: -2"),
  ]) func aZoneWithAFaultIsStillAZone(old: String, new: String) {
    let files = SlipTests.text.replacing("{constant: 200}", with: "{files: {A: a.csv, B: b.csv}}")
    #expect(faults(files) == "")
    let told = faults(files.replacing(old, with: new))
    #expect(told.hasPrefix("s:4: zones[0].") && !told.contains("\n"), "\(told)")
  }

  @Test func formsOfMappingsAreNamed() {
    let told = faults(SlipTests.text.replacing("[standard]", with: "[standard, {lowest-window: {wait: 8h}}]"))
    let expected = "one of window, classes, or a mapping with short, long, threshold"
    #expect(
      told.hasSuffix("found 8h, expected \(expected); did you mean {short: 8h, long: 8h}?"), "\(told)")
  }

  @Test func homesHaveCodes() {
    let named = SlipTests.text.replacing("{code: A,", with: "{code: A, name: California,")
    let told = faults(named.replacing("preset: pylon", with: "preset: pylon, home: california"))
    #expect(told.contains("found california, which is none of the zone codes A, B, expected uniform,"), "\(told)")
    #expect(told.hasSuffix("; did you mean A?") && !told.contains("\n"), "\(told)")
  }

  @Test(
    arguments: [
      ("gpus: 8", "gpus: half", "zones[0].capacity.gpus: found half, expected a number from 0 to 1e12"),
      ("gpus: 8", "gpus: \"8\"", "found \"8\", expected a number from 0 to 1e12; did you mean 8 without quotes?"),
      ("cpu_cores: 64", "cpu_cores: 1,000", "expected numbers without commas, such as 1000: a comma separates keys"),
      ("coordinates: {lat: 57, lng: -2}", "lat: 57, lng: -2", "expected it in coordinates: {lat: …, lng: …}"),
      (
        "capacity: {cpu_cores: 64, gpus: 8}", "cores: 64, gpus: 8",
        "zones[0].cores: found a key of capacity, expected it in capacity: {cpu_cores: …, memory_gb: …, gpus: …}"
      ),
      ("duration: 7d", "duration: 7", "did you mean 7d or 7h?"),
      ("duration: 7d", "duration: 7 days", "did you mean 7d?"),
      ("duration: 7d", "duration: week", "did you mean 1w?"),
      ("duration: 7d", "end: 2025-01-13", "clock.end: found an unknown key"),
      ("policies: [standard]", "policies: standard", "expected a list of policies; did you mean [standard]?"),
      ("policies: [standard]", "policies: {standard: {}}", "found a mapping, expected a list of policies, each behind"),
      ("policies: [standard]", "policies: [{name: standard}]", "found name, expected a policy's name"),
      (
        "policies: [standard]", "policies:\n- deadline-aware:\n  weights: {carbon: 1}",
        "found weights beside deadline-aware, expected the keys of deadline-aware indented below it"
      ),
      (
        "policies: [standard]", "policies: [{deadline-aware: {weights: [1, 0]}}]",
        "deadline-aware.weights: found a list, expected a mapping with carbon, cost, delay, risk, pressure"
      ),
      ("policies: [standard]", "policy: [standard]", "policy: found an unknown key, expected one of"),
      ("policies: [standard]", "policy: [standard]", "; did you mean policies?"),
      (
        "policies: [standard]", "policies: [standard]\nrequirements: {carbon_saved: 5}",
        "did you mean carbon_savings_pct?"
      ),
      ("carbon: {constant: 200}", "carbon: 200", "did you mean {constant: 200}?"),
      ("carbon: {constant: 200}", "carbon: {const: 200}", "grid.carbon.const: found an unknown key"),
      ("workload: {preset: pylon}", "workload: jobs.csv", "did you mean {file: jobs.csv}?"),
      (
        "{preset: pylon}", "{file: j.csv, classes: {}}",
        "found classes, which only drawn jobs have, expected no classes, as the jobs are in j.csv"
      ),
      (
        "{preset: pylon}", "{arrivals: {process: poisson, rate: 2}, classes: [{name: a, duration: 1h}]}",
        "found process, rate, expected one of poisson, renewal, daily; did you mean poisson: {…}?"
      ),
      ("policies:", "events:\n- {type: outage, zone: A}\npolicies:", "found type, zone, expected one of outage"),
      (
        "policies:", "events:\n- outage:\n  zone: A\npolicies:", "found zone beside outage, expected the keys of outage"
      ),
      ("policies:", "drain: yes\npolicies:", "found yes, expected true or false; did you mean true?"),
      ("policies:", "interruption: true\npolicies:", "did you mean {allowed: true}?"),
      ("policies:", "outputs: {maps: {every: 6}}\npolicies:", "did you mean 6h or 6d?"),
      ("policies:", "outputs:\n\tmaps: none\npolicies:", "s:9: found a tab, expected spaces"),
      ("policies:", "seed 1\npolicies:", "s:8: found \"seed 1\", in which no colon is followed by a space"),
      ("duration: 7d}", "duration: 7d", "s:2: found { without }"),
      ("policies:", "baselin: standard\npolicies:", "did you mean baseline?"),
    ])
  func oneMessage(old: String, new: String, part: String) throws {
    var text = SlipTests.text
    text.replaceSubrange(try #require(text.range(of: old)), with: new)
    let told = faults(text)
    #expect(told.contains(part) && !told.contains("\n"), "\(told)")
  }

  @Test func zonesAsAMapping() {
    let text = SlipTests.text.replacing("- {code: A, ", with: "  A: {").replacing("- {code: B, ", with: "  B: {")
    #expect(
      faults(text).hasSuffix(
        "zones: found a mapping, expected a list of zones (- {code: …, coordinates: {…}, capacity: {…}}) or "
          + "{preset: gb-14}"))
  }

  @Test func pathsWithoutAnItem() throws {
    #expect(faults(SlipTests.text, ("zones.capacity.gpus", "2")).hasSuffix("did you mean zones.*.capacity.gpus?"))
    #expect(
      faults(SlipTests.text, ("workload.classes.weight", "2")).hasSuffix("did you mean workload.classes.*.weight?"))
    let aware = SlipTests.text.replacing("[standard]", with: "[standard, deadline-aware]")
    #expect(
      faults(aware, ("policies.weights.carbon", "2")).hasSuffix("did you mean policies.deadline-aware.weights.carbon?"))
    // Of a preset that has no capacity in the scenario, the rest of the capacity stays.
    var document = SlipTests.text.split(separator: "\n").map(String.init)
    document.removeSubrange(3...4)
    for zones in ["zones: gb-14", "zones: {preset: gb-14}"] {
      document[2] = zones
      let scenario = try ScenarioDocument(text: document.joined(separator: "\n"), path: "s").scenario(
        overrides: [("zones.capacity.gpus", "2")], knownPolicies: ["standard"])
      #expect(scenario.zones.allSatisfy { $0.capacity.gpus == 2 && $0.capacity.cpuCores == 64 })
    }
  }

  /// Aberdeen and Scilly are in the United Kingdom; what is not there for sure has no country unless the scenario says.
  @Test func countries() throws {
    let places = [
      ("57.1", "-2.1", "United Kingdom"), ("49.9", "-6.3", "United Kingdom"), ("51.5", "-0.1", "United Kingdom"),
      ("50.1", "8.7", ""), ("53.3", "-6.2", ""), ("48.9", "2.3", ""), ("50.7", "1.6", ""), ("37.4", "-122", ""),
    ]
    for (north, east, country) in places {
      let text = SlipTests.text.replacing("lat: 50, lng: 8", with: "lat: \(north), lng: \(east)")
      let scenario = try ScenarioDocument(text: text, path: "s").scenario(knownPolicies: ["standard"])
      #expect(scenario.zones[1].country == country, "\(north), \(east)")
    }
  }
}
