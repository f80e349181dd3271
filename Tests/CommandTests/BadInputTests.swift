import Foundation
import Testing

/// The line behind faults of a row.
private let badRow =
  "\njobs.csv: 1 row is not a job; bad_rows: skip (--bad-rows skip) leaves such rows out and counts them"

/// Contract §6: bad input leaves with 2, tells file, line, key, what was found and expected, and writes nothing.
@Suite struct BadInputTests {
  private func expectRefused(
    _ workshop: Workshop, _ message: String, _ more: String..., sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let outcome = try workshop.run(["run", "s.yaml", "--out", "out"] + more)
    #expect(outcome.error == "pylon: \(message)\n", sourceLocation: sourceLocation)
    #expect(outcome.status == 2 && outcome.out.isEmpty, sourceLocation: sourceLocation)
    workshop.expectNothingWritten(sourceLocation: sourceLocation)
  }

  @Test func theSmallScenarioRuns() throws {
    let workshop = try Workshop()
    let outcome = try workshop.simulate()
    #expect(outcome.status == 0 && outcome.error.isEmpty)
    #expect(outcome.out.contains("greedy-lowest-carbon     3"))
    #expect(try workshop.names("out") == ["jobs.csv", "metrics.csv", "plots", "results.sqlite", "zones.csv"])
  }

  @Test(arguments: [
    ("s.yaml", "s.yaml: found no such file, expected a scenario"),
    ("carbon.csv", "s.yaml:7: grid.carbon.file: found no such file carbon.csv, expected a file that can be read"),
    ("jobs.csv", "s.yaml:9: workload.file: found no such file jobs.csv, expected a file that can be read"),
  ]) func aMissingFile(name: String, message: String) throws {
    let workshop = try Workshop()
    try FileManager.default.removeItem(atPath: workshop.path + "/" + name)
    try expectRefused(workshop, message)
  }

  @Test func aFileThatWasProbablyMeant() throws {
    let workshop = try Workshop()
    try expectRefused(
      workshop,
      "--set workload.file=job.csv: workload.file: found no such file job.csv, expected a file that can be read; "
        + "did you mean jobs.csv?", "--set", "workload.file=job.csv")
  }

  /// One mistake in 103 rows is one message.
  @Test func aWrongZoneInManyRows() throws {
    let workshop = try Workshop()
    let rows = (0..<103).map { "j\($0),2020-01-06T00:00:00Z,60,SUOTH\n" }.joined()
    try workshop.write("jobs.csv", "job_id,submitted_at,duration_s,home_zone\n" + rows)
    try expectRefused(
      workshop,
      "jobs.csv:2: home_zone: found \"SUOTH\", expected a zone's id, code, name or alias; did you mean SOUTH? "
        + "(103 lines: 2, 3, 4, …)\njobs.csv: 103 rows are not jobs")
  }

  @Test func aWrongKeyInEveryZone() throws {
    let workshop = try Workshop()
    try workshop.write("s.yaml", try workshop.read("s.yaml").replacing("lng:", with: "lon:"))
    try expectRefused(
      workshop,
      "s.yaml:4: zones[0].coordinates.lon: found an unknown key, expected one of lat, lng; did you mean lng? "
        + "(2 lines: 4, 5)")
  }

  @Test(arguments: [
    ("rnu s.yaml", "did you mean run?"), ("trace descrbe x", "did you mean describe?"),
    ("workloads describe x", "did you mean workload?"),
  ]) func aCommandThatDoesNotExist(line: String, hint: String) throws {
    let outcome = try Workshop().run(line.split(separator: " ").map(String.init))
    #expect(outcome.status == 2 && outcome.error.contains(hint), "\(outcome.error)")
  }

  /// A NUL character in a text that is read, in every kind of input.
  @Test(arguments: [
    ("s.yaml", "name: small", "name: \"sm\\0all\"", "s.yaml:1: name: found a NUL character in \"sm\\u{0}all\""),
    ("s.yaml", "code: NORTH", "code: \"NORTH\\x00\"", "s.yaml:4: zones[0].code: found a NUL character"),
    ("jobs.csv", "job_id", "job\0_id", "jobs.csv:1: field 1: found a NUL character (…\"job\\u{0}\")"),
    ("carbon.csv", "NORTH", "NOR\0TH", "carbon.csv:1: field 2: found a NUL character"),
  ]) func aNULCharacter(name: String, old: String, new: String, message: String) throws {
    let workshop = try Workshop()
    try workshop.change(name, old, new)
    let outcome = try workshop.simulate()
    #expect(outcome.status == 2 && outcome.error.hasPrefix("pylon: " + message), "\(outcome.error)")
    #expect(outcome.error.contains("expected text without it"))
    workshop.expectNothingWritten()
  }

