public import ArgumentParser
public import Domain
public import Reports
public import TraceFetch

// Options of a fixed set of values are enums, so that the parser refuses any other value, and help and completions
// list them.
extension TraceKind: ExpressibleByArgument {}
extension TraceFormat: ExpressibleByArgument {}
extension IntensityBasis: ExpressibleByArgument {}
extension GapRule: ExpressibleByArgument {}
extension TableMapping.Stamps: ExpressibleByArgument {}
extension TableMapping.Duplicates: ExpressibleByArgument {}
extension TableMapping.Decimal: ExpressibleByArgument {}
extension TableMapping.DateOrder: ExpressibleByArgument {}
extension JobFileFormat: ExpressibleByArgument {}
extension JobTimeUnit: ExpressibleByArgument {}
extension ThemeName: ExpressibleByArgument {}
extension PlotChart: ExpressibleByArgument {}
extension FetchRequest.Kind: ExpressibleByArgument {}
extension ResultComparison.Format: ExpressibleByArgument {}
extension ResultReport.Format: ExpressibleByArgument {}
extension ResultExplanation.Format: ExpressibleByArgument {}
