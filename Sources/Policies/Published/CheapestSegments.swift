internal import Domain

/// A stretch of time that a job is planned to run, half-open; `end` is `never` where it is to run on to its end.
struct PlannedSegment: Equatable {
  var start: Instant
  var end: Instant

  var length: TimeSpan { end - start }
}

/// The cheapest time to run in within a window: the steps of least value, of the dearest one taken the beginning.
enum CheapestSegments {
  /// Segments of `length` in all within [from, until), in order, adjoining steps joined; ties go to the earliest. Where
  /// the window is no longer than that, one from its start on. O(s log s) in the window's steps.
  ///
  /// - Returns: the segments, and the integral of the view over them in value × hours.
  static func find(
    _ view: StepView, length: TimeSpan, from: Instant, until: Instant
  ) -> (segments: [PlannedSegment], integral: Double) {
    guard until - from > length else {
      return ([PlannedSegment(start: from, end: from + length)], view.integral(from: from, to: from + length))
    }
    var steps: [(value: Double, segment: PlannedSegment)] = []
    var at = from
    while at < until {
      let next = min(view.nextStamp(after: at), until)
      steps.append((view.value(at: at), PlannedSegment(start: at, end: next)))
      at = next
    }
    steps.sort { ($0.value, $0.segment.start) < ($1.value, $1.segment.start) }
    var left = length
    var chosen: [PlannedSegment] = []
    var integral = 0.0
    for step in steps where left > .zero {
      let taken = min(left, step.segment.length)
      chosen.append(PlannedSegment(start: step.segment.start, end: step.segment.start + taken))
      integral += step.value * taken.inHours
      left = left - taken
    }
    chosen.sort { $0.start < $1.start }
    var joined: [PlannedSegment] = []
    for segment in chosen {
      if let last = joined.last, last.end == segment.start {
        joined[joined.count - 1].end = segment.end
      } else {
        joined.append(segment)
      }
    }
    return (joined, integral)
  }
}
