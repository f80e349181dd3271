import Foundation
import Testing

/// Standard streams that are closed, full or cut off: exit statuses hold, and no data file gets their bytes.
@Suite struct StreamTests {
  private static let away = ["2>&-", "2>/dev/full", "2>&- <&-", "<&- 2>/dev/null"]

  @Test(arguments: StreamTests.away)
  func statusesHoldWithoutAStandardError(_ redirection: String) throws {
    let workshop = try Workshop()
    let line = """
      $pylon run s.yaml --out good \(redirection) > /dev/null; echo $?
      $pylon audit good/results.sqlite \(redirection) > /dev/null; echo $?
      $pylon run nowhere.yaml --out bad \(redirection) > /dev/null; echo $?
      $pylon run s.yaml --out /dev/null/x \(redirection) > /dev/null; echo $?
      $pylon rnu \(redirection) > /dev/null; echo $?
      $pylon check s.yaml \(redirection) > /dev/null; echo $?
      sqlite3 good/results.sqlite "UPDATE run_metrics SET value = 1e9 WHERE metric = 'carbon_kg' AND run_id = 1"
      $pylon audit good/results.sqlite \(redirection) > /dev/null; echo $?
      """
    let outcome = try workshop.shell(line)
    #expect(outcome.out.split(separator: "\n") == ["0", "0", "2", "3", "2", "2", "1"], "\(outcome.out)")
    #expect(try workshop.names().contains("bad") == false)
  }

  /// The files of a run are those of a run with all streams, byte by byte.
  @Test func noFileGetsADescriptorOfTheStreams() throws {
    let workshop = try Workshop()
    let line = """
      $pylon run s.yaml --out with > /dev/null 2>&1; $pylon run s.yaml --out without <&- >&- 2>&-; echo $?
      cmp with/metrics.csv without/metrics.csv && cmp with/jobs.csv without/jobs.csv && echo same
      $pylon audit without/results.sqlite > /dev/null; echo $?
      """
    // The standard output is closed: that it cannot be written is a fault, of a result that is whole.
    #expect(try workshop.shell(line).out.split(separator: "\n") == ["3", "same", "0"])
  }

  @Test(arguments: ["audit out/results.sqlite", "policies", "--help", "compare out/results.sqlite --metric all"])
  func aReaderThatLeavesEarlyIsNoFault(_ command: String) throws {
    let workshop = try Workshop()
    #expect(try workshop.simulate().status == 0)
    let line = "{ $pylon \(command); echo $? >&2; } | true; { sleep 0.2; $pylon \(command); echo $? >&2; } | head -1"
    let outcome = try workshop.shell(line)
    #expect(outcome.error.split(separator: "\n") == ["0", "0"], "\(outcome.error)")
  }

  /// With few descriptors or threads a run is whole, or leaves with 3 and nothing.
  /// (A shell needs a dozen itself.)
  @Test(arguments: [12, 14, 16, 24, 32, 64])
  func fewDescriptorsAreAFaultOfTheSystem(_ count: Int) throws {
    let workshop = try Workshop()
    let line = """
      (ulimit -n \(count); $pylon run s.yaml --out out > /dev/null 2> told; echo $?); ls out 2> /dev/null | wc -l
      """
    let outcome = try workshop.shell(line)
    let parts = outcome.out.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    #expect(parts.count == 2, "\(outcome.out)")
    if parts.first == "0" {
      #expect(try workshop.run(["audit", "out/results.sqlite", "--quiet"]).status == 0)
    } else {
      let told = try workshop.read("told")
      #expect(parts == ["3", "0"], "\(outcome.out)\(told)")
      #expect(told.hasPrefix("pylon: "))
    }
  }
}
