/// Every series of a file, by the names that the file has for them.
public struct NamedTraces: Sendable {
  public var names: [String]
  public var table: TraceTable
}
