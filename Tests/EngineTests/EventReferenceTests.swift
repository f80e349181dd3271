import Domain
import Engine
import Policies
import Testing

/// Outages and other capacities in a simulation minute by minute that shares no code with the engine, job by job.
@Suite struct EventReferenceTests {
  /// How jobs that have not run yet are started.
  enum Queue: CaseIterable {
    case standard, greedy, backfill

    var policy: any Policy {
      switch self {
      case .standard: Standard()
      case .greedy: GreedyLowestCarbon()
      case .backfill: GreedyLowestCarbon(backfill: true)
      }
    }
  }

  @Test(arguments: Queue.allCases)
  func engineAgreesWithAWalkByTheMinute(queue: Queue) throws {
    var seen: Set<JobStatus> = []
    var segmented = 0
    var overtaken = 0
    var endedSuspended = 0
    for seed in 1...1500 as ClosedRange<UInt64> {
      let small = try EventWorld(seed: seed)
      let records = Records()
      let simulation = Simulation(
        world: small.world, policy: queue.policy, source: JobList(small.jobs),
        sink: records, interruption: small.rules)
      do { try simulation.run() } catch {
        Issue.record("seed \(seed): \(error)")
        continue
      }
      var walk = MinuteWalk(small, queue)
      walk.run()
      #expect(records.all.count == small.jobs.count, "seed \(seed)")
      for record in records.all {
        let index = record.job.sequence
        let expected = walk.lives[index]
        let found = Life(record, records.segments[index])
        #expect(found == expected, "seed \(seed), job \(index), \(queue)")
        seen.insert(record.status)
        if record.status == .failed || found.segments.count > 1 { segmented += 1 }
      }
      #expect(simulation.events.failed == walk.lives.count { $0.status == .failed }, "seed \(seed)")
      overtaken += walk.overtaken
      endedSuspended += walk.endedSuspended
    }
    // The test is worth nothing where these do not occur.
    #expect(seen == [.completed, .failed, .rejected] && segmented > 300)
    #expect(overtaken > 5 && endedSuspended > 200, "\(overtaken) overtaken, \(endedSuspended) ended while suspended")
  }
}

/// What became of a job, in minutes.
private struct Life: Equatable {
  struct Part: Equatable {
    var zone: Int
    var start: Int
    var end: Int
  }

  var status = JobStatus.pending
  var segments: [Part] = []
  /// Of the job, −1 where it has none.
  var end = -1

  init() {}

  init(_ record: JobRecord, _ parts: [RunSegment]?) {
    func minute(_ instant: Instant) -> Int { instant == .never ? -1 : Int(instant.milliseconds / 60_000) }
    status = record.status
    end = minute(record.end)
    if let parts {
      segments = parts.map { Part(zone: $0.zone, start: minute($0.start), end: minute($0.end)) }
    } else if record.start != .never {
      segments = [Part(zone: record.zone, start: minute(record.start), end: end)]
    }
  }
}

struct EventWorld {
  var world: World
  var jobs: [SubmittedJob]
  var rules: InterruptionRules
  var carbon: [Double]

