/// The texts of a job that its numbers do not need: they stay with the source until the job's record is written.
public protocol JobTextSource: AnyObject {
  /// Calls `body` with the UTF-8 bytes of `job_id` and `workload_name`, valid within the call only.
  func withTexts<Result>(
    of job: Job, _ body: (_ id: UnsafeBufferPointer<UInt8>, _ name: UnsafeBufferPointer<UInt8>) throws -> Result
  ) rethrows -> Result

  /// Gives the memory of a job's texts back; its record has been written.
  func release(_ job: Job)
}
