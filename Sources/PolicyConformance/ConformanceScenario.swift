public import Domain
public import Engine
public import Inputs
public import Policies

/// A small random world with everything that a policy may meet: one pass of the kit.
public struct ConformanceScenario: Sendable, CustomStringConvertible {
  public var seed: UInt64
  /// From 1; seed and number give the same scenario again.
  public var number: Int
  public var world: World
  /// In order of submission.
  public var jobs: [SubmittedJob]
  public var forecast: ForecastSettings
  /// Traces for the model `recorded`: one per zone, unrelated to the carbon trace.
  public var recorded: [StepTrace]
  public var interruption: InterruptionRules
  public var capsAreHard: Bool
  /// The policy's own, drawn too; empty in every other scenario.
  public var parameters: PolicyParameters

  /// True if the forecast knows nothing of the trace's future.
  public var forecastIsBlind: Bool {
    (forecast.carbon == .persistence || forecast.carbon == .recorded) && forecast.price == .persistence
  }

  /// Input from which a policy is made.
  public var setup: PolicySetup {
    PolicySetup(
      parameters: parameters, seed: seed, replication: number, zones: world.zones, clock: world.start..<world.end)
  }

  public var description: String {
    let zones = world.zones.map { zone in
      "\(zone.code) \(zone.capacity.cpuCores)/\(zone.capacity.memoryGigabytes)/\(zone.capacity.gpus)"
    }
    let written = parameters.values.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    return [
      "zones (cores/GB/GPUs) \(zones.joined(separator: ", "))", "\(jobs.count) jobs",
      "\(world.changes.count { $0.outage != nil }) outages, \(world.changes.count { !$0.isOut }) other capacities",
      "\(world.start.iso8601) for \(world.duration.inHours) h, \(world.drains ? "drains" : "is cut off")",
      "forecast \(forecast.carbon) and \(forecast.price) over \(forecast.horizon.inHours) h",
      capsAreHard ? "hard caps" : "soft caps",
      interruption.types.isEmpty ? "no interruption" : "interruption costs \(interruption.delay.inSeconds) s",
      written.isEmpty ? "the policy's default parameters" : written.joined(separator: " "),
    ].joined(separator: "; ")
  }

  /// Hint at a step that a policy may have forgotten.
  func hint(_ error: any Error) -> String {
    guard let fault = error as? PolicyFault, case .lostJobs = fault.kind, !world.changes.isEmpty else { return "" }
    return " (if capacity is lost for good, withdraw must drop the job and return true)"
  }

  /// Capacities of a zone from the clock's start on, period by period.
  func capacities(_ zone: ZoneIndex) -> [CapacityPeriod] {
    world.zones[zone].capacityPeriods(from: world.start, index: zone, world.changes)
  }

  /// Who issues this scenario's forecasts.
  func forecaster() -> TraceForecaster {
    TraceForecaster(
      zones: world.zones, carbon: world.carbon, price: world.price, settings: forecast,
      recorded: forecast.carbon == .recorded ? .column(recorded) : nil, start: world.start, seed: seed,
      replication: number)
  }
}
