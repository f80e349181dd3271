/// A search for the best plan in pieces in one zone, over all instants.
///
/// Pieces [a, b) begin and end at any millisecond of the steps given; together they are as long as the rest of the job and
/// the time that their interruptions add. A millisecond costs its step's rate, a checkpoint is charged at the instant b at
/// which a piece ends, a resumption at the instant a at which the next one begins, and the end of the last piece its terms
/// of time.
///
/// Once it is fixed in which steps pieces begin and end, all of that is linear in their ends, and one equation binds them:
/// the lengths add up. So a best plan has at most one end within a step; every other piece begins with a step (or now) and
/// ends with one, or a millisecond before either if the interruption is cheaper in the step before. A gap or a piece within
/// one step costs the same if it is moved to the step's beginning. Hence the search goes from step to step and keeps, for a job
/// that runs and for one that pauses at the step's beginning, the least cost as a function of the time run until then less
/// the time of its interruptions: a ``CostCurve``. A step is run through, run up to an instant, run from an instant on, or
/// both with a pause between, at its beginning; the partial ones are a ``SlidingLeast``. Of equal plans the one that ends
/// first is taken. At most one interruption begins in a step: more would pay only if power had a negative price and
/// interruptions drew it.
///
/// Sections are dropped that cannot come to less than an allowance (``CostToGo``), which lies a little above the lower bound
/// on all plans. If no plan keeps to it, the search begins again with a wider one, at last with the
/// best score known: so what it finds is the best plan, and a sharp allowance leaves few sections.
///
/// O(steps × sections). A search that comes to more than ``mostSections`` returns the best plan that ends by then, if any,
/// and no more than ``mostSteps`` are looked at.
final class SegmentSearch {
  @exclusivity(unchecked) private var running: [CostCurve] = []
  @exclusivity(unchecked) private var idle: [CostCurve] = []
  @exclusivity(unchecked) private var ahead = CostToGo()
  @exclusivity(unchecked) private var slide = SlidingLeast()
  @exclusivity(unchecked) private var scratch = (CostCurve(), CostCurve(), CostCurve(), CostCurve())
  static let mostSteps = 4000
  static let mostSections = 1_000_000

  /// A job's state at a step's beginning; one that waits has not run yet.
  private enum State { case running, idle, waiting }

  /// Where a plan ends: the step, the state at its beginning, the time run by then, and the end.
  private struct Finish {
    var step: Int
    var state: State
    var ran: Int64
    var end: Int64
  }

  /// The best plan whose score is below `limit`; `nil` where there is none. Pieces are in order and do not adjoin.
  func best(
    _ steps: [SegmentStep], _ task: SegmentTask, _ ending: SegmentEnding, below limit: Double
  ) -> (pieces: [(from: Int64, to: Int64)], score: Double)? {
    guard task.left > 0, !steps.isEmpty else { return nil }
    let steps = steps.count > SegmentSearch.mostSteps ? Array(steps.prefix(SegmentSearch.mostSteps)) : steps
    prepare(steps, task, ending)
    let least = ahead.cost(0, task)
    guard least < limit else { return nil }
    var room = limit < .infinity ? (limit - least) / 64 : max(1e-6, abs(least) / 64)
    for _ in 0..<12 {
      // Rounding must not drop the best plan itself.
      let allowance = least + room + 8 * CostCurve.tolerance(least)
      guard allowance < limit else { break }
      if let found = search(steps, task, ending, below: allowance) { return found }
      room *= 4
    }
    return search(steps, task, ending, below: limit)
  }

  /// The best plan whose score is below `limit`, after ``prepare(_:_:_:)``; with a limit of infinity no bound is in use but
  /// that of room.
  func search(
    _ steps: [SegmentStep], _ task: SegmentTask, _ ending: SegmentEnding, below limit: Double
  ) -> (pieces: [(from: Int64, to: Int64)], score: Double)? {
    var limit = limit
    var finish: Finish?
    running[0].clear()
    idle[0].clear()
    switch task.stage {
    case .waiting: break
    case .running: running[0].append(0, 0, 0, 0)
    case .suspended: idle[0].append(0, 0, 0, 0)
    }
    var sections = 0
    for place in steps.indices {
      if let found = end(place, steps[place], task, ending, &limit) { finish = found }
      guard place + 1 < steps.count else { break }
      advance(place, steps, task)
      prune(place + 1, task, limit)
      sections += running[place + 1].sections.count + idle[place + 1].sections.count
      guard sections <= SegmentSearch.mostSections else { break }
      if running[place + 1].isEmpty, idle[place + 1].isEmpty {
        guard task.stage == .waiting, ahead.cost(place + 1, task) < limit else { break }
      }
    }
    guard let finish else { return nil }
    return (trace(finish, steps, task), limit)
  }

