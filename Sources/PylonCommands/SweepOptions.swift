internal import ArgumentParser
internal import Studies

struct SweepOptions: ParsableArguments {
  @Argument(help: "Scenario file with a sweep key.") var scenario: String
  @OptionGroup var changes: OverrideOptions
  @Option(help: "Folder for units and tables; default: Results/<name>/sweep.") var out: String?

  func open() throws -> Sweep {
    let pairs = try changes.pairs()
    return try guarded { try Sweep(path: scenario, overrides: pairs, folder: out) }
  }
}
