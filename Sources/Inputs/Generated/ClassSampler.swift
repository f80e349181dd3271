import Domain
import Foundation
import Randomness
import Scenarios

/// Draws the jobs of one class from four streams of its own: durations, estimates, sizes and the rest. So another law
/// of the sizes, say, leaves the durations as they are.
final class ClassSampler {
  /// A thousand years: no job is longer.
  static let longest = 3.2e13

  let nameBytes: UnsafeMutableBufferPointer<UInt8>
  private let model: WorkloadClass
  private let urgencies: [Double]
  private let homes: [Double]
  private let hardware: [HardwareModel]
  private let users: UserShares
  private let deferrals: [TimeSpan]
  private let deadlines: [TimeSpan]
  @exclusivity(unchecked) private var durations: RandomStream
  @exclusivity(unchecked) private var estimates: RandomStream
  @exclusivity(unchecked) private var sizes: RandomStream
  @exclusivity(unchecked) private var terms: RandomStream

  init(
    _ model: WorkloadClass, zones: [Zone], users: UserShares, stream: (String) -> RandomStream
  ) throws(DistributionError) {
    self.model = model
    self.users = users
    urgencies = try Distribution.shares(model.urgency)
    if case .weights(let weights) = model.home { homes = try Distribution.shares(weights) } else { homes = [] }
    hardware = zones.map(\.hardware)
    deferrals = Urgency.allCases.map { urgency in
      if case .span(let span) = model.deferral { span } else { urgency.typicalDeferral }
    }
    deadlines = Urgency.allCases.map { urgency in
      if case .span(let span) = model.deadline { span } else { urgency.typicalDeadline }
    }
    durations = stream("workload/\(model.name)/duration")
    estimates = stream("workload/\(model.name)/estimate")
    sizes = stream("workload/\(model.name)/size")
    terms = stream("workload/\(model.name)/terms")
    nameBytes = .allocate(capacity: model.name.utf8.count)
    _ = nameBytes.initialize(from: model.name.utf8)
  }

  deinit { nameBytes.deallocate() }

  /// Fills in everything but sequence, identity and text handle.
  func draw(submittedAt: Instant, into job: inout Job, actualDuration: inout TimeSpan) {
    let run = ClassSampler.span(model.duration.sample(&durations) * 1000)
    let estimate = ClassSampler.span(Double(run.milliseconds) * model.estimateRatio.sample(&estimates))
    let demand = drawDemand()
    let urgency = urgencies[1] - urgencies[0] == 1 ? 1 : terms.place(in: urgencies)
    job = Job(
      sequence: 0, identity: 0, submittedAt: submittedAt, estimatedDuration: estimate, demand: demand,
      deferralWindow: deferrals[urgency], homeZone: homes.isEmpty ? -1 : terms.place(in: homes),
      urgency: Urgency.allCases[urgency], type: model.type)
    job.estimatedEnergy = energy(demand, estimate)
    job.user = users.draw(&terms)
    setDeadline(&job, deadlines[urgency])
    setCaps(&job)
    actualDuration = run
  }

  private func drawDemand() -> Resources {
    let cores = ClassSampler.units(model.cores, &sizes)
    let gpus = ClassSampler.units(model.gpus, &sizes)
    let gigabytes =
      switch model.memory {
      case .perCore(let law): law.sample(&sizes) * cores
      case .total(let law): law.sample(&sizes)
      }
    return Resources(
      milliCores: Int64(cores) * 1000, milliGigabytes: thousandths(min(1e9, max(0, gigabytes))),
      milliGPUs: Int64(gpus) * 1000)
  }

  private func energy(_ demand: Resources, _ estimate: TimeSpan) -> Energy {
    guard case .terms(let terms) = model.energy else { return Energy(.nan) }
    let hourly =
      terms.perCoreHour * demand.cpuCores + terms.perGPUHour * demand.gpus
      + terms.perGigabyteHour * demand.memoryGigabytes
    let sum = terms.base + terms.perCore * demand.cpuCores + hourly * estimate.inHours
    guard terms.spread > 0 else { return Energy(sum) }
    return Energy(sum * self.terms.uniform(from: 1 - terms.spread, to: 1 + terms.spread))
  }

  private func setDeadline(_ job: inout Job, _ typical: TimeSpan) {
    let allowed: TimeSpan
    switch model.deadline {
    case .none: return
    case .span: allowed = typical
    case .byUrgency: allowed = max(typical, job.deferralWindow + job.estimatedDuration)
    case .slack(let factor): allowed = ClassSampler.span(Double(job.estimatedDuration.milliseconds) * factor)
    }
    // No run ends after what can be written.
    job.deadline = (job.submittedAt + allowed).withinCalendar
  }

  private func setCaps(_ job: inout Job) {
    let caps = model.caps
    job.intensityCap = caps.intensity
    guard caps.emissions.isFinite || caps.cost.isFinite else { return }
    var expected = job.estimatedEnergy.value
    if expected.isNaN {
      let zone = max(0, job.homeZone)
      expected = hardware[zone].power(of: job.demand).value * job.estimatedDuration.inHours
    }
    if caps.emissions.isFinite {
      job.emissionsCap = Emissions(expected * caps.emissions * caps.referenceIntensity.value)
    }
    if caps.cost.isFinite { job.costCap = Money(expected * caps.cost * caps.referencePrice.value) }
  }

  private static func span(_ milliseconds: Double) -> TimeSpan {
    TimeSpan(milliseconds: Int64(min(longest, max(1, milliseconds.rounded()))))
  }

  /// Whole units, from 0 to a billion.
  private static func units(_ size: SizeModel, _ stream: inout RandomStream) -> Double {
    let whole = min(1e9, max(0, size.values.sample(&stream))).rounded(.up)
    guard size.rounding == .powerOfTwo, whole > 1 else { return whole }
    let count = UInt64(whole) - 1
    return Double(UInt64(1) << UInt64(64 - count.leadingZeroBitCount))
  }
}

/// Whose a job is.
struct UserShares: Sendable {
  private let count: Int
  /// Empty for equal shares.
  private let cumulative: [Double]

  init(_ model: UserModel) {
    precondition(model.count > 0, "a workload without users")
    count = model.count
    guard model.zipfExponent > 0 else {
      cumulative = []
      return
    }
    var sum = 0.0
    var sums: [Double] = []
    for rank in 1...model.count {
      sum += pow(Double(rank), -model.zipfExponent)
      sums.append(sum)
    }
    cumulative = sums
  }

  /// - Complexity: O(log users).
  func draw(_ stream: inout RandomStream) -> Int {
    if count == 1 { return 0 }
    guard let sum = cumulative.last else { return stream.below(count) }
    let drawn = stream.uniform() * sum
    var low = 0
    var high = count - 1
    while low < high {
      let middle = low + (high - low) / 2
      if cumulative[middle] <= drawn { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

extension Urgency {
  /// The platform's typical deferral window.
  var typicalDeferral: TimeSpan {
    switch self {
    case .critical: .zero
    case .high: .minutes(30)
    case .medium: .minutes(120)
    case .low: .minutes(360)
    }
  }

  /// The platform's typical deadline, from submission.
  var typicalDeadline: TimeSpan {
    switch self {
    case .critical: .minutes(30)
    case .high: .hours(2)
    case .medium: .hours(6)
    case .low: .hours(24)
    }
  }
}
