public import Domain

/// The source of the jobs.
public enum WorkloadSpec: Hashable, Sendable {
  /// A recorded log.
  case log(JobLogSpec)
  /// Drawn from a model, for each replication anew.
  case generated(WorkloadModel)
}

/// A recorded log of jobs.
public struct JobLogSpec: Hashable, Sendable {
  /// Absolute or already resolved against the scenario's directory.
  public var file: String
  public var format: JobFileFormat
  public var timeUnit: JobTimeUnit?
  /// `nil`: tables with instants as recorded, others by the clock.
  public var start: JobStart?
  /// Times between submissions are multiplied by this, > 0.
  public var timeScale: Double
  /// Memory of a job whose source tells none, GB a core.
  public var memoryPerCore: Double?
  /// Names of columns and forms of cells that are not Pylon's own.
  public var reading: JobReading
  /// For jobs that name none; `nil` where the scenario does not say.
  public var home: HomeModel?

  public init(
    file: String, format: JobFileFormat = .auto, start: JobStart? = nil, timeScale: Double = 1,
    memoryPerCore: Double? = nil,
    timeUnit: JobTimeUnit? = nil, reading: JobReading = JobReading(), home: HomeModel? = nil
  ) {
    self.reading = reading
    self.home = home
    self.file = file
    self.format = format
    self.timeUnit = timeUnit
    self.start = start
    self.timeScale = timeScale
    self.memoryPerCore = memoryPerCore
  }
}
