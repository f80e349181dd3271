/// Which jobs a policy may interrupt, and what an interruption costs.
///
/// An interruption is a suspension and the resumption after it. It lengthens the time that a job has to run by
/// ``delay``, drawn at the job's own power, and takes ``checkpointEnergy`` at the suspension and ``resumeEnergy`` at the
/// resumption: IT energy, at that instant's intensity and price.
public struct InterruptionRules: Hashable, Sendable {
  /// The types of workload that may be interrupted.
  public var types: Set<WorkloadType>
  /// The time to write a checkpoint.
  public var checkpoint: TimeSpan
  /// The time to read it again.
  public var resume: TimeSpan
  public var checkpointEnergy: Energy
  public var resumeEnergy: Energy

  public init(
    types: Set<WorkloadType> = Set(WorkloadType.allCases), checkpoint: TimeSpan = .zero, resume: TimeSpan = .zero,
    checkpointEnergy: Energy = .zero, resumeEnergy: Energy = .zero
  ) {
    precondition(checkpoint >= .zero && resume >= .zero, "an interruption with a negative checkpoint or resume time")
    self.types = types
    self.checkpoint = checkpoint
    self.resume = resume
    self.checkpointEnergy = checkpointEnergy
    self.resumeEnergy = resumeEnergy
  }

  /// Nobody may be interrupted.
  public static let never = InterruptionRules(types: [])

  /// By how much an interruption lengthens what is left to run.
  public var delay: TimeSpan { checkpoint + resume }

  /// An interruption takes neither time nor energy.
  public var isFree: Bool { delay == .zero && checkpointEnergy == .zero && resumeEnergy == .zero }
}

/// A stretch of time that an interrupted job ran in one zone, with what it drew there.
@frozen
public struct RunSegment: Hashable, Sendable {
  public var zone: Int
  public var start: Instant
  /// `never` where it still runs when the run is over.
  public var end: Instant
  /// Energy at the meter, with that of the checkpoint at its end and of the resumption at its start.
  public var energy: Energy
  public var emissions: Emissions
  public var cost: Money

  @inlinable
  public init(zone: Int, start: Instant, end: Instant) {
    self.zone = zone
    self.start = start
    self.end = end
    energy = .zero
    emissions = .zero
    cost = .zero
  }
}
