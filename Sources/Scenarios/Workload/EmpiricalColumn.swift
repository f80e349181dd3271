import Foundation
internal import TextIO

/// Reads one column of numbers from a CSV file.
enum EmpiricalColumn {
  struct Fault: Error {
    var found: String
    var expected: String
  }

  /// The numbers of a column by its header; empty fields are left out.
  static func values(of column: String, in path: String) throws -> [Double] {
    var column = Column(name: column, path: path)
    var line: [UInt8] = []
    do {
      _ = try BoundedFile.pieces(of: path) { piece in
        var rest = piece[...]
        while let end = rest.firstIndex(of: 10) {
          line += rest[..<end]
          try column.take(line)
          line.removeAll(keepingCapacity: true)
          rest = rest[(end + 1)...]
        }
        line += rest
        guard line.count <= longestLine else {
          throw Fault(
            found: "a line longer than 1 MB at \(path):\(column.lines + 1)", expected: "lines of at most 1 MB")
        }
        return true
      }
    } catch let fault as Fault {
      throw fault
    } catch let fault as UnreadableFile {
      throw Fault(found: "\(path): \(fault.found)", expected: fault.expected)
    } catch {
      throw Fault(found: "\(path), which cannot be read", expected: "a CSV file")
    }
    if !line.isEmpty || column.lines == 0 { try column.take(line) }
    guard !column.values.isEmpty else { throw Fault(found: "no numbers in \(path)", expected: "at least one") }
    return column.values
  }

  private static let longestLine = 1 << 20
  private static let mostValues = 10_000_000

  /// The numbers that the lines so far had.
  private struct Column {
    let name: String
    let path: String
    var lines = 0
    var values: [Double] = []
    private var place = 0

    init(name: String, path: String) {
      self.name = name
      self.path = path
    }

    mutating func take(_ line: [UInt8]) throws {
      lines += 1
      guard lines > 1 else {
        let header = EmpiricalColumn.fields(line.starts(with: [0xEF, 0xBB, 0xBF]) ? line[3...] : line[...])
        guard let place = header.firstIndex(of: name) else {
          let names = header.prefix(20).map { String($0.prefix(40)) }.joined(separator: ", ")
          throw Fault(found: "no column \(name) in \(path)", expected: "one of \(names)")
        }
        self.place = place
        return
      }
      let row = EmpiricalColumn.fields(line[...])
      guard row.count > place, !row[place].isEmpty else { return }
      guard let value = Double(row[place]), value.isFinite else {
        throw Fault(found: "\"\(row[place].prefix(40))\" at \(path):\(lines)", expected: "a finite number")
      }
      guard values.count < EmpiricalColumn.mostValues else {
        throw Fault(found: "more than \(EmpiricalColumn.mostValues) numbers in \(path)", expected: "fewer")
      }
      values.append(value)
    }
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
