import Foundation

/// Recorded data that is not part of the repository: `shared/data` beside it, or `PYLON_SHARED_DATA`. Tests that use it
/// skip, saying so, where it is absent.
enum SharedData {
  private static let root: String? = {
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

  /// `nil`, saying so, where the file is absent.
  static func path(_ file: String) -> String? {
    if let root, exists(root + "/" + file) { return root + "/" + file }
    print("skipped: no recorded data \(file) here (PYLON_SHARED_DATA)")
    return nil
  }

  /// The cells of a small CSV without quotes, the header first.
  static func rows(_ file: String) throws -> [[String]] {
    try String(contentsOfFile: (root ?? "") + "/" + file, encoding: .utf8).split(whereSeparator: \.isNewline)
      .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
  }

  private static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }
}