  @Test func aNULCharacterInACell() throws {
    let workshop = try Workshop()
    try workshop.write("jobs.csv", "job_id,submitted_at,duration_s,user_id\na,2020-01-06T00:00:00Z,60,u\0x\n")
    try expectRefused(
      workshop,
      "jobs.csv:2: user_id: found a NUL character (…\"01-06T00:00:00Z,60,u\\u{0}\"), expected text without it")
  }

  /// Names that become paths are compared by bytes: a combining mark makes `/` another character, not another path.
  @Test func aNameThatLeavesTheFolder() throws {
    let workshop = try Workshop()
    try workshop.change("s.yaml", "name: small", "name: \"../\\u0301x\"")
    try expectRefused(
      workshop, "s.yaml:1: name: found \"../\u{301}x\", expected a name without / (it names a directory)")
  }

  @Test(arguments: [
    ("s.yaml", "s.yaml: found an empty file, expected a scenario"),
    ("carbon.csv", "carbon.csv: found an empty file, expected a header line"),
    ("jobs.csv", "jobs.csv: found an empty file, expected a header line"),
  ]) func anEmptyFile(name: String, message: String) throws {
    let workshop = try Workshop()
    try workshop.write(name, "")
    try expectRefused(workshop, message)
  }

  @Test(arguments: [
    ("s.yaml", "s.yaml: found a directory, expected a scenario file"),
    ("carbon.csv", "s.yaml:7: grid.carbon.file: found a directory carbon.csv, expected a file that can be read"),
    ("jobs.csv", "s.yaml:9: workload.file: found a directory jobs.csv, expected a file that can be read"),
  ]) func aDirectoryInTheWayOfInput(name: String, message: String) throws {
    let workshop = try Workshop()
    try FileManager.default.removeItem(atPath: workshop.path + "/" + name)
    try FileManager.default.createDirectory(
      atPath: workshop.path + "/" + name, withIntermediateDirectories: false)
    try expectRefused(workshop, message)
  }

  @Test(
    arguments: [
      (
        "name: small", "nmae: small",
        "s.yaml:1: nmae: found an unknown key, expected one of name, seed, clock, zones, grid, workload, policies, "
          + "baseline, replications, drain, caps, interruption, outputs, until, checks, sweep, events, warm_up, "
          + "requirements, currency; did you mean name?"
      ),
      (
        "duration: 1d", "duration: soon",
        "s.yaml:2: clock.duration: found soon, expected a time span > 0 with a unit, such as 7d, 48h or 30m"
      ),
      (
        "duration: 1d", "duration: -1d",
        "s.yaml:2: clock.duration: found -1d, expected a time span > 0 with a unit, such as 7d, 48h or 30m"
      ),
      (
        "gpus: 2}}\n  -", "gpus: .nan}}\n  -",
        "s.yaml:4: zones[0].capacity.gpus: found .nan, expected a number from 0 to 1e12"
      ),
      (
        "constant: 0.2", "constant: NaN",
        "s.yaml:8: grid.price.constant: found NaN, expected a price per kWh, a finite number"
      ),
      (
        "{cpu_cores: 8, memory_gb: 32, gpus: 2}}\n  -", "{cpu_cores: 0, memory_gb: 0}}\n  -",
        "s.yaml:4: zones[0].capacity: found zero capacity, expected cpu_cores, memory_gb or gpus above 0"
          + " (an outage without an end closes a zone: events.+={outage: {zone: CODE, from: 0h}})"
      ),
      (
        "policies: [standard, ", "policies: [standrad, ",
        "s.yaml:10: policies[0]: found standrad, expected one of POLICIES; did you mean standard?"
      ),
    ] as [(String, String, String)]) func theScenario(old: String, new: String, message: String) throws
  {
    let workshop = try Workshop()
    try workshop.change("s.yaml", old, new)
    // The message lists what `pylon policies` does.
    let names = try workshop.run(["policies"]).out.split(separator: "\n").map { $0.prefix { $0 != ":" } }
    #expect(names.first == "standard")
    try expectRefused(workshop, message.replacing("POLICIES", with: names.joined(separator: ", ")))
  }

  @Test(
    arguments: [
      (
        "a,2020-01-06T00:00Z,3600", "a,2020-01-06T00:00Z,-5",
        "jobs.csv:2: duration_s: found \"-5\", expected a number from 0 to 1e12" + badRow
      ),
      (
        "a,2020-01-06T00:00Z,3600", "a,2020-01-06T00:00Z,0",
        "jobs.csv:2: duration_s: found \"0\", expected a number > 0" + badRow
      ),
      (
        "b,2020", "a,2020",
        "jobs.csv:3: job_id: found \"a\" on lines 2 and 3, expected a unique id" + badRow
      ),
      (
        "2020-01-06T06:00Z", "2020-01-06T00:29Z",
        "jobs.csv:3: deadline: found \"2020-01-06T00:29Z\", expected a time at or after submitted_at" + badRow
      ),
      (
        ",,1\n", ",,NaN\n",
        "jobs.csv:4: estimated_energy_kwh: found \"NaN\", expected a number from 0 to 1e12" + badRow
      ),
      (
        "required_cpu_cores", "required_cpu_core",
        "jobs.csv:1: required_cpu_core: found an unknown column, expected a known one: did you mean "
          + "required_cpu_cores? (columns: {required_cpu_cores: required_cpu_core} reads it, "
          + "ignore: [required_cpu_core] leaves it out)"
      ),
    ] as [(String, String, String)]) func theJobs(old: String, new: String, message: String) throws
  {
    let workshop = try Workshop()
    try workshop.change("jobs.csv", old, new)
    try expectRefused(workshop, message)
  }

