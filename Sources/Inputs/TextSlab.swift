/// Keeps the texts of jobs in flight: one block of bytes a job, given back when the job is done with.
struct TextSlab: ~Copyable {
  private struct Slot {
    var memory: UnsafeMutablePointer<UInt8>?
    var capacity: Int32
    var idLength: Int32
    var nameLength: Int32
  }

  private var slots: [Slot] = []
  private var free: [Int32] = []

  /// Handles in use.
  var count: Int { slots.count - free.count }

  /// Copies `prefix` + `id` and `name`; a block that is large enough serves again.
  mutating func keep(prefix: StaticString, id: Bytes, name: Bytes) -> Int {
    let lead = prefix.utf8CodeUnitCount
    let length = lead + id.count + name.count
    let handle = vacant()
    if slots[handle].memory == nil || Int(slots[handle].capacity) < length {
      slots[handle].memory?.deallocate()
      let capacity = max(32, length)
      slots[handle].memory = .allocate(capacity: capacity)
      slots[handle].capacity = Int32(capacity)
    }
    guard let memory = slots[handle].memory else { return handle }
    if lead > 0 { memory.update(from: prefix.utf8Start, count: lead) }
    if let base = id.baseAddress { (memory + lead).update(from: base, count: id.count) }
    if let base = name.baseAddress { (memory + lead + id.count).update(from: base, count: name.count) }
    slots[handle].idLength = Int32(lead + id.count)
    slots[handle].nameLength = Int32(name.count)
    return handle
  }

  private mutating func vacant() -> Int {
    if let handle = free.popLast() { return Int(handle) }
    slots.append(Slot(memory: nil, capacity: 0, idLength: 0, nameLength: 0))
    return slots.count - 1
  }

  func id(_ handle: Int) -> Bytes { Bytes(start: slots[handle].memory, count: Int(slots[handle].idLength)) }

  func name(_ handle: Int) -> Bytes {
    let slot = slots[handle]
    guard let memory = slot.memory else { return Bytes(start: nil, count: 0) }
    return Bytes(start: memory + Int(slot.idLength), count: Int(slot.nameLength))
  }

  mutating func release(_ handle: Int) { free.append(Int32(handle)) }

  deinit { for slot in slots { slot.memory?.deallocate() } }
}
