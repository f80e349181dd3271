import Domain
import Foundation

/// The fields that a column's value is worked out from.
struct JobCellRule: Sendable {
  /// The field of the value; of the later instant if there is ``from``.
  var source: Int
  var from: Int?
  var times: Int?
  var after: Int?
  /// The factor to the column's own unit; of an instant: seconds per unit.
  var scale = 1.0
  /// True if an instant is a number of some unit.
  var isCounted = false

  var isPlain: Bool { from == nil && times == nil && after == nil && scale == 1 && !isCounted }
  var fields: [Int] { [source] + [from, times, after].compactMap(\.self) }

  init(source: Int) { self.source = source }

  /// `nil` if the file lacks a column, which is reported.
  init?(_ column: JobReading.Column, _ header: JobHeaderLine, _ issues: inout IssueList) {
    func field(_ name: String?) -> Int? {
      guard let name else { return nil }
      if let place = header.place(of: name) {
        header.refuseTwin(of: place, &issues)
        return place
      }
      let near = header.names.first { editDistance(JobHeaderLine.key($0), JobHeaderLine.key(name)) <= 2 }
      let hint = near.map { "; did you mean \($0)?" } ?? ""
      let known = header.names.prefix(12).joined(separator: ", ") + (header.names.count > 12 ? ", …" : "")
      header.refuse(
        "columns.\(column.name)", "no column \"\(name)\" in the header", "one of \(known)\(hint)", &issues)
      return nil
    }
    if column.scale == nil, let unit = JobReading.unit(in: column.source, for: column.name) {
      header.refuse(
        "columns.\(column.name)", "\(column.source) without a unit",
        "{column: \(column.source), unit: \(unit)}, or scale: 1", &issues)
    }
    let names = [column.from, column.times, column.after].compactMap(\.self)
    let source = field(column.source)
    (from, times, after) = (field(column.from), field(column.times), field(column.after))
    guard let source, names.count == [from, times, after].compactMap(\.self).count else { return nil }
    self.source = source
    scale = column.scale ?? 1
    isCounted = column.scale != nil
  }
}

/// Rules for a table whose cells are not all read as they stand.
struct JobTable: Sendable {
  /// By column; `nil` if the file lacks it or its field is read as it stands.
  let rules: [JobCellRule?]
  let nulls: [[UInt8]]
  let dialect: CSVDialect
  /// True if numbers may have a decimal comma; the cells then show which mark they have.
  let findsDecimals: Bool
  let timeZone: String?

  /// `nil` if every cell is read as it stands. Otherwise columns that need a rule lose their place in `fieldOf`.
  init?(rules: [JobCellRule?], fieldOf: inout [Int], reading: JobReading, dialect: CSVDialect) {
    var rules = rules
    findsDecimals = reading.hasDecimalCommas == nil && dialect.separator != 44
    for column in JobColumn.allCases where fieldOf[column.place] >= 0 {
      let quantity = JobReading.quantity(of: column.name)
      let isLocal = quantity == .instant && reading.timeZone != nil
      let isNumber = quantity != .text && quantity != .instant
      guard !reading.nulls.isEmpty || isLocal || (isNumber && (dialect.hasDecimalCommas || findsDecimals))
      else { continue }
      rules[column.place] = JobCellRule(source: fieldOf[column.place])
      fieldOf[column.place] = -1
    }
    guard rules.contains(where: { $0 != nil }) else { return nil }
    self.rules = rules
    self.dialect = dialect
    nulls = reading.nulls.map { Array($0.utf8) }
    timeZone = reading.timeZone
  }

  /// A cell, empty if it holds one of the texts that stand for nothing.
  func cell(_ bytes: Bytes) -> Bytes {
    nulls.contains { $0.elementsEqual(bytes) } ? Bytes(start: nil, count: 0) : bytes
  }
}

/// Cells by the rules of a table. A column without a rule is absent.
extension JobRowParser {
  private func rule(_ column: JobColumn) -> (table: JobTable, rule: JobCellRule)? {
    guard let table, let rule = table.rules[column.place] else { return nil }
    return (table, rule)
  }