  init(seed: UInt64) throws {
    var random = TestRandom(seed: seed)
    let zoneCount = 1 + random.below(3)
    // A third of the worlds squeeze suspended jobs out, see ``squeeze(_:_:)``.
    let isSqueezed = seed % 3 == 0
    let zones = (0..<zoneCount).map { zone($0, cores: isSqueezed ? 4 + random.below(6) : 1 + random.below(4)) }
    var changes: [CapacityChange] = []
    for index in zones.indices {
      if isSqueezed {
        changes += EventWorld.squeeze(index, &random)
        continue
      }
      var minute = 0
      for _ in 0..<random.below(8) {
        minute += random.below(15)
        func capacity() -> Resources {
          Resources(
            milliCores: Int64(random.below(6)) * 1000, milliGigabytes: Int64(random.below(20)) * 1000,
            milliGPUs: Int64(random.below(3)) * 1000)
        }
        func at(_ minute: Int) -> Instant { Instant(milliseconds: Int64(minute) * 60_000) }
        if random.below(2) == 0 {
          let rule = OutageRule.allCases[random.below(3)]
          changes.append(CapacityChange(at: at(minute), zone: index, capacity: .zero, isOut: true, outage: rule))
          minute += 1 + random.below(20)
          let back = random.below(2) == 0 ? zones[index].capacity : capacity()
          changes.append(CapacityChange(at: at(minute), zone: index, capacity: back))
        } else {
          changes.append(CapacityChange(at: at(minute), zone: index, capacity: capacity()))
        }
        minute += 1
      }
    }
    changes.sort { ($0.at, $0.zone) < ($1.at, $1.zone) }
    carbon = zones.map { _ in Double(random.below(3)) * 10 }
    world = World(
      zones: zones, carbon: carbon.map { StepTrace(constant: $0) }, price: zones.map { _ in StepTrace(constant: 0.1) },
      start: Instant(milliseconds: 0), duration: .hours(3), changes: changes)
    rules = InterruptionRules(
      types: [.training], checkpoint: .minutes(Int64(random.below(2))), resume: .minutes(Int64(random.below(3))))
    var at = 0
    jobs = (0..<(isSqueezed ? 8 + random.below(12) : 1 + random.below(15))).map { index in
      at += random.below(3) == 0 ? 0 : random.below(isSqueezed ? 3 : 6)
      let demand = Resources(
        milliCores: Int64(random.below(4)) * 1000, milliGigabytes: Int64(random.below(3)) * 1000,
        milliGPUs: Int64(random.below(6) / 4) * 1000)
      let job = Job(
        sequence: index, identity: UInt64(index), submittedAt: Instant(milliseconds: Int64(at) * 60_000),
        estimatedDuration: .minutes(10), demand: demand, homeZone: random.below(3) == 0 ? -1 : random.below(zoneCount),
        type: random.below(isSqueezed ? 5 : 2) == 0 ? .batch : .training)
      return SubmittedJob(job: job, actualDuration: .minutes(Int64((isSqueezed ? 10 : 1) + random.below(30))))
    }
  }
}

extension EventWorld {
  /// An outage that suspends what runs; then a capacity that holds any one job, but not all of them together; then, for
  /// good, one that holds few or none. Jobs that were not resumed in between end while they are suspended.
  fileprivate static func squeeze(_ zone: Int, _ random: inout TestRandom) -> [CapacityChange] {
    var minute = 3 + random.below(25)
    func at(_ minute: Int) -> Instant { Instant(milliseconds: Int64(minute) * 60_000) }
    var changes = [CapacityChange(at: at(minute), zone: zone, capacity: .zero, isOut: true, outage: .suspend)]
    minute += 1 + random.below(10)
    let narrow = Resources(milliCores: 3000, milliGigabytes: 2000, milliGPUs: 1000)
    changes.append(CapacityChange(at: at(minute), zone: zone, capacity: narrow))
    minute += 1 + random.below(8)
    let last = Resources(
      milliCores: Int64(random.below(3)) * 1000, milliGigabytes: Int64(random.below(3)) * 1000, milliGPUs: 0)
    return changes + [CapacityChange(at: at(minute), zone: zone, capacity: last)]
  }
}

/// Every minute: completions, changes, submissions, resumptions, starts.
private struct MinuteWalk {
  private let small: EventWorld
  private let queue: EventReferenceTests.Queue
  private var greedy: Bool { queue != .standard }
  /// Resumptions before a job that was suspended earlier.
  private(set) var overtaken = 0
  /// Jobs that failed while suspended.
  private(set) var endedSuspended = 0
  private var capacity: [Resources]
  private var isOut: [Bool]
  private var used: [Resources]
  private var left: [Int]
  private var waiting: [Int] = []
  /// Zone by zone, in the order of suspension.
  private var suspended: [[Int]]
  private var minute = 0
  var lives: [Life]

  init(_ small: EventWorld, _ queue: EventReferenceTests.Queue) {
    self.small = small
    self.queue = queue
    capacity = small.world.zones.map(\.capacity)
    isOut = capacity.map { _ in false }
    used = capacity.map { _ in .zero }
    suspended = capacity.map { _ in [] }
    lives = small.jobs.map { _ in Life() }
    left = small.jobs.map { Int($0.actualDuration.milliseconds / 60_000) }
  }

