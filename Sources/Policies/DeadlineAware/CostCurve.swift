/// Least cost by a whole number of milliseconds: linear sections in order that do not overlap; outside of them there is
/// no value.
struct CostCurve {
  struct Section: BitwiseCopyable {
    var from: Int64
    var through: Int64
    /// At ``from``.
    var value: Double
    /// A millisecond.
    var slope: Double

    @inline(__always)
    func at(_ x: Int64) -> Double { value + slope * Double(x - from) }
  }

  var sections: [Section] = []

  var isEmpty: Bool { sections.isEmpty }

  /// Values closer than this are taken for equal.
  @inline(__always)
  static func tolerance(_ value: Double) -> Double { 1e-13 * max(1, value.magnitude) }

  /// The value at a place; `nil` outside of the sections. O(log sections).
  func at(_ x: Int64) -> Double? {
    var (low, high) = (0, sections.count)
    while low < high {
      let middle = (low + high) / 2
      if sections[middle].through < x { low = middle + 1 } else { high = middle }
    }
    guard low < sections.count, sections[low].from <= x else { return nil }
    return sections[low].at(x)
  }

  mutating func clear() { sections.removeAll(keepingCapacity: true) }

  /// Adds a section behind the last one, to which it is joined where it goes on in the same line.
  @inline(__always)
  mutating func append(_ from: Int64, _ through: Int64, _ value: Double, _ slope: Double) {
    guard from <= through else { return }
    let count = sections.count
    if count > 0, sections[count - 1].through + 1 == from {
      let last = sections[count - 1]
      // A single point has no slope of its own, at either side.
      let common = last.from == last.through ? slope : last.slope
      let end = value + slope * Double(through - from)
      let tolerance = CostCurve.tolerance(value)
      if abs(last.value + common * Double(from - last.from) - value) <= tolerance,
        abs(last.value + common * Double(through - last.from) - end) <= tolerance
      {
        sections[count - 1].through = through
        sections[count - 1].slope = common
        return
      }
    }
    sections.append(Section(from: from, through: through, value: value, slope: slope))
  }

  /// Adds another curve, moved by `shift` and raised by `rise`, which lies behind everything that is there.
  mutating func append(_ other: CostCurve, shift: Int64, rise: Double) {
    for section in other.sections {
      append(section.from + shift, section.through + shift, section.value + rise, section.slope)
    }
  }

  /// Makes this the lesser of two curves at each place. O(sections).
  mutating func setMinimum(_ a: CostCurve, _ b: CostCurve) {
    clear()
    var (i, j) = (0, 0)
    var x = Int64.min
    while i < a.sections.count || j < b.sections.count {
      guard i < a.sections.count else {
        add(b.sections[j], from: x)
        j += 1
        continue
      }
      guard j < b.sections.count else {
        add(a.sections[i], from: x)
        i += 1
        continue
      }
      let (p, q) = (a.sections[i], b.sections[j])
      let (from, other) = (max(p.from, x), max(q.from, x))
      if from < other {
        let through = min(p.through, other - 1)
        append(from, through, p.at(from), p.slope)
        x = through + 1
      } else if other < from {
        let through = min(q.through, from - 1)
        append(other, through, q.at(other), q.slope)
        x = through + 1
      } else {
        let through = min(p.through, q.through)
        addLesser(p, q, from, through)
        x = through + 1
      }
      if p.through < x { i += 1 }
      if q.through < x { j += 1 }
    }
  }

  @inline(__always)
  private mutating func add(_ section: Section, from x: Int64) {
    let from = max(section.from, x)
    if from <= section.through { append(from, section.through, section.at(from), section.slope) }
  }

  /// Adds the lesser of two sections over a stretch that both cover.
  private mutating func addLesser(_ p: Section, _ q: Section, _ from: Int64, _ through: Int64) {
    let (first, last) = (p.at(from) - q.at(from), p.at(through) - q.at(through))
    let tolerance = CostCurve.tolerance(p.at(from))
    if first <= tolerance, last <= tolerance { return append(from, through, p.at(from), p.slope) }
    if first >= -tolerance, last >= -tolerance { return append(from, through, q.at(from), q.slope) }
    // They cross: the last place of the one that is less at first.
    var cross = from + min(through - from - 1, Int64(first / (first - last) * Double(through - from)))
    while cross > from, (p.at(cross) - q.at(cross)) * first < 0 { cross -= 1 }
    while cross + 1 < through, (p.at(cross + 1) - q.at(cross + 1)) * first > 0 { cross += 1 }
    let (early, late) = first < 0 ? (p, q) : (q, p)
    append(from, cross, early.at(from), early.slope)
    append(cross + 1, through, late.at(cross + 1), late.slope)
  }

