/// One job of a file in 24 bytes: when, where in the file, and the hash of its id.
struct JobEntry: Sendable {
  var time: Int64
  var offset: Int64
  var hash: UInt64

}

/// An order of entries: a type, so that the sort is compiled for it rather than calling a closure a comparison.
protocol EntryOrder {
  static func precedes(_ a: JobEntry, _ b: JobEntry) -> Bool
}

enum ByTime: EntryOrder {
  static func precedes(_ a: JobEntry, _ b: JobEntry) -> Bool {
    a.time != b.time ? a.time < b.time : a.offset < b.offset
  }
}

enum ByHash: EntryOrder {
  static func precedes(_ a: JobEntry, _ b: JobEntry) -> Bool {
    a.hash != b.hash ? a.hash < b.hash : a.offset < b.offset
  }
}

/// Quicksort in place, since the library's sort takes a buffer of half the array's size.
func sortInPlace(_ entries: inout [JobEntry], by order: (some EntryOrder).Type) {
  entries.withUnsafeMutableBufferPointer { quicksort($0, 0, $0.count - 1, order) }
}

private func quicksort<Order: EntryOrder>(
  _ entries: UnsafeMutableBufferPointer<JobEntry>, _ first: Int, _ last: Int, _ order: Order.Type
) {
  var low = first
  var high = last
  while high - low > 16 {
    let pivot = median(entries[low], entries[low + (high - low) / 2], entries[high], order)
    var i = low
    var j = high
    while i <= j {
      while Order.precedes(entries[i], pivot) { i += 1 }
      while Order.precedes(pivot, entries[j]) { j -= 1 }
      if i <= j {
        entries.swapAt(i, j)
        i += 1
        j -= 1
      }
    }
    if j - low < high - i {
      quicksort(entries, low, j, order)
      low = i
    } else {
      quicksort(entries, i, high, order)
      high = j
    }
  }
  guard low < high else { return }
  for i in (low + 1)...high {
    let entry = entries[i]
    var j = i
    while j > low, Order.precedes(entry, entries[j - 1]) {
      entries[j] = entries[j - 1]
      j -= 1
    }
    entries[j] = entry
  }
}

private func median<Order: EntryOrder>(
  _ a: JobEntry, _ b: JobEntry, _ c: JobEntry, _ order: Order.Type
) -> JobEntry {
  if Order.precedes(a, b) { return Order.precedes(b, c) ? b : Order.precedes(a, c) ? c : a }
  return Order.precedes(a, c) ? a : Order.precedes(b, c) ? c : b
}
