import Domain
import Engine
import Policies
import Testing

/// Suspending and resuming (contract §1 to §3).
@Suite struct InterruptionTests {
  /// Does what a list says at its instants, with the one job that there is.
  private final class Scripted: Policy {
    enum Act { case start(Int), suspend, resume(Int?) }
    private let script: [(minute: Int, act: Act)]
    private var job: JobID?
    private(set) var told: [(minute: Int, status: JobStatus, left: TimeSpan)] = []

    init(_ script: [(minute: Int, act: Act)]) { self.script = script }

    func submitted(_ job: JobID, _ context: PolicyContext) {
      self.job = job
      for entry in script { context.wake(at: SmallCase.instant(entry.minute)) }
    }

    func dispatch(_ context: PolicyContext) {
      guard let job else { return }
      for entry in script where SmallCase.instant(entry.minute) == context.now {
        switch entry.act {
        case .start(let zone): context.start(job, in: zone)
        case .suspend: context.suspend(job)
        case .resume(let zone): context.resume(job, in: zone)
        }
        told.append((entry.minute, context.status(job), context.remainingEstimate(job)))
      }
    }
  }

  /// Two zones of one core, PUE 1 and 2; intensity 100 in the first hour, then 200, then 400; price a thousandth.
  private func world(drains: Bool = true, hours: Int64 = 24) throws -> World {
    let stamps = [100.0, 200, 400].enumerated().map { (SmallCase.instant($0 * 60), $1) }
    let carbon = try StepTrace(stamps: stamps, end: SmallCase.instant(180), extending: .hold)
    let price = try StepTrace(
      stamps: stamps.map { ($0.0, $0.1 / 1000) }, end: SmallCase.instant(180), extending: .hold)
    return World(
      zones: [zone(0, cores: 1), zone(1, cores: 1, pue: 2)], carbon: [carbon, carbon], price: [price, price],
      start: SmallCase.instant(0), duration: .hours(hours), drains: drains)
  }

  /// 2 kW; estimated two hours, really 90 minutes.
  private var job: SubmittedJob {
    let job = Job(
      sequence: 0, identity: 7, submittedAt: SmallCase.instant(0), estimatedDuration: .hours(2),
      demand: Resources(milliCores: 1000, milliGigabytes: 0, milliGPUs: 0), estimatedEnergy: Energy(4))
    return SubmittedJob(job: job, actualDuration: .minutes(90))
  }

  private func run(
    _ script: [(minute: Int, act: Scripted.Act)], _ rules: InterruptionRules, _ world: World
  ) throws -> (record: JobRecord, segments: [RunSegment], policy: Scripted) {
    let records = Records()
    let policy = Scripted(script)
    try Simulation(
      world: world, policy: policy, source: JobList([job]), sink: records, interruption: rules
    ).run()
    #expect(records.all.count == 1)
    return (try #require(records.all.first), records.segments[0] ?? [], policy)
  }

  /// By hand: 30 min, 30 min, and the rest of 90 min in the other zone; each interruption adds 5 + 10 min, 0.5 and
  /// 0.25 kWh.
  @Test func interruptedTwiceByHand() throws {
    let rules = InterruptionRules(
      checkpoint: .minutes(5), resume: .minutes(10), checkpointEnergy: Energy(0.5), resumeEnergy: Energy(0.25))
    let (record, segments, policy) = try run(
      [
        (0, .start(0)), (30, .suspend), (60, .resume(nil)), (90, .suspend), (150, .resume(1)),
      ], rules, try world())
    #expect(record.status == .completed && record.zone == 1)
    #expect(record.start == SmallCase.instant(0))
    // 90 − 30 − 30 + 2 × 15 minutes from 150 on.
    #expect(record.end == SmallCase.instant(210))
    #expect(
      segments.map { [$0.zone, Int($0.start.milliseconds / 60_000), Int($0.end.milliseconds / 60_000)] }
        == [[0, 0, 30], [0, 60, 90], [1, 150, 210]])
    // 2 kW × 30 min × 100 g, and a checkpoint at 30 min.
    #expect(abs(segments[0].emissions.value - (100 + 50)) < 1e-9 && abs(segments[0].energy.value - 1.5) < 1e-12)
    // A resumption at 60 min and a checkpoint at 90 min, both at 200 g.
    #expect(abs(segments[1].emissions.value - (200 + 50 + 100)) < 1e-9)
    // Twice that in the other zone: the resumption at 400 g, 60 min at 400 g.
    #expect(abs(segments[2].emissions.value - 2 * (100 + 800)) < 1e-9)
    #expect(abs(record.emissions.value - (150 + 350 + 1800)) < 1e-9)
    #expect(abs(record.cost.value - 2.3) < 1e-12)
    #expect(abs(record.energy.value - (1.5 + 1.75 + 2 * 2.25)) < 1e-12)
    // The policy knows its estimate alone: 120 min, then 90 + 15, then 75 + 15.
    #expect(policy.told.map(\.left) == [.minutes(120), .minutes(105), .minutes(105), .minutes(90), .minutes(90)])
    #expect(policy.told.map(\.status) == [.running, .suspended, .running, .suspended, .running])
  }

