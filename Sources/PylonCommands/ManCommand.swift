internal import ArgumentParser
internal import Foundation
internal import Runs

struct ManCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "man", abstract: "Print the manual page, or write the pages of all commands.",
    discussion: "Without a folder, it prints pylon(1). To read it: pylon man | man -l -")
  @Argument(
    help: "Folder for the pages, one per command; it is created if it does not exist.",
    completion: .directory)
  var folder: String?

  mutating func run() throws {
    let pages = try guarded { try ManualPages(dump: Pylon._dumpHelp(), version: ProgramVersion.text).pages }
    guard let folder else {
      return try guarded { try sayDocument(pages.first?.text ?? "") }
    }
    try guarded {
      do { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) } catch {
        throw OutputFault(description: "cannot write to \(folder): \(error.localizedDescription)")
      }
      for page in pages { try TextFile.write(page.text, to: "\(folder)/\(page.name)") }
      try say("written: \(folder)/ (\(pages.count) pages; read one with man -l \(folder)/pylon.1)")
    }
  }
}
