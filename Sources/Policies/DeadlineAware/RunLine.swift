internal import Domain

/// The three zones with the least scores; of equal ones the first in the scenario's order.
struct BestThree {
  var scores = (Double.infinity, Double.infinity, Double.infinity)
  var zones = (-1, -1, -1)

  mutating func add(_ score: Double, _ zone: Int) {
    guard score.isFinite else { return }
    if (score, zone) < (scores.2, zones.2) || zones.2 < 0 {
      (scores.2, zones.2) = (score, zone)
      if zones.1 < 0 || (scores.2, zones.2) < (scores.1, zones.1) {
        swap(&scores.1, &scores.2)
        swap(&zones.1, &zones.2)
      }
      if zones.0 < 0 || (scores.1, zones.1) < (scores.0, zones.0) {
        swap(&scores.0, &scores.1)
        swap(&zones.0, &zones.1)
      }
    }
  }
}

/// One quantity of a zone from the frame's first bucket on, as runs of one length see it.
struct RunLine {
  let sums: UnsafeMutablePointer<Double>
  let sumsAtEnd: UnsafeMutablePointer<Double>
  let values: UnsafeMutablePointer<Double>
  let valuesAtEnd: UnsafeMutablePointer<Double>
  let rate: Double
  /// The rate times what the run takes of a step that is cut.
  let cutRate: Double

  @inline(__always)
  init(
    _ sums: UnsafeMutablePointer<Double>, _ values: UnsafeMutablePointer<Double>, _ rate: Double, _ frame: StartFrame
  ) {
    self.sums = sums
    self.values = values
    self.rate = rate
    sumsAtEnd = sums + frame.whole
    valuesAtEnd = values + frame.whole
    cutRate = rate * Double(frame.cut)
  }

  /// Adds the integrals, times the rate, of runs that begin on steps, and of as many that end on steps. A run of the
  /// latter kind leaves the head of its first step out, so that of this step the same part counts as of the last step
  /// of a run of the former kind.
  @inline(__always)
  func add(_ place: Int, _ onStep: inout Lane, _ toStep: inout Lane) {
    onStep += (lane(sumsAtEnd, place) - lane(sums, place)) * rate + lane(valuesAtEnd, place) * cutRate
    toStep += (lane(sumsAtEnd + 1, place) - lane(sums + 1, place)) * rate + lane(values, place) * cutRate
  }
}
