internal import ArgumentParser
internal import Reports
internal import Runs

struct ReplayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay", abstract: "Write an HTML page that animates the map of a result.",
    discussion: "The page is self-contained. It has controls for play, time, speed, policy and zone."
  )
  @Argument(help: "A results.sqlite file, or the folder that holds it; it is opened read-only.") var result: String
  @Option(name: .shortAndLong, help: "File for the page; default, or with -: standard output.") var out: String?

  mutating func run() throws {
    try demandFile(out, "-o replay.html")
    try guarded {
      let path = try ResultFile.path(of: result)
      try FileIdentity.demandOther(out, than: [path])
      try PageFile.html.check(out)
      let page = try ResultReplay(path: path).html
      try deliver(page, to: out)
    }
  }
}
