import Domain
import Foundation
import Policies
import Scenarios
import Testing

/// The contract's minimal scenario, by lines, so that tests can swap one.
private let minimal = """
  name: two-zones
  seed: 42
  clock: {start: 2020-01-06T00:00:00Z, duration: 7d}
  zones:
    - {code: NORTH, name: North, region: Scotland, coordinates: {lat: 55.86, lng: -4.25}, capacity: {cpu_cores: 64, memory_gb: 256, gpus: 8}, pue: 1.2}
    - {code: SOUTH, name: South, region: London, coordinates: {lat: 51.51, lng: -0.13}, capacity: {cpu_cores: 64, memory_gb: 256, gpus: 8}, pue: 1.4}
  grid:
    carbon: {file: carbon.csv}          # or {synthetic: gb-14}
    price: {constant: 0.20}
    forecast: {model: perfect, horizon: 48h}
  workload: {file: jobs.csv}
  policies: [standard, greedy-lowest-carbon, {deadline-aware: {weights: {carbon: 0.5, cost: 0.1}, replan: never}}]
  baseline: standard
  replications: 1
  """

private let policies = ["standard", "greedy-lowest-carbon", "deadline-aware"]

private func load(_ bytes: Data, _ overrides: [(key: String, value: String)] = []) throws -> (Scenario, String) {
  let directory = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
  try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: directory) }
  let file = directory.appendingPathComponent("s.yaml")
  try bytes.write(to: file)
  return (try Scenario.load(path: file.path, overrides: overrides, knownPolicies: policies), directory.path)
}

private func load(_ text: String, _ overrides: [(key: String, value: String)] = []) throws -> Scenario {
  try load(Data(text.utf8), overrides).0
}

/// The faults' lines, with the temporary directory cut off.
private func faults(_ bytes: Data, _ overrides: [(key: String, value: String)] = []) -> [String] {
  do {
    _ = try load(bytes, overrides)
    return []
  } catch let error as InputError {
    return error.issues.map { issue in
      var short = issue
      short.file = issue.file.hasPrefix("/") ? "s.yaml" : issue.file
      return short.description
    }
  } catch {
    return ["\(error)"]
  }
}

private func faults(_ text: String, _ overrides: [(key: String, value: String)] = []) -> [String] {
  faults(Data(text.utf8), overrides)
}

private func changed(_ old: String, _ new: String) -> String { minimal.replacing(old, with: new) }

@Suite struct ScenarioTests {
  /// As the platform's tables have them (domain.md).
  @Test(arguments: ["'{\"lat\": 55.86, \"lng\": -4.25}'", "[-4.25, 55.86]", "{lng: -4.25, lat: 55.86}"])
  func coordinatesInEveryForm(text: String) throws {
    let scenario = try coordinates(text)
    #expect(scenario.zones[0].coordinates == Coordinates(latitude: 55.86, longitude: -4.25))
  }

  @Test(arguments: [
    ("[91, 0, 2]", "3 items"), ("[0, 91]", "coordinates[1]: found 91"), ("here", "found here"),
    ("'{\"lat\": 95, \"lng\": 0}'", "coordinates.lat: found 95"), ("'{lat'", "zones[0].coordinates: found"),
  ]) func coordinatesInNoForm(text: String, told: String) throws {
    #expect { try coordinates(text) } throws: { "\($0)".contains(told) }
  }

