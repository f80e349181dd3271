internal import ArgumentParser
internal import Domain
internal import Foundation
internal import TraceFetch

struct TraceFetchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fetch", abstract: "Download carbon intensities of Great Britain from the Carbon Intensity API.",
    discussion: """
      Downloads half-hourly values from --from to --to, in windows of 14 days, the API's limit. Downloaded windows are \
      kept beside the output in .pylon-fetch-…; the same command, run again after a failure, requests only the rest. \
      For regions, the API has forecasts only; they are taken as the intensity. Exits with 0 if the CSV was written, 2 \
      for bad usage, a request that the API refuses or an unusable answer, 3 if there is no answer or the file cannot \
      be written.
      """)
  @Option(help: "Start of the period, such as 2025-01-06T00:00Z.") var from: String
  @Option(help: "End of the period.") var to: String
  @Option(help: "CSV file to write.") var out: String
  @Flag(exclusivity: .exclusive, help: ArgumentHelp("Which intensities.", visibility: .hidden))
  var area: Area = .regional
  @Option(help: "A single region: its id (1 to 14), code or name.") var region: String?
  @Option(help: "Quantity: carbon or forecast; they differ only with --national.")
  var kind = FetchRequest.Kind.carbon
  @Option(help: "How to fill missing half hours: error (reject the data), hold or interpolate.")
  var gaps = GapRule.error
  @Flag(help: "Set negative intensities to 0 instead of refusing them.") var clip = false
  @Option(help: "URL of the API.") var api = FetchRequest.api
  @Option(help: "Pause between two requests.") var pause = "1s"
  @Option(help: "Number of retries for a window that fails.") var retries = 5
  @Option(help: "Wait before the first retry; it doubles with each retry. Retry-After can make it longer.")
  var wait = "2s"
  @Option(help: "Time without data after which an attempt is given up.") var timeout = "30s"
  @Flag(help: "Print errors only.") var quiet = false

  enum Area: String, EnumerableFlag {
    case regional, national

    static func help(for value: Area) -> ArgumentHelp? {
      value == .regional ? "The fourteen regions." : "Great Britain as a whole."
    }
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
    Interruption.legacy.withLock { $0 = "downloaded windows are kept; run the same command again to continue" }
    let (out, quiet) = (out, quiet)
    let text = try guarded {
      try TraceFetch(request) { if !quiet { complain("pylon: " + $0) } }.run(to: out)
    }
    if !quiet { try guarded { try say(text) } }
  }
}
