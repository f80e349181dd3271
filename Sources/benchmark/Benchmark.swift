internal import Domain
internal import Engine
internal import Foundation
internal import Inputs
internal import Metrics
internal import Policies
internal import Scenarios

/// Times the simulation phase alone: inputs in memory, figures on, nothing stored.
///
///     swift run -c release benchmark SCENARIO.yaml POLICY [REPETITIONS [DEFERRAL_HOURS]]
///     swift run -c release benchmark generate SCENARIO.yaml
@main
enum Benchmark {
  static func main() {
    do {
      try run()
    } catch {
      FileHandle.standardError.write(Data("benchmark: \(error)\n".utf8))
      exit(2)
    }
  }

  private static func run() throws {
    let arguments = CommandLine.arguments
    if arguments.count == 2, arguments[1] == "grid" { return GridBenchmark.run() }
    if arguments.count >= 2, arguments[1] == "store" {
      return try StoreBenchmark.run(rows: arguments.count > 2 ? Int(arguments[2]) ?? 1_000_000 : 1_000_000)
    }
    if arguments.count == 3, arguments[1] == "generate" { return try generate(arguments[2]) }
    guard arguments.count >= 3 else {
      return print(
        "usage: benchmark SCENARIO.yaml POLICY [REPETITIONS [DEFERRAL_HOURS]] | generate SCENARIO.yaml | grid | store [ROWS]"
      )
    }
    let scenario = try Scenario.load(path: arguments[1], knownPolicies: PolicyCatalog.entries.map(\.name))
    // The scenario may tell the policy's parameters.
    let spec = scenario.policies.first { $0.name == arguments[2] }
    let setup = PolicySetup(parameters: spec?.parameters ?? PolicyParameters())
    guard let entry = PolicyCatalog.entry(arguments[2]) else { return print("no policy \(arguments[2])") }
    let repetitions = arguments.count > 3 ? Int(arguments[3]) ?? 5 : 5
    let window = arguments.count > 4 ? Int64(arguments[4]) : nil
    let world = World(
      zones: scenario.zones, carbon: try traces(scenario.grid.carbon, .carbon, scenario.zones),
      price: try traces(scenario.grid.price, .price, scenario.zones), start: scenario.start,
      duration: scenario.duration)
    let source = try source(scenario, world)
    var jobs: [SubmittedJob] = []
    while var job = try source.next() {
      if let window { job.job.deferralWindow = .hours(window) }
      jobs.append(job)
    }
    let settings = ForecastSettings(carbon: .perfect, price: .perfect, horizon: .hours(48))
    var seconds: [Double] = []
    for _ in 0..<repetitions {
      let metrics = RunMetrics(zones: world.zones, start: world.start, duration: world.duration)
      let forecaster = TraceForecaster(
        zones: world.zones, carbon: world.carbon, price: world.price, settings: settings, start: world.start, seed: 1,
        replication: 1)
      let simulation = Simulation(
        world: world, policy: entry.make(setup), source: JobList(jobs), sink: metrics, forecaster: forecaster)
      let began = processorSeconds()
      try simulation.run()
      seconds.append(processorSeconds() - began)
      if seconds.count == repetitions { report(metrics, jobs.count, seconds.sorted()) }
    }
  }

  private static func source(_ scenario: Scenario, _ world: World) throws -> any JobSource {
    switch scenario.workload {
    case .log(let log):
      try JobFileReader.read(path: log.file, zones: scenario.zones, start: world.start, end: world.end)
        .makeCursor(keepsTexts: false)
    case .generated(let model):
      try GeneratedWorkload(
        model, zones: scenario.zones, start: world.start, duration: world.duration, seed: scenario.seed,
        replication: 1)
    }
  }

  /// Draws a scenario's jobs one after another and keeps none: `benchmark generate SCENARIO.yaml`.
  private static func generate(_ path: String) throws {
    let scenario = try Scenario.load(path: path, knownPolicies: PolicyCatalog.entries.map(\.name))
    guard case .generated(let model) = scenario.workload else { return print("no generated workload") }
    let work = try GeneratedWorkload(
      model, zones: scenario.zones, start: scenario.start, duration: scenario.duration, seed: scenario.seed,
      replication: 1)
    var submitted = SubmittedJob.blank
    var seconds = 0.0
    let began = processorSeconds()
    while work.read(into: &submitted.job, actualDuration: &submitted.actualDuration) {
      seconds += submitted.actualDuration.inSeconds
    }
    let spent = processorSeconds() - began
    var usage = rusage()
    // 0 is RUSAGE_SELF, whose type differs between systems.
    getrusage(0, &usage)
    print(
      "jobs \(work.count) mean_duration_s \(seconds / Double(max(1, work.count))) generate_s \(spent)",
      "jobs_per_cpu_s \(Int(Double(work.count) / spent)) peak_memory_mb \(usage.ru_maxrss / 1024)")
  }

  private static func report(_ metrics: RunMetrics, _ count: Int, _ sorted: [Double]) {
    let median = sorted[sorted.count / 2]
    let figures = metrics.figures(overhead: Overhead())
    for name in ["carbon_kg", "wait_mean_s"] {
      if let value = figures.first(where: { $0.name == name })?.value { print(name, value) }
    }
    print("placement_signature \(String(metrics.placementSignature, radix: 16))")
    print("sim_s \(median) jobs_per_cpu_s \(Int(Double(count) / median))")
  }

  private static func traces(_ source: TraceSource, _ kind: TraceKind, _ zones: [Zone]) throws -> [StepTrace] {
    switch source {
    case .synthetic(let name): throw UsageError(text: "\(name): the benchmark reads traces from files")
    case .zoneFiles: throw UsageError(text: "grid.files: the benchmark reads one file for all zones")
    case .constant(let value): return zones.map { _ in StepTrace(constant: value) }
    case .file(let path, let extend, _, _, _):
      return try TraceReader.read(path: path, kind: kind, zones: zones).columns.map { try $0.trace(extending: extend) }
    }
  }

}

func processorSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

struct UsageError: Error, CustomStringConvertible {
  var text: String
  var description: String { text }
}
