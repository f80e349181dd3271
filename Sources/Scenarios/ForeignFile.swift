import Domain
import Foundation

/// A file of another kind that was given where a scenario, or a file of variants, is expected: what it is, and which
/// command or key takes it.
struct ForeignFile {
  var found: String
  /// Empty if nothing is known of what to do with it.
  var remedy: String

  init(found: String, remedy: String) {
    self.found = found
    self.remedy = remedy
  }

  private static let results = "pylon report, compare, plot, replay, explain and audit read it"

  /// The error that says so once.
  ///
  /// - Parameter kind: the file that is expected, such as `a scenario`.
  func error(_ path: String, expected kind: String) -> InputError {
    InputError(issues: [
      InputIssue(file: path, found: found, expected: kind + (remedy.isEmpty ? "" : "; " + remedy))
    ])
  }

  // MARK: By its beginning

  /// A result, a picture or a page, by its first bytes; `nil` for anything else.
  init?(head: [UInt8]) {
    if head.starts(with: Array("SQLite format 3\0".utf8)) {
      (found, remedy) = ("an SQLite file, such as a result of pylon run", ForeignFile.results)
      return
    }
    let text = String(decoding: head, as: UTF8.self).lowercased().drop { $0.isWhitespace || $0 == "\u{FEFF}" }
    guard text.first == "<" else { return nil }
    let isPage = text.contains("<!doctype html") || text.contains("<html")
    found = text.contains("<svg") ? "an SVG picture" : isPage ? "an HTML page" : "XML"
    remedy = ""
  }

  /// A folder of results, or one that holds scenarios.
  init?(folder: String) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    if names.contains("results.sqlite") {
      (found, remedy) = ("a folder of results", ForeignFile.results)
      return
    }
    let files = names.filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }.sorted()
      .map { folder.hasSuffix("/") ? folder + $0 : folder + "/" + $0 }
    guard !files.isEmpty else { return nil }
    found = "a directory"
    remedy = files.count == 1 ? "did you mean \(files[0])?" : "such as \(files[0])"
  }

  /// A table, by the header in its first line: no line of a scenario has commas and no colon.
  init?(table text: String, path: String) {
    guard let line = text.split(whereSeparator: \.isNewline).first(where: { !$0.allSatisfy(\.isWhitespace) }) else {
      return nil
    }
    let name = path.lastPathName
    if line.hasPrefix(";"), line.contains(":") || name.lowercased().hasSuffix(".swf") {
      (found, remedy) = ("an SWF log of jobs", "a scenario names it: workload: {file: \(name)}")
      return
    }
    guard !line.contains(":"), !line.hasPrefix("#"), !line.contains(where: { "{}[]".contains($0) }) else { return nil }
    guard let separator: Character = [",", ";", "\t", "|"].first(where: { line.contains($0) }) else { return nil }
    let columns = line.split(separator: separator, omittingEmptySubsequences: false).map {
      $0.trimmingCharacters(in: CharacterSet(charactersIn: "\" \u{FEFF}"))
    }
    guard columns.count > 1, columns.allSatisfy({ $0.count <= 80 }) else { return nil }
    let shown = columns.prefix(3).joined(separator: ", ") + (columns.count > 3 ? ", …" : "")
    let marks = Set(columns.map { $0.lowercased() })
    if !marks.isDisjoint(with: ["run_id", "point"]), !marks.isDisjoint(with: ["policy", "replication"]) {
      (found, remedy) = ("a table of results (\(shown))", "pylon report and compare read results.sqlite beside it")
    } else if !marks.isDisjoint(with: ["job_id", "jobid", "duration_s", "submitted_at", "submit", "elapsed"]) {
      found = "a table of jobs (\(shown))"
      remedy = "a scenario names it: workload: {file: \(name)}; pylon workload describe shows what is read of it"
    } else {
      found = "a table (\(shown))"
      remedy =
        "a scenario names it, as a trace (grid: {carbon: {file: \(name)}}) or as jobs (workload: {file: \(name)})"
    }
  }

  // MARK: By its keys

  /// A mapping that is no scenario: variants, requirements, or some other part of one. `nil` for what is meant to be a
  /// scenario, whose faults are then reported.
  init?(_ root: Tree, path: String) {
    guard case .mapping(let entries) = root.content, !entries.isEmpty else { return nil }
    let keys = entries.map(\.key)
    let own = ScenarioDocument.scenarioKeys
    // A slip of the pen in one of its keys is reported as such.
    guard !keys.contains(where: { own.contains($0) || nearest(to: $0, among: own) != nil }) else { return nil }
    let name = path.lastPathName
    if keys.contains("variants") {
      (found, remedy) = ("a file of variants", "pylon whatif SCENARIO --variants \(name) takes it")
    } else if keys.allSatisfy({ Metric.names.contains($0) }) {
      found = "requirements alone (\(keys.prefix(3).joined(separator: ", ")))"
      remedy = "write them under requirements: of a scenario"
    } else if keys.allSatisfy({ ScenarioDocument.otherKeys.contains($0) }), keys != ["name"] {
      let parts = keys.prefix(3).joined(separator: ", ")
      found = "a part of a scenario (\(parts)), without clock, zones, grid, workload and policies"
      remedy = "write it into one"
    } else {
      return nil
    }
  }
}
