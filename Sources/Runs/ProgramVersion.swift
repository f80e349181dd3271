package import Results
package import Scenarios

/// The version that this program reports.
public enum ProgramVersion {
  public static let text = "0.1.0"
}

extension Provenance {
  package init(_ source: ScenarioSource) {
    self.init(
      version: ProgramVersion.text, file: source.file, text: source.text,
      options: source.options.map { Option($0.name, $0.value) })
  }
}
