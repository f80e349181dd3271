internal import Domain
internal import Foundation

/// Rules between the decisions on a job and the job's row: a job that started was started by a decision, in that zone
/// and at that instant, and the predicted values are consistent with one another.
struct DecisionRules {
  let run: AuditRunRow
  let world: AuditWorld
  let findings: Findings
  let job: AuditJob
  let jobID: String
  let segments: [AuditSegment]
  let decisions: [AuditDecision]

  private static let kinds = ["recommend", "start", "plan", "replan", "reject", "suspend", "resume"]

  func check() {
    for decision in decisions {
      if !DecisionRules.kinds.contains(decision.kind) {
        fault(decision, "kind", .text(decision.kind), "one of \(DecisionRules.kinds.joined(separator: ", "))")
      }
      if decision.jobID != jobID { fault(decision, "job_id", .text(decision.jobID), jobID) }
      if decision.at < job.submitted { fault(decision, "decided_at", .instant(decision.at), "not before submitted_at") }
      if let issued = decision.issuedAt, issued > decision.at {
        fault(decision, "forecast_issued_at", .instant(issued), "not after decided_at")
      }
      if decision.kind != "reject", let reason = decision.reason {
        fault(decision, "reason", .text(reason), "nothing, as the kind is \(decision.kind)")
      }
      checkCandidates(decision)
      checkOptions(decision)
    }
    checkStart()
    checkPauses()
    checkRejection()
    checkRecommendation()
    checkPlans()
    checkEarlierPlans()
  }

  private func of(_ kinds: String...) -> [AuditDecision] { decisions.filter { kinds.contains($0.kind) } }

  private func fault(_ decision: AuditDecision?, _ column: String, _ found: AuditValue, _ expected: String) {
    let place = decision.map { "decision \($0.number), \(column)" } ?? column
    findings.add(.decision) {
      AuditFailure($0, run: run.id, job: jobID, name: place, found: found, expected: .text(expected))
    }
  }

  private func shown(_ reference: ZoneReference) -> String {
    switch reference {
    case .none: "nothing"
    case .unknown(let id): "\(id)"
    case .zone(let place): world.zones[place].code
    }
  }

  private func count(_ kind: String, _ expected: Int) -> Bool {
    let found = of(kind).count
    guard found != expected else { return true }
    fault(
      nil, "decisions of kind \(kind)", .number(Double(found)),
      "\(expected), according to the job's row and segments")
    return false
  }

  private func agree(_ decision: AuditDecision, _ zone: ZoneReference, _ at: Instant?, startsThen: Bool) {
    if decision.chosen.zone != zone {
      fault(decision, "zone", .text(shown(decision.chosen.zone)), "\(shown(zone)), where the job ran")
    }
    guard let at else { return }
    if decision.at != at { fault(decision, "decided_at", .instant(decision.at), "\(at.iso8601), when it happened") }
    if startsThen, decision.chosen.start != at {
      fault(decision, "start_at", AuditValue(decision.chosen.start), "\(at.iso8601), when the job began to run")
    }
  }

  private func checkStart() {
    guard count("start", job.start == nil ? 0 : 1), let start = job.start, let decision = of("start").first else {
      return
    }
    agree(decision, segments.first?.zone ?? job.zone, start, startsThen: true)
  }

  private func checkPauses() {
    if count("resume", max(0, segments.count - 1)) {
      for (decision, segment) in zip(of("resume"), segments.dropFirst()) {
        agree(decision, segment.zone, segment.start, startsThen: true)
      }
    }
    let pauses = segments.isEmpty ? 0 : job.interruptions(segments: segments.count, world)
    if count("suspend", pauses) {
      for (decision, segment) in zip(of("suspend"), segments) {
        agree(decision, segment.zone, segment.end, startsThen: false)
      }
    }
  }

  private func checkRejection() {
    guard count("reject", job.status == .rejected ? 1 : 0), let decision = of("reject").first else { return }
    if decision.reason != job.reason {
      fault(decision, "reason", .text(decision.reason ?? "nothing"), job.reason ?? "nothing")
    }
  }

  /// The last ranking stands in the job's row.
  private func checkRecommendation() {
    let stored = job.recommendations.filter { $0 != .none }
    guard let last = of("recommend").last else {
      if !stored.isEmpty { fault(nil, "decisions of kind recommend", .number(0), "one, as zones are recommended") }
      return
    }
    if last.options.map(\.zone) != stored {
      fault(
        last, "options", .text(last.options.map { shown($0.zone) }.joined(separator: ", ")),
        "\(stored.map { shown($0) }.joined(separator: ", ")), the recommended zones in the job's row")
    }
  }

  private func checkPlans() {
    for plan in of("plan", "replan") {
      if let start = plan.chosen.start, start >= plan.at { continue }
      fault(plan, "start_at", AuditValue(plan.chosen.start), "an instant not before decided_at")
    }
    guard job.status == .scheduled else { return }
    guard let last = of("plan", "replan").last else {
      return fault(nil, "decisions of kind plan", .number(0), "one, as the job is SCHEDULED")
    }
    agree(last, job.zone, nil, startsThen: false)
  }

