import Domain
import Inputs
import Testing

/// Job files other than the canonical CSV and SWF.
@Suite struct JobShapeTests {
  private struct Row: Equatable {
    var id: String
    var submitted: Int64
    var duration: Int64
    var cores: Double
    var gpus: Double
  }

  private let start = Instant(milliseconds: 1_578_268_800_000)

  private func read(_ text: String, unit: JobTimeUnit? = nil, scale: Double = 1, days: Int64 = 7) throws -> (
    rows: [Row], file: JobFile
  ) {
    try withFile(text) { path in
      let file = try JobFileReader.read(
        path: path, timeUnit: unit, zones: zones, start: start, end: start + .days(days),
        timing: JobTiming(scale: scale))
      let cursor = try file.makeCursor()
      var rows: [Row] = []
      while let next = try cursor.next() {
        let id = cursor.withTexts(of: next.job) { id, _ in String(decoding: id, as: UTF8.self) }
        #expect(next.job.sequence == rows.count && next.job.identity == UInt64(stableHashOf: id))
        rows.append(
          Row(
            id: id, submitted: (next.job.submittedAt - start).milliseconds,
            duration: next.actualDuration.milliseconds, cores: next.job.demand.cpuCores, gpus: next.job.demand.gpus))
        cursor.release(next.job)
      }
      return (rows, file)
    }
  }

  private func told(_ text: String, unit: JobTimeUnit? = nil) -> String {
    (try? withFile(text) { path in
      fault {
        _ = try JobFileReader.read(path: path, timeUnit: unit, zones: zones, start: start, end: start + .days(7))
      }.replacing(path, with: "f")
    }) ?? ""
  }

  @Test func gaiaInBothUnits() throws {
    let text = "arrival_time,length,cpus\n0.0,2.0,1\n1.5,0.5,3\n2,0,1\n3,1,0\n\n200,1,2\n"
    let hours = try read(text, unit: .hours)
    #expect(
      hours.rows == [
        Row(id: "gaia-1", submitted: 0, duration: 7_200_000, cores: 1, gpus: 0),
        Row(id: "gaia-2", submitted: 5_400_000, duration: 1_800_000, cores: 3, gpus: 0),
      ])
    #expect(hours.file.skipped == [.noRunTime: 1, .noProcessors: 1, .outsideSpan: 1] && hours.file.isSorted)
    let seconds = try read(text, unit: .seconds, scale: 2)
    #expect(seconds.rows.map(\.id) == ["gaia-1", "gaia-2", "gaia-5"])
    #expect(seconds.rows.map(\.submitted) == [0, 3000, 400_000] && seconds.rows[2].duration == 1000)
  }

  /// Rows keep their numbers where the file is not sorted, and columns their meaning in any order.
  @Test func gaiaUnsorted() throws {
    let text = "cpus,length,arrival_time\n1,5,30\n2,5,10\n3,5,20\n"
    let rows = try read(text, unit: .seconds).rows
    #expect(rows.map(\.id) == ["gaia-2", "gaia-3", "gaia-1"] && rows.map(\.cores) == [2, 3, 1])
  }

  /// A submission that is stretched is rounded to the millisecond: thirds of 1, 2 and 4 s.
  @Test func stretchedSubmissionsAreRounded() throws {
    let text = "arrival_time,length,cpus\n0,5,1\n1,5,1\n2,5,1\n4,5,1\n"
    let rows = try read(text, unit: .seconds, scale: 1.0 / 3).rows
    #expect(rows.map(\.submitted) == [0, 333, 667, 1333])
  }

  @Test func gaiaFaults() {
    let head = "arrival_time,length,cpus\n"
    #expect(told(head) == "f:1: found times without a unit, expected time_unit: s | h (GAIA has both)")
    // What the header or the scenario lacks hides nothing of the rows.
    #expect(
      told(head + "0,x,1\n")
        == "f:1: found times without a unit, expected time_unit: s | h (GAIA has both)\n"
        + "f:2: length: found \"x\", expected a number from 0 to 1e12\n" + JobShapeTests.remedy(1))
    #expect(
      told(JobShapeTests.upload.replacing("deadline", with: "deadlin") + "a,,,x,1,60,,,,,\n")
        == "f:1: deadlin: found an unknown column, expected a known one: did you mean deadline? (columns: {deadline: "
        + "deadlin} reads it, ignore: [deadlin] leaves it out)\n"
        + "f:2: required_cpu_cores: found \"x\", expected a number from 0 to 1e12\n" + JobShapeTests.remedy(1))
    #expect(
      told(head + "x,1,1\n1,-1,1\n1,1\n1,1,nan\n", unit: .seconds)
        == "f:2: arrival_time: found \"x\", expected a number from 0 to 1e12\n"
        + "f:3: length: found \"-1\", expected a number from 0 to 1e12\n"
        + "f:4: found 2 fields, expected 3, as in the header\n"
        + "f:5: cpus: found \"nan\", expected a number from 0 to 1e12\n" + JobShapeTests.remedy(4))
  }

  /// All rows are bad, so that nothing would be left without them.
  static func remedy(_ count: Int) -> String { "f: \(count) \(count == 1 ? "row is not a job" : "rows are not jobs")" }

  private static let upload =
    "workload_name,workload_type,urgency,required_cpu_cores,required_memory_gb,required_gpu_mins,estimated_energy_kwh,"
    + "carbon_cap_gco2,max_price_gbp,deferral_window_mins,deadline\n"

  @Test func theBatchUpload() throws {
    let text =
      JobShapeTests.upload
      + "train,TRAINING_RUN,high,8,32,90,50,1000,5,30,2020-01-07T00:00Z\nquery,rag_query,LOW,1,2,0,,,,,\n"
    let (rows, file) = try read(text)
    #expect(
      rows == [
        Row(id: "row-1", submitted: 0, duration: 90 * 60_000, cores: 8, gpus: 1),
        Row(id: "row-2", submitted: 0, duration: 20 * 60_000, cores: 1, gpus: 0),
      ])
    #expect(file.assumedDurations == 1)
    try withFile(text) { path in
      let file = try JobFileReader.read(path: path, zones: zones, start: start, end: start + .days(7))
      let job = try #require(try file.makeCursor().next()?.job)
      #expect(job.deadline == Instant(text: "2020-01-07T00:00Z") && job.urgency == .high && job.type == .trainingRun)
      #expect(job.submittedAt == start && job.deferralWindow == .minutes(30) && job.costCap == Money(5))
    }
    // With a number of GPUs, minutes are shared among them.
    let wide = JobShapeTests.upload.replacing("deadline", with: "deadline,required_gpus")
    #expect(
      try read(wide + "a,,,1,1,120,,,,,,4\n").rows == [
        Row(id: "row-1", submitted: 0, duration: 1_800_000, cores: 1, gpus: 4)
      ])
  }

  @Test func faultsOfTheBatchUpload() {
    #expect(
      told(JobShapeTests.upload + "a,OTHER,,1,1,,,,,,\nb,BATCH,,1,1,,,,,,2020-01-05T00:00Z\n")
        == "f:2: required_gpu_mins: found nothing, expected a number > 0, as the type has no usual duration\n"
        + "f:3: deadline: found \"2020-01-05T00:00Z\", expected a time at or after submitted_at\n"
        + JobShapeTests.remedy(2))
    // A column of the canonical CSV makes it one.
    #expect(
      told(JobShapeTests.upload.replacing("workload_name", with: "job_id,workload_name")).contains(
        "submitted_at: found no such column"))
  }

  @Test func timesThatAreNoInstantsCannotBeKept() throws {
    let told = try withFile("arrival_time,length,cpus\n") { path in
      fault {
        _ = try JobFileReader.read(
          path: path, timeUnit: .hours, zones: zones, start: start, end: start, timing: JobTiming(start: .recorded))
      }.replacing(path, with: "f")
    }
    #expect(told == "f: found start: recorded, expected start: clock, as the file has no instants")
  }
}

