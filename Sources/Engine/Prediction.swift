public import Domain

/// The energy, emissions and cost that a job is predicted to have, by its estimated duration and the forecast.
public struct Prediction: Hashable, Sendable {
  /// At the meter (PUE included).
  public var energy: Energy
  public var emissions: Emissions
  public var cost: Money
}

extension PolicyContext {
  /// Predicts what a job would draw in a zone from an instant on, now or later, by the forecast of now.
  public func predict(_ handle: JobID, in zone: ZoneIndex, at start: Instant) -> Prediction {
    let job = job(handle)
    let belief = forecast
    let meter = Meter(
      hardware: zones[zone].hardware, pue: zones[zone].pue, carbon: belief.carbon(zone), price: belief.price(zone))
    let drawn = meter.drawn(by: job, from: start, to: start + job.estimatedDuration)
    return Prediction(energy: drawn.energy, emissions: drawn.emissions, cost: drawn.cost)
  }

  /// A start at an instant keeps a job's prediction within its caps: total emissions, total cost, and the
  /// intensity at the start.
  public func keepsCaps(_ handle: JobID, in zone: ZoneIndex, at start: Instant) -> Bool {
    let job = job(handle)
    guard job.hasCaps else { return true }
    if job.intensityCap.value.isFinite {
      let believed = start == now ? intensity(zone).value : forecast.carbon(zone).value(at: start)
      if believed > job.intensityCap.value { return false }
    }
    guard job.emissionsCap.value.isFinite || job.costCap.value.isFinite else { return true }
    let prediction = predict(handle, in: zone, at: start)
    return prediction.emissions <= job.emissionsCap && prediction.cost <= job.costCap
  }

  /// `caps: hard` lets a job start in a zone now; without hard caps everything is permitted.
  public func permits(_ handle: JobID, in zone: ZoneIndex) -> Bool {
    !capsAreHard || keepsCaps(handle, in: zone, at: now)
  }
}
