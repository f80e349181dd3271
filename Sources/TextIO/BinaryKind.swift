/// A kind of file that is not UTF-8 text, recognised by its first bytes, with what to do about it.
struct BinaryKind {
  /// Bytes that tell: a tar archive's mark is at 257.
  static let headLength = 512
  static let tailLength = 1 << 16

  var name: String
  var remedy: String

  private static let pandas = "python3 -c \"import pandas as p; p"
  private static let csv = ".to_csv('OUT.csv', index=False)\""

  /// First bytes and what they mean.
  private static let marks: [(bytes: [UInt8], name: String, remedy: String)] = [
    (Array("PAR1".utf8), "Parquet", "CSV: \(pandas).read_parquet('FILE')\(csv)"),
    (Array("ARROW1".utf8), "Arrow (Feather)", "CSV: \(pandas).read_feather('FILE')\(csv)"),
    (Array("FEA1".utf8), "Feather", "CSV: \(pandas).read_feather('FILE')\(csv)"),
    (Array("ORC".utf8), "ORC", "CSV: \(pandas).read_orc('FILE')\(csv)"),
    (Array("Obj\u{1}".utf8), "Avro", "CSV"),
    (
      [0x89] + Array("HDF".utf8), "HDF5 or NetCDF",
      "CSV: python3 -c \"import xarray; xarray.open_dataset('FILE').to_dataframe().to_csv('OUT.csv')\""
    ),
    (
      Array("CDF".utf8) + [1], "NetCDF",
      "CSV: python3 -c \"import xarray; xarray.open_dataset('FILE').to_dataframe().to_csv('OUT.csv')\""
    ),
    ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0], "xz", "the file unpacked (unxz FILE), or gzip"),
    ([0x28, 0xB5, 0x2F, 0xFD], "Zstandard", "the file unpacked (unzstd FILE), or gzip"),
    ([0x04, 0x22, 0x4D, 0x18], "LZ4", "the file unpacked (unlz4 FILE), or gzip"),
    (Array("BZh".utf8), "bzip2", "the file unpacked (bunzip2 FILE), or gzip"),
    ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], "a 7z archive", "one file of it, unpacked"),
    (Array("SQLite format 3\0".utf8), "a SQLite database", "CSV: sqlite3 -header -csv FILE 'SELECT …' > OUT.csv"),
    (Array("%PDF-".utf8), "a PDF", "the data as CSV"),
    (
      [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], "an old Excel workbook (XLS)",
      "CSV: save it as \"CSV UTF-8\", or \(pandas).read_excel('FILE')\(csv)"
    ),
  ]

  private init(name: String, remedy: String) {
    self.name = name
    self.remedy = remedy
  }

  /// `nil` for what may be UTF-8 text.
  ///
  /// - Parameter tail: the last bytes of the file, where archives have the list of what they hold.
  init?(_ head: [UInt8], tail: () -> [UInt8] = { [] }) {
    if let kind = BinaryKind.wide(head) ?? BinaryKind.zip(head, tail) ?? BinaryKind.markup(head) {
      self = kind
    } else if let mark = BinaryKind.marks.first(where: { head.starts(with: $0.bytes) }) {
      // "BZh" and "ORC" may begin a header; what they mark is no text behind it.
      guard mark.bytes.count > 3 || head.contains(where: { $0 < 9 }) else { return nil }
      self.init(name: mark.name, remedy: mark.remedy)
    } else if head.count > 262, head[257..<262].elementsEqual("ustar".utf8) {
      self.init(name: "a tar archive", remedy: "one file of it, unpacked (tar -xf FILE)")
    } else if Gunzip.isMagic(head) {
      self.init(name: "gzip", remedy: "text, or text compressed only once")
    } else {
      return nil
    }
  }

  /// UTF-16 and UTF-32, told by a byte-order mark or by the NULs beside ASCII.
  private static func wide(_ head: [UInt8]) -> BinaryKind? {
    func kind(_ name: String) -> BinaryKind {
      BinaryKind(name: "\(name) text", remedy: "UTF-8: save it as \"CSV UTF-8\", or iconv -f \(name) -t UTF-8 FILE")
    }
    if head.starts(with: [0xFF, 0xFE, 0, 0]) || head.starts(with: [0, 0, 0xFE, 0xFF]) { return kind("UTF-32") }
    if head.starts(with: [0xFF, 0xFE]) || head.starts(with: [0xFE, 0xFF]) { return kind("UTF-16") }
    guard head.count >= 8 else { return nil }
    let whole = head[..<(min(head.count, 64) / 4 * 4)]
    // Which bytes of each four are NUL in all of them.
    let zeros = (0..<4).map { place in stride(from: place, to: whole.count, by: 4).allSatisfy { whole[$0] == 0 } }
    switch zeros {
    case [false, true, false, true]: return kind("UTF-16LE")
    case [true, false, true, false]: return kind("UTF-16BE")
    case [false, true, true, true]: return kind("UTF-32LE")
    case [true, true, true, false]: return kind("UTF-32BE")
    default: return nil
    }
  }

  /// An archive by the names in it: the first files' and, as any number of others may come before, those of its list.
  private static func zip(_ head: [UInt8], _ tail: () -> [UInt8]) -> BinaryKind? {
    guard head.starts(with: [0x50, 0x4B, 3, 4]) || head.starts(with: [0x50, 0x4B, 5, 6]) else { return nil }
    let text = head + tail()
    func holds(_ name: String) -> Bool { text.firstRange(of: Array(name.utf8)) != nil }
    if holds("opendocument.spreadsheet") {
      return BinaryKind(
        name: "an OpenDocument spreadsheet (ODS)",
        remedy: "CSV: save it as \"Text CSV\", or \(pandas).read_excel('FILE')\(csv)")
    }
    if ["xl/workbook", "xl/worksheets/", "[Content_Types].xml", "docProps/", "_rels/"].contains(where: holds) {
      return BinaryKind(
        name: "an Excel workbook (XLSX)",
        remedy: "CSV: save it as \"CSV UTF-8\", or \(pandas).read_excel('FILE')\(csv)")
    }
    return BinaryKind(name: "a ZIP archive", remedy: "one file of it, unpacked (unzip FILE), or gzip")
  }

  private static func markup(_ head: [UInt8]) -> BinaryKind? {
    let marked = head.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    guard let first = head.dropFirst(marked).first(where: { $0 > 32 }), first == 60 else { return nil }
    let text = String(decoding: head, as: UTF8.self).lowercased()
    if text.contains("<!doctype html") || text.contains("<html") {
      return BinaryKind(name: "an HTML page", remedy: "the data itself: a server may have returned a web page instead")
    }
    if text.contains("marketdocument") {
      return BinaryKind(
        name: "XML of ENTSO-E",
        remedy: "CSV or JSON: export CSV from the Transparency Platform, or convert it with entsoe-py "
          + "(EntsoePandasClient(…).query_day_ahead_prices(…).to_csv('OUT.csv'))")
    }
    if text.contains("<?xml") || text.contains("<svg") {
      return BinaryKind(name: "XML", remedy: "CSV or JSON")
    }
    return nil
  }

  func refusal(isCompressed: Bool) -> UnreadableFile {
    UnreadableFile(found: isCompressed ? "\(name) within gzip" : name, expected: remedy)
  }
}
