/// Every policy of the project: its name, what it does in a line, and how it is made.
public enum PolicyCatalog {
  public struct Entry: Sendable {
    public let name: String
    public let summary: String
    /// Parameter names with their legal values.
    public let parameters: [(name: String, values: [String])]
    /// Makes the policy from validated parameters.
    public let make: @Sendable ([String: String]) -> any Policy
  }

  public static let entries: [Entry] = [
    Entry(name: "standard", summary: "run now, at home: the baseline for savings", parameters: []) { _ in Standard() },
    Entry(
      name: "greedy-lowest-carbon", summary: "first in, first out, into the zone with the lowest current intensity",
      parameters: [("queue", ["fifo", "backfill"])]
    ) { GreedyLowestCarbon(backfill: $0["queue"] == "backfill") },
  ]

  public static func entry(_ name: String) -> Entry? { entries.first { $0.name == name } }
}
