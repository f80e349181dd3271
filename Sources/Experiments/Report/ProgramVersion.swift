internal import Scenarios
internal import Store

/// What this program calls itself.
public enum ProgramVersion {
  public static let text = "0.1.0"
}

extension Provenance {
  init(_ source: ScenarioSource) {
    self.init(
      version: ProgramVersion.text, file: source.file, text: source.text,
      options: source.options.map { Option($0.name, $0.value) })
  }
}
