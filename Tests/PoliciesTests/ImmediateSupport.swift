import Domain
import Engine
import Policies

/// A small world with times in whole minutes, so that ties are common, and few values, so that zones tie as well.
struct MinuteWorld {
  var world: World
  var jobs: [SubmittedJob]
  var carbon: [[Double]]
  var price: [[Double]]

  /// - Parameter jobs: how many at most; with many of them a queue builds up.
  init(seed: UInt64, jobs most: Int = 25, gap: Int = 8) throws {
    var random = TestRandom(seed: seed)
    let zones = (0..<(1 + random.below(4))).map { zone($0, cores: 1 + random.below(5)) }
    let carbon = zones.map { _ in (0..<40).map { _ in Double(random.below(6)) * 90 } }
    let price = zones.map { _ in (0..<40).map { _ in Double(random.below(5)) / 10 - 0.1 } }
    func traces(_ values: [[Double]]) throws -> [StepTrace] {
      try values.map { row in
        let stamps = row.enumerated().map { (Instant(milliseconds: Int64($0) * 5 * minute), $1) }
        return try StepTrace(stamps: stamps, end: Instant(milliseconds: 200 * minute), extending: .hold)
      }
    }
    var at = 0
    jobs = (0..<(1 + random.below(most))).map { index in
      at += random.below(3) == 0 ? 0 : random.below(gap)
      let demand = Resources(
        milliCores: Int64(random.below(6)) * 1000, milliGigabytes: Int64(random.below(20)) * 1000,
        milliGPUs: Int64(random.below(3)) * 500)
      let minutes = Int64(1 + random.below(30))
      let job = Job(
        sequence: index, identity: UInt64(index), submittedAt: Instant(milliseconds: Int64(at) * minute),
        estimatedDuration: .minutes(minutes), demand: demand, estimatedEnergy: Energy(1))
      return SubmittedJob(job: job, actualDuration: .minutes(max(1, minutes + Int64(random.below(7)) - 3)))
    }
    world = World(
      zones: zones, carbon: try traces(carbon), price: try traces(price), start: Instant(milliseconds: 0),
      duration: .hours(3))
    self.carbon = carbon
    self.price = price
  }

  /// Values at a minute, a zone each.
  func carbon(at minute: Int) -> [Double] { carbon.map { $0[min(minute / 5, 39)] } }
  func price(at minute: Int) -> [Double] { price.map { $0[min(minute / 5, 39)] } }
}

/// Where and when a job started.
struct Placement: Equatable {
  var zone: Int
  var minute: Int

  init(zone: Int, minute: Int) {
    self.zone = zone
    self.minute = minute
  }

  /// `nil` for a job that never started.
  init?(_ record: JobRecord) {
    guard record.start != .never else { return nil }
    self.init(zone: record.zone, minute: Int(record.start.milliseconds / 60_000))
  }
}

extension MinuteWorld {
  /// Minute by minute and job by job: releases, submissions, then every waiting job in order; without backfill up to
  /// the first that fits nowhere.
  ///
  /// - Parameter choose: one of the zones with room (never none) at a minute.
  func reference(backfill: Bool, choose: ([Int], Int) -> Int) -> [Placement?] {
    var free = world.zones.map(\.capacity)
    var found: [Placement?] = Array(repeating: nil, count: jobs.count)
    var waiting: [Int] = []
    let last = jobs.last.map { Int($0.job.submittedAt.milliseconds / 60_000) } ?? 0
    for minute in 0..<3000 where minute <= last || !waiting.isEmpty {
      for index in jobs.indices {
        let submitted = jobs[index].job.submittedAt.milliseconds
        if let placement = found[index] {
          let length = Int(jobs[index].actualDuration.milliseconds / 60_000)
          if placement.minute + length == minute { free[placement.zone] += jobs[index].job.demand }
        } else if submitted == Int64(minute) * 60_000 {
          if world.zones.contains(where: { $0.capacity.holds(jobs[index].job.demand) }) { waiting.append(index) }
        }
      }
      var left: [Int] = []
      var isOpen = true
      for index in waiting {
        let open = free.indices.filter { free[$0].holds(jobs[index].job.demand) }
        guard isOpen, !open.isEmpty else {
          left.append(index)
          if !backfill { isOpen = false }
          continue
        }
        let zone = choose(open, minute)
        free[zone] -= jobs[index].job.demand
        found[index] = Placement(zone: zone, minute: minute)
      }
      waiting = left
    }
    return found
  }
}
