public import Domain
import Randomness
public import Scenarios

/// Jobs drawn from a ``WorkloadModel`` as they are asked for: the same for every policy of a replication, others in
/// another one.
///
/// Submissions come from the stream `arrivals`, classes from `classes`, the jobs of a class from
/// `workload/<class>/duration`, `…/estimate`, `…/size` and `…/terms`. A job takes no memory here and no allocation; its texts are
/// made when they are asked for: `job-1`, `job-2`, … and the class's name.
public final class GeneratedWorkload: JobSource, JobTextSource {
  private static let prefix: StaticString = "job-"

  private let start: Instant
  private let limit: Int
  private let shares: [Double]
  private let classes: [ClassSampler]
  private let text = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 32)
  @exclusivity(unchecked) private var arrivals: ArrivalProcess
  @exclusivity(unchecked) private var choices: RandomStream
  @exclusivity(unchecked) private var sequence = 0
  private let thinners: [Thinner]
  /// True if these are a surge's jobs alone.
  private let isExtra: Bool

  /// - Parameters:
  ///   - start: Where the clock begins.
  ///   - duration: Submissions stop at its end.
  ///   - replication: From 1.
  /// - Throws: `DistributionError` where weights do not add up to a positive number.
  public convenience init(
    _ model: WorkloadModel, zones: [Zone], start: Instant, duration: TimeSpan, seed: UInt64, replication: Int
  ) throws {
    try self.init(
      model, zones: zones, start: start, duration: duration, seed: seed, replication: replication, prefix: "",
      thinnings: [])
  }

  /// - Parameters:
  ///   - prefix: Of the names of all streams.
  ///   - thinnings: What is left out.
  init(
    _ model: WorkloadModel, zones: [Zone], start: Instant, duration: TimeSpan, seed: UInt64, replication: Int,
    prefix: String, thinnings: [Thinning]
  ) throws {
    let stream = { (name: String) in RandomStream(seed: seed, replication: replication, name: prefix + name) }
    thinners = thinnings.map { Thinner($0, stream($0.name)) }
    isExtra = thinnings.contains { !$0.keepsOthers }
    self.start = start
    limit = model.arrivals.jobs ?? .max
    shares = try Distribution.shares(model.classes.map(\.weight))
    let users = UserShares(model.users)
    classes = try model.classes.map { try ClassSampler($0, zones: zones, users: users, stream: stream) }
    arrivals = try ArrivalProcess(model.arrivals, start: start, duration: duration, stream: stream("arrivals"))
    choices = stream("classes")
    text.initialize(repeating: 0)
    _ = GeneratedWorkload.prefix.withUTF8Buffer { text.update(fromContentsOf: $0) }
  }

  deinit { text.deallocate() }

  /// The users' names; ``Domain/Job/user`` is a place in it.
  public static func users(of model: WorkloadModel) -> [String] { (1...model.users.count).map { "user-\($0)" } }

  /// Jobs given so far.
  public var count: Int { sequence }

  public func read(into job: inout Job, actualDuration: inout TimeSpan) -> Bool {
    guard sequence < limit else { return false }
    var place = 0
    while true {
      guard let time = arrivals.next() else { return false }
      place = shares.count == 1 ? 0 : choices.place(in: shares)
      let submittedAt = Instant(milliseconds: start.milliseconds + time)
      let isKept =
        thinners.isEmpty
        || thinners.reduce(true) { isKept, thinner in
          thinner.keeps(submittedAt, place) && isKept
        }
      if !isKept, isExtra { continue }
      // An own job that is left out is drawn all the same, so that the others stay as they are.
      classes[place].draw(submittedAt: submittedAt, into: &job, actualDuration: &actualDuration)
      if isKept { break }
    }
    job.sequence = sequence
    job.identity = id(sequence).stableHash
    job.textHandle = place
    sequence += 1
    return true
  }

  /// Identity of the job with a given number, which distinguishes it from others.
  func identity(_ sequence: Int) -> UInt64 { id(sequence).stableHash }

  /// The next job; `nil` when there are no more.
  func nextJob() -> SubmittedJob? {
    var next = SubmittedJob.blank
    return read(into: &next.job, actualDuration: &next.actualDuration) ? next : nil
  }

  public func withTexts<Result>(
    of job: Job, _ body: (UnsafeBufferPointer<UInt8>, UnsafeBufferPointer<UInt8>) throws -> Result
  ) rethrows -> Result {
    try body(id(job.sequence), UnsafeBufferPointer(classes[job.textHandle].nameBytes))
  }

  /// Texts take no memory.
  public func release(_ job: Job) {}

  /// `job-` and the number, valid until the next call.
  private func id(_ sequence: Int) -> UnsafeBufferPointer<UInt8> {
    let number = UInt64(sequence) + 1
    var digits = 1
    var rest = number / 10
    while rest > 0 {
      digits += 1
      rest /= 10
    }
    let length = GeneratedWorkload.prefix.utf8CodeUnitCount + digits
    rest = number
    for place in 1...digits {
      text[length - place] = UInt8(48 + rest % 10)
      rest /= 10
    }
    return UnsafeBufferPointer(rebasing: text[0..<length])
  }
}
