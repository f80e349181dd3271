import Foundation

/// Reads one column of numbers from a CSV file.
enum EmpiricalColumn {
  struct Fault: Error {
    var found: String
    var expected: String
  }

  /// The numbers of a column by its header; empty fields are left out.
  static func values(of column: String, in path: String) throws -> [Double] {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw Fault(found: "\(path), which cannot be read", expected: "a CSV file")
    }
    var bytes = [UInt8](data)
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
    let lines = bytes.split(separator: 10, omittingEmptySubsequences: false)
    let header = fields(lines.first ?? [])
    guard let place = header.firstIndex(of: column) else {
      let names = header.prefix(20).joined(separator: ", ")
      throw Fault(found: "no column \(column) in \(path)", expected: "one of \(names)")
    }
    var values: [Double] = []
    for (number, line) in lines.enumerated().dropFirst() {
      let row = fields(line)
      guard row.count > place, !row[place].isEmpty else { continue }
      guard let value = Double(row[place]), value.isFinite else {
        throw Fault(found: "\"\(row[place].prefix(40))\" at \(path):\(number + 1)", expected: "a finite number")
      }
      values.append(value)
    }
    guard !values.isEmpty else { throw Fault(found: "no numbers in \(path)", expected: "at least one") }
    return values
  }

  /// The fields of a line without blanks at either end; a field in quotes may hold commas, no line ends.
  private static func fields(_ line: ArraySlice<UInt8>) -> [String] {
    var fields: [[UInt8]] = [[]]
    var inQuotes = false
    for byte in line where byte != 13 {
      switch byte {
      case 34: inQuotes.toggle()
      case 44 where !inQuotes: fields.append([])
      default: fields[fields.count - 1].append(byte)
      }
    }
    return fields.map { String(decoding: $0, as: UTF8.self).trimmingCharacters(in: .whitespaces) }
  }
}
