internal import Foundation

/// Normal numbers that are looked up by a counter rather than drawn one after the other.
///
/// The number of a (key, counter) is always the same, whoever asks and in whatever order: SplitMix64's mixing
/// (``StreamKey``) of both gives the two uniforms of Box and Muller's transform (1958, doi:10.1214/aoms/1177706645).
public struct CounterNormal: Sendable {
  private let key: UInt64

  /// The numbers of a name in a replication; see ``StreamKey/key(seed:replication:name:)``.
  public init(seed: UInt64, replication: Int, name: String) {
    key = StreamKey.key(seed: seed, replication: replication, name: name)
  }

  /// A number of mean 0 and standard deviation 1.
  public func callAsFunction(_ counter: Int64) -> Double {
    let first = StreamKey.mix(key ^ StreamKey.mix(UInt64(bitPattern: counter)))
    let second = StreamKey.mix(first)
    // On (0, 1], of which there is a logarithm, and on [0, 1).
    let radius = (-2 * log((Double(first >> 11) + 1) * 0x1p-53)).squareRoot()
    return radius * cos(2 * .pi * Double(second >> 11) * 0x1p-53)
  }
}
