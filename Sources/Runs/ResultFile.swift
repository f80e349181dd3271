internal import Foundation

/// The file that a command reads as a result.
public enum ResultFile {
  /// Name of the file in a folder of results.
  private static let name = "results.sqlite"

  /// The path itself, or the `results.sqlite` in the folder that it names.
  ///
  /// - Throws: ``BadInput`` if the folder has no such file; ``OutputError`` if what an interrupted run left there cannot
  ///   be put right.
  public static func path(of path: String) throws -> String {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else { return path }
    let file = (path.hasSuffix("/") ? path : path + "/") + name
    // An interrupted run may have left the file under another name.
    try Runner.recover(folderOf: file)
    guard FileManager.default.fileExists(atPath: file) else {
      throw BadInput(description: "\(path): found a folder without a \(name), expected a \(name) or a folder with one")
    }
    return file
  }
}

/// A page as a file, whose name must not promise another format.
public enum PageFile: Sendable {
  case html, markdown

  private var endings: [String] {
    switch self {
    case .html: [".html", ".htm"]
    case .markdown: [".md", ".markdown", ".txt"]
    }
  }

  /// Refuses a name with another ending; a name without one is accepted, as are devices.
  ///
  /// - Parameter path: `nil` and `-` for standard output.
  /// - Throws: ``BadInput``.
  public func check(_ path: String?) throws(BadInput) {
    guard let path, path != "-", !path.hasPrefix("/dev/"), !path.hasPrefix("/proc/") else { return }
    let file = path.split(separator: "/").last.map(String.init) ?? path
    guard let dot = file.lastIndex(of: "."), dot > file.startIndex else { return }
    let ending = file[dot...].lowercased()
    guard !endings.contains(ending) else { return }
    let what = self == .html ? "an HTML page" : "Markdown"
    throw BadInput(
      description: "-o: found \(path) for \(what), expected a name that ends with "
        + endings.dropLast().joined(separator: ", ") + " or \(endings.last ?? "")")
  }
}
