/// A colour theme of maps, charts and pages.
public enum ThemeName: String, Hashable, Sendable, CaseIterable {
  case light, dark
}
