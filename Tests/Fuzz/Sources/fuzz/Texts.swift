import Domain
import Foundation
import Inputs
import Results
import Runs
import Scenarios

private let zones = [("NORTH", 1), ("SOUTH", 2), ("GB", 3)].map { code, id in
  Zone(
    id: id, code: code, name: code.capitalized, region: "South Scotland", country: "United Kingdom",
    coordinates: Coordinates(latitude: 55, longitude: -3),
    capacity: Resources(milliCores: 64_000, milliGigabytes: 256_000, milliGPUs: 8000), pue: 1.2, aliases: ["A"])
}

/// A promise that was not kept.
struct Broken: Error { var promise: String }

func demand(_ holds: Bool, _ promise: @autoclosure () -> String) throws {
  if !holds { throw Broken(promise: promise()) }
}

private func refused(_ error: InputError) throws {
  try demand(!error.issues.isEmpty, "a refusal tells a fault")
  try demand(
    error.issues.allSatisfy { !$0.file.isEmpty && !$0.found.isEmpty && !$0.expected.isEmpty && $0.line >= 0 },
    "a fault tells file, found and expected")
  let text = error.description
  try demand(
    text.utf8.count < 1 << 20 && text.split(separator: "\n").count <= 202, "what is printed is bounded")
}

/// A target that reads a file.
private func target(_ name: String, file: String, _ read: @escaping @Sendable (String) throws -> Void) -> Target {
  target(name, file: file, ways: 1) { path, _ in try read(path) }
}

/// A target that reads a file in several ways.
private func target(
  _ name: String, file: String, ways: UInt64, _ read: @escaping @Sendable (String, UInt64) throws -> Void
) -> Target {
  let lazy = Lazy(file)
  return Target(name: name) { bytes in
    lazy.file.fill(bytes)
    do { try read(lazy.file.path, way(bytes, of: ways)) } catch let error as InputError {
      try refused(error)
    }
  }
}

/// The file is made only for the target that runs.
private final class Lazy: @unchecked Sendable {
  // One thread calls the fuzzer's entry.
  private let name: String
  lazy var file = MemoryFile(name)
  init(_ name: String) { self.name = name }
}

let textTargets: [Target] = [
  target("scenario", file: "scenario.yaml", ways: 4) { path, way in
    let document = try ScenarioDocument(path: path)
    let scenario = try document.scenario(knownPolicies: Runner.policyNames)
    guard way == 0 else { return }
    let again = try document.scenario(knownPolicies: Runner.policyNames)
    try demand(again.zones == scenario.zones && again.policies == scenario.policies, "two readings agree")
  },
  overrideTarget,
  target("variants", file: "variants.yaml") { _ = try Variant.load(path: $0) },
  target("jobs", file: "jobs.csv") { try readJobs($0, .auto) },
  target("gaia", file: "jobs.csv") { try readJobs($0, .gaia) },
  target("swf", file: "jobs.swf", ways: 2) { try readJobs($0, .swf, $1 == 0 ? JobReading() : leavesOut) },
  target("sacct", file: "jobs.txt", ways: 2) { path, way in
    try readJobs(path, .sacct, way == 0 ? JobReading() : JobReading(timeZone: "Europe/Berlin", badRows: .skip))
  },
  target("job-table", file: "jobs.csv", ways: 4) { path, way in try readJobs(path, .csv, mappings[Int(way)]) },
  target("trace-csv", file: "trace.csv", ways: 5) { try readTrace($0, .carbon, $1) },
  target("price-csv", file: "trace.csv", ways: 3) { try readTrace($0, .price, $1) },
  target("json", file: "trace.json", ways: 5) { path, way in
    if way < 3 { try readTrace(path, .carbon, way) } else { try readAnswer(path, ofNation: way == 3) }
  },
  target("price-json", file: "trace.json", ways: 3) { try readTrace($0, .price, $1) },
  target("gzip", file: "trace.gz", ways: 3) { try readTrace($0, .carbon, $1) },
  target("geojson", file: "outline.json") { path in
    let shapes = try OutlineReader.read(path: path)
    try demand(shapes.allSatisfy { $0.points.count > 1 }, "a shape has two points")
  },
  target("decisions", file: "decisions.csv") { path in
    let file = try DecisionFile(path: path, zones: zones)
    let job = Job(
      sequence: 0, identity: 17, submittedAt: .init(milliseconds: 5), estimatedDuration: .hours(1), demand: .zero)
    let found = try file.check(
      against: JobList([SubmittedJob(job: job, actualDuration: .hours(1))]), zones: zones)
    let record = file.record
    try demand(found.undecided <= 1 && found.unknown <= record.decisions.count, "decisions are counted")
    for decision in record.decisions {
      let instants = record.indices(of: decision.job).map { record.decisions[$0].decidedAt }
      try demand(zip(instants, instants.dropFirst()).allSatisfy { $0 < $1 }, "one decision on a job at an instant")
    }
  },
  target("vintages", file: "forecast.csv") { path in
    guard try VintageReader.isVintages(path: path) else { return }
    _ = try VintageReader.read(path: path, zones: zones, start: Instant(milliseconds: 1_577_836_800_000))
  },
]

