internal import ArgumentParser
internal import Experiments

struct ReplayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay", abstract: "A page on which the map of a result moves, from its zone samples.",
    discussion: "The page needs nothing from elsewhere: play, pause, scrub, speed, policies, zones by pointer and keys."
  )
  @Argument(help: "A results.sqlite; it is only read.") var result: String
  @Option(name: .shortAndLong, help: "Where the page goes; - and no file: the standard output.") var out: String?

  mutating func run() throws {
    try guarded {
      try FileIdentity.demandOther(out, than: result)
      let page = try ResultReplay(path: result).html
      try deliver(page, to: out)
    }
  }
}
