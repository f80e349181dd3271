extension Double {
  /// True if two figures differ by no more than summation in another order can explain: a relative 1e-12.
  public func isAlike(_ other: Double) -> Bool {
    self == other || abs(self - other) <= 1e-12 * max(abs(self), abs(other))
  }
}
