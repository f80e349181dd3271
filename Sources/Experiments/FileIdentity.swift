internal import Foundation

/// Whether two paths lead to one file.
public enum FileIdentity {
  public static func areSame(_ a: String, _ b: String) -> Bool {
    var (first, second) = (stat(), stat())
    return stat(a, &first) == 0 && stat(b, &second) == 0 && first.st_dev == second.st_dev
      && first.st_ino == second.st_ino
  }

  /// The same of outputs, which need not be there yet: one name in one folder is one file.
  public static func willBeSame(_ a: String, _ b: String) -> Bool {
    let (first, second) = (URL(fileURLWithPath: a), URL(fileURLWithPath: b))
    return areSame(a, b)
      || first.lastPathComponent == second.lastPathComponent
        && areSame(first.deletingLastPathComponent().path, second.deletingLastPathComponent().path)
  }

  /// Refuses an output that would take the place of what it is made of.
  ///
  /// - Throws: ``BadInput``.
  public static func demandOther(_ output: String?, than input: String) throws(BadInput) {
    guard let output, areSame(output, input) else { return }
    throw BadInput(description: "--out: found \(output), which is the input file, expected another file")
  }
}
