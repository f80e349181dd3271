import Foundation

/// Recorded data that is not part of the repository: `shared/data` beside it, or `PYLON_SHARED_DATA`.
enum SharedData {
  static let root: String? = {
    if let told = ProcessInfo.processInfo.environment["PYLON_SHARED_DATA"] { return exists(told) ? told : nil }
    var folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    while folder.path != "/" {
      folder.deleteLastPathComponent()
      let candidate = folder.appendingPathComponent("shared/data").path
      if exists(candidate) { return candidate }
    }
    return nil
  }()

  static var isPresent: Bool { root != nil }

  /// The cells of a small CSV without quotes, the header left out.
  static func rows(_ file: String) throws -> [[String]] {
    try String(contentsOfFile: (root ?? "") + "/" + file, encoding: .utf8).split(whereSeparator: \.isNewline)
      .dropFirst().map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
  }

  private static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }
}
