/// The audit's own hashes.
enum AuditHash {
  /// FNV-1a, 64 bits (Fowler, Noll and Vo; RFC 9923).
  static func fnv(_ bytes: some Sequence<UInt8>) -> UInt64 {
    var hash: UInt64 = 14_695_981_039_346_656_037
    for byte in bytes {
      hash ^= UInt64(byte)
      hash = hash &* 1_099_511_628_211
    }
    return hash
  }

  /// The scrambling that SplitMix64 does to its counter (Steele, Lea and Flood 2014, doi:10.1145/2714064.2660195).
  static func scrambled(_ word: UInt64) -> UInt64 {
    var mixed = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }

  static func add(_ word: UInt64, to hash: inout UInt64) { hash = scrambled(hash &* 31 &+ scrambled(word &+ 0x9E37)) }

  /// Term of one placement in `runs.placement_signature`, which is the sum of all terms modulo 2^64: a hash of three
  /// values, the hash of `job_id`, `grid_zones.id` and the start in milliseconds since 1970.
  static func placement(jobID: UnsafeBufferPointer<UInt8>, zone: Int, start: Int64) -> UInt64 {
    let golden: UInt64 = 0x9E37_79B9_7F4A_7C15
    let job = scrambled(fnv(jobID))
    let place = scrambled(job &+ UInt64(bitPattern: Int64(zone)) &+ golden)
    return scrambled((place ^ UInt64(bitPattern: start)) &+ golden)
  }
}
