public import Domain
internal import Engine

/// How long a job may be kept waiting, and how long it is expected to run: the settings that the published policies
/// share.
///
/// `wait: window` is the job's own deferral window. `wait: classes` tells short jobs from long ones by their estimate,
/// as GAIA does (Hanafy et al., ASPLOS 2024, doi:10.1145/3620666.3651374): 6 h for what is shorter than 2 h, else 24 h;
/// `wait: {short, long, threshold}` sets them. A deadline binds in either case.
public struct WaitLimit: Sendable {
  private let usesClasses: Bool
  private let short: TimeSpan
  private let long: TimeSpan
  private let threshold: TimeSpan
  private let expectedShort: TimeSpan?
  private let expectedLong: TimeSpan?

  /// Each job's own deferral window.
  public static let window = WaitLimit(PolicyParameters())

  /// The parameter `wait` and its parts, for an entry in a catalogue.
  public static let parameters = [
    PolicyParameter(
      "wait", .choice(["window", "classes"]),
      "how long a job may wait: its own deferral window, or 6h if it is short and 24h if it is long",
      standard: "window"),
    PolicyParameter(
      "wait.short", .span, "how long a short job may wait, instead of the choice above",
      beside: .init(["wait.long"], "6h")),
    PolicyParameter("wait.long", .span, "how long a long job may wait", beside: .init(["wait.short"], "24h")),
    PolicyParameter(
      "wait.threshold", .span, "estimated duration from which a job counts as long",
      beside: .init(["wait.short", "wait.long"], "2h")),
  ]

  /// The parameter `expected` and its parts.
  public static let expectations = [
    PolicyParameter(
      "expected", .choice(["own"]), "duration to plan for: the job's own estimate", standard: "own"),
    PolicyParameter("expected.short", .span, "duration to plan for short jobs, instead of their estimates"),
    PolicyParameter("expected.long", .span, "duration to plan for long jobs, instead of their estimates"),
  ]

  public init(_ parameters: PolicyParameters) {
    func span(_ name: String) -> TimeSpan? {
      guard case .number(let seconds)? = parameters.values[name] else { return nil }
      return TimeSpan(milliseconds: Int64((seconds * 1000).rounded()))
    }
    usesClasses =
      parameters.text("wait") == "classes" || span("wait.short") != nil || span("wait.long") != nil
    short = span("wait.short") ?? .hours(6)
    long = span("wait.long") ?? .hours(24)
    threshold = span("wait.threshold") ?? .hours(2)
    expectedShort = span("expected.short")
    expectedLong = span("expected.long")
  }

  /// The limits by the estimate; `nil` if each job's own window counts.
  var classes: WaitClasses? {
    usesClasses ? WaitClasses(short: short, long: long, threshold: threshold) : nil
  }

  private func isShort(_ job: Job) -> Bool { job.estimatedDuration < threshold }

  /// How long a job may wait in all, its deadline apart.
  public func wait(_ job: Job) -> TimeSpan {
    guard usesClasses else { return job.deferralWindow }
    return isShort(job) ? short : long
  }

  /// The latest start, never before submission.
  public func latestStart(_ job: Job) -> Instant {
    let deferred = job.submittedAt + wait(job)
    guard job.deadline != .never else { return deferred }
    return max(job.submittedAt, min(deferred, job.deadline - job.estimatedDuration))
  }

  /// The length that a start is planned for.
  public func expectedLength(_ job: Job) -> TimeSpan {
    (isShort(job) ? expectedShort : expectedLong) ?? job.estimatedDuration
  }
}

/// How long a policy lets jobs wait by their estimated durations, instead of by their own deferral windows.
public struct WaitClasses: Sendable, Hashable {
  public let short: TimeSpan
  public let long: TimeSpan
  /// A job with an estimate from this on is long.
  public let threshold: TimeSpan
}

extension PolicyCatalog {
  /// True if a policy may have a window of its own instead of each job's.
  public static func mayHaveOwnWait(_ name: String) -> Bool {
    entry(name)?.parameters.contains { $0.name == "wait" } ?? false
  }

  /// The waits that a policy's settings give; `nil` if each job's own window counts.
  public static func waitClasses(_ name: String, _ parameters: PolicyParameters) -> WaitClasses? {
    mayHaveOwnWait(name) ? WaitLimit(parameters).classes : nil
  }
}

/// Which zones a policy looks at for a job.
///
/// `zones: home` is the home zone, of a job without one every zone: the policies that shift in time alone. `zones: any`
/// looks at every zone: their variants in space and time.
public struct ZoneScope: Sendable {
  /// A job with a home zone runs there alone.
  public let staysAtHome: Bool

  public static let home = ZoneScope(PolicyParameters(), standard: "home")
  public static let any = ZoneScope(PolicyParameters(), standard: "any")

  /// The parameter `zones`, for an entry in a catalogue.
  ///
  /// - Parameter standard: `home` or `any`, as for ``init(_:standard:)``.
  public static func parameter(standard: String) -> PolicyParameter {
    PolicyParameter(
      "zones", .choice(["home", "any"]), "zones in which a job may run: its home zone, or any", standard: standard)
  }

  public init(_ parameters: PolicyParameters, standard: String = "home") {
    staysAtHome = (parameters.text("zones") ?? standard) == "home"
  }

  /// The zones that may take a job and are large enough, with what a job draws there for each kilowatt-hour of one
  /// alone: 1 where there is no choice.
  func candidates(_ handle: JobID, _ context: PolicyContext) -> [(zone: ZoneIndex, weight: Double)] {
    let job = context.job(handle)
    if staysAtHome, job.homeZone >= 0 { return [(job.homeZone, 1)] }
    let zones = context.zones.indices.filter { context.couldHold(job.demand, in: $0) }
    if zones.count == 1 { return [(zones[0], 1)] }
    return zones.map { zone in
      (zone, job.energyPerMillisecond(on: context.zones[zone].hardware) * context.zones[zone].pue)
    }
  }
}

extension Double {
  /// True if this is less, by more than sums differ for the order of their terms: ties go to whoever came first.
  func isClearlyLess(than other: Double) -> Bool {
    self < (other.isFinite ? other - 1e-12 * abs(other) : other)
  }
}
