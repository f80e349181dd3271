internal import Domain
internal import Foundation
internal import Metrics
internal import ResultReading

/// The sentences of an explanation; numbers have four digits that count.
struct ExplanationWords {
  private let explanation: JobExplanation
  private var asked: ExplainedJob { explanation.job }
  private var end: ExplainedOutcome { explanation.outcome }
  private var currency: String { explanation.currency }

  init(_ explanation: JobExplanation) { self.explanation = explanation }

  var job: [String] {
    let cards = "\(brief(asked.gpus)) GPU\(asked.gpus == 1 ? "" : "s")"
    var size = "\(brief(asked.cpuCores)) core\(asked.cpuCores == 1 ? "" : "s"), \(brief(asked.memoryGb)) GB, \(cards)"
    if let energy = asked.estimatedEnergyKwh { size += "; estimated energy \(brief(energy)) kWh" }
    let length =
      asked.actualDurationS == asked.estimatedDurationS
      ? "takes \(span(asked.actualDurationS)), as estimated"
      : "estimated \(span(asked.estimatedDurationS)), takes \(span(asked.actualDurationS))"
    var lines = ["\(asked.type), \(asked.urgency) urgency; \(size); \(length)."]
    let isDue = (asked.latestStart - asked.submittedAt).inSeconds < asked.deferralWindowS
    let reason = isDue ? "its deadline less its estimate" : "its deferral window, \(span(asked.deferralWindowS))"
    let window =
      asked.latestStart > asked.submittedAt
      ? "its latest useful start is \(time(asked.latestStart)) (\(reason))" : "it must start at once"
    let deadline = asked.deadline.map { "; deadline \(time($0))" } ?? ""
    let home = asked.homeZone.map { "; home \($0)" } ?? "; no home zone"
    lines.append("Submitted \(time(asked.submittedAt)); \(window)\(deadline)\(home).")
    lines += policyWindow
    var caps: [String] = []
    if let cap = asked.carbonCapGco2 { caps.append("\(brief(cap)) g in total") }
    if let cap = asked.maxPriceGbp { caps.append("\(brief(cap)) \(currency) in total") }
    if let cap = asked.maxCarbonIntensityGco2Kwh { caps.append("\(brief(cap)) gCO2/kWh at the start") }
    if !caps.isEmpty { lines.append("Caps: \(caps.joined(separator: ", ")).") }
    return lines
  }

  /// The window that the policy's own setting `wait` gives the job.
  private var policyWindow: [String] {
    guard let window = explanation.policyWindow else {
      guard explanation.mayHaveOwnWindow else { return [] }
      return [
        "The policy may have had a window of its own (wait), which this result does not hold: the job's own is searched."
      ]
    }
    let isDue = (window.latestStart - asked.submittedAt).inSeconds < window.waitS
    let kind =
      window.isLong
      ? "jobs estimated at \(span(window.thresholdS)) or more"
      : "jobs of a shorter estimate than \(span(window.thresholdS))"
    return [
      "The policy has a window of its own: it lets \(kind) wait \(span(window.waitS)), this one until "
        + "\(time(window.latestStart))\(isDue ? ", for its deadline" : "")."
    ]
  }

  var outcome: [String] {
    guard let start = end.start, let zone = end.zone else { return neverRan }
    let wait = (start - asked.submittedAt).inSeconds
    let waited = wait > 0 ? "\(span(wait)) after its submission" : "at its submission"
    let until = end.end.map { "to \(time($0))" } ?? "on, and had not ended at the end of the run"
    let place = end.segments.isEmpty ? zone : "\(end.segments[0].zone)"
    var lines = ["\(end.status): ran in \(place) from \(time(start)) \(until), started \(waited)."]
    if !end.segments.isEmpty {
      lines[0] =
        "\(end.status): first ran in \(place) from \(time(start)) on, \(waited); in \(end.segments.count) segments:"
      lines += end.segments.map { "  \($0.zone) from \(time($0.start)) \($0.end.map { "to \(time($0))" } ?? "on")" }
    }
    if end.status == "FAILED", let reason = end.reason { lines.append("It failed: \(reason).") }
    lines += deadline
    if let energy = end.energyKwh, let carbon = end.carbonKg, let cost = end.costGbp {
      let used = "\(brief(energy)) kWh: \(mass(carbon)) of CO2 and \(brief(cost)) \(currency)"
      lines.append(isWhole ? "It used \(used)." : "Its part that ran used \(used).")
    }
    return lines
  }

