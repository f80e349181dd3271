/// Every policy of the project: its name, what it does in a line, and how it is made.
public enum PolicyCatalog {
  public struct Entry: Sendable {
    public let name: String
    public let summary: String
    public let parameters: [PolicyParameter]
    /// Faults of parameters that are right one by one.
    public let faults: @Sendable (PolicyParameters) -> [PolicyParameter.Fault]
    /// Makes the policy; its parameters have been checked.
    public let make: @Sendable (PolicySetup) -> any Policy

    public init(
      name: String, summary: String, parameters: [PolicyParameter] = [],
      faults: @escaping @Sendable (PolicyParameters) -> [PolicyParameter.Fault] = { _ in [] },
      make: @escaping @Sendable (PolicySetup) -> any Policy
    ) {
      self.name = name
      self.summary = summary
      self.parameters = parameters
      self.faults = faults
      self.make = make
    }
  }

  public static let entries: [Entry] = [
    Standard.entry, GreedyLowestCarbon.entry, DeadlineAware.entry, Cheapest.entry, RoundRobin.entry, RandomZone.entry,
    MixScore.entry, OperatorManual.entry, LowestSlot.entry, LowestWindow.entry, CarbonTime.entry, WaitAwhile.entry,
    Ecovisor.entry, GreenestWithinWindow.entry, CarbonCap.entry,
  ]

  public static func entry(_ name: String) -> Entry? { entries.first { $0.name == name } }
}
