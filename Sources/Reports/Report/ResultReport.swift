internal import Audit
internal import Domain
package import Figures
internal import Metrics
internal import Mustache
internal import ResultReading
internal import Runs
internal import Scenarios

/// One page that tells what a result was asked, what came out, and how to run it again.
public struct ResultReport {
  /// How it is written.
  public enum Format: String, Sendable, CaseIterable {
    case html, markdown
  }

  private let story: ResultStory
  private let data: ChartData
  private let verdict: ReportVerdict
  private let words: ReportWords

  /// Reads a `results.sqlite`. What an interrupted run left in the folder is put right first.
  ///
  /// - Parameters:
  ///   - confidence: of the intervals, in 0.5...0.9999.
  ///   - point: of a sweep, from 1; `nil` for what is none, or has no other.
  /// - Throws: ``BadInput`` where the file is no result; ``OutputError`` where the folder cannot be put right.
  public init(path: String, confidence: Double = 0.95, point: Int? = nil) throws {
    let comparison = try ResultComparison(path: path, metrics: [], confidence: confidence, point: point)
    do {
      story = try ResultStory.read(path: path, point: point, labels: RunPlan.labels)
      data = try ResultCharts.read(path: path, point: point, labels: RunPlan.labels)
    } catch let refusal as AuditRefusal {
      throw refusal.fault
    }
    verdict = ReportVerdict(
      comparison.comparison, comparison.currency, standings: comparison.standings,
      notes: [comparison.homeNote].compactMap { $0 },
      outages: FailureSentences.all(story.failures, replications: story.replications).map {
        $0.prefix(1).uppercased() + $0.dropFirst() + "."
      }, delays: story.delays)
    words = ReportWords(story, data, point: point)
  }

  /// The report in a format; its text depends only on the result file.
  public func written(as format: Format) -> String {
    switch format {
    case .html: html
    case .markdown: markdown
    }
  }

  // MARK: Markdown

  private var markdown: String {
    var parts = ["## \(MarkdownText.escaped(words.title))"]
    parts += words.asked.map(MarkdownText.escaped)
    parts.append(
      "**Verdict.** " + MarkdownText.escaped(verdict.sentences.filter { !$0.isEmpty }.joined(separator: " ")))
    for table in tables {
      parts += ["### \(MarkdownText.escaped(table.heading))", MarkdownText.table(table.lines, left: table.left)]
      parts += table.notes.map(MarkdownText.escaped)
    }
    parts.append("### How to run it again")
    if let command = words.command { parts.append(MarkdownText.code(command, "sh")) }
    parts += words.againNotes.map(MarkdownText.escaped)
    parts.append(
      words.facts.map { "- \(MarkdownText.escaped($0.name)): \(MarkdownText.escaped($0.value))" }
        .joined(separator: "\n"))
    if let text = story.provenance?.text {
      parts.append(
        "<details><summary>\(MarkdownText.escaped(story.provenance?.file ?? ""))</summary>\n\n"
          + MarkdownText.code(text, "yaml") + "\n\n</details>")
    }
    return parts.joined(separator: "\n\n")
  }

  /// One outcome has none.
  private var hasMeans: Bool { story.replications > 1 && story.variation?.isEmpty != true }

  /// - `left`: how many columns are texts.
  private var tables: [(heading: String, lines: [[String]], notes: [String], left: Int)] {
    let means = (
      hasMeans ? "Means over the replications" : "Metrics of the policies", verdict.means,
      verdict.legend, 1
    )
    var tables = [means]
    if !verdict.differences.isEmpty {
      tables.append(
        (
          "Differences from \(verdict.baselineLabel)" + (hasMeans ? ", replication by replication" : ""),
          verdict.differences, verdict.workNotes, 1
        ))
    }
    if !story.late.isEmpty { tables.append(late) }
    return tables
  }