  private var neverRan: [String] {
    let fate =
      switch end.status {
      case "REJECTED": "REJECTED: \(rejection(end.reason))."
      case "SCHEDULED": "SCHEDULED for \(end.zone ?? "no zone") at the end of the run; it never ran."
      default: "\(end.status): it never ran."
      }
    return [fate] + obstacles + deadline
  }

  /// A zone that is out is not too small: where an event keeps a job from a zone, the stored reason is too narrow.
  private func rejection(_ stored: String?) -> String {
    guard let stored else { return "no reason is stored" }
    return end.obstacles.contains { $0.since != nil } ? "no zone that it may use can hold it" : stored
  }

  /// More zones are counted.
  private static let mostObstacles = 8

  private var obstacles: [String] {
    let shown = end.obstacles.prefix(ExplanationWords.mostObstacles).map { obstacle in
      let since = obstacle.since.map { " from \(time($0)) on" } ?? ""
      if obstacle.isOut { return "  \(obstacle.zone): an outage\(since), without an end" }
      let has = lacking(obstacle.cpuCores, obstacle.memoryGb, obstacle.gpus)
      return "  \(obstacle.zone): a capacity of \(has)\(since)"
    }
    let rest = end.obstacles.count - shown.count
    return shown + (rest > 0 ? ["  and \(counted(rest, "more zone"))"] : [])
  }

  /// `1 of the 2 cores it needs`: the resources of which there are too few.
  private func lacking(_ cores: Double, _ memory: Double, _ gpus: Double) -> String {
    [(cores, asked.cpuCores, "cores"), (memory, asked.memoryGb, "GB"), (gpus, asked.gpus, "GPUs")]
      .filter { $0.0 < $0.1 }.map { "\(brief($0.0)) of the \(brief($0.1)) \($0.2) it needs" }.joined(separator: ", ")
  }

  /// True if the job ran to its end, so that its energy is that of the whole job.
  private var isWhole: Bool { end.status == "COMPLETED" }

  /// A job that did not complete has missed its deadline, however early it ended; nothing tells by how much.
  private var deadline: [String] {
    guard let deadline = asked.deadline else { return [] }
    guard isWhole, let late = end.end.map({ ($0 - deadline).inSeconds }) else {
      return ["It missed its deadline, as it did not complete."]
    }
    if late > 0 { return ["It missed its deadline by \(span(late))."] }
    return ["It met its deadline with \(span(-late)) to spare."]
  }

  // MARK: Why

  var reasons: [String] {
    guard explanation.hasDecisionLog else {
      let ranked =
        end.recommended.isEmpty
        ? "No zones were recommended." : "The recommended zones were \(list(end.recommended)), best first."
      return [
        ranked,
        "The policy's candidates, scores and predictions are not in this result: it was written without a decision log "
          + "(outputs: {decisions: all}).",
      ]
    }
    if explanation.decisions.isEmpty { return ["There are no decisions on this job."] }
    var planned: Instant?
    return explanation.decisions.flatMap { decision in
      defer { if decision.kind == "plan" || decision.kind == "replan" { planned = decision.chosen?.start } }
      return lines(of: decision, planned: planned)
    }
  }

