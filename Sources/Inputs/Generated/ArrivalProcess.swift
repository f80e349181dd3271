import Domain
import Foundation
import Randomness
import Scenarios

/// Submissions one after another, in milliseconds from the clock's start; they come in order and need no memory.
struct ArrivalProcess: ~Copyable {
  private static let hour = 3_600_000.0
  private static let day = 86_400_000.0

  private let process: ArrivalModel.Process
  private let batch: Distribution?
  private let start: Int64
  private let end: Double
  private let weights: [Double]
  /// Cumulative shares of the 24 hours, for daily counts.
  private let cumulative: [Double]
  private let busiest: Double
  private var stream: RandomStream
  private var now = 0.0
  /// Jobs still to come at `now`.
  private var together = 0
  /// Daily counts: the day's midnight, how many are to come and how far they have.
  private var midnight: Double
  private var remaining = -1
  private var quantile = 0.0

  init(_ model: ArrivalModel, start: Instant, duration: TimeSpan, stream: consuming RandomStream) throws {
    process = model.process
    batch = model.batch
    self.start = start.milliseconds
    end = Double(duration.milliseconds)
    self.stream = stream
    var profile: WeekProfile?
    var hours: [Double] = []
    switch model.process {
    case .poisson(_, let given), .renewal(_, let given): profile = given
    case .daily(let counts): hours = try Distribution.shares(counts.hourly)
    }
    weights = profile?.rates ?? []
    busiest = weights.max() ?? 1
    cumulative = hours
    let day = start.milliseconds.flooredQuotient(86_400_000) * 86_400_000
    midnight = Double(day - start.milliseconds)
  }

  /// The next submission; `nil` at the end of the clock.
  mutating func next() -> Int64? {
    if together > 0 {
      together -= 1
      return Int64(now)
    }
    switch process {
    case .poisson(let perHour, _): thin(mean: ArrivalProcess.hour / (perHour * busiest))
    case .renewal(let gap, _): advance(by: max(0, gap.sample(&stream) * 1000))
    case .daily(let counts): nextOfDay(counts)
    }
    guard now < end else { return nil }
    if let batch { together = Int(min(1e9, max(1, batch.sample(&stream))).rounded()) - 1 }
    return Int64(now)
  }

  /// Lewis and Shedler 1979 (doi:10.1002/nav.3800260304): candidates at the greatest rate, kept by the share of it that
  /// their hour has.
  private mutating func thin(mean: Double) {
    repeat {
      now += stream.exponential(mean: mean)
      if weights.isEmpty || now >= end { return }
    } while stream.uniform() * busiest >= weights[hourOfWeek(now)]
  }

  /// Moves the time on until the profile's integral has grown by `gap`.
  private mutating func advance(by gap: Double) {
    let week = 168 * ArrivalProcess.hour
    guard !weights.isEmpty, gap < end + week else {
      now += gap
      return
    }
    var rest = gap
    let weeks = (rest / week).rounded(.down)
    now += weeks * week
    rest -= weeks * week
    var hour = hourOfWeek(now)
    var close = endOfHour(now)
    while now < end {
      let passed = (close - now) * weights[hour]
      if rest < passed {
        now += rest / weights[hour]
        return
      }
      rest -= passed
      now = close
      close += ArrivalProcess.hour
      hour = hour == 167 ? 0 : hour + 1
    }
  }

  /// The day's moments in order, without holding them: of n uniform numbers above q, the least is
  /// 1 − (1 − q) U^(1/n).
  private mutating func nextOfDay(_ counts: ArrivalModel.DailyCounts) {
    repeat {
      while remaining <= 0 {
        if remaining == 0 { midnight += ArrivalProcess.day }
        if midnight >= end {
          now = end
          return
        }
        let bounds = isWeekend(midnight) ? counts.weekend : counts.weekday
        let wanted = Double(bounds.lowerBound + stream.below(bounds.count)) * counts.rate
        remaining = Int(wanted) + (stream.chance(wanted - wanted.rounded(.down)) ? 1 : 0)
        quantile = 0
      }
      quantile = min(1 - (1 - quantile) * pow(stream.uniformPositive(), 1 / Double(remaining)), 1.0.nextDown)
      remaining -= 1
      now = midnight + moment(quantile)
    } while now < 0
  }

  /// The moment of the day up to which a share of the submissions has come.
  private func moment(_ share: Double) -> Double {
    let hour = cumulative.firstIndex { $0 > share } ?? 23
    let before = hour > 0 ? cumulative[hour - 1] : 0
    let part = (share - before) / (cumulative[hour] - before)
    return (Double(hour) + min(max(part, 0), 1.0.nextDown)) * ArrivalProcess.hour
  }

  /// The epoch was a Thursday.
  private func hourOfWeek(_ time: Double) -> Int {
    let hours = (start + Int64(time)).flooredQuotient(3_600_000) + 72
    let place = Int(hours % 168)
    return place < 0 ? place + 168 : place
  }

  private func endOfHour(_ time: Double) -> Double {
    Double(((start + Int64(time)).flooredQuotient(3_600_000) + 1) * 3_600_000 - start)
  }

  private func isWeekend(_ midnight: Double) -> Bool { hourOfWeek(midnight) >= 120 }
}
