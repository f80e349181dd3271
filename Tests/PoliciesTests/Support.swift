import Domain
import Engine
import Inputs
import Policies

/// Keeps every record.
final class Records: RecordSink {
  var all: [JobRecord] = []
  func accept(_ record: borrowing JobRecord) { all.append(copy record) }
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
}

let minute: Int64 = 60_000
let hour: Int64 = 3_600_000

func zone(_ index: Int, cores: Int, pue: Double = 1) -> Zone {
  Zone(
    id: index + 1, code: "Z\(index)", name: "Zone \(index)", region: "R",
    coordinates: Coordinates(latitude: 52, longitude: -1),
    capacity: Resources(
      milliCores: Int64(cores) * 1000, milliGigabytes: Int64(cores) * 4000, milliGPUs: Int64(cores) * 500), pue: pue
  )
}

func policy(_ name: String, _ parameters: [String: ParameterValue] = [:], seed: UInt64 = 1) throws -> any Policy {
  guard let entry = PolicyCatalog.entry(name) else { throw NoSuchPolicy(name: name) }
  return entry.make(PolicySetup(parameters: PolicyParameters(parameters), seed: seed))
}

struct NoSuchPolicy: Error { var name: String }

/// One run with forecasts; records in the order of submission.
func simulate(
  _ world: World, _ jobs: [SubmittedJob], _ policy: any Policy, model: ForecastModel = .perfect,
  horizon: TimeSpan = .hours(96), capsAreHard: Bool = false, interruption: InterruptionRules = .never,
  into sink: SegmentRecords = SegmentRecords()
) throws -> [JobRecord] {
  let forecaster = TraceForecaster(
    zones: world.zones, carbon: world.carbon, price: world.price,
    settings: ForecastSettings(carbon: model, price: model, horizon: horizon), start: world.start, seed: 7,
    replication: 1)
  try Simulation(
    world: world, policy: policy, source: JobList(jobs), sink: sink, forecaster: forecaster,
    capsAreHard: capsAreHard, interruption: interruption
  ).run()
  return sink.all.sorted { $0.job.sequence < $1.job.sequence }
}
