public import Domain

/// Writes a job log in the CSV form that `workload: {file: …}` reads, every number such that it reads back the same.
public final class JobLogWriter {
  private static let header = [
    "job_id", "submitted_at", "workload_name", "workload_type", "urgency", "user_id", "required_cpu_cores",
    "required_memory_gb", "required_gpus", "duration_s", "actual_duration_s", "estimated_energy_kwh",
    "carbon_cap_gco2", "max_carbon_intensity_gco2_kwh", "max_price_gbp", "deferral_window_mins", "deadline",
    "home_zone",
  ].joined(separator: ",")

  private let folder: ResultFolder
  private let file: OutputFile
  private let zones: [Zone]
  private let users: [String]
  private let text = TextBuffer()

  /// - Parameters:
  ///   - path: The file's; it appears there when it is complete.
  ///   - users: The names of the jobs' users by their place.
  /// - Throws: ``StoreError`` where the file cannot be made.
  public init(path: String, zones: [Zone], users: [String]) throws {
    folder = try ResultFolder(path: path.pathParent)
    file = try OutputFile(path: folder.place(for: path.endsInSlash ? "" : path.lastPathName))
    self.zones = zones
    self.users = users
    text.append(JobLogWriter.header)
    text.append(byte: 10)
  }

  /// Adds a row.
  public func append(
    _ job: borrowing Job, actualDuration: TimeSpan, id: UnsafeBufferPointer<UInt8>, name: UnsafeBufferPointer<UInt8>
  ) throws {
    text.append(cell: id)
    separate()
    text.append(job.submittedAt)
    separate()
    text.append(cell: name)
    separate()
    text.append(job.type.name)
    separate()
    text.append(job.urgency.name)
    separate()
    text.append(cell: users[job.user])
    for number in [job.demand.cpuCores, job.demand.memoryGigabytes, job.demand.gpus] {
      separate()
      text.append(number)
    }
    for span in [job.estimatedDuration, actualDuration] {
      separate()
      text.append(span.inSeconds)
    }
    for limit in [job.estimatedEnergy.value, job.emissionsCap.value, job.intensityCap.value, job.costCap.value] {
      separate()
      if limit.isFinite { text.append(limit) }
    }
    separate()
    text.append(Double(job.deferralWindow.milliseconds) / 60_000)
    separate()
    if job.deadline != .never { text.append(job.deadline) }
    separate()
    if job.homeZone >= 0 { text.append(zones[job.homeZone].id) }
    text.append(byte: 10)
    if text.count > 1 << 16 { try file.write(text) }
  }

  /// Gives the file its name.
  public func finish() throws {
    try file.write(text)
    try ResultFolder.replace([Replacement(folder)])
  }

  private func separate() { text.append(byte: 44) }
}
