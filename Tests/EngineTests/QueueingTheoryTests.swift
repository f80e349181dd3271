import Domain
import Engine
import Foundation
import Policies
import Testing

/// Mean waits against the closed forms (Erlang C).
@Suite struct QueueingTheoryTests {
  @Test(arguments: [(1, 0.5), (1, 0.8), (1, 0.95), (4, 0.5), (4, 0.8), (4, 0.95)] as [(Int, Double)])
  func meanWaitAgreesWithErlangC(servers: Int, load: Double) throws {
    let meanService = 100_000.0
    let replications = 20
    let count = load > 0.9 ? 60_000 : 20_000
    var means: [Double] = []
    for replication in 0..<replications {
      var random = TestRandom(seed: UInt64(1000 + replication))
      var at = 0.0
      let jobs = (0..<count).map { index in
        at += -log(random.unit()) * meanService / (load * Double(servers))
        let duration = TimeSpan(milliseconds: max(1, Int64((-log(random.unit()) * meanService).rounded())))
        let demand = Resources(milliCores: 1000, milliGigabytes: 0, milliGPUs: 0)
        let job = Job(
          sequence: index, identity: 0, submittedAt: Instant(milliseconds: Int64(at)), estimatedDuration: duration,
          demand: demand)
        return SubmittedJob(job: job, actualDuration: duration)
      }
      let flat = [StepTrace(constant: 100)]
      let world = World(
        zones: [zone(0, cores: servers)], carbon: flat, price: flat, start: Instant(milliseconds: 0),
        duration: .days(36500))
      // The first tenth fills the empty system.
      let waits = try simulate(world, jobs, GreedyLowestCarbon()).filter { $0.job.sequence >= count / 10 }
        .map { Double($0.wait.milliseconds) }
      means.append(waits.reduce(0, +) / Double(waits.count))
    }
    let mean = means.reduce(0, +) / Double(replications)
    let variance = means.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(replications - 1)
    let halfWidth = 2.861 * (variance / Double(replications)).squareRoot()  // t(0.995, 19)
    let expected = erlangC(servers, load) * meanService / (Double(servers) * (1 - load))
    #expect(
      abs(mean - expected) <= halfWidth,
      "M/M/\(servers) at \(load): \(mean) ± \(halfWidth), theory \(expected), seeds 1000...1019")
  }

  /// The chance that an arrival waits.
  private func erlangC(_ servers: Int, _ load: Double) -> Double {
    let offered = load * Double(servers)
    var term = 1.0
    var sum = 1.0
    for k in 1..<max(servers, 2) where k < servers {
      term *= offered / Double(k)
      sum += term
    }
    let last = term * offered / Double(servers) / (1 - load)
    return last / (sum + last)
  }
}
