import Domain
import Foundation
import Randomness
import Scenarios
import Testing

/// A scenario around `workload`, which begins in line 8.
private func scenario(_ workload: String, file: (name: String, text: String)? = nil) throws -> WorkloadSpec {
  let zone = "coordinates: {lat: 55, lng: -4}, capacity: {cpu_cores: 64}"
  let text = """
    name: w
    clock: {start: 2020-01-06, duration: 7d}
    zones:
      - {code: NORTH, \(zone)}
      - {code: SOUTH, \(zone)}
    grid: {carbon: {constant: 1}, price: {constant: 1}}
    policies: [standard]
    workload:
    \(workload)
    """
  let directory = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
  try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: directory) }
  if let file { try Data(file.text.utf8).write(to: directory.appendingPathComponent(file.name)) }
  let path = directory.appendingPathComponent("s.yaml").path
  try text.write(toFile: path, atomically: true, encoding: .utf8)
  do { return try Scenario.load(path: path, knownPolicies: ["standard"]).workload } catch let error {
    throw Told(lines: error.issues.map { $0.description.replacing(directory.path + "/", with: "") })
  }
}

private struct Told: Error { var lines: [String] }

private func model(_ workload: String, file: (name: String, text: String)? = nil) throws -> WorkloadModel {
  guard case .generated(let model) = try scenario(workload, file: file) else { throw Told(lines: ["a log"]) }
  return model
}

private func faults(_ workload: String, file: (name: String, text: String)? = nil) -> [String] {
  do {
    _ = try scenario(workload, file: file)
    return []
  } catch let told as Told {
    return told.lines
  } catch {
    return ["\(error)"]
  }
}

