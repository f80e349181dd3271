/// `metrics.csv`: a line a run, a column a metric.
public struct MetricsCSV {
  private let buffer = TextBuffer()

  public init() {}

  /// What has been added so far.
  public var text: String { buffer.text }

  /// A figure as it stands in a cell: the shortest text that reads back as the same number; nothing where it is not
  /// defined.
  public static func cell(_ value: Double?) -> String {
    guard let value else { return "" }
    let buffer = TextBuffer()
    buffer.append(value)
    return buffer.text
  }

  /// Adds a run; the first tells the names of the columns.
  public func add(
    run: Int, policy: String, replication: Int, seed: UInt64, metrics: [(name: String, value: Double?)]
  ) {
    if buffer.count == 0 {
      buffer.append("run_id,policy,replication,seed," + metrics.map(\.name).joined(separator: ",") + "\n")
    }
    buffer.append("\(run),\(policy),\(replication),\(seed)")
    for metric in metrics { buffer.append(afterComma: metric.value) }
    buffer.append(byte: 10)
  }
}

extension TextBuffer {
  func append(afterComma value: Double?) {
    append(byte: 44)
    if let value { append(value) }
  }
}
