public import Domain

/// The jobs of a log that a cursor gives, and where it puts them.
public struct JobWindow: Sendable {
  /// Submissions, as the file's clock has them; `nil`: all. A file of which parts are asked for keeps an index.
  public var span: Range<Instant>?
  /// Time span added to submissions and deadlines.
  public var shift: TimeSpan

  public init(span: Range<Instant>? = nil, shift: TimeSpan = .zero) {
    self.span = span
    self.shift = shift
  }
}

extension JobFile {
  /// True if all jobs are submitted at the clock's start, as those of a batch upload are.
  public var isBatch: Bool { if case .platform = format { true } else { false } }

  /// How many jobs are submitted within a span. O(log jobs); the file must keep its index.
  public func count(in span: Range<Instant>) -> Int { places(in: span).count }

  /// First and last submission; `nil` without jobs. The file must keep its index.
  public var indexed: ClosedRange<Instant>? {
    guard let first = index.first, let last = index.last else { return nil }
    return Instant(milliseconds: first.time)...Instant(milliseconds: last.time)
  }

  /// Longest time from one submission to the next; zero of fewer than two jobs. O(jobs); the file must keep its index.
  public var longestGap: TimeSpan {
    var longest: Int64 = 0
    for (earlier, later) in zip(index, index.dropFirst()) { longest = max(longest, later.time - earlier.time) }
    return TimeSpan(milliseconds: longest)
  }

  func places(in span: Range<Instant>) -> Range<Int> {
    precondition(!isSorted || count == 0, "a part of a file that keeps no index")
    let low = firstPlace(from: span.lowerBound.milliseconds)
    return low..<max(low, firstPlace(from: span.upperBound.milliseconds))
  }

  /// Index of the first job that is submitted at a time or later. O(log jobs).
  private func firstPlace(from time: Int64) -> Int {
    var (low, high) = (0, index.count)
    while low < high {
      let middle = (low + high) / 2
      if index[middle].time < time { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
