import Foundation
import Results
import Testing

/// Results are replaced whole or not at all, wherever the process dies.
@Suite struct ReplacementTests {
  private final class Place {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("store-\(UUID().uuidString)").path
    init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Every file below with its text.
    func files() throws -> [String: String] {
      var found: [String: String] = [:]
      for name in try FileManager.default.subpathsOfDirectory(atPath: path) {
        let file = path + "/" + name
        if let text = try? String(contentsOfFile: file, encoding: .utf8) { found[name] = text }
      }
      return found
    }
  }

  private struct Death: Error {}

  /// Makes a result of two folders; `figures` is below the tables' folder or beside it.
  private func replace(_ tables: String, _ figures: String, _ text: String, names: [String], dyingAt: Int) throws -> Int
  {
    let (first, second) = (try ResultFolder(path: tables), try ResultFolder(path: figures))
    for name in names { try first.write(text, as: name) }
    try second.write(text, as: "map-\(text).svg")
    try second.write(text, as: "map-both.svg")
    var steps = 0
    do {
      try ResultFolder.replace([
        Replacement(first) { $0.hasSuffix(".csv") },
        Replacement(second) { $0.hasPrefix("map-") },
      ]) { () throws(StoreError) in
        if steps == dyingAt { throw StoreError(description: "died") }
        steps += 1
      }
    } catch {
      // As the kernel would: locks are let go of, and nothing else is done.
      first.die()
      second.die()
      throw Death()
    }
    return steps
  }

  private static let old = ["results.sqlite", "metrics.csv", "jobs.csv"]
  private static let new = ["results.sqlite", "metrics.csv", "zones.csv"]

  /// A result may come from a stranger, whose journal speaks of folders that are none of its own.
  @Test(arguments: ["../mine", "ABSOLUTE", "link"]) func aStrangersJournalChangesNothingElsewhere(folder: String) throws
  {
    let place = try Place()
    let (given, mine) = (place.path + "/given", place.path + "/mine")
    for path in [given, mine] {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    }
    try FileManager.default.createSymbolicLink(atPath: given + "/link", withDestinationPath: mine)
    try "dear".write(toFile: mine + "/thesis.txt", atomically: true, encoding: .utf8)
    let spoken = folder == "ABSOLUTE" ? mine : folder
    let text = "pylon-commit 1\nfolder \(spoken)\nstaging .pylon-partial-1-a\nremove thesis.txt\nend\n"
    try text.write(toFile: given + "/.pylon-commit", atomically: true, encoding: .utf8)
    try ResultFolder.recover(given)
    #expect(try place.files()["mine/thesis.txt"] == "dear")
    // Staged files there are no leave to change anything either, where they are of another result.
    try FileManager.default.createDirectory(
      atPath: mine + "/.pylon-partial-1-a", withIntermediateDirectories: false)
    try text.write(toFile: given + "/.pylon-commit", atomically: true, encoding: .utf8)
    #expect(throws: StoreError.self) { try ResultFolder.recover(given) }
    #expect(try place.files()["mine/thesis.txt"] == "dear")
  }

  /// Objects go in an order of the compiler's choosing.
  @Test(arguments: [false, true]) func whatWasMadeForNothingGoes(innerFirst: Bool) throws {
    let place = try Place()
    var outer: ResultFolder? = try ResultFolder(path: place.path + "/a/tables")
    var inner: ResultFolder? = try ResultFolder(path: place.path + "/a/tables/b/plots")
    try outer?.write("1", as: "metrics.csv")
    try inner?.write("1", as: "map-1.svg")
    if innerFirst { inner = nil }
    outer = nil
    inner = nil
    #expect(try FileManager.default.contentsOfDirectory(atPath: place.path).isEmpty)
  }

