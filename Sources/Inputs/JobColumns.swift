import Domain
import Foundation

/// The columns of a job file.
enum JobColumn: Int, CaseIterable {
  case jobID
  case submittedAt
  case workloadName
  case workloadType
  case urgency
  case userID
  case cores
  case memory
  case gpus
  case gpuMinutes
  case duration
  case actualDuration
  case energy
  case carbonCap
  case intensityCap
  case priceCap
  case deferral
  case deadline
  case homeZone

  var place: Int { rawValue }
  var name: String { JobReading.columnNames[rawValue] }
}

/// The fields of a row that hold the columns.
struct JobHeader: Sendable {
  /// Field of each column, in the order of the cases; -1 if the file lacks the column or a rule of ``table`` reads it.
  private(set) var fieldOf = [Int](repeating: -1, count: JobColumn.allCases.count)
  /// Name of each column, with the file's own name for it if that is different.
  private(set) var labels = JobReading.columnNames
  private(set) var count = 0
  private(set) var separator: UInt8 = 44
  /// True if the columns have numbers for names, and the first line is a row.
  private(set) var isNumbered = false
  /// Rules for cells that are not read as they stand; `nil` if all are.
  private(set) var table: JobTable?
  /// The file's columns that are not read and not ignored by name.
  private(set) var unread: [String] = []
  private var has: [Bool] = JobColumn.allCases.map { _ in false }

  init() {}

  init(
    _ header: JobHeaderLine, reading: JobReading, isBatchUpload: Bool = false, issues: inout IssueList
  ) {
    count = header.names.count
    separator = header.dialect.separator
    isNumbered = reading.header == .none
    var used = Set<Int>()
    var rules = [JobCellRule?](repeating: nil, count: JobColumn.allCases.count)
    for column in reading.columns {
      guard let place = JobColumn.allCases.firstIndex(where: { $0.name == column.name }) else { continue }
      has[place] = true
      guard let rule = JobCellRule(column, header, &issues) else { continue }
      used.formUnion(rule.fields)
      if column.source != column.name { labels[place] = "\(column.source.printable()) (\(column.name))" }
      if rule.isPlain { fieldOf[place] = rule.source } else { rules[place] = rule }
    }
    for column in JobColumn.allCases where !has[column.place] {
      guard let field = header.place(of: column.name), !header.isIgnored(field, reading) else { continue }
      header.refuseTwin(of: field, &issues)
      has[column.place] = true
      fieldOf[column.place] = field
      used.insert(field)
    }
    let rest = header.names.indices.filter { !used.contains($0) && !header.isIgnored($0, reading) }
    unread = reading.ignoresOthers ? [] : rest.map { header.names[$0] }
    var suggested = Set<Int>()
    if reading.header == .line, !reading.ignoresOthers {
      suggested = refuseNearMisses(rest, header, counted: rules[JobColumn.submittedAt.place]?.source, &issues)
    }
    table = JobTable(rules: rules, fieldOf: &fieldOf, reading: reading, dialect: header.dialect)
    refuseMissing(header, isBatchUpload, suggested, &issues)
  }

  func has(_ column: JobColumn) -> Bool { has[column.place] }

  /// True if rows have a cell for a column; false if it is mapped to a column that the file lacks, which was reported
  /// already.
  func isReadable(_ column: JobColumn) -> Bool {
    fieldOf[column.place] >= 0 || table?.rules[column.place] != nil
  }

  /// Refuses columns that are called almost as one that is absent, or by another word for it.
  ///
  /// - Parameter counted: the field that a rule reads the submission from; `nil` for none.
  /// - Returns: the absent columns that were suggested.
  private func refuseNearMisses(
    _ rest: [Int], _ header: JobHeaderLine, counted: Int?, _ issues: inout IssueList
  ) -> Set<Int> {
    var suggested = Set<Int>()
    // What was asked for is the estimate; what was measured comes second.
    let asked = rest.filter { field in ["req", "limit"].contains { header.keys[field].contains($0) } }
    var first: [Int: String] = [:]
    for field in asked + rest.filter({ !asked.contains($0) }) {
      let name = header.names[field]
      guard var near = JobSynonyms.column(for: name) else { continue }
      let isTaken = has(near) || suggested.contains(near.place)
      if near == .duration, isTaken, !asked.contains(field), suggested.contains(near.place) { near = .actualDuration }
      guard !has(near), header.keys[field] != near.name else { continue }
      if let other = first[near.place] {
        header.refuse(
          name, "an unknown column",
          "a known one: \(near.name) takes one column, and \(other) is the first that it may be (ignore: [\(name)] leaves "
            + "this one out)", &issues)
        continue
      }
      suggested.insert(near.place)
      first[near.place] = name
      // Slurm's energies are in joules, whatever the column is called.
      let isSlurms = near == .energy && ["consumedenergy", "consumedenergyraw"].contains(squashed(name))
      let unit = isSlurms ? "J" : JobReading.unit(in: name, for: near.name)
      let source =
        span(field, near, rest, header, counted: counted) ?? unit.map { "{column: \(name), unit: \($0)}" } ?? name
      header.refuse(
        name, "an unknown column",
        "a known one: did you mean \(near.name)? (columns: {\(near.name): \(source)} reads it, ignore: [\(name)] leaves "
          + "it out)", &issues)
    }
    return suggested
  }

