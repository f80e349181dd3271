import Testing

/// The manifest says what the files do, and folders are called as targets are.
@Suite struct ManifestTests {
  /// Modules of the system and the toolchain, which the manifest does not name.
  private static let ambient: Set<String> = [
    "Foundation", "FoundationNetworking", "FoundationXML", "FoundationEssentials", "Glibc", "Darwin", "Musl",
    "Synchronization",
    "Testing",
    "Dispatch",
  ]

  @Test func dependenciesAreTheImports() throws {
    let targets = try House.targets().filter { $0.kind != ".systemLibrary" }
    #expect(targets.count > 20)
    for target in targets {
      let folder = target.path ?? (target.kind == "trial" ? "Tests/" : "Sources/") + target.name
      let files = try House.files(folder)
      #expect(!files.isEmpty, "\(target.name): no files in \(folder)")
      let imported = files.reduce(into: Set<String>()) { $0.formUnion(House.imports($1)) }
        .subtracting(ManifestTests.ambient)
      #expect(
        imported == target.dependencies,
        "\(target.name): only imported \(imported.subtracting(target.dependencies).sorted()), only in the manifest \(target.dependencies.subtracting(imported).sorted())"
      )
    }
  }

  @Test func foldersAreTargets() throws {
    for target in try House.targets() where target.name != "BuiltProgram" {
      #expect(target.path == nil, "\(target.name) has a folder of another name")
    }
  }

  /// SQLite is for those who store and check results.
  @Test func databaseOnlyWhereResultsAre() throws {
    let allowed: Set<String> = ["Audit", "ResultReading", "Results", "Swarm"]
    for target in try House.targets() where !["trial", ".systemLibrary"].contains(target.kind) {
      if target.dependencies.contains("GRDB") { #expect(allowed.contains(target.name), "\(target.name)") }
    }
  }

  /// Audit can share no code with what it checks: it has the domain's nouns and the database, and nothing else.
  @Test func auditStandsAlone() throws {
    let audit = try #require(try House.targets().first { $0.name == "Audit" })
    #expect(audit.dependencies == ["Domain", "GRDB", "GRDBSQLite"])
  }

  /// A command is found in the file of its name, one a file.
  @Test func aFileACommand() throws {
    var commands = 0
    for file in try House.files("Sources/PylonCommands") {
      let names = file.text.matches(of: /struct (\w+): ParsableCommand/).map { String($0.output.1) }
      commands += names.count
      #expect(names.isEmpty || names == [file.name], "\(file.path): \(names)")
    }
    #expect(commands > 20)
  }
}
