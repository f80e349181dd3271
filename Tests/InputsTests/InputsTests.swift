import Domain
import Foundation
import Inputs
import Testing

func zone(_ id: Int, _ code: String) -> Zone {
  Zone(
    id: id, code: code, name: code.capitalized, region: "R", coordinates: Coordinates(latitude: 0, longitude: 0),
    capacity: Resources(milliCores: 1000, milliGigabytes: 0, milliGPUs: 0), aliases: ["alias-\(id)"])
}

let zones = [zone(1, "NORTH"), zone(2, "SOUTH")]

func withFile<R>(_ bytes: [UInt8], _ ending: String = "csv", _ body: (String) throws -> R) throws -> R {
  let path = NSTemporaryDirectory() + "/inputs-\(UUID().uuidString).\(ending)"
  try Data(bytes).write(to: URL(fileURLWithPath: path))
  defer { try? FileManager.default.removeItem(atPath: path) }
  return try body(path)
}

func withFile<R>(_ text: String, _ ending: String = "csv", _ body: (String) throws -> R) throws -> R {
  try withFile(Array(text.utf8), ending, body)
}

func fault(_ body: () throws -> Void) -> String {
  do {
    try body()
    return "no fault"
  } catch { return "\(error)" }
}

extension TraceTable {
  /// The notes without the name of a test's file in front.
  var plainNotes: [String] {
    notes.map { note in
      guard note.hasPrefix("inputs-"), let colon = note.firstIndex(of: ":") else { return note }
      return String(note[colon...].dropFirst(2))
    }
  }
}

@Suite struct LineTests {
  @Test func readsLineEndsQuotesAndMark() throws {
    let lines = try withFile("\u{FEFF}a,b\r\n\"x\ny\",2\n\nlast") { path in
      let reader = try CSVLineReader(path: path)
      var lines: [String] = []
      while let line = try reader.next() {
        lines.append("\(reader.lineNumber):" + String(decoding: line, as: UTF8.self))
      }
      return lines
    }
    #expect(lines == ["1:a,b", "2:\"x\ny\",2", "4:", "5:last"])
  }

  @Test func refusesBadBytesAndLongLines() throws {
    let bad = try withFile([97, 10, 0xff, 10]) { path in
      fault {
        let reader = try CSVLineReader(path: path)
        while try reader.next() != nil {}
      }
    }
    #expect(bad.contains(".csv:2: ") && bad.contains("UTF-8"))
    let long = try withFile([97, 10] + [UInt8](repeating: 98, count: 3 << 20)) { path in
      fault {
        let reader = try CSVLineReader(path: path)
        while try reader.next() != nil {}
      }
    }
    #expect(long.contains(".csv:2: ") && long.contains("1 MB"))
    // One that is found whole is told by its own number, too.
    let whole = try withFile([97, 10] + [UInt8](repeating: 98, count: 1_100_000) + [10, 99, 10]) { path in
      fault {
        let reader = try CSVLineReader(path: path)
        while try reader.next() != nil {}
      }
    }
    #expect(whole.contains(".csv:2: ") && whole.contains("1 MB"))
    let fine = try withFile([UInt8](repeating: 98, count: 1 << 20) + [10, 99]) { path in
      let reader = try CSVLineReader(path: path)
      return [try reader.next()?.count, try reader.next()?.count]
    }
    #expect(fine == [1 << 20, 1])
  }
}

@Suite struct TraceTests {
  func hours(_ range: [Int], value: (Int) -> String) -> String {
    range.map { "2020-01-0\(1 + $0 / 24)T\($0 % 24 < 10 ? "0" : "")\($0 % 24):00Z,\(value($0))\n" }.joined()
  }

  @Test func readsWideUnsortedWithDuplicates() throws {
    let text = "Time,SOUTH,ignored,alias-1\n1578272400,2,x,1.5\n1578268800,1e1,x,0\n1578268800,10.0,x,0\n"
    let table = try withFile(text) { try TraceReader.read(path: $0, kind: .carbon, zones: zones) }
    #expect(table.columns[0].steps.map(\.value) == [0, 1.5])
    #expect(table.columns[1].steps.map(\.value) == [10, 2])
    #expect(table.columns[1].steps[0].start == 1_578_268_800_000)
    #expect(table.columns[1].end == 1_578_268_800_000 + 7_200_000)
    #expect(table.duplicates == 2)
  }