  /// How a deadline is read that is a number of some unit, as its name and its first cell say; `nil` if it is a time.
  private func span(
    _ field: Int, _ column: JobColumn, _ rest: [Int], _ header: JobHeaderLine, counted: Int?
  ) -> String? {
    guard column == .deadline, header.firstRow.indices.contains(field),
      let deadline = Double(header.firstRow[field]), let unit = JobReading.timeUnit(in: header.names[field])
    else { return nil }
    let own = fieldOf[JobColumn.submittedAt.place]
    let submission = own >= 0 ? own : rest.first { JobSynonyms.column(for: header.names[$0]) == .submittedAt }
    let mapped = counted ?? submission
    guard let mapped, header.firstRow.indices.contains(mapped) else { return nil }
    // What is less than the submission counts from it.
    let isAfter = Double(header.firstRow[mapped]).map { deadline < $0 } ?? true
    return "{column: \(header.names[field]), unit: \(unit)\(isAfter ? ", after: \(header.names[mapped])" : "")}"
  }

  private func refuseMissing(
    _ header: JobHeaderLine, _ isBatchUpload: Bool, _ suggested: Set<Int>, _ issues: inout IssueList
  ) {
    if isBatchUpload {
      for column in [JobColumn.jobID, .submittedAt, .duration, .actualDuration] where has(column) {
        header.refuse(column.name, "a column that a batch upload does not have", "format: csv", &issues)
      }
      return
    }
    var missing = [JobColumn.jobID, .submittedAt].filter { !has($0) && !suggested.contains($0.place) }.map(\.name)
    if !has(.duration), !(has(.gpuMinutes) && has(.gpus)), !suggested.contains(JobColumn.duration.place) {
      missing.append("duration_s (or required_gpu_mins with required_gpus)")
    }
    for name in missing {
      header.refuse(name, "no such column", "one in the header, or columns: with the file's name for it", &issues)
    }
  }
}

/// The names in a header line, and what finds a column among them.
struct JobHeaderLine {
  let path: String
  let line: Int
  let names: [String]
  let dialect: CSVDialect
  /// The names as they are compared: in lower case and Unicode's form C.
  let keys: [String]
  /// The cells of the line after the header; empty if there is none.
  var firstRow: [String] = []

  init(_ names: [String], path: String, line: Int, dialect: CSVDialect) {
    (self.path, self.line, self.names, self.dialect) = (path, line, names, dialect)
    keys = names.map(JobHeaderLine.key)
  }

  static func key(_ name: String) -> String { name.lowercased().precomposedStringWithCanonicalMapping }

  /// The first field with a name; one that is written alike comes first.
  func place(of name: String) -> Int? {
    names.firstIndex(of: name) ?? keys.firstIndex(of: JobHeaderLine.key(name))
  }

  func isIgnored(_ field: Int, _ reading: JobReading) -> Bool {
    reading.ignored.contains { JobHeaderLine.key($0) == keys[field] }
  }

  /// Refuses a column that is read and stands there twice.
  func refuseTwin(of field: Int, _ issues: inout IssueList) {
    guard names.indices.contains(where: { $0 != field && keys[$0] == keys[field] }) else { return }
    refuse(keys[field], "the column twice", "once", &issues)
  }

  func refuse(_ key: String, _ found: String, _ expected: String, _ issues: inout IssueList) {
    issues.add(InputIssue(file: path, line: line, key: key, found: found, expected: expected))
  }
}

/// Levenshtein's distance; more than 2 is reported as 3.
func editDistance(_ a: String, _ b: String) -> Int {
  let x = Array(a.utf8)
  let y = Array(b.utf8)
  guard abs(x.count - y.count) <= 2 else { return 3 }
  var row = Array(0...y.count)
  for i in x.indices {
    var diagonal = row[0]
    row[0] = i + 1
    for j in y.indices {
      let cost = min(diagonal + (x[i] == y[j] ? 0 : 1), row[j] + 1, row[j + 1] + 1)
      diagonal = row[j + 1]
      row[j + 1] = cost
    }
  }
  return min(row[y.count], 3)
}
