internal import Results

/// A file of text.
public enum TextFile {
  /// Writes a text to a file, whole or not at all.
  public static func write(_ text: String, to place: String) throws(OutputError) {
    do {
      let file = try WholeFile(path: place)
      try file.append(text)
      try file.finish()
    } catch {
      throw OutputError(description: error.description)
    }
  }
}
