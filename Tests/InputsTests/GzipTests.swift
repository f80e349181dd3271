import CZlib
import Domain
import Foundation
import Inputs
import Testing

@testable import TextIO

/// A member of gzip.
func gzipped(_ bytes: [UInt8]) throws -> [UInt8] {
  var stream = z_stream()
  let begun = deflateInit2_(
    &stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
  try #require(begun == Z_OK)
  defer { deflateEnd(&stream) }
  var input = bytes
  var output = [UInt8](repeating: 0, count: bytes.count + 1000)
  let written = input.withUnsafeMutableBufferPointer { source in
    output.withUnsafeMutableBufferPointer { target in
      stream.next_in = source.baseAddress
      stream.avail_in = UInt32(source.count)
      stream.next_out = target.baseAddress
      stream.avail_out = UInt32(target.count)
      return deflate(&stream, Z_FINISH) == Z_STREAM_END ? target.count - Int(stream.avail_out) : -1
    }
  }
  try #require(written > 0)
  return Array(output[..<written])
}

func gzipped(_ text: String) throws -> [UInt8] { try gzipped(Array(text.utf8)) }

@Suite struct GzipTests {
  private static let trace =
    "datetime,NORTH,SOUTH\n" + (0..<3000).map { "\(1_577_836_800 + $0 * 3600),\($0 % 97),\($0 % 89)\n" }.joined()

  private func values(_ path: String) throws -> [[Double]] {
    try TraceReader.read(path: path, kind: .carbon, zones: zones).columns.map { $0.steps.map(\.value) }
  }

  /// One member or several, with zeros behind (as tar leaves them), whatever the file is called.
  @Test(arguments: ["csv", "csv.gz", "bin"]) func tracesReadAsIfTheyWerePlain(ending: String) throws {
    let plain = try withFile(GzipTests.trace) { try values($0) }
    let bytes = Array(GzipTests.trace.utf8)
    let one = try gzipped(bytes)
    let cut = bytes.count / 3
    let three = try gzipped(Array(bytes[..<cut])) + gzipped([]) + gzipped(Array(bytes[cut...]))
    for file in [one, three, one + [UInt8](repeating: 0, count: 600)] {
      #expect(try withFile(file, ending) { try values($0) } == plain)
    }
  }

  /// Longer than the pieces that it is decompressed in; the second pass for lines reads it too.
  @Test func longFilesAndTheirLines() throws {
    let rows = (0..<60_000).map { "\(1_577_836_800 + $0 * 60),\($0 % 7).\($0 * 7919 % 1000),1\n" }
    let text = "datetime,NORTH,SOUTH\n" + rows.joined()
    #expect(try withFile(gzipped(text)) { try values($0) } == withFile(text) { try values($0) })
    let again = text + "\(1_577_836_800 + 59_999 * 60),5000,1\n"
    try withFile(gzipped(again), "csv.gz") { path in
      #expect(fault { _ = try values(path) }.hasPrefix("\(path):60002: NORTH: found "))
    }
  }

  @Test func brokenStreamsAreRefused() throws {
    let whole = try gzipped(GzipTests.trace)
    func told(_ bytes: [UInt8]) throws -> String {
      try withFile(bytes, "gz") { path in fault { _ = try values(path) }.replacing(path, with: "f") }
    }
    for end in [1, 9, 20, whole.count / 2, whole.count - 8, whole.count - 1] where end > 2 {
      #expect(try told(Array(whole[..<end])).hasPrefix("f: found a truncated gzip file, expected a complete gzip file"))
    }
    var bad = whole
    bad[whole.count - 6] ^= 0xff
    #expect(try told(bad).hasPrefix("f: found corrupt gzip (incorrect data check), expected"))
    bad = whole
    bad[whole.count / 2] ^= 0xff
    #expect(try told(bad).hasPrefix("f: found corrupt gzip"))
    #expect(try told(whole + [1, 2, 3]).hasPrefix("f: found other data after the gzip data, expected"))
    #expect(try told(whole + [0x1f, 0x8b, 3]).hasPrefix("f: found "))
    #expect(
      try told(gzipped(whole)).hasPrefix("f: found gzip within gzip, expected text, or text compressed only once"))
    #expect(try told(gzipped([0x50, 0x4b, 3, 4] + [UInt8](repeating: 7, count: 40))).contains("a ZIP archive within"))
  }

  /// Zeros of a thousandth of their length.
  @Test func moreThanTheLimitIsRefused() throws {
    let bomb = try gzipped([UInt8](repeating: 48, count: 3 << 20))
    #expect(bomb.count < 8000)
    try withFile(bomb) { path in
      let file = open(path, O_RDONLY)
      defer { close(file) }
      do throws(UnreadableFile) {
        close(try Gunzip.open(file, limit: 2 << 20))
        Issue.record("a limit that does not hold")
      } catch {
        #expect(error.found == "gzip of more than 2 MB" && error.expected == "at most 2 MB once decompressed")
      }
      close(try Gunzip.open(file, limit: 3 << 20))
    }
  }

  /// Sorted and not, with every cursor reading the same decompressed file.
  @Test(arguments: [false, true]) func jobs(isShuffled: Bool) throws {
    var rows = (0..<500).map { "job-\($0),\(1_577_836_800 + $0 * 60),\(60 + $0)\n" }
    if isShuffled { rows.reverse() }
    let text = "job_id,submitted_at,duration_s\n" + rows.joined()
    func read(_ path: String) throws -> [String] {
      let file = try JobFileReader.read(
        path: path, zones: zones, start: .init(milliseconds: 0), end: .init(milliseconds: 4_000_000_000_000))
      #expect(file.isSorted != isShuffled)
      let cursors = [try file.makeCursor(), try file.makeCursor()]
      var jobs: [[String]] = [[], []]
      for _ in 0..<file.count {
        for (place, cursor) in cursors.enumerated() {
          let next = try #require(try cursor.next())
          jobs[place].append("\(next.job.submittedAt) \(next.job.identity) \(next.actualDuration)")
        }
      }
      #expect(jobs[0] == jobs[1])
      return jobs[0]
    }
    #expect(try withFile(gzipped(text), "csv.gz") { try read($0) } == withFile(text) { try read($0) })
  }

  /// The ending behind `.gz` tells the format.
  @Test func standardWorkloadFormat() throws {
    let text =
      "; UnixStartTime: 0\n" + (1...20).map { "\($0) \($0 * 10) 0 100 4 -1 -1 4 100 -1 1 1 1 1 1 1 -1 -1\n" }.joined()
    for (bytes, ending) in [(Array(text.utf8), "swf"), (try gzipped(text), "swf.gz"), (try gzipped(text), "SWF.GZ")] {
      try withFile(bytes, ending) { path in
        let file = try JobFileReader.read(
          path: path, zones: zones, start: .init(milliseconds: 0), end: .init(milliseconds: 4_000_000_000_000))
        #expect(file.count == 20)
      }
    }
  }

  @Test func otherReaders() throws {
    let json = "{\"type\":\"LineString\",\"coordinates\":[[0,50],[1,51]]}"
    #expect(try withFile(gzipped(json), "geojson") { try OutlineReader.read(path: $0) }.count == 1)
    let vintages =
      "issued_at,datetime,zone,forecast\n0,0,NORTH,5\n0,0,SOUTH,6\n"
    try withFile(gzipped(vintages)) { path in
      let isVintages = try VintageReader.isVintages(path: path)
      let found = try VintageReader.read(path: path, zones: zones, start: .init(milliseconds: 0))
      #expect(isVintages && found.count == 2)
    }
    let answer =
      "{\"data\":[{\"from\":\"2023-01-01T00:00Z\",\"intensity\":{\"actual\":1}},"
      + "{\"from\":\"2023-01-01T00:30Z\",\"intensity\":{\"actual\":2}}]}"
    try withFile(gzipped(answer)) { path in
      let names = try TraceReader.readAll(path: path, kind: .carbon).names
      #expect(names == ["GB"])
    }
  }

  /// Every kind of file that is no text is named, with what to do.
  @Test(
    arguments: [
      (Array("PAR1".utf8), "Parquet, expected CSV: python3"),
      (Array("PK\u{3}\u{4}".utf8), "a ZIP archive, expected one file"),
      (Array("PK\u{3}\u{4}....[Content_Types].xml".utf8), "an Excel workbook (XLSX), expected CSV: save it"),
      ([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], "an old Excel workbook (XLS)"),
      ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0], "xz, expected the file unpacked (unxz FILE)"),
      ([0x28, 0xB5, 0x2F, 0xFD], "Zstandard, expected"), (Array("BZh9\u{1}AY".utf8), "bzip2, expected"),
      (Array("SQLite format 3\0".utf8), "a SQLite database, expected"), (Array("%PDF-1.7".utf8), "a PDF, expected"),
      (Array("ARROW1\0\0".utf8), "Arrow (Feather)"), ([0x89] + Array("HDF\r\n".utf8), "HDF5 or NetCDF"),
      (Array("<!DOCTYPE html>\n<html>".utf8), "an HTML page"),
      (Array("<?xml version=\"1.0\"?><a/>".utf8), "XML, expected"),
      (Array("\n<?xml version=\"1.0\"?>\n<Publication_MarketDocument>".utf8), "XML of ENTSO-E, expected CSV or JSON"),
      ([0xFF, 0xFE, 100, 0, 97, 0], "UTF-16 text, expected UTF-8"), ([0xFE, 0xFF, 0, 100], "UTF-16 text"),
      ([0xFF, 0xFE, 0, 0, 100, 0, 0, 0], "UTF-32 text"), ("datetime".utf8.flatMap { [$0, 0] }, "UTF-16LE text"),
      ("datetime".utf8.flatMap { [0, $0] }, "UTF-16BE text"),
      ("datetime".utf8.flatMap { [$0, 0, 0, 0] }, "UTF-32LE text"),
    ] as [([UInt8], String)]) func kindsThatAreNoText(bytes: [UInt8], told: String) throws
  {
    try withFile(bytes) { path in
      let found = [
        fault { _ = try TraceReader.readAll(path: path, kind: .carbon) },
        fault {
          _ = try JobFileReader.read(
            path: path, zones: zones, start: .init(milliseconds: 0), end: .init(milliseconds: 1))
        },
        fault { _ = try OutlineReader.read(path: path) },
      ]
      for found in found { #expect(found.hasPrefix("\(path): found \(told)") && !found.contains("\n")) }
    }
  }

  /// Text whose first letters are a mark's stays text.
  @Test func textThatBeginsLikeAMark() throws {
    try withFile("ORC,datetime\n1,0\n2,60\n") { path in
      let names = try TraceReader.readAll(path: path, kind: .carbon).names
      #expect(names == ["ORC"])
    }
  }
}
