import PylonCommands
import TwoChoices

/// `pylon` with one more policy.
@main
struct Main {
  static func main() { PylonCommandLine.main(adding: [TwoChoices.entry]) }
}
