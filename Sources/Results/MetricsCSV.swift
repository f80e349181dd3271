/// `metrics.csv`: a line a run, a column a metric.
public struct MetricsCSV {
  private let buffer = TextBuffer()

  public init() {}

  /// The text of everything added so far.
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
    run: Int, policy: String, label: String, replication: Int, seed: UInt64, metrics: [(name: String, value: Double?)]
  ) {
    if buffer.count == 0 {
      buffer.append(
        line: (["run_id", "policy", "label", "replication", "seed"] + metrics.map(\.name)).map { .text($0) })
    }
    buffer.append("\(run),")
    buffer.append(cell: policy)
    buffer.append(byte: 44)
    buffer.append(cell: label)
    buffer.append(",\(replication),\(seed)")
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
