import Domain
import Metrics
import Randomness
import Testing

/// What charts are drawn of, against a walk minute by minute over the jobs that are kept here.
@Suite struct ChartTalliesTests {
  private static let minute: Int64 = 60_000
  private static let seeds: [UInt64] = [1, 2, 3, 4, 5]
  /// Whole and parts of an hour, and one with a warm-up.
  private static let clocks: [(minutes: Int64, warmUp: Int64)] = [(3000, 0), (1567, 0), (3000, 700)]

  private struct Piece {
    var zone: Int
    var from: Int64
    var until: Int64
    var cores: Double
    var power: Double
  }

  /// The clock starts at 05:20 and is no whole number of stretches long.
  @Test(arguments: seeds, clocks)
  func meansAreThoseOfAWalkByTheMinute(seed: UInt64, clock: (minutes: Int64, warmUp: Int64)) {
    let minutes = clock.minutes
    var dice = RandomStream(seed: seed, replication: 1, name: "test")
    let start = Instant(milliseconds: 1_578_288_000_000)
    let tallies = ChartTallies(
      zones: 2, start: start, duration: .minutes(minutes), countedFrom: start + .minutes(clock.warmUp))
    var pieces: [Piece] = []
    var sums: [Int: (Int, Double)] = [:]
    for number in 0..<60 {
      let from = Int64(dice.below(Int(minutes) + 200)) - 100
      let length = Int64(dice.below(2000)) + 1
      let cores = Double(dice.below(8) + 1)
      var job = Job(
        sequence: number, identity: 0, submittedAt: start + .minutes(from - 5), estimatedDuration: .minutes(length),
        demand: Resources(milliCores: Int64(cores) * 1000, milliGigabytes: 0, milliGPUs: 0))
      job.type = WorkloadType.allCases[dice.below(3)]
      var record = JobRecord(
        job: job, status: .completed, actualDuration: .minutes(length), recommendations: Recommendations(0))
      record.zone = dice.below(2)
      (record.start, record.end) = (start + .minutes(from), start + .minutes(from + length))
      record.energy = Energy(Double(length) / 60 * cores)
      record.emissions = Emissions(Double(number))
      let type = Int(job.type.rawValue)
      if from - 5 >= clock.warmUp {
        sums[type] = ((sums[type]?.0 ?? 0) + 1, (sums[type]?.1 ?? 0) + Double(number))
      }
      if number % 3 > 0 || length < 3 {
        tallies.accept(record)
        pieces.append(Piece(zone: record.zone, from: from, until: from + length, cores: cores, power: cores))
      } else {
        // In two segments in either zone, with a pause of a minute.
        let middle = from + length / 2
        let segments = [(0, from, middle), (1, middle + 1, from + length + 1)].map { zone, low, high in
          var segment = RunSegment(zone: zone, start: start + .minutes(low), end: start + .minutes(high))
          segment.energy = Energy(Double(high - low) / 60 * 3)
          pieces.append(Piece(zone: zone, from: low, until: high, cores: cores, power: 3))
          return segment
        }
        tallies.accept(record, segments: segments)
      }
    }
    let figures = tallies.figures
    for (type, sum) in sums {
      #expect(figures.types[type].started == sum.0 && figures.types[type].emissions.value == sum.1)
    }
    for zone in 0..<2 {
      compareLoad(figures, pieces.filter { $0.zone == zone }, zone, minutes, "seed \(seed)")
      compareHours(figures, pieces.filter { $0.zone == zone }, zone, clock.warmUp..<minutes, "seed \(seed)")
    }
  }

  private func compareLoad(_ figures: ChartFigures, _ pieces: [Piece], _ zone: Int, _ minutes: Int64, _ seed: Comment) {
    let length = figures.interval.milliseconds / ChartTalliesTests.minute
    #expect(figures.load[zone].count == Int((minutes + length - 1) / length) && figures.load[zone].count <= 400)
    for (stretch, power) in figures.load[zone].enumerated() {
      let low = Int64(stretch) * length
      let high = min(low + length, minutes)
      var sum = 0.0
      for at in low..<high {
        for piece in pieces where piece.from <= at && at < piece.until { sum += piece.power }
      }
      #expect(abs(power.value - sum / Double(high - low)) < 1e-9, "\(seed)")
    }
  }

  private func compareHours(
    _ figures: ChartFigures, _ pieces: [Piece], _ zone: Int, _ span: Range<Int64>, _ seed: Comment
  ) {
    var sums = Array(repeating: 0.0, count: 24)
    var lengths = Array(repeating: 0.0, count: 24)
    for at in span {
      let hour = Int((5 * 60 + 20 + at) / 60 % 24)
      lengths[hour] += 1
      for piece in pieces where piece.from <= at && at < piece.until { sums[hour] += piece.cores }
    }
    for hour in 0..<24 {
      let expected = lengths[hour] > 0 ? sums[hour] / lengths[hour] : 0
      #expect(abs(figures.hours[zone][hour].cpuCores - expected) < 1e-9, "\(seed), hour \(hour)")
    }
  }

  @Test func jobsThatRunForDaysAndThatNeverEnd() {
    let start = Instant(milliseconds: 0)
    let tallies = ChartTallies(zones: 1, start: start, duration: .days(10))
    let job = Job(
      sequence: 0, identity: 0, submittedAt: start, estimatedDuration: .days(3),
      demand: Resources(milliCores: 2000, milliGigabytes: 0, milliGPUs: 0))
    var record = JobRecord(job: job, status: .running, actualDuration: .days(3), recommendations: Recommendations(0))
    record.zone = 0
    record.start = start
    record.energy = Energy(240)
    tallies.accept(record)
    let figures = tallies.figures
    // All of the clock: 240 kWh over 240 h.
    #expect(figures.load[0].allSatisfy { abs($0.value - 1) < 1e-12 })
    #expect(figures.hours[0].allSatisfy { abs($0.cpuCores - 2) < 1e-12 })
    #expect(figures.turnarounds.isEmpty && figures.waits.count == ChartTallies.shares.count)
  }

  /// Memory is bounded whatever the clock and the number of zones.
  @Test(arguments: [(1, 1), (1, 7), (1, 366), (14, 366), (200, 366), (5000, 4000)])
  func stretchesAreFew(zones: Int, days: Int) {
    let tallies = ChartTallies(zones: zones, start: Instant(milliseconds: 0), duration: .days(Int64(days)))
    let count = tallies.load(0).count
    #expect(count <= 400 && (count * zones <= 20_000 || count <= 10))
  }
}
