internal import Domain

/// Integral over time of a zone's capacity, as it is at every instant: capacity × milliseconds.
struct CapacityTime {
  var cores = 0.0
  var gpus = 0.0
  var gigabytes = 0.0

  init() {}

  /// Over [from, until).
  init(_ periods: [CapacityPeriod], from: Instant, until: Instant) {
    for period in periods {
      let length = Double((min(period.end, until) - max(period.start, from)).milliseconds)
      guard length > 0 else { continue }
      cores += period.capacity.cpuCores * length
      gpus += period.capacity.gpus * length
      gigabytes += period.capacity.memoryGigabytes * length
    }
  }

  static func + (a: CapacityTime, b: CapacityTime) -> CapacityTime {
    var both = a
    both.cores += b.cores
    both.gpus += b.gpus
    both.gigabytes += b.gigabytes
    return both
  }
}
