import Domain
import Inputs
import Testing

/// SWF as archives and simulators write it.
@Suite struct SWFTests {
  private static let tail = "1 1 1 1 1 -1"

  /// Unix times are not counted from the clock's start: the first submission is there, with a note.
  @Test(arguments: [nil, .clock, .first] as [JobStart?]) func submissionsThatAreUnixTimes(start: JobStart?) throws {
    let text =
      "; Version: 2.2\n1 1700000000 10 5400 8 -1 -1 8 7200 -1 1 1 1 1 1 1 -1 -1\n"
      + "2 1700003600 5 600 4 -1 -1 4 900 -1 1 2 1 1 1 1 -1 -1\n"
    let origin: Int64 = 1_741_564_800_000
    let (jobs, file) = try readJobs(text, ending: "swf", start: start, origin: origin, days: 2)
    #expect(jobs.map(\.submitted) == [1_741_564_800, 1_741_568_400])
    #expect(file.notes.count == (start == .first ? 0 : 1) && file.skipped.isEmpty)
    if start != .first { #expect(file.notes[0].contains("was put at 2025-03-10 00:00 UTC (start: first)")) }
    // As recorded they are what they say, without a header.
    let recorded = try readJobs(text, ending: "swf", start: .recorded).jobs
    #expect(recorded.map(\.submitted) == [1_700_000_000, 1_700_003_600])
  }

  /// An excerpt keeps the original log's seconds; its first submission comes to the start if no job would lie within.
  @Test func excerpts() throws {
    func text(_ first: Int) -> String {
      [0, 1, 2].map { place in
        "\(place + 5) \(first + place * 3600) -1 60 1 -1 -1 1 60 -1 1 \(SWFTests.tail) -1\n"
      }.joined()
    }
    #expect(try readJobs(text(20_000_000), ending: "swf", days: 1).jobs.map(\.submitted) == [0, 3600, 7200])
    #expect(try readJobs(text(20_000), ending: "swf", days: 1).jobs.map(\.submitted) == [20_000, 23_600, 27_200])
    #expect(try readJobs(text(20_000), ending: "swf", start: .first, days: 1).jobs.map(\.submitted) == [0, 3600, 7200])
    // One of them within the clock is a log that goes on.
    let (jobs, file) = try readJobs(text(86_399), ending: "swf", days: 1)
    #expect(jobs.map(\.submitted) == [86_399] && file.skipped == [.outsideSpan: 2])
  }

  @Test func namesInAnotherOrder() throws {
    let row = "1 0 10 5400 8 -1 -1 8 7200 -1 1 1 1 1 1 1 -1 -1\n"
    let names =
      "job_id submit_time wait_time run_time procs cpu mem req_procs req_time req_mem status user_id group_id exe "
      + "queue partition prev_job think_time\n"
    #expect(try readJobs(names + row, ending: "swf").jobs.count == 1)
    let other = names.replacing("wait_time run_time", with: "run_time wait_time")
    for reading in [JobReading(), JobReading(badRows: .skip)] {
      #expect(
        faults(other + row, reading, ending: "swf")
          == "f:1: field 3: found the name run_time, expected it as field 4, as in the Standard Workload Format, which "
          + "has 18 fields in a fixed order; if the columns differ, save the log as CSV and name them (format: csv, "
          + "columns: …)"
      )
    }
    // Names of several words have more words than there are fields.
    let spaced = "Job Number Submit Time Wait Time Run Time Status User ID\n"
    #expect(try readJobs(spaced + row, ending: "swf").jobs.count == 1)
  }

