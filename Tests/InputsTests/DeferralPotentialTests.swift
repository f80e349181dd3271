import Domain
import Inputs
import Testing

@Suite struct DeferralPotentialTests {
  private func trace(_ values: [Double]) throws -> StepTrace {
    try StepTrace(
      stamps: values.enumerated().map { (Instant(milliseconds: Int64($0) * 3_600_000), $1) },
      end: Instant(milliseconds: Int64(values.count) * 3_600_000))
  }

  @Test func countsByHand() throws {
    // Starts 0, 1, 2 of a two-hour job that may wait an hour, at 2 kW.
    let found = DeferralPotential(trace: try trace([5, 1, 4, 2, 9]), length: 2, slack: 1, power: Power(2))
    #expect(found.starts == 3)
    #expect(abs(found.atOnce.value - 2 * (6 + 5 + 6) / 3.0) < 1e-12)
    #expect(abs(found.deferred.value - 2 * (5 + 5 + 6) / 3.0) < 1e-12)
    #expect(abs(found.interrupted.value - 2 * (5 + 3 + 6) / 3.0) < 1e-12)
  }

  /// The published table's method on the same year: tolerance 1e-4 g.
  @Test(
    .enabled(if: SharedData.isPresent, "shared/data is absent"),
    arguments: [
      (1, 24, 8759, 264.2316, 177.4794, 177.4794), (6, 24, 8754, 1585.3878, 1110.0077, 1099.3367),
      (24, 24, 8736, 6341.1491, 6114.9386, 5154.6556), (24, 168, 8736, 6341.1491, 5518.4011, 3993.8560),
      (168, 168, 8592, 44329.5830, 42113.9151, 35469.0835),
    ])
  func reproducesThePublishedYear(
    _ length: Int, _ slack: Int, _ starts: Int, _ atOnce: Double, _ deferred: Double, _ interrupted: Double
  ) throws {
    let rows = try SharedData.rows("carbon-2022-hourly/US-CAL-CISO-2022.csv")
    let column = try #require(rows[0].firstIndex { $0.hasPrefix("carbon_intensity") })
    let values = rows.dropFirst().compactMap { Double($0[column]) }
    #expect(values.count == 8760)
    let found = DeferralPotential(trace: try trace(values), length: length, slack: slack, power: Power(1))
    #expect(found.starts == starts)
    #expect(abs(found.atOnce.value - atOnce) <= 1e-4)
    #expect(abs(found.deferred.value - deferred) <= 1e-4)
    #expect(abs(found.interrupted.value - interrupted) <= 1e-4)
  }
}
