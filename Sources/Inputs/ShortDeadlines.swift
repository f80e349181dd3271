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

  var isEmpty: Bool { jobs.isEmpty }

  /// `3 of 10 jobs cannot meet their deadlines even if they start at once: …`; `nil` without any.
  ///
  /// - Parameters:
  ///   - spans: of the submissions that count, after the clock has placed them.
  ///   - all: the jobs that count.
  ///   - place: said of these spans: ` in the 2 windows`.
  func note(_ clock: JobClock, _ spans: [Range<Int64>], of all: Int, _ place: String = "") -> String? {
    let own = jobs.filter { job in spans.contains { $0.contains(clock.instant(job.time)) } }
    guard let longest = own.map(\.duration).max() else { return nil }
    let seconds = Double(longest) / 1000
    let hours = seconds >= 3600 ? " (\(String(format: "%.4g", seconds / 3600)) h)" : ""
    return
      "\(own.count) of \(counted(all, "job"))\(place) cannot meet \(own.count == 1 ? "its deadline" : "their deadlines") "
      + "even if started at once; the longest takes \(String(format: "%.10g", seconds)) s\(hours)"
  }
}
