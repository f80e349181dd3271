import Domain
import Engine
import Inputs
import Testing

@testable import Policies

@Suite struct SegmentSearchTests {
  /// A task of few milliseconds, so that every instant can be looked at.
  private struct Task {
    var steps: [SegmentStep] = []
    var task: SegmentTask
    var job: Job
    var score: JobScore
    var now: Int64 { steps[0].start }

    init(seed: UInt64, isFree: Bool) {
      var random = TestRandom(seed: seed)
      var time = Int64(random.below(5))
      let even = random.below(2) == 0 ? Int64(1 + random.below(6)) : 0
      for place in 0..<(1 + random.below(9)) {
        let length =
          even > 0 ? (place == 0 ? Int64(1 + random.below(Int(even))) : even) : Int64(1 + random.below(7))
        let rate = Double(random.below(6)) * (random.below(4) == 0 ? 1.5 : 1)
        // A term of pressure is no part of what an interruption draws.
        let more = seed % 3 == 0 ? Double(random.below(2)) / 4 : 0
        steps.append(
          SegmentStep(
            start: time, end: time + length, rate: random.below(8) == 0 ? .infinity : rate + more, pauseRate: rate))
        time += length
      }
      let now = steps[0].start
      let total = Int(time - now)
      let left = Int64(1 + random.below(total))
      task = SegmentTask(
        stage: [.waiting, .running, .suspended][random.below(3)], left: left,
        delay: isFree ? 0 : Int64(random.below(4)), checkpoint: isFree ? 0 : Double(random.below(8)) / 2,
        resume: isFree ? 0 : Double(random.below(8)) / 2)
      job = Job(
        sequence: 0, identity: 0, submittedAt: Instant(milliseconds: now - Int64(random.below(4))),
        estimatedDuration: TimeSpan(milliseconds: left),
        demand: Resources(milliCores: 1000, milliGigabytes: 0, milliGPUs: 0), estimatedEnergy: Energy(1),
        deferralWindow: TimeSpan(milliseconds: Int64(random.below(total))))
      if random.below(2) == 0 { job.deadline = Instant(milliseconds: now + left + Int64(random.below(total))) }
      var weights = ScoreWeights(carbon: 1, cost: 0, delay: 0, risk: 0, pressure: 0)
      if random.below(2) == 0 { weights.delay = Double(random.below(20)) }
      if random.below(2) == 0 { weights.risk = Double(random.below(20)) }
      weights.riskMargin = Double(random.below(8)) / 3
      score = JobScore(job, now: Instant(milliseconds: now), weights: weights)
      (self.delayWeight, self.riskWeight, self.margin) = (weights.delay, weights.risk, weights.riskMargin)
    }

    private let delayWeight: Double
    private let riskWeight: Double
    private let margin: Double

    func step(_ time: Int64) -> SegmentStep { steps.last { $0.start <= time } ?? steps[0] }

    /// Delay and risk of an end, as ``ScoreWeights`` has them for a run that ends then.
    func ending(_ end: Int64) -> Double {
      let start = end - task.left
      let window = job.latestStart.milliseconds - job.submittedAt.milliseconds
      var sum = window > 0 ? delayWeight * Double(start - job.submittedAt.milliseconds) / Double(window) : 0
      if job.deadline != .never {
        let slack = Double(job.deadline.milliseconds - end)
        let wanted = max(1, margin * Double(task.left))
        sum += riskWeight * min(1, max(0, (wanted - slack) / wanted))
      }
      return sum
    }

    /// The least over every set of milliseconds, by dynamic programming over time, state and time run.
    func least() -> Double {
      let offset = 200
      let blank = [Double](repeating: .infinity, count: offset + Int(task.left) + 1)
      var (waiting, running, idle) = (blank, blank, blank)
      switch task.stage {
      case .waiting: waiting[offset] = 0
      case .running: running[offset] = 0
      case .suspended: idle[offset] = 0
      }
      var best = Double.infinity
      for time in now..<steps[steps.count - 1].end {
        let step = step(time)
        var (nextRunning, nextIdle) = (blank, blank)
        for ran in 0..<(offset + Int(task.left)) {
          let resumed = idle[ran] + task.resume * step.pauseRate
          let cost = min(running[ran], waiting[ran], resumed) + step.rate
          nextRunning[ran + 1] = cost
          if ran + 1 - offset == Int(task.left) { best = min(best, cost + ending(time + 1)) }
          nextIdle[ran] = min(nextIdle[ran], idle[ran])
          let paused = ran - Int(task.delay)
          if paused >= 0 {
            nextIdle[paused] = min(nextIdle[paused], running[ran] + task.checkpoint * step.pauseRate)
          }
        }
        (running, idle) = (nextRunning, nextIdle)
      }
      return best
    }

