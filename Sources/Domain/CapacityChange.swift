/// The fate of the jobs that run in a zone when an outage begins there.
public enum OutageRule: String, Hashable, Sendable, CaseIterable {
  /// They run on to their end.
  case finish
  /// Those that may be interrupted are suspended and go on when the zone is back; the others fail.
  case suspend
  /// They fail.
  case fail
}

/// From an instant on, a zone has another capacity (class 2 of the order of events).
public struct CapacityChange: Hashable, Sendable {
  public var at: Instant
  /// The zone's place in the scenario's list.
  public var zone: ZoneIndex
  /// Zero while the zone is out.
  public var capacity: Resources
  /// True if the zone is out: no job may start there, not even one that requests no resources.
  public var isOut: Bool
  /// The fate of the running jobs if an outage begins with this change; `nil` if none does.
  public var outage: OutageRule?

  public init(
    at: Instant, zone: ZoneIndex, capacity: Resources, isOut: Bool = false, outage: OutageRule? = nil
  ) {
    self.at = at
    self.zone = zone
    self.capacity = capacity
    self.isOut = isOut
    self.outage = outage
  }
}

/// A stretch of time over which a zone has one capacity; the last one has no end.
public struct CapacityPeriod: Hashable, Sendable {
  public var start: Instant
  /// `never` for the last one.
  public var end: Instant
  public var capacity: Resources
  public var isOut: Bool
  /// As the change that began it has it.
  public var outage: OutageRule?

  public init(start: Instant, end: Instant, capacity: Resources, isOut: Bool, outage: OutageRule?) {
    self.start = start
    self.end = end
    self.capacity = capacity
    self.isOut = isOut
    self.outage = outage
  }
}

extension Zone {
  /// The zone's capacity from an instant on, period by period.
  ///
  /// - Parameter changes: of every zone, in order of time.
  public func capacityPeriods(from start: Instant, index: ZoneIndex, _ changes: [CapacityChange]) -> [CapacityPeriod] {
    var periods = [CapacityPeriod(start: start, end: .never, capacity: capacity, isOut: false, outage: nil)]
    for change in changes where change.zone == index {
      let at = max(change.at, start)
      if periods[periods.count - 1].start == at {
        periods.removeLast()
      } else {
        periods[periods.count - 1].end = at
      }
      periods.append(
        CapacityPeriod(
          start: at, end: .never, capacity: change.capacity, isOut: change.isOut, outage: change.outage))
    }
    return periods
  }
}
