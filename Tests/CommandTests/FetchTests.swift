import Foundation
import Testing

/// `pylon trace fetch` against a server on this machine that answers, or fails to, as the API does.
@Suite struct FetchTests {
  private static let (from, to) = ("2024-12-30T00:00Z", "2025-02-02T12:00Z")
  private static var halves: Range<Int> { MadeUpGrid.half(from)..<MadeUpGrid.half(to) }

  private static func arguments(_ server: APIServer, _ more: String...) -> [String] {
    [
      "trace", "fetch", "--from", from, "--to", to, "--out", "carbon.csv", "--api",
      "http://127.0.0.1:\(server.port)/v2/", "--pause", "0", "--wait", "10ms",
    ] + more
  }

  private static let windows = [
    "2024-12-30T00:00Z/2025-01-13T00:00Z", "2025-01-13T00:00Z/2025-01-27T00:00Z",
    "2025-01-27T00:00Z/2025-02-02T12:00Z",
  ]
  private static let paths = windows.map { "/v2/regional/intensity/\($0)" }

  private static let good: @Sendable (String, Int) -> APIServer.Reply = { path, _ in
    .answer(200, body: MadeUpGrid.regions(path))
  }

  private func leftovers(_ workshop: Workshop) throws -> [String] {
    try workshop.names().filter { $0.hasPrefix(".") || $0.hasSuffix(".partial") }
  }

