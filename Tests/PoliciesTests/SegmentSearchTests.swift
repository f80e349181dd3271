import Domain
import Engine
import Inputs
import Testing

@testable import Policies

@Suite struct SegmentSearchTests {
  private typealias Bucket = SegmentSearch.Bucket

  /// The cost of running in the chosen buckets, told by their definition.
  private func cost(_ chosen: [Int], _ buckets: [Bucket], _ task: SegmentTask) -> Double {
    var sum = 0.0
    var hasRun = task.stage != .waiting
    var runs = task.stage == .running
    for place in 0...(chosen.last ?? 0) {
      let runsHere = chosen.contains(place)
      if runsHere {
        if !runs, hasRun { sum += (task.resume + Double(task.delay)) * buckets[place].rate }
        sum += buckets[place].cost
        hasRun = true
      } else if runs {
        sum += task.checkpoint * buckets[place].rate
      }
      runs = runsHere
    }
    return sum + buckets[chosen.last ?? 0].ending
  }

  /// Against every subset of up to nine buckets, 3,000 random tasks: waiting, running and suspended jobs, closed buckets,
  /// first buckets that have begun.
  @Test func theDynamicProgramFindsTheBestSubset() {
    var split = 0
    for seed in UInt64(1)...3000 {
      var random = TestRandom(seed: seed)
      let step: Int64 = 600
      let now = Int64(random.below(2) == 0 ? 0 : random.below(600))
      let count = 1 + random.below(9)
      let buckets = (0..<count).map { place in
        let rate = Double(random.below(40))
        let start = max(now, Int64(place) * step)
        let end = Int64(place + 1) * step
        return Bucket(
          start: start, end: end, cost: random.below(8) == 0 ? .infinity : rate * Double(end - start), rate: rate,
          ending: Double(place * random.below(3000)))
      }
      let stage: SegmentTask.Stage = [.waiting, .running, .suspended][random.below(3)]
      let left = Int64(1 + random.below(count * 600))
      let task = SegmentTask(
        stage: stage, left: left, now: now, windowEnd: Int64(count) * step, delay: Int64(random.below(3)),
        checkpoint: Double(random.below(200)), resume: Double(random.below(200)))
      var least = Double.infinity
      var bestSubset: [Int] = []
      let rest = left - (left - 1) / step * step
      for subset in 1..<(1 << count) {
        let chosen = (0..<count).filter { subset & (1 << $0) != 0 }
        // A first bucket that is too short for the rest of the job is a bucket more.
        let short = chosen[0] == 0 && buckets[0].end - buckets[0].start < rest ? 1 : 0
        guard chosen.count == Int((left + step - 1) / step) + short else { continue }
        let own = cost(chosen, buckets, task)
        if own < least { (least, bestSubset) = (own, chosen) }
      }
      let found = SegmentSearch().choose(buckets, task, step: step)
      guard let found else {
        #expect(least == .infinity, "seed \(seed): nothing found, there is \(least)")
        continue
      }
      #expect(
        abs(cost(found, buckets, task) - least) <= 1e-9 * max(1, least),
        "seed \(seed): \(found), better is \(bestSubset)")
      let joined = SegmentSearch().join(found, buckets, task)
      for edge in 0..<(2 * joined.segments.count) {
        guard let segments = SegmentSearch().cut(joined.segments, joined.excess, edge: edge, task) else { continue }
        if segments.count > 1 { split += 1 }
        let pauses = segments.count - 1 + (stage == .running && found[0] != 0 ? 1 : 0)
        #expect(
          segments.reduce(0) { $0 + $1.length.milliseconds } == left + Int64(pauses) * task.delay, "seed \(seed)")
        #expect(segments.allSatisfy { $0.start.milliseconds >= now && $0.end.milliseconds <= task.windowEnd })
      }
    }
    #expect(split > 200)
  }
}

@Suite struct InterruptionTests {
  private func world(_ values: [Double], zones count: Int = 1, cores: Int = 100) throws -> World {
    let carbon = try StepTrace(
      stamps: values.enumerated().map { (Instant(milliseconds: Int64($0) * hour), $1) },
      end: Instant(milliseconds: Int64(values.count) * hour), extending: .hold)
    return World(
      zones: (0..<count).map { zone($0, cores: cores) }, carbon: Array(repeating: carbon, count: count),
      price: Array(repeating: StepTrace(constant: 0.1), count: count), start: Instant(milliseconds: 0),
      duration: .hours(Int64(values.count)))
  }

  private func job(hours: Int64, window: Int64) -> SubmittedJob {
    let job = Job(
      sequence: 0, identity: 0, submittedAt: Instant(milliseconds: 0), estimatedDuration: .hours(hours),
      demand: Resources(milliCores: 1000, milliGigabytes: 0, milliGPUs: 0), estimatedEnergy: Energy(Double(hours)),
      deferralWindow: .hours(window))
    return SubmittedJob(job: job, actualDuration: .hours(hours))
  }

  private let carbonAlone: [String: ParameterValue] = ["weights.carbon": .number(1)]

