import Domain
import Inputs
import Randomness
import Scenarios
import Testing

@Suite struct SurgeTests {
  private let zone = Zone(
    id: 1, code: "Z", name: "", region: "", coordinates: Coordinates(latitude: 0, longitude: 0),
    capacity: Resources(milliCores: 64_000, milliGigabytes: 256_000, milliGPUs: 8000))

  private func jobs(
    _ surges: [EventSpec.Surge], seed: UInt64 = 3, jobs limit: Int? = nil,
    _ process: ArrivalModel.Process = .poisson(perHour: 60, profile: nil)
  ) throws -> [SubmittedJob] {
    let classes = [
      try simple("a", weight: 3, duration: .exponential(mean: 900)), try simple("b", duration: .exponential(mean: 500)),
    ]
    var arrivals = ArrivalModel(process)
    arrivals.jobs = limit
    let source = try SurgedWorkload.make(
      WorkloadModel(arrivals: arrivals, classes: classes), surges: surges, zones: [zone], start: wednesday,
      duration: .days(40), seed: seed, replication: 1)
    var all: [SubmittedJob] = []
    while let job = try source.next() { all.append(job) }
    return all
  }

  private func surge(_ factor: Double, classes: [String] = []) -> EventSpec.Surge {
    EventSpec.Surge(
      span: wednesday + .days(10)..<wednesday + .days(30), factor: factor, classes: classes)
  }

  private func key(_ job: SubmittedJob) -> [Int64] {
    [job.job.submittedAt.milliseconds, job.actualDuration.milliseconds, Int64(job.job.textHandle)]
  }

  @Test(arguments: [1.5, 2, 3.25])
  func aSurgeAddsItsShareAndLeavesTheOwnJobs(factor: Double) throws {
    let plain = try jobs([])
    let surged = try jobs([surge(factor)])
    let span = surge(factor).span
    let own = Set(plain.map(key))
    let more = surged.filter { !own.contains(key($0)) }
    #expect(surged.count - more.count == plain.count)
    #expect(more.allSatisfy { span.contains($0.job.submittedAt) })
    // Poisson with the surplus rate over 480 hours: within four standard deviations.
    let expected = (factor - 1) * 60 * 480
    #expect(abs(Double(more.count) - expected) < 4 * expected.squareRoot(), "\(more.count), expected \(expected)")
    let first = more.count { $0.job.textHandle == 0 }
    #expect(abs(Double(first) - 0.75 * expected) < 4 * (0.75 * expected).squareRoot())
    #expect(surged.map(\.job.sequence) == Array(surged.indices))
    #expect(zip(surged, surged.dropFirst()).allSatisfy { $0.job.submittedAt <= $1.job.submittedAt })
    #expect(Set(surged.map(\.job.identity)).count == surged.count)
  }

  @Test func aSurgeOfOneClassIsOfThatClass() throws {
    let own = Set(try jobs([]).map(key))
    let more = try jobs([surge(3, classes: ["b"])]).filter { !own.contains(key($0)) }
    let expected = 2.0 * 15 * 480
    #expect(
      more.allSatisfy { $0.job.textHandle == 1 } && abs(Double(more.count) - expected) < 4 * expected.squareRoot())
  }

  @Test func aFactorBelowOneLeavesJobsOut() throws {
    let plain = try jobs([])
    let span = surge(0).span
    let none = try jobs([surge(0)])
    #expect(none.map(key) == plain.filter { !span.contains($0.job.submittedAt) }.map(key))
    let half = try jobs([surge(0.5, classes: ["a"])])
    let left = half.count { span.contains($0.job.submittedAt) && $0.job.textHandle == 0 }
    #expect(abs(Double(left) - 0.5 * 45 * 480) < 4 * (0.25 * 45 * 480).squareRoot())
    #expect(Set(half.map(key)).isSubset(of: Set(plain.map(key))))
  }

  /// Every half hour one job of its own and one of the surge, at the same instant: the own one comes first.
  @Test func ofSubmissionsAtOneInstantTheOwnComesFirst() throws {
    let clockwork = ArrivalModel.Process.renewal(gap: try .constant(1800), profile: nil)
    let plain = try jobs([], clockwork)
    let surged = try jobs([surge(2)], clockwork)
    #expect(surged.count == plain.count + 20 * 48)
    var own = surged[...]
    for job in plain {
      #expect(own.first.map(key) == key(job))
      own = own.dropFirst()
      while own.first?.job.submittedAt == job.job.submittedAt { own.removeFirst() }
    }
    #expect(own.isEmpty)
  }

  @Test func surgesDoNotDisturbEachOther() throws {
    let one = Set(try jobs([surge(2)]).map(key))
    let both = Set(try jobs([surge(2), surge(1.5, classes: ["b"])]).map(key))
    #expect(one.isSubset(of: both) && both.count > one.count)
  }
}
