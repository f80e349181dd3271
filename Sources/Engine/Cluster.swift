public import Domain

/// The zones' capacity, what is free of it, and how many jobs are planned, running and suspended in each.
///
/// The only writer of these. What it holds is written through slabs, so that reading it costs no check of exclusivity,
/// from another target either.
@usableFromInline
package final class Cluster {
  /// Jobs of a zone.
  package struct JobCounts {
    package var scheduled = 0
    package var running = 0
    /// By the zone that they ran in.
    package var suspended = 0
  }

  /// Free now, a zone each: below zero where the zone has less than what runs there, or is out.
  @usableFromInline package let free: SlabView<Resources>
  private let freeSlab: Slab<Resources>
  /// The most that each zone may have from now on, resource by resource; its capacity where nothing changes it.
  @usableFromInline package let most: SlabView<Resources>
  private let mostSlab: Slab<Resources>
  private let counts: Slab<JobCounts>
  private let initial: Slab<Resources>
  /// The scenario's events that change capacities; `nil` without any.
  private let coming: ComingCapacities?
  /// The smallest capacity over the zones (the one that lasts), resource by resource: what fits here fits everywhere.
  @usableFromInline package let fitsEverywhere: Resources
  /// The zones that freed capacity since the policy was last asked.
  @usableFromInline package let released: ReleasedZones

  /// Taken off a zone's free capacity while it is out, so that nothing fits, not even a job that asks for nothing.
  private static let bar = Resources(milliCores: 1, milliGigabytes: 1, milliGPUs: 1)

  init(_ zones: [Zone], _ changes: [CapacityChange]) {
    let coming = ComingCapacities(zones, changes)
    initial = Slab(zones.map(\.capacity))
    freeSlab = Slab(zones.map(\.capacity))
    free = freeSlab.view
    mostSlab = Slab(zones.indices.map { coming.most($0) })
    most = mostSlab.view
    counts = Slab(repeating: JobCounts(), count: zones.count)
    released = ReleasedZones(zoneCount: zones.count)
    let lasting = coming.lasting
    fitsEverywhere = lasting.dropFirst().reduce(lasting[0]) { $0.smaller($1) }
    self.coming = changes.isEmpty ? nil : coming
  }

  @inlinable package var zoneCount: Int { free.count }
  /// Some event changes a capacity.
  package var hasChanges: Bool { coming != nil }

  func jobs(_ zone: ZoneIndex) -> JobCounts { counts[zone] }

  /// The whole capacity of a zone now; zero while it is out.
  func capacity(_ zone: ZoneIndex) -> Resources { coming?.now(zone) ?? initial[zone] }

  func isOut(_ zone: ZoneIndex) -> Bool { coming?.isOut(zone) ?? false }

  /// An empty zone could hold a demand, now or at a time that the scenario's events have in store. O(1) without events.
  func couldHold(_ demand: Resources, in zone: ZoneIndex) -> Bool {
    guard most[zone].holds(demand) else { return false }
    return coming?.couldHold(demand, zone) ?? true
  }

  /// Capacity that running jobs hold.
  func allocated(_ zone: ZoneIndex) -> Resources {
    let free = isOut(zone) ? free[zone] + Cluster.bar : free[zone]
    return capacity(zone) - free
  }

  /// A job begins, or is resumed.
  @inline(__always)
  func start(_ demand: Resources, in zone: ZoneIndex) {
    freeSlab[zone] -= demand
    counts[zone].running += 1
  }

  /// A running job ends, in whatever way.
  @inline(__always)
  func end(_ demand: Resources, in zone: ZoneIndex) {
    freeSlab[zone] += demand
    counts[zone].running -= 1
    released.add(zone)
  }

  /// A running job is suspended.
  func suspend(_ demand: Resources, in zone: ZoneIndex) {
    end(demand, in: zone)
    counts[zone].suspended += 1
  }

  /// A job that was suspended in a zone is resumed or given up.
  func forgetSuspended(_ zone: ZoneIndex) { counts[zone].suspended -= 1 }

  /// A job is planned for a zone.
  func plan(_ zone: ZoneIndex) { counts[zone].scheduled += 1 }

  /// A job is planned for a zone no more.
  func unplan(_ zone: ZoneIndex) { counts[zone].scheduled -= 1 }

  /// Gives a zone another capacity. Returns true if some job may never fit there any more that could before.
  func apply(_ change: CapacityChange) -> Bool {
    let zone = change.zone
    let held = allocated(zone)
    let before = capacity(zone)
    coming?.apply(change)
    mostSlab[zone] = coming?.most(zone) ?? change.capacity
    freeSlab[zone] = change.capacity - held
    if change.isOut { freeSlab[zone] -= Cluster.bar }
    released.add(zone)
    return !couldHold(before, in: zone)
  }

  /// The policy has been asked.
  @inline(__always)
  func forgetReleased() { released.removeAll() }
}

/// A set of zones, in the order in which they were added. O(1).
@usableFromInline
package struct ReleasedZones: ~Copyable {
  @usableFromInline let zones: Slab<ZoneIndex>
  @usableFromInline let isMember: Slab<Bool>
  @usableFromInline let size = Cell(0)

  init(zoneCount: Int) {
    zones = Slab(repeating: 0, count: zoneCount)
    isMember = Slab(repeating: false, count: zoneCount)
  }

  @inlinable package var count: Int { size.value }
  @inlinable package subscript(index: Int) -> ZoneIndex { zones[index] }
  @inlinable package func contains(_ zone: ZoneIndex) -> Bool { isMember[zone] }

  @inline(__always)
  fileprivate func add(_ zone: ZoneIndex) {
    guard !isMember[zone] else { return }
    isMember[zone] = true
    zones[size.value] = zone
    size.value += 1
  }

  @inline(__always)
  fileprivate func removeAll() {
    for index in 0..<size.value { isMember[zones[index]] = false }
    size.value = 0
  }
}
