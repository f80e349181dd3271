/// Times with a slot each, earliest first: a 4-ary heap with keys and slots apart, so that a comparison touches keys
/// only. Insertion and removal O(log n). Ties come out in no promised order; the engine sorts them by sequence.
///
/// Memory of its own rather than arrays: the loop is the engine's innermost, and every index is below `count` by
/// construction.
struct EventQueue: ~Copyable {
  private var keys: UnsafeMutablePointer<Int64>
  private var slots: UnsafeMutablePointer<Int32>
  private var capacity = 1024
  private(set) var count = 0

  init() {
    keys = .allocate(capacity: capacity)
    slots = .allocate(capacity: capacity)
  }

  deinit {
    keys.deallocate()
    slots.deallocate()
  }

  /// The slot of an earliest entry; there must be one.
  var first: Int32 { slots[0] }

  /// The earliest time; `Int64.max` when empty.
  var earliest: Int64 { count > 0 ? keys[0] : .max }

  mutating func push(_ key: Int64, _ slot: Int32) {
    if count == capacity { grow() }
    var at = count
    count += 1
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

  /// Removes an earliest entry.
  mutating func pop() -> Int32 {
    precondition(count > 0, "a pop from an empty queue")
    let top = slots[0]
    count -= 1
    let key = keys[count]
    let slot = slots[count]
    var at = 0
    while true {
      let child = 4 * at + 1
      if child >= count { break }
      let least = child + 4 <= count ? leastOfFour(child) : leastOfFew(child)
      if key <= keys[least] { break }
      keys[at] = keys[least]
      slots[at] = slots[least]
      at = least
    }
    keys[at] = key
    slots[at] = slot
    return top
  }

  /// Removes the entries of slots for which `isDone` holds and returns how many there were. O(n log n).
  mutating func removeAll(where isDone: (Int32) -> Bool) -> Int {
    let kept = (0..<count).filter { !isDone(slots[$0]) }.map { (keys[$0], slots[$0]) }
    let removed = count - kept.count
    count = 0
    for (key, slot) in kept { push(key, slot) }
    return removed
  }

  /// Without a branch that depends on the keys.
  @inline(__always)
  private func leastOfFour(_ child: Int) -> Int {
    let left = keys[child + 1] < keys[child] ? child + 1 : child
    let right = keys[child + 3] < keys[child + 2] ? child + 3 : child + 2
    return keys[right] < keys[left] ? right : left
  }

  private func leastOfFew(_ child: Int) -> Int {
    var least = child
    for other in (child + 1)..<max(child + 1, count) where keys[other] < keys[least] { least = other }
    return least
  }

  private mutating func grow() {
    let moreKeys = UnsafeMutablePointer<Int64>.allocate(capacity: 2 * capacity)
    let moreSlots = UnsafeMutablePointer<Int32>.allocate(capacity: 2 * capacity)
    moreKeys.moveInitialize(from: keys, count: count)
    moreSlots.moveInitialize(from: slots, count: count)
    keys.deallocate()
    slots.deallocate()
    keys = moreKeys
    slots = moreSlots
    capacity *= 2
  }
}