extension UInt64 {
  /// FNV-1a with the final mix of SplitMix64 (David Stafford's variant 13), written down a second time.
  init(stableHashOf text: String) {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in text.utf8 {
      hash ^= UInt64(byte)
      hash = hash &* 1_099_511_628_211
    }
    for (shift, factor) in [(30, 0xbf58_476d_1ce4_e5b9), (27, 0x94d0_49bb_1331_11eb)] as [(UInt64, UInt64)] {
      hash = (hash ^ (hash >> shift)) &* factor
    }
    self = hash ^ (hash >> 31)
  }
}

/// The recorded logs against figures that others found (the data's own notes).
@Suite struct RecordedJobTests {
  private func summary(_ name: String, _ unit: JobTimeUnit? = nil) throws -> WorkloadSummary? {
    guard let path = SharedData.path(name) else { return nil }
    let file = try JobFileReader.read(
      path: path, timeUnit: unit, zones: [], start: Instant(milliseconds: 0), end: Instant(milliseconds: 0),
      keepsAll: true)
    return try WorkloadSummary(file.makeCursor(keepsTexts: false))
  }

  @Test func gaia() throws {
    guard let year = try summary("gaia-pai/pai-100k.csv", .hours) else { return }
    #expect(year.count == 99_998)
    #expect(try abs(#require(year.gapMean) - 315.3) < 0.05 && abs(#require(year.gapVariation) - 1.41) < 0.005)
    let runs = year.spreads[0].values
    #expect(try abs(#require(runs.mean) - 8161) < 1)
    #expect(zip(runs.quantiles, [2392, 19932, 86610, 256093]).allSatisfy { abs($0 - $1) <= 1 })
    let small = try #require(try summary("gaia-pai/pai_1k.csv", .seconds))
    #expect(small.count == 1000)
  }

  @Test func standardWorkloadFormat() throws {
    guard let nasa = try summary("swf-nasa-ipsc-1993/NASA-iPSC-1993-3.1-cln.swf") else { return }
    #expect(nasa.count == 18_239 - 173)
    #expect(zip(nasa.spreads[0].values.quantiles, [88, 1520, 10933, 62643]).allSatisfy { abs($0 - $1) <= 1 })
    let lublin = try #require(try summary("swf-lublin-256/lublin_256.swf"))
    #expect(try abs(#require(lublin.gapMean) - 770.7) < 0.1 && abs(#require(lublin.spreads[0].values.mean) - 4863) < 1)
  }

  @Test(arguments: [
    ("alibaba-openb-2023/openb_pod_list_default.csv", "job_id: found no such column, expected one in the header"),
    ("surf-lisa-2022-07/surf_tasks_2022-07.csv", "did you mean job_id? (columns: {job_id: id} reads it"),
    ("philly-runtimes/philly_runtime.csv", "job_id: found no such column, expected one in the header"),
    ("geo-gb/carbon_intensity_api_regional_response.json", "found JSON, expected a table of jobs: CSV of job_id"),
  ]) func whatIsNoJobFile(name: String, message: String) {
    guard let path = SharedData.path(name) else { return }
    let told = fault {
      let zero = Instant(milliseconds: 0)
      _ = try JobFileReader.read(path: path, zones: [], start: zero, end: zero, keepsAll: true)
    }
    #expect(told.contains(message), "\(told)")
  }
}
