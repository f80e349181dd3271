import Foundation
import Testing

/// Input that is meant to do harm: refused with 2 and a message, in a gigabyte of address space and without delay.
@Suite struct HostileTests {
  /// Runs the program with an address space of a gigabyte, of which it maps a third before it reads anything.
  private func confined(_ workshop: Workshop, _ arguments: String) throws -> Outcome {
    try workshop.shell("ulimit -v 1000000; $pylon \(arguments)")
  }

  private func expectRefused(
    _ workshop: Workshop, _ arguments: String, _ message: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let outcome = try confined(workshop, arguments)
    #expect(outcome.error.contains(message), sourceLocation: sourceLocation)
    #expect(outcome.status == 2 && outcome.out.isEmpty, sourceLocation: sourceLocation)
    #expect(outcome.error.utf8.count < 50_000, sourceLocation: sourceLocation)
    workshop.expectNothingWritten(sourceLocation: sourceLocation)
  }

  private static let laughs =
    "a0: &a0 [ha, ha]\n" + (1...60).map { "a\($0): &a\($0) [*a\($0 - 1), *a\($0 - 1)]\n" }.joined()

  @Test(arguments: [
    ("billion laughs", laughs, "more than 100000 values once aliases are expanded, expected a smaller document"),
    ("laughing keys", "? \(laughs)", "s.yaml"),
    (
      "brackets", "name: " + String(repeating: "[", count: 100_000), "found deeper nesting, expected at most 100 levels"
    ),
    ("braces", String(repeating: "{a: ", count: 100_000), "found deeper nesting, expected at most 100 levels"),
    ("dashes", String(repeating: "- ", count: 100_000) + "x", "found deeper nesting, expected at most 100 levels"),
    (
      "spaces", (0..<3000).map { String(repeating: " ", count: $0) + "a:\n" }.joined(),
      "found deeper nesting, expected at most 100 levels"
    ),
    ("itself", "a: &a [*a]\n", "s.yaml"), ("NUL", "name: a\u{0}b\n", "found a forbidden character"),
    ("unknown keys", (0..<50_000).map { "k\($0): 1\n" }.joined(), "more"),
  ]) func yaml(name: String, text: String, message: String) throws {
    let workshop = try Workshop()
    try workshop.write("s.yaml", text)
    try expectRefused(workshop, "run s.yaml --out out", message)
  }

  @Test func yamlThatIsNoText() throws {
    let workshop = try Workshop()
    try workshop.write("s.yaml", Array("name: small\nx: \u{FF}".utf8) + [0xFF, 0xFE])
    try expectRefused(workshop, "run s.yaml --out out", "s.yaml:2: found bytes that are not UTF-8, expected UTF-8 text")
  }

  /// A byte-order mark is none of the text.
  @Test func aMarkBeforeEveryFile() throws {
    let workshop = try Workshop()
    for name in ["s.yaml", "jobs.csv", "carbon.csv"] { try workshop.write(name, "\u{FEFF}" + workshop.read(name)) }
    #expect(try workshop.simulate().status == 0)
  }

  /// A file of a gigabyte without a line end (sparse: zeros that take no room) is given up after a megabyte or so.
  @Test(arguments: [
    ("s.yaml", "run s.yaml --out out", "s.yaml: found more than 8 MB, expected at most 8 MB"),
    ("jobs.csv", "run s.yaml --out out", "jobs.csv:1: found a line longer than 1 MB, expected lines of at most 1 MB"),
    ("jobs.csv", "run s.yaml --out out --set workload.format=swf", "jobs.csv:1: found a line longer than 1 MB"),
    (
      "carbon.csv", "run s.yaml --out out",
      "carbon.csv:1: found a line longer than 1 MB, expected lines of at most 1 MB"
    ),
    ("carbon.csv", "run s.yaml --out out --set grid.carbon.format=json", "carbon.csv: found more than 64 MB"),
    ("big", "run s.yaml --out out --set outputs.outline=big", "big: found more than 64 MB"),
    (
      "big", "run s.yaml --out out --set 'policies=[{operator-manual: {decisions: big}}]'",
      "big:1: found a line longer than 1 MB"
    ),
    (
      "big", "run s.yaml --out out --set 'grid.forecast={model: recorded, file: big}'",
      "big:1: found a line longer than 1 MB"
    ),
    (
      "big",
      "run s.yaml --out out --set 'workload={arrivals: {poisson: {per_hour: 1}}, classes: [{name: a, duration: "
        + "{empirical: {file: big, column: x}}}]}'", "found a line longer than 1 MB at big:1"
    ),
    ("big", "whatif s.yaml --variants big", "big: found more than 8 MB"),
    ("big", "audit big", "big: found no SQLite database"), ("big", "report big", "big: found no SQLite database"),
    ("big", "trace describe big", "big:1: found a line longer than 1 MB"),
    ("big", "workload describe big", "big:1: found a line longer than 1 MB"),
  ]) func aGigabyteWithoutALineEnd(name: String, arguments: String, message: String) throws {
    let workshop = try Workshop()
    #expect(truncate(workshop.path + "/" + name, 0) == 0 || name == "big")
    if name == "big" { try workshop.write("big", "") }
    try #require(truncate(workshop.path + "/" + name, 1 << 30) == 0)
    try expectRefused(workshop, arguments, message)
  }

