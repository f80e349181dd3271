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
  let rate: Lane.Half
  /// The rate times what the run takes of a step that is cut.
  let cutRate: Lane.Half

  @inline(__always)
  init(
    _ sums: UnsafeMutablePointer<Double>, _ values: UnsafeMutablePointer<Double>, _ rate: Double, _ frame: StartFrame
  ) {
    self.sums = sums
    self.values = values
    self.rate = Lane.Half(repeating: rate)
    sumsAtEnd = sums + frame.whole
    valuesAtEnd = values + frame.whole
    cutRate = Lane.Half(repeating: rate * Double(frame.cut))
  }

  /// Adds the integrals, times the rate, of runs that begin on steps, and of as many that end on steps. A run of the
  /// latter kind leaves the head of its first step out, so that of this step the same part counts as of the last step
  /// of a run of the former kind.
  @inline(__always)
  func add(_ place: Int, _ onStep: inout Lane, _ toStep: inout Lane) {
    // One after the other: of a sum of two products the compiler makes pairs that do not belong together.
    onStep += (lane(sumsAtEnd, place) - lane(sums, place)) * rate
    onStep += lane(valuesAtEnd, place) * cutRate
    toStep += (lane(sumsAtEnd + 1, place) - lane(sums + 1, place)) * rate
    toStep += lane(values, place) * cutRate
  }
}

/// A job's runs in one zone, to be scored a block of starts at a time.
struct ZoneRuns {
  let zone: Int
  let isAmple: Bool
  private let base: Int
  private let own: Lane.Half
  private let carbon: RunLine?
  private let price: RunLine?
  private let pressure: RunLine?

  @inline(__always)
  init(_ scan: CandidateScan, _ zone: Int, _ score: JobScore, _ frame: StartFrame) {
    let (grid, weights) = (scan.grid, scan.weights)
    self.zone = zone
    isAmple = scan.lines[zone].isAmple
    base = frame.first * WindowBounds.stretch
    let at = zone * grid.stride
    var own = scan.bases[zone]
    carbon =
      weights.carbon != 0
      ? RunLine(grid.carbon.sums + at, grid.carbon.values + at, scan.carbonRates[zone], frame) : nil
    if weights.cost == 0 || grid.pricesAreFlat {
      price = nil
    } else if grid.priceIsFlat(zone) {
      // A price that stays is a price that makes no start better than another.
      own += scan.costRates[zone] * grid.price.values[at] * Double(score.length)
      price = nil
    } else {
      price = RunLine(grid.price.sums + at, grid.price.values + at, scan.costRates[zone], frame)
    }
    let (shares, line) = (scan.shares, zone * scan.shares.stride)
    pressure =
      weights.pressure != 0 ? RunLine(shares.sums + line, shares.values + line, scan.pressureRate, frame) : nil
    self.own = Lane.Half(repeating: own)
  }

  /// The scores of four starts on steps and of four that end on steps, from a place of a stretch on; infinity where
  /// there is no such start or no room for it.
  @inline(__always)
  func scores(_ stretch: Int, _ place: Int, _ room: StartRoom, _ closed: ClosedStarts) -> (onStep: Lane, toStep: Lane) {
    let at = stretch &* WindowBounds.stretch &+ place
    var onStep = lane(room.onStep, at) + own
    var toStep = lane(room.toStep, at) + own
    if let carbon { carbon.add(base &+ at, &onStep, &toStep) }
    if let price { price.add(base &+ at, &onStep, &toStep) }
    if let pressure { pressure.add(base &+ at, &onStep, &toStep) }
    if !isAmple {
      let penalty = closed.penalties(at)
      onStep += penalty
      toStep += penalty
    }
    return (onStep, toStep)
  }
}

/// What runs of one length of a quantity come to at least, by stretch of a frame and zone.
struct StretchLeast {
  private let whole: UnsafeMutablePointer<Double>
  private let more: UnsafeMutablePointer<Double>
  private let width: Int
  private let part: Lane.Half

  /// - Parameter part: of a step, what is left over of the length.
  fileprivate init(
    _ whole: UnsafeMutablePointer<Double>, _ more: UnsafeMutablePointer<Double>, _ width: Int, _ part: Double
  ) {
    self.whole = whole
    self.more = more
    self.width = width
    self.part = Lane.Half(repeating: part)
  }

  @inline(__always)
  func at(_ stretch: Int, _ zone: Int) -> Lane {
    let at = stretch &* width &+ zone
    let least = lane(whole, at)
    return least + (lane(more, at) - least) * part
  }
}

extension WindowBounds {
  /// The bounds of a frame's runs. A method, as an initializer would count a reference to what it is given.
  func least(_ frame: StartFrame, _ part: Double) -> StretchLeast {
    let first = frame.first * width
    let whole = least(frame.whole, from: frame.first, through: frame.last) + first
    let more = part > 0 ? least(frame.whole + 1, from: frame.first, through: frame.last) + first : whole
    return StretchLeast(whole, more, width, part)
  }
}
