internal import Figures

/// Charts of a result file.
public struct Plot {
  public static let themes = Theme.all.map(\.name)
}
