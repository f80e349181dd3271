public import Domain
public import Engine

/// A rule for policies that run a job only while its zone's intensity is low: the intensity below which it runs.
///
/// The rest is ``ThresholdPolicy``'s: the choice of the zone, suspending and resuming, the time that a job may wait,
/// waiting for room, caps and outages. An entry whose rule pauses sets `suspendsJobs: true`.
///
/// `carbon-cap` and `ecovisor` are rules of this kind.
public protocol ThresholdRule: Sendable {
  /// Zones that are looked at for a job. By default its home zone.
  var scope: ZoneScope { get }

  /// How long a job may wait in all, before its start and while suspended. By default its own deferral window.
  var limit: WaitLimit { get }

  /// A running job is suspended when the intensity rises. By default false.
  var pauses: Bool { get }

  /// A job runs while the intensity is below this, in gCO2/kWh. Called once, at its submission.
  func threshold(for job: JobID, in zone: ZoneIndex, _ context: PolicyContext) -> Double

  /// Name of the threshold, for the decision log: it completes "it runs while the intensity is …".
  var name: String { get }
}

extension ThresholdRule {
  public var scope: ZoneScope { .home }
  public var limit: WaitLimit { .window }
  public var pauses: Bool { false }
}
