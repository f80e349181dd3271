internal import PylonCommands

/// `pylon`: the command line with the project's own policies.
@main
struct Main {
  static func main() { PylonCommandLine.main() }
}
