internal import Domain

/// Energy at the meter, PUE included, with its emissions and cost.
struct Drawn {
  var energy = Energy.zero
  var emissions = Emissions.zero
  var cost = Money.zero

  static func += (a: inout Drawn, b: Drawn) {
    a.energy += b.energy
    a.emissions += b.emissions
    a.cost += b.cost
  }
}

/// The law of what a job draws in a zone (contract §1), by traces or by a forecast of them.
struct Meter {
  var hardware: HardwareModel
  var pue: Double
  var carbon: StepView
  var price: StepView

  /// A stretch of running: IT power by the estimates, at the meter, for as long as it lasts; emissions and cost are the
  /// exact integrals over it. O(1) for even steps, else O(log steps).
  @inline(__always)
  func drawn(by job: borrowing Job, from start: Instant, to end: Instant) -> Drawn {
    let drawn = job.energyPerMillisecond(on: hardware) * pue
    return Drawn(
      energy: Energy(drawn * Double((end - start).milliseconds)),
      emissions: Emissions(drawn * carbon.integralMilliseconds(from: start, to: end)),
      cost: Money(drawn * price.integralMilliseconds(from: start, to: end)))
  }

  /// An amount of IT energy at one instant: a checkpoint, or a resumption.
  func drawn(_ energy: Energy, at instant: Instant) -> Drawn {
    guard energy.value != 0 else { return Drawn() }
    let atMeter = energy.value * pue
    return Drawn(
      energy: Energy(atMeter), emissions: Emissions(atMeter * carbon.value(at: instant)),
      cost: Money(atMeter * price.value(at: instant)))
  }
}

/// A meter a zone. The traces must outlive it.
struct EnergyLedger: ~Copyable {
  private let meters: Slab<Meter>

  init(_ world: World) {
    meters = Slab(
      world.zones.indices.map {
        Meter(
          hardware: world.zones[$0].hardware, pue: world.zones[$0].pue, carbon: world.carbon[$0].view,
          price: world.price[$0].view)
      })
  }

  @inline(__always)
  func drawn(by job: borrowing Job, in zone: ZoneIndex, from start: Instant, to end: Instant) -> Drawn {
    meters[zone].drawn(by: job, from: start, to: end)
  }

  /// Fills in what segments drew: the first ones, as many as interruptions, with a checkpoint at their end, all but the
  /// very first with a resumption at their start. Returns the sum.
  func account(
    _ segments: inout [RunSegment], interruptions: Int, of job: borrowing Job, _ rules: InterruptionRules
  ) -> Drawn {
    var sum = Drawn()
    for index in segments.indices {
      let segment = segments[index]
      let meter = meters[segment.zone]
      var drawn = meter.drawn(by: job, from: segment.start, to: segment.end)
      if index > 0 { drawn += meter.drawn(rules.resumeEnergy, at: segment.start) }
      if index < interruptions { drawn += meter.drawn(rules.checkpointEnergy, at: segment.end) }
      segments[index].energy = drawn.energy
      segments[index].emissions = drawn.emissions
      segments[index].cost = drawn.cost
      sum += drawn
    }
    return sum
  }
}
