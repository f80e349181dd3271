import Foundation
import Reports
import Runs
import Studies
import Testing

@Suite struct SweepTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pylon-\(UUID().uuidString)").path

  private func scenario(_ sweep: String, replications: Int = 3) throws -> String {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let zone = "coordinates: {lat: 55, lng: -4}, capacity: {cpu_cores: 64, memory_gb: 256, gpus: 8}"
    let text = """
      name: swept
      seed: 7
      clock: {start: 2020-01-08T00:00:00Z, duration: 2d}
      zones:
        - {code: NORTH, \(zone), pue: 1.2}
        - {code: SOUTH, \(zone), pue: 1.5}
      grid: {carbon: {constant: 150}, price: {constant: 0.2}}
      workload: {preset: pylon, rate: 3}
      policies: [standard, greedy-lowest-carbon]
      sweep: \(sweep)
      replications: \(replications)
      """
    try text.write(toFile: folder + "/swept.yaml", atomically: true, encoding: .utf8)
    return folder + "/swept.yaml"
  }

  private func sweep(_ path: String, _ out: String) throws -> Sweep {
    try Sweep(path: path, folder: folder + "/" + out)
  }

  private func table(_ out: String) throws -> [[String]] {
    try String(contentsOfFile: "\(folder)/\(out)/sweep.csv", encoding: .utf8).split(separator: "\n")
      .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
  }

  private let grid = "{grid: {zones.NORTH.pue: [1.2, 1.5], workload.rate: [2, 4]}}"

  /// Nothing is asked for that no policy has a value of, and a requirement may be of a metric without a column.
  @Test func requirementsOfASweepsReport() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = try scenario("{grid: {zones.NORTH.pue: [1.2, 1.5]}}", replications: 1)
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let jobs = "job_id,submitted_at,duration_s\na,2020-01-08T01:00Z,3600\nb,2020-01-08T02:00Z,7200\n"
    try jobs.write(toFile: folder + "/jobs.csv", atomically: true, encoding: .utf8)
    let log = text.replacing("{preset: pylon, rate: 3}", with: "{file: jobs.csv}")
    func report(_ requirements: String) throws -> String {
      try (log + requirements).write(toFile: path, atomically: true, encoding: .utf8)
      let out = UUID().uuidString
      _ = try sweep(path, out).run(threads: 1)
      return try #require(try SweepReport(path: "\(folder)/\(out)/results.sqlite")).written(as: .markdown)
    }
    let free = try report("")
    #expect(!free.contains("Required") && !free.contains(" *") && free.contains("### Best points\n"), "\(free)")
    let bound = try report("\nrequirements: {jobs_completed: 3}")
    #expect(bound.contains("standard \\* |") && bound.contains("\\* does not meet the requirements"), "\(bound)")
    #expect(!bound.contains("†") && !bound.contains("### Best points"))
  }

  /// The marks of late work and of savings on other work are those of a run of each point, as are their meanings.
  @Test func marksOfASweepsReportAreThoseOfRuns() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = try scenario("{grid: {zones.NORTH.capacity.cpu_cores: [1, 64]}}", replications: 1)
    let text = try String(contentsOfFile: path, encoding: .utf8)
      .replacing("carbon: {constant: 150}", with: "forecast: {model: perfect}, carbon: {file: c.csv, extend: hold}")
      .replacing("{preset: pylon, rate: 3}", with: "{file: jobs.csv}")
      .replacing("policies: [standard, greedy-lowest-carbon]", with: "policies: [standard, lowest-window]")
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    let trace = (0..<60).map { hour in
      "2020-01-\(hour < 48 ? "0" : "")\(8 + hour / 24)T\(hour % 24 < 10 ? "0" : "")\(hour % 24):00Z,\(400 - 4 * hour),\(390 - 4 * hour)\n"
    }
    try ("datetime,NORTH,SOUTH\n" + trace.joined()).write(
      toFile: folder + "/c.csv", atomically: true, encoding: .utf8)
    let jobs = (0..<20).map { job in
      let home = job % 2 == 0 ? "NORTH" : "SOUTH"
      return "j\(job),2020-01-09T\(job < 10 ? "1" : "2")\(job % 4):00Z,3600,2,1440,\(home)\n"
    }
    try ("job_id,submitted_at,duration_s,required_cpu_cores,deferral_window_mins,home_zone\n" + jobs.joined())
      .write(toFile: folder + "/jobs.csv", atomically: true, encoding: .utf8)
    _ = try sweep(path, "out").run(threads: 1)
    let report = try #require(try SweepReport(path: "\(folder)/out/results.sqlite")).written(as: .markdown)
    let all = try #require(report.components(separatedBy: "### All points").last)
    var found: Set<Character> = []
    for (point, cores) in ["1", "64"].enumerated() {
      let run = try OpenScenario(
        path: path, overrides: [("zones.NORTH.capacity.cpu_cores", cores)], policies: [], seed: nil
      ).run(into: folder + "/run", figures: folder + "/plots")
      let own = try ResultReport(path: folder + "/run/results.sqlite").written(as: .markdown)
      for policy in ["standard", "lowest-window"] {
        let row = all.split(separator: "\n").first { $0.hasPrefix("| \(point + 1) |") && $0.contains("| \(policy)") }
        let line = own.split(separator: "\n").first { $0.hasPrefix("| \(policy)") }
        for mark in "†‡" {
          #expect(row?.contains(mark) == line?.contains(mark), "\(policy) \(mark) \(all)\(own)")
          if line?.contains(mark) == true { found.insert(mark) }
        }
      }
      for line in run.split(separator: "\n") where line.hasPrefix("†") || line.hasPrefix("‡") {
        #expect(all.contains(line) && own.contains(line), "\(line) \(all)")
      }
    }
    #expect(found.contains("†"), "\(report)")
  }

  /// A point's figures are those of `pylon run` with its overrides.
  @Test func pointsAreRunsWithTheirOverrides() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = try scenario(grid)
    let told = try sweep(path, "out").run(threads: 2)
    #expect(told.contains("12 units done, 0 were done before") && told.contains("4 points, 12 units"))
    let rows = try table("out")
    #expect(rows.count == 1 + 4 * 3 * 2)
    #expect(rows[0].prefix(6) == ["point", "zones.NORTH.pue", "workload.rate", "policy", "label", "replication"])
    let points = rows.dropFirst().map { $0[0...2].joined(separator: " ") }
    #expect(points[0] == "1 1.2 2" && points[6] == "2 1.2 4" && points[12] == "3 1.5 2")
    _ = try OpenScenario(
      path: path, overrides: [("zones.NORTH.pue", "1.5"), ("workload.rate", "2")], policies: [], seed: nil
    ).run(into: folder + "/run", figures: folder + "/plots")
    let run = try String(contentsOfFile: folder + "/run/metrics.csv", encoding: .utf8).split(separator: "\n")
      .dropFirst()
      .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    let own = rows.filter { $0[0] == "3" }
    #expect(own.map { $0[3...5] + $0[7...] } == run.map { $0[1...3] + $0[5...] })
  }

  /// Points that read the same files, or draw the same grid, share them; each has its own figures all the same.
  @Test func whatPointsShareIsEachOnesOwn() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let points = [
      "{seed: 7}", "{seed: 8}", "{grid.vary: false}", "{clock.duration: 1d}", "{zones.GB-LONDON.capacity.cpu_cores: 8}",
      "{grid.carbon: {file: c.csv, extend: hold}}", "{grid.carbon: {file: c.csv, extend: wrap}}",
      "{grid.carbon: {file: c.csv, extend: hold}, zones.GB-LONDON.pue: 1.9}",
      "{grid.carbon: {file: c.csv, extend: hold}, zones.GB-SOUTH.aliases: [LONDON], zones.GB-LONDON.aliases: [SOUTH]}",
      "{grid.price: {file: p.csv, extend: hold}}", "{workload.time_scale: 2}", "{workload.time_scale: 1, seed: 7}",
      "{grid.forecast.model: noisy}", "{workload: {preset: pylon, rate: 1}}",
    ]
    let zone = "coordinates: {lat: 55, lng: -4}, capacity: {cpu_cores: 16, memory_gb: 256, gpus: 8}"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let head = """
      name: shared
      clock: {start: 2020-01-08T00:00:00Z, duration: 2d}
      zones:
        - {code: GB-SOUTH, \(zone), aliases: [SOUTH]}
        - {code: GB-LONDON, \(zone), pue: 1.5, aliases: [LONDON]}
      grid: {carbon: {synthetic: gb-14}, price: {synthetic: gb-14}}
      workload: {file: j.csv}
      policies: [greedy-lowest-carbon, {deadline-aware: {}}]
      replications: 2
      """
    try "\(head)\nsweep: {list: [\(points.joined(separator: ", "))]}\n".write(
      toFile: folder + "/swept.yaml", atomically: true, encoding: .utf8)
    let trace = "datetime,LONDON,SOUTH\n2020-01-08T00:00Z,100,300\n2020-01-08T12:00Z,250,50\n"
    for name in ["c", "p"] { try trace.write(toFile: "\(folder)/\(name).csv", atomically: true, encoding: .utf8) }
    let jobs = (0..<40).map {
      "j\($0),2020-01-08T\($0 % 20 + 1 < 10 ? "0" : "")\($0 % 20 + 1):00Z,\(3600 + $0 * 60),6\n"
    }
    try ("job_id,submitted_at,duration_s,required_cpu_cores\n" + jobs.joined())
      .write(toFile: folder + "/j.csv", atomically: true, encoding: .utf8)
    _ = try sweep(folder + "/swept.yaml", "out").run(threads: 3)
    // Settings hold commas: only the end of a line is looked at, from the policy on.
    let lines = try String(contentsOfFile: folder + "/out/sweep.csv", encoding: .utf8).split(separator: "\n")
    var kinds: Set<String> = []
    for (place, point) in points.enumerated() {
      try "\(head)\n".write(toFile: folder + "/plain.yaml", atomically: true, encoding: .utf8)
      let list = try ScenarioPoints.pairs(of: point)
      _ = try OpenScenario(path: folder + "/plain.yaml", overrides: list, policies: [], seed: nil)
        .run(into: folder + "/run", figures: folder + "/plots")
      let run = try String(contentsOfFile: folder + "/run/metrics.csv", encoding: .utf8).split(separator: "\n")
        .dropFirst().map { $0.split(separator: ",", omittingEmptySubsequences: false)[5...].joined(separator: ",") }
      let own = lines.filter { $0.hasPrefix("\(place + 1),") }
      #expect(own.count == 6 && run.count == 6)
      for (swept, alone) in zip(own, run) { #expect(swept.hasSuffix(",\(alone)"), "\(point)") }
      kinds.insert(run.joined())
    }
    // All but the three that set what holds anyway.
    #expect(kinds.count == points.count - 2, "points that ought to differ do not")
  }

  /// In any parts and any order, and after units were lost or cut short, the table is the same to the byte.
  @Test func theTableKnowsNothingOfHowItCame() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = try scenario(grid)
    _ = try sweep(path, "one").run(threads: 1)
    func files(_ out: String) throws -> [Data] {
      try ["sweep.csv", "results.sqlite"].map { try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(out)/\($0)")) }
    }
    let whole = try files("one")
    for part in [3, 1, 2] {
      let told = try sweep(path, "parts").run(shard: Shard(text: "\(part)/3"), threads: 3)
      #expect(told.contains("4 units of shard \(part)/3 done"))
      #expect(told.contains(part == 2 ? "written: " : "of 12 units done"))
    }
    #expect(try files("parts") == whole)
    let units = folder + "/parts/units"
    let names = try FileManager.default.contentsOfDirectory(atPath: units).sorted()
    #expect(names.map { $0.prefix(12) } == ["shard-1-of-3", "shard-2-of-3", "shard-3-of-3"])
    func file(_ place: Int) -> URL { URL(fileURLWithPath: "\(units)/\(names[place])") }
    // One is lost, one is cut short amid its last unit, one has a byte changed in its third.
    try FileManager.default.removeItem(at: file(0))
    try Data(contentsOf: file(1)).dropLast(9).write(to: file(1))
    var bytes = try Data(contentsOf: file(2))
    bytes[bytes.count * 5 / 8] ^= 1
    try bytes.write(to: file(2))
    #expect(try sweep(path, "parts").status().contains("5 of 12 units done"))
    #expect(throws: UnfinishedSweep.self) { try sweep(path, "parts").collect() }
    #expect(try sweep(path, "parts").run().contains("7 units done, 5 were done before"))
    #expect(try files("parts") == whole)
  }

  /// Units are of the bytes of the files that they read, whichever key names the file.
  @Test func changedFilesHaveOtherUnits() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = try scenario("{grid: {drain: [true, false]}}", replications: 1)
    for (key, name, text) in [
      ("grid.carbon.file", "c.csv", "datetime,NORTH,SOUTH\n2020-01-08T00:00Z,100,200\n2020-01-09T00:00Z,150,250\n"),
      ("workload.file", "j.csv", "job_id,submitted_at,duration_s,required_cpu_cores\na,2020-01-08T00:00Z,3600,4\n"),
      ("workload.arrivals.poisson.per_hour", "", "1"), ("workload.classes", "d.csv", "s\n3600\n7200\n"),
    ] {
      var overrides = [(key: key, value: name)]
      if name.isEmpty { continue }
      if key == "workload.classes" {
        overrides = [
          (
            key: "workload",
            value: "{arrivals: {poisson: {per_hour: 1}}, classes: [{name: a, duration: {empirical: {file: d.csv, "
              + "column: s}}}]}"
          )
        ]
      }
      if key == "grid.carbon.file" { overrides = [(key: "grid.carbon", value: "{file: c.csv, extend: hold}")] }
      if key == "workload.file" { overrides = [(key: "workload", value: "{file: j.csv}")] }
      let own = "\(folder)/\(name)"
      try text.write(toFile: own, atomically: true, encoding: .utf8)
      func open() throws -> Sweep { try Sweep(path: path, overrides: overrides, folder: "\(folder)/\(name)-out") }
      #expect(try open().run().contains("2 units done, 0 were done before"))
      #expect(try open().status().contains("2 of 2 units done"))
      // The same length and time, so that only the bytes tell.
      let changed = text.replacing(name == "c.csv" ? "250" : "3600", with: name == "c.csv" ? "260" : "3700")
      try changed.write(toFile: own, atomically: true, encoding: .utf8)
      #expect(try open().status().contains("0 of 2 units done"), "\(key)")
      try text.write(toFile: own, atomically: true, encoding: .utf8)
      #expect(try open().status().contains("2 of 2 units done"), "\(key)")
    }
  }

  /// Units that fail are named, with why, and done again; the others are done.
  @Test func failedUnitsAreNamed() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = try scenario("{list: [{workload.rate: 1}, {workload.file: none.csv}]}", replications: 1)
    let text = try String(contentsOfFile: path, encoding: .utf8)
      .replacing("workload: {preset: pylon, rate: 3}", with: "workload: {file: j.csv}")
      .replacing(
        "{list: [{workload.rate: 1}, {workload.file: none.csv}]}", with: "{grid: {workload.file: [j.csv, k.csv]}}")
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    let jobs = "job_id,submitted_at,duration_s,required_cpu_cores\na,2020-01-08T00:00Z,3600,4\n"
    try jobs.write(toFile: folder + "/j.csv", atomically: true, encoding: .utf8)
    let fault = #expect(throws: BadInput.self) { try sweep(path, "out").run() }
    #expect(fault?.description.contains("1 of 2 units failed\npoint 2, replication 1 (") == true)
    let status = try sweep(path, "out").status()
    #expect(status.contains("1 of 2 units done\nfailed: point 2, replication 1 (") && status.contains("k.csv"))
    try jobs.write(toFile: folder + "/k.csv", atomically: true, encoding: .utf8)
    #expect(try sweep(path, "out").run().contains("1 unit done, 1 was done before\nwritten: "))
  }

  /// A fault that all units share is reported once, as `pylon run` does, and nothing is written.
  @Test func faultsOfAllUnitsAreReportedOnce() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = try scenario("{grid: {zones.NORTH.pue: [1.1, 1.2], workload.file: [j.csv, k.csv]}}", replications: 3)
    let text = try String(contentsOfFile: path, encoding: .utf8)
      .replacing("workload: {preset: pylon, rate: 3}", with: "workload: {file: j.csv}")
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    let jobs = "job_id,submitted_at,duration_s,required_cpu_cores\na,2020-01-08T00:00Z,3600,4\n"
    func write(_ name: String, _ text: String) throws {
      try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
    }
    func fault(_ work: () throws -> String) -> String {
      do { return "no fault: \(try work())" } catch { return "\(error)" }
    }
    try write("j.csv", jobs.replacing("3600", with: "long"))
    try write("k.csv", jobs.replacing("3600", with: "short"))
    let whole = try sweep(path, "out")
    var slurm = SlurmOptions(program: "pylon")
    slurm.isRehearsal = true
    for text in [fault { try whole.run() }, fault { try whole.submit(slurm) }] {
      for value in ["long", "short"] {
        #expect(text.components(separatedBy: "duration_s: found \"\(value)\"").count == 2, "\(text)")
      }
      #expect(!text.contains("unit") && !FileManager.default.fileExists(atPath: folder + "/out"), "\(text)")
    }
    // One of the two files is read: its units are done, and the fault of the other's six is reported once.
    try write("j.csv", jobs)
    let failed = fault { try sweep(path, "out").run() }
    #expect(failed.hasPrefix("6 of 12 units failed\npoint 2, replication 1 ("), "\(failed)")
    #expect(failed.contains(") and 5 other units: "))
    #expect(failed.components(separatedBy: "duration_s: found \"short\"").count == 2, "\(failed)")
    let status = try sweep(path, "out").status()
    #expect(status.components(separatedBy: "duration_s: found").count == 2, "\(status)")
    #expect(status.components(separatedBy: ": as above").count == 6)
  }

  /// A sweep that grows keeps its units; another scenario has others.
  @Test func unitsKeepTheirIdsWhereTheSweepGrows() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    _ = try sweep(scenario(grid), "out").run()
    let more = try scenario("{grid: {zones.NORTH.pue: [1.1, 1.2, 1.5], workload.rate: [2, 4]}}", replications: 3)
    #expect(try sweep(more, "out").run().contains("6 units done, 12 were done before"))
    let other = try String(contentsOfFile: more, encoding: .utf8).replacing("seed: 7", with: "seed: 8")
    try other.write(toFile: more, atomically: true, encoding: .utf8)
    #expect(try sweep(more, "out").status().contains("0 of 18 units done"))
  }

  /// Each of twenty equal parts of a range has one point, and a further key changes nothing of the others.
  @Test func aLatinHypercubeFillsEveryPartOnce() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let one = "{latin_hypercube: {points: 20, ranges: {zones.NORTH.pue: [1, 2]}}}"
    let three = """
      {latin_hypercube: {points: 20, ranges: {zones.NORTH.pue: [1, 2], workload.rate: {low: 0.01, high: 1, scale: log},
          zones.SOUTH.capacity.gpus: {low: 1, high: 20, whole: true}}}}
      """
    _ = try sweep(scenario(one, replications: 1), "one").run()
    _ = try sweep(scenario(three, replications: 1), "three").run()
    let rows = try table("three").dropFirst().filter { $0.contains("standard") }
    #expect(try table("one").dropFirst().filter { $0.contains("standard") }.map { $0[1] } == rows.map { $0[1] })
    let column = { (place: Int) in rows.compactMap { Double($0[place]) } }
    #expect(column(1).map { Int(($0 - 1) * 20) }.sorted() == Array(0..<20))
    #expect(column(2).map { Int((log10($0) + 2) * 10) }.sorted() == Array(0..<20))
    #expect(column(3).sorted() == (1...20).map { Double($0) })
  }

  @Test func faultsAreToldBeforeAnythingIsRun() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    func fault(_ sweep: String) throws -> String {
      do { _ = try Sweep(path: scenario(sweep), folder: folder + "/out") } catch { return "\(error)" }
      return ""
    }
    let points = try fault("{grid: {zones.NORTH.pue: [0.5, 1, 0.7], workload.rate: [-1, 2]}}")
    #expect(
      points.contains(
        "point 1 and 1 other point: override zones.NORTH.pue=0.5: zones[0].pue: found 0.5, expected a number from 1 to 1,000,000"
      )
    )
    #expect(
      points.contains("point 5 and 1 other point: override zones.NORTH.pue=0.7")
        && points.contains("point 1 and 2 other points: override workload.rate=-1") && !points.contains("point 6"))
    #expect(
      try fault("{grid: {}, list: []}").contains(
        "sweep: found 2 of them, expected a mapping with exactly one of grid, list"))
    #expect(try fault("{latin_hypercube: {points: 0, ranges: {a: [2, 1], b: [1]}}}").split(separator: "\n").count == 3)
    #expect(!FileManager.default.fileExists(atPath: folder + "/out"))
    #expect(
      Shard(text: "0/3") == nil && Shard(text: "4/3") == nil && Shard(text: "1") == nil && Shard(text: "x/2") == nil)
  }
}

/// The overrides of a point of a list, as a command line would have them.
private enum ScenarioPoints {
  static func pairs(of flow: String) throws -> [(key: String, value: String)] {
    var pairs: [(key: String, value: String)] = []
    var depth = 0
    var part = ""
    for character in flow.dropFirst().dropLast() + "," {
      if "{[".contains(character) { depth += 1 }
      if "}]".contains(character) { depth -= 1 }
      if character == ",", depth == 0 {
        let at = try #require(part.firstIndex(of: ":"))
        let key = part[..<at].trimmingCharacters(in: .whitespaces)
        pairs.append((key, part[part.index(after: at)...].trimmingCharacters(in: .whitespaces)))
        part = ""
      } else {
        part.append(character)
      }
    }
    return pairs
  }
}
