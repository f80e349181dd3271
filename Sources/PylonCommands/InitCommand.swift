internal import ArgumentParser
internal import Runs

struct InitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init", abstract: "Write a first scenario with its inputs, explained line by line.",
    discussion: "Existing files are never overwritten: if there is one, nothing is written and the exit status is 2.")
  @Argument(help: "Folder to write to; it is created if it does not exist.", completion: .directory) var folder = "."

  mutating func run() throws {
    let files = StarterFiles(folder: folder)
    try guarded { try say(files.write()) }
  }
}
