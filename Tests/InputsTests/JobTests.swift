import Domain
import Inputs
import Testing

@Suite struct JobTests {
  func read(_ path: String, end: Int64 = 1_000_000) throws -> JobFile {
    try JobFileReader.read(
      path: path, zones: zones, start: Instant(milliseconds: 0), end: Instant(milliseconds: end))
  }

  func ids(_ file: JobFile) throws -> [String] {
    let cursor = try file.makeCursor()
    var ids: [String] = []
    while let job = try cursor.next()?.job {
      #expect(job.sequence == ids.count)
      ids.append(cursor.withTexts(of: job) { id, _ in String(decoding: id, as: UTF8.self) })
      cursor.release(job)
    }
    #expect(cursor.heldTexts == 0)
    return ids
  }

  @Test(arguments: [true, false]) func readsAllColumns(sorted: Bool) throws {
    let header =
      "job_id,submitted_at,workload_name,workload_type,urgency,user_id,required_cpu_cores,"
      + "required_memory_gb,required_gpus,required_gpu_mins,duration_s,actual_duration_s,estimated_energy_kwh,"
      + "carbon_cap_gco2,max_carbon_intensity_gco2_kwh,max_price_gbp,deferral_window_mins,deadline,home_zone,other\n"
    let row = "a,10,\"x, \"\"y\"\"\",fine_tuning,high,ann,1.5,0.0001,2,60,,900,3.5,100,200,0.5,30,5000,South,zz\r\n"
    let other = "b,5,,,,,,,,,1,,,,,,,,,\n"
    let file = try withFile(header + (sorted ? other + row : row + other)) { path in
      let file = try read(path)
      #expect(try ids(file) == ["b", "a"])
      let cursor = try file.makeCursor()
      let small = try #require(try cursor.next())
      #expect(small.job.demand == Resources(milliCores: 1000, milliGigabytes: 0, milliGPUs: 0))
      #expect(small.job.latestStart == Instant(milliseconds: 5000 + 7_200_000))
      #expect(small.job.urgency == .medium && small.job.homeZone == -1 && small.job.estimatedEnergy.value.isNaN)
      let submitted = try #require(try cursor.next())
      let (job, actual) = (submitted.job, submitted.actualDuration)
      #expect(job.demand == Resources(milliCores: 1500, milliGigabytes: 1, milliGPUs: 2000))
      #expect(job.estimatedDuration == .minutes(30) && actual == .minutes(15))
      #expect(job.deadline == Instant(milliseconds: 5_000_000) && job.homeZone == 1)
      #expect(job.urgency == .high && job.type == .fineTuning && job.deferralWindow == .minutes(30))
      #expect(job.emissionsCap.value == 100 && job.intensityCap.value == 200 && job.costCap.value == 0.5)
      let texts = cursor.withTexts(of: job) {
        [String(decoding: $0, as: UTF8.self), String(decoding: $1, as: UTF8.self)]
      }
      #expect(texts == ["a", "x, \"y\""])
      #expect(file.users[job.user] == "ann")
      #expect(try cursor.next() == nil)
      return file
    }
    #expect(file.isSorted == sorted && file.count == 2)
  }

