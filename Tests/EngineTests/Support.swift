import Domain
import Engine
import Policies

/// Keeps every record.
final class Records: RecordSink {
  var all: [JobRecord] = []
  /// Of the jobs that were interrupted, by their sequence.
  var segments: [Int: [RunSegment]] = [:]
  func accept(_ record: borrowing JobRecord) { all.append(copy record) }
  func accept(_ record: borrowing JobRecord, segments: [RunSegment]) {
    all.append(copy record)
    self.segments[record.job.sequence] = segments
  }
}

/// SplitMix64: the tests' own source of randomness, so that a seed reproduces a failure.
struct TestRandom {
  var state: UInt64
  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
  mutating func below(_ n: Int) -> Int { Int(next() % UInt64(n)) }
  /// Uniform in (0, 1].
  mutating func unit() -> Double { (Double(next() >> 11) + 1) / 9_007_199_254_740_992 }
}

func zone(_ index: Int, cores: Int, pue: Double = 1) -> Zone {
  Zone(
    id: index + 1, code: "Z\(index)", name: "Zone \(index)", region: "R",
    coordinates: Coordinates(latitude: 52, longitude: -1),
    capacity: Resources(milliCores: Int64(cores) * 1000, milliGigabytes: Int64(cores) * 4000, milliGPUs: 2000), pue: pue
  )
}

func simulate(_ world: World, _ jobs: [SubmittedJob], _ policy: any Policy) throws -> [JobRecord] {
  let records = Records()
  try Simulation(world: world, policy: policy, source: JobList(jobs), sink: records).run()
  return records.all
}