  @Test(arguments: ["tables/plots", "figures"]) func diesBetweenAnyTwoSteps(figures: String) throws {
    var died = 0
    var seen: Set<String> = []
    while true {
      let place = try Place()
      let (tables, maps) = (place.path + "/tables", place.path + "/" + figures)
      _ = try replace(tables, maps, "old", names: ReplacementTests.old, dyingAt: -1)
      try "mine".write(toFile: tables + "/mine.txt", atomically: true, encoding: .utf8)
      try "mine".write(toFile: maps + "/mine.svg", atomically: true, encoding: .utf8)
      try "log".write(toFile: tables + "/results.sqlite-wal", atomically: true, encoding: .utf8)
      func whole(_ text: String, _ names: [String]) -> [String: String] {
        var files = ["tables/mine.txt": "mine", figures + "/mine.svg": "mine"]
        for name in names { files["tables/" + name] = text }
        for name in ["map-\(text).svg", "map-both.svg"] { files[figures + "/" + name] = text }
        return files
      }
      var before = whole("old", ReplacementTests.old)
      before["tables/results.sqlite-wal"] = "log"
      let after = whole("new", ReplacementTests.new)
      #expect(try place.files() == before)
      let finished = (try? replace(tables, maps, "new", names: ReplacementTests.new, dyingAt: died)) != nil
      // What a reader does first; from either folder, and twice.
      try ResultFolder.recover(died % 2 == 0 ? tables : maps)
      try ResultFolder.recover(tables)
      try ResultFolder.recover(maps)
      let found = try place.files()
      #expect(found == before || found == after, "died at step \(died)")
      seen.insert(found == before ? "old" : "new")
      // And the next run works, whatever it finds.
      _ = try replace(tables, maps, "newer", names: ReplacementTests.new, dyingAt: -1)
      #expect(try place.files() == whole("newer", ReplacementTests.new))
      if finished { break }
      died += 1
    }
    #expect(died > 8 && seen == ["old", "new"])
  }

  /// The next run, too, begins by finishing what was begun.
  @Test func theNextRunFinishesFirst() throws {
    let place = try Place()
    let (tables, maps) = (place.path + "/a", place.path + "/b")
    _ = try replace(tables, maps, "old", names: ReplacementTests.old, dyingAt: -1)
    #expect(throws: Death.self) { _ = try replace(tables, maps, "new", names: ReplacementTests.new, dyingAt: 4) }
    #expect(FileManager.default.fileExists(atPath: tables + "/.pylon-commit"))
    do {
      let next = try ResultFolder(path: maps)
      #expect(!FileManager.default.fileExists(atPath: tables + "/.pylon-commit"))
      #expect(try place.files()["a/zones.csv"] == "new")
      withExtendedLifetime(next) {}
    }
    #expect(try place.files().count == 5)
  }

  @Test func partialFilesOfTheLivingStay() throws {
    let place = try Place()
    let living = try ResultFolder(path: place.path)
    try living.write("growing", as: "a.csv")
    let dead = place.path + "/.pylon-partial-1-dead"
    try FileManager.default.createDirectory(atPath: dead, withIntermediateDirectories: false)
    try ResultFolder.recover(place.path)
    _ = try ResultFolder(path: place.path)
    #expect(!FileManager.default.fileExists(atPath: dead))
    #expect(try place.files().values.sorted() == ["growing"])
    try ResultFolder.replace([Replacement(living)])
    #expect(try place.files() == ["a.csv": "growing"])
  }

  @Test func whatIsNotFinishedGoesAndSoDoTheFoldersMadeForIt() throws {
    let place = try Place()
    do {
      let folder = try ResultFolder(path: place.path + "/x/y")
      try folder.write("text", as: "a.csv")
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: place.path).isEmpty)
  }

  @Test(arguments: ["", "pylon-commit 1\nfolder .\nstaging ../x\nfile a\nend\n", "pylon-commit 1\nfile a\nend\n"])
  func aJournalThatIsNotOursIsToldAndLeft(text: String) throws {
    let place = try Place()
    try text.write(toFile: place.path + "/.pylon-commit", atomically: true, encoding: .utf8)
    #expect {
      try ResultFolder.recover(place.path)
    } throws: {
      ($0 as? StoreError)?.description == "cannot finish an interrupted replacement: \(place.path)/.pylon-commit was "
        + "not written by Pylon; remove it to abandon the replacement"
    }
    #expect(try place.files() == [".pylon-commit": text])
  }
}
