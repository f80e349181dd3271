/// Names of a file's columns as a message's remedy writes them, to be copied.
extension String {
  /// A word of the shell: in single quotes unless it is plain.
  var shellWord: String {
    let isPlain =
      !isEmpty && first != "-" && allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "_-./:,+".contains($0)) }
    return isPlain ? self : "'\(replacing("'", with: "'\\''"))'"
  }

  /// A value of a YAML mapping in braces: in double quotes unless it is plain.
  var yamlWord: String {
    let isPlain =
      first.map { $0.isLetter } ?? false && last != " "
      && allSatisfy { $0.isLetter || $0.isNumber || " _-./()€£$%₂".contains($0) }
    let words = ["true", "false", "yes", "no", "on", "off", "null"]
    if isPlain, !words.contains(lowercased()) { return self }
    return "\"\(replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n"))\""
  }
}
