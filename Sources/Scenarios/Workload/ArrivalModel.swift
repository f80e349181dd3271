internal import Domain
public import Randomness

/// When jobs are submitted.
public struct ArrivalModel: Hashable, Sendable {
  public enum Process: Hashable, Sendable {
    /// A Poisson process of this many submissions an hour, with a profile a non-homogeneous one of this mean.
    case poisson(perHour: Double, profile: WeekProfile?)
    /// Independent gaps, in seconds, the first from the clock's start; with a profile time runs by it, so that an hour
    /// of weight 2 passes as two hours do.
    case renewal(gap: Distribution, profile: WeekProfile?)
    /// A whole number of submissions a day, uniform between two bounds, times the rate; each falls on a moment of the
    /// day by the profile's hours, whichever the others do. Days are UTC's.
    case daily(DailyCounts)
  }

  public struct DailyCounts: Hashable, Sendable {
    public var weekday: ClosedRange<Int>
    public var weekend: ClosedRange<Int>
    /// Multiplies the counts, > 0.
    public var rate: Double
    /// Weights of the 24 hours.
    public var hourly: [Double]

    public init(weekday: ClosedRange<Int>, weekend: ClosedRange<Int>, rate: Double = 1, hourly: [Double]) {
      self.weekday = weekday
      self.weekend = weekend
      self.rate = rate
      self.hourly = hourly
    }
  }

  public var process: Process
  /// Jobs submitted at the same instant, rounded, at least 1; `nil` for one.
  public var batch: Distribution?
  /// The number of jobs at which submissions stop; `nil` for the end of the clock, which stops them in any case.
  public var jobs: Int?

  public init(_ process: Process, batch: Distribution? = nil, jobs: Int? = nil) {
    self.process = process
    self.batch = batch
    self.jobs = jobs
  }

  /// So many jobs a model may be expected to submit.
  static let mostJobs = 1e8

  /// How many jobs are expected over a clock, surges apart; of a daily number the most.
  func expectedJobs(over duration: TimeSpan) -> Double {
    let hours = Double(duration.milliseconds) / 3_600_000
    let submissions =
      switch process {
      case .poisson(let perHour, _): perHour * hours
      case .renewal(let gap, _): hours * 3600 / gap.mean
      case .daily(let counts):
        Double(max(counts.weekday.upperBound, counts.weekend.upperBound)) * counts.rate * (hours / 24).rounded(.up)
      }
    return min(submissions * max(1, batch?.mean ?? 1), Double(jobs ?? .max))
  }
}

/// How busy the hours of a week are, UTC: a weight an hour of the day times a weight a day of the week.
public struct WeekProfile: Hashable, Sendable {
  /// Relative rates of the 168 hours from Monday 00:00 on; their mean is 1.
  public let rates: [Double]

  /// - Parameters:
  ///   - hourly: 24 weights ≥ 0, not all 0.
  ///   - weekday: 7 weights from Monday on, ≥ 0, not all 0.
  public init(hourly: [Double], weekday: [Double]) {
    precondition(hourly.count == 24 && weekday.count == 7, "a profile of 24 hours and 7 days")
    let products = weekday.flatMap { day in hourly.map { day * $0 } }
    let mean = products.reduce(0, +) / 168
    precondition(mean > 0 && mean.isFinite && products.allSatisfy { $0 >= 0 }, "a profile without weight")
    rates = products.map { $0 / mean }
  }
}