  private var late: (heading: String, lines: [[String]], notes: [String], left: Int) {
    let place = story.replications > 1 ? ", replication 1" : ""
    return (
      "Jobs that ended the longest after their deadlines\(place)",
      [LateJobTable.head] + story.late.map { LateJobTable.row($0) },
      ["pylon explain RESULT JOB --policy POLICY prints when and why such a job waited."], 3
    )
  }

  // MARK: HTML

  private static let template = PageText.template(ReportTemplate.page)

  private var html: String {
    var palette = ThemedPalette()
    let figures = pictures(&palette).map { ["id": $0.name, "label": $0.label, "svg": $0.svg] }
    let context: [String: Any] = [
      "program": ProgramVersion.text, "title": words.title, "subtitle": words.subtitle, "asked": words.asked,
      "verdict": verdict.sentences.filter { !$0.isEmpty }.joined(separator: " "),
      "tables": tables.map { table -> [String: Any] in
        [
          "heading": table.heading, "head": table.lines.first ?? [], "rows": table.lines.dropFirst().map(Self.row),
          "notes": table.notes, "classes": table.left > 1 ? ["left-\(table.left)"] : [],
        ]
      },
      "hasFigures": !figures.isEmpty, "figures": figures, "scenarioNotes": words.scenarioNotes,
      "scenarioText": [story.provenance?.text].compactMap { $0 },
      "zoneHead": words.zones.first ?? [], "zones": words.zones.dropFirst().map(Self.row),
      "command": [words.command].compactMap { $0 }, "againNotes": words.againNotes,
      "facts": words.facts.map { ["name": $0.name, "value": $0.value] }, "colors": PageText.colors(palette),
    ]
    return ResultReport.template.render(context)
  }

  private static func row(_ cells: [String]) -> [String: Any] {
    ["name": cells.first ?? "", "cells": Array(cells.dropFirst())]
  }

  /// The map and the charts that the result has something for.
  ///
  /// - Parameters:
  ///   - prefix: put before ids within the pictures, so that those of several results may stand on one page.
  ///   - other: a result whose pictures stand beside these: scales and axes are those that hold both.
  ///   - event: the middle of which has a map, in place of the clock's middle.
  ///   - width: px.
  package func pictures(
    _ palette: inout ThemedPalette, id prefix: String = "", beside other: ResultReport? = nil,
    event: ShownEvent? = nil, width: Double = MapMultiples.standardWidth
  ) -> [(name: String, label: String, svg: String)] {
    var pictures: [(name: String, label: String, svg: String)] = []
    let places = mapPlaces(event)
    let ofEvent = event.flatMap(samplePlace)
    let scale = MapScale(
      places.flatMap(snapshots) + (other.map { $0.mapPlaces(event).flatMap($0.snapshots) } ?? []),
      highest: max(story.highestIntensity, other?.story.highestIntensity ?? 0),
      running: max(story.mostRunning, other?.story.mostRunning ?? 0))
    if let event, let at = ofEvent {
      let svg = map(&palette, id: "\(prefix)map-event-", at, scale, width)
      pictures.append(("map-event", "Map in the middle of an event: \(event.text)", svg))
    }
    for (number, at) in places.filter({ $0 != ofEvent }).enumerated() {
      let suffix = number == 0 ? "" : "-\(number + 1)"
      pictures.append(
        (
          "map\(suffix)", "Map: policies side by side\(suffix)",
          map(&palette, id: "\(prefix)map\(suffix)-", at, scale, width)
        ))
    }
    for name in ChartName.allCases {
      guard var figure = ChartCatalog.figure(name, data) else { continue }
      figure.width = width
      if let besides = other.flatMap({ ChartCatalog.figure(name, $0.data) }) { figure.shareAxes(with: besides) }
      let svg = figure.svg(&palette, id: "\(prefix)\(name.rawValue)-")
      pictures.append(("chart-\(name.rawValue)", "Chart: \(name.rawValue)", svg))
    }
    return pictures
  }