  private func coordinates(_ text: String) throws -> Scenario {
    let path = NSTemporaryDirectory() + "/coordinates-\(UUID().uuidString).yaml"
    let scenario = """
      name: c
      clock: {start: 2020-01-06T00:00:00Z, duration: 1d}
      zones:
        - {code: A, coordinates: \(text), capacity: {cpu_cores: 4}}
      grid: {carbon: {constant: 100}, price: {constant: 0.1}}
      workload: {preset: pylon}
      policies: [standard]

      """
    try scenario.write(toFile: path, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try Scenario.load(path: path, overrides: [], knownPolicies: ["standard"])
  }

  @Test func readsTheMinimalScenarioAsWritten() throws {
    let (scenario, directory) = try load(Data(minimal.utf8))
    #expect(scenario.name == "two-zones")
    #expect(scenario.seed == 42)
    #expect(scenario.start == Instant(milliseconds: 1_578_268_800_000))
    #expect(scenario.duration == .days(7))
    #expect(scenario.zones.map(\.code) == ["NORTH", "SOUTH"])
    #expect(scenario.zones.map(\.id) == [1, 2])
    #expect(scenario.zones[1].pue == 1.4)
    #expect(scenario.zones[0].capacity == Resources(milliCores: 64_000, milliGigabytes: 256_000, milliGPUs: 8000))
    #expect(
      scenario.grid.carbon == .file(path: "\(directory)/carbon.csv", extend: .none, gaps: .error, clip: false))
    #expect(scenario.grid.price == .constant(0.2))
    #expect(scenario.grid.forecast == ForecastSpec(model: .perfect, horizon: .hours(48)))
    #expect(scenario.policies.map(\.name) == policies)
    #expect(
      scenario.policies[2].parameters
        == PolicyParameters([
          "weights.carbon": .number(0.5), "weights.cost": .number(0.1), "replan": .text("never"),
        ]))
    #expect(scenario.baseline == "standard")
    #expect(scenario.drain)
    #expect(scenario.caps == .soft)
    #expect(scenario.outputs == OutputSpec(workloads: .all, maps: .standard, charts: .standard))
  }

  @Test func presetKnowsNESOColumns() throws {
    let head = minimal.components(separatedBy: "zones:")[0].replacing("two-", with: "")
    let tail = "grid:" + minimal.components(separatedBy: "grid:")[1]
    let start = minimal.components(separatedBy: "clock:")[0] + "clock: {start: 2020-01-06, duration: 1w}\n"
    #expect(!head.isEmpty)
    let zones = try load(start + "zones: gb-14\n" + tail).zones
    #expect(zones.map(\.id) == Array(1...14))
    #expect(zones[0].aliases == ["North Scotland"])
    #expect(zones[5].aliases.contains("North Wales and Merseyside"))
    let scaled = try load(start + "zones: {preset: gb-14, capacity: {gpus: 2}, pue: 1.2}\n" + tail).zones
    #expect(scaled.allSatisfy { $0.pue == 1.2 && $0.capacity.milliGPUs == 2000 && $0.capacity.milliCores == 0 })
    #expect(
      faults(start + "zones: gb-15\n" + tail) == [
        "s.yaml:4: zones: found gb-15, expected a list of zones or the preset gb-14; did you mean gb-14?"
      ])
  }

  @Test func currencyIsThreeCapitalLettersAndGBPForSyntheticPrices() throws {
    #expect(try load(minimal).currency == .gbp)
    #expect(try load("currency: EUR\n" + minimal).currency.code == "EUR")
    #expect(
      faults("currency: eur\n" + minimal) == [
        "s.yaml:1: currency: found eur, expected a currency as three capital letters, such as EUR; did you mean EUR?"
      ])
    #expect(
      faults("currency: €\n" + minimal) == [
        "s.yaml:1: currency: found €, expected a currency as three capital letters, such as EUR"
      ])
    let synthetic = "currency: EUR\n" + changed("{constant: 0.20}", "{synthetic: gb-14}")
    #expect(
      faults(synthetic).contains(
        "s.yaml:1: currency: found EUR, expected GBP, as synthetic prices are in GBP"))
    #expect(faults(synthetic.replacing("EUR", with: "GBP")).allSatisfy { !$0.contains("currency") })
  }

  @Test func tellsThatNothingWasFound() {
    let text = changed("code: NORTH", "code: \"\"").replacing("code: SOUTH", with: "code: ''")
    let told = faults(text).filter { $0.contains(".code: ") }
    #expect(
      told.contains("s.yaml:6: zones[1].code: found nothing, expected a unique code (zones[0] has the same one)"),
      "\(told)")
    #expect(told.count == 3 && told.allSatisfy { !$0.contains("found ,") }, "\(told)")
  }

  @Test func tellsAllFaultsAtOnce() {
    let text = changed("pue: 1.2", "pue: 0.5").replacing("duration: 7d", with: "duration: -7d")
      .replacing("code: SOUTH", with: "code: NORTH").replacing("seed: 42", with: "sed: 42")
      .replacing("{constant: 0.20}", with: "{constant: .nan}").replacing("model: perfect", with: "model: perfekt")
      .replacing("greedy-lowest-carbon", with: "greedy-lowest-carbn").replacing("workload:", with: "# ")
    #expect(
      faults(text) == [
        "s.yaml:1: workload: found no such key, expected a mapping with file, with preset, or with arrivals and "
          + "classes",
        "s.yaml:2: sed: found an unknown key, expected one of name, seed, clock, zones, grid, workload, policies, "
          + "baseline, replications, drain, caps, interruption, outputs, until, checks, sweep, events, warm_up, requirements, "
          + "currency; did you "
          + "mean seed?",
        "s.yaml:3: clock.duration: found -7d, expected a time span > 0 with a unit, such as 7d, 48h or 30m",
        "s.yaml:5: zones[0].pue: found 0.5, expected a number from 1 to 1,000,000",
        "s.yaml:6: zones[1].code: found NORTH, expected a unique code (zones[0] has the same one)",
        "s.yaml:9: grid.price.constant: found .nan, expected a price per kWh, a finite number",
        "s.yaml:10: grid.forecast.model: found perfekt, expected one of perfect, persistence, noisy, recorded; "
          + "did you mean perfect?",
        "s.yaml:12: policies[1]: found greedy-lowest-carbn, expected one of standard, greedy-lowest-carbon, "
          + "deadline-aware; did you mean greedy-lowest-carbon?",
      ])
  }

  @Test(
    arguments: [
      (
        "pue: 1.2", "pue: \"1.2\"",
        "s.yaml:5: zones[0].pue: found \"1.2\", expected a number from 1 to 1,000,000; did you mean 1.2 "
          + "without quotes?"
      ),
      ("pue: 1.2", "pue: inf", "s.yaml:5: zones[0].pue: found inf, expected a number from 1 to 1,000,000"),
      (
        "cpu_cores: 64, memory_gb: 256, gpus: 8}, pue: 1.2", "cpu_cores: 0}, pue: 1.2",
        "s.yaml:5: zones[0].capacity: found zero capacity, expected cpu_cores, memory_gb or gpus above 0"
          + " (an outage without an end closes a zone: events.+={outage: {zone: CODE, from: 0h}})"
      ),
      ("name: two-zones", "name: ../x", "s.yaml:1: name: found ../x, expected a name without / (it names a directory)"),
      (
        "{file: carbon.csv}", "{synthetic: gb-15}",
        "s.yaml:8: grid.carbon.synthetic: found gb-15, expected the name of a model, gb-14; did you mean gb-14?"
      ),
      (
        "replications: 1", "replications: 1.5",
        "s.yaml:14: replications: found 1.5, expected a whole number from 1 to 1,000,000, or windows"
      ),
      ("7d}", "7d, duration: 1d}", "s.yaml:3: duration: found a duplicate key, expected each key once"),
    ])
  func refuses(old: String, new: String, message: String) { #expect(faults(changed(old, new)) == [message]) }

  /// A key that a mapping has more than once hides no other fault, wherever and however it is written.
  @Test func repeatedKeysHideNothing() {
    let text =
      changed("7d}", "7d, \"duration\": 1d, duration: 2d}")
      .replacing("replications: 1", with: "replications: 1.5\nname: other\n'seed': 3")
      .replacing("pue: 1.2", with: "pue: inf")
    let found = "found a duplicate key, expected each key once"
    #expect(
      faults(text) == [
        "s.yaml:1: name: \(found)", "s.yaml:2: seed: \(found)", "s.yaml:3: duration: \(found)",
        "s.yaml:3: duration: \(found)", "s.yaml:5: zones[0].pue: found inf, expected a number from 1 to 1,000,000",
        "s.yaml:14: replications: found 1.5, expected a whole number from 1 to 1,000,000, or windows",
      ])
    // One written with an escape is told alone.
    #expect(faults(changed("name: two-zones", "\"n\\u0061me\": a\nname: b\npue: 3")) == ["s.yaml:1: name: \(found)"])
  }

  @Test func overridesAreCheckedLikeTheFile() throws {
    let scenario = try load(
      minimal,
      [
        ("zones.NORTH.capacity.gpus", "64"), ("grid.forecast.model", "noisy"), ("zones.1.idle_kw", "3"),
        ("policies.deadline-aware.weights.carbon", "0.9"), ("caps", "hard"), ("outputs", "{maps: {every: 6h}}"),
      ])
    #expect(scenario.zones[0].capacity.milliGPUs == 64_000)
    #expect(scenario.zones[1].idlePower == Power(3))
    #expect(scenario.grid.forecast.model == .noisy)
    #expect(scenario.policies[2].parameters.values["weights.carbon"] == .number(0.9))
    #expect(scenario.caps == .hard)
    #expect(scenario.outputs.maps == .every(.hours(6)))
    #expect(
      faults(minimal, [("zones.NORHT.pue", "1"), ("zones.NORTH.pue", "x"), ("gird.forecast.model", "noisy")]) == [
        "--set zones.NORHT.pue=1: zones.NORHT: found no such value to override, expected one of NORTH, SOUTH, "
          + "or zones.+ to add an item; did you mean NORTH?",
        "--set gird.forecast.model=noisy: gird: found an unknown key, expected one of name, seed, clock, zones, "
          + "grid, workload, policies, baseline, replications, drain, caps, interruption, outputs, until, checks, sweep, events, warm_up, "
          + "requirements, currency; "
          + "did you mean grid?",
        "--set zones.NORTH.pue=x: zones[0].pue: found x, expected a number from 1 to 1,000,000",
      ])
  }

  @Test func readsHowFilesAreToBeRead() throws {
    let scenario = try load(
      minimal,
      [
        ("grid.carbon", "{file: a.csv, format: json, basis: direct, zone: GB}"),
        ("grid.price", "{file: b, all_zones: true}"),
        ("workload", "{file: c.csv, format: gaia, time_unit: h}"),
      ])
    guard case .file(_, _, _, _, let carbon) = scenario.grid.carbon,
      case .file(_, _, _, _, let price) = scenario.grid.price, case .log(let log) = scenario.workload
    else {
      Issue.record("no files")
      return
    }
    #expect(carbon == TraceReading(format: .json, basis: .direct, scope: .series("GB")))
    #expect(price == TraceReading(scope: .everywhere))
    #expect(log.format == .gaia && log.timeUnit == .hours)
    #expect(
      faults(minimal, [("grid.carbon", "{file: a.csv, basis: lifecycel}"), ("workload.time_unit", "m")]) == [
        "--set grid.carbon={file: a.csv, basis: lifecycel}: grid.carbon.basis: found lifecycel, expected one of "
          + "lifecycle, direct; did you mean lifecycle?",
        "--set workload.time_unit=m: workload.time_unit: found m, expected one of s, h",
      ])
  }

  @Test func overridesMakeTheMappingsOnTheirWay() throws {
    let scenario = try load(
      minimal,
      [
        ("outputs.maps", "none"), ("outputs.samples.every", "6h"), ("zones.NORTH.hardware.gpu_watts", "250"),
        ("policies.greedy-lowest-carbon.queue", "backfill"),
      ])
    #expect(scenario.outputs == OutputSpec(workloads: .all, maps: .none, samples: .every(.hours(6)), charts: .standard))
    #expect(scenario.zones[0].hardware.gpuWatts == 250)
    #expect(scenario.policies[1].parameters.values == ["queue": .text("backfill")])
    #expect(
      faults(minimal, [("outputs.mpas", "none"), ("seed.low", "1"), ("zones.NORTH.hardwear.gpu_watts", "1")]) == [
        "--set seed.low=1: seed.low: found no such value to override, expected a key of the scenario",
        "--set zones.NORTH.hardwear.gpu_watts=1: zones[0].hardwear: found an unknown key, expected one of id, code, "
          + "name, region, country, coordinates, capacity, pue, idle_kw, hardware, aliases; did you mean hardware?",
        "--set outputs.mpas=none: outputs.mpas: found an unknown key, expected one of workloads, maps, samples, "
          + "charts, decisions, theme, outline; did you mean maps?",
      ])
    let deep = Array(repeating: "a", count: 20_000).joined(separator: ".")
    #expect(faults(minimal, [(deep, "1")]).first?.contains("a key of more than 100 parts") == true)
  }

  @Test func refusesFilesThatAreNoScenario() throws {
    #expect(faults("") == ["s.yaml: found an empty file, expected a scenario"])
    #expect(faults("# nothing\n") == ["s.yaml: found an empty file, expected a scenario"])
    #expect(faults(Data([0x61, 0x0A, 0xFF])) == ["s.yaml:2: found bytes that are not UTF-8, expected UTF-8 text"])
    #expect(faults("- 1") == ["s.yaml:1: found a list, expected a mapping"])
    #expect(faults("a: [1\n").first?.contains("found [ without ]") == true)
    #expect(throws: InputError.self) { try Scenario.load(path: "/nowhere.yaml", knownPolicies: []) }
    #expect(try load(Data([0xEF, 0xBB, 0xBF]) + Data(minimal.utf8)).0.seed == 42)
    #expect(try load(minimal.replacing("\n", with: "\r\n")).seed == 42)
  }

  @Test func refusesBombs() {
    var bomb = "a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n"
    for level in 1...12 {
      bomb += "a\(level): &a\(level) [" + Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ",") + "]\n"
    }
    #expect(faults(bomb).first?.contains("more than 100000 values once aliases are expanded") == true)
    #expect(faults(String(repeating: "[", count: 100_000)).first?.contains("deeper nesting") == true)
    #expect(faults(String(repeating: "- ", count: 50_000)).first?.contains("deeper nesting") == true)
  }

  @Test(
    arguments: [
      ("7d", 604_800_000), ("48h", 172_800_000), ("30m", 1_800_000), ("90s", 90_000), ("1w", 604_800_000),
      ("1.5s", 1500),
    ] as [(String, Int64)])
  func readsSpans(text: String, milliseconds: Int64) throws {
    #expect(try load(changed("7d", text)).duration.milliseconds == milliseconds)
  }
}
