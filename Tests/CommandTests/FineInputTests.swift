import Foundation
import Testing

/// What looks odd and is no error.
@Suite struct FineInputTests {
  @Test func aJobThatFitsNowhereIsRejected() throws {
    let workshop = try Workshop()
    try workshop.change("jobs.csv", "3600,8,", "3600,9,")
    let outcome = try workshop.simulate()
    #expect(outcome.status == 0 && outcome.error.isEmpty)
    let rows = try workshop.read("out/jobs.csv").split(separator: "\n").filter { $0.contains(",b,") }
    #expect(rows.count == 2 && rows.allSatisfy { $0.contains(",REJECTED,") })
  }

  /// CRLF and a byte-order mark change nothing.
  @Test func lineEndsAndMarks() throws {
    let workshop = try Workshop()
    #expect(try workshop.simulate().status == 0)
    let plain = try workshop.read("out/jobs.csv")
    #expect(plain.contains(",COMPLETED,"))
    for name in ["s.yaml", "carbon.csv", "jobs.csv"] {
      let text = try workshop.read(name).replacing("\n", with: "\r\n")
      try workshop.write(name, [0xEF, 0xBB, 0xBF] + Array(text.utf8))
    }
    let outcome = try workshop.run(["run", "s.yaml", "--out", "again"])
    #expect(outcome.status == 0 && outcome.error.isEmpty)
    #expect(try workshop.read("again/jobs.csv") == plain)
  }

  /// An empty, a broken or an old database of that name is replaced whole, and so are the journals beside it.
  @Test(arguments: [[], Array("no database at all".utf8)]) func aFileOfThatNameInTheWay(bytes: [UInt8]) throws {
    let workshop = try Workshop()
    try FileManager.default.createDirectory(atPath: workshop.path + "/out", withIntermediateDirectories: false)
    for name in ["results.sqlite", "results.sqlite-wal", "results.sqlite-journal", "jobs.csv"] {
      try workshop.write("out/" + name, bytes)
    }
    try workshop.write("out/mine.txt", "mine")
    #expect(try workshop.simulate().status == 0)
    #expect(
      try workshop.names("out") == ["jobs.csv", "metrics.csv", "mine.txt", "plots", "results.sqlite", "zones.csv"])
    let head = try Data(contentsOf: URL(fileURLWithPath: workshop.path + "/out/results.sqlite")).prefix(15)
    #expect(String(decoding: head, as: UTF8.self) == "SQLite format 3")
    #expect(try workshop.read("out/mine.txt") == "mine")
  }
}
