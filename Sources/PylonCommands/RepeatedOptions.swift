internal import ArgumentParser

/// Finds options that take one value and were given several: ArgumentParser keeps the last one and drops the others.
enum RepeatedOptions {
  /// - Parameters:
  ///   - words: the arguments behind the command's name.
  ///   - command: the description of that command.
  /// - Throws: `ValidationError` with every such option and its values.
  static func demandNone(in words: ArraySlice<String>, of command: CommandDescription) throws {
    let options = (command.arguments ?? []).filter { $0.kind == "option" }
    var values: [(name: String, texts: [String], isRepeating: Bool)] = options.map { option in
      let name = option.names?.first { $0.kind == "long" } ?? option.names?.first
      return (name?.text ?? "", [], option.isRepeating)
    }
    var rest = words.prefix { $0 != "--" }
    while let word = rest.popFirst() {
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      guard word.hasPrefix("-"),
        let index = options.firstIndex(where: { ($0.names ?? []).contains { $0.text == parts[0] } })
      else { continue }
      // The next word is the value, whatever it looks like.
      guard let value = parts.count == 2 ? parts[1] : rest.popFirst() else { break }
      values[index].texts.append(value)
    }
    let faults = values.filter { !$0.isRepeating && $0.texts.count > 1 }.map { name, texts, _ in
      "\(name): found \(texts.joined(separator: " and ")), expected one value"
    }
    if !faults.isEmpty { throw ValidationError(faults.joined(separator: "\n")) }
  }
}
