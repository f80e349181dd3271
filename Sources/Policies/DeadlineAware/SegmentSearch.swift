internal import Domain

/// When a job that may be interrupted is best run in a zone, and the score of that.
struct SegmentPlan {
  var zone: ZoneIndex
  /// In order, not adjoining; the last one's end is where the estimate ends, with what interruptions add.
  var segments: [PlannedSegment]
  var score: Double
}

/// What a job still has to run in a zone, and what it costs there: the terms of ``ScoreWeights`` by the grid's buckets.
struct SegmentTask {
  /// How the job stands.
  enum Stage { case waiting, running, suspended }

  let stage: Stage
  /// What is left to run by the estimate, in milliseconds.
  let left: Int64
  let now: Int64
  /// No run goes past it.
  let windowEnd: Int64
  /// What an interruption adds to the time to run, and what its checkpoint and its resumption draw, as milliseconds of
  /// the job's own power.
  let delay: Int64
  let checkpoint: Double
  let resume: Double
}

/// The cheapest buckets to run in, by dynamic programming over buckets and what is run by then.
///
/// State: buckets used, and whether the job runs. A pause costs its checkpoint at the intensity where it begins and its
/// resumption (with the time that interruptions add) at that where it ends, so that short or many pauses pay only where
/// they are worth it. Delay and risk are those of a run without pauses that ends at the same time. The plan is exact for
/// whole buckets; where a part of one is left out, that is at the edge with the best exact score. O(buckets × buckets needed).
final class SegmentSearch {
  /// What a bucket costs, if the job runs there, and what ends there.
  struct Bucket {
    var start: Int64
    var end: Int64
    /// Score of running all of it; infinity without room.
    var cost: Double
    /// Score a millisecond of an interruption that falls here.
    var rate: Double
    /// Terms of time of a job that ends at the bucket's end.
    var ending: Double
  }

  /// More states than this are not looked at: the job then runs in one piece.
  static let mostStates = 60_000

  @exclusivity(unchecked) private var choices: [UInt8] = []

  private static let ran: UInt8 = 1
  private static let rested: UInt8 = 2

  /// The chosen buckets, in order; `nil` where there are none that will do.
  func choose(_ buckets: [Bucket], _ task: SegmentTask, step: Int64) -> [Int]? {
    guard let first = buckets.first, task.left > 0 else { return nil }
    let whole = Int((task.left + step - 1) / step)
    let rest = task.left - Int64(whole - 1) * step
    // A first bucket too short for what is left over does not count.
    let firstCounts = first.end - first.start >= rest
    guard whole <= buckets.count, buckets.count * (whole + 1) <= SegmentSearch.mostStates else { return nil }
    let width = whole + 1
    choices = Array(repeating: 0, count: buckets.count * width)
    var running = [Double](repeating: .infinity, count: width)
    var idle = running
    if task.stage == .running { running[0] = 0 } else { idle[0] = 0 }
    let hasRun = task.stage != .waiting
    var best = (score: Double.infinity, bucket: -1)
    for (place, bucket) in buckets.enumerated() {
      let row = place * width
      var nextRunning = [Double](repeating: .infinity, count: width)
      var nextIdle = nextRunning
      let resume = (task.resume + Double(task.delay)) * bucket.rate
      for used in 0..<width {
        let gained = place == 0 && !firstCounts ? 0 : 1
        let before = used - gained
        if before >= 0, bucket.cost.isFinite {
          let resumed = idle[before] + (before > 0 || hasRun ? resume : 0)
          let fromIdle = resumed < running[before]
          let cost = min(resumed, running[before]) + bucket.cost
          if cost < nextRunning[used] {
            nextRunning[used] = cost
            if fromIdle { choices[row + used] |= SegmentSearch.rested }
          }
        }
        let paused = running[used] + task.checkpoint * bucket.rate
        nextIdle[used] = min(idle[used], paused)
        if paused < idle[used] { choices[row + used] |= SegmentSearch.ran }
      }
      (running, idle) = (nextRunning, nextIdle)
      let total = running[whole] + bucket.ending
      if total < best.score { best = (total, place) }
    }
    guard best.bucket >= 0 else { return nil }
    return trace(best.bucket, whole, width, firstCounts)
  }

  /// Walks back from the last bucket used.
  private func trace(_ last: Int, _ whole: Int, _ width: Int, _ firstCounts: Bool) -> [Int] {
    var chosen: [Int] = []
    var place = last
    var used = whole
    var runs = true
    while place >= 0 {
      let choice = choices[place * width + used]
      if runs {
        chosen.append(place)
        if place > 0 || firstCounts { used -= 1 }
        runs = choice & SegmentSearch.rested == 0
      } else {
        runs = choice & SegmentSearch.ran != 0
      }
      place -= 1
    }
    return chosen.reversed()
  }

  /// Buckets as stretches of time, and by how much these are too long (too short, where interruptions add much).
  func join(_ chosen: [Int], _ buckets: [Bucket], _ task: SegmentTask) -> (segments: [PlannedSegment], excess: Int64) {
    var segments: [PlannedSegment] = []
    var total: Int64 = 0
    for place in chosen {
      let (start, end) = (Instant(milliseconds: buckets[place].start), Instant(milliseconds: buckets[place].end))
      total += (end - start).milliseconds
      if let last = segments.last, last.end == start {
        segments[segments.count - 1].end = end
      } else {
        segments.append(PlannedSegment(start: start, end: end))
      }
    }
    // One pause before each later segment, and one where a job that runs pauses first.
    let isPaused = task.stage == .running && segments.first?.start.milliseconds ?? task.now > task.now
    let pauses = segments.count - 1 + (isPaused ? 1 : 0)
    return (segments, total - task.left - Int64(pauses) * task.delay)
  }

  /// The segments with what is too much left out at an edge (edge 2n: before segment n, 2n + 1: behind it); what is too
  /// little comes behind the last one. `nil` where that cannot be.
  func cut(_ segments: [PlannedSegment], _ excess: Int64, edge: Int, _ task: SegmentTask) -> [PlannedSegment]? {
    var segments = segments
    let place = edge / 2
    guard excess < segments[place].length.milliseconds, excess >= 0 || edge == 2 * segments.count - 1 else {
      return nil
    }
    if edge % 2 == 0 {
      guard task.stage != .running || segments[place].start.milliseconds > task.now else { return nil }
      segments[place].start = segments[place].start + TimeSpan(milliseconds: excess)
    } else {
      segments[place].end = segments[place].end - TimeSpan(milliseconds: excess)
    }
    return segments[segments.count - 1].end.milliseconds <= task.windowEnd ? segments : nil
  }
}
