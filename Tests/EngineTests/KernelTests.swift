import Domain
import Testing

@testable import Engine

/// The kernel's parts, each against a model that is too simple to be wrong.
@Suite struct KernelTests {
  /// The classes are the contract's six, trace steps before changes of capacity in the second.
  @Test func classesHaveTheContractsOrder() {
    #expect(
      EventClass.allCases == [
        .completion, .traceStep, .capacityChange, .submission, .wakeUp, .start, .sample,
      ])
    #expect(Simulation.eventOrderVersion == 1)
  }

  /// Completions and wake-ups come as a sorted list has them; an idle calendar knows neither wake-ups nor changes.
  @Test func calendarGivesTheEarliest() {
    for seed in UInt64(1)...500 {
      var random = TestRandom(seed: seed)
      let calendar = Calendar()
      var ends: [Int64: Set<JobID>] = [:]
      var wakes: Set<Int64> = []
      calendar.nextSubmission = random.below(4) == 0 ? .max : Int64(random.below(200))
      calendar.nextChange = random.below(2) == 0 ? .max : Int64(random.below(200))
      for slot in 0..<random.below(60) {
        let end = Int64(random.below(200))
        calendar.addCompletion(of: JobID(slot: slot), at: Instant(milliseconds: end))
        ends[end, default: []].insert(JobID(slot: slot))
        let wake = Int64(random.below(200))
        calendar.addWake(at: wake)
        wakes.insert(wake)
      }
      if random.below(3) == 0 {
        let gone = Set(ends.values.joined().filter { _ in random.below(3) == 0 })
        #expect(calendar.removeCompletions { gone.contains($0) } == gone.count)
        ends = ends.mapValues { $0.subtracting(gone) }.filter { !$0.value.isEmpty }
      }
      let submission = calendar.nextSubmission
      while calendar.nextCompletion < .max || calendar.nextWake < .max {
        let (end, wake) = (ends.keys.min() ?? .max, wakes.min() ?? .max)
        #expect(calendar.nextEvent(isIdle: true) == min(submission, end), "seed \(seed)")
        #expect(calendar.nextEvent(isIdle: false) == min(submission, end, wake, calendar.nextChange), "seed \(seed)")
        let now = Instant(milliseconds: min(end, wake))
        #expect(calendar.isDue(.completion, at: now) == (end == now.milliseconds), "seed \(seed)")
        #expect(calendar.isDue(.wakeUp, at: now) == (wake == now.milliseconds), "seed \(seed)")
        var done: Set<JobID> = []
        while calendar.isDue(.completion, at: now) { done.insert(calendar.removeCompletion()) }
        #expect(done == ends.removeValue(forKey: now.milliseconds) ?? [], "seed \(seed)")
        calendar.removeWakes(through: now)
        wakes.remove(now.milliseconds)
      }
      #expect(ends.isEmpty && wakes.isEmpty, "seed \(seed)")
    }
  }

  /// What is free is the capacity less what running jobs hold, whatever happens to jobs and zones; while a zone is out
  /// nothing fits.
  @Test func clusterKeepsItsAccounts() {
    for seed in UInt64(1)...500 {
      var random = TestRandom(seed: seed)
      func cores(_ count: Int) -> Resources {
        Resources(milliCores: Int64(count) * 1000, milliGigabytes: 0, milliGPUs: 0)
      }
      let zones = (0..<3).map { zone($0, cores: 20) }
      let changes = (0..<random.below(12)).map { index in
        let isOut = random.below(3) == 0
        return CapacityChange(
          at: Instant(milliseconds: Int64(index)), zone: random.below(3),
          capacity: isOut ? .zero : cores(random.below(40)), isOut: isOut)
      }
      let cluster = Cluster(zones, changes)
      var running: [[Resources]] = [[], [], []]
      var suspended: [[Resources]] = [[], [], []]
      var planned = [0, 0, 0]
      var capacity = zones.map(\.capacity)
      var isOut = [false, false, false]
      var coming = changes[...]
      var released: Set<ZoneIndex> = []
      for _ in 0..<300 {
        let zone = random.below(3)
        switch random.below(8) {
        case 0, 1:
          let demand = cores(random.below(6))
          guard cluster.free[zone].holds(demand) else { continue }
          cluster.start(demand, in: zone)
          running[zone].append(demand)
        case 2:
          guard let demand = running[zone].popLast() else { continue }
          cluster.end(demand, in: zone)
          released.insert(zone)
        case 3:
          guard let demand = running[zone].popLast() else { continue }
          cluster.suspend(demand, in: zone)
          suspended[zone].append(demand)
          released.insert(zone)
        case 4:
          guard let demand = suspended[zone].popLast() else { continue }
          cluster.forgetSuspended(zone)
          if cluster.free[zone].holds(demand) {
            cluster.start(demand, in: zone)
            running[zone].append(demand)
          }
        case 5:
          if planned[zone] > 0, random.below(2) == 0 {
            cluster.unplan(zone)
            planned[zone] -= 1
          } else {
            cluster.plan(zone)
            planned[zone] += 1
          }
        case 6:
          guard let change = coming.popFirst() else { continue }
          _ = cluster.apply(change)
          (capacity[change.zone], isOut[change.zone]) = (change.capacity, change.isOut)
          released.insert(change.zone)
        default:
          cluster.forgetReleased()
          released = []
        }
        for zone in 0..<3 {
          let held = running[zone].reduce(.zero, +)
          #expect(cluster.allocated(zone) == held && cluster.capacity(zone) == capacity[zone], "seed \(seed)")
          #expect(isOut[zone] || cluster.free[zone] == capacity[zone] - held, "seed \(seed)")
          #expect(!isOut[zone] || !cluster.free[zone].holds(.zero), "seed \(seed)")
          let most = coming.filter { $0.zone == zone }.map(\.capacity.milliCores).reduce(capacity[zone].milliCores, max)
          #expect(cluster.most[zone].milliCores == most, "seed \(seed)")
          let jobs = cluster.jobs(zone)
          #expect(jobs.running == running[zone].count && jobs.suspended == suspended[zone].count, "seed \(seed)")
          #expect(jobs.scheduled == planned[zone] && cluster.released.contains(zone) == released.contains(zone))
        }
        #expect(cluster.released.count == released.count, "seed \(seed)")
      }
    }
  }

  /// Slots serve again, and a table that grows keeps its records.
  @Test func tableKeepsLiveJobs() throws {
    var random = TestRandom(seed: 3)
    let table = JobTable()
    var live: [JobID: Int] = [:]
    let source = JobList(
      (0..<6000).map { index in
        SubmittedJob(
          job: Job(
            sequence: index, identity: 0, submittedAt: Instant(milliseconds: 0), estimatedDuration: .hours(1),
            demand: .zero), actualDuration: .minutes(Int64(1 + index)))
      })
    while let job = try table.read(from: source) {
      #expect(live[job] == nil)
      table.submit(job)
      live[job] = table[job].job.sequence
      // At first more come than go.
      while random.below(table.count > 3000 ? 10 : 3) > 1, let gone = live.keys.min() {
        table.remove(gone)
        live[gone] = nil
      }
      #expect(table.liveCount == live.count)
    }
    #expect(table.count > 2048 && Set(table.all) == Set(live.keys))
    for (job, sequence) in live {
      #expect(table[job].job.sequence == sequence && table[job].actualDuration == .minutes(Int64(1 + sequence)))
    }
  }
}
