import Foundation
import Testing

/// No output takes the place of an input.
@Suite struct InputKeepingTests {
  /// Each command with the file that it reads; links of both kinds lead to it.
  @Test(arguments: [
    (["trace", "import", "carbon.csv", "--out"], "carbon.csv"),
    (["trace", "import", "carbon.csv", "--zones", "s.yaml", "--out"], "s.yaml"),
    (["trace", "describe", "carbon.csv", "--svg"], "carbon.csv"),
    (["workload", "import", "jobs.csv", "--out"], "jobs.csv"),
    (["workload", "import", "jobs.csv", "--zones", "s.yaml", "--out"], "s.yaml"),
    (["workload", "generate", "g.yaml", "--out"], "g.yaml"),
    (["workload", "generate", "g.yaml", "--out"], "carbon.csv"),
    (["whatif", "s.yaml", "--variants", "v.yaml", "-o"], "v.yaml"),
    (["whatif", "s.yaml", "--set", "drain=false", "-o"], "jobs.csv"),
    (["whatif", "s.yaml", "--set", "drain=false", "-o"], "s.yaml"),
  ])
  func outputsAreOtherFiles(_ command: [String], _ input: String) throws {
    let workshop = try Workshop()
    try workshop.write("v.yaml", "variants: {wet: {drain: false}}\n")
    try workshop.write(
      "g.yaml", Workshop.scenario.replacing("{file: jobs.csv}", with: "{preset: pylon}"))
    let before = try workshop.read(input)
    let manager = FileManager.default
    try manager.createSymbolicLink(atPath: workshop.path + "/soft", withDestinationPath: input)
    try manager.linkItem(atPath: workshop.path + "/" + input, toPath: workshop.path + "/hard")
    for place in [input, "./" + input, "soft", "hard"] {
      let refused = try workshop.run(command + [place])
      #expect(refused.status == 2, "\(command) \(place): \(refused)")
      // A page of what-if has its ending; whatever else it is called is refused before inputs are compared.
      let isOtherFile = command[0] == "whatif" && input.hasSuffix(".csv") && place.hasSuffix(".csv")
      let reason = isOtherFile ? "for an HTML page" : "which is the input file"
      #expect(refused.error.contains(reason), "\(command) \(place): \(refused)")
      #expect(try workshop.read(input) == before)
    }
  }
}