  /// Suspended and resumed at one instant at no cost: nothing happened but the segments.
  @Test func resumedAtOnceItEndsWhenItWouldHave() throws {
    var script: [(minute: Int, act: Scripted.Act)] = [(0, .start(0))]
    for minute in [10, 20, 30] { script += [(minute, .suspend), (minute, .resume(nil))] }
    let (record, segments, _) = try run(script, InterruptionRules(), try world())
    #expect(record.end == SmallCase.instant(90) && segments.count == 4)
    #expect(abs(record.emissions.value - (200 + 200)) < 1e-9)
  }

  @Test func cutOffItKeepsItsStanding() throws {
    let suspended = try run([(0, .start(0)), (30, .suspend)], InterruptionRules(), try world(drains: false, hours: 1))
    #expect(suspended.record.status == .suspended && suspended.record.end == .never)
    #expect(abs(suspended.record.energy.value - 1) < 1e-12 && suspended.segments.count == 1)
    let running = try run(
      [(0, .start(0)), (30, .suspend), (45, .resume(1))], InterruptionRules(), try world(drains: false, hours: 1))
    #expect(running.record.status == .running && running.record.end == .never)
    #expect(running.segments.map(\.end) == [SmallCase.instant(30), .never])
    #expect(abs(running.record.energy.value - 2) < 1e-12)
  }

  @Test func misuseIsToldPrecisely() throws {
    func fault(_ script: [(minute: Int, act: Scripted.Act)], _ rules: InterruptionRules = InterruptionRules()) throws
      -> String?
    {
      do { _ = try run(script, rules, try world()) } catch let fault as PolicyFault { return fault.description }
      return nil
    }
    #expect(
      try fault([(0, .start(0)), (30, .suspend)], .never)
        == "at 1970-01-01T00:30:00.000Z the policy suspended job number 0, which the scenario's interruption "
        + "settings do not allow")
    #expect(
      try fault([(0, .start(0)), (30, .suspend)], InterruptionRules(types: [.training]))?.contains("not allow") == true)
    let tooSoon = "the policy suspended job number 0, which is not running or has only just started"
    #expect(try fault([(0, .suspend)]) == "at 1970-01-01T00:00:00.000Z " + tooSoon)
    #expect(try fault([(0, .start(0)), (0, .suspend)]) == "at 1970-01-01T00:00:00.000Z " + tooSoon)
    #expect(
      try fault([(0, .start(0)), (1, .resume(nil))])
        == "at 1970-01-01T00:01:00.000Z the policy resumed job number 0, which is not suspended")
    #expect(try fault([(0, .start(0)), (1, .suspend), (2, .resume(9))])?.contains("zone number 9") == true)
    #expect(try fault([(0, .start(0)), (1, .suspend)])?.contains("left 1 job waiting forever") == true)
  }
}