  /// Works out the bounds.
  func prepare(_ steps: [SegmentStep], _ task: SegmentTask, _ ending: SegmentEnding) {
    while running.count < steps.count {
      running.append(CostCurve())
      idle.append(CostCurve())
    }
    ahead.prepare(steps, task, ending)
  }

  /// The best end within a step, if it is better than the limit, which then is its score.
  private func end(
    _ place: Int, _ step: SegmentStep, _ task: SegmentTask, _ ending: SegmentEnding, _ limit: inout Double
  ) -> Finish? {
    guard step.rate.isFinite else { return nil }
    var best: Finish?
    func look(_ state: State, _ ran: Int64, _ before: Double) {
      let end = step.start + task.left - ran
      let value = before + step.rate * Double(task.left - ran) + ending.at(end)
      guard value < limit - CostCurve.tolerance(value) else { return }
      limit = value
      best = Finish(step: place, state: state, ran: ran, end: end)
    }
    func look(_ state: State, _ curve: CostCurve, _ rise: Double) {
      for section in curve.sections.reversed() {
        let (from, through) = (max(section.from, task.left - step.length), min(section.through, task.left - 1))
        guard from <= through else { continue }
        look(state, through, section.at(through) + rise)
        for kink in ending.kinks {
          let ran = step.start + task.left - kink
          if ran > from, ran < through { look(state, ran, section.at(ran) + rise) }
        }
        look(state, from, section.at(from) + rise)
      }
    }
    look(.running, running[place], 0)
    look(.idle, idle[place], task.resume * step.pauseRate)
    if task.stage == .waiting, task.left <= step.length { look(.waiting, 0, 0) }
    return best
  }

  /// Makes the curves at a step's end from those at its beginning.
  private func advance(_ place: Int, _ steps: [SegmentStep], _ task: SegmentTask) {
    let step = steps[place]
    let (run, rest) = (running[place], idle[place])
    let (checkpoint, resume) = (task.checkpoint * step.pauseRate, task.resume * step.pauseRate)
    scratch.0.clear()
    scratch.0.append(run, shift: -task.delay, rise: checkpoint)
    scratch.1.setMinimum(rest, scratch.0)
    guard step.rate.isFinite else {
      running[place + 1].clear()
      swap(&idle[place + 1], &scratch.1)
      return
    }
    // From some instant on: as it was, or paused at the step's beginning.
    scratch.2.clear()
    scratch.2.append(scratch.1, shift: 0, rise: resume)
    slide.find(scratch.2, most: step.length - 1, rate: step.rate, into: &scratch.3)
    if task.stage == .waiting {
      scratch.2.clear()
      scratch.2.append(1, step.length, step.rate, step.rate)
      running[place + 1].setMinimum(scratch.2, scratch.3)
      swap(&running[place + 1], &scratch.3)
    }
    // Runs or begins with the step.
    scratch.0.clear()
    scratch.0.append(rest, shift: 0, rise: resume)
    scratch.2.setMinimum(run, scratch.0)
    scratch.0.clear()
    scratch.0.append(scratch.2, shift: step.length, rise: step.rate * Double(step.length))
    running[place + 1].setMinimum(scratch.0, scratch.3)
    // Up to some instant.
    slide.find(scratch.2, most: step.length - 1, rate: step.rate, into: &scratch.3)
    if task.stage == .waiting {
      scratch.2.clear()
      scratch.2.append(1, step.length - 1, step.rate, step.rate)
      scratch.0.setMinimum(scratch.2, scratch.3)
      swap(&scratch.0, &scratch.3)
    }
    scratch.0.clear()
    scratch.0.append(scratch.3, shift: -task.delay, rise: checkpoint)
    idle[place + 1].setMinimum(scratch.1, scratch.0)
  }

  /// Drops what cannot be ended in the time left or comes to no less than the limit.
  private func prune(_ place: Int, _ task: SegmentTask, _ limit: Double) {
    ahead.restrict(&running[place], &idle[place], place, task.left, below: limit)
  }

