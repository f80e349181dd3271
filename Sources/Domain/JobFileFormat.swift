/// The format of a job file.
public enum JobFileFormat: String, Hashable, Sendable, CaseIterable {
  /// Chosen by the ending of the name (`.swf`) and by the header.
  case auto
  /// The platform's column names with `job_id`, `submitted_at` and a duration.
  case csv
  /// The Standard Workload Format.
  case swf
  /// `arrival_time,length,cpus`, as GAIA's cluster traces have it: times since the beginning, in seconds or hours. Jobs
  /// are called `gaia-` and the number of their row.
  case gaia
  /// The platform's batch upload. Jobs are called `row-` and the number of their row and are all submitted at the
  /// clock's start. GPU minutes are minutes of one GPU if there is no `required_gpus`; a job without any lasts as
  /// long as is usual for its type.
  case platform
  /// Slurm's accounting as `sacct --parsable2` prints it.
  case sacct
}

/// The unit of the times in a GAIA file.
public enum JobTimeUnit: String, Hashable, Sendable, CaseIterable {
  case seconds = "s"
  case hours = "h"
}
