internal import ArgumentParser
internal import Domain

/// The columns and the cells of a CSV, where its header does not say them.
struct TableOptions: ParsableArguments {
  @Option(help: "Column of the time.") var time: String?
  @Option(help: "Column that names the zone, or the only series to read.") var zone: String?
  @Option(help: "Column of the value.") var value: String?
  @Option(help: "Name of a column in the file: time=, zone=, value= or forecast=; may be repeated.")
  var column: [String] =
    []
  @Option(help: "Field separator: a character such as \";\", or tab. Default: as in the header.")
  var separator: String?
  @Option(help: "Decimal mark: . or a comma.") var decimal: TableMapping.Decimal?
  @Option(help: "Time zone of times without an offset, such as Europe/Berlin. Default: UTC.") var timeZone: String?
  @Option(help: "Time stamps mark the start or end of an interval. Default: start, unless the header says otherwise.")
  var stamps: TableMapping.Stamps?
  @Option(help: "Value of a repeated time stamp: error, first, last or mean.")
  var duplicates = TableMapping.Duplicates.error
  @Option(
    parsing: .unconditionalSingleValue,
    help: "Text that stands for a missing value, besides NaN, NA, null and the like; may be repeated.")
  var null: [String] = []
  @Option(help: "Factor to multiply values by, instead of the one from the header's unit.") var scale: Double?
  @Option(help: "Order of dates such as 03/04/2025: day-first or month-first.") var dateOrder: TableMapping.DateOrder?

  func validate() throws {
    if let separator, TableMapping.separator(separator) == nil {
      throw ValidationError("--separator: found \"\(separator)\", expected a character such as \",\" or \";\", or tab")
    }
    if let scale, !(scale > 0 && scale <= 1e12) {
      throw ValidationError("--scale: found \(scale), expected a number above 0 and up to 1e12")
    }
    for text in column {
      guard let mark = text.firstIndex(of: "="), text.index(after: mark) < text.endIndex else {
        throw ValidationError("--column: found \"\(text)\", expected ours=theirs")
      }
      try expect(String(text[..<mark]), "--column", ["time", "zone", "value", "forecast"])
    }
  }

  var mapping: TableMapping {
    var mapping = TableMapping()
    (mapping.time, mapping.value) = (time, value)
    for text in column {
      guard let mark = text.firstIndex(of: "=") else { continue }
      let theirs = String(text[text.index(after: mark)...])
      switch text[..<mark] {
      case "time": mapping.time = theirs
      case "zone": mapping.zone = theirs
      case "value": mapping.value = theirs
      default: mapping.forecast = theirs
      }
    }
    mapping.separator = separator.flatMap { TableMapping.separator($0) }
    mapping.decimal = decimal
    mapping.timeZone = timeZone
    mapping.stamps = stamps
    mapping.duplicates = duplicates
    mapping.null = null.isEmpty ? nil : null
    mapping.scale = scale
    mapping.dateOrder = dateOrder
    return mapping
  }
}

/// Refuses an option that has none of the legal values.
func expect(_ value: String, _ option: String, _ legal: [String]) throws {
  guard legal.contains(value) else {
    throw ValidationError("\(option): found \"\(value)\", expected one of \(legal.joined(separator: ", "))")
  }
}
