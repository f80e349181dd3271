/// The currency of a scenario's prices: three letters as in ISO 4217. Names of columns and metrics end in `gbp` in any
/// currency, as the platform has them; numbers are never converted.
public struct Currency: Hashable, Sendable {
  public let code: String

  public static let gbp = Currency(known: "GBP")

  private init(known code: String) { self.code = code }

  /// `nil` unless the text is three capital letters.
  public init?(_ text: String) {
    guard text.utf8.count == 3, text.utf8.allSatisfy({ (65...90).contains($0) }) else { return nil }
    code = text
  }

  /// A sentence for pages whose figures go by the names of metrics; `nil` where names and currency agree.
  public var metricNote: String? {
    self == .gbp ? nil : "cost_gbp, cost_per_job_gbp and overhead_cost_gbp are in \(code), the scenario's currency"
  }
}