@Suite struct WorkloadTests {
  /// `home` of a recorded log, which has none where the scenario does not say.
  @Test func homesOfALog() throws {
    func home(_ text: String) throws -> HomeModel? {
      guard case .log(let log) = try scenario("  file: jobs.csv\(text)") else { throw Told(lines: ["no log"]) }
      return log.home
    }
    #expect(try home("") == nil)
    for (text, expected) in [
      ("first", HomeModel.first), ("none", .none), ("round-robin", .roundRobin), ("uniform", .weights([1, 1])),
      ("SOUTH", .weights([0, 1])), ("[NORTH]", .weights([1, 0])), ("{NORTH: 1, SOUTH: 3}", .weights([1, 3])),
    ] { #expect(try home("\n  home: \(text)") == .some(expected), "\(text)") }
    let told = faults("  file: jobs.csv\n  home: SUOTH")
    let expected =
      "workload.home: found SUOTH, which is none of the zone codes NORTH, SOUTH, expected uniform, round-robin"
    #expect(told.count == 1 && told[0].contains("s.yaml:10: " + expected))
    #expect(told[0].hasSuffix("did you mean SOUTH?"))
    #expect(faults("  file: jobs.csv\n  home: [NORTH, WEST]").count == 1)
    #expect(faults("  file: jobs.csv\n  home: {NORTH: 0}").count == 1)
  }

  @Test func everyKeyIsRead() throws {
    let read = try model(
      """
        arrivals:
          renewal: {gap: {weibull: {mean: 2m, cv: 3}}, profile: {weekday: [1, 1, 1, 1, 1, 0, 0]}}
          batch: {poisson: {mean: 2}, min: 1}
          jobs: 500
        users: {count: 9, zipf: 1.5}
        home: [SOUTH]
        classes:
          - name: a
            weight: 3
            type: fine-tuning
            urgency: {low: 1, Critical: 2}
            duration: {mixture: [{weight: 1, exponential: {mean: 1h}}, {weight: 3, constant: 90}], min: 30s, max: 2d}
            estimate: {lognormal: {median: 2, sigma: 0.5}}
            cpu_cores: {gamma: {shape: 2, scale: 3}, round: power_of_two}
            gpus: {powers_of_two: {from: 1, to: 8, weights: [4, 2, 1, 1]}}
            memory_gb: {uniform: {low: 1, high: 2}}
            energy: {base_kwh: 5, per_core_kwh: 1, per_core_hour_kwh: 2, per_gpu_hour_kwh: 3, per_gb_hour_kwh: 4,
                     spread: 0.1}
            deferral_window: 3h
            deadline: {slack: 2}
            caps: {emissions: 1.5, cost: 2, intensity_gco2_kwh: 300, reference_gco2_kwh: 100, reference_gbp_kwh: 0.3}
            home: {NORTH: 0.25, SOUTH: 0.75}
          - {name: b, duration: 20m, deadline: none, deferral_window: none}
      """)
    let week = WeekProfile(hourly: [Double](repeating: 1, count: 24), weekday: [1, 1, 1, 1, 1, 0, 0])
    let gap = try DistributionFamily.weibull.distribution(["mean": 120, "cv": 3])
    let batch = try Distribution.poisson(mean: 2).truncated(from: 1, to: nil)
    #expect(read.arrivals == ArrivalModel(.renewal(gap: gap, profile: week), batch: batch, jobs: 500))
    #expect(read.users == UserModel(count: 9, zipfExponent: 1.5))
    let duration = try Distribution.mixture([(1, .exponential(mean: 3600)), (3, .constant(90))])
    let a = WorkloadClass(
      name: "a", weight: 3, type: .fineTuning, urgency: [1, 0, 0, 2],
      duration: try duration.truncated(from: 30, to: 172_800),
      estimateRatio: try DistributionFamily.lognormal.distribution(["median": 2, "sigma": 0.5]),
      cores: SizeModel(try .gamma(shape: 2, scale: 3), rounding: .powerOfTwo),
      gpus: SizeModel(try .discrete([(1, 4), (2, 2), (4, 1), (8, 1)])), memory: .total(try .uniform(low: 1, high: 2)),
      energy: .terms(
        EnergyTerms(base: 5, perCore: 1, perCoreHour: 2, perGPUHour: 3, perGigabyteHour: 4, spread: 0.1)),
      deferral: .span(.hours(3)), deadline: .slack(2),
      caps: CapModel(
        emissions: 1.5, intensity: CarbonIntensity(300), cost: 2, referenceIntensity: CarbonIntensity(100),
        referencePrice: EnergyPrice(0.3)), home: .weights([0.25, 0.75]))
    let b = WorkloadClass(
      name: "b", duration: .whole(1200), estimateRatio: .whole(1), cores: SizeModel(.whole(1)),
      gpus: SizeModel(.whole(0)), memory: .perCore(.whole(4)), deferral: .span(.zero), deadline: .none,
      home: .weights([0, 1]))
    #expect(read.classes == [a, b])
  }

  /// The book's example is legal as it stands, and its tables have every preset, every distribution and every key.
  @Test func theBookHasTheFormat() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let page = root.appendingPathComponent("Sources/pylon/Pylon.docc/GeneratedWorkloads.md")
    let section = try String(contentsOf: page, encoding: .utf8)
    let example = try #require(section.components(separatedBy: "```yaml\nworkload:\n").last)
      .components(separatedBy: "```")[0]
    let read = try model(example)
    #expect(read.classes.map(\.name) == ["training", "queries"] && read.users.count == 40)
    #expect(read.classes[0].home == .weights([0.3, 0.7]))
    for preset in WorkloadPreset.allCases { #expect(section.contains("\n| `\(preset.rawValue)` |")) }
    for family in DistributionFamily.allCases { #expect(section.contains("`\(family.rawValue)`")) }
    // What the reader says it knows is what the book has to document.
    let fault = try #require(
      faults("  arrivals: {poisson: {per_hour: 1}}\n  classes: [{name: a, duration: 1, x: 1}]").first)
    let keys = try #require(fault.components(separatedBy: "expected one of ").last).components(separatedBy: ", ")
    #expect(keys.count == 15)
    for key in keys { #expect(section.contains("`\(key)`"), "\(key)") }
  }

  @Test func theOtherProcessesAreRead() throws {
    let rest = "\n  home: none\n  classes: [{name: a, duration: 1h}]"
    let poisson = try model("  arrivals: {poisson: {per_hour: 30}}" + rest)
    #expect(poisson.arrivals == ArrivalModel(.poisson(perHour: 30, profile: nil)))
    #expect(poisson.classes[0].home == .none && poisson.classes[0].deadline == .byUrgency)
    let daily = try model("  arrivals: {daily: {weekday: [10, 19], weekend: [3, 7], rate: 2}}" + rest)
    let counts = ArrivalModel.DailyCounts(
      weekday: 10...19, weekend: 3...7, rate: 2, hourly: [Double](repeating: 1, count: 24))
    #expect(daily.arrivals == ArrivalModel(.daily(counts)))
    guard case .log(let log) = try scenario("  file: jobs.csv\n  time_scale: 2") else { throw Told(lines: []) }
    #expect(log.file.hasSuffix("/jobs.csv") && log.timeScale == 2)
  }

  @Test func presetsTakeARate() throws {
    let read = try model("  preset: pylon\n  rate: 2\n  jobs: 10\n  users: {count: 3}\n  home: {NORTH: 1}")
    var expected = try WorkloadPreset.pylon.model(rate: 2)
    expected.arrivals.jobs = 10
    expected.users = UserModel(count: 3)
    for place in expected.classes.indices { expected.classes[place].home = .weights([1, 0]) }
    #expect(read == expected)
    for preset in WorkloadPreset.allCases {
      #expect(try model("  preset: \(preset.rawValue)").classes.allSatisfy { $0.home == .weights([1, 1]) })
    }
  }

  @Test func aColumnOfAFileIsADistribution() throws {
    let file = (name: "log.csv", text: "\u{FEFF}id,\"run, h\",x\r\n1,2,a\r\n2,,b\r\n3, 0.5 ,c\r\n")
    let read = try model(
      "  arrivals: {poisson: {per_hour: 1}}\n  classes:\n"
        + "    - {name: a, duration: {empirical: {file: log.csv, column: 'run, h', scale: 3600}}}", file: file)
    #expect(read.classes[0].duration == (try Distribution.empirical([7200, 1800])))
    let from = { (spec: String) in
      faults(
        "  arrivals: {poisson: {per_hour: 1}}\n  classes: [{name: a, duration: {empirical: \(spec)}}]", file: file)
    }
    let key = "s.yaml:10: workload.classes[0].duration.empirical: found"
    #expect(from("{file: log.csv, column: y}") == ["\(key) no column y in log.csv, expected one of id, run, h, x"])
    #expect(from("{file: log.csv, column: x}") == ["\(key) \"a\" at log.csv:2, expected a finite number"])
    #expect(from("{file: no.csv, column: x}") == ["\(key) no.csv: no such file, expected a file that can be read"])
  }

  @Test(
    arguments: [
      (
        "  jobs: 5",
        "workload: found none of them, expected a mapping with file, with preset, or with arrivals and classes"
      ),
      ("  file: a.csv\n  preset: pylon", "workload: found file and preset, expected only one of them"),
      ("  arrivals: {poisson: {per_hour: 1}}", "workload.classes: found no such key, expected a list of classes"),
      (
        "  classes: [{name: a, duration: 1}]",
        "workload.arrivals: found no such key, expected a mapping with poisson, renewal or daily"
      ),
      (
        "  preset: pilon",
        "workload.preset: found pilon, expected one of pylon, hpc-batch, ml-mix; did you mean pylon?"
      ),
      (
        "  arrivals: {poisson: {per_hour: 1}, renewal: {gap: 1}}\n  classes: [{name: a, duration: 1}]",
        "workload.arrivals: found poisson and renewal, expected one of poisson, renewal, daily"
      ),
      (
        "  arrivals: {renewal: {gap: 0}}\n  classes: [{name: a, duration: 1}]",
        "workload.arrivals.renewal.gap: found 0.0, expected a mean of at least a microsecond"
      ),
      (
        "  preset: pylon\n  rate: 0",
        "workload.rate: found 0, expected a number > 0 and at most 1e6"
      ),
      (
        "  arrivals: {daily: {weekday: [3, 1], weekend: [1, 2], hourly: [1, 2]}}\n  classes: [{name: a, duration: 1}]",
        "workload.arrivals.daily.weekday: found [3, 1], expected two whole numbers from 0 to 1000000, the minimum "
          + "and the maximum"
      ),
      (
        "  arrivals: {poisson: {per_hour: 1}}\n  classes: [{name: a, duration: 1, weight: 0}]",
        "workload: found none, expected a class with a weight > 0"
      ),
    ])
  func refuses(workload: String, message: String) {
    #expect(faults(workload).first?.drop { $0 != " " }.dropFirst() == message[...])
  }

  /// All at once, each with its line, key, what was found and what was expected.
  @Test func faultsAreToldAtOnce() {
    let found = faults(
      """
        arrivals: {poisson: {per_hour: 0}, batch: {gama: {mean: 2}}, jobs: 0}
        users: {count: 0}
        home: [NORHT]
        classes:
          - {name: a, durations: 1h}
          - {name: b, duration: {lognormal: {mean: 1h}}, type: traning, urgency: {lo: 1}}
          - {name: c, duration: {lognormal: {mean: 1h, cv: 0}}, estimate: 0,
             cpu_cores: {powers_of_two: {from: 3, to: 8}}}
          - {name: d, duration: {exponential: {mean: 1h}, max: 10s}, energy: {spread: 1}, deferral_window: -1h}
          - {name: e, duration: 1h, memory_gb: 1, memory_gb_per_core: 1, deadline: {slack: 0.5}, caps: {cost: 0}}
          - {name: e, duration: 1h, home: {SOUTH: 0}, gpus: {choices: {one: 1}}}
      """)
    let laws =
      "constant, uniform, normal, exponential, lognormal, gamma, weibull, pareto, poisson, empirical, choices, "
      + "powers_of_two, mixture"
    let classes = "workload.classes"
    let keys =
      "name, weight, type, urgency, duration, estimate, cpu_cores, gpus, memory_gb_per_core, memory_gb, energy, "
      + "deferral_window, deadline, caps, home"
    #expect(
      found == [
        "s.yaml:9: workload.arrivals.poisson.per_hour: found 0, expected submissions per hour, > 0 and at most 1e9",
        "s.yaml:9: workload.arrivals.batch: found no distribution, expected one of \(laws)",
        "s.yaml:9: workload.arrivals.batch.gama: found an unknown key, expected one of \(laws), min, max; "
          + "did you mean gamma?",
        "s.yaml:9: workload.arrivals.jobs: found 0, expected a whole number > 0",
        "s.yaml:10: workload.users.count: found 0, expected a whole number from 1 to 1,000,000",
        "s.yaml:11: workload.home[0]: found an unknown zone NORHT, expected one of NORTH, SOUTH; did you mean NORTH?",
        "s.yaml:13: \(classes)[0].durations: found an unknown key, expected one of \(keys); did you mean duration?",
        "s.yaml:14: \(classes)[1].duration.lognormal: found mean, expected mu and sigma, or mean and cv, or "
          + "median and sigma",
        "s.yaml:14: \(classes)[1].type: found traning, expected one of TRAINING, INFERENCE, BATCH, TRAINING_RUN, "
          + "INFERENCE_BATCH, RAG_QUERY, FINE_TUNING, DATA_PROCESSING, OTHER; did you mean TRAINING?",
        "s.yaml:14: \(classes)[1].urgency.lo: found lo, expected one of LOW, MEDIUM, HIGH, CRITICAL; did you mean LOW?",
        "s.yaml:15: \(classes)[2].duration.lognormal.cv: found 0.0, expected a number > 0",
        "s.yaml:15: \(classes)[2].estimate: found 0.0, expected a mean > 0",
        "s.yaml:16: \(classes)[2].cpu_cores.powers_of_two.from: found 3, expected a power of two from 1 to 1048576",
        "s.yaml:17: \(classes)[3].duration.max: found 0.2774 % of the distribution within the limits, expected at "
          + "least 1.0 %",
        "s.yaml:17: \(classes)[3].energy: found none, expected one of base_kwh, per_core_kwh, per_core_hour_kwh, "
          + "per_gpu_hour_kwh, per_gb_hour_kwh above 0",
        "s.yaml:17: \(classes)[3].energy.spread: found 1, expected a number from 0 to below 1",
        "s.yaml:17: \(classes)[3].deferral_window: found -1h, expected by_urgency, none or a time span such as 2h",
        "s.yaml:18: \(classes)[4].memory_gb: found both, expected either memory_gb or memory_gb_per_core",
        "s.yaml:18: \(classes)[4].deadline.slack: found 0.5, expected a multiple of the estimated duration, from 1 to "
          + "1000",
        "s.yaml:18: \(classes)[4].caps.cost: found 0, expected a multiple of the expected cost, > 0",
        "s.yaml:19: \(classes)[5].name: found e, expected a unique name (\(classes)[4] has the same one)",
        "s.yaml:19: \(classes)[5].home: found none, expected a weight > 0",
        "s.yaml:19: \(classes)[5].gpus.choices.one: found one, expected a number",
      ])
  }
}
