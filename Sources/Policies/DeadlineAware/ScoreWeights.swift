internal import Domain

/// What `deadline-aware` minimises over zones and starts: a weighted sum of five terms without units.
///
/// For a job of estimated length d in zone z from s on, submitted at a, latest start l, deadline D:
///
/// - carbon: predicted emissions over the mean, over the zones whose whole capacity could hold the job, of those of a start
///   now;
/// - cost: predicted cost over the mean magnitude of the costs of a start now, over the same zones;
/// - delay: (s − a) / (l − a), times priority / 50 (0.6 for LOW, 1 for MEDIUM, 1.4 for HIGH, 1.8 for CRITICAL); 0 if the
///   window is empty;
/// - risk: how far the slack D − (s + d) falls short of `riskMargin` × d, as a share of it, 0...1; 0 without a deadline;
/// - pressure: the mean, over the run, of the largest share of a resource that running and planned jobs are expected to
///   take (``CapacityTimeline``), plus the largest share that the job takes: two maxima.
///
/// Energy is at the meter. Each mean is at least what the run would come to, in the mean over the same zones, at 1 g/kWh and
/// at 0.001 GBP/kWh at the meter, so that a windy night divides by something.
///
/// A plan in pieces has the carbon, the cost and the load of its pieces, load over the job's length, and the carbon and the
/// cost of its checkpoints and resumptions at their instants; its delay and risk are those of a run without pauses that ends
/// when it does.
struct ScoreWeights {
  var carbon: Double
  var cost: Double
  var delay: Double
  var risk: Double
  var pressure: Double
  var riskMargin = 0.5

  static let standard = ScoreWeights(carbon: 0.5, cost: 0.1, delay: 0.2, risk: 0.1, pressure: 0.1)

  /// The parameters `weights.carbon` and so on.
  static let parameters: [PolicyParameter] = {
    let terms: [(name: String, summary: String, standard: Double)] = [
      ("carbon", "weight of predicted emissions", standard.carbon),
      ("cost", "weight of predicted cost", standard.cost),
      ("delay", "weight of the delay, by urgency", standard.delay),
      ("risk", "weight of the risk of missing the deadline", standard.risk),
      ("pressure", "weight of the zone's load", standard.pressure),
    ]
    return terms.map { term in
      PolicyParameter(
        "weights.\(term.name)", .number(0...1e6), term.summary, standard: "\(term.standard)",
        beside: .init(terms.map { "weights.\($0.name)" }.filter { $0 != "weights.\(term.name)" }, "0"))
    }
  }()
}

/// A job's score as a function of zone and start, with everything that does not depend on them worked out.
struct JobScore {
  let job: Job
  let now: Int64
  let length: Int64
  let latest: Int64
  /// Score per millisecond of delay after the submission.
  let delayRate: Double
  /// The risk at an end e is `clamp(riskAtDeadline + riskRate × (e − deadline))`, times its weight.
  private let riskRate: Double
  private let deadline: Int64
  private let riskWeight: Double

  init(_ job: Job, now: Instant, weights: ScoreWeights) {
    self.job = job
    self.now = now.milliseconds
    length = job.estimatedDuration.milliseconds
    latest = max(job.latestStart.milliseconds, now.milliseconds)
    let window = job.latestStart.milliseconds - job.submittedAt.milliseconds
    delayRate = window > 0 ? weights.delay * Double(job.urgency.priority) / 50 / Double(window) : 0
    deadline = job.deadline.milliseconds
    riskWeight = job.deadline == .never ? 0 : weights.risk
    riskRate = 1 / max(1, weights.riskMargin * Double(length))
  }

  /// The terms that depend on the start alone.
  @inline(__always)
  func timeTerms(_ start: Int64) -> (delay: Double, risk: Double) {
    let delay = delayRate * Double(start - job.submittedAt.milliseconds)
    guard riskWeight > 0 else { return (delay, 0) }
    let short = 1 + riskRate * Double(start + length - deadline)
    return (delay, riskWeight * min(1, max(0, short)))
  }

  /// The ends between which the risk grows, to the millisecond; the terms of time are linear elsewhere.
  var riskKinks: [Int64] {
    guard riskWeight > 0 else { return [] }
    let margin = 1 / riskRate
    let last = deadline - Int64(min(margin, 1e15))
    return margin == margin.rounded() ? [last, deadline] : [last - 1, last, deadline]
  }

  /// The same for many starts, `step` apart; infinity past the latest start.
  func fillTimeTerms(_ terms: UnsafeMutablePointer<Double>, count: Int, first: Int64, step: Int64) {
    if first > now, first + Int64(count - 1) * step <= latest { return fill(terms, from: 0, to: count, first, step) }
    let valid = first > latest ? 0 : min(count, Int((latest - first) / step) + 1)
    if first <= now {
      // What has begun is no start any more; now itself is looked at apart.
      let passed = min(valid, Int((now - first) / step) + 1)
      for place in 0..<passed { terms[place] = .infinity }
      fill(terms, from: passed, to: valid, first, step)
    } else {
      fill(terms, from: 0, to: valid, first, step)
    }
    for place in valid..<count { terms[place] = .infinity }
  }

  /// The same for the eight starts of a stretch, all of them within the window.
  @inline(__always)
  func fillStretch(_ terms: UnsafeMutablePointer<Double>, first: Int64, step: Int64) {
    let length = Double(step)
    let (early, late) = (Lane(0, 1, 2, 3) * length, Lane(4, 5, 6, 7) * length)
    let sinceSubmission = Double(first - job.submittedAt.milliseconds)
    var sums = ((early + sinceSubmission) * delayRate, (late + sinceSubmission) * delayRate)
    if riskWeight > 0 {
      let pastDeadline = Double(first + self.length - deadline)
      sums.0 += clamped((early + pastDeadline) * riskRate + 1) * riskWeight
      sums.1 += clamped((late + pastDeadline) * riskRate + 1) * riskWeight
    }
    put(sums.0, terms, 0)
    put(sums.1, terms, Lane.scalarCount)
  }

  @inline(__always)
  private func clamped(_ lane: Lane) -> Lane { lesser(larger(lane, Lane(repeating: 0)), Lane(repeating: 1)) }

  /// The same sums as ``timeTerms(_:)``, four starts at once and one by one at the end.
  private func fill(_ terms: UnsafeMutablePointer<Double>, from: Int, to: Int, _ first: Int64, _ step: Int64) {
    var place = from
    let length = Double(step)
    // Integers of this size are exact.
    let sinceSubmission = Double(first - job.submittedAt.milliseconds)
    let pastDeadline = riskWeight > 0 ? Double(first + self.length - deadline) : 0
    while place + 4 <= to {
      let shift = (Lane(0, 1, 2, 3) + Double(place)) * length
      var sum = (shift + sinceSubmission) * delayRate
      if riskWeight > 0 {
        sum += clamped((shift + pastDeadline) * riskRate + 1) * riskWeight
      }
      put(sum, terms, place)
      place += 4
    }
    while place < to {
      let next = timeTerms(first + Int64(place) * step)
      terms[place] = next.delay + next.risk
      place += 1
    }
  }
}