  mutating func copy(_ other: CostCurve) {
    clear()
    sections.append(contentsOf: other.sections)
  }

  /// Drops what lies after a place.
  mutating func cut(after last: Int64) {
    while let section = sections.last, section.from > last { sections.removeLast() }
    if !sections.isEmpty { sections[sections.count - 1].through = min(sections[sections.count - 1].through, last) }
  }

  /// Adds those parts of a curve that, with the cost of the rest, may come to less than `limit`. At place x the rest is
  /// `left` − x; each millisecond beyond `left` costs `lowest` or more. Parts end where a section of either curve ends.
  /// O(sections).
  mutating func append(
    _ curve: CostCurve, before ahead: CostCurve, _ left: Int64, lowest: Double, below limit: Double
  ) {
    let whole = ahead.at(left)
    var place = ahead.sections.count - 1
    for section in curve.sections {
      var from = section.from
      let through = min(section.through, left - 1)
      if from < 0 {
        let to = min(through, -1)
        let least = min(section.value - lowest * Double(from), section.at(to) - lowest * Double(to))
        if let whole, from <= to, least + whole < limit {
          append(from, to, section.value, section.slope)
        }
        from = 0
      }
      while from <= through {
        while place >= 0, ahead.sections[place].from > left - from { place -= 1 }
        guard place >= 0 else { return }
        let rest = ahead.sections[place]
        guard rest.through >= left - from else {
          from = left - rest.through
          continue
        }
        let to = min(through, left - rest.from)
        if min(section.at(from) + rest.at(left - from), section.at(to) + rest.at(left - to)) < limit {
          append(from, to, section.at(from), section.slope)
        }
        from = to + 1
      }
    }
  }
}

/// Adds 1 to `most` milliseconds to a curve at a rate each: the least over all of them, place by place.
///
/// At place v it is rate × v plus the least of F(u) − rate × u over u in [v − most, v − 1]. That least is taken at the
/// lower end of a section of F, as long as the window holds it, or at an end of the window within a section: so the
/// result is the lesser of a step function and of sections that are moved by 1 and by `most`. O(sections).
struct SlidingLeast {
  private var ends: [(at: Int64, value: Double)] = []
  private var steps = CostCurve()
  private var rising = CostCurve()
  private var falling = CostCurve()
  private var lesser = CostCurve()

  mutating func find(_ curve: CostCurve, most: Int64, rate: Double, into result: inout CostCurve) {
    result.clear()
    guard most >= 1 else { return }
    steps.clear()
    rising.clear()
    falling.clear()
    for section in curve.sections {
      if section.slope - rate >= 0 {
        rising.append(
          section.from + most, section.through + most, section.value + rate * Double(most), section.slope)
      } else {
        falling.append(section.from + 1, section.through + 1, section.value + rate, section.slope)
      }
    }
    findSteps(curve, most, rate)
    lesser.setMinimum(steps, rising)
    result.setMinimum(lesser, falling)
  }

  /// The least of the sections' lower ends that a window holds, by a queue in which values rise.
  private mutating func findSteps(_ curve: CostCurve, _ most: Int64, _ rate: Double) {
    ends.removeAll(keepingCapacity: true)
    var head = 0
    var next = Int64.min
    func emit(_ until: Int64, _ ends: [(at: Int64, value: Double)], _ steps: inout CostCurve) {
      while next <= until, head < ends.count {
        let last = ends[head].at + most
        let through = min(until, last)
        if next <= through {
          steps.append(next, through, ends[head].value + rate * Double(next), rate)
          next = through + 1
        }
        if through == last { head += 1 }
      }
    }
    for section in curve.sections {
      let at = section.slope - rate >= 0 ? section.from : section.through
      let value = section.at(at) - rate * Double(at)
      emit(at, ends, &steps)
      next = max(next, at + 1)
      while ends.count > head, ends[ends.count - 1].value >= value { ends.removeLast() }
      ends.append((at, value))
    }
    emit(.max, ends, &steps)
  }
}