private let overrideTarget = Target(name: "override") { bytes in
  guard let text = String(validating: bytes, as: UTF8.self), let at = text.firstIndex(of: "=") else { return }
  do {
    _ = try seedDocument.scenario(
      overrides: [(String(text[..<at]), String(text[text.index(after: at)...]))], knownPolicies: Runner.policyNames)
  } catch let error as InputError { try refused(error) }
}

private let seedDocument: ScenarioDocument = {
  let file = MemoryFile("scenario.yaml")
  let text = """
    name: small
    clock: {start: 2020-01-06T00:00:00Z, duration: 1d}
    zones:
      - {code: NORTH, name: North, region: N, coordinates: {lat: 55, lng: -3}, capacity: {cpu_cores: 8, memory_gb: 32}}
    grid: {carbon: {constant: 100}, price: {constant: 0.1}}
    workload: {preset: pylon}
    policies: [standard, {deadline-aware: {weights: {carbon: 1}}}]
    """
  Array(text.utf8).withUnsafeBytes { file.fill($0) }
  do { return try ScenarioDocument(path: file.path) } catch { fatalError("\(error)") }
}()

/// An input is read in one of the ways that there are, so that none waits for the others; which, its bytes tell.
private func way(_ bytes: UnsafeRawBufferPointer, of count: UInt64) -> UInt64 {
  (bytes.reduce(14_695_981_039_346_656_037) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 } >> 32) % count
}

private func readTrace(_ path: String, _ kind: TraceKind, _ way: UInt64) throws {
  if way < 2 {
    _ = try TraceReader.read(path: path, kind: kind, zones: zones, gaps: way == 0 ? .error : .interpolate)
    return
  }
  var mapping = TableMapping()
  if way > 2 {
    (mapping.timeZone, mapping.stamps, mapping.duplicates) = ("Europe/Berlin", .end, way == 3 ? .last : .mean)
    (mapping.null, mapping.dateOrder) = (["NA", ""], way == 3 ? .dayFirst : .monthFirst)
    (mapping.decimal, mapping.scale) = (way == 3 ? .comma : nil, way == 3 ? nil : 0.001)
  }
  let all = try TraceReader.readAll(
    path: path, kind: kind, gaps: .hold, clip: true, reading: TraceReading(mapping: mapping))
  for column in all.table.columns {
    let summary = TraceSummary(column)
    try demand(summary.count == column.steps.count && summary.end > summary.start, "a trace has a span")
    let trace = try column.trace(extending: .wrap)
    try demand(trace.value(at: summary.start) == column.steps[0].value, "a trace begins with its first value")
  }
}

private func readAnswer(_ path: String, ofNation: Bool) throws {
  do {
    let answer = try IntensityAnswer(
      path: path, kind: ofNation ? .carbon : .forecast, area: ofNation ? .nation : .regions, zones: zones)
    let window = Instant(milliseconds: 1_672_531_200_000)..<Instant(milliseconds: 1_672_617_600_000)
    let half = HalfHours([(window, answer)], gaps: .interpolate, clip: true)
    try demand(half.table.columns.count == answer.names.count, "a column a zone")
  } catch let fault as AnswerFault {
    try demand(
      !fault.description.isEmpty || { if case .refusal = fault { true } else { false } }(), "a fault is told")
  }
}

private let leavesOut = JobReading(badRows: .skip)

