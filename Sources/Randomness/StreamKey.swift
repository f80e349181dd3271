/// The key with which a stream is seeded.
///
/// The key of (seed, replication, name) is
///
///     mix(mix(mix(seed) ^ replication) ^ hash(name))
///
/// where `mix` is a step of SplitMix64 (Steele, Lea, Flood 2014, doi:10.1145/2660193.2660195) and `hash` FNV-1a of the
/// UTF-8 bytes. It is the same on every machine and in every process, and it knows nothing of other streams, so a new
/// stream disturbs none. Two of n streams share a key with a probability of n²/2⁶⁵: 3e-8 for a million.
public enum StreamKey {
  public static func key(seed: UInt64, replication: Int, name: String) -> UInt64 {
    mix(mix(mix(seed) ^ UInt64(bitPattern: Int64(replication))) ^ hash(name))
  }

  /// One step of SplitMix64: a bijection that flips half of the bits for each bit that is flipped.
  static func mix(_ value: UInt64) -> UInt64 {
    var z = value &+ 0x9e37_79b9_7f4a_7c15
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  /// FNV-1a, 64 bits.
  static func hash(_ name: String) -> UInt64 {
    name.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
  }
}
