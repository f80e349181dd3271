internal import Domain

/// The capacity of each zone, now and to come: for whether a job could ever run there.
final class ComingCapacities {
  /// A zone each: the capacity of now, then those to come.
  private var all: [[Resources]]
  private var isOut: [Bool]

  init(_ zones: [Zone], _ changes: [CapacityChange]) {
    all = zones.map { [$0.capacity] }
    isOut = zones.map { _ in false }
    for change in changes { all[change.zone].append(change.capacity) }
  }

  /// The last capacity of each zone.
  var lasting: [Resources] { all.compactMap(\.last) }

  func now(_ zone: ZoneIndex) -> Resources { all[zone][0] }
  func isOut(_ zone: ZoneIndex) -> Bool { isOut[zone] }

  /// The most that there is from now on, resource by resource.
  func most(_ zone: ZoneIndex) -> Resources { all[zone].dropFirst().reduce(all[zone][0]) { $0.larger($1) } }

  /// O(changes to come).
  func couldHold(_ demand: Resources, _ zone: ZoneIndex) -> Bool { all[zone].contains { $0.holds(demand) } }

  func apply(_ change: CapacityChange) {
    all[change.zone].removeFirst()
    precondition(all[change.zone].first == change.capacity, "changes of capacity out of their order")
    isOut[change.zone] = change.isOut
  }
}