  /// The text of a column; empty if any cell that it needs is.
  @inline(never)
  func ruledText(_ column: JobColumn) -> Bytes {
    guard let (table, rule) = rule(column) else { return Bytes(start: nil, count: 0) }
    for field in rule.fields.dropFirst() where table.cell(fields[field]).isEmpty { return Bytes(start: nil, count: 0) }
    return table.cell(fields[rule.source])
  }

  /// `nil` for an absent value and, after reporting it, for a faulty one.
  @inline(never)
  mutating func ruledNumber(_ column: JobColumn) -> Double? {
    guard let (table, rule) = rule(column) else { return nil }
    let cell = ruledText(column)
    if cell.isEmpty { return nil }
    var value: Double?
    if let from = rule.from {
      value = difference(rule, from, table, column)
      // Both instants were reported if they are none.
      if value == nil { return nil }
    } else {
      value = number(cell, table) ?? cell.clockSeconds(of: column).map { $0 / rule.scale }
    }
    if let times = rule.times {
      let factor = number(table.cell(fields[times]), table)
      value = factor.flatMap { factor in value.map { $0 * factor } }
    }
    guard let value = value.map({ $0 * rule.scale }), value >= 0, value <= JobRowParser.longest else {
      report(labels[column.place], found(rule, cell), "a number from 0 to 1e12")
      return nil
    }
    return value
  }

  /// A number as the table writes it. Where fields are not separated by commas, a comma may be the decimal mark.
  private mutating func number(_ cell: Bytes, _ table: JobTable) -> Double? {
    guard table.findsDecimals else { return table.dialect.number(cell) }
    if let value = cell.number {
      if cell.contains(46) {
        if decimalPoint == 0 { decimalPoint = line }
        noteGroups(cell)
      }
      return value
    }
    guard cell.count(where: { $0 == 44 }) == 1, !cell.contains(46), let value = cell.decimalCommaNumber else {
      return nil
    }
    if decimalComma == 0 { decimalComma = line }
    return value
  }

  /// Keeps the first number that may have a separator of thousands, and whether all are such.
  private mutating func noteGroups(_ cell: Bytes) {
    if !cell.mayBeGrouped {
      hasPlainDecimals = true
    } else if grouped == nil {
      grouped = (line, cell.quoted)
    }
  }

  private func found(_ rule: JobCellRule, _ cell: Bytes) -> String {
    if let from = rule.from { return "\(fields[from].quoted) to \(cell.quoted)" }
    if let times = rule.times { return "\(cell.quoted) times \(fields[times].quoted)" }
    return cell.quoted
  }

  /// The time between two instants in the unit that ``JobCellRule/scale`` takes: the file's own if it has one, else s.
  private mutating func difference(
    _ rule: JobCellRule, _ from: Int, _ table: JobTable, _ column: JobColumn
  ) -> Double? {
    if rule.isCounted, let start = number(table.cell(fields[from]), table),
      let end = number(table.cell(fields[rule.source]), table)
    {
      return end - start
    }
    let first = written(table.cell(fields[from]), notBefore: nil)
    let last = written(table.cell(fields[rule.source]), notBefore: first)
    guard let first, let last else {
      let unit = StrangeTime.unit(fields[rule.source]).map { "; unit: \($0) beside from and to reads \($0)" } ?? ""
      report(labels[column.place], found(rule, fields[rule.source]), "two ISO 8601 times or epoch seconds\(unit)")
      return nil
    }
    let seconds = (last - first).inSeconds
    // The unit of the rule is that of numbers; these are instants.
    return (column.name.hasSuffix("_mins") ? seconds / 60 : seconds) / rule.scale
  }

