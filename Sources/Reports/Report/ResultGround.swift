internal import Figures
internal import ResultReading

extension ResultStory {
  /// Outline on which maps of the result are drawn.
  var ground: Outline {
    outline.isEmpty ? .builtIn : Outline(outline.map { Outline.Shape(points: $0.points, isArea: $0.isArea) })
  }
}
