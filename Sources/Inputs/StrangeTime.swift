import Domain

/// A form of times that people have and that job files are not read in.
enum StrangeTime {
  /// Counted from 1970 in a unit below the second.
  case epoch(unit: String)
  /// `20250106`, `06/01/2025 10:00`.
  case date

  /// `nil` for a time that is read, and for what is no time.
  init?(_ cell: Bytes) {
    guard !cell.isEmpty, WrittenTime(utf8: cell) == nil, StampText.dotted(cell) == nil else { return nil }
    if StrangeTime.isCompact(cell) {
      self = .date
    } else if let unit = StrangeTime.unit(cell) {
      self = .epoch(unit: unit)
    } else {
      switch StampText().read(cell) {
      case .time, .ambiguous: self = .date
      case .serial, .none: return nil
      }
    }
  }

  /// `20250106`, and with the time of day `202501061200` or `20250106120000`.
  private static func isCompact(_ cell: Bytes) -> Bool {
    guard [8, 12, 14].contains(cell.count), cell.allSatisfy({ 48...57 ~= $0 }) else { return false }
    return StampText.isCompactDate(Bytes(rebasing: cell[..<8]))
  }

  /// The unit of a number that as seconds would be thousands of years away: instants from 1973 to 5138.
  static func unit(_ cell: Bytes) -> String? {
    switch cell.number ?? 0 {
    case 1e11..<1e14: "ms"
    case 1e14..<1e17: "us"
    case 1e17..<1e20: "ns"
    default: nil
    }
  }
}

extension JobRowParser {
  /// Notes the first other field of the row that has a time with a date.
  private mutating func lookForTimes() {
    let own = fieldOf[JobColumn.submittedAt.place]
    let found = (0..<fields.count).first { field in
      field != own && fields[field].contains(45) && WrittenTime(utf8: fields[field]) != nil
    }
    if let found { timesElsewhere[found, default: 0] += 1 }
  }

  /// Message if another column that is read has the times that `submitted_at` should have; `nil` if none has.
  var swappedColumns: String? {
    guard let most = timesElsewhere.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }),
      let other = JobColumn.allCases.first(where: { fieldOf[$0.place] == most.key })
    else { return nil }
    let (submitted, name) = (labels[JobColumn.submittedAt.place], labels[other.place])
    return "\(path): \(name) has times and \(submitted) has none: are the two columns swapped?"
  }

  /// Reports a cell that is no instant. A form that a whole column has is one mistake, with its first cell.
  ///
  /// - Parameter zone: what is to be said of the time zone.
  mutating func reportTime(_ column: JobColumn, _ cell: Bytes, _ zone: String = "") {
    let label = labels[column.place]
    let expected = "an ISO 8601 time\(zone) or epoch seconds"
    guard let form = StrangeTime(cell) else {
      if column == .submittedAt { lookForTimes() }
      report(label, cell.quoted, expected)
      return
    }
    func first(_ form: String) -> String {
      let found = strangeTimes["\(label) \(form)"] ?? "\(form) \(cell.quoted)"
      strangeTimes["\(label) \(form)"] = found
      return found
    }
    switch form {
    case .epoch(let unit):
      let ours = " (\(column.name))"
      let theirs = label.hasSuffix(ours) ? String(label.dropLast(ours.count)) : label
      let isPlain = theirs.allSatisfy { $0.isLetter || $0.isNumber || "_- ".contains($0) }
      let rule = "{column: \(isPlain ? theirs : "\"\(theirs)\""), unit: \(unit)}"
      report(
        label, first("an epoch time in \(unit),"),
        "\(expected): columns: {\(column.name): \(rule)} (--column '\(column.name)=\(rule)') reads \(unit)",
        ofColumn: true)
    case .date:
      report(
        label, first("a date such as"), "\(expected): write dates as 2025-01-06 10:00:00 (yyyy-mm-dd hh:mm:ss)",
        ofColumn: true)
    }
  }
}
