public import Domain

/// A live job: valid from its submission until it starts or is given up.
public typealias JobHandle = Int

/// A pluggable scheduler.
///
/// The engine tells a policy of submissions and then, once an instant, lets it start what may start. A policy keeps
/// its own queue of handles and knows nothing but what ``PolicyContext`` tells.
public protocol Policy: AnyObject {
  /// A job was submitted (class 3 of the order of events). It can run in at least one zone.
  func submitted(_ job: JobHandle, _ context: PolicyContext)

  /// Class 5: capacity was released, jobs were submitted or a wake-up came at this instant. Every job that is to
  /// start now is started by ``PolicyContext/start(_:in:)``.
  func dispatch(_ context: PolicyContext)

  /// Whether this policy would ever run a job in a zone; a job that fits none of these is rejected at submission.
  /// By default every zone.
  func mayUse(_ zone: ZoneIndex, for job: Job) -> Bool
}

extension Policy {
  public func mayUse(_ zone: ZoneIndex, for job: Job) -> Bool { true }
}

/// What a policy may know and do.
///
/// Misuse (a zone that is not there, a start where there is no room, a job that is not pending) is remembered and
/// stops the run with a ``PolicyFault``.
public final class PolicyContext {
  public let zones: [Zone]
  /// The simulated instant.
  public package(set) var now = Instant(milliseconds: 0)
  package var jobs: [Job] = []
  package var pending: [Bool] = []
  package var freeCapacity: [Resources]
  package var intensities: [Double]
  package var prices: [Double]
  package var starts: [(job: JobHandle, zone: ZoneIndex)] = []
  package var recommended: [Recommendations] = []
  package var fault: PolicyFault?
  private var order: [ZoneIndex]
  private var orderIsStale = true

  package init(zones: [Zone]) {
    self.zones = zones
    freeCapacity = zones.map(\.capacity)
    intensities = Array(repeating: 0, count: zones.count)
    prices = intensities
    order = Array(zones.indices)
  }

  /// The job as it was submitted.
  public func job(_ handle: JobHandle) -> Job { jobs[handle] }

  public func demand(_ handle: JobHandle) -> Resources { jobs[handle].demand }

  /// What is free in a zone now, starts of this instant already taken off.
  public func free(_ zone: ZoneIndex) -> Resources { freeCapacity[zone] }

  /// Current carbon intensity.
  public func intensity(_ zone: ZoneIndex) -> CarbonIntensity { CarbonIntensity(intensities[zone]) }

  /// Current price.
  public func price(_ zone: ZoneIndex) -> EnergyPrice { EnergyPrice(prices[zone]) }

  /// Zones by current carbon intensity, then price, then the scenario's order. Sorted at most once a trace step.
  public var zonesByIntensity: [ZoneIndex] {
    if orderIsStale { sortZones() }
    return order
  }

  package func conditionsChanged() { orderIsStale = true }

  private func sortZones() {
    // By insertion: few zones, nearly sorted from the last step, and stable from the scenario's order.
    order = Array(zones.indices)
    for place in order.indices.dropFirst() {
      let zone = order[place]
      var at = place
      while at > 0, (intensities[zone], prices[zone]) < (intensities[order[at - 1]], prices[order[at - 1]]) {
        order[at] = order[at - 1]
        at -= 1
      }
      order[at] = zone
    }
    orderIsStale = false
  }

  /// Ranks up to three zones for a pending job, best first.
  public func recommend(_ handle: JobHandle, _ recommendations: Recommendations) {
    recommended[handle] = recommendations
  }

  /// The first three zones of a ranking whose whole capacity could hold a job.
  public func recommend(_ handle: JobHandle, ranking: [ZoneIndex]) {
    var best = (-1, -1, -1)
    let demand = jobs[handle].demand
    for zone in ranking where zones[zone].capacity.holds(demand) {
      if best.0 < 0 {
        best.0 = zone
      } else if best.1 < 0 {
        best.1 = zone
      } else {
        best.2 = zone
        break
      }
    }
    recommended[handle] = Recommendations(best.0, best.1, best.2)
  }

  /// Starts a pending job now: its capacity is taken at once.
  public func start(_ handle: JobHandle, in zone: ZoneIndex) {
    guard fault == nil else { return }
    guard zones.indices.contains(zone) else { return fail(.unknownZone(zone)) }
    guard pending.indices.contains(handle), pending[handle] else { return fail(.notPending) }
    guard freeCapacity[zone].holds(jobs[handle].demand) else {
      return fail(.overCapacity(job: jobs[handle].sequence, zone: zones[zone].code))
    }
    pending[handle] = false
    freeCapacity[zone] -= jobs[handle].demand
    starts.append((handle, zone))
  }

  private func fail(_ kind: PolicyFault.Kind) { fault = PolicyFault(kind: kind, at: now) }
}

/// A policy's misbehaviour, caught by the engine.
public struct PolicyFault: Error, Equatable, CustomStringConvertible {
  public enum Kind: Equatable, Sendable {
    case unknownZone(Int)
    case notPending
    case overCapacity(job: Int, zone: String)
    case lostJobs(Int)
  }

  public var kind: Kind
  public var at: Instant

  public init(kind: Kind, at: Instant) {
    self.kind = kind
    self.at = at
  }

  public var description: String {
    switch kind {
    case .unknownZone(let zone): "at \(at.iso8601) the policy chose zone number \(zone), which does not exist"
    case .notPending: "at \(at.iso8601) the policy started a job that is not pending"
    case .overCapacity(let job, let zone):
      "at \(at.iso8601) the policy started job number \(job) in \(zone), which has no room for it"
    case .lostJobs(let count): "at the end, \(at.iso8601), the policy had left \(count) jobs waiting for ever"
    }
  }
}
