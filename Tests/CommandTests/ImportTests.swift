import Foundation
import Testing

/// `pylon trace` and `pylon workload`.
@Suite struct ImportTests {
  private static let upload =
    "workload_name,workload_type,urgency,required_cpu_cores,required_memory_gb,required_gpu_mins,estimated_energy_kwh,"
    + "carbon_cap_gco2,max_price_gbp,deferral_window_mins,deadline\n"

  /// The documented line that converts a GAIA file; what it makes runs.
  @Test func gaiaBecomesCanonicalAndRuns() throws {
    let workshop = try Workshop()
    try workshop.write("pai.csv", "arrival_time,length,cpus\n0.0,600.0,1\n50.0,300.0,2\n100.0,1200.0,3\n100.0,60.0,9\n")
    let outcome = try workshop.run([
      "workload", "import", "pai.csv", "--time-unit", "s", "--zones", "s.yaml", "--home-zones", "round-robin",
      "--fit-to",
      "20h", "--memory-gb-per-core", "2", "--out", "jobs.csv",
    ])
    #expect(outcome.status == 0 && outcome.error.isEmpty)
    #expect(
      outcome.out
        == "pai.csv: 4 jobs, the last submitted at 2020-01-06T19:59:59.000Z\nnote: the file has no estimates: "
        + "each job's run time is its estimate, so policies know exactly how long each job takes: results that depend on "
        + "estimates are too good\nwritten: jobs.csv\n")
    let lines = try workshop.read("jobs.csv").split(separator: "\n")
    #expect(lines.count == 5)
    #expect(lines[1] == "gaia-1,2020-01-06T00:00:00.000Z,,OTHER,MEDIUM,,1,2,0,600,600,,,,,120,,NORTH")
    #expect(lines[2] == "gaia-2,2020-01-06T09:59:59.500Z,,OTHER,MEDIUM,,2,4,0,300,300,,,,,120,,SOUTH")
    #expect(lines[3].hasPrefix("gaia-3,2020-01-06T19:59:59.000Z,") && lines[3].hasSuffix(",NORTH"))
    #expect(try workshop.simulate().status == 0)
    #expect(try workshop.read("out/metrics.csv").contains("standard,1,0,4,3,1,"))
    // The same file directly, and the canonical one converted again: nothing changes.
    let again = try workshop.run(["workload", "import", "jobs.csv", "--zones", "s.yaml", "--out", "again.csv"])
    #expect(again.status == 0)
    #expect(try workshop.read("again.csv") == workshop.read("jobs.csv"))
    #expect(
      try workshop.simulate("--set", "workload.file=pai.csv", "--set", "workload.time_unit=s").status == 0)
  }

  /// What cannot be told as text is not written wrong.
  @Test(arguments: [[], ["--fit-to", "52000w"]]) func submissionsPastTheCalendar(more: [String]) throws {
    let workshop = try Workshop()
    try workshop.write("n.csv", "job_id,submitted_at,duration_s\na,2020-01-06T00:00Z,5\nb,2020-01-07T00:00Z,5\n")
    let outcome = try workshop.run(
      ["workload", "import", "n.csv", "--start", "9999-12-31", "--out", "w.csv"] + more)
    #expect(outcome.status == 2 && outcome.error.contains("found submissions past the years 0 to 9999"))
    #expect(try !workshop.names().contains("w.csv"))
  }

  @Test func theBatchUploadBecomesCanonical() throws {
    let workshop = try Workshop()
    try workshop.write(
      "up.csv", ImportTests.upload + "\"a, b\",FINE_TUNING,LOW,2,8,30,3,,,60,2020-01-06T12:00Z\nc,BATCH,,1,1,,,,,,\n")
    let outcome = try workshop.run(["workload", "import", "up.csv", "--zones", "s.yaml", "--out", "jobs.csv"])
    #expect(
      outcome.out.contains("note: 1 job without GPU minutes: the type's usual duration is used"))
    let lines = try workshop.read("jobs.csv").split(separator: "\n")
    #expect(
      lines[1] == "row-1,2020-01-06T00:00:00.000Z,\"a, b\",FINE_TUNING,LOW,,2,8,1,1800,1800,3,,,,60,"
        + "2020-01-06T12:00:00.000Z,")
    #expect(lines[2].hasPrefix("row-2,2020-01-06T00:00:00.000Z,c,BATCH,MEDIUM,,1,1,0,10800,10800,"))
    let run = try workshop.simulate("--set", "workload.file=up.csv")
    #expect(run.status == 0 && run.out.contains("note: 1 job without GPU minutes"))
  }

  @Test func everyTraceBecomesCanonicalAndRuns() throws {
    let workshop = try Workshop()
    let rows = (0..<49).map { "2020-01-0\($0 / 48 + 6),\($0 % 48 + 1),\(100 + $0)\n" }.joined()
    try workshop.write("price.csv", "settlement_date,settlement_period,system_sell_price\n" + rows)
    let first = try workshop.run([
      "trace", "import", "price.csv", "--kind", "price", "--zones", "s.yaml", "--out", "wide.csv",
    ])
    #expect(first.status == 0 && first.out == "price.csv: 2 zones, 98 steps\nwritten: wide.csv\n")
    #expect(try workshop.read("wide.csv").hasPrefix("datetime,NORTH,SOUTH\n2020-01-06T00:00:00.000Z,0.1,0.1\n"))
    for source in ["{file: price.csv}", "{file: wide.csv}", "{file: wide.csv, zone: NORTH}"] {
      #expect(try workshop.simulate("--set", "grid.price=\(source)").status == 0, "\(source)")
    }
    let told = try workshop.simulate("--set", "grid.price={file: wide.csv, zone: NORTH, all_zones: true}")
    #expect(
      told.status == 2
        && told.error == "pylon: --set grid.price={file: wide.csv, zone: NORTH, all_zones: true}: "
          + "grid.price.zone: found both, expected either zone or all_zones\n"
    )
  }

  /// Series of different stamps cannot share the lines of a wide file.
  @Test func unlikeSeriesBecomeLong() throws {
    let workshop = try Workshop()
    try workshop.write(
      "long.csv",
      "datetime,zone,carbon_intensity\n2020-01-06T00:00Z,A,1\n2020-01-06T01:00Z,A,2\n"
        + "2020-01-06T00:30Z,B,3.5\n2020-01-06T01:30Z,B,4\n")
    #expect(try workshop.run(["trace", "import", "long.csv", "--out", "c.csv"]).status == 0)
    #expect(
      try workshop.read("c.csv") == "datetime,zone,carbon_intensity\n2020-01-06T00:00:00.000Z,A,1\n"
        + "2020-01-06T01:00:00.000Z,A,2\n2020-01-06T00:30:00.000Z,B,3.5\n2020-01-06T01:30:00.000Z,B,4\n")
  }

  @Test func describesTraces() throws {
    let workshop = try Workshop()
    // A wave of a day, hourly over 15 days: exactly itself a day later, and cos(15°) of it an hour later.
    let rows = (0..<360).map { hour in
      "\(1_578_268_800 + hour * 3600),\(100 + 50 * cos(Double(hour) * .pi / 12)),\(hour % 2)\n"
    }
    try workshop.write("w.csv", "time,wave,odd\n" + rows.joined())
    let outcome = try workshop.run(["trace", "describe", "w.csv"])
    #expect(outcome.status == 0)
    let lines = outcome.out.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    #expect(lines[1].prefix(7) == ["wave", "2020-01-06", "00:00", "UTC", "2020-01-21", "00:00", "UTC"])
    #expect(lines[1].dropFirst(7).prefix(4) == ["60", "360", "0", "100.0"])
    #expect(lines[1].suffix(5) == ["0.00", "0.00", "0.966", "1.000", "1.000"])
    #expect(lines[2].suffix(5) == ["50.00", "0.00", "-1.000", "1.000", "1.000"])
  }

  @Test func describesWorkloads() throws {
    let workshop = try Workshop()
    let outcome = try workshop.run(["workload", "describe", "jobs.csv"])
    #expect(outcome.status == 0)
    func value(_ name: String) -> String? {
      outcome.out.split(separator: "\n").first { $0.hasPrefix(name) }?.split(separator: "  ").last
        .map { $0.trimmingCharacters(in: .whitespaces) }
    }
    #expect(value("jobs") == "3" && value("mean gap s") == "1800.0" && value("with a deadline") == "1")
    #expect(value("duration s: mean") == "3000.0" && value("CPU cores: p50") == "4.0, 7.2, 7.9, 8.0")
    // 4 cores for an hour, 8 for one, 2 for half of one.
    #expect(value("core hours") == "13.0")
  }

  @Test func faultsOfTheCommands() throws {
    let workshop = try Workshop()
    try workshop.write("pai.csv", "arrival_time,length,cpus\n0,1,1\n")
    for (arguments, message) in [
      (
        ["workload", "import", "pai.csv", "--out", "x.csv"],
        "pylon: pai.csv:1: found times without a unit, expected time_unit: s | h (GAIA has both)\n"
      ),
      (
        ["workload", "import", "jobs.csv", "--home-zones", "round-robin", "--out", "x.csv"],
        "pylon: --home-zones: found round-robin without zones, expected --zones SCENARIO.yaml\n"
      ),
      (
        ["workload", "import", "jobs.csv", "--fit-to", "soon", "--out", "x.csv"],
        "pylon: --fit-to: found \"soon\", expected a time span of more than a second such as 21d\n"
      ),
      (
        ["workload", "describe", "jobs.csv", "--start", "soon"],
        "pylon: --start: found \"soon\", expected an ISO 8601 time, recorded, clock or first\n"
      ),
      (
        ["trace", "import", "nowhere.csv", "--out", "x.csv"],
        "pylon: nowhere.csv: found no such file, expected a file that can be read\n"
      ),
      (
        ["trace", "describe", "jobs.csv"],
        "pylon: jobs.csv:1: found job_id, submitted_at, duration_s, required_cpu_cores, deadline, "
          + "estimated_energy_kwh, expected a column datetime or Time (time: selects another)\n"
      ),
    ] {
      let outcome = try workshop.run(arguments)
      #expect(outcome.status == 2 && outcome.error == message && outcome.out.isEmpty)
    }
    let full = try workshop.run(["trace", "import", "carbon.csv", "--out", "s.yaml/x.csv"])
    #expect(full.status == 3 && full.error == "pylon: cannot write to s.yaml: Not a directory\n")
    #expect(!FileManager.default.fileExists(atPath: workshop.path + "/x.csv"))
  }
}