  /// - Parameter planned: the start that it was planned for until then.
  private func lines(of decision: ExplainedDecision, planned: Instant?) -> [String] {
    let at = "\(time(decision.at)):"
    guard let chosen = decision.chosen else { return ["\(at) rejected: \(rejection(decision.reason))."] }
    switch decision.kind {
    case "suspend": return ["\(at) suspended in \(chosen.zone)."]
    case "resume": return ["\(at) resumed in \(chosen.zone)."]
    case "start" where decision.rankedBy == "its plan":
      let late = planned.map { (decision.at - $0).inSeconds } ?? 0
      return ["\(at) started in \(chosen.zone), \(late > 0 ? "\(span(late)) after its planned start" : "as planned")."]
    case "recommend":
      return [
        "\(at) recommended \(list(decision.options.map(\.zone)))\(decision.rankedBy.map { ", ranked by \($0)" } ?? "")."
      ]
    default: break
    }
    let verb =
      switch decision.kind {
      case "plan": "planned for \(chosen.zone) at \(chosen.start.map { time($0) } ?? "?")"
      case "replan":
        (planned.map { $0 <= decision.at } == true
          ? "could not start at its planned start, planned again"
          : "planned again before its planned start,")
          + " for \(chosen.zone) at \(chosen.start.map { time($0) } ?? "?")"
      default: "started in \(chosen.zone)"
      }
    let count = decision.candidates.map { "of \(counted($0, "candidate"))" }
    let by = decision.rankedBy.map { "by \($0)" } ?? "the policy gives no reasons"
    var lines = ["\(at) \(verb), \([count, by].compactMap { $0 }.joined(separator: ", ")); \(figures(chosen))."]
    for other in decision.options where other.zone != chosen.zone || other.start != chosen.start {
      let start = other.start.map { " at \(time($0))" } ?? ""
      lines.append("  compared with \(other.zone)\(start); \(figures(other)).")
    }
    return lines
  }

  private func figures(_ option: ExplainedOption) -> String {
    var parts: [String] = []
    if let score = option.score {
      let terms = option.terms.map { "\($0.name) \(brief($0.value))" }.joined(separator: " + ")
      parts.append("score \(brief(score))" + (terms.isEmpty ? "" : " = \(terms)"))
    }
    if let carbon = option.predictedCarbonKg, let cost = option.predictedCostGbp,
      let intensity = option.predictedIntensityGco2Kwh
    {
      parts.append("predicted \(mass(carbon)) at \(brief(intensity)) gCO2/kWh and \(brief(cost)) \(currency)")
    }
    return parts.isEmpty ? "nothing was predicted" : parts.joined(separator: "; ")
  }

  // MARK: Waiting

  /// More stretches are summed up.
  private static let mostStretches = 8

  var waiting: [String] {
    guard let wait = explanation.wait else { return [] }
    let since = wait.plannedStart == wait.from ? "its planned start" : "its submission"
    let end = wait.hasStarted ? "its start" : "the end of the clock"
    let length = (wait.until - wait.from).inSeconds
    var lines = [
      "It waited \(span(length)) from \(since) at \(time(wait.from)) to \(end) at \(time(wait.until)). "
        + "\(wait.zone) had then:"
    ]
    let shown = wait.stretches.prefix(ExplanationWords.mostStretches)
    lines += shown.map { stretch in
      let length = span((stretch.until - stretch.from).inSeconds)
      return "  from \(time(stretch.from)) to \(time(stretch.until)) (\(length)): \(reason(stretch))"
    }
    let rest = wait.stretches.dropFirst(shown.count)
    if !rest.isEmpty {
      let without = rest.filter { [.outage, .tooSmall, .noRoom].contains($0.reason) }
        .reduce(0) { $0 + ($1.until - $1.from).inSeconds }
      let more = counted(rest.count, "more stretch", plural: "more stretches")
      lines.append("  \(more), \(span(without)) of them without room")
    }
    return lines + unknown(wait.stretches)
  }