  @Test(arguments: [
    ("clock.duration=31536000000000000000000000", "clock.duration"), ("clock.duration=1e18", "clock.duration"),
    ("replications=1000000000", "replications: found 1000000000, expected a whole number from 1 to 1,000,000"),
    ("'workload={preset: pylon, rate: 1e300}'", "workload.rate: found 1e300"),
    ("'workload={preset: pylon, jobs: 1e300}'", "workload.jobs: found 1e300"),
    ("'outputs.maps={every: 0.001s}'", "found 86400000 of them, expected at most 10000 instants within the clock"),
    ("'outputs.samples={every: 0.001s}'", "found 86400000 of them, expected at most 5000000 instants within the clock"),
    (
      "'grid.forecast={update: 0.001s}'",
      "found 86400000 of them (forecast.update), expected at most 10000000 forecasts"
    ),
    ("'grid.forecast={horizon: 52000w}'", "found 52000w, expected a time span of at most 3660d"),
    ("grid.price.constant=1e300", "found 1e300"), ("grid.price.constant=-1e300", "found -1e300"),
    ("zones.NORTH.pue=1e300", "found 1e300, expected a number from 1 to 1,000,000"),
    ("zones.NORTH.capacity.cpu_cores=1e300", "found 1e300, expected a number from 0 to 1e12"),
    ("zones.NORTH.idle_kw=1e300", "found 1e300, expected a number from 0 to 1e12"),
    ("workload.memory_gb_per_core=1e300", "jobs.csv:2: memory: found 4e+300 GB in total, expected at most 1e12 GB"),
    ("'interruption={allowed: true, checkpoint_kwh: 1e300}'", "found 1e300, expected kWh as a number from 0 to 1e12"),
    ("name=../../x", "name: found ../../x, expected a name without / (it names a directory)"),
    ("name=/tmp/x", "name: found /tmp/x, expected a name without / (it names a directory)"),
    ("name=..", "name: found .."),
    ("name=" + String(repeating: "x", count: 300), "expected a name of at most 200 bytes"),
    ("clock.duration=370000d", "at most a thousand years"),
    (
      "clock.start=9999-12-31T12:00:00Z",
      "clock: found a clock outside this range, expected a clock within the years 0 to 9999"
    ),
    ("clock.start=0000-01-01T00:00:00+14:00", "clock.start: found 0000-01-01T00:00:00+14:00, expected an instant"),
    (
      "'workload={\(hourly), classes: [{name: a, duration: 1h}]}'",
      "about 24000000000.0 jobs, expected a model of at most 1e8"
    ),
    (
      "'workload={\(batches), classes: [{name: a, duration: 1h}]}'",
      "expected a model of at most 1e8 jobs over the clock"
    ),
    ("'workload={\(slow), classes: [{name: a, duration: 1e300}]}'", "expected a mean of at most a thousand years"),
    (
      "'workload={\(slow), classes: [{name: a, duration: 1h, energy: {base_kwh: 1e300}}]}'",
      "energy.base_kwh: found 1e300, expected kWh from 0 to 1e12"
    ),
    (
      "'workload={\(slow), classes: [{name: a, duration: 1h, weight: 1e308}]}'",
      "weight: found 1e308, expected a number from 0 to 1e12"
    ),
    (
      "'events=[\(String(repeating: "{capacity: {zone: NORTH, at: 1h, factor: 1000}},", count: 5))]'",
      "found factors that give NORTH a larger capacity at 2020-01-06T01:00:00.000Z, expected a capacity of at most 1e15"
    ),
    (
      "'events=[\(String(repeating: "{price: {from: 1h, duration: 1h, factor: 1000}},", count: 120))]'",
      "expected factors with a product of at most 1e6"
    ),
    (
      "'events=[\(String(repeating: "{carbon: {from: 1h, duration: 1h, factor: 1.1}},", count: 200))]'",
      "found carbon factors with a larger product in NORTH at 2020-01-06T01:00:00.000Z"
    ),
  ]) func absurdValues(override: String, message: String) throws {
    try expectRefused(try Workshop(), "run s.yaml --out out --set \(override)", message)
  }

