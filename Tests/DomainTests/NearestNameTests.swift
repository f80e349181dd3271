import Testing

@testable import Domain

@Suite struct NearestNameTests {
  private static let codes = ["NORTH", "SOUTH", "GB-LONDON"]

  @Test(arguments: [
    ("lon", ["lat", "lng"], "lng"), ("longitude", ["lat", "lng"], "lng"), ("rnu", ["run", "trace"], "run"),
    ("SUOTH", codes, "SOUTH"), ("gb-lodnon", codes, "GB-LONDON"), ("cpuCores", ["cpu_cores", "gpus"], "cpu_cores"),
    ("deadline_aware", ["deadline-aware", "standard"], "deadline-aware"),
    ("greedy", ["greedy-lowest-carbon", "standard"], "greedy-lowest-carbon"),
    ("replicaitons", ["replications", "policies"], "replications"), ("cores", ["cpu_cores", "memory_gb"], "cpu_cores"),
  ]) func suggests(word: String, names: [String], wanted: String) { #expect(nearest(to: word, among: names) == wanted) }

  /// Words that are near by letters alone and have nothing to do with each other.
  @Test(arguments: [
    ("m", ["s", "h"]), ("C", ["A", "B"]), ("time", ["file", "name"]), ("", ["a"]), ("---", ["a-b"]),
    ("code", ["mode", "seed"].map { $0 + "s" }), ("lowest", ["lowest-slot", "lowest-window"]), ("EAST", codes),
    (String(repeating: "x", count: 1000), [String(repeating: "x", count: 999)]),
  ]) func suggestsNothing(word: String, names: [String]) { #expect(nearest(to: word, among: names) == nil) }
}