  /// `.never` for an absent instant and, after reporting it, for a faulty one.
  @inline(never)
  mutating func ruledInstant(_ column: JobColumn, required: Bool) -> Instant {
    guard let (table, rule) = rule(column) else { return .never }
    let cell = ruledText(column)
    if cell.isEmpty, !required { return .never }
    if rule.isCounted || rule.after != nil {
      let origin = rule.after.map { written(table.cell(fields[$0]), notBefore: nil) } ?? Instant(milliseconds: 0)
      if let origin, let count = number(cell, table) {
        let milliseconds = (count * rule.scale * 1000).rounded()
        if abs(milliseconds) <= 4e14 {
          let instant = origin + TimeSpan(milliseconds: Int64(milliseconds))
          if Instant.calendar.contains(instant) { return instant }
        }
      }
      report(labels[column.place], cell.quoted, "a number of the unit that \"columns\" specifies")
      return .never
    }
    guard let value = written(cell, notBefore: nil) else {
      let zone = table.timeZone.map { " that exists in \($0)" } ?? ""
      reportTime(column, cell, zone)
      return .never
    }
    return value
  }

  /// An instant; local times by the table's time zone. Of two that clocks show alike: the earlier that is not before
  /// another instant.
  mutating func written(_ cell: Bytes, notBefore other: Instant?) -> Instant? {
    switch WrittenTime(utf8: cell) ?? StampText.dotted(cell) {
    case nil: return nil
    case .instant(let instant): return instant
    case .local(let local):
      sawLocalTime = true
      guard localClock != nil else { return local }
      switch localClock?.resolve(local) {
      case .one(let instant): return instant
      case .two(let early, let late): return other.map { early < $0 } ?? false ? late : early
      case .some(.none), nil: return nil
      }
    }
  }
}

extension Bytes {
  /// `[D-]HH:MM:SS` or `MM:SS` with any decimals, as sacct writes lengths of time; in seconds.
  var clockLength: Double? {
    var days = 0.0
    var rest = self
    if let dash = firstIndex(of: 45) {
      guard dash > 0, let count = Bytes(rebasing: self[..<dash]).digits else { return nil }
      days = count
      rest = Bytes(rebasing: self[(dash + 1)...])
    }
    let parts = rest.split(separator: 58, omittingEmptySubsequences: false).map { Bytes(rebasing: $0) }
    guard parts.count == 3 || (parts.count == 2 && rest.count == count) else { return nil }
    var seconds = 0.0
    for (place, part) in parts.enumerated() {
      let isLast = place == parts.count - 1
      guard let number = isLast ? part.number : part.digits, number >= 0, !isLast || number < 61 else { return nil }
      seconds = seconds * 60 + number
    }
    return days * 86_400 + seconds
  }

  /// A length of time as Slurm's options have it, in seconds: `minutes`, `minutes:seconds`, `hours:minutes:seconds`,
  /// `days-hours`, `days-hours:minutes` or `days-hours:minutes:seconds`.
  var slurmLength: Double? {
    if let minutes = digits { return minutes * 60 }
    guard let dash = firstIndex(of: 45), dash > 0 else { return clockLength }
    let parts = self[(dash + 1)...].split(separator: 58, omittingEmptySubsequences: false)
    guard parts.count < 3 else { return clockLength }
    let numbers = ([self[..<dash]] + parts).compactMap { Bytes(rebasing: $0).digits }
    guard numbers.count == parts.count + 1 else { return nil }
    return numbers[0] * 86_400 + numbers[1] * 3600 + (numbers.count > 2 ? numbers[2] * 60 : 0)
  }

  private var digits: Double? {
    !isEmpty && count <= 9 && allSatisfy { 48...57 ~= $0 } ? number : nil
  }

  /// A length of time such as `2-01:24:56`, in the unit of a column that holds one.
  fileprivate func clockSeconds(of column: JobColumn) -> Double? {
    guard JobReading.quantity(of: column.name) == .duration, count(where: { $0 == 58 }) == 2, let seconds = clockLength
    else { return nil }
    return column.name.hasSuffix("_mins") ? seconds / 60 : seconds
  }
}
