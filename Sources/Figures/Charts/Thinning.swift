internal import Domain
internal import Metrics

/// Means over stretches of time, where there are more steps than pixels.
struct Thinned {
  var start: Double
  var end: Double
  var mean: Double
  var low: Double
  var high: Double

  /// Steps as they are where there are at most so many, else their means over even stretches, weighted by time.
  ///
  /// - Parameter steps: one after the other; between them there may be gaps.
  /// - Complexity: O(steps).
  static func of(_ steps: [ChartData.Step], most: Int) -> [Thinned] {
    guard steps.count > most, let first = steps.first, let last = steps.last else {
      return steps.map {
        Thinned(
          start: Double($0.start.milliseconds), end: Double($0.end.milliseconds), mean: $0.value, low: $0.value,
          high: $0.value)
      }
    }
    let span = (last.end - first.start).milliseconds
    let length = stretch(span, most)
    let origin = first.start.milliseconds.flooredQuotient(length) * length
    var result: [Thinned] = []
    var (sum, weight, low, high) = (0.0, 0.0, Double.infinity, -Double.infinity)
    var current = Int64(0)
    func flush() {
      guard weight > 0 else { return }
      let begin = max(origin + current * length, first.start.milliseconds)
      let end = min(origin + (current + 1) * length, last.end.milliseconds)
      result.append(Thinned(start: Double(begin), end: Double(end), mean: sum / weight, low: low, high: high))
      (sum, weight, low, high) = (0, 0, .infinity, -.infinity)
    }
    for step in steps {
      var at = step.start.milliseconds
      while at < step.end.milliseconds {
        let place = (at - origin) / length
        if place != current {
          flush()
          current = place
        }
        let next = min(step.end.milliseconds, origin + (place + 1) * length)
        sum += step.value * Double(next - at)
        weight += Double(next - at)
        (low, high) = (min(low, step.value), max(high, step.value))
        at = next
      }
    }
    flush()
    return result
  }

  /// The highest value of each group of even steps, at most `most` groups.
  static func highest(_ steps: [ChartData.Step], most: Int) -> [Thinned] {
    let group = max(1, (steps.count + most - 1) / most)
    return stride(from: 0, to: steps.count, by: group).map { first in
      let own = steps[first..<min(first + group, steps.count)]
      let (low, high) = (own.map(\.value).min() ?? 0, own.map(\.value).max() ?? 0)
      return Thinned(
        start: Double(own[own.startIndex].start.milliseconds), end: Double(own[own.endIndex - 1].end.milliseconds),
        mean: high, low: low, high: high)
    }
  }

  /// A usual length that a span has at most so many of.
  private static func stretch(_ span: Int64, _ most: Int) -> Int64 {
    let hours: [Int64] = [1, 2, 3, 6, 12, 24, 48, 168, 336]
    let least = span / Int64(most) + 1
    return hours.map { $0 * 3_600_000 }.first { $0 >= least } ?? (least + 604_800_000 - 1) / 604_800_000 * 604_800_000
  }

  /// As a stepped line; interrupted where a gap is.
  static func line(_ steps: [Thinned]) -> [Point] {
    var points: [Point] = []
    for (place, step) in steps.enumerated() {
      if place > 0, step.start > steps[place - 1].end {
        points += [Point(steps[place - 1].end, steps[place - 1].mean), .gap]
      }
      points.append(Point(step.start, step.mean))
    }
    if let last = steps.last { points.append(Point(last.end, last.mean)) }
    return points
  }
}
