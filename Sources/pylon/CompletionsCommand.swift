internal import ArgumentParser
internal import Experiments
internal import Foundation

struct CompletionsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "completions", abstract: "Print a shell completion script.",
    discussion: """
      bash: pylon completions bash > ~/.local/share/bash-completion/completions/pylon
      zsh: pylon completions zsh > _pylon, in a folder of $fpath
      fish: pylon completions fish > ~/.config/fish/completions/pylon.fish
      """)
  @Argument(help: "The shell: bash, zsh or fish.") var shell: Shell

  enum Shell: String, CaseIterable, ExpressibleByArgument {
    case bash, zsh, fish

    var completion: CompletionShell {
      switch self {
      case .bash: .bash
      case .zsh: .zsh
      case .fish: .fish
      }
    }
  }

  mutating func run() throws { try guarded { try sayDocument(Pylon.completionScript(for: shell.completion)) } }
}

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
      for page in pages { try Plot.write(page.text, to: "\(folder)/\(page.name)") }
      try say("written: \(folder)/ (\(pages.count) pages; read one with man -l \(folder)/pylon.1)")
    }
  }
}
