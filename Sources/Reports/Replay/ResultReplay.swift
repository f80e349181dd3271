internal import Audit
internal import Domain
internal import Figures
internal import Foundation
internal import Metrics
internal import Mustache
internal import ResultReading
internal import Runs

/// A page on which the map of a result moves: what `zone_samples` tells of its first replication.
public struct ResultReplay {
  private let story: ResultStory
  private let history: ZoneHistory
  private let data: ChartData
  private let counters: [ReplayCounters?]

  /// Zones times policies times instants that a page holds at most; of more samples it has every n-th.
  private static let mostCells = 400_000

  /// Reads a `results.sqlite`. What an interrupted run left in the folder is put right first.
  ///
  /// - Throws: ``BadInput`` where the file is no result, or has no samples; ``OutputError`` where the folder cannot be
  ///   put right.
  public init(path: String) throws {
    try Runner.recover(folderOf: path)
    let data: ChartData
    do {
      story = try ResultStory.read(path: path, labels: RunPlan.labels)
      data = try ResultCharts.read(path: path, labels: RunPlan.labels)
    } catch let refusal as AuditRefusal {
      throw refusal.fault
    }
    guard !story.history.instants.isEmpty else {
      throw BadInput(
        description:
          "\(path): found no rows in zone_samples, expected some (outputs: {samples: default}; a sweep keeps none)")
    }
    self.data = data
    let each = max(story.zones.count * story.runs.count, 1)
    let history = story.history.thinned(to: max(2, ResultReplay.mostCells / each))
    self.history = history
    counters = zip(story.flows, data.policies).map { flow, policy in
      flow.map { ReplayCounters($0, data.cumulatedEmissions(policy), from: data.start, at: history.instants) }
    }
  }

  private static let template = PageText.template(ReplayTemplate.page)

  /// The page; it depends only on the result file.
  public var html: String {
    var palette = ThemedPalette()
    let (running, highest) = (story.mostRunning, story.highestIntensity)
    let maps = [("wide", false), ("narrow", true)].map { id, isNarrow in
      (
        id: "markers-\(id)",
        map: ReplayMap(
          zones: story.zones, running: running, highest: highest, isNarrow: isNarrow, outline: story.ground)
      )
    }
    let grounds = maps.map { id, map -> [String: Any] in
      [
        "id": id, "kind": String(id.dropFirst("markers-".count)), "width": ReplayData.number(map.width, 0),
        "height": ReplayData.number(map.height, 0), "ground": map.ground(&palette, id: id + "-"),
      ]
    }
    let ramp = ReplayMap.ramp.joined(separator: ",")
    let context: [String: Any] = [
      "program": ProgramVersion.text, "title": story.scenario,
      "subtitle": "\(story.start.readable) to \(story.end.readable)", "maps": grounds, "notes": notes, "ramp": ramp,
      "top": ReplayData.number(maps[0].map.top, 0), "colors": PageText.colors(palette),
      "hasAreas": !maps[0].map.areas.isEmpty, "hasOutages": history.isOut.contains { $0.contains(true) },
      "data": ReplayData(story: story, history: history, maps: maps, counters: counters).json,
      "script": ReplayScript.text,
    ]
    return ResultReplay.template.render(context)
  }

  private var notes: [String] {
    var notes: [String] = []
    if story.replications > 1 { notes.append("Replication 1 of \(story.replications).") }
    if history.instants.count < story.history.instants.count {
      notes.append(
        "\(history.instants.count) of \(counted(story.history.instants.count, "sample")) are shown, evenly spaced.")
    }
    if counters.contains(where: { $0?.kilograms.isEmpty == false }) {
      notes.append("Emissions so far are the mean power of the jobs times the carbon intensity, step by step.")
    }
    if let totals { notes.append(totals) }
    return notes
  }

  /// Emissions of all jobs, if some of them are emitted after the clock, where the replay ends; else `nil`.
  private var totals: String? {
    func first(_ metric: String, _ policy: ChartData.Policy) -> Double? { policy.figures[metric]?.first ?? nil }
    guard data.policies.contains(where: { (first("carbon_after_clock_pct", $0) ?? 0) > 0 }) else { return nil }
    let known = data.policies.compactMap { policy in
      first("carbon_kg", policy).map { (label: policy.label, kilograms: $0) }
    }
    let unit = EmissionUnit(fitting: known.map(\.kilograms))
    let decimals = unit == .tonnes ? 2 : 1
    let texts = known.map { "\($0.label) \(String(format: "%.\(decimals)f", $0.kilograms * unit.factor))" }
    return "The replay ends with the clock, and jobs that end later emit more. In all, \(unit.name)CO₂: "
      + texts.joined(separator: ", ") + "."
  }
}
