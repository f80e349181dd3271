import ExamplePolicies
import PylonCommands

/// `pylon` with four more policies.
@main
struct Main {
  static func main() {
    PylonCommandLine.main(adding: [TwoChoices.entry, CheapestStart.entry, BelowMean.entry, ShortestFirst.entry])
  }
}
