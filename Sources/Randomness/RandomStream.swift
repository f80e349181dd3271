internal import CGSL
internal import Foundation

/// A stream of random numbers of its own, told apart by its name: xoshiro256++ under GSL's distributions.
///
/// A given (seed, replication, name) yields the same numbers on any thread, whatever other streams there are
/// (``StreamKey``). The generator passes BigCrush, has a period of 2²⁵⁶ − 1 and takes a seed of 64 bits; GSL's own take
/// 32, too few to keep the streams of a thousand replications apart.
///
///     var stream = RandomStream(seed: 42, replication: 1, name: "arrivals")
///     let gap = stream.exponential(mean: 30)
public struct RandomStream: ~Copyable, @unchecked Sendable {
  // Unchecked: the memory behind the pointer has one owner, since the struct cannot be copied.
  private let generator: UnsafeMutablePointer<gsl_rng>
  private let state: UnsafeMutablePointer<pylon_xoshiro>

  /// The stream `name` of a replication.
  public init(seed: UInt64, replication: Int, name: String) {
    self.init(key: StreamKey.key(seed: seed, replication: replication, name: name))
  }

  /// The stream of a key; the state is four outputs of SplitMix64 from it.
  public init(key: UInt64) {
    _ = gslHandlerIsOff
    // GSL has no other failure here than that of memory, of which Swift dies too.
    guard let generator = pylon_xoshiro_alloc() else { preconditionFailure("out of memory") }
    self.generator = generator
    state = generator.pointee.state.assumingMemoryBound(to: pylon_xoshiro.self)
    pylon_xoshiro_seed(state, key)
  }

  /// The stream of a state, for the test against the authors' numbers.
  package init(words: (UInt64, UInt64, UInt64, UInt64)) {
    self.init(key: 0)
    state.pointee.word = words
  }

  deinit { gsl_rng_free(generator) }

  /// 64 random bits.
  public mutating func bits() -> UInt64 { pylon_xoshiro_next(state) }

  /// Uniform on [0, 1), in steps of 2⁻⁵³.
  public mutating func uniform() -> Double { pylon_xoshiro_uniform(state) }

  /// Uniform on (0, 1).
  public mutating func uniformPositive() -> Double {
    while true {
      let value = pylon_xoshiro_uniform(state)
      if value > 0 { return value }
    }
  }

  /// Uniform on [low, high).
  public mutating func uniform(from low: Double, to high: Double) -> Double { low + (high - low) * uniform() }

  /// Uniform on 0..<n, without bias. n > 0.
  public mutating func below(_ n: Int) -> Int {
    precondition(n > 0, "below(\(n))")
    // Lemire 2019, doi:10.1145/3230636: the product's high word, with the few low words that would favour some refused.
    let bound = UInt64(n)
    var product = bits().multipliedFullWidth(by: bound)
    if product.low < bound {
      let least = (0 &- bound) % bound
      while product.low < least { product = bits().multipliedFullWidth(by: bound) }
    }
    return Int(product.high)
  }

  /// Returns true with this probability.
  public mutating func chance(_ probability: Double) -> Bool { uniform() < probability }

  /// Normal with mean 0 and standard deviation 1 (Marsaglia and Tsang's ziggurat).
  public mutating func normal() -> Double { gsl_ran_gaussian_ziggurat(generator, 1) }

  /// Normal. deviation ≥ 0.
  public mutating func normal(mean: Double, deviation: Double) -> Double { mean + deviation * normal() }

  /// Exponential. mean ≥ 0.
  public mutating func exponential(mean: Double) -> Double { gsl_ran_exponential(generator, mean) }

  /// e to a normal of mean `mu` and standard deviation `sigma`. sigma ≥ 0.
  public mutating func lognormal(mu: Double, sigma: Double) -> Double {
    exp(normal(mean: mu, deviation: sigma))
  }

  /// Gamma with mean shape × scale (Marsaglia and Tsang 2000). Both > 0.
  public mutating func gamma(shape: Double, scale: Double) -> Double { gsl_ran_gamma(generator, shape, scale) }

  /// Weibull with P(X > x) = exp(−(x/scale)^shape). Both > 0.
  public mutating func weibull(shape: Double, scale: Double) -> Double { gsl_ran_weibull(generator, scale, shape) }

  /// Pareto with P(X > x) = (minimum/x)^shape. Both > 0.
  public mutating func pareto(shape: Double, minimum: Double) -> Double { gsl_ran_pareto(generator, shape, minimum) }

  /// Poisson. mean in 0...1e9.
  public mutating func poisson(mean: Double) -> Int {
    precondition(mean >= 0 && mean <= 1e9, "poisson(mean: \(mean))")
    return Int(gsl_ran_poisson(generator, mean))
  }
}
