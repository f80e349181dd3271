import Domain

/// Rows of GAIA's job tables.
extension JobRowParser {
  mutating func parseGAIA(_ row: UnsafeMutableBufferPointer<UInt8>, _ header: GAIAHeader) -> RowOutcome {
    guard fields.split(row) else {
      report("", "text after a closing quote", "a comma")
      return .nothing
    }
    guard fields.count == header.count else {
      report("", "\(fields.count) fields", "\(header.count), as in the header")
      return .nothing
    }
    var values: [Double] = []
    for (name, place) in zip(GAIAHeader.names, [header.arrival, header.length, header.cpus]) {
      guard let value = header.dialect.number(fields[place]), value >= 0, value <= JobRowParser.longest else {
        report(name, fields[place].quoted, "a number from 0 to 1e12")
        return .nothing
      }
      values.append(value)
    }
    guard values[1] > 0 else { return .skipped(.noRunTime) }
    guard values[2] > 0 else { return .skipped(.noProcessors) }
    guard values[2] * memoryPerCore <= JobRowParser.longest else {
      _ = memory(values[2] * memoryPerCore)
      return .nothing
    }
    job = JobRowParser.blank
    nameByRow()
    name = Bytes(start: nil, count: 0)
    user = Bytes(start: nil, count: 0)
    job.submittedAt = Instant(milliseconds: 0) + span(values[0], of: header.unit)
    job.estimatedDuration = lasting(values[1], of: header.unit)
    actual = job.estimatedDuration
    job.demand = Resources(
      milliCores: thousandths(values[2]), milliGigabytes: thousandths(values[2] * memoryPerCore), milliGPUs: 0)
    return .job
  }
}