  @Test func windowsBecomeOneTraceThatRuns() throws {
    let workshop = try Workshop()
    let server = try APIServer(reply: FetchTests.good)
    defer { server.stop() }
    let outcome = try workshop.run(FetchTests.arguments(server))
    #expect(outcome.status == 0 && outcome.error.isEmpty, "\(outcome.error)")
    #expect(server.paths == FetchTests.paths)
    #expect(try workshop.read("carbon.csv") == MadeUpGrid.table(FetchTests.halves))
    #expect(
      outcome.out
        == "3 windows requested\nhttp://127.0.0.1:\(server.port)/v2/regional/intensity: 14 zones, 23184 steps\n"
        + "written: carbon.csv\n")
    #expect(try leftovers(workshop) == [])
    let scenario = """
      name: fetched
      clock: {start: 2025-01-06T00:00:00Z, duration: 14d}
      zones: gb-14
      grid: {carbon: {file: carbon.csv}, price: {constant: 0.2}}
      workload: {preset: pylon, jobs: 20}
      policies: [standard, greedy-lowest-carbon]
      """
    try workshop.write("g.yaml", scenario)
    let run = try workshop.run(["run", "g.yaml", "--out", "out"])
    #expect(run.status == 0, "\(run.error)")
  }

  /// Faults that pass change nothing of the file; each attempt is told.
  @Test func faultsThatPass() throws {
    let workshop = try Workshop()
    let server = try APIServer { path, time in
      let good = MadeUpGrid.regions(path)
      return switch (FetchTests.paths.firstIndex(of: path), time) {
      case (0, 0): .answer(500, body: "{\"error\":{\"code\":\"500 Internal Server Error\",\"message\":\"later\"}}")
      case (0, 1):
        .answer(503, headers: ["Retry-After: Wed, 21 Oct 2015 07:28:00 GMT"], body: "<html>down for maintenance</html>")
      case (0, 2): .cut(good.utf8.count / 2, body: good)
      case (1, 0): .answer(429, headers: ["Retry-After: 1"], body: "")
      case (1, 1): .hangUp
      case (1, 2): .answer(200, body: "<html>not the API</html>")
      case (2, 0): .answer(200, body: "{\"error\":{\"code\":\"500 Internal Server Error\",\"message\":\"later\"}}")
      case (2, 1): .silence(1.6)
      default: .answer(200, body: good)
      }
    }
    defer { server.stop() }
    let began = Date()
    let outcome = try workshop.run(FetchTests.arguments(server, "--timeout", "1s"))
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(Date().timeIntervalSince(began) >= 2, "Retry-After and the silence take a second each")
    #expect(try workshop.read("carbon.csv") == MadeUpGrid.table(FetchTests.halves))
    #expect(server.paths.map { FetchTests.paths.firstIndex(of: $0) } == [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2])
    let lines = outcome.error.split(separator: "\n")
    let told = [
      "HTTP 500 ({\"error\":{\"code\":\"500 Internal Server Error\",\"message\":\"later\"}})", "HTTP 503", "",
      "HTTP 429; retrying in 1 s", "", "the answer: found an HTML page",
      "500 Internal Server Error: later", "no response in time",
    ]
    #expect(lines.count == told.count, "\(outcome.error)")
    for (line, part) in zip(lines, told) {
      #expect(part.isEmpty || line.contains(part), "\(line)")
      #expect(line.hasPrefix("pylon: http://127.0.0.1:") && line.contains("of 6)"))
    }
    #expect(try leftovers(workshop) == [])
  }

  /// Killed amid the work: what has come is not asked for again, and the file is the same to the byte.
  @Test func goesOnWhereItWasKilled() throws {
    let workshop = try Workshop()
    let server = try APIServer { path, time in
      path == FetchTests.paths[2] && time == 0 ? .silence(1) : .answer(200, body: MadeUpGrid.regions(path))
    }
    defer { server.stop() }
    let process = try workshop.start(FetchTests.arguments(server))
    let deadline = Date().addingTimeInterval(60)
    while server.paths.count < 3, Date() < deadline { usleep(2000) }
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    #expect(try leftovers(workshop) == [".pylon-fetch-carbon.csv"])
    let old = try workshop.read("carbon.csv")
    #expect(old == Workshop.carbon, "nothing is there before all is")
    let kept = try workshop.names(".pylon-fetch-carbon.csv")
    #expect(kept.count == 2 && kept.allSatisfy { $0.hasSuffix(".json") })
    let outcome = try workshop.run(FetchTests.arguments(server))
    #expect(outcome.status == 0 && outcome.out.hasPrefix("1 window requested, 2 already downloaded\n"))
    #expect(server.paths == FetchTests.paths + [FetchTests.paths[2]])
    #expect(try workshop.read("carbon.csv") == MadeUpGrid.table(FetchTests.halves))
    #expect(try leftovers(workshop) == [])
  }

  @Test func toldToStopItKeepsWhatCame() throws {
    let workshop = try Workshop()
    let server = try APIServer { path, _ in
      path == FetchTests.paths[1] ? .silence(1) : .answer(200, body: MadeUpGrid.regions(path))
    }
    defer { server.stop() }
    let process = try workshop.start(FetchTests.arguments(server))
    let deadline = Date().addingTimeInterval(60)
    while server.paths.count < 2, Date() < deadline { usleep(2000) }
    kill(process.processIdentifier, SIGINT)
    let outcome = try workshop.finish(process)
    #expect(outcome.status == 3)
    #expect(
      outcome.error == "pylon: interrupted by SIGINT: downloaded windows are kept; run the same command again to "
        + "continue\n")
    #expect(try workshop.names(".pylon-fetch-carbon.csv").count == 1)
  }

  @Test func faultsThatStay() throws {
    for (reply, status, requests, message) in [
      (
        APIServer.Reply.answer(
          400, body: "{\"error\":{\"code\":\"400 Bad Request\",\n\"message\":\"Please enter a valid date\"}}"), 2, 1,
        "HTTP 400 ({\"error\":{\"code\":\"400 Bad Request\", \"message\":\"Please enter a valid date\"}})\n"
      ),
      (.answer(404, body: ""), 2, 1, "HTTP 404\n"),
      (
        .answer(200, body: MadeUpGrid.nation(FetchTests.paths[0])), 2, 1,
        "the answer:1: data: found national periods, expected regions\n"
      ),
      (.answer(200, body: "[]"), 2, 1, "the answer:1: data: found a list, expected a response of"),
      (.answer(503, body: ""), 3, 3, "HTTP 503; given up after 3 attempts\n"),
      (.hangUp, 3, 3, "; given up after 3 attempts\n"),
      (.answer(200, body: "{"), 3, 3, "found the end, expected a key in quotes; given up after 3 attempts\n"),
      (
        .answer(429, headers: ["Retry-After: 86400"], body: ""), 3, 1,
        "HTTP 429; the server asks for a wait of 8.64e+04 s\n"
      ),
      (
        .answer(503, headers: ["Retry-After: Fri, 31 Dec 2100 23:59:59 GMT"], body: ""), 3, 1,
        "HTTP 503; the server asks for a wait of "
      ),
    ] {
      let workshop = try Workshop()
      let server = try APIServer { _, _ in reply }
      defer { server.stop() }
      let outcome = try workshop.run(FetchTests.arguments(server, "--retries", "2"))
      #expect(outcome.status == status && server.paths.count == requests, "\(message) \(outcome.error)")
      #expect(outcome.error.contains(message), "\(outcome.error)")
      #expect(outcome.out.isEmpty)
      #expect(try workshop.read("carbon.csv") == Workshop.carbon)
    }
    let workshop = try Workshop()
    let server = try APIServer(reply: FetchTests.good)
    server.stop()
    let outcome = try workshop.run(FetchTests.arguments(server, "--retries", "1", "--quiet"))
    #expect(outcome.status == 3 && outcome.error.contains("; given up after 2 attempts\n"))
  }

  /// A window of which nothing is known, half hours that are not there, values below zero.
  @Test func gapsAreTold() throws {
    let workshop = try Workshop()
    let server = try APIServer { path, _ in
      if path == FetchTests.paths[1] { return .answer(200, body: "{\"data\":[]}") }
      let hole = MadeUpGrid.half("2025-01-06T10:00Z")
      return .answer(
        200,
        body: MadeUpGrid.regions(path) { half in
          if half == hole || half == hole + 1 { return .some(nil) }
          return half == hole + 9 || half == hole + 10 ? -3 : .none
        })
    }
    defer { server.stop() }
    let below = try workshop.run(FetchTests.arguments(server))
    #expect(
      below.status == 2
        && below.error.contains(
          "found 28 negative intensities, expected at least 0, or --clip; the first is -3 g for GB-N-SCOT at "
            + "2025-01-06T14:30:00.000Z\n"),
      "\(below.error)")
    let holes = try workshop.run(FetchTests.arguments(server, "--clip"))
    #expect(holes.status == 2)
    #expect(
      holes.error.contains(
        "found gaps, expected every half hour from 2024-12-30T00:00:00.000Z to 2025-02-02T12:00:00.000Z, or --gaps hold"
          + " | interpolate\nno data from 2025-01-06 10:00 UTC to 2025-01-06 11:00 UTC (2 half hours)\n"
          + "no data from 2025-01-13 00:00 UTC to 2025-01-27 00:00 UTC (672 half hours)\n"
          + "downloaded windows are kept in .pylon-fetch-carbon.csv\n"), "\(holes.error)")
    let filled = try workshop.run(FetchTests.arguments(server, "--clip", "--gaps", "hold"))
    #expect(
      filled.status == 0
        && filled.out.contains("note: 9436 missing steps filled\nnote: 28 negative intensities set to 0\n"), "\(filled)"
    )
    #expect(filled.out.hasPrefix("0 windows requested, 3 already downloaded\n") && server.paths == FetchTests.paths)
    let rows = try workshop.read("carbon.csv").split(separator: "\n")
    func row(_ half: Int) -> Substring { rows[1 + half - FetchTests.halves.lowerBound].drop { $0 != "," } }
    let hole = MadeUpGrid.half("2025-01-06T10:00Z")
    #expect(row(hole) == row(hole - 1) && row(hole + 1) == row(hole - 1) && row(hole + 2) != row(hole - 1))
    #expect(row(hole + 9).allSatisfy { $0 == "," || $0 == "0" })
    #expect(row(MadeUpGrid.half("2025-01-27T00:00Z") - 1) == row(MadeUpGrid.half("2025-01-13T00:00Z") - 1))
  }

  /// One region, and the nation: the bytes of `trace import` of the whole answer, without what lies before it.
  @Test func otherShapesAreAsImported() throws {
    let workshop = try Workshop()
    let server = try APIServer { path, _ in
      .answer(
        200, body: path.contains("regionid") ? MadeUpGrid.region(path, 13) : MadeUpGrid.nation(path))
    }
    defer { server.stop() }
    let window = "\(FetchTests.from)/\(FetchTests.to)"
    for (options, path, whole) in [
      (["--region", "GB-LONDON"], "/v2/regional/intensity/WINDOW/regionid/13", MadeUpGrid.region(window, 13)),
      (["--national"], "/v2/intensity/WINDOW", MadeUpGrid.nation(window)),
      (["--national", "--kind", "forecast"], "/v2/intensity/WINDOW", MadeUpGrid.nation(window)),
    ] {
      let before = server.paths.count
      let outcome = try workshop.run(FetchTests.arguments(server) + options)
      #expect(outcome.status == 0, "\(outcome.error)")
      #expect(
        server.paths.dropFirst(before) == FetchTests.windows.map { path.replacing("WINDOW", with: $0) }[...])
      try workshop.write("whole.json", whole)
      let kind = options.last == "forecast" ? "forecast" : "carbon"
      #expect(try workshop.run(["trace", "import", "whole.json", "--kind", kind, "--out", "own.csv"]).status == 0)
      let own = try workshop.read("own.csv").split(separator: "\n").enumerated().filter { $0.offset != 1 }
      let fetched = try workshop.read("carbon.csv").split(separator: "\n")
      #expect(fetched.dropFirst() == own.dropFirst().map(\.element)[...] && fetched.count > 1000)
      #expect(fetched[0] == (options[0] == "--region" ? "datetime,GB-LONDON" : "datetime,GB"))
    }
    let run = try workshop.simulate(
      "--set", "clock.start=2025-01-06T00:00:00Z", "--set", "grid.carbon={file: carbon.csv, all_zones: true}", "--set",
      "workload={preset: pylon, jobs: 3}")
    #expect(run.status == 0, "\(run.error)")
  }

  /// As for 2021-04-19T19:00Z, which the API tells twice; and zeros and blanks of the measurements.
  @Test func repeatedAndMissingMeasurements() throws {
    let workshop = try Workshop()
    let start = MadeUpGrid.half(FetchTests.from)
    let server = try APIServer { path, _ in
      let text = MadeUpGrid.nation(path) { half in
        half == start + 3 ? "0" : half == start + 5 ? "null" : "\(half - start + 2)"
      }
      let twice = "{\"from\":\"\(MadeUpGrid.text(start + 8))\",\"intensity\":{\"forecast\":1,\"actual\":99}},"
      return .answer(200, body: text.replacing("{\"data\":[", with: "{\"data\":[" + twice + twice))
    }
    defer { server.stop() }
    let outcome = try workshop.run([
      "trace", "fetch", "--from", "2024-12-30T00:00Z", "--to", "2024-12-30T05:50Z", "--out", "n.csv", "--national",
      "--gaps", "interpolate", "--api", "http://127.0.0.1:\(server.port)",
    ])
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(server.paths == ["/intensity/2024-12-30T00:00Z/2024-12-30T06:00Z"])
    for line in [
      "note: no data from 2024-12-30 01:30 UTC to 2024-12-30 02:00 UTC (1 half hour)",
      "note: no data from 2024-12-30 02:30 UTC to 2024-12-30 03:00 UTC (1 half hour)",
      "note: 1 half hour received twice with different values: the later value is used",
      "note: 2 missing steps filled",
      "note: 1 national zero treated as missing", "note: 1 repeated value left out",
    ] { #expect(outcome.out.contains(line + "\n"), "\(outcome.out)") }
    let values = try workshop.read("n.csv").split(separator: "\n").dropFirst().map { $0.split(separator: ",")[1] }
    #expect(values.map(String.init) == (2...13).map(String.init))
  }

  @Test func usage() throws {
    let workshop = try Workshop()
    let outcome = try workshop.run([
      "trace", "fetch", "--from", "soon", "--to", "2025-01-01", "--out", "x.csv", "--region", "15", "--api", "ftp://x",
      "--pause", "soon", "--timeout", "0", "--retries", "101",
    ])
    #expect(outcome.status == 2)
    let told = outcome.error.split(separator: "\n").map { $0.replacing("pylon: ", with: "") }
    #expect(
      told.map { $0.prefix { $0 != ":" } } == ["--from", "--api", "--region", "--pause", "--timeout", "--retries"])
    #expect(told[2].contains("expected one of 1 (GB-N-SCOT, North Scotland), 2 ("))
    let span = try workshop.run(["trace", "fetch", "--from", "2025-01-02", "--to", "2025-01-02", "--out", "x.csv"])
    #expect(
      span.status == 2
        && span.error == "pylon: --to: found \"2025-01-02\", expected an instant after --from, and at most 100 years\n")
    #expect(try leftovers(workshop) == [])
  }
}
