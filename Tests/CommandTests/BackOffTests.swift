import Foundation
import Testing

/// How long is waited before a question is asked again.
@Suite struct BackOffTests {
  /// The first wait is the one that was asked for, a quarter longer at most; each one after it is twice as long.
  @Test func waitsBeginAsAskedAndDouble() throws {
    let workshop = try Workshop()
    let server = try APIServer { path, time in
      time < 4 ? .answer(500, body: "") : .answer(200, body: MadeUpGrid.regions(path))
    }
    defer { server.stop() }
    let outcome = try workshop.run([
      "trace", "fetch", "--from", "2025-01-06T00:00Z", "--to", "2025-01-07T00:00Z", "--out", "carbon.csv", "--api",
      "http://127.0.0.1:\(server.port)/v2/", "--pause", "0", "--wait", "32ms",
    ])
    #expect(outcome.status == 0, "\(outcome.error)")
    let waits = outcome.error.split(separator: "\n").compactMap { line in
      line.split(separator: "retrying in ").last.flatMap { Double($0.prefix { $0 != " " }) }
    }
    #expect(waits.count == 4, "\(outcome.error)")
    for (place, wait) in waits.enumerated() {
      let least = 0.032 * Double(1 << place)
      // They are told with three digits.
      #expect(wait >= least * 0.99 && wait <= 1.26 * least, "wait \(place + 1): \(wait) s, expected \(least) s")
    }
  }
}
