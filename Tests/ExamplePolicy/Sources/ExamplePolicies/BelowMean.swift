import Domain
import Engine
import Policies

/// `below-mean`: runs a job at home while the intensity is below the mean that was forecast for the day after its
/// submission, and suspends it else, as long as it may wait.
public struct BelowMean: ThresholdRule {
  public let name = "below the mean forecast of the day after submission"
  public let pauses = true

  public func threshold(for job: JobID, in zone: ZoneIndex, _ context: PolicyContext) -> Double {
    context.forecast.carbon(zone).integral(from: context.now, to: context.now + .hours(24)) / 24
  }
}

extension BelowMean {
  public static let entry = PolicyCatalog.Entry(
    name: "below-mean", summary: "runs jobs below the mean intensity of the next day, else suspends them",
    suspendsJobs: true
  ) { _ in ThresholdPolicy(BelowMean()) }
}
