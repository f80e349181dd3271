internal import ArgumentParser
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
