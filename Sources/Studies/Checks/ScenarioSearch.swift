internal import Foundation
internal import Runs
internal import Scenarios

/// Collects the scenarios of files and folders, in a fixed order: as they were given; of a folder its own files, then
/// its subfolders, each by name. Hidden files and folders are left out, as are files that are not scenarios, with a
/// note. What is reached twice, as through a symbolic link, counts once.
struct ScenarioSearch {
  private(set) var scenarios: [String] = []
  /// Notes on files of a folder that are not scenarios.
  private(set) var skipped: [String] = []
  private var seenFiles: Set<[String]> = []
  /// Folders already visited in the folder that is being searched.
  private var seenFolders: Set<String> = []

  /// - Parameter path: a file, which is always taken for a scenario, or a folder.
  /// - Throws: ``BadInput`` for a folder without scenarios, or that cannot be read.
  mutating func add(_ path: String) throws(BadInput) {
    guard ScenarioSearch.isFolder(path) else { return addFile(path) }
    seenFolders = []
    var (found, notes) = (0, [String]())
    try addFolder(path, within: ScenarioSearch.resolved(path), &found, &notes)
    guard found > 0 else {
      let fault = ["\(path): found no scenario, expected files *.yaml in it or its subfolders"]
      throw BadInput(description: (fault + notes).joined(separator: "\n"))
    }
    skipped += notes.filter { !skipped.contains($0) }
  }

  private mutating func addFile(_ path: String) {
    // A link in another folder finds its inputs beside itself: that is another scenario.
    let folder = ScenarioSearch.resolved(URL(fileURLWithPath: path).deletingLastPathComponent().path)
    if seenFiles.insert([folder, ScenarioSearch.resolved(path)]).inserted { scenarios.append(path) }
  }

  /// - Parameters:
  ///   - root: the folder that was given; a link to a folder that it lies in is not followed.
  ///   - found: how many scenarios there are, seen before or not.
  ///   - notes: on files that are not scenarios.
  private mutating func addFolder(
    _ path: String, within root: String, _ found: inout Int, _ notes: inout [String]
  ) throws(BadInput) {
    guard seenFolders.insert(ScenarioSearch.resolved(path)).inserted else { return }
    let all: [String]
    do { all = try FileManager.default.contentsOfDirectory(atPath: path) } catch {
      throw BadInput(description: "\(path): found a folder that cannot be read, expected a readable folder")
    }
    let names = all.filter { !$0.hasPrefix(".") }.sorted()
    let places = names.map { path.hasSuffix("/") ? path + $0 : path + "/" + $0 }
    for place in places where !ScenarioSearch.isFolder(place) {
      guard place.hasSuffix(".yaml") || place.hasSuffix(".yml") else { continue }
      switch ScenarioDocument.kind(of: place) {
      case .scenario:
        found += 1
        addFile(place)
      case .variants: notes.append("\(place): a variants file (pylon whatif --variants), skipped")
      case .other: notes.append("\(place): not a scenario (it has none of \(ScenarioDocument.marks)), skipped")
      }
    }
    for place in places where ScenarioSearch.isFolder(place) {
      let target = ScenarioSearch.resolved(place)
      if root == target || root.hasPrefix(target == "/" ? target : target + "/") { continue }
      try addFolder(place, within: root, &found, &notes)
    }
  }

  private static func isFolder(_ path: String) -> Bool {
    var isDirectory: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && isDirectory.boolValue
  }

  /// Without symbolic links.
  private static func resolved(_ path: String) -> String {
    guard let found = realpath(path, nil) else { return URL(fileURLWithPath: path).standardizedFileURL.path }
    defer { free(found) }
    return String(cString: found)
  }
}
