import Foundation
import Results
import Testing

/// Killed or told to stop at any moment: the old result or the new one, whole.
@Suite(.serialized) struct InterruptionTests {
  /// A scenario with many maps and two job files, whose results differ in every file.
  private static func make() throws -> Workshop {
    let workshop = try Workshop()
    try workshop.write("s.yaml", Workshop.scenario + "\noutputs: {maps: {every: 2h}}\n")
    let head = "job_id,submitted_at,duration_s,required_cpu_cores\n"
    for (name, shift) in [("A", 0), ("B", 1)] {
      let rows = (0..<60).map {
        "\(name)\($0),2020-01-06T\($0 % 8 + 10):0\($0 % 5 + shift)Z,\(1800 + shift),\(1 + $0 % 3)\n"
      }
      try workshop.write("\(name).csv", head + rows.joined())
    }
    return workshop
  }

  private static func arguments(_ name: String, into folder: String) -> [String] {
    ["run", "s.yaml", "--out", folder, "--set", "workload.file=\(name).csv"]
  }

  /// Every file of a folder with its bytes; of the database, what does not hang on the machine's clock.
  private static func contents(_ workshop: Workshop, _ folder: String) throws -> [String: Data] {
    var files: [String: Data] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: workshop.path + "/" + folder) {
      let path = workshop.path + "/" + folder + "/" + name
      guard let bytes = FileManager.default.contents(atPath: path), name != "plots" else { continue }
      files[name] = bytes
    }
    guard files["results.sqlite"] != nil else { return files }
    let dump = try workshop.shell(
      "sqlite3 \(folder)/results.sqlite 'PRAGMA integrity_check; SELECT * FROM compute_workloads'")
    // Without the tool only the beginning is looked at.
    files["results.sqlite"] = dump.status == 127 ? files["results.sqlite"]?.prefix(16) : Data(dump.out.utf8)
    return files
  }

  @Test func killedAtRandomMoments() throws {
    let workshop = try InterruptionTests.make()
    var whole: [String: [String: Data]] = [:]
    var longest = 0.0
    for name in ["A", "B"] {
      let began = Date()
      let outcome = try workshop.run(InterruptionTests.arguments(name, into: name))
      try #require(outcome.status == 0, "\(outcome.error)")
      longest = max(longest, Date().timeIntervalSince(began))
      whole[name] = try InterruptionTests.contents(workshop, name)
    }
    #expect(whole["A"]?.keys.count { $0.hasPrefix("plots/map-") } == 24 && whole["A"]?.keys == whole["B"]?.keys)
    for name in ["results.sqlite", "jobs.csv", "metrics.csv"] { #expect(whole["A"]?[name] != whole["B"]?[name]) }
    let seed = UInt64(ProcessInfo.processInfo.environment["PYLON_TEST_SEED"] ?? "") ?? .random(in: 0...UInt64.max)
    print("PYLON_TEST_SEED=\(seed)")
    var state = seed
    var (standing, changed, halfWay) = ("", 0, 0)
    let rounds = Int(ProcessInfo.processInfo.environment["PYLON_KILLS"] ?? "") ?? 60
    for round in 0..<rounds {
      let name = round % 2 == 0 ? "A" : "B"
      let process = try workshop.start(InterruptionTests.arguments(name, into: "out"))
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let share = Double(state >> 11) / 9_007_199_254_740_992
      if round % 3 == 2 {
        // While files get their names.
        let journal = workshop.path + "/out/.pylon-commit"
        while !FileManager.default.fileExists(atPath: journal), process.isRunning {}
      } else {
        usleep(UInt32(longest * (round % 3 == 0 ? share : 0.5 + 0.5 * share) * 1e6))
      }
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      guard FileManager.default.fileExists(atPath: workshop.path + "/out") else { continue }
      if FileManager.default.fileExists(atPath: workshop.path + "/out/.pylon-commit") { halfWay += 1 }
      for folder in ["out", "out/plots"] where FileManager.default.fileExists(atPath: workshop.path + "/" + folder) {
        try ResultFolder.recover(workshop.path + "/" + folder)
      }
      let found = try InterruptionTests.contents(workshop, "out")
      if found == whole[name] {
        if standing != name { changed += 1 }
        standing = name
      } else {
        #expect(found == whole[standing] ?? [:], "seed \(seed), round \(round)")
      }
    }
    print("\(rounds) kills: \(changed) replacements stood, \(halfWay) were cut short and finished")
    #expect(try workshop.run(InterruptionTests.arguments("A", into: "out")).status == 0)
    #expect(try InterruptionTests.contents(workshop, "out") == whole["A"])
  }

  @Test(arguments: [(SIGINT, "SIGINT"), (SIGTERM, "SIGTERM"), (SIGHUP, "SIGHUP")])
  func toldToStop(signal: Int32, name: String) throws {
    let workshop = try InterruptionTests.make()
    let rows = (0..<200_000).map { "j\($0),2020-01-06T00:00:00.\($0 % 10)Z,1,1\n" }
    try workshop.write("A.csv", "job_id,submitted_at,duration_s,required_cpu_cores\n" + rows.joined())
    let process = try workshop.start(InterruptionTests.arguments("A", into: "out/deep"))
    // As soon as files grow.
    let deadline = Date().addingTimeInterval(60)
    while !FileManager.default.fileExists(atPath: workshop.path + "/out/deep/plots"), process.isRunning,
      Date() < deadline
    { usleep(1000) }
    kill(process.processIdentifier, signal)
    let outcome = try workshop.finish(process)
    #expect(outcome.status == 3 && outcome.error == "pylon: interrupted by \(name): nothing was written\n")
    #expect(process.terminationReason == .exit)
    workshop.expectNothingWritten()
  }

  /// A swarm has whole results all along and goes on for all that.
  @Test(arguments: [3, 4, 5]) func aSwarmToldToStop(scenarios: Int) throws {
    let workshop = try InterruptionTests.make()
    let process = try workshop.start(["swarm", "--seed", "7", "--minutes", "10", "--threads", "1"])
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("pylon-swarm-7-\(process.processIdentifier)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let current = "\(folder)/scenario-\(scenarios)"
    let deadline = Date().addingTimeInterval(120)
    while !FileManager.default.fileExists(atPath: current), process.isRunning, Date() < deadline { usleep(1000) }
    kill(process.processIdentifier, SIGTERM)
    let outcome = try workshop.finish(process)
    #expect(outcome.status == 3 && outcome.error == "pylon: interrupted by SIGTERM: the swarm is not finished\n")
    #expect(process.terminationReason == .exit)
  }

  /// Runs into one folder at one time take turns; the last one's result stands, whole.
  @Test func severalAtOnce() throws {
    let workshop = try InterruptionTests.make()
    for name in ["A", "B"] { #expect(try workshop.run(InterruptionTests.arguments(name, into: name)).status == 0) }
    let running = try (0..<6).map { number in
      try workshop.start(
        InterruptionTests.arguments(number % 2 == 0 ? "A" : "B", into: "out"), tag: String(number))
    }
    for (number, process) in running.enumerated() {
      let outcome = try workshop.finish(process, tag: String(number))
      #expect(outcome.status == 0 && outcome.error.isEmpty, "\(outcome.error)")
    }
    let found = try InterruptionTests.contents(workshop, "out")
    let whole = try ["A", "B"].map { try InterruptionTests.contents(workshop, $0) }
    #expect(whole[0] != whole[1] && whole.contains(found))
  }

  /// What the starter had ignored stays so.
  @Test func ignoredSignalsStayIgnored() throws {
    let workshop = try InterruptionTests.make()
    let line = "trap '' HUP; exec '\(Workshop.program)' run s.yaml --out out --set workload.file=A.csv"
    let process = try workshop.start(["-c", line], program: "/bin/sh")
    while !FileManager.default.fileExists(atPath: workshop.path + "/out"), process.isRunning { usleep(1000) }
    kill(process.processIdentifier, SIGHUP)
    let outcome = try workshop.finish(process)
    #expect(outcome.status == 0 && outcome.error.isEmpty, "\(outcome)")
  }
}
