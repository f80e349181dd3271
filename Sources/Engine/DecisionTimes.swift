internal import Foundation

/// How long a policy takes to decide, on the machine's clock: all its calls at one instant, taken at every 256th instant,
/// as reading the clock costs as much as a quick decision. Kept in bins a sixteenth of an octave wide (4.4 %).
public struct DecisionTimes {
  private var bins: [Int] = []
  private var instants: UInt = 0
  private var isTaken = false
  private var since: UInt64 = 0
  private var spent: UInt64 = 0
  private static let stride: UInt = 256

  /// Decisions that were timed.
  public private(set) var count = 0

  @inline(__always)
  mutating func begin() {
    isTaken = instants % DecisionTimes.stride == 0
    instants &+= 1
    spent = 0
  }

  @inline(__always)
  mutating func resume() {
    if isTaken { since = DecisionTimes.nanoseconds() }
  }

  @inline(__always)
  mutating func pause() {
    if isTaken { spent &+= DecisionTimes.nanoseconds() &- since }
  }

  @inline(__always)
  mutating func end() {
    guard isTaken else { return }
    pause()
    note()
  }

  private mutating func note() {
    let bin = Int(16 * log2(Double(max(1, spent))))
    while bins.count <= bin { bins.append(0) }
    bins[bin] += 1
    count += 1
  }

  private static func nanoseconds() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
  }

  /// The time, in nanoseconds, that a share of the decisions took at most, to within a bin; `nil` where none was taken.
  public func percentile(_ fraction: Double) -> Double? {
    guard count > 0 else { return nil }
    var left = Int((fraction * Double(count)).rounded(.up))
    for (bin, number) in bins.enumerated() {
      left -= number
      if left <= 0 { return exp2((Double(bin) + 0.5) / 16) }
    }
    return nil
  }
}
