import Domain
import Inputs
import Randomness
import Scenarios

/// 2020-01-08T10:30Z, a Wednesday.
let wednesday = Instant(milliseconds: 1_578_479_400_000)

func simple(
  _ name: String = "a", weight: Double = 1, duration: Distribution? = nil,
  change: (inout WorkloadClass) throws -> Void = { _ in }
) throws -> WorkloadClass {
  var made = WorkloadClass(
    name: name, weight: weight, duration: try duration ?? .constant(60), estimateRatio: try .constant(1),
    cores: SizeModel(try .constant(1)), gpus: SizeModel(try .constant(0)), memory: .perCore(try .constant(4)))
  try change(&made)
  return made
}

func generated(
  _ arrivals: ArrivalModel, _ classes: [WorkloadClass]? = nil, users: UserModel = UserModel(), zones: Int = 2,
  start: Instant = wednesday, days: Int64 = 365, seed: UInt64 = 1, replication: Int = 1
) throws -> GeneratedWorkload {
  let list = (1...zones).map {
    Zone(
      id: $0, code: "Z\($0)", name: "", region: "", coordinates: Coordinates(latitude: 0, longitude: 0),
      capacity: Resources(milliCores: 64_000, milliGigabytes: 256_000, milliGPUs: 8000))
  }
  let model = WorkloadModel(arrivals: arrivals, classes: try classes ?? [simple()], users: users)
  return try GeneratedWorkload(
    model, zones: list, start: start, duration: .days(days), seed: seed, replication: replication)
}

extension GeneratedWorkload {
  func all() throws -> [SubmittedJob] {
    var jobs: [SubmittedJob] = []
    while let job = try next() { jobs.append(job) }
    return jobs
  }

  /// Milliseconds since the epoch.
  func times() throws -> [Int64] { try all().map(\.job.submittedAt.milliseconds) }
}

/// Hours since the Monday before, 0...167, from the civil calendar.
func hourOfWeek(_ time: Int64) -> Int {
  let civil = Instant(milliseconds: time).civil
  return civil.weekday * 24 + civil.hour
}
