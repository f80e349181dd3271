internal import HeapModule

/// Lower bounds on what is left of a plan in pieces.
///
/// They are the exact least costs of an easier task: the time that an interruption adds may be run at the lowest rate of
/// all, wherever that is, and the millisecond at either side of a step does not matter. So a step's curves bend only where
/// whole steps and the rest of one end, and there are few sections. The cost of `r` more milliseconds from a step's
/// beginning on, for a job that runs and for one that pauses, is worked out from the last step backwards.
/// O(steps × sections).
///
/// A plan of the real task becomes one of the easier task if its last milliseconds are left out, as many as its
/// interruptions add. Interruptions among them go as well, so these must not be what makes the plan cheap: with negative
/// rates one may earn something. The easier task then charges nothing for it, and at most one begins in a step, so the
/// ``InterruptionCosts/gain`` of all steps ahead is subtracted instead.
struct CostToGo {
  private var running: [CostCurve] = []
  private var idle: [CostCurve] = []
  /// Of the whole job, if it has not begun by a step's beginning.
  private var waiting: [Double] = []
  private var slide = SlidingLeast()
  private var ending = CostCurve()
  private var late = CostCurve()
  private var early = CostCurve()
  private var scratch = (CostCurve(), CostCurve())
  /// The most that interruptions may earn from each step on.
  private var gains: [Double] = []
  private var lowest = 0.0

  /// Works out the bounds for all steps.
  mutating func prepare(_ steps: [SegmentStep], _ task: SegmentTask, _ terms: SegmentEnding) {
    while running.count <= steps.count {
      running.append(CostCurve())
      idle.append(CostCurve())
    }
    running[steps.count].clear()
    idle[steps.count].clear()
    waiting = Array(repeating: .infinity, count: steps.count + 1)
    gains = Array(repeating: 0, count: steps.count + 1)
    lowest = InterruptionCosts.lowestRate(steps)
    for place in steps.indices.reversed() {
      let step = steps[place]
      let costs = InterruptionCosts(step, task, lowest)
      let (pause, resume) = (costs.pause, costs.resume)
      gains[place] = gains[place + 1] + costs.gain
      guard step.rate.isFinite else {
        running[place].clear()
        running[place].append(idle[place + 1], shift: 0, rise: pause)
        idle[place].copy(idle[place + 1])
        waiting[place] = waiting[place + 1]
        continue
      }
      findEnding(step, task.left, terms)
      // Runs from some instant of the step on, or up to some instant.
      slide.find(running[place + 1], most: step.length, rate: step.rate, into: &late)
      slide.find(idle[place + 1], most: step.length, rate: step.rate, into: &early)
      late.cut(after: task.left)
      early.cut(after: task.left)
      waiting[place] = min(
        waiting[place + 1], ending.at(task.left) ?? .infinity, late.at(task.left) ?? .infinity,
        (early.at(task.left) ?? .infinity) + pause)
      joinIdle(place, pause, resume)
      joinRunning(place, step, task.left, pause, resume)
    }
  }

  /// The curve of the plans that end within a step.
  private mutating func findEnding(_ step: SegmentStep, _ left: Int64, _ terms: SegmentEnding) {
    ending.clear()
    var from: Int64 = 1
    let longest = min(step.length, left)
    for kink in terms.kinks where kink > step.start && kink < step.start + longest {
      appendEnding(from, kink - step.start, step, terms)
      from = kink - step.start + 1
    }
    appendEnding(from, longest, step, terms)
  }

  private mutating func appendEnding(_ from: Int64, _ through: Int64, _ step: SegmentStep, _ terms: SegmentEnding) {
    guard from <= through else { return }
    let (first, last) = (terms.at(step.start + from), terms.at(step.start + through))
    let slope = from == through ? 0 : (last - first) / Double(through - from)
    ending.append(from, through, step.rate * Double(from) + first, step.rate + slope)
  }

  /// Pauses on, or resumes: to the end, from some instant of the step on, or up to some instant.
  private mutating func joinIdle(_ place: Int, _ pause: Double, _ resume: Double) {
    scratch.0.setMinimum(ending, late)
    scratch.1.clear()
    scratch.1.append(early, shift: 0, rise: pause)
    idle[place].setMinimum(scratch.0, scratch.1)
    scratch.0.clear()
    scratch.0.append(idle[place], shift: 0, rise: resume)
    idle[place].setMinimum(idle[place + 1], scratch.0)
  }

