internal import Domain
internal import ResultReading

/// Counters of a run's jobs at each instant of a replay.
struct ReplayCounters {
  let waiting: [Int]
  let finished: [Int]
  let missed: [Int]
  /// kgCO2 so far; empty where that is not known.
  let kilograms: [Double]

  /// - Parameter emissions: cumulated, in order of time; linear between.
  init(
    _ flow: JobFlow, _ emissions: [(at: Instant, kilograms: Double)], from start: Instant, at instants: [Instant]
  ) {
    (waiting, finished, missed) = flow.counts(at: instants)
    guard !emissions.isEmpty else {
      kilograms = []
      return
    }
    let points = [(at: start, kilograms: 0.0)] + emissions
    var place = 0
    kilograms = instants.map { instant in
      while place + 2 < points.count, points[place + 1].at < instant { place += 1 }
      let (a, b) = (points[place], points[place + 1])
      let share = (instant - a.at).inHours / (b.at - a.at).inHours
      return a.kilograms + (b.kilograms - a.kilograms) * min(max(share, 0), 1)
    }
  }
}
