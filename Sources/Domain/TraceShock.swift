extension StepTrace {
  /// How long after `span` a trace that wraps is written out for a shock without an end: 730 days.
  static let writtenOut = TimeSpan.days(730)

  /// The trace with its values multiplied over [from, until), or from `from` on if `until` is `never`.
  ///
  /// A trace that ends keeps its end; one that holds or wraps is written out over `span`, which must hold the interval,
  /// and goes on behind it as before: what wraps repeats whole spans, so that the shock does not come again in the next
  /// of them. Without an end, a shock of a trace that holds is for good; one that wraps is written out for two years after
  /// `span`. O(steps in the span).
  public func multiplied(by factor: Double, from: Instant, until: Instant, over span: Range<Instant>) -> StepTrace {
    precondition(from < until && factor >= 0, "a shock without a duration, or with a negative factor")
    var first = isEndless ? min(start, span.lowerBound) : start
    var last = isEndless ? max(end, span.upperBound, until == .never ? from : until) : end
    if until == .never, view.extending == .wrap { last = last + StepTrace.writtenOut }
    if view.extending == .wrap {
      let length = (end - start).milliseconds
      let before = (start - first).milliseconds % length
      if before != 0 { first = first - TimeSpan(milliseconds: length - before) }
      let rest = (last - first).milliseconds % length
      if rest != 0 { last = last + TimeSpan(milliseconds: length - rest) }
    }
    var stamps: [(start: Instant, value: Double)] = []
    var at = first
    while at < last {
      let isWithin = at >= from && at < until
      stamps.append((at, isWithin ? value(at: at) * factor : value(at: at)))
      var next = min(nextStamp(after: at), last)
      for edge in [from, until] where edge > at && edge < next { next = edge }
      at = next
    }
    guard let trace = try? StepTrace(stamps: stamps, end: last, extending: view.extending) else {
      preconditionFailure("a trace that was valid before a shock")
    }
    return trace
  }
}
