/// A way to make forecasts of carbon intensity or price.
public enum ForecastModel: String, Hashable, Sendable, CaseIterable {
  /// The trace itself.
  case perfect
  /// The value 24 hours earlier; see `Forecast.persist`.
  case persistence
  /// The trace with an error that grows with the lead time.
  case noisy
  /// Forecasts that an input has recorded; for carbon intensity only.
  case recorded
}