  private func reason(_ stretch: ExplainedStretch) -> String {
    switch stretch.reason {
    case .outage: return "an outage"
    case .tooSmall: return "less capacity than the job needs"
    case .noRoom:
      return "no room; free at first: "
        + lacking(stretch.freeCpuCores, stretch.freeMemoryGb, stretch.freeGpus)
    case .overIntensityCap:
      return "room, but at first \(brief(stretch.intensityGco2Kwh ?? 0)) gCO2/kWh, above the job's cap of "
        + brief(asked.maxCarbonIntensityGco2Kwh ?? 0)
    case .otherJobs:
      let named = stretch.firstOfOtherJobs
      let more = stretch.otherJobs - named.count
      return "room, while at first \(counted(stretch.otherJobs, "other job")) waited for the zone: "
        + named.joined(separator: ", ") + (more > 0 ? " and \(more) more, by their starts" : "")
    case .room: return "room, and no job that later started there waited"
    }
  }

  /// Sentences on reasons for a wait that the result does not contain.
  private func unknown(_ stretches: [ExplainedStretch]) -> [String] {
    let hadRoom = stretches.contains { [.otherJobs, .room].contains($0.reason) }
    if hadRoom, !explanation.hasDecisionLog, explanation.wait?.hasStarted == true {
      return [
        "A policy that plans starts may have meant it to wait: only a decision log (outputs: {decisions: all}) has the "
          + "plans, and no result has the order of the queue."
      ]
    }
    if stretches.contains(where: { $0.reason == .otherJobs }) {
      return ["The result does not have the order of the queue, so any of the other jobs may have been ahead of it."]
    }
    guard stretches.contains(where: { $0.reason == .room }) else { return [] }
    return ["The result does not say what it waited for while there was room."]
  }

  // MARK: Forecast and alternatives

  var forecast: [String] {
    guard let verdict = explanation.forecast else { return [] }
    let predicted = verdict.predicted
    let issued = verdict.issuedAt.map { ", by the forecast of \(time($0))" } ?? ""
    var lines = [
      "Predicted at \(time(verdict.decidedAt)) for \(span(asked.estimatedDurationS)) from \(time(verdict.start)) in "
        + "\(verdict.zone)\(issued): \(mass(predicted.carbonKg)) and \(brief(predicted.costGbp)) \(currency)."
    ]
    if let real = verdict.onTheRealTrace, let intensity = real.intensityGco2Kwh,
      let believed = predicted.intensityGco2Kwh
    {
      lines.append(
        "The grid had \(brief(intensity)) gCO2/kWh over that time instead of the predicted \(brief(believed))"
          + "\(change(intensity, from: believed)): \(mass(real.carbonKg)) and \(brief(real.costGbp)) \(currency).")
    } else {
      lines.append("The trace in this result does not cover that time.")
    }
    if isWhole, let carbon = end.carbonKg, let cost = end.costGbp {
      lines.append(
        "As the job ran: \(mass(carbon))\(change(carbon, from: predicted.carbonKg)) and \(brief(cost)) \(currency)"
          + "\(change(cost, from: predicted.costGbp)) compared with the prediction.")
    }
    return lines
  }

  var table: [[String]] {
    guard !explanation.alternatives.isEmpty else { return [] }
    let hasStarted = end.start != nil
    var head = ["zone"]
    let unit = EmissionUnit(
      fitting: explanation.alternatives.flatMap { [$0.atItsStart?.carbonKg, $0.atSubmission?.carbonKg] })
    // No two columns have one name.
    if hasStarted { head += ["\(unit.name) at its start", "\(currency) then", "room then"] }
    head += ["\(unit.name) at submission", "\(currency) at submission", "room at submission"]
    func cells(_ draw: ExplainedDraw?) -> [String] {
      [draw.map { brief($0.carbonKg * unit.factor) } ?? "–", draw.map { brief($0.costGbp) } ?? "–"]
    }
    func room(_ hadRoom: Bool?, _ outage: Instant?) -> [String] {
      [outage != nil ? "outage" : hadRoom == true ? "yes" : "no"]
    }
    return [head]
      + explanation.alternatives.map { other in
        var row = [other.zone]
        if hasStarted { row += cells(other.atItsStart) + room(other.hadRoomAtItsStart, other.outageAtItsStart) }
        return row + cells(other.atSubmission) + room(other.hadRoomAtSubmission, other.outageAtSubmission)
      }
  }

