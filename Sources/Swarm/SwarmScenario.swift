internal import Foundation

/// A scenario in parts that can be taken away one by one: the text of its file, and the files beside it.
struct SwarmScenario: Sendable {
  /// A part that speaks of zones.
  struct Part: Sendable {
    var text: String
    /// Codes.
    var zones: Set<String> = []
  }

  /// A line of a job log.
  struct Row: Sendable {
    /// The cells, without the home zone's.
    var text: String
    /// Home zone's code; none where it has none, or the log no such column.
    var home = ""
    /// As results name the job.
    var id: String
    /// True if its submission is within the clock.
    var isWithin: Bool
  }

  enum Jobs: Sendable {
    /// Under `workload`; its jobs are those that the model gives.
    case generated(String)
    /// `jobs.csv` or `jobs.swf`, its header, what stands behind `file:`, and whether lines end with a home zone.
    case log(name: String, header: String, rest: String, hasHomes: Bool, rows: [Row])
  }

  var seed: UInt64
  var clock: String
  /// With each its code.
  var zones: [(code: String, text: String)]
  var grid: String
  /// Name and text.
  var files: [(name: String, text: String)]
  /// Files that are written as gzip, of so many members.
  var compressed: [String: Int] = [:]
  var jobs: Jobs
  var policies: [(name: String, part: Part)]
  var events: [Part]
  /// Whole lines that a scenario may do without.
  var settings: [String]
  /// Text that replaces the list of zones.
  var preset: String?

  /// Numbers of policies, zones, jobs and events, as text.
  var size: String {
    var parts = [SwarmText.count(policies.count, "policy", "policies"), SwarmText.count(zones.count, "zone")]
    if case .log(_, _, _, _, let rows) = jobs { parts.append(SwarmText.count(rows.count, "job")) }
    if !events.isEmpty { parts.append(SwarmText.count(events.count, "event")) }
    return parts.joined(separator: ", ")
  }

  /// The scenario file.
  var yaml: String {
    var lines = ["name: swarm", "seed: \(seed)", "clock: \(clock)"]
    if let preset {
      lines.append("zones: \(preset)")
    } else {
      lines.append("zones:")
      lines += zones.map { "  - \($0.text)" }
    }
    lines.append("grid: \(grid)")
    switch jobs {
    case .generated(let text): lines.append("workload: \(text)")
    case .log(let name, _, let rest, _, _): lines.append("workload: {file: \(name)\(rest)}")
    }
    lines.append("policies:")
    lines += policies.map { "  - \($0.part.text)" }
    if !events.isEmpty { lines.append("events:") }
    lines += events.map { "  - \($0.text)" }
    return (lines + settings).joined(separator: "\n") + "\n"
  }

  /// Writes the scenario and its files into a folder, which is made, and returns the scenario's path.
  func write(into folder: String) throws -> String {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for file in files {
      if let members = compressed[file.name] {
        let bytes = SwarmGzip.bytes(file.text, members: members)
        try Data(bytes).write(to: URL(fileURLWithPath: "\(folder)/\(file.name)"))
      } else {
        try SwarmText.write(file.text, to: "\(folder)/\(file.name)")
      }
    }
    if case .log(let name, let header, _, let hasHomes, let rows) = jobs {
      let lines = rows.map { hasHomes ? "\($0.text),\(SwarmText.cell($0.home))" : $0.text }
      try SwarmText.write(([header] + lines).joined(separator: "\n") + "\n", to: "\(folder)/\(name)")
    }
    let path = folder + "/scenario.yaml"
    try SwarmText.write(yaml, to: path)
    return path
  }

  /// A copy without a zone: everything that refers to that zone alone is removed too, and jobs lose it as their home.
  func without(zone code: String) -> SwarmScenario {
    var other = self
    other.zones.removeAll { $0.code == code }
    other.events.removeAll { $0.zones.contains(code) }
    other.policies.removeAll { $0.part.zones.contains(code) }
    other.settings.removeAll { $0.contains("zones.\(code).") }
    if case .log(let name, let header, let rest, let hasHomes, var rows) = jobs {
      for place in rows.indices where rows[place].home == code { rows[place].home = "" }
      other.jobs = .log(name: name, header: header, rest: rest, hasHomes: hasHomes, rows: rows)
    }
    return other
  }
}

/// Texts of scenarios and reports.
enum SwarmText {
  static func write(_ text: String, to path: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
  }

  /// In double quotes, as YAML reads it.
  static func quoted(_ text: String) -> String {
    "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }

  /// A cell of a CSV.
  static func cell(_ text: String) -> String {
    text.contains { ",\"\n".contains($0) } ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
  }

  /// A time span in seconds.
  static func span(_ milliseconds: Int64) -> String { "\(Double(milliseconds) / 1000)s" }

  /// Epoch seconds with milliseconds, without rounding.
  static func seconds(_ milliseconds: Int64) -> String {
    let size = milliseconds.magnitude
    return "\(milliseconds < 0 ? "-" : "")\(size / 1000).\(String(1000 + size % 1000).dropFirst())"
  }

  static func count(_ count: Int, _ one: String, _ many: String? = nil) -> String {
    "\(self.count(count)) \(count == 1 ? one : many ?? one + "s")"
  }

  /// Digits in threes.
  static func count(_ count: Int) -> String {
    var digits = String(count)
    var at = digits.count - 3
    while at > 0 {
      digits.insert(",", at: digits.index(digits.startIndex, offsetBy: at))
      at -= 3
    }
    return digits
  }
}