  /// Moved to the clock and stretched: deadlines move with their submissions, durations stay.
  @Test(arguments: [true, false]) func movesToTheClock(sorted: Bool) throws {
    let rows = ["a,100,3,150\n", "b,110,3,\n", "c,700,3,\n"]
    let text = "job_id,submitted_at,duration_s,deadline\n" + (sorted ? rows : rows.reversed()).joined()
    try withFile(text) { path in
      let file = try JobFileReader.read(
        path: path, zones: zones, start: Instant(milliseconds: 5000), end: Instant(milliseconds: 100_000),
        timing: JobTiming(start: .clock, scale: 0.5))
      #expect(file.skipped == [.outsideSpan: 1] && file.count == 2)
      let cursor = try file.makeCursor()
      let jobs = [try #require(try cursor.next()), try #require(try cursor.next())]
      #expect(jobs.map(\.job.submittedAt.milliseconds) == [5000, 10_000])
      #expect(jobs[0].job.deadline == Instant(milliseconds: 55_000) && jobs[1].job.deadline == .never)
      #expect(jobs[0].actualDuration == .seconds(3))
      #expect(try cursor.next() == nil)
    }
  }

  /// A deadline that a file has in the last year would move past what can be written.
  @Test(arguments: [true, false]) func aDeadlineMovesNoFurtherThanTheCalendar(sorted: Bool) throws {
    let rows = ["a,100,3,253402300799\n", "b,110,3,253402300700\n"]
    let text = "job_id,submitted_at,duration_s,deadline\n" + (sorted ? rows : rows.reversed()).joined()
    try withFile(text) { path in
      let file = try JobFileReader.read(
        path: path, zones: zones, start: Instant(milliseconds: 130_000), end: Instant(milliseconds: 200_000),
        timing: JobTiming(start: .clock))
      let cursor = try file.makeCursor()
      #expect(try cursor.next()?.job.deadline == Instant.calendar.upperBound)
      #expect(try cursor.next()?.job.deadline == Instant(milliseconds: 253_402_300_730_000))
    }
  }

  @Test func skipsOutsideAndSortsMany() throws {
    var text = "job_id,submitted_at,duration_s\n"
    for n in 0..<5000 { text += "j\(n),\((n * 7919) % 2000),1\n" }
    try withFile(text) { path in
      let file = try read(path)
      let wanted = (0..<5000).filter { ($0 * 7919) % 2000 < 1000 }
        .sorted { (($0 * 7919) % 2000, $0) < (($1 * 7919) % 2000, $1) }
      #expect(file.count == wanted.count && !file.isSorted)
      #expect(file.skipped[.outsideSpan] == 5000 - wanted.count)
      #expect(try ids(file) == wanted.map { "j\($0)" })
    }
  }

  @Test func tellsAllFaults() throws {
    let text =
      "job_id,submitted_at,duration_s,required_cpu_cores,deadline,urgency\n,x,1,,,\nb,1,0,,,\nc,1,1,-2,,\n"
      + "d,9,1,nan,8,soon\ne,1,1,,,\ne,2,1,,,\nf,1,,,,\ng,1\n"
    let told = try withFile(text) { path in fault { _ = try read(path) } }
    for piece in [
      ":2: job_id", ":2: submitted_at", ":3: duration_s", ":4: required_cpu_cores", ":5: deadline", ":5: urgency",
      "\"e\" on lines 6 and 7", ":8: duration_s", ":9: found 2 fields",
    ] { #expect(told.contains(piece), "\(piece) in \(told)") }
    let near = try withFile("job_id,submited_at,duration_s\n") { path in fault { _ = try read(path) } }
    #expect(near.contains("did you mean submitted_at?"))
    // Of one column they are one; a row with another number of fields is one by itself.
    let many = "job_id,submitted_at,duration_s\n" + (0..<150).map { "j\($0),x\($0),1\n" }.joined()
    #expect(try withFile(many) { path in fault { _ = try read(path) } }.contains("(150 lines: 2, 3, 4, …)"))
    let rows = (0..<150).map { "j\($0)" + String(repeating: ",", count: $0 + 3) + "\n" }.joined()
    let wide = "job_id,submitted_at,duration_s\n" + rows
    #expect(try withFile(wide) { path in fault { _ = try read(path) } }.contains("and 50 more"))
  }

  /// Neither the header nor another fault of a row hides one, whatever hides it from the second reading.
  @Test func noFaultHidesAnother() throws {
    func told(_ text: String) throws -> [String] {
      try withFile(text) { path in
        fault { _ = try read(path) }.replacing(path, with: "f").split(separator: "\n").map(String.init)
      }
    }
    let faults = try told("job_id,submitted_at,duration_s\na,x,1\nb,1,0\na,2,1\nb,3,1\nb,4,-1\n,5,1\n,6,1\n")
    #expect(
      faults.map { $0.split(separator: ":").prefix(3).joined(separator: ":") } == [
        "f:2: submitted_at", "f:3: duration_s", "f:4: job_id", "f:5: job_id", "f:6: duration_s", "f:6: job_id",
        "f:7: job_id", "f: 7 rows are not jobs",
      ], "\(faults)")
    #expect(faults[4].contains("\"-1\"") && faults[5].contains("\"b\" on lines 3 and 6"))
    let column = "found no such column, expected one in the header, or columns: with the file's name for it"
    let remedy = "bad_rows: skip (--bad-rows skip) leaves such rows out and counts them"
    #expect(
      try told("job_id,submitted_at,urgency\na,x,soon\na,1,\n") == [
        "f:1: duration_s (or required_gpu_mins with required_gpus): \(column)",
        "f:2: submitted_at: found \"x\", expected an ISO 8601 time or epoch seconds",
        "f:2: urgency: found \"soon\", expected LOW, MEDIUM, HIGH, CRITICAL",
        "f:3: job_id: found \"a\" on lines 2 and 3, expected a unique id", "f: 2 rows are not jobs",
      ])
    #expect(
      try told("duration_s\n0\n1\n") == [
        "f:1: job_id: \(column)", "f:1: submitted_at: \(column)", "f:2: duration_s: found \"0\", expected a number > 0",
        "f: 1 row is not a job; \(remedy)",
      ])
    // What has none of them is no job file, and broken text ends the reading, not the telling.
    #expect(try told("a,b\n0,x\n").count == 3)
    let broken = try told("job_id,submitted_at,duration_s\na,x,1\na,1,1\nc,\"1,1\n")
    #expect(broken.contains { $0.hasPrefix("f:2: submitted_at: found \"x\"") }, "\(broken)")
    #expect(broken.contains { $0.hasPrefix("f:3: job_id: found \"a\" on lines 2 and 3") }, "\(broken)")
    #expect(broken.contains { $0.contains("a quote that is never closed") }, "\(broken)")
  }

  @Test func readsSWF() throws {
    let text =
      "; Comment \"x\n1 0 -1 60 4 -1 1048576 8 120 -1 1 7 1 1 1 1 -1 -1\n"
      + "  2 10 -1 30 -1 -1 -1 2 -1 -1 1 7 1 1 1 1 -1 -1\n3 11 -1 0 1 -1 -1 -1 -1 -1 1 7 1 1 1 1 -1 -1\n"
      + "4 11 -1 5 -1 -1 -1 -1 -1 -1 1 7 1 1 1 1 -1 -1\n5 600 -1 5 1 -1 -1 -1 -1 -1 1 7 1 1 1 1 -1 -1\n"
    try withFile(text, "swf") { path in
      let file = try JobFileReader.read(
        path: path, zones: zones, start: Instant(milliseconds: 1000), end: Instant(milliseconds: 900_000),
        timing: JobTiming(start: .clock, scale: 2))
      #expect(file.skipped == [.noRunTime: 1, .noProcessors: 1, .outsideSpan: 1])
      #expect(try ids(file) == ["swf-1", "swf-2"])
      let cursor = try file.makeCursor()
      let submitted = try #require(try cursor.next())
      let (first, actual) = (submitted.job, submitted.actualDuration)
      #expect(first.estimatedDuration == .seconds(120) && actual == .seconds(60))
      #expect(first.demand == Resources(milliCores: 4000, milliGigabytes: 4000, milliGPUs: 0))
      let second = try #require(try cursor.next())
      #expect(second.job.submittedAt == Instant(milliseconds: 21_000) && second.job.demand.milliCores == 2000)
      #expect(file.users == ["user-7"])
    }
  }

  @Test func startsSWFWhereItsHeaderSays() throws {
    let row = "1 10 -1 60 2 -1 -1 2 -1 -1 1 7 1 1 1 1 -1 -1\n"
    func read(_ text: String) throws -> [SubmittedJob] {
      try withFile(text, "swf") { path in
        let file = try JobFileReader.read(
          path: path, zones: zones, start: Instant(milliseconds: 0), end: Instant(milliseconds: 2_000_000_000),
          timing: JobTiming(start: .recorded), memoryPerCore: 1.5)
        let cursor = try file.makeCursor()
        return [try #require(try cursor.next())]
      }
    }
    let job = try read("; UnixStartTime: 1000000\n" + row)[0].job
    #expect(job.submittedAt == Instant(milliseconds: 1_000_010_000))
    #expect(job.demand == Resources(milliCores: 2000, milliGigabytes: 3000, milliGPUs: 0))
    // What is above 0 is not nothing (found by the fuzzer).
    let brief = try read("; UnixStartTime: 1000000\n1 10 -1 1e-9 2 -1 -1 2 284e-08 -1 1 7 1 1 1 1 -1 -1\n")[0]
    #expect(brief.job.estimatedDuration == TimeSpan(milliseconds: 1))
    #expect(brief.actualDuration == TimeSpan(milliseconds: 1))
    #expect(fault { _ = try read(row) }.contains("found no header UnixStartTime, expected one"))
    for seconds in ["-9223372036854775808", "9223372036854775807", "253402300800"] {
      let told = fault { _ = try read("; UnixStartTime: \(seconds)\n" + row) }
      #expect(told.contains("found UnixStartTime: \(seconds), expected one of the years 0 to 9999"))
    }
  }
}