  @Test func partialExecutions() throws {
    let text =
      "; UnixStartTime: 1700000000\n1 0 10 5400 8 -1 -1 8 7200 -1 1 1 1 1 1 1 -1 -1\n"
      + "1 0 10 1800 8 -1 -1 8 7200 -1 2 1 1 1 1 1 -1 -1\n1 -1 600 3600 8 -1 -1 8 7200 -1 3 1 1 1 1 1 -1 -1\n"
      + "2 300 5 600 4 -1 -1 4 900 -1 1 2 1 1 1 1 -1 -1\n"
    let (jobs, file) = try readJobs(text, ending: "swf")
    let coreSeconds = jobs.map { $0.cores * $0.actual }
    #expect(coreSeconds == [43_200, 2400])
    #expect(file.notes == ["2 lines of partial executions were left out"])
    let alone = text.replacing("1 0 10 5400 8 -1 -1 8 7200 -1 1", with: "3 0 10 5400 8 -1 -1 8 7200 -1 1")
    #expect(
      try readJobs(alone, ending: "swf").file.notes.first
        == "1 job has only lines of partial executions, without the line with status 0 or 1 that summarizes them: left "
        + "out")
    // A summary without a run time is no job, but it is there.
    let idle = text.replacing("1 0 10 5400 8", with: "1 0 10 0 8")
    #expect(
      try readJobs(idle, ending: "swf").file.notes
        == ["1 job was left out: no run time", "2 lines of partial executions were left out"])
  }

  @Test func precedingJobsAreNoted() throws {
    let text =
      "1 20 0 1200 1 -1 -1 1 1200 -1 1 1 1 1 1 1 -1 0\n2 20 0 2100 5 -1 -1 5 2100 -1 1 1 1 1 1 1 1 0\n"
      + "3 20 0 900 1 -1 -1 1 900 -1 1 1 1 1 1 1 2 60\n"
    #expect(
      try readJobs(text, ending: "swf").file.notes == ["2 jobs have a preceding job and do not wait for it"])
  }

  @Test func moreFieldsAndALineOfNames() throws {
    let names = (1...20).map { "name\($0)" }.joined(separator: "\t")
    let text =
      names + "\r\n; a comment\r\n"
      + "1\t20\t0\t1200\t1\t-1\t3145728\t1\t1200\t3145728\t1.0\t1\t1\t1\t1\t1\t-1\t0\tDAG-1\t1\r\n"
      + ";  another\r\n2\t30\t0\t900\t2\t-1\t-1\t2\t900\t-1\t1\t1\t1\t1\t1\t1\t-1\t0\tDAG-1\t2\r\n"
    let (jobs, file) = try readJobs(text, ending: "swf")
    #expect(jobs.map(\.id) == ["swf-1", "swf-2"] && jobs.map(\.memory) == [3, 0])
    #expect(
      file.notes == [
        "line 1 was read as a header", "2 more fields per line than the standard's 18 (on 2 lines) were not read",
      ])
    // A line of names within the log, or too few fields, is a fault.
    #expect(faults("1 2 3\n4 5 6\n", ending: "swf").contains("found 3 fields, expected the 18"))
    let late = "1 20 0 1200 1 -1 -1 1 1200 -1 1 1 1 1 1 1 -1 0\n" + names.replacing("\t", with: " ") + "\n"
    #expect(faults(late, ending: "swf").contains("f:2: field 1: found \"name1\", expected a number"))
  }

  @Test(arguments: [
    "; UnixStartTime: 1027839845", ";UnixStartTime:1027839845", "; unixstarttime:\t1027839845 (Sun Jul 28 2002)",
    ";   UnixStartTime = 1027839845.0", "; UnixStartTime: 1027839845\n; UnixStartTime: 5",
  ]) func calendars(header: String) throws {
    let text = header + "\n1 0 10 5400 8 -1 -1 8 7200 -1 1 1 1 1 1 1 -1 -1\n"
    #expect(try readJobs(text, ending: "swf", start: .recorded).jobs.map(\.submitted) == [1_027_839_845])
    try withFile(text, "swf") { path in
      let zero = Instant(milliseconds: 0)
      let file = try JobFileReader.read(
        path: path, zones: [], start: zero, end: zero, timing: JobTiming(keepsCalendar: true), keepsAll: true)
      #expect(file.submissions?.lowerBound == Instant(milliseconds: 1_027_839_845_000))
    }
  }

  @Test func anIdThatIsThereTwice() throws {
    let row = "7 20 0 1200 1 -1 -1 1 1200 -1 1 1 1 1 1 1 -1 0\n"
    #expect(
      faults(row + row, ending: "swf").hasPrefix(
        "f:2: job_id: found \"7\" on lines 1 and 2, expected a unique id\nf: 1 row is not a job; bad_rows: skip"))
    let (jobs, file) = try readJobs(row + row, JobReading(badRows: .skip), ending: "swf")
    #expect(jobs.count == 1 && file.skipped == [.badRow: 1])
  }

  /// Settings of tables do nothing to an SWF: they are refused rather than forgotten.
  @Test func settingsOfTablesAreRefused() {
    let reading = JobReading(separator: 59, timeZone: "Europe/Berlin", nulls: ["NA"])
    let told = faults("1 20 0 1200 1 -1 -1 1 1200 -1 1 1 1 1 1 1 -1 0\n", reading, ending: "swf")
    for key in ["separator", "time_zone", "null"] { #expect(told.contains("f: \(key): found a setting for tables")) }
  }
}

