/// One job of a file in 24 bytes: when, where in the file, and the hash of its id.
struct JobEntry: Sendable {
  var time: Int64
  var offset: Int64
  var hash: UInt64

  static func byTime(_ a: JobEntry, _ b: JobEntry) -> Bool {
    a.time != b.time ? a.time < b.time : a.offset < b.offset
  }
  static func byHash(_ a: JobEntry, _ b: JobEntry) -> Bool {
    a.hash != b.hash ? a.hash < b.hash : a.offset < b.offset
  }
}

/// Quicksort in place, since the library's sort takes a buffer of half the array's size.
func sortInPlace(_ entries: inout [JobEntry], by less: (JobEntry, JobEntry) -> Bool) {
  entries.withUnsafeMutableBufferPointer { quicksort($0, 0, $0.count - 1, less) }
}

private func quicksort(
  _ entries: UnsafeMutableBufferPointer<JobEntry>, _ first: Int, _ last: Int,
  _ less: (JobEntry, JobEntry) -> Bool
) {
  var low = first
  var high = last
  while high - low > 16 {
    let pivot = median(entries[low], entries[low + (high - low) / 2], entries[high], less)
    var i = low
    var j = high
    while i <= j {
      while less(entries[i], pivot) { i += 1 }
      while less(pivot, entries[j]) { j -= 1 }
      if i <= j {
        entries.swapAt(i, j)
        i += 1
        j -= 1
      }
    }
    if j - low < high - i {
      quicksort(entries, low, j, less)
      low = i
    } else {
      quicksort(entries, i, high, less)
      high = j
    }
  }
  guard low < high else { return }
  for i in (low + 1)...high {
    let entry = entries[i]
    var j = i
    while j > low, less(entry, entries[j - 1]) {
      entries[j] = entries[j - 1]
      j -= 1
    }
    entries[j] = entry
  }
}

private func median(
  _ a: JobEntry, _ b: JobEntry, _ c: JobEntry, _ less: (JobEntry, JobEntry) -> Bool
) -> JobEntry {
  if less(a, b) { return less(b, c) ? b : less(a, c) ? c : a }
  return less(a, c) ? a : less(b, c) ? c : b
}