  /// Walks back from a plan's end: of ways to a cost, the one that goes on running, else the earliest.
  private func trace(_ finish: Finish, _ steps: [SegmentStep], _ task: SegmentTask) -> [(from: Int64, to: Int64)] {
    var pieces: [(from: Int64, to: Int64)] = []
    var (place, state, ran, end) = (finish.step, finish.state, finish.ran, finish.end)
    while true {
      if state != .running, end > .min {
        pieces.append((steps[place].start, end))
        end = .min
      }
      guard place > 0, state != .waiting else { break }
      let step = steps[place - 1]
      let way = state == .running ? wayToRun(place - 1, step, ran, task) : wayToIdle(place - 1, step, ran, task)
      place -= 1
      switch way.kind {
      case .through: ran -= step.length
      case .from:
        pieces.append((step.end - way.length, end))
        end = .min
        ran -= way.length
        if way.state == .running {
          end = step.start
          ran += task.delay
        }
      case .rest: break
      case .upTo:
        end = step.start + way.length
        ran += task.delay - way.length
      }
      state = way.state
    }
    if state == .running, end > .min, end > steps[0].start { pieces.append((steps[0].start, end)) }
    return pieces.reversed()
  }

  private struct Way {
    enum Kind { case through, from, rest, upTo }
    var kind: Kind
    /// Milliseconds run in the step, where it is not run through.
    var length: Int64 = 0
    /// At the step's beginning.
    var state: State
    var value: Double

    mutating func take(_ other: Way) {
      if value == .infinity || other.value < value - CostCurve.tolerance(value) { self = other }
    }
  }

  private func wayToRun(_ place: Int, _ step: SegmentStep, _ ran: Int64, _ task: SegmentTask) -> Way {
    let (checkpoint, resume) = (task.checkpoint * step.pauseRate, task.resume * step.pauseRate)
    var way = Way(
      kind: .through, state: .running,
      value: (running[place].at(ran - step.length) ?? .infinity) + step.rate * Double(step.length))
    if task.stage == .waiting, ran >= 1, ran <= step.length {
      way.take(Way(kind: .from, length: ran, state: .waiting, value: step.rate * Double(ran)))
    }
    if let found = least(idle[place], ran, 1...step.length, step.rate) {
      way.take(Way(kind: .from, length: found.length, state: .idle, value: found.value + resume))
    }
    if step.length > 1, let found = least(running[place], ran + task.delay, 1...(step.length - 1), step.rate) {
      way.take(Way(kind: .from, length: found.length, state: .running, value: found.value + checkpoint + resume))
    }
    return way
  }

  private func wayToIdle(_ place: Int, _ step: SegmentStep, _ ran: Int64, _ task: SegmentTask) -> Way {
    let (checkpoint, resume) = (task.checkpoint * step.pauseRate, task.resume * step.pauseRate)
    var way = Way(kind: .rest, state: .idle, value: idle[place].at(ran) ?? .infinity)
    if let before = running[place].at(ran + task.delay) {
      way.take(Way(kind: .upTo, state: .running, value: before + checkpoint))
    }
    guard step.rate.isFinite, step.length > 1 else { return way }
    if let found = least(running[place], ran + task.delay, 1...(step.length - 1), step.rate) {
      way.take(Way(kind: .upTo, length: found.length, state: .running, value: found.value + checkpoint))
    }
    if let found = least(idle[place], ran + task.delay, 1...(step.length - 1), step.rate) {
      way.take(Way(kind: .upTo, length: found.length, state: .idle, value: found.value + resume + checkpoint))
    }
    let whole = ran + task.delay
    if task.stage == .waiting, whole >= 1, whole < step.length {
      way.take(Way(kind: .upTo, length: whole, state: .waiting, value: step.rate * Double(whole) + checkpoint))
    }
    return way
  }

  /// The least of a curve at `ran` − y, and y milliseconds at the rate, over a range of y.
  private func least(
    _ curve: CostCurve, _ ran: Int64, _ lengths: ClosedRange<Int64>, _ rate: Double
  ) -> (length: Int64, value: Double)? {
    guard rate.isFinite else { return nil }
    var best: (length: Int64, value: Double)?
    for section in curve.sections {
      let from = max(section.from, ran - lengths.upperBound)
      let through = min(section.through, ran - lengths.lowerBound)
      guard from <= through else { continue }
      for before in [from, through] {
        let value = section.at(before) + rate * Double(ran - before)
        if value < best?.value ?? .infinity { best = (ran - before, value) }
      }
    }
    return best
  }
}
