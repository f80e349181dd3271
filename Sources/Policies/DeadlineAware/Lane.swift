/// What is looked at at once: four values in two registers of the plainest machine. Two halves rather than one vector of
/// four, which the compiler takes apart into single values and back.
struct Lane {
  typealias Half = SIMD2<Double>

  static let scalarCount = 4

  var low: Half
  var high: Half

  @inline(__always)
  init(low: Half, high: Half) {
    self.low = low
    self.high = high
  }

  @inline(__always)
  init(repeating value: Double) {
    low = Half(repeating: value)
    high = low
  }

  @inline(__always)
  init(_ a: Double, _ b: Double, _ c: Double, _ d: Double) {
    low = Half(a, b)
    high = Half(c, d)
  }

  @inline(__always)
  subscript(place: Int) -> Double { place < 2 ? low[place] : high[place - 2] }

  @inline(__always)
  static func + (a: Lane, b: Lane) -> Lane { Lane(low: a.low + b.low, high: a.high + b.high) }
  @inline(__always)
  static func - (a: Lane, b: Lane) -> Lane { Lane(low: a.low - b.low, high: a.high - b.high) }
  @inline(__always)
  static func * (a: Lane, b: Lane) -> Lane { Lane(low: a.low * b.low, high: a.high * b.high) }
  @inline(__always)
  static func + (a: Lane, b: Double) -> Lane { a + Half(repeating: b) }
  @inline(__always)
  static func * (a: Lane, b: Double) -> Lane { a * Half(repeating: b) }
  /// A factor in both halves of a register is kept so: two single ones side by side are taken for a pair.
  @inline(__always)
  static func * (a: Lane, b: Half) -> Lane { Lane(low: a.low * b, high: a.high * b) }
  @inline(__always)
  static func + (a: Lane, b: Half) -> Lane { Lane(low: a.low + b, high: a.high + b) }
  @inline(__always)
  static func += (a: inout Lane, b: Lane) { a = a + b }

  /// True if any of them differs.
  @inline(__always)
  func differs(from other: Lane) -> Bool { any((low .!= other.low) .| (high .!= other.high)) }

  /// The least of the four.
  var least: Double {
    @inline(__always) get {
      let both = lesser(low, high)
      return min(both[0], both[1])
    }
  }

  /// The most of the four.
  var most: Double {
    @inline(__always) get {
      let both = larger(low, high)
      return max(both[0], both[1])
    }
  }
}

@inline(__always)
func lane(_ memory: UnsafeMutablePointer<Double>, _ at: Int) -> Lane {
  let memory = UnsafeRawPointer(memory + at)
  return Lane(
    low: memory.loadUnaligned(as: Lane.Half.self), high: memory.loadUnaligned(fromByteOffset: 16, as: Lane.Half.self))
}

@inline(__always)
func put(_ lane: Lane, _ memory: UnsafeMutablePointer<Double>, _ at: Int) {
  let memory = UnsafeMutableRawPointer(memory + at)
  memory.storeBytes(of: lane.low, as: Lane.Half.self)
  memory.storeBytes(of: lane.high, toByteOffset: 16, as: Lane.Half.self)
}

/// The smaller of each pair: one instruction for two values, while for four in a vector it is a dozen.
@inline(__always)
func lesser(_ a: Lane.Half, _ b: Lane.Half) -> Lane.Half {
  b.replacing(with: a, where: a .< b)
}

/// The larger of each pair.
@inline(__always)
func larger(_ a: Lane.Half, _ b: Lane.Half) -> Lane.Half {
  b.replacing(with: a, where: a .> b)
}

@inline(__always)
func lesser(_ a: Lane, _ b: Lane) -> Lane { Lane(low: lesser(a.low, b.low), high: lesser(a.high, b.high)) }

@inline(__always)
func larger(_ a: Lane, _ b: Lane) -> Lane { Lane(low: larger(a.low, b.low), high: larger(a.high, b.high)) }