/// Tables of jobs in some layouts.
private let mappings: [JobReading] = {
  let columns = [
    JobReading.Column(name: "job_id", source: "id"), JobReading.Column(name: "submitted_at", source: "at"),
    JobReading.Column(name: "duration_s", source: "end", from: "at"),
    JobReading.Column(name: "required_cpu_cores", source: "milli", scale: 0.001),
    JobReading.Column(name: "required_gpus", source: "n", times: "milli", scale: 0.001),
  ]
  var counted = columns
  counted[1].scale = 1e-6
  counted[2] = JobReading.Column(name: "duration_s", source: "n", scale: 3600)
  counted.append(JobReading.Column(name: "deadline", source: "n", after: "end", scale: 60))
  return [
    JobReading(columns: columns), JobReading(columns: counted, nulls: ["NA", "-"], badRows: .skip),
    JobReading(columns: columns, timeZone: "Europe/Berlin", ignoresOthers: true, badRows: .skip),
    JobReading(
      columns: [
        JobReading.Column(name: "job_id", source: "1"), JobReading.Column(name: "submitted_at", source: "2"),
        JobReading.Column(name: "duration_s", source: "3"),
      ], separator: 59, hasDecimalCommas: true, badRows: .skip, header: .none),
  ]
}()

private func readJobs(_ path: String, _ format: JobFileFormat, _ reading: JobReading = JobReading()) throws {
  let start = Instant(milliseconds: 1_577_836_800_000)
  let file = try JobFileReader.read(
    path: path, format: format, timeUnit: format == .gaia ? .hours : nil, zones: zones, start: start,
    end: start + .days(30), timing: JobTiming(scale: format == .auto ? 1 : 1.5), memoryPerCore: 2, reading: reading)
  let cursor = try file.makeCursor()
  var count = 0
  var last = Instant(milliseconds: .min)
  var signature: UInt64 = 0
  while let next = try cursor.next() {
    let job = next.job
    try demand(
      next.actualDuration > .zero && job.estimatedDuration > .zero && job.submittedAt >= last
        && job.demand.milliCores >= 0 && job.demand.milliGigabytes >= 0 && job.demand.milliGPUs >= 0,
      "jobs are whole and in their order")
    last = job.submittedAt
    signature = signature &* 31 &+ job.identity
    cursor.release(job)
    count += 1
  }
  try demand(count == file.count, "as many jobs as were counted")
  if count > 0, signature % 8 == 0 { try writtenAgain(file, last) }
}

private let writtenFile = MemoryFile("written.csv").path

/// What is read and written as a job log reads the same.
private func writtenAgain(_ file: JobFile, _ last: Instant) throws {
  let writer = try JobLogWriter(path: writtenFile, zones: zones, users: file.users)
  var before: [(Job, TimeSpan)] = []
  let cursor = try file.makeCursor()
  while let next = try cursor.next() {
    try cursor.withTexts(of: next.job) {
      try writer.append(next.job, actualDuration: next.actualDuration, id: $0, name: $1)
    }
    cursor.release(next.job)
    // A duration that no column may tell.
    if max(next.actualDuration, next.job.estimatedDuration).milliseconds > 1_000_000_000_000_000 { return }
    before.append((next.job, next.actualDuration))
  }
  try writer.finish()
  let again = try JobFileReader.read(
    path: writtenFile, format: .csv, zones: zones, start: .init(milliseconds: 0), end: last + .days(1), keepsAll: true)
  let reader = try again.makeCursor()
  var place = 0
  while let next = try reader.next() {
    var (job, actual) = before[place]
    job.textHandle = next.job.textHandle
    try demand(again.users[next.job.user] == file.users[job.user], "a user reads back")
    try demand(
      next.job.identity == job.identity && next.job.submittedAt == job.submittedAt
        && next.job.estimatedDuration == job.estimatedDuration && next.actualDuration == actual
        && next.job.demand == job.demand && next.job.deadline == job.deadline && next.job.homeZone == job.homeZone
        && next.job.emissionsCap == job.emissionsCap && next.job.costCap == job.costCap
        && next.job.deferralWindow == job.deferralWindow && next.job.urgency == job.urgency
        && next.job.type == job.type,
      "a job that is written reads back: \(job) \(actual) \(next)")
    reader.release(next.job)
    place += 1
  }
  try demand(place == before.count, "all jobs read back")
}