  /// Runs to the end, through the step, or up to some instant; or pauses first.
  private mutating func joinRunning(
    _ place: Int, _ step: SegmentStep, _ left: Int64, _ pause: Double, _ resume: Double
  ) {
    scratch.0.clear()
    scratch.0.append(idle[place], shift: 0, rise: pause)
    scratch.1.clear()
    scratch.1.append(early, shift: 0, rise: pause)
    running[place].setMinimum(scratch.0, scratch.1)
    scratch.0.setMinimum(running[place], ending)
    scratch.1.clear()
    scratch.1.append(running[place + 1], shift: step.length, rise: step.rate * Double(step.length))
    scratch.1.cut(after: left)
    running[place].setMinimum(scratch.0, scratch.1)
  }

  /// The bound for the whole of a job from a step's beginning on; infinity if there is no room for it.
  func cost(_ place: Int, _ task: SegmentTask) -> Double {
    let cost =
      switch task.stage {
      case .waiting: waiting[place]
      case .running: running[place].at(task.left) ?? .infinity
      case .suspended: idle[place].at(task.left) ?? .infinity
      }
    return cost - gains[place]
  }

  /// Keeps of two curves (the cost by the time run until a step's beginning) what may come to less than `limit` in all.
  mutating func restrict(
    _ runs: inout CostCurve, _ pauses: inout CostCurve, _ place: Int, _ left: Int64, below limit: Double
  ) {
    let most = limit + gains[place]
    scratch.0.clear()
    scratch.0.append(runs, before: running[place], left, lowest: lowest, below: most)
    swap(&runs, &scratch.0)
    scratch.0.clear()
    scratch.0.append(pauses, before: idle[place], left, lowest: lowest, below: most)
    swap(&pauses, &scratch.0)
  }

  /// A bound on all plans, quicker to have and less sharp: for each step the cheapest `left` milliseconds up to its end,
  /// and the terms of time at its beginning. O(steps × log steps).
  static func quickBound(_ steps: [SegmentStep], _ task: SegmentTask, _ ending: SegmentEnding) -> Double {
    let left = task.left
    let lowest = InterruptionCosts.lowestRate(steps)
    let gain = steps.reduce(0) { $0 + InterruptionCosts($1, task, lowest).gain }
    guard let now = steps.first?.start else { return .infinity }
    var best = Double.infinity
    var chosen = Heap<DearStep>()
    var (time, cost): (Int64, Double) = (0, 0)
    for step in steps where step.rate.isFinite {
      chosen.insert(DearStep(rate: step.rate, length: step.length))
      time += step.length
      cost += step.rate * Double(step.length)
      while let dearest = chosen.max, time - dearest.length >= left {
        chosen.removeMax()
        time -= dearest.length
        cost -= dearest.rate * Double(dearest.length)
      }
      guard time >= left, let dearest = chosen.max else { continue }
      let end = max(step.start, now + left)
      best = min(best, cost - dearest.rate * Double(time - left) + ending.at(end))
    }
    // Sums that grow and shrink again are not exact to the last digit.
    return best - gain - 1e-9 * max(1, best.magnitude)
  }
}

/// What an interruption that begins or ends in a step costs at least, the time that it adds included.
private struct InterruptionCosts {
  let pause: Double
  let resume: Double
  /// What it may earn instead.
  let gain: Double

  init(_ step: SegmentStep, _ task: SegmentTask, _ lowest: Double) {
    let added = Double(task.delay) * lowest
    // A job that is suspended already resumes without more time to run; to charge it less is no fault.
    let share = added < 0 && task.checkpoint + task.resume > 0 ? task.resume / (task.checkpoint + task.resume) : 0
    let pause = task.checkpoint * step.pauseRate + added * (1 - share)
    let resume = task.resume * step.pauseRate + added * share
    (self.pause, self.resume) = (max(0, pause), max(0, resume))
    gain = max(0, -pause) + max(0, -resume)
  }

  /// The lowest rate of all; 0 if no step has room.
  static func lowestRate(_ steps: [SegmentStep]) -> Double {
    let lowest = steps.reduce(Double.infinity) { min($0, $1.rate) }
    return lowest.isFinite ? lowest : 0
  }
}

private struct DearStep: Comparable {
  var rate: Double
  var length: Int64

  static func < (a: DearStep, b: DearStep) -> Bool { (a.rate, a.length) < (b.rate, b.length) }
}
