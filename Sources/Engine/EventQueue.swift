internal import Domain

/// Times with a slot each, earliest first: a 4-ary heap with keys and slots apart, so that a comparison touches keys
/// only. Insertion and removal O(log n). Ties come out in no promised order; the engine sorts them by sequence.
struct EventQueue {
  private var keys: [Int64] = []
  private var slots: [Int32] = []

  var isEmpty: Bool { keys.isEmpty }
  /// The earliest time; `Int64.max` when empty.
  var earliest: Int64 { keys.first ?? .max }

  mutating func push(_ key: Int64, _ slot: Int32) {
    var at = keys.count
    keys.append(key)
    slots.append(slot)
    while at > 0 {
      let parent = (at - 1) >> 2
      if keys[parent] <= key { break }
      keys[at] = keys[parent]
      slots[at] = slots[parent]
      at = parent
    }
    keys[at] = key
    slots[at] = slot
  }

  /// Removes an earliest entry; the queue must not be empty.
  mutating func pop() -> Int32 {
    let top = slots[0]
    let key = keys.removeLast()
    let slot = slots.removeLast()
    let count = keys.count
    if count == 0 { return top }
    var at = 0
    while true {
      let child = 4 * at + 1
      if child >= count { break }
      var least = child
      for other in (child + 1)..<max(child + 1, min(child + 4, count)) where keys[other] < keys[least] { least = other }
      if key <= keys[least] { break }
      keys[at] = keys[least]
      slots[at] = slots[least]
      at = least
    }
    keys[at] = key
    slots[at] = slot
    return top
  }
}
