import Foundation
import Runs
import Testing

/// Runs on generated workloads, end to end.
@Suite struct GeneratedRunTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pylon-\(UUID().uuidString)").path

  /// Every rule of a class that a log must carry: fractions of GPUs, estimates, caps, no home, batches.
  private static let rich = """
    arrivals: {renewal: {gap: {gamma: {mean: 20m, cv: 3}}, profile: {weekday: [1, 1, 1, 1, 1, 0.5, 0.2]}},
        batch: {choices: {1: 4, 3: 1}}}
      classes:
        - {name: "a, \\"b\\"", weight: 2, type: training, urgency: {low: 1, high: 1},
           duration: {lognormal: {mean: 2h, cv: 2}, max: 2d}, estimate: {lognormal: {median: 1.5, sigma: 0.6}},
           cpu_cores: {powers_of_two: {from: 1, to: 32}}, gpus: {choices: {0: 1, 0.5: 1, 2: 1}},
           memory_gb_per_core: {uniform: {low: 1, high: 5}},
           energy: {base_kwh: 1, per_gpu_hour_kwh: 0.3, per_core_hour_kwh: 0.02, spread: 0.15},
           caps: {emissions: 1.2, cost: 3, intensity_gco2_kwh: 250}, deadline: {slack: 1.7}, home: none}
        - {name: c, duration: {exponential: {mean: 30m}}, deadline: none, deferral_window: 90s, home: {SOUTH: 1}}
      users: {count: 7, zipf: 1.2}
    """

  private func open(_ workload: String, _ name: String, seed: UInt64? = nil) throws -> OpenScenario {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let zone = "coordinates: {lat: 55, lng: -4}, capacity: {cpu_cores: 64, memory_gb: 256, gpus: 8}"
    let text = """
      name: generated
      seed: 7
      clock: {start: 2020-01-08T10:30:00Z, duration: 10d}
      zones:
        - {code: NORTH, \(zone), pue: 1.2}
        - {code: SOUTH, \(zone)}
      grid: {carbon: {constant: 150}, price: {constant: 0.2}}
      workload:
        \(workload)
      policies: [standard, {greedy-lowest-carbon: {queue: backfill}}]
      replications: 2
      outputs: {maps: none, samples: none}
      """
    let path = "\(folder)/\(name).yaml"
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return try OpenScenario(path: path, overrides: [], policies: [], seed: seed)
  }

  /// The rows of a run without the run's own number and replication.
  private func rows(_ name: String, run: Int) throws -> [String] {
    try String(contentsOfFile: "\(folder)/\(name)/jobs.csv", encoding: .utf8).split(separator: "\n").dropFirst()
      .filter { $0.hasPrefix("\(run),") }.map {
        // Without run_id at the beginning, and policy, label and replication at the end.
        $0.split(separator: ",", omittingEmptySubsequences: false).dropFirst().dropLast(3).joined(separator: ",")
      }
  }

  /// Written out and read back, the jobs of a replication are placed the same to the last byte of their rows.
  @Test(arguments: [rich, "preset: pylon\n  rate: 3", "preset: ml-mix\n  jobs: 400", "preset: hpc-batch\n  jobs: 400"])
  func aWrittenWorkloadReplaysTheSame(workload: String) throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let generated = try open(workload, "generated")
    _ = try generated.run(into: folder + "/generated", figures: folder + "/plots")
    for replication in 1...2 {
      let count = try generated.writeWorkload(to: folder + "/jobs.csv", replication: replication)
      let read = try open("file: jobs.csv", "read")
      _ = try read.run(into: folder + "/read", figures: folder + "/plots")
      for policy in 1...2 {
        let own = try rows("generated", run: 2 * (replication - 1) + policy)
        #expect(own.count == count && count > 100)
        #expect(try own == rows("read", run: policy))
      }
    }
  }

  /// Every policy of a replication has the same jobs, another replication or seed has others.
  @Test func replicationsShareNoJobs() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    _ = try open(GeneratedRunTests.rich, "a").run(into: folder + "/a", figures: folder + "/plots")
    _ = try open(GeneratedRunTests.rich, "b", seed: 8).run(into: folder + "/b", figures: folder + "/plots")
    func submissions(_ name: String, _ run: Int) throws -> [String] {
      let path = "\(folder)/\(name)/jobs.csv"
      let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
      let header = lines[0].split(separator: ",")
      let place = try #require(header.firstIndex(of: "submitted_at"))
      // Counted from the right: the class's name holds a comma.
      return lines.dropFirst().filter { $0.hasPrefix("\(run),") }.compactMap {
        let cells = $0.split(separator: ",", omittingEmptySubsequences: false)
        return String(cells[cells.count - (header.count - place)])
      }.sorted()
    }
    let first = try submissions("a", 1)
    #expect(try first == submissions("a", 2) && first.count > 100)
    #expect(try Set(first).isDisjoint(with: submissions("a", 3)))
    #expect(try Set(first).isDisjoint(with: submissions("b", 1)))
  }

  @Test func onlyGeneratedWorkloadsAreWritten() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    #expect { try open("file: jobs.csv", "a").writeWorkload(to: folder + "/x.csv") } throws: {
      "\($0)" == "workload: found a file, expected a preset, or arrivals and classes"
    }
    #expect(!FileManager.default.fileExists(atPath: folder + "/x.csv"))
  }
}
