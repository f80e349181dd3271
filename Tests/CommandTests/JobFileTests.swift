import Foundation
import Testing

/// Job files of others through the program: its options, its notes and its exit status.
@Suite struct JobFileTests {
  private static let swf =
    "; Version: 2.2\n1 1700000000 10 5400 8 -1 -1 8 7200 -1 1 1 1 1 1 1 -1 -1\n"
    + "2 1700003600 5 600 4 -1 -1 4 900 -1 1 2 1 1 1 1 -1 -1\n"

  /// A log of Unix times runs from the clock's start on, whatever `start` says of second 0, and is imported alike.
  @Test func aLogOfUnixTimesRunsAndIsImported() throws {
    let workshop = try Workshop()
    try workshop.write("e.swf", JobFileTests.swf)
    let run = try workshop.simulate("--set", "workload={file: e.swf, start: clock}")
    #expect(run.status == 0 && run.out.contains("note: the log's first submission (second 1700000000) was put at"))
    let jobs = try workshop.read("out/jobs.csv")
    #expect(jobs.contains("2020-01-06T00:00:00.000Z") && jobs.contains("2020-01-06T01:00:00.000Z"))
    for start in ["2025-03-10", "first", "clock"] {
      let zones = start.count > 5 ? [] : ["--zones", "s.yaml"]
      let outcome = try workshop.run(["workload", "import", "e.swf", "--out", "i.csv", "--start", start] + zones)
      #expect(outcome.status == 0)
      let rows = try workshop.read("i.csv").split(separator: "\n")
      let day = start.count > 5 ? "2025-03-10" : "2020-01-06"
      #expect(rows[1].hasPrefix("swf-1,\(day)T00:00:00.000Z") && rows[2].hasPrefix("swf-2,\(day)T01:00:00.000Z"))
    }
    let lost = try workshop.run(["workload", "describe", "e.swf", "--start", "first"])
    #expect(lost.status == 2)
    #expect(
      lost.error.hasPrefix("pylon: --start: found first, which is the start of a scenario's clock, expected --zones"))
  }

  /// The calendar of a log is kept, unless a clock is asked for.
  @Test func theCalendarOfALog() throws {
    let workshop = try Workshop()
    try workshop.write(
      "h.swf",
      "; UnixStartTime: 1027839845\n; TimeZoneString: Europe/Stockholm\n1 0 10 5400 8 -1 -1 8 7200 -1 1 1 1 1 1 1 -1 -1\n"
        + "2 3600 5 600 4 -1 -1 4 900 -1 1 2 1 1 1 1 -1 -1\n")
    let lines = try workshop.run(["workload", "describe", "h.swf"]).out.split(separator: "\n")
    #expect(lines[2].hasSuffix("2002-07-28T07:04:05.000Z") && lines[3].hasSuffix("2002-07-28T08:04:05.000Z"))
    _ = try workshop.run(["workload", "import", "h.swf", "--out", "i.csv"])
    #expect(try workshop.read("i.csv").contains("swf-2,2002-07-28T08:04:05.000Z"))
    _ = try workshop.run(["workload", "import", "h.swf", "--out", "i.csv", "--zones", "s.yaml"])
    #expect(try workshop.read("i.csv").contains("swf-2,2020-01-06T01:00:00.000Z"))
    _ = try workshop.run(["workload", "import", "h.swf", "--out", "i.csv", "--zones", "s.yaml", "--start", "recorded"])
    #expect(try workshop.read("i.csv").contains("swf-2,2002-07-28T08:04:05.000Z"))
  }

  /// A file of which not one job would run is refused; one without rows is an empty workload.
  @Test func noJobWithinTheClock() throws {
    let workshop = try Workshop()
    try workshop.write("late.csv", "job_id,submitted_at,duration_s\na,2021-01-01,60\nb,2021-01-02,60\n")
    let late = try workshop.simulate("--set", "workload.file=late.csv")
    #expect(
      late.status == 2
        && late.error == "pylon: late.csv: found 2 jobs, submitted from 2021-01-01 00:00 UTC to 2021-01-02 00:00 UTC, "
          + "expected some within the clock, from 2020-01-06 00:00 UTC to 2020-01-07 00:00 UTC; start: first (or clock) "
          + "moves the first submission to the clock's start\n"
    )
    workshop.expectNothingWritten()
    #expect(try workshop.simulate("--set", "workload={file: late.csv, start: first}").status == 0)
    try workshop.write("idle.csv", "job_id,submitted_at,duration_s\na,2020-01-06,0\n")
    let idle = try workshop.simulate("--set", "workload={file: idle.csv, bad_rows: skip}")
    #expect(idle.status == 2 && idle.error.contains("idle.csv: found no job (1 row that is not a job was left out"))
    try workshop.write("empty.csv", "job_id,submitted_at,duration_s\n")
    let empty = try workshop.simulate("--set", "workload.file=empty.csv")
    #expect(empty.status == 0 && empty.out.contains("note: empty.csv has no jobs"))
  }

  /// A table is read alike by the scenario's keys and by the command's options.
  @Test func aTableByKeysAndByOptions() throws {
    let workshop = try Workshop()
    try workshop.write(
      "t.csv",
      "name;cpu_milli;mem_mb;begin;end;hours;junk\n"
        + "a;1500;2048;2020-01-06T01:00:00;2020-01-06 02:30:00;2,5;x\nb;1000;NA;2020-01-06T02:00:00;-;1;x\n")
    let keys =
      "{file: t.csv, columns: {job_id: name, required_cpu_cores: {column: cpu_milli, unit: milli}, submitted_at: begin, "
      + "required_memory_gb: {column: mem_mb, unit: MB}, duration_s: {column: hours, unit: h}, actual_duration_s: "
      + "{from: begin, to: end}}, null: [NA, \"-\"], ignore: [junk], time_zone: Europe/Berlin, decimal: \",\"}"
    #expect(try workshop.simulate("--set", "workload=\(keys)").status == 0)
    let outcome = try workshop.run([
      "workload", "import", "t.csv", "--out", "i.csv", "--column", "job_id=name", "--column",
      "required_cpu_cores={column: cpu_milli, unit: milli}", "--column", "submitted_at=begin", "--column",
      "required_memory_gb={column: mem_mb, unit: MB}", "--column", "duration_s={column: hours, unit: h}", "--column",
      "actual_duration_s={from: begin, to: end}", "--null", "NA", "--null", "-", "--ignore", "junk", "--time-zone",
      "Europe/Berlin", "--decimal", ",", "--separator", ";",
    ])
    #expect(
      outcome.status == 0
        && outcome.out == "t.csv: 2 jobs, the last submitted at 2020-01-06T01:00:00.000Z\nwritten: i.csv\n",
      "\(outcome)")
    let rows = try workshop.read("i.csv").split(separator: "\n")
    #expect(rows[1].hasPrefix("a,2020-01-06T00:00:00.000Z,,OTHER,MEDIUM,,1.5,2,0,9000,5400,"))
    #expect(rows[2].hasPrefix("b,2020-01-06T01:00:00.000Z,,OTHER,MEDIUM,,1,0,0,3600,3600,"))
    #expect(try workshop.read("out/jobs.csv").contains("2020-01-06T00:00:00.000Z"))
  }

  @Test(arguments: [
    (["--column", "cores"], "--column: found \"cores\", expected OURS=THEIRS"),
    (["--column", "cores=x"], "--column: columns.cores: found an unknown key"),
    (
      ["--column", "duration_s={column: x, unit: weeks}"],
      "columns.duration_s.unit: found weeks, expected one of ns, us"
    ),
    (["--separator", ":"], "--separator: separator: found :, expected one of"),
    (["--decimal", "x"], "--decimal: decimal: found x, expected \",\" or \".\""),
    (["--bad-rows", "drop"], "--bad-rows: bad_rows: found drop, expected one of error, skip"),
    (["--time-zone", "Berlin"], "time_zone: found \"Berlin\", expected a time zone of the IANA database"),
    (["--column", "duration_s={from: a}"], "columns.duration_s.to: found no such key"),
  ]) func faultsOfTheOptions(arguments: [String], message: String) throws {
    let workshop = try Workshop()
    let outcome = try workshop.run(["workload", "describe", "jobs.csv"] + arguments)
    #expect(outcome.status == 2 && outcome.error.contains(message), "\(outcome)")
  }

  @Test func sacctIsImported() throws {
    let workshop = try Workshop()
    try workshop.write(
      "sacct.txt",
      "JobIDRaw|JobName|User|Submit|Start|End|ElapsedRaw|TimelimitRaw|AllocCPUS|ReqMem|State\n"
        + "7|a \"b|ann|2025-03-03T02:11:12|2025-03-03T02:12:00|2025-03-03T02:13:00|60|5|8|2Gc|COMPLETED\n"
        + "7.batch|batch||2025-03-03T02:12:00|2025-03-03T02:12:00|2025-03-03T02:13:00|60||8||COMPLETED\n")
    let outcome = try workshop.run([
      "workload", "import", "sacct.txt", "--out", "i.csv", "--time-zone", "America/New_York",
    ])
    #expect(outcome.status == 0 && outcome.out.contains("note: 1 line of job steps was left out"))
    #expect(
      try workshop.read("i.csv").split(separator: "\n")[1]
        == "7,2025-03-03T07:11:12.000Z,\"a \"\"b\",OTHER,MEDIUM,ann,8,16,0,300,60,,,,,120,,")
  }
}
