import Domain
import Foundation
import Inputs
import Testing

/// Readers on mutated files: always a result or an `InputError`, never a crash or a hang.
///
/// `PYLON_FUZZ` is how many inputs are tried on each reader (default 3,000, for each reader); `PYLON_TEST_SEED` makes
/// a run again.
@Suite struct FuzzTests {
  struct Subject: Sendable, CustomTestStringConvertible {
    var name: String
    var seeds: [String]
    var read: @Sendable (String) throws -> Void
    var testDescription: String { name }
  }

  /// Numbers, words and marks that mean something to some reader.
  private static let dictionary =
    [
      ",", "\n", "\r\n", "\"", "\"\"", "\u{FEFF}", "-", "+", ".", "e308", "1e400", "nan", "inf", "-1", "0", "1e12",
      "99999999999999999999", "9223372036854775807", "-9223372036854775808", "253402300799", "-62135596800", "T", "Z",
      "+14:00", "2020-02-30", "9999-12-31T23:59:59.999Z", "0000-01-01", " ", "\t", ";", "{", "}", "[", "]", ":", "null",
      "true", "\\ud800", "\\u0000", "\u{0}", "GB", "NORTH", "SOUTH", "zone", "actual", "forecast", "price", "datetime",
      "settlement_period", "100000000000000000000000000000000000000000", "é", "₂", "\u{1F600}",
    ].map { Array($0.utf8) }

