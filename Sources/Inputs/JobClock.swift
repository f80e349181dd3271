/// How the times of a job file become instants of the simulation.
public struct JobTiming: Sendable {
  /// Whether the first submission (SWF: second 0) is moved to the clock's start; otherwise times are as recorded
  /// (SWF: counted from the header's `UnixStartTime`). `nil`: as recorded for CSV, moved for all others.
  public var movesToClock: Bool?
  /// Times from the first submission (SWF: from second 0) are multiplied by this, > 0. Durations are not.
  public var scale: Double

  public init(movesToClock: Bool? = nil, scale: Double = 1) {
    self.movesToClock = movesToClock
    self.scale = scale
  }
}

/// `origin + (recorded − first) × scale`, in milliseconds.
struct JobClock: Sendable {
  var first: Int64 = 0
  var origin: Int64 = 0
  var scale = 1.0

  var isIdentity: Bool { first == origin && scale == 1 }

  func instant(_ recorded: Int64) -> Int64 {
    if isIdentity { return recorded }
    // A hundred thousand years at most, lest a hostile scale leave the integers.
    return origin + Int64(min(max(Double(recorded - first) * scale, -4e15), 4e15).rounded())
  }
}
