internal import Domain

/// One zone's recorded forecasts, each with the instant that it was issued at.
public struct ForecastVintages: Sendable {
  /// Rising.
  private var issues: [Int64] = []
  /// Index of the first step of each issue, and the number of all steps.
  private var firsts: [Int] = [0]
  private var steps: [(start: Int64, value: Double)] = []

  /// The first issue; `nil` where there is none.
  var firstIssue: Int64? { issues.first }

  /// - Parameter rows: sorted by issue, then by stamp, no two alike.
  init(rows: [(issued: Int64, start: Int64, value: Double)]) {
    for row in rows {
      if issues.last != row.issued {
        issues.append(row.issued)
        firsts.append(steps.count)
      }
      steps.append((row.start, row.value))
      firsts[firsts.count - 1] = steps.count
    }
  }

  /// The latest issue up to an instant (`Int64.min` before the first) and the one after it (`Int64.max`: none).
  func around(_ time: Int64) -> (issued: Int64, following: Int64) {
    let after = index(after: time)
    return (after > 0 ? issues[after - 1] : .min, after < issues.count ? issues[after] : .max)
  }

  /// The first issue later than a time.
  private func index(after time: Int64) -> Int {
    var low = 0
    var high = issues.count
    while low < high {
      let middle = (low + high) / 2
      if issues[middle] <= time { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The last step is as long as the one before it; an only one holds.
  private func end(of range: Range<Int>, _ until: Int64) -> Int64 {
    guard range.count > 1 else { return until }
    let last = steps[range.upperBound - 1].start
    return last + (last - steps[range.upperBound - 2].start)
  }

  /// Writes the latest issue known at the forecast's instant, up to the horizon.
  ///
  /// Until its first stamp the current value holds, and so it does where nothing of the issue is left. An issue that
  /// ends before the horizon ends the series: from there on its last 24 hours repeat.
  func fill(_ forecast: Forecast, _ zone: ZoneIndex, current: StepView) {
    let now = forecast.issuedAt.milliseconds
    let until = forecast.end.milliseconds
    let issue = index(after: now) - 1
    let range = issue < 0 ? 0..<0 : firsts[issue]..<firsts[issue + 1]
    // The last step whose stamp has come.
    var at = range.lowerBound - 1
    while at + 1 < range.upperBound, steps[at + 1].start <= now { at += 1 }
    let last = range.isEmpty ? now : end(of: range, until)
    let isOver = range.isEmpty || last <= now
    let out = forecast.steps(.carbon, zone, room: range.count + 1, keeping: 0)
    var count = 0
    if isOver || at < range.lowerBound {
      out[0].start = now
      let hasEnded = !current.isEndless && forecast.issuedAt >= current.end
      out[0].value = hasEnded ? current.value(at: current.end) : current.value(at: forecast.issuedAt)
      count = 1
    }
    guard !isOver else { return forecast.seal(.carbon, zone, count: 1, end: until, even: 0) }
    for index in max(at, range.lowerBound)..<range.upperBound where steps[index].start < until {
      out[count].start = steps[index].start
      out[count].value = steps[index].value
      count += 1
    }
    forecast.seal(.carbon, zone, count: count, end: min(until, last), even: 0)
  }
}
