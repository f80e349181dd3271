/// The syntax of a trace file.
public enum TraceFormat: String, Hashable, Sendable, CaseIterable {
  /// JSON if the first character is `{` or `[`, else CSV, whatever the file's name.
  case auto
  case csv
  case json
}

/// One of the two carbon intensities of an Electricity Maps export.
public enum IntensityBasis: String, Hashable, Sendable, CaseIterable {
  /// Emissions of power stations while they run, and of building and fuelling them.
  case lifecycle
  /// Emissions of power stations while they run.
  case direct
}

/// The quantity to read from a trace file.
public enum TraceKind: String, Hashable, Sendable, CaseIterable {
  /// gCO2/kWh; the column `carbon_intensity` of a long file.
  case carbon
  /// GBP/kWh, or the scenario's currency; the column `price` of a long file.
  case price
  /// The recorded forecast of the carbon intensity, gCO2/kWh; the column `forecast` of a long file.
  case forecast
}

/// The treatment of missing steps of a trace.
public enum GapRule: String, Hashable, Sendable, CaseIterable {
  /// Refuses the file and names file, line and zone.
  case error
  /// Repeats the value before.
  case hold
  /// Draws a straight line between the values around.
  case interpolate
}
