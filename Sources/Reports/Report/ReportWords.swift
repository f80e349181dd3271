internal import Domain
internal import Metrics
internal import ResultReading
internal import Runs

/// The text of a report around its figures.
package struct ReportWords {
  private let story: ResultStory
  private let data: ChartData
  private let point: Int?

  init(_ story: ResultStory, _ data: ChartData, point: Int?) {
    self.story = story
    self.data = data
    self.point = point
  }

  var title: String { story.scenario }

  var subtitle: String {
    let place = point.map { ", point \($0) of a sweep" } ?? ""
    return "\(story.start.readable) to \(story.end.readable)\(place)"
  }

  private var baseline: String { story.runs.first(where: \.isBaseline)?.label ?? "" }

  var asked: [String] {
    let names = story.runs.map(\.label)
    let others = names.filter { $0 != baseline }
    let submitted = data.policies.first?.mean("jobs_submitted")
    let jobs =
      submitted.map {
        "\(ReportNumber.count(Int($0.rounded()), "job"))\(story.replications > 1 ? " per replication" : "")"
      } ?? "the same jobs"
    var text =
      "What would \(ReportWords.list(others.isEmpty ? names : others)) have emitted, cost and delayed"
    if !others.isEmpty { text += ", against \(baseline), the baseline" }
    text += "?"
    var facts = "\(jobs) in \(ReportNumber.count(story.zones.count, "zone")) from \(story.start.readable) to "
    facts += "\(story.end.readable) (\(ReportNumber.span(seconds: (story.end - story.start).inHours * 3600)))"
    facts += story.replications > 1 ? ", \(story.replications) replications." : "."
    if story.replications > 1, let variation = story.variation {
      let heading = variation.heading(replications: story.replications)
      facts += " \(ReportWords.sentence(variation.affectsAll ? "intervals are \(heading)" : heading))."
      if variation.sources.contains(.window) {
        facts += " Each replication starts its clock elsewhere; these instants are those of the first."
      }
    }
    if story.warmUp > .zero {
      facts +=
        " Jobs submitted within the first \(ReportNumber.span(seconds: story.warmUp.inSeconds)) are not counted."
    }
    facts += story.drains ? "" : " Jobs still running at the end count as unfinished."
    return [text, facts]
  }

  private static func sentence(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }

  static func list(_ names: [String]) -> String {
    names.count < 2 ? names.first ?? "" : names.dropLast().joined(separator: ", ") + " and " + (names.last ?? "")
  }

  var zones: [[String]] {
    [["zone", "code", "region", "CPU cores", "memory, GB", "GPUs", "PUE"]]
      + story.zones.map { zone in
        [
          zone.name, zone.code, zone.region, ReportNumber.exact(zone.capacity.cpuCores),
          ReportNumber.exact(zone.capacity.memoryGigabytes), ReportNumber.exact(zone.capacity.gpus),
          ReportNumber.exact(zone.pue),
        ]
      }
  }

  // MARK: How it came about

  var scenarioNotes: [String] {
    guard let provenance = story.provenance else {
      return ["The result does not contain the scenario's text; the zones stored in it follow."]
    }
    guard provenance.text != nil else {
      return ["\(provenance.file) is too long to be stored in a result; the zones stored in it follow."]
    }
    let changed = provenance.options.isEmpty ? "" : ", before the command line's options (below) changed it"
    return [
      "\(provenance.file) as it stood when the result was made\(changed). Files that it names are not in the result."
    ]
  }

  /// The line of a shell that makes the result again; `nil` where the file does not tell.
  var command: String? {
    guard let provenance = story.provenance, point == nil else { return nil }
    let options = provenance.options.map { " \($0.name) \(ReportWords.quoted($0.value))" }.joined()
    return "pylon run \(ReportWords.quoted(provenance.file))\(options)"
  }

  var againNotes: [String] {
    if point != nil {
      return ["It is a point of a sweep: pylon sweep run reproduces it, with the settings in point_settings."]
    }
    guard command != nil else { return ["The result does not record the file and the options that made it."] }
    return [
      "The same scenario, input files and seed give the same bytes, on any number of threads; the placement "
        + "signatures show whether every job started in the same zone at the same time."
    ]
  }

  var facts: [(name: String, value: String)] {
    var facts = [("seed", String(story.seed)), ("replications", String(story.replications))]
    if let variation = story.variation { facts.append(("varies between replications", variation.text)) }
    if let provenance = story.provenance { facts.append(("made by", "pylon \(provenance.version)")) }
    if let homes = story.provenance?.homes { facts.append(("home zones", homes)) }
    facts += [
      ("order of events", "version \(story.eventOrderVersion)"), ("report by", "pylon \(ProgramVersion.text)"),
      ("job rows", story.hasWorkloads ? "in the result; pylon audit recomputes every value" : "not stored"),
    ]
    for run in story.runs {
      facts.append(
        ("placements of \(run.label)", run.placementSignature + (story.replications > 1 ? " (replication 1)" : "")))
    }
    return facts
  }

  /// A word of a POSIX shell's command line.
  package static func quoted(_ word: String) -> String {
    let plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:=,+-@%".unicodeScalars
    if !word.isEmpty, word.unicodeScalars.allSatisfy({ plain.contains($0) }) { return word }
    return "'" + word.replacing("'", with: "'\\''") + "'"
  }
}