  mutating func run() {
    while minute < 2000 {
      for job in lives.indices where lives[job].status == .running && left[job] == 0 { stop(job, .completed) }
      for change in small.world.changes where change.at.milliseconds == Int64(minute) * 60_000 { apply(change) }
      giveUp()
      for (job, submitted) in small.jobs.enumerated()
      where submitted.job.submittedAt.milliseconds == Int64(minute) * 60_000 {
        if hasFuture(job) { waiting.append(job) } else { lives[job].status = .rejected }
      }
      resume()
      start()
      for job in lives.indices where lives[job].status == .running { left[job] -= 1 }
      minute += 1
    }
  }

  private func demand(_ job: Int) -> Resources { small.jobs[job].job.demand }
  private func fits(_ job: Int, _ zone: Int) -> Bool {
    !isOut[zone] && (capacity[zone] - used[zone]).holds(demand(job))
  }

  private func zones(_ job: Int) -> [Int] {
    let home = small.jobs[job].job.homeZone
    if greedy {
      return capacity.indices.sorted { (small.carbon[$0], $0) < (small.carbon[$1], $1) }
    }
    return home >= 0 ? [home] : Array(capacity.indices)
  }

  /// Whether a zone, empty, holds a job now or after a later change.
  private func everHolds(_ job: Int, _ zone: Int) -> Bool {
    let later = small.world.changes.filter { $0.zone == zone && $0.at.milliseconds > Int64(minute) * 60_000 }
    return ([capacity[zone]] + later.map(\.capacity)).contains { $0.holds(demand(job)) }
  }

  private func hasFuture(_ job: Int) -> Bool { zones(job).contains { everHolds(job, $0) } }

  /// A running job ends, or is suspended.
  private mutating func stop(_ job: Int, _ status: JobStatus) {
    let part = lives[job].segments.count - 1
    used[lives[job].segments[part].zone] -= demand(job)
    lives[job].segments[part].end = minute
    lives[job].status = status
    if status != .suspended { lives[job].end = minute }
  }

  private mutating func go(_ job: Int, _ zone: Int) {
    used[zone] += demand(job)
    lives[job].status = .running
    lives[job].segments.append(Life.Part(zone: zone, start: minute, end: -1))
  }

  private mutating func apply(_ change: CapacityChange) {
    let zone = change.zone
    capacity[zone] = change.capacity
    isOut[zone] = change.isOut
    if let rule = change.outage, rule != .finish {
      for job in lives.indices where lives[job].status == .running && lives[job].segments.last?.zone == zone {
        if rule == .suspend, small.jobs[job].job.type == .training, everHolds(job, zone) {
          stop(job, .suspended)
          left[job] += Int(small.rules.delay.milliseconds / 60_000)
          suspended[zone].append(job)
        } else {
          stop(job, .failed)
        }
      }
    }
  }

  private mutating func giveUp() {
    for zone in suspended.indices {
      for job in suspended[zone] where !everHolds(job, zone) {
        lives[job].status = .failed
        lives[job].end = lives[job].segments.last?.end ?? -1
        endedSuspended += 1
        suspended[zone].removeAll { $0 == job }
      }
    }
    for job in waiting where !hasFuture(job) {
      lives[job].status = .rejected
      waiting.removeAll { $0 == job }
    }
  }

  /// Every job that fits, in the order of suspension.
  private mutating func resume() {
    for zone in suspended.indices {
      var left: [Int] = []
      for job in suspended[zone] {
        if fits(job, zone) {
          go(job, zone)
          if !left.isEmpty { overtaken += 1 }
        } else {
          left.append(job)
        }
      }
      suspended[zone] = left
    }
  }

  private mutating func start() {
    var closed: Set<Int> = []
    for job in waiting {
      if let zone = zones(job).first(where: { !closed.contains($0) && fits(job, $0) }) {
        go(job, zone)
        waiting.removeAll { $0 == job }
      } else if queue == .backfill {
        continue
      } else if greedy {
        return
      } else {
        closed.formUnion(zones(job).filter { everHolds(job, $0) })
      }
    }
  }
}
