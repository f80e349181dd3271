/// The sources of variation between the replications of a scenario: what is drawn anew, or moved, for each of them.
///
/// Replications that differ in nothing all have the same outcome, however many they are: it has no confidence interval.
public struct Variation: Hashable, Sendable {
  public enum Source: String, Sendable, CaseIterable {
    /// Generated jobs, or those of another window of a log.
    case jobs
    /// A synthetic grid.
    case grid
    /// The start of the clock within the recorded traces.
    case window
    /// Those of forecasts by the model `noisy`.
    case forecastErrors = "forecast errors"
    /// Draws of a policy from a random stream of its own.
    case policyRandomness = "policy randomness"

    fileprivate var draw: String { self == .forecastErrors ? "the forecast error" : "the policies' own randomness" }
  }

  /// In the order of their declaration.
  public let sources: [Source]
  /// True if two windows share a part of the recorded traces: metrics of such replications are not independent.
  public let windowsOverlap: Bool

  public init(_ sources: Set<Source>, windowsOverlap: Bool = false) {
    self.sources = Source.allCases.filter { sources.contains($0) }
    self.windowsOverlap = windowsOverlap && sources.contains(.window)
  }

  private static let none = "nothing"
  private static let overlapping = "overlapping windows"

  /// Reads what ``text`` writes; `nil` for another text.
  public init?(text: String) {
    var names = text.split(separator: ",").map { $0.drop { $0 == " " } }.map(String.init)
    let overlap = names.last == Variation.overlapping
    if overlap { names.removeLast() }
    if names == [Variation.none] { names = [] }
    let sources = names.compactMap { Source(rawValue: $0) }
    guard sources.count == names.count, !text.isEmpty else { return nil }
    self.init(Set(sources), windowsOverlap: overlap)
  }

  /// `jobs, forecast errors`; `nothing`.
  public var text: String {
    sources.isEmpty
      ? Variation.none
      : (sources.map(\.rawValue) + (windowsOverlap ? [Variation.overlapping] : [])).joined(separator: ", ")
  }

  public var isEmpty: Bool { sources.isEmpty }

  /// True if every policy is affected: jobs, grid or window differ. Forecast errors and a policy's own randomness
  /// affect only policies that read forecasts, or draw at random.
  public var affectsAll: Bool { sources.contains { [.jobs, .grid, .window].contains($0) } }

  public func union(_ other: Variation) -> Variation {
    Variation(Set(sources + other.sources), windowsOverlap: windowsOverlap || other.windowsOverlap)
  }

  /// Printed where nothing varied.
  public static let oneOutcome = "one outcome: nothing varied between the replications"

  /// Printed with ``oneOutcome``: how to get intervals.
  public static let remedy =
    "replications: {windows: N, every: 7d} starts each replication at a different time in the recorded traces and logs"

  /// Basis of the intervals over a number of replications, for a heading.
  public func heading(replications: Int) -> String {
    if isEmpty { return Variation.oneOutcome }
    guard affectsAll else {
      return "± over \(replications) draws of \(sources.map(\.draw).joined(separator: " and of "))"
        + "; jobs and grid were the same"
    }
    let names = sources.map(\.rawValue)
    let last = names[names.count - 1]
    let list = names.count < 2 ? last : names.dropLast().joined(separator: ", ") + " and " + last
    let caution = windowsOverlap ? "; windows overlap, so the intervals are optimistic" : ""
    return "over \(replications) replications that differ in \(list)\(caution)"
  }
}
