public import Domain

/// How the times of a job file become instants of the simulation.
public struct JobTiming: Sendable {
  /// `nil`: as recorded for tables with instants, at the clock's start for all others.
  public var start: JobStart?
  /// Times from the first submission (SWF: from second 0) are multiplied by this, > 0. Durations are not.
  public var scale: Double
  /// True if a log that counts from second 0 but states the date of that second keeps its calendar, unless ``start`` is
  /// given.
  public var keepsCalendar: Bool

  public init(start: JobStart? = nil, scale: Double = 1, keepsCalendar: Bool = false) {
    self.start = start
    self.scale = scale
    self.keepsCalendar = keepsCalendar
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
