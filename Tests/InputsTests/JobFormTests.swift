import Domain
import Foundation
import Inputs
import Testing

/// Forms of job files that would be read wrongly: each is read rightly, refused with a remedy, or noted.
@Suite struct JobFormTests {
  private func table(_ rows: [String], _ columns: String = "job_id,submitted_at,duration_s") -> String {
    columns + "\n" + rows.enumerated().map { "j\($0),\($1)\n" }.joined()
  }

  @Test func pointsThatMaySeparateThousands() throws {
    let text = "job_id;submitted_at;duration_s\na;2025-03-10T00:00Z;3.600\nb;2025-03-10T01:00Z;7.200\n"
    #expect(
      faults(text) == "f:2: found numbers such as \"3.600\", whose point may separate decimals or thousands, expected "
        + "decimal: \".\" or decimal: \",\"")
    for (isComma, expected) in [(false, 3.6), (true, 3600)] {
      #expect(try readJobs(text, JobReading(hasDecimalCommas: isComma)).jobs[0].estimate == expected)
    }
    // A number that has no thousands shows that the point is a decimal one.
    #expect(try readJobs(text.replacing("7.200", with: "0.250")).jobs[0].estimate == 3.6)
    #expect(try readJobs(text.replacing("7.200", with: "7.25")).jobs[0].estimate == 3.6)
  }

  @Test func gpuMinutesBesideADuration() throws {
    let columns = "job_id,submitted_at,duration_s,required_gpus,required_gpu_mins"
    let rows = ["2025-03-10T00:00Z,3600,2,120", "2025-03-10T00:00Z,3600,2,600", "2025-03-10T00:00Z,3600,,60"]
    #expect(
      try readJobs(table(rows, columns)).file.notes
        == ["required_gpu_mins of 2 jobs is ignored, as it differs from required_gpus × duration_s"])
    #expect(try readJobs(table([rows[0]], columns)).file.notes == [])
    let alone = "job_id,submitted_at,duration_s,required_gpu_mins"
    #expect(try readJobs(table(["2025-03-10T00:00Z,3600,60"], alone)).file.notes.count == 1)
  }

  private func swf(_ start: String, _ times: [Int64]) -> String {
    "; UnixStartTime: \(start)\n"
      + times.enumerated().map { "\($0 + 1) \($1) -1 60 1 -1 -1 1 60 -1 1 1 1 1 1 1 -1 -1\n" }.joined()
  }

  @Test func beginningsOfSWFInOtherForms() throws {
    let (jobs, file) = try readJobs(swf("1027839845000", [0, 60]), ending: "swf", start: .recorded)
    #expect(jobs.map(\.submitted) == [1_027_839_845, 1_027_839_905])
    #expect(file.notes == ["UnixStartTime 1027839845000 was read as milliseconds"])
    func keeping(_ text: String) throws -> String {
      try withFile(text, "swf") { path in
        let zero = Instant(milliseconds: 0)
        var notes: [String] = []
        let told = fault {
          notes = try JobFileReader.read(
            path: path, zones: zones, start: zero, end: zero, timing: JobTiming(keepsCalendar: true), keepsAll: true
          ).notes
        }
        return told == "no fault" ? notes.joined(separator: "|") : told.replacing(path, with: "f")
      }
    }
    #expect(
      try keeping(swf("Mon Jul 28 2002", [0, 60]))
        == "f: UnixStartTime: found \"Mon Jul 28 2002\", expected seconds since 1970, or --start with the instant of the "
        + "log's second 0")
    #expect(
      try keeping(swf("0", [0, 60]))
        == "no UnixStartTime: the log's second 0 is put at 1970-01-01 00:00 UTC (--start sets it)")
  }

  @Test func submitTimesOfSWFThatAreNoSeconds() throws {
    let mixed = faults(swf("1027839845", [0, 60, 1_700_000_000]), ending: "swf")
    #expect(
      mixed
        == "f: found submit times (field 2) from 0 to 1700000000, more than 30 years apart, expected seconds from a "
        + "single origin: either the log's start or Unix time, and not milliseconds")
    let milliseconds = faults(swf("0", [1_700_000_000_000, 1_700_000_060_000]), ending: "swf")
    #expect(
      milliseconds.hasPrefix(
        "f:2: field 2: found \"1700000000000\", expected a submit time in seconds (as seconds, this one is after"))
    #expect(milliseconds.components(separatedBy: "field 2").count == 2)
  }

  private static let sacct = "JobID|Submit|Start|End|ElapsedRaw|TimelimitRaw|AllocCPUS|State\n"

  @Test func linesOfSacctThatAreNoJobs() throws {
    let (first, second) = ("2025-03-10T00:00:00|2025-03-10T00:01:00", "2025-03-10T00:00:00|2025-03-10T02:00:00")
    let text =
      JobFormTests.sacct + "1|\(first)|2025-03-10T01:01:00|3600|120|4|REQUEUED\n"
      + "1|\(second)|2025-03-10T02:30:00|1800|120|4|COMPLETED\n" + "2|\(first)|Unknown|9000|120|4|COMPLETED\n"
    let (jobs, file) = try readJobs(text)
    #expect(jobs.map(\.actual) == [1800] && file.skipped == [.requeued: 1, .unknownEnd: 1])
    #expect(file.notes.contains("1 job was left out: they have ended, but their End is Unknown"))
    // Runs that failed on a node and were begun anew: `sacct -D` has a line for each, and the last one counts.
    let again = text.replacing("REQUEUED", with: "NODE_FAIL")
    let latest = try readJobs(again)
    #expect(latest.jobs.map(\.actual) == [1800] && latest.file.skipped == [.requeued: 1, .unknownEnd: 1])
    #expect(latest.file.notes.contains("1 job was left out: requeued, as their next run counts"))
  }

  @Test func homeZonesWithoutZones() throws {
    let rows = ["2025-03-10T00:00Z,3600,NORTH", "2025-03-10T00:00Z,3600,SOUTH"]
    let text = table(rows, "job_id,submitted_at,duration_s,home_zone")
    let told = try withFile(text) { path in
      let zero = Instant(milliseconds: 0)
      return fault { _ = try JobFileReader.read(path: path, zones: [], start: zero, end: zero, keepsAll: true) }
        .replacing(path, with: "f")
    }
    #expect(
      told.hasPrefix(
        "f:2: home_zone: found home zones, but no scenario that has these zones, expected --zones SCENARIO.yaml, or "
          + "--ignore home_zone to leave them out (2 lines: 2, 3)"))
  }

  /// One mistake is one message.
  @Test func aMisspeltColumn() {
    let reading = JobReading(columns: [JobReading.Column(name: "duration_s", source: "runtme")])
    let told = faults("job_id,submitted_at,runtime\na,2025-03-10T00:00Z,60\nb,2025-03-10T00:00Z,60\n", reading)
    #expect(
      told
        == "f:1: columns.duration_s: found no column \"runtme\" in the header, expected one of job_id, submitted_at, "
        + "runtime; did you mean runtime?")
  }

  @Test func jobsInJSON() {
    #expect(
      faults("[{\"job_id\": 1}]", ending: "json").hasPrefix("f: found JSON, expected a table of jobs: CSV of job_id"))
  }

  @Test func serialDatesOfSpreadsheets() throws {
    let told = faults(table(["45726.04,60", "45726.5,60"]))
    #expect(told.hasPrefix("f:2: found submissions of the first day of 1970, with fractions of seconds, expected ISO"))
    #expect(told.contains("spreadsheet's serial dates"))
    #expect(try readJobs(table(["30000,60", "40000.5,60", "90000,60"])).jobs.count == 3)
    let counted = JobReading(columns: [JobReading.Column(name: "submitted_at", source: "submitted_at", scale: 1)])
    #expect(try readJobs(table(["45726.04,60", "45726.5,60"]), counted).jobs[0].submitted == 45_726.04)
  }

  /// Policies that know the run times in advance do better than any scheduler could.
  @Test func logsWithoutEstimates() throws {
    func notes(_ text: String, _ format: JobFileFormat = .swf) throws -> [String] {
      try withFile(text, format == .swf ? "swf" : "csv") { path in
        let zero = Instant(milliseconds: 0)
        return try JobFileReader.read(
          path: path, format: format, timeUnit: format == .gaia ? .seconds : nil, zones: zones, start: zero, end: zero,
          keepsAll: true
        ).notes
      }
    }
    let known = "so policies know exactly how long each job takes: results that depend on estimates are too good"
    let none = swf("0", [0, 60]).replacing(" 1 60 -1 1", with: " 1 -1 -1 1")
    #expect(try notes(none).last == "no job has a requested time (field 9): its run time is its estimate, \(known)")
    let some = try notes(none + "3 120 -1 60 1 -1 -1 1 90 -1 1 1 1 1 1 1 -1 -1\n")
    let part = "2 of 3 jobs have no requested time (field 9): the run time is used as the estimate"
    #expect(some.last == part, "\(some)")
    #expect(try !notes(swf("0", [0, 60])).contains { $0.contains("requested time") })
    let gaia = try notes("arrival_time,length,cpus\n0,600,1\n", .gaia)
    #expect(gaia == ["the file has no estimates: each job's run time is its estimate, \(known)"])
  }

  /// Hours that are read as seconds.
  @Test func jobsThatAreTooShort() throws {
    let rows = (0..<20).map { "\(Double($0) * 0.5),2,1\n" }.joined()
    func notes(_ unit: JobTimeUnit) throws -> [String] {
      try withFile("arrival_time,length,cpus\n" + rows) { path in
        let zero = Instant(milliseconds: 0)
        return try JobFileReader.read(
          path: path, timeUnit: unit, zones: zones, start: zero, end: zero, keepsAll: true
        ).notes.filter { $0.contains("short") }
      }
    }
    let told = "the 20 jobs of the file run 2 s on average, which is short: if the file's times are hours, write "
    #expect(try notes(.seconds) == ["\(told)time_unit: h"])
    #expect(try notes(.hours) == [])
  }

  /// Faults of one column are one message with examples, however the cells differ.
  @Test func swappedColumns() {
    let rows = (0..<300).map { "2025-03-10T00:0\($0 % 10):0\($0 / 10 % 6)Z,x\($0),60\n" }.joined()
    let told = faults("job_id,submitted_at,duration_s\n" + rows)
    let lines = told.split(separator: "\n").map(String.init)
    #expect(
      lines.first
        == "f:2: submitted_at: found \"x0\", \"x1\", \"x2\", …, expected an ISO 8601 time or epoch seconds (300 "
        + "lines: 2, 3, 4, …)", "\(told)")
    #expect(told.contains("f: job_id has times and submitted_at has none: are the two columns swapped?"), "\(told)")
    // Three stand by themselves.
    let three = faults(table(["a,60", "b,60", "c,60"]))
    #expect(three.components(separatedBy: "submitted_at: found").count == 4 && !three.contains("swapped"), "\(three)")
  }

  /// A deadline in seconds is suggested as what its cells are.
  @Test func deadlinesInSeconds() throws {
    let after = "id,submit_s,dur_s,deadline_s\n1,1656645267,260,86400\n"
    #expect(
      faults(after).contains(
        "did you mean deadline? (columns: {deadline: {column: deadline_s, unit: s, after: submit_s}}"),
      "\(faults(after))")
    let at = after.replacing("86400", with: "1656745267")
    #expect(faults(at).contains("(columns: {deadline: {column: deadline_s, unit: s}} reads it"), "\(faults(at))")
    let gpus = faults("name,creation,duration_s,num_gpu,gpu_milli\na,0,60,1,1000\n")
    #expect(gpus.contains("num_gpu: found an unknown column, expected a known one: did you mean required_gpus?"))
    #expect(gpus.contains("required_gpus takes one column, and num_gpu is the first that it may be"), "\(gpus)")
  }

  /// Jobs outside the windows are not rejected.
  @Test func rejectionsWithinWindows() throws {
    let text = table(
      ["2025-03-10T00:00Z,60,128", "2025-03-11T00:00Z,60,128", "2025-03-12T00:00Z,60,128"],
      "job_id,submitted_at,duration_s,required_cpu_cores")
    let start = Instant(milliseconds: 1_741_564_800_000)
    let notes = try withFile(text) { path in
      try JobFileReader.read(
        path: path, zones: zones, start: start, end: start + .days(1), keepsAll: true, keepsIndex: true,
        capacities: [Resources(milliCores: 64_000, milliGigabytes: 1000, milliGPUs: 0)],
        windows: [start..<start + .days(1), start + .days(1)..<start + .days(2)]
      ).notes
    }
    #expect(
      notes == [
        "2 jobs in the 2 windows fit in no zone and are rejected: j0 needs 128 cores, the largest zone has 64"
      ])
  }

  @Test func jobsThatFitInNoZone() throws {
    let text = table(
      [
        "2025-03-10T00:00Z,60,128,1,0", "2025-03-10T00:00Z,60,64,1,0", "2025-03-11T00:00Z,60,129,1,0",
        "2025-03-10T00:00Z,60,60,1,2",
      ],
      "job_id,submitted_at,duration_s,required_cpu_cores,required_memory_gb,required_gpus")
    let start = Instant(milliseconds: 1_741_564_800_000)
    func notes(_ days: Int64, _ capacities: [(Int64, Int64)]) throws -> [String] {
      try withFile(text) { path in
        try JobFileReader.read(
          path: path, zones: zones, start: start, end: start + .days(days),
          capacities: capacities.map {
            Resources(milliCores: $0.0 * 1000, milliGigabytes: 8000, milliGPUs: $0.1 * 1000)
          }
        ).notes.filter { $0.contains("no zone") }
      }
    }
    #expect(
      try notes(1, [(8, 2), (64, 2)])
        == ["1 job fits in no zone and is rejected: j0 needs 128 cores, the largest zone has 64"])
    #expect(
      try notes(2, [(8, 2), (64, 1)])
        == ["3 jobs fit in no zone and are rejected: j0 needs 128 cores, the largest zone has 64"])
    #expect(
      try notes(2, [(256, 1), (32, 2)])
        == ["1 job fits in no zone and is rejected: j3 needs 60 cores, 1 GB, 2 GPUs, which no single zone has"])
    #expect(try notes(2, [(256, 2)]) == [] && notes(2, []) == [])
  }
}
