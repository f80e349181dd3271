public import Domain
import Randomness
public import Scenarios

/// A generated workload with surges: the model's own jobs as they are without them, and among them those of further,
/// independent processes of the same law that submit within a surge alone. A surge of factor 2.5 has one such process
/// and a half: of the second one half of the submissions, by chance. A factor below 1 leaves out own jobs by chance.
///
/// Superposing independent processes adds their rates: for Poisson submissions the sum is Poisson again, exactly. The
/// streams of a surge bear its number, so surges disturb neither the model's jobs nor each other. Jobs are numbered in
/// order of submission, own ones before others of the same instant.
public final class SurgedWorkload: JobSource, JobTextSource {
  private let parts: [GeneratedWorkload]
  @exclusivity(unchecked) private var coming: [SubmittedJob?]
  @exclusivity(unchecked) private var sequence = 0

  init(_ parts: [GeneratedWorkload]) {
    self.parts = parts
    coming = parts.map { $0.nextJob() }
  }

  /// The jobs of a model, under a scenario's surges where there are any.
  ///
  /// - Throws: `DistributionError` where weights do not add up to a positive number.
  public static func make(
    _ model: WorkloadModel, surges: [EventSpec.Surge], zones: [Zone], start: Instant, duration: TimeSpan, seed: UInt64,
    replication: Int
  ) throws -> any JobSource & JobTextSource {
    func part(_ prefix: String, _ thinnings: [Thinning]) throws -> GeneratedWorkload {
      try GeneratedWorkload(
        model, zones: zones, start: start, duration: duration, seed: seed, replication: replication, prefix: prefix,
        thinnings: thinnings)
    }
    var own: [Thinning] = []
    var more: [GeneratedWorkload] = []
    for (number, surge) in surges.enumerated() {
      let classes = model.classes.map { surge.classes.isEmpty || surge.classes.contains($0.name) }
      func thinning(_ share: Double, isOwn: Bool) -> Thinning {
        Thinning(span: surge.span, classes: classes, share: share, keepsOthers: isOwn, name: "surge-\(number + 1)/thin")
      }
      if surge.factor < 1 { own.append(thinning(surge.factor, isOwn: true)) }
      var rest = surge.factor - 1
      var copy = 1
      while rest > 0 {
        more.append(try part("surge-\(number + 1)/\(copy)/", [thinning(min(1, rest), isOwn: false)]))
        rest -= 1
        copy += 1
      }
    }
    let base = try part("", own)
    return more.isEmpty ? base : SurgedWorkload([base] + more)
  }

  public func read(into job: inout Job, actualDuration: inout TimeSpan) -> Bool {
    var first: Int?
    for (place, next) in coming.enumerated() {
      guard let next else { continue }
      if let known = first, let best = coming[known], best.job.submittedAt <= next.job.submittedAt { continue }
      first = place
    }
    guard let first, let next = coming[first] else { return false }
    coming[first] = parts[first].nextJob()
    job = next.job
    actualDuration = next.actualDuration
    job.sequence = sequence
    job.identity = parts[0].identity(sequence)
    sequence += 1
    return true
  }

  /// Names come from the class, ids from the number: both are the same in every part.
  public func withTexts<Result>(
    of job: Job, _ body: (UnsafeBufferPointer<UInt8>, UnsafeBufferPointer<UInt8>) throws -> Result
  ) rethrows -> Result {
    try parts[0].withTexts(of: job, body)
  }

  /// Texts take no memory.
  public func release(_ job: Job) {}
}

/// Which submissions of a process are kept.
struct Thinning: Sendable {
  var span: Range<Instant>
  /// Element i is true if the thinning applies to class i of the model.
  var classes: [Bool]
  /// Share that is kept of the submissions within the span and of such a class.
  var share: Double
  /// True if all other submissions are kept, false if none is.
  var keepsOthers: Bool
  /// Name of the random stream.
  var name: String
}

/// A thinning at work, with its stream.
final class Thinner {
  private let rule: Thinning
  @exclusivity(unchecked) private var stream: RandomStream

  init(_ rule: Thinning, _ stream: consuming RandomStream) {
    self.rule = rule
    self.stream = stream
  }

  func keeps(_ at: Instant, _ place: Int) -> Bool {
    guard rule.span.contains(at), rule.classes[place] else { return rule.keepsOthers }
    return rule.share >= 1 || stream.chance(rule.share)
  }
}
