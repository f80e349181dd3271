import Foundation
import Runs
import Testing

/// The number of threads is in no result.
@Suite struct ParallelTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pylon-\(UUID().uuidString)").path

  /// 5,200 jobs per replication: a run's rows come in several batches, so that runs out of turn keep theirs in files.
  private func open(_ rest: String, rate: Int = 2000, synthetic: Bool = true) throws -> OpenScenario {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let carbon = synthetic ? "{synthetic: gb-14}" : "{constant: 150}"
    let text = """
      name: parallel
      seed: 11
      clock: {start: 2025-01-06T00:00:00Z, duration: 1d}
      zones: {preset: gb-14, capacity: {cpu_cores: 2000, memory_gb: 9000, gpus: 40}, pue: 1.2}
      grid: {carbon: \(carbon), price: {constant: 0.2}, forecast: {model: noisy}}
      workload: {preset: ml-mix, rate: \(Double(rate) / 100)}
      policies: [greedy-lowest-carbon, standard, greedy-lowest-carbon]
      \(rest)
      """
    let path = folder + "/parallel.yaml"
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return try OpenScenario(path: path, overrides: [], policies: [], seed: nil)
  }

  /// All files of a result by name; of the database the rows without the machine's own time, as SQL.
  private func contents(_ name: String) throws -> [String: Data] {
    let database = "\(folder)/\(name)/results.sqlite"
    try shell(
      "sqlite3 \(database) 'UPDATE runs SET wall_clock_simulation_s = 0, wall_clock_decision_p50_ns = 0, "
        + "wall_clock_decision_p99_ns = 0' && sqlite3 \(database) .dump > \(database).sql && rm \(database)")
    var files: [String: Data] = [:]
    for file in try FileManager.default.subpathsOfDirectory(atPath: folder + "/" + name) {
      files[file] = FileManager.default.contents(atPath: "\(folder)/\(name)/\(file)")
    }
    return files
  }

  private func shell(_ command: String) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", command]
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
  }

  @Test(arguments: [
    ("replications: 3", 2000, false), ("until: {metric: carbon_kg, half_width: 1e9, min: 2, max: 12}", 100, true),
  ])
  func theBytesAreTheSameForAnyNumberOfThreads(rest: String, rate: Int, synthetic: Bool) throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let scenario = try open(rest + "\noutputs: {maps: {every: 6h}, decisions: all}", rate: rate, synthetic: synthetic)
    for threads in [1, 2, 7] {
      _ = try scenario.run(into: "\(folder)/\(threads)", figures: "\(folder)/\(threads)/plots", threads: threads)
    }
    let one = try contents("1")
    let jobs = try #require(one["jobs.csv"])
    #expect(jobs.count { $0 == 10 } > 2 * 3 * 2 * rate)
    #expect(try #require(one["decisions.csv"]).count { $0 == 10 } > 2 * 3 * 2 * rate)
    #expect(one.keys.contains("results.sqlite.sql") && one.count > 10)
    for threads in [2, 7] {
      let other = try contents("\(threads)")
      #expect(other.keys.sorted() == one.keys.sorted())
      for (name, bytes) in one { #expect(other[name] == bytes, "\(name) with \(threads) threads") }
    }
  }

  @Test func aResultOfSeveralThreadsPassesAudit() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let text = try open("replications: 2", rate: 200).run(into: folder + "/out", figures: folder + "/plots", threads: 4)
    #expect(text.contains("over 2 replications") && text.contains("greedy-lowest-carbon (2)"))
    let audit = try ResultAudit(path: folder + "/out/results.sqlite")
    #expect(audit.passed, "\(audit.failures)")
  }

  /// Replications end where the interval is narrow enough, and the tables tell of those before alone.
  @Test func replicationsGoOnUntilTheIntervalIsNarrowEnough() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    func run(_ width: String) throws -> (text: String, replications: Int) {
      let rest = """
        until: {metric: carbon_kg, policy: greedy-lowest-carbon, half_width: \(width), min: 4, max: 25}
        outputs: {workloads: none, maps: none, samples: none}
        """
      let text = try open(rest, rate: 100, synthetic: false).run(
        into: folder + "/out", figures: folder + "/plots", threads: 3)
      let lines = try String(contentsOfFile: folder + "/out/metrics.csv", encoding: .utf8).split(separator: "\n")
      return (text, (lines.count - 1) / 3)
    }
    // t(n − 1) / n ≤ 1 from n = 4 on, and it must be so three times in a row.
    let wide = try run("1e6")
    #expect(wide.replications == 6 && wide.text.contains("after 6 replications, target 1e+06 reached"))
    let narrow = try run("0.001")
    #expect(narrow.replications == 25 && narrow.text.contains("after 25 replications, target 0.001 not reached"))
  }
}
