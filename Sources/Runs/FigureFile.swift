internal import Foundation
internal import Results

/// A figure as a file of the format that its name ends with.
public enum FigureFile {
  private enum Format: String, CaseIterable {
    case svg, pdf, png
  }

  private static let program = "rsvg-convert"

  /// Refuses a name that does not say a format, or says one that nothing here can write.
  ///
  /// - Throws: ``BadInput``.
  public static func check(_ path: String, option: String = "-o") throws(BadInput) {
    guard let format = format(of: path) else {
      throw BadInput(description: "\(option): found \(path), expected a name that ends with .svg, .pdf or .png")
    }
    guard format == .svg || converter != nil else {
      throw BadInput(
        description: "\(option): found \(path): \(format.rawValue.uppercased()) needs the program \(program), which is "
          + "not on the PATH; install it (Debian, Ubuntu: librsvg2-bin; Fedora: librsvg2-tools; Homebrew: librsvg), or write "
          + "a .svg")
    }
  }

  /// Pixels per inch of a PNG: what journals ask for.
  public static let standardDPI = 300

  /// Writes a figure, whole or not at all.
  ///
  /// - Parameter dpi: pixels per inch of a PNG; px of the figure are 96 to the inch.
  /// - Throws: ``OutputError``.
  public static func write(_ svg: String, to path: String, dpi: Int = standardDPI) throws {
    try check(path)
    guard let format = format(of: path), format != .svg, let converter else { return try TextFile.write(svg, to: path) }
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pylon-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let (source, made) = (folder.appendingPathComponent("figure.svg"), folder.appendingPathComponent("figure"))
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try Data(svg.utf8).write(to: source)
      let complaint = try convert(source, to: made, format, converter, dpi)
      guard complaint.isEmpty, let bytes = FileManager.default.contents(atPath: made.path), !bytes.isEmpty else {
        throw OutputError(description: "cannot write \(path): \(program) failed: \(complaint)")
      }
      try PlainFile.replace(path, with: bytes)
    } catch let error as OutputError {
      throw error
    } catch let error as StoreError {
      throw OutputError(description: error.description)
    } catch {
      throw OutputError(description: "cannot write \(path): \(error.localizedDescription)")
    }
  }

  private static func format(of path: String) -> Format? {
    Format.allCases.first { path.lowercased().hasSuffix(".\($0.rawValue)") }
  }

  /// The path of the program; `nil` if it is nowhere on the PATH.
  private static var converter: String? {
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map { "\($0)/\(program)" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  /// Returns what the program complains of; empty if it succeeds.
  private static func convert(
    _ source: URL, to made: URL, _ format: Format, _ converter: String, _ dpi: Int
  ) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: converter)
    // `-d` and `-p` of the program change units of length only, and a figure is in px.
    let zoom = format == .png ? ["-z", String(format: "%.6f", Double(dpi) / 96)] : []
    process.arguments = ["-f", format.rawValue, "-o", made.path, source.path] + zoom
    // No date of its own in a PDF: the same figure gives the same bytes.
    process.environment = ProcessInfo.processInfo.environment.merging(["SOURCE_DATE_EPOCH": "0"]) { told, _ in told }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    let errors = Pipe()
    process.standardError = errors
    try process.run()
    let told = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus != 0 else { return "" }
    let text = told.trimmingCharacters(in: .whitespacesAndNewlines)
    return text.isEmpty ? "exit status \(process.terminationStatus)" : text
  }
}
