/// A distribution that was asked for and cannot be: which parameter, what was found and what was expected.
public struct DistributionError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The parameter's name; empty for the distribution as a whole.
  public var key: String
  public var found: String
  public var expected: String

  public init(key: String = "", found: String, expected: String) {
    self.key = key
    self.found = found
    self.expected = expected
  }

  public var description: String { "\(key.isEmpty ? "" : key + ": ")found \(found), expected \(expected)" }
}