    /// The cost of pieces by their definition.
    func cost(_ pieces: [(from: Int64, to: Int64)]) -> Double {
      var sum = ending(pieces[pieces.count - 1].to)
      var paused: Int64? = task.stage == .running && pieces[0].from > now ? now : nil
      var hasRun = task.stage == .suspended
      for piece in pieces {
        if let paused { sum += task.checkpoint * step(paused).pauseRate }
        if hasRun || paused != nil { sum += task.resume * step(piece.from).pauseRate }
        for time in piece.from..<piece.to { sum += step(time).rate }
        (paused, hasRun) = (piece.to, true)
      }
      return sum
    }
  }

  /// Against all instants, 3,000 random tasks each: waiting, running and suspended jobs, steps without room, even and
  /// uneven steps, beginnings and ends within steps, terms of time with their bends.
  @Test(arguments: [true, false]) func thePlanIsTheBestOverAllInstants(isFree: Bool) {
    var (split, none) = (0, 0)
    let search = SegmentSearch()
    for seed in UInt64(1)...3000 {
      let own = Task(seed: seed, isFree: isFree)
      let least = own.least()
      let ending = SegmentEnding(own.score)
      guard let found = search.best(own.steps, own.task, ending, below: .infinity) else {
        #expect(least == .infinity, "seed \(seed): nothing found, there is \(least)")
        none += 1
        continue
      }
      #expect(abs(found.score - least) <= 1e-9, "seed \(seed): \(found), least \(least)")
      #expect(abs(own.cost(found.pieces) - found.score) <= 1e-9, "seed \(seed): \(found)")
      let pauses = found.pieces.count - 1 + (own.task.stage == .running && found.pieces[0].from > own.now ? 1 : 0)
      #expect(
        found.pieces.reduce(0) { $0 + $1.to - $1.from } == own.task.left + Int64(pauses) * own.task.delay,
        "seed \(seed): \(found)")
      #expect(
        zip(found.pieces, found.pieces.dropFirst()).allSatisfy { $0.to < $1.from }
          && found.pieces.allSatisfy { $0.from < $0.to } && found.pieces[0].from >= own.now, "seed \(seed): \(found)")
      if found.pieces.count > 1 { split += 1 }
      // What is known spares work and changes nothing.
      let below = search.best(own.steps, own.task, ending, below: least + 0.25)
      #expect(abs((below?.score ?? .infinity) - least) <= 1e-9, "seed \(seed)")
      #expect(search.best(own.steps, own.task, ending, below: least - 1e-9) == nil, "seed \(seed)")
    }
    #expect(split > (isFree ? 400 : 100) && none > 100, "\(split) in pieces, \(none) without a plan")
  }

  /// Rates below zero, as prices may be.
  @Test func negativeRates() {
    var split = 0
    for seed in UInt64(1)...1000 {
      var own = Task(seed: seed, isFree: true)
      for place in own.steps.indices { own.steps[place].rate -= 2 }
      let least = own.least()
      guard let found = SegmentSearch().best(own.steps, own.task, SegmentEnding(own.score), below: .infinity) else {
        #expect(least == .infinity, "seed \(seed)")
        continue
      }
      #expect(abs(found.score - least) <= 1e-9 && abs(own.cost(found.pieces) - least) <= 1e-9, "seed \(seed)")
      if found.pieces.count > 1 { split += 1 }
    }
    #expect(split > 100)
  }

  /// Bounds spare work and change nothing, even if interruptions draw power of a negative price.
  @Test func boundsLoseNoPlan() {
    var (split, earning) = (0, 0)
    let (search, plain) = (SegmentSearch(), SegmentSearch())
    for seed in UInt64(1)...3000 {
      var own = Task(seed: seed, isFree: seed % 4 == 0)
      let fall = Double(seed % 5)
      for place in own.steps.indices {
        own.steps[place].rate -= fall
        own.steps[place].pauseRate -= fall
      }
      let ending = SegmentEnding(own.score)
      plain.prepare(own.steps, own.task, ending)
      let expected = plain.search(own.steps, own.task, ending, below: .infinity)
      let found = search.best(own.steps, own.task, ending, below: .infinity)
      guard let found, let expected else {
        #expect(found == nil && expected == nil, "seed \(seed)")
        continue
      }
      #expect(abs(found.score - expected.score) <= 1e-9, "seed \(seed): \(found), without bounds \(expected)")
      #expect(CostToGo.quickBound(own.steps, own.task, ending) <= found.score, "seed \(seed)")
      if found.pieces.count > 1 { split += 1 }
      if found.score < 0 { earning += 1 }
    }
    #expect(split > 500 && earning > 500, "\(split) in pieces, \(earning) below zero")
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
      let model = [ForecastModel.perfect, .persistence, .noisy][random.below(3)]
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
