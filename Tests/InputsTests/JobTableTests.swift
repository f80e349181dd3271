import Domain
import Foundation
import Inputs
import Testing

/// Jobs as a test reads them, without the columns that it does not ask for.
struct ReadJob: Equatable {
  var id: String
  var submitted: Double
  var estimate: Double
  var actual: Double
  var cores: Double
  var memory: Double
  var gpus: Double
}

func readJobs(
  _ text: String, _ reading: JobReading = JobReading(), ending: String = "csv", start: JobStart? = nil,
  origin: Int64 = 0, days: Int64 = 0
) throws -> (jobs: [ReadJob], file: JobFile) {
  try withFile(text, ending) { path in
    let origin = Instant(milliseconds: origin)
    let file = try JobFileReader.read(
      path: path, zones: zones, start: origin, end: origin + .days(days), timing: JobTiming(start: start),
      keepsAll: days == 0, reading: reading)
    let cursor = try file.makeCursor()
    var jobs: [ReadJob] = []
    while let next = try cursor.next() {
      let id = cursor.withTexts(of: next.job) { id, _ in String(decoding: id, as: UTF8.self) }
      jobs.append(
        ReadJob(
          id: id, submitted: Double(next.job.submittedAt.milliseconds) / 1000,
          estimate: next.job.estimatedDuration.inSeconds, actual: next.actualDuration.inSeconds,
          cores: next.job.demand.cpuCores, memory: next.job.demand.memoryGigabytes, gpus: next.job.demand.gpus))
      cursor.release(next.job)
    }
    return (jobs, file)
  }
}

@Suite struct JobDemandTests {
  @Test func jobsWithoutCoresAreNoted() throws {
    let text =
      "job_id,submitted_at,duration_s,required_cpu_cores,required_gpus\na,0,60,0,0\nb,0,60,0,1\nc,0,60,1,0\nd,0,60,,\n"
    #expect(try readJobs(text).file.notes == ["1 job requests neither cores nor GPUs"])
    #expect(
      try readJobs(text.replacing("c,0,60,1", with: "c,0,60,0")).file.notes == ["2 jobs request neither cores nor GPUs"]
    )
  }
}

func faults(_ text: String, _ reading: JobReading = JobReading(), ending: String = "csv") -> String {
  (try? withFile(text, ending) { path in
    fault {
      let zero = Instant(milliseconds: 0)
      _ = try JobFileReader.read(path: path, zones: zones, start: zero, end: zero, keepsAll: true, reading: reading)
    }.replacing(path, with: "f")
  }) ?? ""
}

/// Tables of jobs with other columns than Pylon's.
@Suite struct JobTableTests {
  private typealias Column = JobReading.Column

  private func map(_ columns: [Column], _ change: (inout JobReading) -> Void = { _ in }) -> JobReading {
    var reading = JobReading(columns: columns)
    change(&reading)
    return reading
  }

