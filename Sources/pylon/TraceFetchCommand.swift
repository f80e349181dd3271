internal import ArgumentParser
internal import Experiments
internal import Foundation

struct TraceFetchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fetch", abstract: "Get carbon intensities of Great Britain from the Carbon Intensity API.",
    discussion: """
      Half hours from --from to --to, in windows of 14 days, which is the API's limit. What has come is kept beside the \
      output in .pylon-fetch-…; the same command, run again after a failure, asks for the rest alone. Regions have a \
      forecast only, which stands for their intensity. Exit status: 0 done, 2 bad usage, a question that the API \
      refuses or an answer of no use, 3 no answer, or nothing could be written.
      """)
  @Option(help: "The first instant, such as 2025-01-06T00:00Z.") var from: String
  @Option(help: "Where it ends.") var to: String
  @Option(help: "Where the CSV goes.") var out: String
  @Flag(exclusivity: .exclusive, help: ArgumentHelp("Which intensities.", visibility: .hidden))
  var area: Area = .regional
  @Option(help: "One region, by its id (1 to 14), code or name.") var region: String?
  @Option(help: "carbon or forecast; they differ for --national alone.") var kind = "carbon"
  @Option(help: "error, hold or interpolate: what a missing half hour is.") var gaps = "error"
  @Flag(help: "Set negative intensities to 0 instead of refusing them.") var clip = false
  @Option(help: "Where the API is.") var api = FetchRequest.api
  @Option(help: "The time between two questions.") var pause = "1s"
  @Option(help: "How often a window that fails is asked for again.") var retries = 5
  @Option(help: "The wait before the second attempt; it doubles from one to the next. Retry-After makes it longer.")
  var wait = "2s"
  @Option(help: "How long nothing may come before an attempt is given up.") var timeout = "30s"
  @Flag(help: "Print nothing but errors.") var quiet = false

  enum Area: String, EnumerableFlag {
    case regional, national

    static func help(for value: Area) -> ArgumentHelp? {
      value == .regional ? "The fourteen regions (the default)." : "Great Britain as a whole."
    }
  }

  func validate() throws {
    try expect(kind, "--kind", FetchRequest.kinds)
    try expect(gaps, "--gaps", TraceTools.gapRules)
  }

  mutating func run() throws {
    var request = FetchRequest(from: from, to: to)
    request.isNational = area == .national
    request.region = region
    request.kind = kind
    request.gaps = gaps
    request.clip = clip
    request.api = api
    request.pause = pause
    request.retries = retries
    request.wait = wait
    request.timeout = timeout
    Interruption.legacy.withLock { $0 = "what has come is kept for the same command" }
    let (out, quiet) = (out, quiet)
    let text = try guarded {
      try TraceFetch(request) { if !quiet { complain("pylon: " + $0) } }.run(to: out)
    }
    if !quiet { try guarded { try say(text) } }
  }
}
