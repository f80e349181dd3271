import Foundation

/// The repository's Swift files and its manifest, as text.
struct House {
  struct File {
    /// Relative to the repository.
    var path: String
    var lines: [String]
    var text: String { lines.joined(separator: "\n") }
    var name: String { String(path.split(separator: "/").last?.dropLast(".swift".count) ?? "") }
  }

  /// A target of the manifest with what it says it depends on.
  struct Target {
    var name: String
    var kind: String
    /// Names of targets and products.
    var dependencies: Set<String>
    var path: String?
  }

  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// Swift files below a folder, by path.
  static func files(_ folder: String) throws -> [File] {
    let base = root.appendingPathComponent(folder)
    guard let all = FileManager.default.enumerator(atPath: base.path) else { return [] }
    let paths = all.compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") && !$0.contains(".build/") }
    return try paths.sorted().map { path in
      let text = try String(contentsOf: base.appendingPathComponent(path), encoding: .utf8)
      return File(
        path: "\(folder)/\(path)", lines: text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      )
    }
  }

  /// The targets of `Package.swift`, read from its text: `room`, `trial`, `.target`, `.executableTarget`,
  /// `.systemLibrary`.
  static func targets() throws -> [Target] {
    let text = try String(contentsOf: root.appendingPathComponent("Package.swift"), encoding: .utf8)
    guard let start = text.range(of: "targets: [\n    .systemLibrary") else { return [] }
    var targets: [Target] = []
    let declaration = /(room|trial|\.target|\.executableTarget|\.systemLibrary)\(\s*(?:name:\s*)?"(\w+)"/
    let body = text[start.lowerBound...]
    let starts = body.matches(of: declaration)
    for (index, match) in starts.enumerated() {
      let end = index + 1 < starts.count ? starts[index + 1].range.lowerBound : body.endIndex
      let own = body[match.range.upperBound..<end]
      let path = own.firstMatch(of: /path: "([^"]+)"/).map { String($0.output.1) }
      var names = Set(own.matches(of: /\.product\(name: "(\w+)", package: "[^"]+"\)/).map { String($0.output.1) })
      let plain = own.replacing(/\.product\(name: "\w+", package: "[^"]+"\)/, with: "")
        .replacing(/(path|pkgConfig): "[^"]*"/, with: "").replacing(/providers: \[[^\]]*\]+\)?\]?/, with: "")
      names.formUnion(plain.matches(of: /"(\w+)"/).map { String($0.output.1) })
      targets.append(
        Target(name: String(match.output.2), kind: String(match.output.1), dependencies: names, path: path))
    }
    return targets
  }

  /// Modules that a file imports.
  static func imports(_ file: File) -> Set<String> {
    // An import is the whole line: attributes and an access level, `import`, perhaps a kind, the module.
    let words = file.lines.lazy.filter { $0.contains("import ") }.map { $0.split(separator: " ") }
    let before: Set<Substring> = [
      "public", "package", "internal", "private", "fileprivate", "@testable", "@preconcurrency",
    ]
    return Set(
      words.compactMap { words in
        guard let at = words.firstIndex(of: "import"), words[..<at].allSatisfy(before.contains) else { return nil }
        return words.last.map(String.init)
      })
  }
}