/// `sacct --parsable2`.
@Suite struct SacctTests {
  private static let header =
    "JobID|User|Submit|Start|End|Elapsed|Timelimit|NCPUS|ReqMem|AllocTRES|State|JobName|ConsumedEnergyRaw\n"

  private func row(
    _ id: String, limit: String = "01:00:00", memory: String = "4000M", tres: String = "", state: String = "COMPLETED",
    elapsed: String = "00:10:00", energy: String = ""
  ) -> String {
    "\(id)|ann|2025-03-03T02:11:12|2025-03-03T02:12:00|2025-03-03T02:22:00|\(elapsed)|\(limit)|8|\(memory)|\(tres)|\(state)"
      + "|say \"hi|\(energy)\n"
  }

  private func read(_ rows: String, zone: String? = nil) throws -> (jobs: [ReadJob], file: JobFile) {
    try readJobs(SacctTests.header + rows, JobReading(timeZone: zone), ending: "txt")
  }

  @Test(arguments: [
    ("90", 5400.0), ("90:30", 5430), ("1:30:00", 5400), ("2-3", 183_600), ("2-3:30", 185_400), ("2-03:30:15", 185_415),
  ]) func limitsInSlurmsForms(limit: String, seconds: Double) throws {
    let (jobs, file) = try read(row("1", limit: limit))
    #expect(jobs.map(\.estimate) == [seconds])
    #expect(file.notes.allSatisfy { !$0.contains("without a time limit") })
  }