  @Test func aSyntheticGridOfAThousandYears() throws {
    let change = "--set zones=gb-14 --set 'grid.carbon={synthetic: gb-14}' --set clock.duration=52000w"
    try expectRefused(
      try Workshop(), "run s.yaml --out out \(change)", "expected a clock of at most 7320d if the grid is synthetic")
  }

  private static let slow = "arrivals: {poisson: {per_hour: 1}}"
  private static let hourly = "arrivals: {poisson: {per_hour: 1e9}}"
  private static let batches = "arrivals: {poisson: {per_hour: 1}, batch: 1e12}"

  /// Factors one after another are each as they are.
  @Test func factorsThatDoNotMeet() throws {
    let events = "{carbon: {from: 1h, duration: 1h, factor: 1000}}, {carbon: {from: 2h, duration: 1h, factor: 1000}}"
    let outcome = try confined(try Workshop(), "run s.yaml --out out --set 'events=[\(events)]'")
    #expect(outcome.status == 0, "\(outcome.error)")
  }

  @Test func aTraceThatRepeatsForEver() throws {
    let workshop = try Workshop()
    try workshop.write("carbon.csv", "datetime,NORTH,SOUTH\n1000-01-06T00:00:00Z,1,2\n1000-01-06T00:00:00.001Z,1,2\n")
    try expectRefused(
      workshop, "run s.yaml --out out --set grid.carbon.extend=wrap",
      "expected at most 10000000 steps over the clock, and over the forecast's horizon, with extend: wrap")
  }

  /// A drain has no end that is known beforehand.
  @Test func aTraceThatRepeatsUntilALongJobEnds() throws {
    let workshop = try Workshop()
    try workshop.write("carbon.csv", "datetime,NORTH,SOUTH\n2020-01-06T00:00:00Z,1,2\n2020-01-06T00:00:00.001Z,1,2\n")
    try workshop.write("jobs.csv", "job_id,submitted_at,duration_s\na,2020-01-06T00:00Z,1e5\n")
    let change = "--set grid.carbon.extend=wrap --set clock.duration=1h --set grid.forecast.horizon=1h"
    try expectRefused(
      workshop, "run s.yaml --out out \(change)",
      "the last job ends at 2020-01-07T03:46:40.000Z: found 200000006 steps of the traces up to then, expected at most "
        + "100000000 in results.sqlite")
  }

  @Test func aJobOfThirtyThousandYears() throws {
    let workshop = try Workshop()
    try workshop.write("jobs.csv", "job_id,submitted_at,duration_s\na,2020-01-06T00:00Z,1e12\n")
    try expectRefused(
      workshop, "run s.yaml --out out --set 'grid.carbon={constant: 5}'",
      "job number 0 begins at 2020-01-06T00:00:00.000Z and would run past the year 9999")
  }

  /// Nobody waits for who may never write.
  @Test(arguments: ["workload.file", "grid.carbon.file", "outputs.outline", ""]) func aPipe(key: String) throws {
    let workshop = try Workshop()
    #expect(mkfifo(workshop.path + "/pipe", 0o600) == 0)
    if key.isEmpty {
      try expectRefused(workshop, "run pipe --out out", "pipe: found a pipe, expected a file")
    } else {
      try expectRefused(
        workshop, "run s.yaml --out out --set \(key)=pipe", "\(key): found a pipe pipe, expected a file")
    }
  }

  /// 10¹² points from a line of text.
  @Test func aSweepThatExplodes() throws {
    let keys = (0..<12).map { "zones.0.a\($0): [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]" }.joined(separator: ", ")
    try expectRefused(
      try Workshop(), "sweep run s.yaml --out out --set 'sweep={grid: {\(keys)}}'",
      "sweep.grid: found more, expected at most 1000000 points")
  }

