/// Every policy of the project: its name, what it does in a line, and how it is made.
public enum PolicyCatalog {
  public struct Entry: Sendable {
    public let name: String
    public let summary: String
    public let parameters: [PolicyParameter]
    /// Makes the policy; its parameters have been checked.
    public let make: @Sendable (PolicySetup) -> any Policy

    public init(
      name: String, summary: String, parameters: [PolicyParameter] = [],
      make: @escaping @Sendable (PolicySetup) -> any Policy
    ) {
      self.name = name
      self.summary = summary
      self.parameters = parameters
      self.make = make
    }
  }

  public static let entries: [Entry] = [
    Standard.entry, GreedyLowestCarbon.entry, DeadlineAware.entry, Cheapest.entry, RoundRobin.entry, RandomZone.entry,
    MixScore.entry, LowestSlot.entry, LowestWindow.entry, CarbonTime.entry, WaitAwhile.entry, Ecovisor.entry,
    GreenestWithinWindow.entry, CarbonCap.entry,
  ]

  public static func entry(_ name: String) -> Entry? { entries.first { $0.name == name } }
}
