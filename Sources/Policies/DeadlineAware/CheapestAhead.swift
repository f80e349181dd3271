/// A lower bound on the cost of the time that is left: its cheapest milliseconds in the steps ahead, for rates that are not
/// negative.
struct CheapestAhead {
  /// By rate, with the time and the cost of all that are no dearer, of those still ahead.
  private var steps: [(rate: Double, place: Int)] = []
  private var sums: [(time: Int64, cost: Double)] = []

  /// Begins with all steps that have room.
  mutating func begin(_ all: [SegmentStep]) {
    steps.removeAll(keepingCapacity: true)
    for (place, step) in all.enumerated() where step.rate.isFinite { steps.append((step.rate, place)) }
    steps.sort { ($0.rate, $0.place) < ($1.rate, $1.place) }
    sum(all)
  }

  /// Leaves a step out that has passed.
  mutating func pass(_ place: Int, _ all: [SegmentStep]) {
    guard let at = steps.firstIndex(where: { $0.place == place }) else { return }
    steps.remove(at: at)
    sum(all)
  }

  private mutating func sum(_ all: [SegmentStep]) {
    sums.removeAll(keepingCapacity: true)
    var (time, cost): (Int64, Double) = (0, 0)
    for step in steps {
      time += all[step.place].length
      cost += step.rate * Double(all[step.place].length)
      sums.append((time, cost))
    }
  }

  /// The cost of `time` and that of the next millisecond; infinity past what there is.
  func cost(_ time: Int64) -> (cost: Double, rate: Double) {
    var (low, high) = (0, sums.count)
    while low < high {
      let middle = (low + high) / 2
      if sums[middle].time < time { low = middle + 1 } else { high = middle }
    }
    guard low < sums.count else { return (.infinity, 0) }
    return (sums[low].cost - steps[low].rate * Double(sums[low].time - time), steps[low].rate)
  }

  /// A lower bound on the plans of a section, for a job that has `left` to run in all: the cost ahead is convex, so that it
  /// is nowhere below its tangents at the section's ends.
  func bound(_ section: CostCurve.Section, _ left: Int64) -> Double {
    let first = cost(left - section.from)
    let last = cost(left - section.through)
    let (early, late) = (section.value, section.at(section.through))
    let span = Double(section.through - section.from)
    return max(
      min(early + first.cost, late + first.cost - first.rate * span),
      min(early + last.cost + last.rate * span, late + last.cost))
  }
}