  /// One line for each column and expectation, however the cells differ.
  @Test(arguments: [("jobs.csv", "job_id,submitted_at,duration_s"), ("carbon.csv", "datetime,NORTH,SOUTH")])
  func aFileOfFaults(name: String, header: String) throws {
    let workshop = try Workshop()
    try workshop.write(name, header + "\n" + (0..<50_000).map { "x\($0),y\($0),z\n" }.joined())
    let outcome = try confined(workshop, "run s.yaml --out out")
    #expect(outcome.status == 2 && outcome.error.utf8.count < 20_000)
    // Of jobs a last line says how to leave such rows out.
    #expect(outcome.error.split(separator: "\n").count == 3, "\(outcome.error)")
    #expect(outcome.error.contains(/\(50000 lines: 2, 3, 4, …\)\n/))
  }

  @Test(arguments: ["jobs.csv", "carbon.csv"]) func veryManyColumns(name: String) throws {
    let workshop = try Workshop()
    try workshop.write(name, String(repeating: "a,", count: 500_000) + "b\n")
    try expectRefused(workshop, "run s.yaml --out out", "\(name):1: found 500001 columns, expected at most 10000")
  }

  /// Nothing that a terminal obeys, and nothing that hides text, comes out of names and cells.
  @Test func terminalCodes() throws {
    let workshop = try Workshop()
    let odd = "\u{1B}[2J\u{9B}31m\u{202E}\u{2066}\u{7}x"
    try workshop.write("jobs.csv", "job_id,submitted_at,duration_s,home_zone\na,\(odd),1,\(odd)\n")
    try workshop.write("odd.csv", "datetime,\(odd)\n2020-01-01,1\n2020-01-02,2\n")
    try workshop.write("s2.yaml", "name: \"\\e[2J\"\n\"\\e[31m\\u202e\": 1\n")
    let shown = "\\u{1B}[2J\\u{9B}31m\\u{202E}\\u{2066}\\u{7}x"
    for (arguments, part) in [
      ("run s.yaml --out out", "jobs.csv:2: submitted_at: found \"\(shown)\""), ("trace describe odd.csv", shown),
      ("validate s2.yaml", "\\u{1B}[31m\\u{202E}: found an unknown key"),
      ("explain '\(odd)' \(odd)", shown), ("run '\(odd)'", shown), ("\(odd)", shown),
    ] {
      let outcome = try workshop.shell("$pylon \(arguments.replacing("\u{7}", with: "\u{7}"))")
      let text = outcome.out + outcome.error
      #expect(text.contains(part), "\(arguments): \(text)")
      #expect(!text.unicodeScalars.contains { [0x1B, 0x9B, 0x202E, 0x2066, 7].contains($0.value) })
    }
  }

  /// Texts that a spreadsheet would take for formulas have an apostrophe before them in every file, and read back as
  /// they were.
  @Test func formulasInCells() throws {
    let workshop = try Workshop()
    let ids = ["=cmd|' /C calc'!A0", "+1+2", "-2+3", "@SUM(1)", "\tx", "\rx", "'=x", "''+x", "'plain", "a=b", " y "]
    let rows = ids.enumerated().map { place, id in
      "\"\(id)\",2020-01-06T0\(place % 10):00Z,60,\"\(id)\",\"\(id)\"\n"
    }
    try workshop.write("jobs.csv", "job_id,submitted_at,duration_s,user_id,workload_name\n" + rows.joined())
    #expect(try workshop.run(["workload", "import", "jobs.csv", "--out", "again.csv"]).status == 0)
    #expect(try workshop.run(["workload", "import", "again.csv", "--out", "third.csv"]).status == 0)
    let written = try workshop.read("again.csv")
    #expect(try workshop.read("third.csv") == written)
    #expect(!written.contains(/(^|,)"?[=+@\t\r-]/.anchorsMatchLineEndings()))
    #expect(
      written.contains("\"'=cmd|' /C calc'!A0\"") && written.contains("\"'=x\"") && written.contains("\"''+x\"")
        && written.contains("'plain,"))
    #expect(try workshop.simulate().status == 0)
    #expect(try workshop.run(["run", "s.yaml", "--out", "out2", "--set", "workload.file=again.csv"]).status == 0)
    #expect(try workshop.read("out/jobs.csv") == workshop.read("out2/jobs.csv"))
    #expect(!(try workshop.read("out/jobs.csv").contains(/,"?[=+@\t\r]/)))
    // The table has the texts themselves.
    let told = try workshop.run(["explain", "out2/results.sqlite", "'+x"])
    #expect(told.status == 0 && told.out.contains("'+x"))
  }
}
