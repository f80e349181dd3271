internal import Figures
internal import ResultReading

extension ResultStory {
  /// What maps of the result are drawn on.
  var ground: Outline {
    outline.isEmpty ? .builtIn : Outline(outline.map { Outline.Shape(points: $0.points, isArea: $0.isArea) })
  }
}
