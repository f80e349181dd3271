public import Engine
internal import Synchronization

/// Every policy that there is: its name, what it does in a line, and how it is made. The project's own, and behind them
/// those that another package has added.
public enum PolicyCatalog {
  public struct Entry: Sendable {
    public let name: String
    public let summary: String
    public let parameters: [PolicyParameter]
    /// Faults of parameters that are right one by one.
    public let faults: @Sendable (PolicyParameters) -> [PolicyParameter.Fault]
    /// True if the policy draws from a stream of its own, so that replications of the same inputs may differ; `nil`:
    /// a policy of another package may, one of the project's own does not.
    public let drawsAtRandom: (@Sendable (PolicyParameters) -> Bool)?
    /// True if the published policy suspends jobs, which a scenario may not allow.
    public let suspendsJobs: Bool
    /// True if the policy lets a job wait although there is room for it.
    public let defersJobs: Bool
    /// Makes the policy; its parameters have been checked.
    public let make: @Sendable (PolicySetup) -> any Policy

    public init(
      name: String, summary: String, parameters: [PolicyParameter] = [],
      faults: @escaping @Sendable (PolicyParameters) -> [PolicyParameter.Fault] = { _ in [] },
      drawsAtRandom: (@Sendable (PolicyParameters) -> Bool)? = nil, suspendsJobs: Bool = false,
      defersJobs: Bool = true,
      make: @escaping @Sendable (PolicySetup) -> any Policy
    ) {
      self.name = name
      self.summary = summary
      self.parameters = parameters
      self.faults = faults
      self.drawsAtRandom = drawsAtRandom
      self.suspendsJobs = suspendsJobs
      self.defersJobs = defersJobs
      self.make = make
    }
  }

  private static let own: [Entry] = [
    Standard.entry, GreedyLowestCarbon.entry, DeadlineAware.entry, Cheapest.entry, RoundRobin.entry, RandomZone.entry,
    MixScore.entry, OperatorManual.entry, LowestSlot.entry, LowestWindow.entry, CarbonTime.entry, WaitAwhile.entry,
    Ecovisor.entry, GreenestWithinWindow.entry, CarbonCap.entry,
  ]

  private static let added = Mutex<[Entry]>([])

  public static var entries: [Entry] { own + added.withLock { $0 } }

  /// Makes a policy of another package known, so that scenarios may name it. To be called before anything is read.
  ///
  /// - Parameter entry: of a name of its own.
  public static func add(_ entry: Entry) {
    added.withLock { added in
      precondition(!(own + added).contains { $0.name == entry.name }, "there is a policy \(entry.name) already")
      added.append(entry)
    }
  }

  /// True if replications of the same inputs may differ under a policy.
  public static func drawsAtRandom(_ name: String, _ parameters: PolicyParameters) -> Bool {
    if let known = entry(name)?.drawsAtRandom { return known(parameters) }
    return !own.contains { $0.name == name }
  }

  public static func entry(_ name: String) -> Entry? { entries.first { $0.name == name } }
}