  /// Who plans anew, or starts by a plan, has one.
  private func checkEarlierPlans() {
    var hasPlan = false
    for decision in decisions {
      let isByPlan = decision.kind == "start" && decision.rankedBy == "its plan"
      if decision.kind == "replan" || isByPlan, !hasPlan {
        fault(decision, "kind", .text(decision.kind), "a decision of kind plan before it")
      }
      if ["plan", "replan"].contains(decision.kind) { hasPlan = true }
    }
  }

  private func checkOptions(_ decision: AuditDecision) {
    if decision.ranks != Array(1..<decision.ranks.count + 1) {
      fault(decision, "rank", .text("\(decision.ranks)"), "1, 2, 3")
    }
    for (place, option) in decision.options.enumerated() {
      if decision.options[..<place].contains(where: { $0.zone == option.zone }) {
        fault(decision, "options", .text(shown(option.zone)), "a zone that no option before it has")
      }
      if let zone = option.zone.place, !world.zones[zone].couldHold(job.demand, from: decision.at) {
        fault(decision, "options", .text(shown(option.zone)), "a zone that is large enough for the job")
      }
      checkFigures(decision, option)
      guard option.zone == decision.chosen.zone else { continue }
      guard option.start == decision.chosen.start else {
        if decision.kind == "recommend" {
          fault(decision, "start_at", AuditValue(decision.chosen.start), "the start_at of the option in the same zone")
        }
        continue
      }
      let own = decision.chosen
      if option.kilograms != own.kilograms || option.score != own.score || option.cost != own.cost
        || option.intensity != own.intensity || option.terms != own.terms
      {
        fault(decision, "options", .text("other values for the chosen option"), "those of the decision")
      }
    }
    checkFigures(decision, decision.chosen)
  }

  /// A score is the sum of its terms; predicted emissions are the estimated energy times the mean intensity.
  private func checkFigures(_ decision: AuditDecision, _ option: AuditOption) {
    if let terms = option.terms {
      let parts = (try? JSONDecoder().decode([String: Double].self, from: Data(terms.utf8)))?.values.map { $0 }
      let sum = parts?.sorted().reduce(0, +)
      if let sum, agrees(option.score, sum, by: parts?.map(\.magnitude).max() ?? 0) {
      } else {
        fault(
          decision, "score", AuditValue(option.score), sum.map { "\($0), the sum of its terms" } ?? "numbers in terms")
      }
    }
    guard let place = option.zone.place else { return }
    guard let intensity = option.intensity else {
      for (column, figure) in [("predicted_carbon_kg", option.kilograms), ("predicted_cost_gbp", option.cost)] {
        if let figure { fault(decision, column, .number(figure), "nothing, as no intensity is predicted") }
      }
      return
    }
    if option.cost == nil { fault(decision, "predicted_cost_gbp", .nothing, "a cost, as emissions are predicted") }
    let zone = world.zones[place]
    let hours = Double(job.estimated) / 3_600_000
    let energy = (job.estimatedEnergy ?? zone.power(of: job.demand) * hours) * zone.pue
    let kilograms = energy * intensity / 1000
    if !agrees(option.kilograms, kilograms, by: kilograms.magnitude) {
      fault(
        decision, "predicted_carbon_kg", AuditValue(option.kilograms),
        "\(kilograms), the estimated energy times the predicted intensity")
    }
    checkCost(decision, option, place, energy: energy)
  }

  /// At least one where something was chosen; how many they were, no row says.
  private func checkCandidates(_ decision: AuditDecision) {
    let isPlan = decision.rankedBy == "its plan"
    switch decision.candidates {
    case nil:
      guard decision.rankedBy != nil || decision.chosen.intensity != nil else { return }
      fault(decision, "candidates", .nothing, "a count, as something was chosen")
    case let count?:
      let isSound = isPlan ? count == 1 : count >= (decision.chosen.score == nil ? 0 : 1)
      guard !isSound || (decision.rankedBy == nil && decision.chosen.intensity == nil) else { return }
      fault(
        decision, "candidates", .number(Double(count)),
        isPlan ? "1, the plan" : "at least 1, as something was chosen")
    }
  }

  /// The predicted cost is the estimated energy times the mean price, if the scenario says what is believed of it.
  private func checkCost(_ decision: AuditDecision, _ option: AuditOption, _ place: Int, energy: Double) {
    guard let start = option.start else { return }
    let end = start + TimeSpan(milliseconds: job.estimated)
    let mean: Double
    let magnitude: Double
    switch world.facts?.price {
    case .constant(let price)?: (mean, magnitude) = (price, abs(price))
    case .perfect(let horizon)?:
      guard let issued = decision.issuedAt, end <= issued + horizon,
        case .integral(let area, let most) = world.traces(of: run).price[place].integral(from: start, to: end)
      else { return }
      let hours = Double(job.estimated) / 3_600_000
      (mean, magnitude) = (area / hours, most / hours)
    case .unknown?, nil: return
    }
    guard !agrees(option.cost, energy * mean, by: energy * magnitude) else { return }
    fault(
      decision, "predicted_cost_gbp", AuditValue(option.cost),
      "\(energy * mean), the estimated energy times the predicted price")
  }

  private func agrees(_ stored: Double?, _ figure: Double, by scale: Double) -> Bool {
    guard let stored else { return false }
    return abs(stored - figure) <= 1e-9 * max(scale, 1e-12)
  }
}
