public import Domain
internal import Randomness
public import Scenarios

/// Gives home zones to the jobs of a source that have none; those that a job brings stay.
///
/// Zones by weights are drawn from the stream `workload/home`, one number for each job without a home zone, in order
/// of submission. In turn, the n-th such job gets the n-th zone, round and round.
public final class HomeFilling: JobSource, JobTextSource {
  private enum Rule {
    case draw([Double])
    /// In turn; `classes`: for which classes of a model, empty for every job.
    case turn(classes: [Bool])
  }

  private let source: any JobSource & JobTextSource
  private let rule: Rule
  private let zones: Int
  @exclusivity(unchecked) private var stream: RandomStream
  @exclusivity(unchecked) private var next = 0
  /// Jobs that got a home zone here so far.
  @exclusivity(unchecked) public private(set) var filled = 0

  private init(
    _ source: any JobSource & JobTextSource, _ rule: Rule, zones: Int, stream: consuming RandomStream
  ) {
    self.source = source
    self.rule = rule
    self.zones = zones
    self.stream = stream
  }

  /// A recorded log with the home zones of a scenario; the log itself if there is nothing to fill in.
  ///
  /// - Throws: `DistributionError` if weights do not add up to a positive number.
  public static func make(
    _ source: any JobSource & JobTextSource, home: HomeModel?, zones: Int, seed: UInt64, replication: Int
  ) throws -> any JobSource & JobTextSource {
    let rule: Rule
    switch home {
    case nil, .none?, .first?: return source
    case .roundRobin?: rule = .turn(classes: [])
    case .weights(let weights)?: rule = .draw(try Distribution.shares(weights))
    }
    return HomeFilling(source, rule, zones: zones, stream: stream(seed, replication))
  }

  /// Drawn jobs with the zones of classes that take them in turn, all of them one turn.
  public static func make(
    _ source: any JobSource & JobTextSource, model: WorkloadModel, zones: Int, seed: UInt64, replication: Int
  ) -> any JobSource & JobTextSource {
    let classes = model.classes.map { $0.home == .roundRobin }
    guard classes.contains(true) else { return source }
    return HomeFilling(source, .turn(classes: classes), zones: zones, stream: stream(seed, replication))
  }

  private static func stream(_ seed: UInt64, _ replication: Int) -> RandomStream {
    RandomStream(seed: seed, replication: replication, name: "workload/home")
  }

  public func read(into job: inout Job, actualDuration: inout TimeSpan) throws -> Bool {
    guard try source.read(into: &job, actualDuration: &actualDuration) else { return false }
    guard job.homeZone < 0 else { return true }
    switch rule {
    case .draw(let shares): job.homeZone = stream.place(in: shares)
    case .turn(let classes):
      // A drawn job's text handle is its class.
      guard classes.isEmpty || classes[job.textHandle] else { return true }
      job.homeZone = next % zones
      next += 1
    }
    filled += 1
    return true
  }

  public func withTexts<Result>(
    of job: Job, _ body: (UnsafeBufferPointer<UInt8>, UnsafeBufferPointer<UInt8>) throws -> Result
  ) rethrows -> Result {
    try source.withTexts(of: job, body)
  }

  public func release(_ job: Job) { source.release(job) }
}
