import Domain
import Engine
import Policies

/// `two-choices`: draws two of the zones with room for a job and starts it in the one with the lower carbon intensity.
///
/// After Mitzenmacher, "The Power of Two Choices in Randomized Load Balancing", 2001, doi:10.1109/71.963420: two choices
/// spread the load nearly as well as all of them.
public struct TwoChoices: ZoneRule {
  let choices: Int
  let random: SharedStream
  public let rankedBy = "carbon intensity now, gCO2/kWh"

  public func score(of zone: ZoneIndex, for job: JobID, _ context: PolicyContext) -> Double {
    context.intensity(zone).value
  }

  public func choose(for job: JobID, among zones: OpenZones) -> ZoneIndex {
    var open = Array(zones)
    let drawn = (0..<min(choices, open.count)).map { _ in open.remove(at: random.below(open.count)) }
    return zones.lowest { drawn.contains($0) ? score(of: $0, for: job, zones.context) : .infinity }
  }
}

extension TwoChoices {
  /// The policy's line in a catalogue.
  public static let entry = PolicyCatalog.Entry(
    name: "two-choices", summary: "the greener of two zones with room, drawn at random",
    parameters: [
      PolicyParameter("choices", .whole(1...100), "how many zones are drawn for a job", standard: "2"), .queue,
    ],
    defersJobs: false
  ) { setup in
    let random = SharedStream(setup.stream("two-choices"))
    let rule = TwoChoices(choices: setup.parameters.whole("choices", default: 2), random: random)
    return ImmediatePolicy(rule, backfill: setup.backfills)
  }
}
