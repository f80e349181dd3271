import Domain
import Engine
import Policies
import Testing

/// The published numbers, by the engine and the policies as they are: see "Published numbers" in the book's page Validation.md.
@Suite(.enabled(if: SharedData.isPresent, "shared/data is absent")) struct AnchorTests {
  private static let hour: Int64 = 3_600_000

  /// One zone without a limit, 1 W a core, hourly steps from 1970 on.
  private func world(_ values: [Double]) throws -> World {
    var zone = zone(0, cores: 0)
    zone.capacity = Resources(milliCores: 1 << 40, milliGigabytes: 0, milliGPUs: 0)
    zone.hardware = HardwareModel(cpuCoreWatts: 1, gpuWatts: 0, memoryGigabyteWatts: 0)
    let trace = try StepTrace(
      stamps: values.enumerated().map { (Instant(milliseconds: Int64($0) * Self.hour), $1) },
      end: Instant(milliseconds: Int64(values.count) * Self.hour))
    return World(
      zones: [zone], carbon: [trace], price: [StepTrace(constant: 0)], start: Instant(milliseconds: 0),
      duration: .hours(Int64(values.count)))
  }

  private func intensities(_ file: String) throws -> [Double] {
    try SharedData.rows("carbon-2022-hourly/\(file)").map { try #require(Double($0[1])) }
  }

  /// Hanafy et al., ASPLOS 2024, doi:10.1145/3620666.3651374: 1,000 jobs of PAI in 720 hours of South Australia.
  @Test(
    arguments: [
      ("standard", [:], 562.171256, 1, 0), ("lowest-slot", [:], 438.514532, 0.780037, 5.637933),
      ("lowest-window", classMeans, 384.358746, 0.683704, 6.645), ("lowest-window", [:], 345.384732, 0.614376, 6.605),
      ("carbon-time", classMeans, 407.511325, 0.724888, 4.729), ("carbon-time", [:], 369.848069, 0.657892, 4.607),
      ("ecovisor", ["slot": .number(5)], 359.286547, 0.639105, 6.637842),
      ("wait-awhile", [:], 307.055794, 0.546196, 7.401753),
    ] as [(String, [String: ParameterValue], Double, Double, Double)])
  func gaia(
    _ policy: String, _ own: [String: ParameterValue], _ grams: Double, _ normalised: Double, _ delay: Double
  ) throws {
    let world = try world(Array(intensities("AU-SA-2022.csv")[7000..<7720]))
    let rows = try SharedData.rows("gaia-pai/pai_1k.csv").map { try $0.map { try #require(Double($0)) } }
    #expect(rows.count == 1000)
    let jobs = rows.enumerated().map { index, row in
      let length = TimeSpan.seconds(Int64(row[1] / 5) * 5)
      let job = Job(
        sequence: index, identity: UInt64(index), submittedAt: Instant(milliseconds: Int64(row[0] / 5) * 5000),
        estimatedDuration: length,
        demand: Resources(milliCores: Int64(row[2]) * 1000, milliGigabytes: 0, milliGPUs: 0))
      return SubmittedJob(job: job, actualDuration: length)
    }
    var parameters = own
    if policy != "standard" { parameters["wait"] = .text("classes") }
    let outcome = try simulate(world, jobs, policy, parameters, interruption: InterruptionRules())
    let waited = outcome.records.reduce(0.0) {
      $0 + ($1.end - $1.job.submittedAt).inHours - $1.actualDuration.inHours
    }
    #expect(abs(outcome.emissions - grams) < 5.1e-7, "\(outcome.emissions)")
    #expect(abs(outcome.emissions / 562.171256 - normalised) < 5.1e-7)
    #expect(abs(waited / 1000 - delay) < 5.1e-7, "\(waited / 1000)")
  }

  /// The floors of the class means, 454 and 5221 slots of 5 s.
  private static let classMeans: [String: ParameterValue] = [
    "expected.short": .number(454 * 5), "expected.long": .number(5221 * 5),
  ]

  /// Sukprasert et al., EuroSys 2024, doi:10.1145/3627703.3629587: a job of L hours with S of slack at every hour of
  /// California's 2022, which must be over with the year.
  @Test(arguments: [
    (1, 24, 264.2316, 177.4794, 177.4794), (6, 24, 1585.3878, 1110.0077, 1099.3367),
    (24, 24, 6341.1491, 6114.9386, 5154.6556), (24, 168, 6341.1491, 5518.4011, 3993.8560),
    (168, 168, 44329.5830, 42113.9151, 35469.0835),
  ])
  func deferAndInterrupt(_ length: Int64, _ slack: Int64, _ atOnce: Double, _ deferred: Double, _ interrupted: Double)
    throws
  {
    let world = try world(intensities("US-CAL-CISO-2022.csv"))
    let jobs = (0..<Int(8760 - length)).map { index in
      let job = Job(
        sequence: index, identity: UInt64(index), submittedAt: Instant(milliseconds: Int64(index) * Self.hour),
        estimatedDuration: .hours(length), demand: Resources(milliCores: 1000, milliGigabytes: 0, milliGPUs: 0),
        estimatedEnergy: Energy(Double(length)), deadline: Instant(milliseconds: 8760 * Self.hour),
        deferralWindow: .hours(slack))
      return SubmittedJob(job: job, actualDuration: .hours(length))
    }
    for (policy, expected) in [
      ("standard", atOnce), ("greenest-within-window", deferred), ("wait-awhile", interrupted),
    ] {
      let outcome = try simulate(world, jobs, policy, interruption: InterruptionRules())
      let mean = outcome.emissions / Double(jobs.count)
      #expect(abs(mean - expected) <= 1e-4, "\(policy): \(mean)")
    }
  }
}