  /// Maps on a page; of more, so many are drawn at even distances.
  private static let mostMaps = 8

  /// The sample that shows an event: the last one up to its middle, or else the first one within it.
  ///
  /// - Returns: `nil` if the event fell between two samples.
  private func samplePlace(_ event: ShownEvent) -> Int? {
    let samples = story.history.instants
    if let at = samples.lastIndex(where: { $0 <= event.middle }), event.span.contains(samples[at]) { return at }
    return samples.firstIndex { event.span.contains($0) }
  }

  /// The samples that maps show: the event's, and the last ones up to the instants of `outputs.maps`; of a scenario
  /// that has none, up to the clock's middle if there is no event.
  private func mapPlaces(_ event: ShownEvent?) -> [Int] {
    let samples = story.history.instants
    guard !samples.isEmpty else { return [] }
    let middle = story.start + TimeSpan(milliseconds: (story.end - story.start).milliseconds / 2)
    var instants: [Instant]
    let ofEvent = event.flatMap(samplePlace)
    switch askedMaps {
    case .standard: instants = ofEvent == nil ? [middle] : []
    case .none: instants = []
    case .at(let own):
      instants = own.filter { $0 >= story.start && $0 < story.end }
      // Those of other windows' clocks are not in the first replication.
      if instants.isEmpty { instants = [middle] }
    case .every(let span):
      let count = (story.end - story.start - TimeSpan(milliseconds: 1)).milliseconds / span.milliseconds
      instants = (0...count).map { story.start + TimeSpan(milliseconds: $0 * span.milliseconds) }
    }
    if instants.count > ResultReport.mostMaps {
      let step = Double(instants.count - 1) / Double(ResultReport.mostMaps - 1)
      instants = (0..<ResultReport.mostMaps).map { instants[Int((Double($0) * step).rounded())] }
    }
    return ([ofEvent].compactMap { $0 } + instants.map { at in samples.lastIndex { $0 <= at } ?? 0 }).uniqued
  }

  /// `outputs.maps` of the scenario that the result holds.
  private var askedMaps: OutputSpec.Times {
    guard let provenance = story.provenance, let text = provenance.text,
      let document = try? ScenarioDocument(text: text, path: provenance.file)
    else { return .standard }
    let overrides = provenance.options.filter { $0.name == "--set" }.compactMap { option in
      let parts = option.value.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return parts.count == 2 ? (key: String(parts[0]), value: String(parts[1])) : nil
    }
    let scenario = try? document.scenario(overrides: overrides, knownPolicies: Runner.policyNames)
    return scenario?.outputs.maps ?? .standard
  }

  /// The policies at a sample.
  private func snapshots(_ at: Int) -> [MapSnapshot] {
    let history = story.history
    return zip(story.runs, history.runs).map { run, seen in
      var snapshot = MapSnapshot(
        scenario: story.scenario, policy: run.label, at: history.instants[at],
        zones: story.zones.indices.map { zone in
          ZoneStanding(
            zone: story.zones[zone], assigned: seen.assigned[zone][at], running: seen.running[zone][at],
            intensity: history.intensity[zone][at].map { CarbonIntensity($0) }, isOut: history.isOut[zone][at])
        }, pending: 0)
      snapshot.replications = story.replications
      return snapshot
    }
  }

  /// The policies side by side at a sample.
  private func map(
    _ palette: inout ThemedPalette, id prefix: String, _ at: Int, _ scale: MapScale, _ width: Double
  ) -> String {
    let snapshots = snapshots(at)
    let labels = story.runs.map(\.label)
    return palette.merged(
      light: MapMultiples.policies(
        snapshots, labels: labels, scale: scale, width: width, outline: story.ground, theme: .light),
      dark: MapMultiples.policies(
        snapshots, labels: labels, scale: scale, width: width, outline: story.ground, theme: .dark), id: prefix)
  }
}
