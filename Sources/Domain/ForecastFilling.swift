extension Forecast {
  /// Writes starts and values of the steps of a trace from ``issuedAt`` on, up to the horizon.
  ///
  /// A trace that ends before the horizon ends the series; one that has ended before holds its last value.
  /// - Returns: the steps, how many they are, where they end, and the length of even ones. Not sealed yet.
  package func copy(
    _ quantity: GridQuantity, _ zone: ZoneIndex, from trace: StepView
  ) -> (steps: UnsafeMutablePointer<StepView.Step>, count: Int, end: Int64, even: Int64) {
    let until = end.milliseconds
    guard trace.isEndless || issuedAt < trace.end else {
      let steps = steps(quantity, zone, room: 1, keeping: 0)
      steps[0].start = issuedAt.milliseconds
      steps[0].value = trace.steps[trace.count - 1].value
      return (steps, 1, until, 0)
    }
    if issuedAt >= trace.start, until <= trace.last {
      // The common case: a stretch within the span, copied without a walk.
      let index = trace.index(of: issuedAt.milliseconds)
      let count = trace.index(of: until - 1) - index + 1
      let steps = steps(quantity, zone, room: count, keeping: 0)
      for place in 0..<count {
        steps[place].start = trace.steps[index + place].start
        steps[place].value = trace.steps[index + place].value
      }
      return (steps, count, until, trace.even)
    }
    var walk = StepWalk(trace, at: issuedAt)
    var room = 128
    var steps = steps(quantity, zone, room: room, keeping: 0)
    var count = 0
    while true {
      if count == room {
        room *= 2
        steps = self.steps(quantity, zone, room: room, keeping: count)
      }
      steps[count].start = count == 0 ? min(walk.start, issuedAt.milliseconds) : walk.start
      steps[count].value = walk.value
      count += 1
      if walk.end >= until || (!trace.isEndless && walk.end >= trace.last) { break }
      walk.advance()
    }
    let last = min(until, trace.isEndless ? until : trace.last)
    // The steps of a trace that holds are even within its own span alone.
    let isInside = trace.extending == .wrap || (steps[0].start >= trace.first && last <= trace.last)
    return (steps, count, last, isInside ? trace.even : 0)
  }

  /// Writes and seals what persistence believes: the value of 24 hours before, the last day known over and over.
  ///
  /// The current value holds until the next stamp of yesterday's; from there on the 24 hours that end there repeat.
  /// If the trace does not reach 24 hours back, the current value holds all along. Neither a value nor a stamp
  /// after ``issuedAt`` is looked at.
  package func persist(_ quantity: GridQuantity, _ zone: ZoneIndex, from trace: StepView) {
    let day: Int64 = 86_400_000
    let now = issuedAt.milliseconds
    let until = end.milliseconds
    let current = value(of: trace)
    guard now - day >= trace.first, trace.isEndless || now < trace.last else {
      let steps = steps(quantity, zone, room: 1, keeping: 0)
      steps[0].start = now
      steps[0].value = current
      return seal(quantity, zone, count: 1, end: until, even: 0)
    }
    var walk = StepWalk(trace, at: Instant(milliseconds: now - day))
    var room = 128
    var steps = steps(quantity, zone, room: room, keeping: 0)
    steps[0].start = walk.start + day
    steps[0].value = current
    var count = 1
    // Yesterday's steps, moved by a day; the last of them, of which the current one is a part, ends a day later.
    while walk.end <= now, walk.end + day < until {
      walk.advance()
      if count == room {
        room *= 2
        steps = self.steps(quantity, zone, room: room, keeping: count)
      }
      steps[count].start = walk.start + day
      steps[count].value = walk.value
      count += 1
    }
    let cycle = count - 1
    // A day on, what the current step told comes again, and so does the rest.
    while cycle > 0 {
      let start = steps[count - cycle].start + day
      if start >= until { break }
      if count == room {
        room *= 2
        steps = self.steps(quantity, zone, room: room, keeping: count)
      }
      steps[count].start = start
      steps[count].value = steps[count - cycle].value
      count += 1
    }
    let isEven = trace.even > 0 && day % trace.even == 0 && now < trace.last
    seal(quantity, zone, count: count, end: until, even: isEven ? trace.even : 0)
  }

  /// The value at ``issuedAt``; a trace that has ended holds its last one.
  private func value(of trace: StepView) -> Double {
    if !trace.isEndless, issuedAt >= trace.end { return trace.steps[trace.count - 1].value }
    return StepWalk(trace, at: issuedAt).value
  }
}