  @Test func batsim() throws {
    let text =
      "job_id,submission_time,requested_number_of_resources,requested_time,starting_time,finish_time,execution_time\n"
      + "7,10.5,4,120,20,80.25,60.25\n8,5,2,60,6,16,10\n"
    let reading = map([
      Column(name: "submitted_at", source: "submission_time"), Column(name: "duration_s", source: "requested_time"),
      Column(name: "required_cpu_cores", source: "requested_number_of_resources"),
      Column(name: "actual_duration_s", source: "finish_time", from: "starting_time"),
    ])
    let (jobs, file) = try readJobs(text, reading)
    #expect(
      jobs == [
        ReadJob(id: "8", submitted: 5, estimate: 60, actual: 10, cores: 2, memory: 0, gpus: 0),
        ReadJob(id: "7", submitted: 10.5, estimate: 120, actual: 60.25, cores: 4, memory: 0, gpus: 0),
      ])
    #expect(file.notes == ["columns that were not read: execution_time"])
  }

  /// Units, products and lengths of time from two columns, as in openb's table.
  @Test func unitsProductsAndDifferences() throws {
    let text =
      "name,cpu_milli,memory_mib,num_gpu,gpu_milli,creation_time,deletion_time\n"
      + "p,11900,16384,2,460,3600,10800\n"
    let reading = map([
      Column(name: "job_id", source: "name"), Column(name: "required_cpu_cores", source: "cpu_milli", scale: 0.001),
      Column(name: "required_memory_gb", source: "memory_mib", scale: 0x1p-10),
      Column(name: "required_gpus", source: "num_gpu", times: "gpu_milli", scale: 0.001),
      Column(name: "submitted_at", source: "creation_time"),
      Column(name: "duration_s", source: "deletion_time", from: "creation_time"),
    ])
    #expect(
      try readJobs(text, reading).jobs == [
        ReadJob(id: "p", submitted: 3600, estimate: 7200, actual: 7200, cores: 11.9, memory: 16, gpus: 0.92)
      ])
  }

  /// Microseconds since the epoch and hours, as Google's traces and many accounting tables have them.
  @Test func instantsAndLengthsInUnits() throws {
    let text = "job,start_us,hours,due\na,1578268800000000,1.5,90\n"
    let reading = map([
      Column(name: "job_id", source: "job"), Column(name: "submitted_at", source: "start_us", scale: 1e-6),
      Column(name: "duration_s", source: "hours", scale: 3600),
      Column(name: "deadline", source: "due", after: "start_us", scale: 60),
    ])
    // The origin of a length is an instant as it stands: 1578268800000000 is none in seconds.
    #expect(faults(text, reading).contains("f:2: due (deadline): found \"90\""))
    let seconds = "job,start_us,hours,due,start_s\na,1578268800000000,1.5,90,1578268800\n"
    var columns = reading.columns
    columns[3].after = "start_s"
    let (_, file) = try readJobs(seconds, map(columns))
    try withFile(seconds) { path in
      let zero = Instant(milliseconds: 0)
      let file = try JobFileReader.read(
        path: path, zones: zones, start: zero, end: zero, keepsAll: true, reading: map(columns))
      let job = try #require(try file.makeCursor().next()?.job)
      #expect(job.submittedAt == Instant(milliseconds: 1_578_268_800_000))
      #expect(job.estimatedDuration == .minutes(90) && job.deadline == job.submittedAt + .minutes(90))
    }
    #expect(file.count == 1)
  }

  /// Without a header, as Azure's and Google's older tables are: columns by their number.
  @Test func tablesWithoutHeader() throws {
    let text = "vm1,sub,0,600,4,8\nvm2,sub,300,7500,>24,64\n"
    let reading = map([
      Column(name: "job_id", source: "1"), Column(name: "submitted_at", source: "3"),
      Column(name: "duration_s", source: "4", from: "3"), Column(name: "required_cpu_cores", source: "5"),
      Column(name: "required_memory_gb", source: "6"),
    ]) {
      $0.header = .none
      $0.badRows = .skip
    }
    let (jobs, file) = try readJobs(text, reading)
    #expect(jobs == [ReadJob(id: "vm1", submitted: 0, estimate: 600, actual: 600, cores: 4, memory: 8, gpus: 0)])
    #expect(
      file.notes == [
        "columns that were not read: 2",
        "1 row that is not a job was left out (bad_rows: skip): "
          + "5 (required_cpu_cores) should be a number from 0 to 1e12",
        "no column is mapped to actual_duration_s: duration_s is both the estimate and the run time, so policies know "
          + "exactly how long each job takes: results that depend on estimates are too good",
      ])
  }

  /// Semicolons and decimal commas are found; both marks in one file are refused.
  @Test(arguments: [";", "\t", "|"]) func separatorsAndDecimalCommas(separator: String) throws {
    let rows = ["job_id,submitted_at,duration_s,required_memory_gb", "a,2025-01-01T00:00:00Z,10,4"]
    let text = rows.map { $0.replacing(",", with: separator) }.joined(separator: "\n")
    let (jobs, file) = try readJobs(text.replacing("\(separator)4", with: "\(separator)4,25"))
    #expect(jobs.map(\.memory) == [4.25] && jobs.map(\.submitted) == [1_735_689_600])
    #expect(file.notes == ["numbers were read with decimal commas (decimal: \",\")"])
    #expect(try readJobs(text.replacing("\(separator)4", with: "\(separator)4.25")).jobs.map(\.memory) == [4.25])
    let mixed = text.replacing("\(separator)10\(separator)4", with: "\(separator)10.5\(separator)4,25")
    #expect(
      faults(mixed).contains(
        "found numbers with a decimal comma (line 2) and a decimal point (line 2), expected decimal: \",\" or "
          + "decimal: \".\""))
    #expect(
      try readJobs(
        mixed,
        map([]) {
          $0.hasDecimalCommas = true; $0.badRows = .skip
        }
      ).jobs.isEmpty)
    #expect(faults(mixed, map([]) { $0.hasDecimalCommas = false }).contains("required_memory_gb: found \"4,25\""))
  }

  @Test func nullsTimeZonesAndIgnoredColumns() throws {
    let text =
      "job_id,submitted_at,duration_s,actual_duration_s,cores,deadline\n"
      + "a,2025-07-01 12:00:00,60,NA,8,-\nb,2025-01-01T12:00:00Z,60,30,8,2025-01-02 00:00\n"
    let reading = map([]) {
      $0.timeZone = "Europe/Berlin"
      $0.nulls = ["NA", "-"]
      $0.ignored = ["cores"]
    }
    let (jobs, file) = try readJobs(text, reading)
    // Summer time is two hours ahead of UTC; a time with an offset stays.
    #expect(jobs.map(\.submitted) == [1_735_732_800, 1_751_364_000] && jobs.map(\.actual) == [30, 60])
    #expect(jobs.map(\.cores) == [1, 1] && file.notes.isEmpty)
    #expect(faults(text, map([]) { $0.ignoresOthers = true }).contains("f:2: actual_duration_s: found \"NA\""))
    #expect(faults(text, map([]) { $0.timeZone = "Berlin" }).contains("did you mean Europe/Berlin"))
    // Half past two was skipped on the last Sunday of March.
    let gap = "job_id,submitted_at,duration_s\na,2025-03-30 02:30:00,60\n"
    #expect(
      faults(gap, map([]) { $0.timeZone = "Europe/Berlin" }).contains(
        "expected an ISO 8601 time that exists in Europe/Berlin or epoch seconds"))
  }

  /// A clock that is put back shows both instants alike: what ends does not end before it began.
  @Test func anHourToldTwice() throws {
    let text = "job_id,begin,end\na,2025-10-26 02:50:00,2025-10-26 02:10:00\n"
    let reading = map([
      Column(name: "submitted_at", source: "begin"), Column(name: "duration_s", source: "end", from: "begin"),
    ]) { $0.timeZone = "Europe/Berlin" }
    let jobs = try readJobs(text, reading).jobs
    #expect(jobs.map(\.submitted) == [1_761_439_800] && jobs.map(\.estimate) == [1200])
  }

  /// A column that is nearly one that is absent is refused by name; one beside the real column is no fault.
  @Test(arguments: [
    ("cores", "required_cpu_cores"), ("cpus", "required_cpu_cores"), ("ncpus", "required_cpu_cores"),
    ("num_cpus", "required_cpu_cores"), ("cpu_num", "required_cpu_cores"), ("CPU Cores", "required_cpu_cores"),
    ("AllocCPUS", "required_cpu_cores"), ("requested_cpus", "required_cpu_cores"), ("gpu_num", "required_gpus"),
    ("gpus", "required_gpus"), ("num_gpu", "required_gpus"), ("mem", "required_memory_gb"),
    ("memory", "required_memory_gb"), ("mem_gb", "required_memory_gb"), ("user", "user_id"),
    ("deferral_minutes", "deferral_window_mins"), ("deferral_window", "deferral_window_mins"),
    ("energy_kwh", "estimated_energy_kwh"), ("deadlin", "deadline"), ("requiredCpuCores", "required_cpu_cores"),
    ("gpu_minutes", "required_gpu_mins"),
  ]) func nearMisses(name: String, column: String) throws {
    let text = "job_id,submitted_at,duration_s,\(name)\na,5,60,8\n"
    #expect(
      faults(text)
        == "f:1: \(name): found an unknown column, expected a known one: did you mean \(column)? "
        + "(columns: {\(column): \(name)} reads it, ignore: [\(name)] leaves it out)")
    #expect(try readJobs(text, map([]) { $0.ignored = [name] }).file.notes.isEmpty)
    // GPU minutes beside a duration are not used, and a deadline 3 s after the submission is not met: both are noted.
    let isNoted = column == "required_gpu_mins" || column == "deadline"
    #expect(try readJobs(text, map([Column(name: column, source: name)])).file.notes.count == (isNoted ? 1 : 0))
    #expect(try readJobs(text, map([]) { $0.ignoresOthers = true }).file.notes.isEmpty)
    let beside = "job_id,submitted_at,duration_s,\(name),\(column)\na,5,60,8,\n"
    #expect(try readJobs(beside).file.notes == ["columns that were not read: \(name)"])
  }

  @Test(arguments: ["runtime", "run_time", "duration", "elapsed", "walltime", "duration_sec"])
  func aDurationByAnotherName(name: String) {
    #expect(
      faults("job_id,submit_time,\(name)\na,5,60\n")
        == "f:1: submit_time: found an unknown column, expected a known one: did you mean submitted_at? "
        + "(columns: {submitted_at: submit_time} reads it, ignore: [submit_time] leaves it out)\n"
        + "f:1: \(name): found an unknown column, expected a known one: did you mean duration_s? "
        + "(columns: {duration_s: \(name)} reads it, ignore: [\(name)] leaves it out)")
  }

  /// Columns that only look like known ones are no fault, and are listed once.
  @Test func columnsThatAreNotReadAreListed() throws {
    let text = "job_id,submitted_at,duration_s,queue,node_num,gpu_type,wait_time\na,5,60,,,,\n"
    #expect(
      try readJobs(text).file.notes == ["columns that were not read: queue, node_num, gpu_type, wait_time"])
  }

  /// A name that ends with another unit than the column's is not read as though it had none.
  @Test func aUnitInTheNameIsAskedFor() throws {
    let text = "job_id,submitted_at,runtime_hours,mem_mb\na,5,2,2048\n"
    var reading = map([
      Column(name: "duration_s", source: "runtime_hours"), Column(name: "required_memory_gb", source: "mem_mb"),
    ])
    #expect(
      faults(text, reading)
        == "f:1: columns.duration_s: found runtime_hours without a unit, expected "
        + "{column: runtime_hours, unit: h}, or scale: 1\n"
        + "f:1: columns.required_memory_gb: found mem_mb without a unit, expected {column: mem_mb, unit: MB}, or "
        + "scale: 1")
    reading.columns[0].scale = 3600
    reading.columns[1].scale = 0x1p-10
    #expect(try readJobs(text, reading).jobs.map(\.estimate) == [7200])
    #expect(faults(text).contains("columns: {duration_s: {column: runtime_hours, unit: h}} reads it"))
  }

  @Test func aColumnThatTheFileLacks() {
    let text = "job_id,submitted_at,duration_s,cpu\na,5,60,8\n"
    #expect(
      faults(text, map([Column(name: "required_cpu_cores", source: "cpus")]))
        .contains("f:1: columns.required_cpu_cores: found no column \"cpus\" in the header, expected one of job_id"))
    let twice = "job_id,submitted_at,duration_s,cpu,cpu\na,5,60,8,9\n"
    #expect(
      faults(twice, map([Column(name: "required_cpu_cores", source: "cpu")]))
        .contains("f:1: cpu: found the column twice, expected once"))
  }

  /// Rows that are no jobs are left out by reason, whether the file is sorted or not; of two rows with one id the first
  /// stays. Random tables against plain counting.
  @Test(arguments: [true, false]) func badRowsAreCounted(sorted: Bool) throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SystemRandomNumberGenerator()
    for _ in 0..<30 {
      var lines: [String] = []
      var wanted: [String] = []
      var reasons: [String: Int] = [:]
      for place in 0..<40 {
        let at = sorted ? place : Int.random(in: 0..<1000, using: &random)
        switch Int.random(in: 0..<6, using: &random) {
        case 0:
          lines.append("j\(place),\(at),0,1")
          reasons["duration_s should be a number > 0", default: 0] += 1
        case 1:
          lines.append("j\(place),,5,1")
          reasons["submitted_at is empty", default: 0] += 1
        case 2:
          lines.append("j\(place),\(at),5")
          reasons["found 3 fields", default: 0] += 1
        case 3 where !wanted.isEmpty:
          lines.append("\(wanted[0].split(separator: " ")[1]),\(at),5,1")
          reasons["job_id is that of an earlier row", default: 0] += 1
        default:
          lines.append("j\(place),\(at),5,1")
          wanted.append("\(at + 1000) j\(place)")
        }
      }
      let text = "job_id,submitted_at,duration_s,required_cpu_cores\n" + lines.joined(separator: "\n")
      let (jobs, file) = try readJobs(text, map([]) { $0.badRows = .skip })
      let order = wanted.enumerated().sorted {
        let (a, b) = ($0.element.prefix { $0 != " " }, $1.element.prefix { $0 != " " })
        return (Int(a) ?? 0, $0.offset) < (Int(b) ?? 0, $1.offset)
      }.map { String($0.element.split(separator: " ")[1]) }
      #expect(jobs.map(\.id) == order, "seed \(seed)")
      #expect(file.skipped[.badRow] ?? 0 == reasons.values.reduce(0, +))
      for (reason, count) in reasons {
        let told = reasons.count == 1 ? ": \(reason)" : "in \(count) row\(count == 1 ? "" : "s") \(reason)"
        #expect(file.notes.contains { $0.contains(told) }, "\(told) in \(file.notes)")
      }
    }
  }

  @Test func theRemedyForBadRowsIsSaidOnce() {
    #expect(
      faults("job_id,submitted_at,duration_s\n1,5,0\n2,6,1\n3,,60\n2,9,9\n")
        == "f:2: duration_s: found \"0\", expected a number > 0\n"
        + "f:4: submitted_at: found nothing, expected an ISO 8601 time or epoch seconds\n"
        + "f:5: job_id: found \"2\" on lines 3 and 5, expected a unique id\n"
        + "f: 3 rows are not jobs; bad_rows: skip (--bad-rows skip) leaves such rows out and counts them")
  }
}

