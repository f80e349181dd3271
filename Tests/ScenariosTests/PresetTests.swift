import Scenarios
import Testing

@Suite struct PresetTests {
  /// The platform's figures: shares, mean hours, energies, urgencies and counts.
  @Test func pylonIsThePlatformsMix() throws {
    let model = try WorkloadPreset.pylon.model(rate: 2)
    let expected: [(String, Double, Double, Double)] = [
      ("TRAINING_RUN", 25, 8, 50), ("INFERENCE_BATCH", 25, 1, 15), ("DATA_PROCESSING", 20, 3, 25),
      ("FINE_TUNING", 15, 5, 35), ("RAG_QUERY", 15, 1.0 / 3, 5),
    ]
    #expect(model.classes.count == expected.count)
    for (own, wanted) in zip(model.classes, expected) {
      #expect(own.type.name == wanted.0 && own.weight == wanted.1)
      #expect(abs(own.duration.mean - wanted.2 * 3600) < 1e-6)
      #expect(own.energy == .terms(EnergyTerms(base: wanted.3, perCore: 0.1, perGPUHour: 0.3, spread: 0.15)))
      #expect(own.urgency == [34, 60, 6, 0] && own.deferral == .byUrgency && own.deadline == .byUrgency)
      #expect(own.cores.values.cdf(64) == 1 && own.gpus.values.cdf(8) == 1)
    }
    guard case .daily(let counts) = model.arrivals.process else { throw Missing() }
    #expect(counts.weekday == 10...19 && counts.weekend == 3...7 && counts.rate == 2)
    #expect(abs(counts.hourly.reduce(0, +) - 1) < 1e-12)
    #expect(abs(counts.hourly[9..<17].reduce(0, +) - 0.7) < 1e-12)
  }

  private struct Missing: Error {}
}