  @Test func findsAndFillsGaps() throws {
    let rows = Array(0..<40).filter { $0 != 20 && $0 != 21 }
    let text = "datetime,NORTH,SOUTH\n" + hours(rows) { "\($0),1" }
    try withFile(text) { path in
      let told = fault { _ = try TraceReader.read(path: path, kind: .carbon, zones: zones) }
      #expect(told.contains(".csv:22: NORTH") && told.contains(".csv:22: SOUTH"))
      let held = try TraceReader.read(path: path, kind: .carbon, zones: zones, gaps: .hold)
      #expect(held.gapsFilled == 4 && held.columns[0].steps[21].value == 19)
      let drawn = try TraceReader.read(path: path, kind: .carbon, zones: zones, gaps: .interpolate)
      #expect(abs(drawn.columns[0].steps[21].value - 21) < 1e-9)
    }
  }

  /// Gaps in short traces, several of them, and blank cells; a trace of no step has none.
  @Test(arguments: [
    ([0, 60, 180, 240], 1), ([0, 30, 60, 120, 150, 210, 240, 270, 300], 2), ([0, 7, 30, 120], 0), ([0, 30], 0),
  ])
  func tellsGapsFromIrregularSteps(minutes: [Int], missing: Int) throws {
    let text = "datetime,NORTH\n" + minutes.map { "\($0 * 60),1\n" }.joined()
    try withFile(text) { path in
      let table = try TraceReader.read(path: path, kind: .carbon, zones: [zones[0]], gaps: .hold)
      #expect(table.gapsFilled == missing)
      let told = fault { _ = try TraceReader.read(path: path, kind: .carbon, zones: [zones[0]]) }
      #expect(
        missing == 0 ? told == "no fault" : told.contains("expected a step every \(minutes[1]) minutes"), "\(told)")
    }
  }

  @Test func fillsBlankCells() throws {
    try withFile("datetime,NORTH\n0,1\n60,\n120,3\n180,4\n240,5\n") { path in
      let told = fault { _ = try TraceReader.read(path: path, kind: .carbon, zones: [zones[0]]) }
      #expect(told.hasSuffix(":3: NORTH: found nothing, expected a number, or gaps: hold | interpolate"))
      let drawn = try TraceReader.read(path: path, kind: .carbon, zones: [zones[0]], gaps: .interpolate)
      #expect(drawn.gapsFilled == 1 && drawn.columns[0].steps[1].value == 2)
    }
  }

  @Test func allowsChangeOfCadence() throws {
    let text =
      "datetime,NORTH\n" + (0..<4).map { "\(1_578_268_800 + $0 * 1800),1\n" }.joined()
      + (0..<60).map { "\(1_578_268_800 + 7200 + $0 * 900),1\n" }.joined()
    let table = try withFile(text) { try TraceReader.read(path: $0, kind: .carbon, zones: [zones[0]]) }
    #expect(table.columns[0].steps.count == 64)
  }

  @Test func readsLongAndForecast() throws {
    let text =
      "datetime,zone,carbon_intensity,forecast,price\n"
      + ["0", "1"].map { "2020-01-01T0\($0):00Z,north,9,9,9\n2020-01-01T0\($0):00Z,North,5,6,-0.1\n" }.joined()
    try withFile(text) { path in
      let price = try TraceReader.read(path: path, kind: .price, zones: [zones[0]])
      #expect(price.columns[0].steps.map(\.value) == [-0.1, -0.1])
      #expect(try TraceReader.read(path: path, kind: .forecast, zones: [zones[0]]).columns[0].steps[0].value == 6)
      let told = fault { _ = try TraceReader.read(path: path, kind: .carbon, zones: zones) }
      #expect(told.contains("SOUTH") && told.contains("north"))
    }
  }

  @Test func tellsAllFaultsAtOnce() throws {
    let text =
      "datetime,NORTH,SOUTH\n" + hours([0, 1, 2]) { ["-1,1", ",nan", "1,1x"][$0] } + hours([0]) { _ in "1,2" }
    let told = try withFile(text) { path in
      fault { _ = try TraceReader.read(path: path, kind: .carbon, zones: zones) }
    }
    for piece in [":2: NORTH", ":3: NORTH: found nothing", ":3: SOUTH: found \"nan\"", ":4: SOUTH", "lines 2, 5"] {
      #expect(told.contains(piece), "\(piece) in \(told)")
    }
    let clipped = try withFile("datetime,NORTH\n0,-4\n60,3\n") {
      try TraceReader.read(path: $0, kind: .carbon, zones: [zones[0]], clip: true)
    }
    #expect(clipped.clipped == 1 && clipped.columns[0].steps[0].value == 0)
    let missing = try withFile("datetime,NORTHERN,x\n0,4,1\n60,3,1\n") { path in
      fault { _ = try TraceReader.read(path: path, kind: .carbon, zones: [zones[0]]) }
    }
    #expect(missing.contains("NORTH: ") && missing.contains("NORTHERN, x"))
  }
}