  var hindsight: [String] {
    guard !explanation.alternatives.isEmpty else { return [] }
    var lines: [String] = []
    if let least = explanation.leastInHindsight, isWhole, let carbon = end.carbonKg, isLess(carbon, least.draw.carbonKg)
    {
      let last = explanation.policyWindow?.latestStart ?? asked.latestStart
      let late = end.start.map { $0 > last } == true ? ": it started later" : ""
      lines.append(
        "No uninterrupted run that starts from its submission to \(time(last)) would have emitted less, with or without "
          + "room\(late).")
    } else if let least = explanation.leastInHindsight {
      let saved = isWhole ? end.carbonKg.map { change(least.draw.carbonKg, from: $0) } : nil
      lines.append(
        "Lowest in hindsight, with or without room: \(least.zone) at \(time(least.start)), \(mass(least.draw.carbonKg))"
          + "\(saved ?? "") and \(brief(least.draw.costGbp)) \(currency).")
    } else if explanation.hasPossibleStart {
      lines.append("The trace in this result does not cover the job's whole window.")
    } else {
      lines.append(
        "No start in its window was possible: each zone was out or too small, or an outage would have cut the run.")
    }
    if isWhole, let carbon = end.carbonKg, let least = explanation.leastInSegments, !isLess(carbon, least.carbonKg) {
      lines.append(
        "Lowest in segments, if suspensions cost nothing: \(least.zone), \(mass(least.carbonKg))"
          + "\(change(least.carbonKg, from: carbon)).")
    }
    lines.append(
      "Values are for its actual duration without interruption; room is what other jobs left free at that instant.")
    if explanation.alternatives.contains(where: { $0.outageAtItsStart != nil || $0.outageAtSubmission != nil }) {
      lines.append("outage: the zone was out at that instant, or an outage would have ended or suspended the run.")
    }
    return lines
  }

  // MARK: Texts

  private func list(_ zones: [String]) -> String { zones.joined(separator: ", ") }

  /// ` (+12.3 %)`; nothing where there is nothing to compare with. Less than a thousandth of a percent is the same; less
  /// than the last digit shows has one digit that counts.
  private func change(_ value: Double, from base: Double) -> String {
    if abs(value - base) <= 1e-5 * max(value.magnitude, base.magnitude) { return " (the same)" }
    guard base != 0 else { return "" }
    let percent = 100 * (value - base) / base.magnitude
    return String(format: abs(percent) < 0.05 ? " (%+.1g %%)" : " (%+.1f %%)", percent)
  }

  /// True if a mass is clearly less than another: less than a thousandth of a percent is the same.
  private func isLess(_ one: Double, _ other: Double) -> Bool {
    other - one > 1e-5 * max(one.magnitude, other.magnitude)
  }

  /// Whole seconds have no fraction.
  private func time(_ instant: Instant) -> String { instant.iso8601.replacing(".000Z", with: "Z") }

  /// `12.5 kg`, `3 g`.
  private func mass(_ kilograms: Double) -> String {
    let unit = EmissionUnit(fitting: [kilograms])
    return "\(brief(kilograms * unit.factor)) \(unit.name)"
  }

  private func brief(_ value: Double) -> String {
    if value == value.rounded(), abs(value) < 1e6 { return "\(Int(value))" }
    return String(format: "%.4g", value)
  }

  /// `1 h 30 min`.
  private func span(_ seconds: Double) -> String {
    let milliseconds = Int64(min(max((seconds * 1000).rounded(), -4e15), 4e15))
    let units: [(Int64, String)] = [(86_400_000, "d"), (3_600_000, "h"), (60_000, "min")]
    var left = milliseconds
    var parts: [String] = []
    for (length, name) in units where left >= length {
      parts.append("\(left / length) \(name)")
      left %= length
    }
    if left > 0 || parts.isEmpty { parts.append("\(brief(Double(left) / 1000)) s") }
    return parts.joined(separator: " ")
  }
}