  private struct Generator: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      // SplitMix64.
      state &+= 0x9e37_79b9_7f4a_7c15
      var z = state
      z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
      z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
      return z ^ (z >> 31)
    }
  }

  private static func mutate(_ seed: [UInt8], _ other: [UInt8], _ random: inout Generator) -> [UInt8] {
    var bytes = seed
    for _ in 0..<Int.random(in: 1...3, using: &random) {
      let at = bytes.isEmpty ? 0 : Int.random(in: 0..<bytes.count, using: &random)
      let end = min(bytes.count, at + Int.random(in: 1...12, using: &random))
      switch Int.random(in: 0..<9, using: &random) {
      case 0 where !bytes.isEmpty: bytes[at] = UInt8.random(in: 0...255, using: &random)
      case 1 where !bytes.isEmpty: bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      case 2: bytes.removeSubrange(at..<end)
      case 3: bytes.insert(contentsOf: bytes[at..<end], at: at)
      case 4, 5: bytes.insert(contentsOf: dictionary.randomElement(using: &random) ?? [], at: at)
      case 6:
        // A field or a word is exchanged for something else.
        let stop = bytes[at...].firstIndex { $0 == 44 || $0 == 10 || $0 == 32 } ?? bytes.count
        bytes.replaceSubrange(at..<stop, with: dictionary.randomElement(using: &random) ?? [])
      case 7: bytes.removeLast(bytes.count - at)
      default:
        guard !other.isEmpty else { continue }
        let from = Int.random(in: 0..<other.count, using: &random)
        bytes.insert(contentsOf: other[from..<min(other.count, from + 40)], at: at)
      }
    }
    return bytes
  }

  private static func trace(_ kind: TraceKind, _ reading: TraceReading = TraceReading())
    -> @Sendable (String) throws -> Void
  {
    { path in
      for rule in [GapRule.error, .interpolate] {
        do {
          _ = try TraceReader.read(path: path, kind: kind, zones: zones, gaps: rule, reading: reading)
        } catch is InputError {}
      }
      let all = try TraceReader.readAll(path: path, kind: kind, gaps: .hold, clip: true, reading: reading)
      for column in all.table.columns {
        let summary = TraceSummary(column)
        #expect(summary.count == column.steps.count && summary.end > summary.start)
        _ = try column.trace(extending: .wrap)
      }
    }
  }

  private static func jobs(
    _ format: JobFileFormat, _ reading: JobReading = JobReading()
  ) -> @Sendable (String) throws -> Void {
    { path in
      let file = try JobFileReader.read(
        path: path, format: format, timeUnit: format == .gaia ? .hours : nil, zones: zones,
        start: Instant(milliseconds: 0),
        // A batch upload, whose jobs are all submitted at once, is refused with a scale.
        end: Instant(milliseconds: 4_000_000_000_000), timing: JobTiming(scale: format == .auto ? 1 : 1.5),
        memoryPerCore: 2,
        reading: reading)
      let cursor = try file.makeCursor()
      var count = 0
      var last = Instant(milliseconds: .min)
      while let next = try cursor.next() {
        #expect(next.actualDuration > .zero && next.job.estimatedDuration > .zero && next.job.submittedAt >= last)
        last = next.job.submittedAt
        cursor.release(next.job)
        count += 1
      }
      #expect(count == file.count)
    }
  }

  /// Tables in the forms of several publishers.
  private static let tables = [
    "Datum von;Datum bis;Deutschland/Luxemburg [€/MWh] Originalauflösungen\n"
      + "26.10.2025 02:00;26.10.2025 02:15;1.001,95\n26.10.2025 02:15;26.10.2025 02:30;-2,10\n"
      + "26.10.2025 02:00;26.10.2025 02:15;1,95\n",
    "Country,ISO3 Code,Datetime (UTC),Datetime (Local),Price (EUR/MWhe)\n"
      + "Germany,DEU,2025-03-10 00:00:00,2025-03-10 01:00:00,82.5\nGermany,DEU,2025-03-10 01:00:00,,NaN\n",
    "\"MTU (CET/CEST)\",\"Day-ahead Price [EUR/MWh]\",\"BZN|DE-LU\"\n"
      + "\"26/10/2025 02:00:00 (CEST) - 26/10/2025 02:15:00 (CEST)\",\"39.9\",\"\"\n"
      + "\"26/10/2025 02:00:00 (CET) - 26/10/2025 02:15:00 (CET)\",\"n/e\",\"\"\n",
    "Date|Hour|North [p/kWh]|South (%)\n2024-03-31|0|1|2\n31/03/2024|24|3|4\n",
    "2024-01-01 00:00:00+00:00,00:00,A,Eastern England,15.5\n2024-01-01 00:30:00+00:00,00:30,A,x,-2\n",
    "REGIONID,SETTLEMENTDATE,RRP\nNSW1,2025/03/01 00:05:00,95.5\nNSW1,2025/03/01 00:10:00,-3\n",
    "date,HE,price (kEUR/GWh)\n20250310,1,£40.00\n20250310,24,\"1,234.5\"\n45726.04,3,5\n",
  ]
  private static let mapped: TableMapping = {
    var mapping = TableMapping()
    (mapping.timeZone, mapping.stamps, mapping.duplicates) = ("Europe/Berlin", .end, .mean)
    (mapping.null, mapping.dateOrder, mapping.scale) = (["NaN", "n/e"], .dayFirst, 0.5)
    return mapping
  }()

  static let subjects: [Subject] = {
    let wide = "datetime,NORTH,SOUTH\n2020-01-01T00:00Z,1,2\n2020-01-01T01:00Z,3,4.5\n2020-01-01T03:00Z,5,6\n"
    let long =
      "datetime,zone,carbon_intensity,forecast\n2020-01-01T00:00Z,NORTH,1,2\n2020-01-01T00:00Z,SOUTH,3,4\n"
      + "2020-01-01T01:00Z,NORTH,1,2\n2020-01-01T01:00Z,SOUTH,3,4\n"
    let maps =
      "Datetime (UTC),Country,Zone Name,Zone Id,Carbon Intensity gCO₂eq/kWh (direct),Data Source\n"
      + "2021-01-01 00:00:00,Great Britain,Great Britain,GB,156.03,\"a; b\"\n"
      + "2021-01-01 01:00:00,x,Great Britain,GB,1,\n"
    let national =
      "from,to,forecast,actual,index\n2023-01-01 00:00:00+00:00,x,75,65.0,low\n"
      + "2023-01-01 00:30:00+00:00,x,73,0,low\n2023-01-01 01:00:00+00:00,x,73,,low\n"
    let elexon =
      "settlement_date,settlement_period,system_sell_price\n2023-03-26,45,1\n2023-03-26,46,-2\n2023-10-29,50,3\n"
    let regions =
      "date,from,dnoregion,regionid,intensity_forecast\n2023-12-29,23:30,A,1,0\n2023-12-29,23:30,B,2,9\n"
      + "2023-12-30,00:00,A,1,1\n2023-12-30,00:00,B,2,8\n2023-12-30,00:00,C,18,8\n"
    let json = [
      "{\"data\":[{\"from\":\"2023-01-01T00:00Z\",\"to\":\"x\","
        + "\"intensity\":{\"forecast\":75,\"actual\":65,\"index\":\"low\"}},\n"
        + "{\"from\":\"2023-01-01T00:30Z\",\"intensity\":{\"forecast\":7e1,\"actual\":null}}]}",
      "{\"data\":[{\"from\":\"2023-01-01T00:00Z\",\"regions\":["
        + "{\"regionid\":1,\"shortname\":\"A\",\"intensity\":{\"forecast\":1}},"
        + "{\"regionid\":2,\"shortname\":\"\\u0042\",\"intensity\":{\"forecast\":2}}]}]}",
      "{\"data\":{\"regionid\":2,\"shortname\":\"S\",\"data\":["
        + "{\"from\":\"2023-01-01T00:00Z\",\"intensity\":{\"forecast\":5}},"
        + "{\"from\":\"2023-01-01T00:30Z\",\"intensity\":{\"forecast\":6}}]}}",
    ]
    let csv =
      "job_id,submitted_at,duration_s,required_cpu_cores,required_gpus,required_gpu_mins,deadline,home_zone,urgency\n"
      + "a,2020-01-06T00:30Z,3600,4,,,2020-01-07,NORTH,low\nb,1578268800.5,,1.5,2,60,,,HIGH\n"
      + "\"c,\"\"\",2020-01-05,1,,,,,,\n"
    let swf =
      "; UnixStartTime: 1000\n1 0 -1 60 4 -1 1048576 8 120 -1 1 7 1 1 1 1 -1 -1\n"
      + "2 10 -1 30 -1 -1 -1 2 -1 -1 1 7 1 1 1 1 -1 -1\n"
    let gaia = "arrival_time,length,cpus\n0.0,25.4,1\n1.5,0.5,3\n1.0,2,2\n"
    let upload =
      "workload_name,workload_type,urgency,required_cpu_cores,required_memory_gb,required_gpu_mins,deadline\n"
      + "a,TRAINING_RUN,high,8,32,90,2020-01-07T00:00Z\nb,rag_query,LOW,1,2,0,\n"
    let sacct =
      "JobID|User|Submit|Start|End|Elapsed|Timelimit|NCPUS|ReqMem|AllocTRES|State\n"
      + "7|ann|2020-01-03T02:11:12|2020-01-03T02:12:00|2020-01-05T03:36:56|2-01:24:56|3-00:00:00|8|32G|"
      + "cpu=8,gres/gpu=2,mem=32G,node=1|COMPLETED\n7.batch||2020-01-03T02:12:00|x|x|x||8||x|COMPLETED\n"
      + "8|bob|2020-01-03T05:00:00|Unknown|Unknown|00:00:00|01:00:00|1|4Gn||PENDING\n"
    let table = "id;at;end;milli;n\na;2020-01-02 03:04:05;2020-01-02 05:04:05;500;2\nb;1577836800;1577840400;0,5;NA\n"
    let mapping = JobReading(
      columns: [
        JobReading.Column(name: "job_id", source: "id"), JobReading.Column(name: "submitted_at", source: "at"),
        JobReading.Column(name: "duration_s", source: "end", from: "at"),
        JobReading.Column(name: "required_cpu_cores", source: "milli", scale: 0.001),
        JobReading.Column(name: "required_gpus", source: "n", times: "milli", scale: 0.001),
      ], timeZone: "Europe/Berlin", nulls: ["NA"])
    var lenient = mapping
    lenient.badRows = .skip
    let extended =
      "id s w r c u m q t n st us g a p pt pr th x\n1 0 10 60 8 -1 -1 8 72 -1 1 1 1 1 1 1 -1 -1 x\n"
      + "1 -1 10 30 8 -1 -1 8 72 -1 2 1 1 1 1 1 -1 -1 x\n2 1577836800 5 6 4 -1 -1 4 9 -1 1 2 1 1 1 1 1 5 x\n"
    return [
      Subject(name: "sacct", seeds: [sacct], read: jobs(.sacct)),
      Subject(name: "sacct, bad rows left out", seeds: [sacct], read: jobs(.sacct, JobReading(badRows: .skip))),
      Subject(name: "mapped table", seeds: [table], read: jobs(.csv, mapping)),
      Subject(name: "mapped table, bad rows left out", seeds: [table], read: jobs(.csv, lenient)),
      Subject(name: "extended SWF", seeds: [extended, swf], read: jobs(.swf, JobReading(badRows: .skip))),
      Subject(name: "trace CSV", seeds: [wide, long, maps, national, regions], read: trace(.carbon)),
      Subject(name: "forecast CSV", seeds: [long, national, regions], read: trace(.forecast)),
      Subject(name: "price CSV", seeds: [wide, elexon], read: trace(.price, TraceReading(scope: .everywhere))),
      Subject(name: "mapped CSV", seeds: tables, read: trace(.price, TraceReading(mapping: mapped))),
      Subject(name: "tables", seeds: tables, read: trace(.price)),
      Subject(name: "JSON", seeds: json, read: trace(.carbon, TraceReading(format: .json))),
      Subject(name: "JSON of other APIs", seeds: Answers.carbon, read: trace(.carbon)),
      Subject(name: "JSON forecasts", seeds: Answers.carbon, read: trace(.forecast)),
      Subject(
        name: "JSON prices", seeds: Answers.price, read: trace(.price, TraceReading(scope: .everywhere))),
      Subject(name: "job CSV", seeds: [csv], read: jobs(.csv)), Subject(name: "SWF", seeds: [swf], read: jobs(.swf)),
      Subject(name: "GAIA", seeds: [gaia], read: jobs(.gaia)),
      Subject(name: "batch upload", seeds: [upload], read: jobs(.auto)),
    ]
  }()

  /// Of this thread: what else the machine does counts for nothing.
  private static var processorSeconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  @Test(arguments: subjects) func neverCrashes(subject: Subject) throws {
    let environment = ProcessInfo.processInfo.environment
    let count = Int(environment["PYLON_FUZZ"] ?? "") ?? 3000
    let seed = UInt64(environment["PYLON_TEST_SEED"] ?? "") ?? .random(in: 0...UInt64.max)
    print("\(subject.name): PYLON_TEST_SEED=\(seed)")
    var random = Generator(state: seed)
    let seeds = subject.seeds.map { Array($0.utf8) }
    let memory = "/dev/shm"
    let folder = FileManager.default.isWritableFile(atPath: memory) ? memory : NSTemporaryDirectory()
    let path = folder + "/fuzz-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    var read = 0
    var slowest = 0.0
    for round in 0..<count {
      let first = seeds.randomElement(using: &random) ?? []
      let bytes = FuzzTests.mutate(first, seeds.randomElement(using: &random) ?? [], &random)
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      let began = FuzzTests.processorSeconds
      do {
        try subject.read(path)
        read += 1
      } catch let error as InputError {
        let isTold = !error.issues.isEmpty && error.issues.allSatisfy { !$0.found.isEmpty && !$0.expected.isEmpty }
        #expect(isTold, "\(error), seed \(seed), round \(round)")
      } catch {
        Issue.record("\(error), seed \(seed), round \(round): \(String(decoding: bytes, as: UTF8.self))")
      }
      slowest = max(slowest, FuzzTests.processorSeconds - began)
    }
    // Mutations are small: some must be read, others refused.
    #expect(count < 100 || (read > count / 1000 && read < count), "\(read) of \(count)")
    #expect(slowest < 20, "seed \(seed)")
    print("\(subject.name): \(read) of \(count) read, the slowest in \(slowest) s of CPU")
  }
}
