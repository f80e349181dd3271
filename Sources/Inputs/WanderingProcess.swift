internal import Foundation
internal import Randomness

/// An Ornstein–Uhlenbeck process of mean 0 and variance 1, looked at in steps of half an hour: exactly AR(1), from its
/// stationary distribution on.
struct WanderingProcess {
  private let keep: Double
  private let shock: Double
  private var state = 0.0
  private var hasBegun = false

  /// - Parameter hours: the time in which the correlation falls to 1/e.
  init(hours: Double) {
    keep = exp(-0.5 / hours)
    shock = (1 - keep * keep).squareRoot()
  }

  mutating func next(_ stream: inout RandomStream) -> Double {
    state = hasBegun ? keep * state + shock * stream.normal() : stream.normal()
    hasBegun = true
    return state
  }
}

/// An Ornstein–Uhlenbeck process through a first-order lag, of variance 1: smooth over the lag's time.
struct SmoothProcess {
  private var driver: WanderingProcess
  private let keep: Double
  private let deviation: Double
  private let covariance: Double
  private var state = 0.0
  private var hasBegun = false

  init(hours: Double, lag: Double) {
    driver = WanderingProcess(hours: hours)
    let a = exp(-0.5 / hours)
    let b = exp(-0.5 / lag)
    keep = b
    // y' = b y + (1 − b) x' with x an AR(1) of coefficient a: the stationary moments of y, and of y with x.
    covariance = (1 - b) / (1 - a * b)
    deviation = ((1 - b) / (1 + b) * (1 + a * b) / (1 - a * b)).squareRoot()
  }

  mutating func next(_ stream: inout RandomStream) -> Double {
    let drive = driver.next(&stream)
    if hasBegun {
      state = keep * state + (1 - keep) * drive
    } else {
      let rest = max(0, deviation * deviation - covariance * covariance).squareRoot()
      state = covariance * drive + rest * stream.normal()
      hasBegun = true
    }
    return state / deviation
  }
}