  @Test(
    arguments: [
      (
        "datetime,NORTH,SOUTH", "datetime,NORTH,SUOTH",
        "carbon.csv:1: SOUTH: found no column for this zone; the columns are NORTH, SUOTH, expected a column named "
          + "SOUTH, its id or an alias"
      ),
      (",102,", ",NaN,", "carbon.csv:4: NORTH: found \"NaN\", expected a number, or gaps: hold | interpolate"),
      (",102,", ",-1,", "carbon.csv:4: NORTH: found \"-1\", expected an intensity of at least 0, or clip: true"),
      (
        "2020-01-06T02:00Z,102,198\n", "",
        "carbon.csv:4: NORTH: found nothing between 2020-01-06T01:00:00.000Z and 2020-01-06T03:00:00.000Z, expected a "
          + "step every 60 minutes, or gaps: hold | interpolate\n"
          + "carbon.csv:4: SOUTH: found nothing between 2020-01-06T01:00:00.000Z and 2020-01-06T03:00:00.000Z, "
          + "expected a step every 60 minutes, or gaps: hold | interpolate"
      ),
      (
        "2020-01-06T23:00Z,123,177\n", "",
        "carbon.csv: zone NORTH: found 2020-01-06T00:00:00.000Z to 2020-01-06T23:00:00.000Z, expected at least the "
          + "clock's 2020-01-06T00:00:00.000Z to 2020-01-07T00:00:00.000Z, or extend: hold | wrap\n"
          + "carbon.csv: zone SOUTH: found 2020-01-06T00:00:00.000Z to 2020-01-06T23:00:00.000Z, expected at least the "
          + "clock's 2020-01-06T00:00:00.000Z to 2020-01-07T00:00:00.000Z, or extend: hold | wrap"
      ),
    ] as [(String, String, String)]) func theTrace(old: String, new: String, message: String) throws
  {
    let workshop = try Workshop()
    try workshop.change("carbon.csv", old, new)
    try expectRefused(workshop, message)
  }

  @Test(arguments: [("s.yaml", 11), ("carbon.csv", 26), ("jobs.csv", 5)]) func bytesThatAreNotUTF8(
    name: String, line: Int
  ) throws {
    let workshop = try Workshop()
    try workshop.write(name, Array(try workshop.read(name).utf8) + [0x61, 0xFF, 10])
    let remedy = name == "s.yaml" ? "" : " (if it is Latin-1: iconv -f latin1 -t utf-8 FILE > OUT.csv)"
    try expectRefused(workshop, "\(name):\(line): found bytes that are not UTF-8, expected UTF-8 text\(remedy)")
  }

  @Test func everyFaultOfEveryFileIsToldAtOnce() throws {
    let workshop = try Workshop()
    try workshop.change("jobs.csv", "3600,8", "0,8")
    try workshop.change("carbon.csv", ",102,", ",x,")
    try expectRefused(
      workshop,
      "carbon.csv:4: NORTH: found \"x\", expected a number\njobs.csv:3: duration_s: found \"0\", expected a "
        + "number > 0" + badRow)
  }

  @Test func overridesAreToldAsSuch() throws {
    let workshop = try Workshop()
    try expectRefused(
      workshop,
      "--set output.maps=none: output: found an unknown key, expected one of name, seed, clock, zones, "
        + "grid, workload, policies, baseline, replications, drain, caps, interruption, outputs, until, checks, sweep, events, warm_up, "
        + "requirements, currency; "
        + "did you mean outputs?", "--set", "output.maps=none")
    #expect(try workshop.simulate("--set", "outputs.maps=none", "--set", "outputs.charts=none").status == 0)
    #expect(try workshop.names("out/plots").isEmpty)
  }

  @Test func wrongUsage() throws {
    let workshop = try Workshop()
    for arguments in [["run"], ["run", "s.yaml", "--sead", "1"], ["fly"], ["run", "s.yaml", "--set", "x"]] {
      let outcome = try workshop.run(arguments)
      #expect(outcome.status == 2 && outcome.out.isEmpty && outcome.error.hasPrefix("Error: "), "\(arguments)")
    }
    #expect(try workshop.run(["--version"]).status == 0)
    #expect(try workshop.run(["run", "--help"]).status == 0)
  }
}
