internal import ArgumentParser

struct ParallelOptions: ParsableArguments {
  @Option(help: "Number of runs at a time; default: one per core. The result does not depend on it.")
  var threads: Int?

  func validate() throws {
    if let threads, !(1...4096).contains(threads) {
      throw ValidationError("--threads: found \(threads), expected a whole number from 1 to 4096")
    }
  }
}
