internal import Figures
internal import Mustache
internal import Reports
internal import Results
internal import Runs

/// The page of `pylon whatif -o`: what changed, and the maps and charts of base and variant side by side.
struct WhatIfPage {
  let report: WhatIfReport
  /// A result of the base, and one of each variant, as `results.sqlite`.
  let base: String
  let variants: [String]
  /// By code.
  let zoneNames: [String: String]

  /// The scenario's name on the charts of base (`gb, base`) and variant, which stand side by side. A long title would
  /// have more lines than that of the base: the name of the variant stands above its charts in any case.
  static func title(of scenario: String, _ variant: String?) -> String {
    guard let variant else { return "\(scenario), base" }
    let title = "\(scenario), variant \(variant)"
    return title.count > longestTitle ? "\(scenario), variant" : title
  }

  /// Characters that leave room for the longest title of a chart on one line.
  private static let longestTitle = 36

  /// Width of a picture, px, at which two fit side by side on a screen of 1,280 px.
  private static let width = 620.0

  private static let template = PageText.template(page)

  /// - Throws: ``BadInput`` or ``OutputError`` if a result cannot be read.
  func html() throws -> String {
    var palette = ThemedPalette()
    let before = try ResultReport(path: base, confidence: report.confidence)
    let changes = try zip(report.changes, variants).enumerated().map { place, pair -> [String: Any] in
      let (change, path) = pair
      let after = try ResultReport(path: path, confidence: report.confidence)
      let own = before.pictures(
        &palette, id: "v\(place + 1)-base-", beside: after, event: change.event, width: WhatIfPage.width)
      let others = after.pictures(
        &palette, id: "v\(place + 1)-", beside: before, event: change.event, width: WhatIfPage.width)
      let pairs = own.compactMap { picture -> [String: Any]? in
        guard let other = others.first(where: { $0.name == picture.name }) else { return nil }
        return ["label": picture.label, "before": picture.svg, "after": other.svg]
      }
      return [
        "variant": change.variant, "events": change.events, "verdict": report.verdict(change),
        "broken": change.requirements.filter(\.isChange).map(\.text),
        "requirements": change.requirements.filter { !$0.isChange }.map(\.text), "notes": change.notes,
        "tables": tables(change), "sentences": report.pageSentences(change) + change.reasons, "pairs": pairs,
      ]
    }
    let context: [String: Any] = [
      "program": ProgramVersion.text, "title": "\(report.scenario): what if?", "asked": report.title,
      "notes": report.notes + [report.certaintyNote].compactMap { $0 }, "changes": changes,
      "colors": PageText.colors(palette),
    ]
    return WhatIfPage.template.render(context)
  }

  private func tables(_ change: WhatIfReport.Change) -> [[String: Any]] {
    let shown = change.figures.filter(\.isShown)
    let added = report.pageFigures(change, change.added, base: "\(change.baseline), base")
    let heading = change.addedHeading.map { $0.prefix(1).uppercased() + $0.dropFirst() } ?? ""
    let tables: [(heading: String, lines: [[String]], notes: [String])] = [
      ("What the variant changes", report.keyTable(change), []),
      ("What changed", report.pageFigures(change, shown), change.requirementLegend(shown)),
      (heading, added, change.requirementLegend(change.added)),
      (
        "Zones that gained or lost work", report.pageZones(change, names: zoneNames),
        ["A zone gained work if its jobs used more energy; where that did not change for certain, if it had more jobs."]
      ),
    ]
    return tables.filter { $0.lines.count > 1 }
      .map { heading, lines, notes in
        [
          "heading": heading, "head": lines.first ?? [], "notes": notes + change.legend(of: lines),
          "classes": ["left-2"],
          "rows": lines.dropFirst().map { ["name": $0.first ?? "", "cells": Array($0.dropFirst())] },
        ]
      }
  }

  private static let page = """
    \(ReportTemplate.head)
    <p class="muted">{{asked}}</p>
    </header>
    <style>
    main{max-width:1500px}
    :is(th,td):nth-child(2){text-align:left}
    .pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,520px),1fr));gap:16px}
    .pair figure{margin:8px 0}
    figcaption{color:var(--muted);font-weight:600}
    .pair svg{min-width:0}
    </style>
    {{#notes}}<p class="muted">{{.}}</p>
    {{/notes}}{{#changes}}<section><h2>{{variant}}</h2>
    {{#events}}<p>{{.}}</p>
    {{/events}}{{#verdict}}<p><strong>{{.}}</strong></p>
    {{/verdict}}{{#broken}}<p class="verdict">{{.}}</p>
    {{/broken}}{{#requirements}}<p>{{.}}</p>
    {{/requirements}}{{#notes}}<p>{{.}}</p>
    {{/notes}}{{#tables}}<h3>{{heading}}</h3>
    \(ReportTemplate.table)
    {{/tables}}{{#sentences}}<p class="muted">{{.}}</p>
    {{/sentences}}{{#pairs}}<h3>{{label}}</h3>
    <div class="pair"><figure><figcaption>base</figcaption>
    {{{before}}}</figure><figure><figcaption>variant</figcaption>
    {{{after}}}</figure></div>
    {{/pairs}}</section>
    {{/changes}}</main>
    </body>
    </html>

    """
}
