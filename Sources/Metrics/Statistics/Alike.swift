extension Double {
  /// Whether two figures differ by no more than the order in which sums were taken: a relative 1e-12.
  public func isAlike(_ other: Double) -> Bool {
    self == other || abs(self - other) <= 1e-12 * max(abs(self), abs(other))
  }
}