  @Test func jobsStepsAndJobsThatNeverStarted() throws {
    let text =
      "JobID|User|Submit|Start|End|Elapsed|Timelimit|NCPUS|ReqMem|AllocTRES|State\n"
      + "7001|ann|2025-03-03T02:11:12|2025-03-03T02:12:00|2025-03-05T03:36:56|2-01:24:56|3-00:00:00|8|32G|"
      + "billing=8,cpu=8,gres/gpu=2,mem=32G,node=1|COMPLETED\n"
      + "7001.batch||2025-03-03T02:12:00|2025-03-03T02:12:00|2025-03-05T03:36:56|2-01:24:56||8||cpu=8,mem=32G,node=1|"
      + "COMPLETED\n7002_[1-3]|bob|2025-03-03T05:00:00|Unknown|Unknown|00:00:00|01:00:00|1|4Gn||PENDING\n"
      + "7003|bob|2025-03-03T05:10:00|2025-03-03T05:11:00|2025-03-03T06:20:48|01:09:48|02:00:00|16|2Gc|"
      + "cpu=16,mem=32G,node=1|CANCELLED by 1003\n"
    let (jobs, file) = try readJobs(text, ending: "txt")
    #expect(
      jobs == [
        ReadJob(
          id: "7001", submitted: 1_740_967_872, estimate: 259_200, actual: 177_896, cores: 8, memory: 32, gpus: 2),
        ReadJob(id: "7003", submitted: 1_740_978_600, estimate: 7200, actual: 4188, cores: 16, memory: 32, gpus: 0),
      ])
    #expect(file.users == ["ann", "bob"] && file.skipped == [.step: 1, .neverStarted: 1])
    #expect(
      file.notes == [
        "times have no offset and were read as UTC: time_zone (--time-zone) names the cluster's zone",
        "1 line of job steps was left out", "1 job was left out: never started",
      ])
    // Central European Time is an hour ahead; nothing is left to say of it.
    let local = try readJobs(text, JobReading(timeZone: "Europe/Berlin"), ending: "txt")
    #expect(local.jobs.map(\.submitted) == [1_740_964_272, 1_740_975_000] && local.file.notes.count == 2)
    // `--parsable` ends each line with a separator.
    let parsable = text.replacing("\n", with: "|\n")
    #expect(try readJobs(parsable, ending: "txt").jobs == jobs)
  }

  @Test(arguments: [
    ("4000M", "", 4000.0 / 1024), ("32G", "", 32), ("2Gc", "", 16), ("4Gn", "node=3,cpu=8", 12), ("1T", "", 1024),
    ("512", "", 0.5), ("2Gc", "mem=7G", 7), ("", "mem=2048M", 2), ("1048576K", "", 1),
  ]) func memory(asked: String, tres: String, gigabytes: Double) throws {
    let jobs = try read(row("1", memory: asked, tres: tres)).jobs
    #expect(jobs.count == 1 && abs(jobs[0].memory - gigabytes) < 0.001)
  }

  @Test(arguments: [
    ("gres/gpu=2", 2.0), ("gres/gpu:a100=2,gres/gpu=2", 2), ("gres/gpu:a100=2,gres/gpu:v100=1", 3), ("cpu=8", 0),
    ("gres/gpumem=80G,cpu=8", 0),
  ]) func gpus(tres: String, count: Double) throws {
    #expect(try read(row("1", tres: tres)).jobs.map(\.gpus) == [count])
  }

  @Test(arguments: [
    ("UNLIMITED", 600.0), ("Partition_Limit", 600), ("", 600), ("1-00:00:01", 86_401), ("30:00", 1800),
  ]) func limits(limit: String, seconds: Double) throws {
    let (jobs, file) = try read(row("1", limit: limit), zone: "UTC")
    #expect(jobs.map(\.estimate) == [seconds])
    #expect(file.notes.contains { $0.contains("without a time limit") } == (seconds == 600))
  }

  /// The measured energy at the power that it was drawn at: 3.6 MJ in ten minutes are 6 kWh in an hour.
  @Test func energyIsThatOfTheEstimate() throws {
    try withFile(SacctTests.header + row("1", energy: "3600000") + row("2", energy: "0"), "txt") { path in
      let zero = Instant(milliseconds: 0)
      let file = try JobFileReader.read(path: path, zones: [], start: zero, end: zero, keepsAll: true)
      let cursor = try file.makeCursor()
      #expect(try cursor.next()?.job.estimatedEnergy.value == 6)
      #expect(try cursor.next()?.job.estimatedEnergy.value.isNaN == true)
    }
  }

  @Test func arraysAndRunningJobs() throws {
    let (jobs, file) = try read(
      row("123_4") + row("124+0") + row("125", state: "RUNNING") + row("126", elapsed: "00:00:00")
        + row("123_4.extern") + row("127", state: "PENDING"))
    #expect(jobs.map(\.id) == ["123_4", "124+0"])
    #expect(file.skipped == [.stillRunning: 1, .noRunTime: 1, .step: 1, .neverStarted: 1])
  }

  @Test func whatIsNotParsable() {
    let wide =
      "JobID           JobName  Partition    Account  AllocCPUS      State ExitCode \n"
      + "------------ ---------- ---------- ---------- ---------- ---------- -------- \n"
    #expect(
      faults(wide, ending: "txt").hasPrefix(
        "f:1: found sacct's fixed-width output, which truncates values, expected its output with -P: sacct -P"))
    #expect(
      faults("JobID|JobName|Partition|State\n1|a|b|COMPLETED\n", ending: "txt").hasPrefix(
        "f:1: Submit, ElapsedRaw (or Start and End), AllocCPUS: found no such column, expected all columns of sacct -P")
    )
    let rows = SacctTests.header + row("1", limit: "soon", memory: "much", elapsed: "long")
    #expect(faults(rows, ending: "txt").hasPrefix("f:2: Elapsed: found \"long\", expected seconds or"))
  }
}
