internal import Foundation

/// Tests if two paths lead to the same file.
public enum FileIdentity {
  public static func areSame(_ a: String, _ b: String) -> Bool {
    var (first, second) = (stat(), stat())
    return stat(a, &first) == 0 && stat(b, &second) == 0 && first.st_dev == second.st_dev
      && first.st_ino == second.st_ino
  }

  /// True if two outputs, which need not exist yet, will be one file: they have the same name in the same folder, or
  /// already are the same file.
  public static func willBeSame(_ a: String, _ b: String) -> Bool {
    let (first, second) = (URL(fileURLWithPath: a), URL(fileURLWithPath: b))
    return areSame(a, b)
      || first.lastPathComponent == second.lastPathComponent
        && areSame(first.deletingLastPathComponent().path, second.deletingLastPathComponent().path)
  }

  /// Refuses an output that would take the place of what it is made of.
  ///
  /// - Parameters:
  ///   - output: `nil` and `-` are no file.
  ///   - inputs: every file that is read, the one of the command line first.
  ///   - option: the one that names the output.
  /// - Throws: ``BadInput``.
  public static func demandOther(
    _ output: String?, than inputs: [String], option: String = "--out"
  ) throws(BadInput) {
    guard let output, output != "-" else { return }
    guard let input = inputs.first(where: { areSame(output, $0) }) else { return }
    let name = input == output || input == inputs.first ? "" : " \(input)"
    throw BadInput(description: "\(option): found \(output), which is the input file\(name), expected another file")
  }

  /// Refuses a folder where a table would take the place of an input.
  ///
  /// - Parameter tables: names of the files that are written.
  /// - Throws: ``BadInput``.
  package static func demandInputsStay(_ inputs: [String], in folder: String, tables: [String]) throws(BadInput) {
    let taken = inputs.filter { file in tables.contains { areSame(file, "\(folder)/\($0)") } }
    guard !taken.isEmpty else { return }
    throw BadInput(
      description: taken.map {
        "--out: found \(folder), where a table would replace the scenario's \($0), expected another folder"
      }.joined(separator: "\n"))
  }
}
