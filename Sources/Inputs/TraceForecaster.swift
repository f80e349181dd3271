public import Domain

/// How forecasts are made.
public struct ForecastSettings: Hashable, Sendable {
  public var carbon: ForecastModel
  /// Not `recorded`: no input tells what price was forecast.
  public var price: ForecastModel
  /// How far a forecast reaches, > 0.
  public var horizon: TimeSpan
  /// The time from an issue to the next, counted from the clock's start; `nil`: an issue at each stamp of any trace, and every 24 hours
  /// within a longer step.
  public var update: TimeSpan?
  /// Factor by which the errors of `noisy` are multiplied, ≥ 0.
  public var error: Double

  public init(
    carbon: ForecastModel, price: ForecastModel, horizon: TimeSpan, update: TimeSpan? = nil, error: Double = 1
  ) {
    self.carbon = carbon
    self.price = price
    self.horizon = horizon
    self.update = update
    self.error = error
  }
}

/// Forecasts of the zones' carbon intensity that an input recorded, in the order of the zones.
public enum RecordedForecast: Sendable {
  /// One value an instant, taken as known at any time: the forecast column of a trace file.
  case column([StepTrace])
  /// Forecasts with the instants that they were issued at.
  case vintages([ForecastVintages])
}

/// Issues forecasts of the traces that it is given.
///
/// All models but `perfect` and `noisy` look at no value of the trace after the issue. `noisy` is the truth with an
/// error, so the truth is in it by construction; its error knows nothing of the trace but each zone's mean.
///
/// - Complexity: O(zones × steps within the horizon) an issue; `perfect` within the span of its traces O(zones).
public final class TraceForecaster: Forecaster {
  private let carbon: [StepTrace]
  private let price: [StepTrace]
  private let settings: ForecastSettings
  private let recorded: RecordedForecast?
  private let start: Instant
  private var error: ForecastError?
  /// The mean magnitude of each series, carbon then price.
  private var means: [Double] = []

  /// - Parameters:
  ///   - zones: their codes tell the errors of `noisy` apart.
  ///   - carbon: a trace a zone; `price` too.
  ///   - recorded: what the model `recorded` tells.
  ///   - start: the clock's start.
  public init(
    zones: [Zone], carbon: [StepTrace], price: [StepTrace], settings: ForecastSettings,
    recorded: RecordedForecast? = nil, start: Instant, seed: UInt64, replication: Int
  ) {
    precondition(carbon.count == zones.count && price.count == zones.count, "not one trace a zone")
    precondition(settings.horizon > .zero && settings.price != .recorded, "a forecast that cannot be")
    precondition((settings.carbon == .recorded) == (recorded != nil), "a recorded forecast without a record")
    self.carbon = carbon
    self.price = price
    self.settings = settings
    self.recorded = recorded
    self.start = start
    if settings.carbon == .noisy || settings.price == .noisy {
      error = ForecastError(seed: seed, replication: replication, zones: zones.map(\.code), scale: settings.error)
      means = (carbon + price).map { $0.meanMagnitude() }
    }
  }

  public func update(_ forecast: Forecast, at now: Instant) {
    if now >= forecast.issuedAt && now < forecast.nextIssue { return }
    precondition(forecast.zoneCount == carbon.count, "a forecast of other zones")
    let (issuedAt, next) = issue(at: now)
    forecast.begin(issuedAt: issuedAt, end: issuedAt + settings.horizon, nextIssue: next, issuer: self)
    error?.begin(issuedAt: issuedAt.milliseconds, end: forecast.end.milliseconds)
    for zone in carbon.indices {
      fill(forecast, .carbon, zone, model(settings.carbon, of: carbon[zone]), carbon[zone].view)
      fill(forecast, .price, zone, model(settings.price, of: price[zone]), price[zone].view)
    }
  }

  /// A constant is forecast without an error: there is nothing to be wrong about.
  private func model(_ model: ForecastModel, of trace: StepTrace) -> ForecastModel {
    model == .noisy && trace.stepCount == 1 ? .perfect : model
  }

  private static let day: Int64 = 86_400_000

  /// The latest update instant up to now, and the one after it.
  private func issue(at now: Instant) -> (Instant, Instant) {
    if let update = settings.update {
      let passed = (now - start).milliseconds.flooredQuotient(update.milliseconds)
      let issued = Instant(milliseconds: start.milliseconds + passed * update.milliseconds)
      return (issued, issued + update)
    }
    var latest = Int64.min
    var next = Int64.max
    for view in [carbon, price].joined().lazy.map(\.view) {
      guard view.isEndless || now < view.end else { continue }
      let walk = StepWalk(view, at: now)
      if walk.start <= now.milliseconds {
        latest = max(latest, walk.start)
        next = min(next, walk.end)
      } else {
        next = min(next, walk.start)
      }
    }
    if case .vintages(let zones)? = recorded {
      for vintages in zones {
        let (issued, following) = vintages.around(now.milliseconds)
        latest = max(latest, issued)
        next = min(next, following)
      }
    }
    latest = max(latest, min(start, now).milliseconds)
    latest += (now.milliseconds - latest) / TraceForecaster.day * TraceForecaster.day
    return (Instant(milliseconds: latest), Instant(milliseconds: min(next, latest + TraceForecaster.day)))
  }

  private func fill(
    _ forecast: Forecast, _ quantity: GridQuantity, _ zone: ZoneIndex, _ model: ForecastModel,
    _ trace: StepView
  ) {
    switch model {
    case .persistence: forecast.persist(quantity, zone, from: trace)
    case .perfect:
      if forecast.point(quantity, zone, at: trace) { return }
      let copy = forecast.copy(quantity, zone, from: trace)
      forecast.seal(quantity, zone, count: copy.count, end: copy.end, even: copy.even)
    case .noisy:
      let copy = forecast.copy(quantity, zone, from: trace)
      let place = quantity == .carbon ? zone : carbon.count + zone
      error?.add(
        to: copy.steps, count: copy.count, even: copy.even, place: place, issuedAt: forecast.issuedAt.milliseconds,
        mean: means[place], floor: quantity == .carbon ? 0 : -.infinity)
      forecast.seal(quantity, zone, count: copy.count, end: copy.end, even: copy.even)
    case .recorded:
      switch recorded {
      case .column(let columns)?:
        if forecast.point(quantity, zone, at: columns[zone].view) { return }
        let copy = forecast.copy(quantity, zone, from: columns[zone].view)
        forecast.seal(quantity, zone, count: copy.count, end: copy.end, even: copy.even)
      case .vintages(let zones)?: zones[zone].fill(forecast, zone, current: carbon[zone].view)
      case nil: preconditionFailure("a recorded forecast without a record")
      }
    }
  }
}

extension StepTrace {
  /// The mean of the values' magnitudes over the span, by time.
  func meanMagnitude() -> Double {
    var sum = 0.0
    for index in 0..<stepCount {
      let next = index + 1 < stepCount ? step(index + 1).start : end
      sum += abs(step(index).value) * Double((next - step(index).start).milliseconds)
    }
    return sum / Double((end - start).milliseconds)
  }
}
