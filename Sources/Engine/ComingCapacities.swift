public import Domain

/// What each zone's capacity is and will be: for whether a job could ever run there.
package struct ComingCapacities {
  /// A zone each: the capacity of now, then those to come.
  private var all: [[Resources]]
  private var isOut: [Bool]

  init(_ zones: [Zone], _ changes: [CapacityChange]) {
    all = zones.map { [$0.capacity] }
    isOut = zones.map { _ in false }
    for change in changes { all[change.zone].append(change.capacity) }
  }

  /// What each zone has in the end.
  var lasting: [Resources] { all.compactMap(\.last) }

  func now(_ zone: ZoneIndex) -> Resources { all[zone][0] }
  func isOut(_ zone: ZoneIndex) -> Bool { isOut[zone] }

  /// The most that there is from now on, resource by resource.
  func most(_ zone: ZoneIndex) -> Resources { all[zone].dropFirst().reduce(all[zone][0]) { $0.larger($1) } }

  /// O(changes to come).
  func couldHold(_ demand: Resources, _ zone: ZoneIndex) -> Bool { all[zone].contains { $0.holds(demand) } }

  mutating func apply(_ change: CapacityChange) {
    all[change.zone].removeFirst()
    precondition(all[change.zone].first == change.capacity, "changes of capacity out of their order")
    isOut[change.zone] = change.isOut
  }
}

extension PolicyContext {
  /// What is taken off a zone's free capacity while it is out, so that nothing fits, not even what asks for nothing.
  private static let bar = Resources(milliCores: 1, milliGigabytes: 1, milliGPUs: 1)

  /// The whole capacity of a zone now; zero while it is out. ``zones`` tell what the scenario gave it.
  public func capacity(_ zone: ZoneIndex) -> Resources { comingCapacities?.now(valid(zone)) ?? zones[zone].capacity }

  /// Whether a zone is out.
  public func isOut(_ zone: ZoneIndex) -> Bool { comingCapacities?.isOut(valid(zone)) ?? false }

  /// Whether a zone, empty, could hold a demand: now, or at a time that the scenario's events have in store, such as
  /// the end of an outage. O(1) without events.
  public func couldHold(_ demand: Resources, in zone: ZoneIndex) -> Bool {
    guard capacities[valid(zone)].holds(demand) else { return false }
    return comingCapacities?.couldHold(demand, zone) ?? true
  }

  /// The most that a zone may have from now on, resource by resource.
  @inlinable package func mostCapacity(_ zone: ZoneIndex) -> Resources { capacities[valid(zone)] }

  /// What running jobs hold.
  func allocated(_ zone: ZoneIndex) -> Resources {
    let free = isOut(zone) ? freeCapacity[zone] + PolicyContext.bar : freeCapacity[zone]
    return capacity(zone) - free
  }

  /// Gives a zone another capacity; whether some job may not ever fit any more that could before.
  func apply(_ change: CapacityChange) -> Bool {
    let zone = change.zone
    let held = allocated(zone)
    let before = capacity(zone)
    comingCapacities?.apply(change)
    capacities[zone] = comingCapacities?.most(zone) ?? change.capacity
    freeCapacity[zone] = change.capacity - held
    if change.isOut { freeCapacity[zone] -= PolicyContext.bar }
    noteReleased(zone)
    return !couldHold(before, in: zone)
  }

  /// A planned job is pending again.
  func unplan(_ handle: JobHandle) {
    let record = record(handle)
    guard record.pointee.status == .scheduled else { return }
    scheduled[record.pointee.zone] -= 1
    record.pointee.status = .pending
    record.pointee.zone = -1
    record.pointee.recommendations = Recommendations()
  }
}