  /// Three hours of 100 g among hours of 300 g: without a price for pauses the job runs in these alone.
  @Test func aJobRunsInTheValleys() throws {
    let world = try world([300, 100, 300, 300, 100, 300, 100, 300, 300, 300, 300, 300])
    let run = { (rules: InterruptionRules) in
      try simulate(world, [job(hours: 3, window: 6)], policy("deadline-aware", carbonAlone), interruption: rules)[0]
    }
    let free = try run(InterruptionRules())
    #expect(free.emissions.value == 300 && free.start.milliseconds == hour && free.end.milliseconds == 7 * hour)
    // In one piece the best three hours are 04:00 to 07:00.
    #expect(try run(.never).emissions.value.rounded() == 500)
    // Two pauses of 12 minutes each run on beyond the valley: 0.4 h at 300 g.
    let costly = try run(InterruptionRules(checkpoint: .minutes(6), resume: .minutes(6)))
    #expect(abs(costly.emissions.value - 420) < 1e-9)
    // A pause that takes an hour's energy more is worth it nowhere.
    let dear = try run(InterruptionRules(resumeEnergy: Energy(1.5)))
    #expect(dear.emissions.value.rounded() == 500)
  }

  /// With ample room, no cost of a pause and a perfect forecast every job emits what its cheapest whole hours do: an
  /// independent sort of the hours in its window.
  @Test func withoutCostsTheCheapestHoursAreTaken() throws {
    for seed in UInt64(1)...200 {
      var random = TestRandom(seed: seed)
      let values = (0..<48).map { _ in Double(1 + random.below(30)) * 10 }
      let (length, window) = (Int64(1 + random.below(8)), Int64(random.below(20)))
      let record = try simulate(
        world(values), [job(hours: length, window: window)],
        policy("deadline-aware", carbonAlone.merging(["gain": .number(0)]) { $1 }), interruption: InterruptionRules())[
          0]
      let least = values.prefix(Int(length + window)).sorted().prefix(Int(length)).reduce(0, +)
      #expect(abs(record.emissions.value - least) < 1e-6, "seed \(seed): \(record.emissions.value), least \(least)")
      #expect(record.end.milliseconds <= (length + window) * hour, "seed \(seed)")
    }
  }

  /// Two jobs in a zone for one: whoever is pushed out of its pieces runs all the same, once, and capacity is kept.
  @Test func interruptedJobsUnderLoadAllEnd() throws {
    var segments = 0
    for seed in UInt64(1)...150 {
      var random = TestRandom(seed: seed)
      let values = (0..<96).map { _ in Double(random.below(12)) * 25 }
      let world = try world(values, zones: 1 + random.below(2), cores: 6)
      let jobs = (0..<25).map { index in
        var submitted = job(hours: Int64(1 + random.below(6)), window: Int64(6 + random.below(30)))
        submitted.job.sequence = index
        submitted.job.identity = UInt64(index)
        submitted.job.submittedAt = Instant(milliseconds: Int64(index) * hour)
        submitted.job.demand.milliCores = Int64(1 + random.below(3)) * 1000
        if random.below(3) == 0 { submitted.actualDuration = .minutes(Int64(20 + random.below(300))) }
        return submitted
      }
      let model = [ForecastSettings.Model.perfect, .persistence, .noisy][random.below(3)]
      let rules = InterruptionRules(checkpoint: .seconds(Int64(random.below(300))), resume: .seconds(60))
      let sink = SegmentRecords()
      let records = try simulate(
        world, jobs, policy("deadline-aware", seed % 2 == 0 ? [:] : carbonAlone), model: model, interruption: rules,
        into: sink)
      #expect(records.map(\.job.sequence) == Array(0..<25), "seed \(seed)")
      #expect(records.allSatisfy { $0.status == .completed }, "seed \(seed)")
      segments += sink.runs.count - records.count
      // At the start of every run what runs there together fits.
      for run in sink.runs {
        let together = sink.runs.filter { $0.zone == run.zone && $0.start <= run.start && $0.end > run.start }
        #expect(together.reduce(0) { $0 + $1.cores } <= 6000, "seed \(seed)")
      }
      for record in records {
        let ran = sink.runs.filter { $0.job == record.job.sequence }.reduce(Int64(0)) { $0 + ($1.end - $1.start) }
        let pauses = sink.runs.filter { $0.job == record.job.sequence }.count - 1
        let actual = jobs[record.job.sequence].actualDuration.milliseconds
        #expect(ran == actual + Int64(pauses) * rules.delay.milliseconds, "seed \(seed), job \(record.job.sequence)")
      }
    }
    #expect(segments > 300)
  }
}

/// Keeps when and where every job ran.
final class SegmentRecords: RecordSink {
  struct Run {
    var job: Int
    var zone: Int
    var start: Int64
    var end: Int64
    var cores: Int64
  }

  var all: [JobRecord] = []
  var runs: [Run] = []

  func accept(_ record: borrowing JobRecord) {
    all.append(copy record)
    guard record.start != .never else { return }
    add(record, RunSegment(zone: record.zone, start: record.start, end: record.end))
  }

  func accept(_ record: borrowing JobRecord, segments: [RunSegment]) {
    all.append(copy record)
    for segment in segments { add(record, segment) }
  }

  private func add(_ record: borrowing JobRecord, _ segment: RunSegment) {
    runs.append(
      Run(
        job: record.job.sequence, zone: segment.zone, start: segment.start.milliseconds,
        end: segment.end.milliseconds, cores: record.job.demand.milliCores))
  }
}
