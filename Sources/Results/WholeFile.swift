internal import Domain

/// A text file that is written from its beginning to its end and appears under its name only when complete.
public final class WholeFile {
  private let folder: ResultFolder
  private let file: OutputFile
  private let text = TextBuffer()

  /// - Throws: ``StoreError`` where it cannot be written.
  public init(path: String) throws(StoreError) {
    let name = path.lastPathName
    guard !name.isEmpty, !path.endsInSlash, name != ".", name != ".." else {
      throw StoreError(description: "cannot write \(path): not a file name")
    }
    folder = try ResultFolder(path: FileCalls.parent(of: path))
    file = try OutputFile(path: folder.place(for: name))
  }

  public func append(_ more: String) throws(StoreError) {
    text.append(more)
    if text.bytes.count > 1 << 16 { try file.write(text) }
  }

  /// Adds a line of CSV.
  package func append(line cells: [CSVCell]) throws(StoreError) {
    text.append(line: cells)
    if text.bytes.count > 1 << 16 { try file.write(text) }
  }

  /// Gives the file its name.
  public func finish() throws(StoreError) {
    try file.write(text)
    try ResultFolder.replace([Replacement(folder)])
  }
}
