internal import Domain
internal import Foundation

/// Counts jobs whose deadline is nearer than their duration, so that not even an immediate start meets it.
struct ShortDeadlines {
  private var jobs: [(time: Int64, duration: Int64)] = []

  @inline(__always)
  mutating func check(_ job: Job, _ actual: TimeSpan) {
    guard job.deadline != .never, job.submittedAt != .never, job.submittedAt + actual > job.deadline else { return }
    jobs.append((job.submittedAt.milliseconds, actual.milliseconds))
  }

  /// `3 of 10 jobs cannot meet their deadlines even if they start at once: …`; `nil` without any.
  ///
  /// - Parameters:
  ///   - span: of the submissions that count, after the clock has placed them.
  ///   - all: the jobs that count.
  func note(_ clock: JobClock, _ span: Range<Int64>, of all: Int) -> String? {
    let own = jobs.filter { span.contains(clock.instant($0.time)) }
    guard let longest = own.map(\.duration).max() else { return nil }
    let seconds = Double(longest) / 1000
    let hours = seconds >= 3600 ? " (\(String(format: "%.4g", seconds / 3600)) h)" : ""
    return "\(own.count) of \(counted(all, "job")) cannot meet \(own.count == 1 ? "its deadline" : "their deadlines") "
      + "even if started at once; the longest takes \(String(format: "%.10g", seconds)) s\(hours)"
  }
}
