/// Which starts of a frame have no room in a zone, a bit each, counted from the frame's first bucket.
struct ClosedStarts {
  private(set) var words: UnsafeMutablePointer<UInt64>
  private var count = 0
  private var size: Int
  /// By four bits: 0 for a start with room, else infinity.
  private let lanes: UnsafeMutablePointer<Double>

  init() {
    size = 8
    words = .allocate(capacity: size)
    lanes = .allocate(capacity: 16 * Lane.scalarCount)
    for bits in 0..<16 {
      for place in 0..<Lane.scalarCount {
        (lanes + bits * Lane.scalarCount + place).initialize(to: bits >> place & 1 == 1 ? .infinity : 0)
      }
    }
  }

  func deallocate() {
    words.deallocate()
    lanes.deallocate()
  }

  /// Makes room for so many buckets, none of them full.
  @inline(__always)
  mutating func begin(_ buckets: Int) {
    count = (buckets &+ 63) >> 6
    if count <= 2 {
      words[0] = 0
      words[1] = 0
      return
    }
    beginMany()
  }

  private mutating func beginMany() {
    if count > size {
      words.deallocate()
      size = 2 * count
      words = .allocate(capacity: size)
    }
    words.update(repeating: 0, count: count)
  }

  /// Makes of full buckets the starts whose runs of `length` buckets meet one, and closes what is no start; whether any
  /// is left. O(words × log length).
  @inline(__always)
  func close(_ starts: Range<Int>, _ length: Int) -> Bool {
    count <= 2 ? closeFew(starts, length) : closeMany(starts, length)
  }

  private func closeMany(_ starts: Range<Int>, _ length: Int) -> Bool {
    var covered = 1
    while covered < length {
      let shift = min(covered, length - covered)
      spread(shift)
      covered += shift
    }
    var isOpen: UInt64 = 0
    for word in 0..<count {
      let (from, until) = (starts.lowerBound - word << 6, starts.upperBound - word << 6)
      if from > 0 { words[word] |= from > 63 ? .max : (1 << UInt64(from)) - 1 }
      if until < 64 { words[word] |= until <= 0 ? .max : .max << UInt64(until) }
      isOpen |= ~words[word]
    }
    return isOpen != 0
  }

  /// The same for what fits in two words.
  @inline(__always)
  private func closeFew(_ starts: Range<Int>, _ length: Int) -> Bool {
    var bits = UInt128(words[0]) | (count > 1 ? UInt128(words[1]) &<< 64 : 0)
    var covered = 1
    while covered < length {
      let shift = min(covered, length &- covered)
      bits |= bits &>> UInt128(truncatingIfNeeded: shift)
      covered &+= shift
    }
    // Starts come before what their runs hold, so that there are less than 128.
    bits |= ~(~0 &<< UInt128(truncatingIfNeeded: starts.lowerBound))
    bits |= ~0 &<< UInt128(truncatingIfNeeded: starts.upperBound)
    words[0] = UInt64(truncatingIfNeeded: bits)
    if count > 1 { words[1] = UInt64(truncatingIfNeeded: bits &>> 64) }
    return ~bits != 0
  }

  /// Sets the bit of each place that is set `shift` places on.
  private func spread(_ shift: Int) {
    let (ahead, bits) = (shift >> 6, UInt64(shift & 63))
    var word = 0
    while word + ahead < count {
      var moved = words[word + ahead] >> bits
      if bits > 0, word + ahead + 1 < count { moved |= words[word + ahead + 1] << (64 - bits) }
      words[word] |= moved
      word += 1
    }
  }

  /// True if any start of a stretch has room.
  @inline(__always)
  func hasOpen(_ stretch: Int) -> Bool {
    let place = stretch &* WindowBounds.stretch
    return (words[place &>> 6] &>> UInt64(truncatingIfNeeded: place)) & 0xFF != 0xFF
  }

  /// True if one start has room.
  @inline(__always)
  func isOpen(_ place: Int) -> Bool { words[place &>> 6] &>> UInt64(truncatingIfNeeded: place) & 1 == 0 }

  /// Four starts from a place on, a multiple of four: 0 with room, else infinity.
  @inline(__always)
  func penalties(_ place: Int) -> Lane {
    let bits = Int(truncatingIfNeeded: (words[place &>> 6] &>> UInt64(truncatingIfNeeded: place)) & 0xF)
    return lane(lanes, bits &* Lane.scalarCount)
  }
}
