internal import Domain

/// The best time to run in a zone for a job that may be interrupted, and its score.
struct SegmentPlan {
  var zone: ZoneIndex
  /// In order, not adjoining; the last one's end is where the estimate ends, with what interruptions add.
  var segments: [PlannedSegment]
  var score: Double
}

/// A step of time over which everything that a job's running costs stays the same.
struct SegmentStep: BitwiseCopyable {
  var start: Int64
  var end: Int64
  /// Score a millisecond of running; infinity where there is no room.
  var rate: Double
  /// Score of a millisecond of the job's power that an interruption draws here.
  var pauseRate: Double

  var length: Int64 { end - start }
}

/// The rest of a job's run in a zone, and the cost of interruptions there.
struct SegmentTask {
  /// How the job stands.
  enum Stage { case waiting, running, suspended }

  let stage: Stage
  /// Left to run by the estimate, in milliseconds.
  let left: Int64
  /// The time that an interruption adds to the run, and the energy of its checkpoint and of its resumption as milliseconds
  /// of the job's own power.
  let delay: Int64
  let checkpoint: Double
  let resume: Double

  init(stage: Stage, left: Int64, delay: Int64, checkpoint: Double, resume: Double) {
    (self.stage, self.left, self.delay, self.checkpoint, self.resume) = (stage, left, delay, checkpoint, resume)
  }

  /// - Parameter power: what the job draws a millisecond, in kWh; a job that draws nothing has no plan in pieces.
  init?(stage: Stage, left: Int64, power: Double, _ rules: InterruptionRules) {
    guard power > 0 else { return nil }
    self.init(
      stage: stage, left: left, delay: rules.delay.milliseconds, checkpoint: rules.checkpointEnergy.value / power,
      resume: rules.resumeEnergy.value / power)
  }
}

/// Terms of time of a plan, by the end of its last piece: those of an unbroken run that ends then.
struct SegmentEnding {
  private let score: JobScore?
  /// Ends at which the terms bend; between two of them they are linear.
  let kinks: [Int64]

  /// No terms of time.
  static let none = SegmentEnding()

  private init() {
    score = nil
    kinks = []
  }

  init(_ score: JobScore) {
    self.score = score
    kinks = score.riskKinks
  }

  @inline(__always)
  func at(_ end: Int64) -> Double {
    guard let score else { return 0 }
    let terms = score.timeTerms(end - score.length)
    return terms.delay + terms.risk
  }
}

/// Collects the steps of a search in order; neighbours that are alike become one.
struct SegmentSteps {
  private(set) var all: [SegmentStep] = []

  init() {}

  /// The steps of a signal as the rates of running and of interruptions alike.
  init(_ view: StepView, from: Instant, until: Instant) {
    var at = from
    while at < until {
      let next = min(view.nextStamp(after: at), until)
      let rate = view.value(at: at)
      append(SegmentStep(start: at.milliseconds, end: next.milliseconds, rate: rate, pauseRate: rate))
      at = next
    }
  }

  mutating func append(_ step: SegmentStep) {
    guard step.start < step.end else { return }
    if let last = all.last, last.end == step.start, last.rate == step.rate, last.pauseRate == step.pauseRate {
      all[all.count - 1].end = step.end
    } else {
      all.append(step)
    }
  }
}
