extension StepView {
  /// Length of an even step in milliseconds; 0 where the steps are uneven or there is but one.
  package var evenStep: Int64 { count > 1 ? even : 0 }

  /// The value that the trace has for ever; `nil` where it has more than one or an end.
  package var constant: Double? { count == 1 && isEndless ? steps[0].value : nil }

  /// Writes the value of each of an even grid's buckets, the first of them at `origin`; whether no step begins between
  /// two of them. O(buckets).
  package func fill(
    _ values: UnsafeMutablePointer<Double>, buckets: Range<Int>, origin: Int64, step: Int64
  ) -> Bool {
    var bucket = buckets.lowerBound
    var time = origin + Int64(bucket) * step
    var walk = StepWalk(self, at: Instant(milliseconds: time))
    while bucket < buckets.upperBound {
      if walk.end <= time { walk.advance() }
      if even == step, walk.start == time, walk.end == time + step {
        // Step for bucket, as far as the steps lie in a row.
        let run = min(count - walk.index - 1, buckets.upperBound - bucket)
        let from = steps + walk.index
        for place in 0..<run { values[bucket &+ place] = from[place].value }
        if run > 0 {
          bucket += run
          time += Int64(run) * step
          walk.skip(run)
          continue
        }
      }
      // A long step is one value many times.
      let (value, until) = (walk.value, walk.end)
      repeat {
        values[bucket] = value
        time += step
        bucket += 1
      } while bucket < buckets.upperBound && time + step <= until
      if until < time { return false }
    }
    return true
  }
}
