internal import Figures
internal import ResultReading
internal import Results
internal import Scenarios

/// What this program calls itself.
public enum ProgramVersion {
  public static let text = "0.1.0"
}

extension ResultStory {
  /// What maps of the result are drawn on.
  var ground: Outline {
    outline.isEmpty ? .builtIn : Outline(outline.map { Outline.Shape(points: $0.points, isArea: $0.isArea) })
  }
}

extension Provenance {
  init(_ source: ScenarioSource) {
    self.init(
      version: ProgramVersion.text, file: source.file, text: source.text,
      options: source.options.map { Option($0.name, $0.value) })
  }
}