/// Tables that others have published, by mapping alone.
@Suite struct PublishedTableTests {
  private typealias Column = JobReading.Column

  private func read(_ name: String, _ reading: JobReading) throws -> (JobFile, WorkloadSummary)? {
    guard let path = SharedData.path(name) else { return nil }
    let zero = Instant(milliseconds: 0)
    let file = try JobFileReader.read(path: path, zones: [], start: zero, end: zero, keepsAll: true, reading: reading)
    return (file, try WorkloadSummary(file.makeCursor(keepsTexts: false)))
  }

  /// Sums against a plain reading of the same cells.
  @Test func openb() throws {
    let reading = JobReading(
      columns: [
        Column(name: "job_id", source: "name"), Column(name: "submitted_at", source: "creation_time"),
        Column(name: "duration_s", source: "deletion_time", from: "creation_time"),
        Column(name: "required_cpu_cores", source: "cpu_milli", scale: 0.001),
        Column(name: "required_memory_gb", source: "memory_mib", scale: 0x1p-10),
        Column(name: "required_gpus", source: "num_gpu", times: "gpu_milli", scale: 0.001),
      ], badRows: .skip)
    let name = "alibaba-openb-2023/openb_pod_list_default.csv"
    guard let (file, summary) = try read(name, reading) else { return }
    var (count, cores, gpus) = (0, 0.0, 0.0)
    for row in try SharedData.rows(name).dropFirst() {
      guard let end = Double(row[9]), let start = Double(row[8]), end > start else { continue }
      count += 1
      cores += (Double(row[1]) ?? 0) / 1000 * (end - start) / 3600
      gpus += (Double(row[3]) ?? 0) * (Double(row[4]) ?? 0) / 1000 * (end - start) / 3600
    }
    #expect(file.count == count && summary.count == count && file.skipped[.badRow] == 8152 - count)
    #expect(abs(summary.coreHours - cores) <= 1e-9 * cores && abs(summary.gpuHours - gpus) <= 1e-9 * gpus)
  }

