internal import ArgumentParser
internal import Experiments

struct InitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init", abstract: "Write a first scenario with its inputs, explained line by line.",
    discussion: "Files that are there already are never overwritten: exit status 2, and nothing is written.")
  @Argument(help: "The folder; it is made if it is not there.", completion: .directory) var folder = "."

  mutating func run() throws {
    let files = StarterFiles(folder: folder)
    try guarded { try say(files.write()) }
  }
}
