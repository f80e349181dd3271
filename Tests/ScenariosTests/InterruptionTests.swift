import Domain
import Foundation
import Scenarios
import Testing

@Suite struct InterruptionKeyTests {
  private static let scenario = """
    name: n
    clock: {start: 2020-01-06T00:00:00Z, duration: 7d}
    zones: gb-14
    grid: {carbon: {constant: 100}, price: {constant: 0.2}}
    workload: {file: jobs.csv}
    policies: [standard]

    """

  private func load(_ line: String) throws -> Scenario {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("interruption-\(UUID().uuidString).yaml")
    defer { try? FileManager.default.removeItem(at: path) }
    try (Self.scenario + line + "\n").write(to: path, atomically: true, encoding: .utf8)
    return try Scenario.load(path: path.path, overrides: [], knownPolicies: ["standard"])
  }

  @Test func withoutTheKeyNobodyIsInterrupted() throws {
    #expect(try load("").interruption == .never)
    #expect(try load("interruption: {allowed: false}").interruption.types.isEmpty)
    #expect(try load("interruption: {allowed: true}").interruption == InterruptionRules())
    #expect(try load("interruption: {}").interruption == InterruptionRules())
  }

  @Test func costsAndTypesAreRead() throws {
    let rules = try load(
      "interruption: {allowed: [training, INFERENCE_BATCH], checkpoint: 30s, resume: 1.5m, checkpoint_kwh: 0.5, "
        + "resume_kwh: 0.25}"
    ).interruption
    #expect(
      rules
        == InterruptionRules(
          types: [.training, .inferenceBatch], checkpoint: .seconds(30), resume: .seconds(90),
          checkpointEnergy: Energy(0.5), resumeEnergy: Energy(0.25)))
    #expect(rules.delay == .seconds(120))
  }

  @Test func faultsAreToldAtOnceWithTheirLine() throws {
    let error = #expect(throws: InputError.self) {
      try load("interruption: {allowed: [trainign], checkpoint: -1s, resume: soon, resume_kwh: -1, cost: 2}")
    }
    let told = error?.description ?? ""
    for part in [
      ":7: interruption.cost: found an unknown key, expected one of allowed, checkpoint, resume, checkpoint_kwh, "
        + "resume_kwh", "interruption.allowed[0]: found trainign, expected one of TRAINING, ",
      ":7: interruption.checkpoint: found -1s, expected a time span ≥ 0 with a unit, such as 30s or 1m",
      "interruption.resume: found soon", "interruption.resume_kwh: found -1, expected kWh as a number from 0 to 1e12",
    ] {
      #expect(told.contains(part), "\(part) in \(told)")
    }
    let word = #expect(throws: InputError.self) { try load("interruption: {allowed: batch}") }
    #expect(word?.description.contains("found batch, expected true, false or a list of workload types") == true)
  }
}