  @Test func surfLisa() throws {
    let reading = JobReading(columns: [
      Column(name: "job_id", source: "id"), Column(name: "submitted_at", source: "submit_s"),
      Column(name: "duration_s", source: "dur_s"), Column(name: "required_cpu_cores", source: "cpu_count"),
      Column(name: "deadline", source: "deadline_s", after: "submit_s"),
    ])
    let name = "surf-lisa-2022-07/surf_tasks_2022-07.csv"
    guard let (file, summary) = try read(name, reading) else { return }
    let rows = try SharedData.rows(name).dropFirst()
    let hours = rows.reduce(0) { $0 + (Double($1[2]) ?? 0) * (Double($1[3]) ?? 0) / 3600 }
    #expect(file.count == rows.count && abs(summary.coreHours - hours) <= 1e-9 * hours)
    #expect(summary.withDeadline == rows.count { !$0[7].isEmpty })
    // Jobs that ran a little longer than they were allowed to.
    let short = rows.count { (Double($0[7]) ?? .infinity) < (Double($0[2]) ?? 0) }
    #expect(file.notes.count == 3 && short > 0)
    #expect(file.notes.first == "columns that were not read: cpu_capacity, mem_capacity, deferrable")
    #expect(file.notes.contains { $0.hasPrefix("\(short) of \(rows.count) jobs cannot meet their deadlines") })
    #expect(file.notes.contains { $0.hasPrefix("no column is mapped to actual_duration_s: ") })
  }
}
