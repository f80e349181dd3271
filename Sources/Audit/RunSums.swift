internal import Domain

/// Totals of the jobs that started in a zone.
struct ZoneSums {
  var started = 0
  var completed = 0
  var energy = AuditSum()
  /// Grams.
  var emissions = AuditSum()
  var cost = AuditSum()
  /// Thousandths × milliseconds within the clock, behind the warm-up.
  var cores = AuditSum()
  var gpus = AuditSum()
  var memory = AuditSum()

  /// Adds a demand held over [from, until), cut to the clock.
  mutating func occupy(_ demand: AuditResources, from: Instant, until: Instant, _ run: AuditRunRow) {
    let first = max(from, run.countedFrom)
    let last = min(until, run.clockEnd)
    guard first < last else { return }
    let length = Double(last.milliseconds - first.milliseconds)
    cores.add(Double(demand.cores) * length)
    gpus.add(Double(demand.gpus) * length)
    memory.add(Double(demand.memory) * length)
  }

  static func + (a: ZoneSums, b: ZoneSums) -> ZoneSums {
    var both = a
    both.started += b.started
    both.completed += b.completed
    both.energy.add(b.energy)
    both.emissions.add(b.emissions)
    both.cost.add(b.cost)
    both.cores.add(b.cores)
    both.gpus.add(b.gpus)
    both.memory.add(b.memory)
    return both
  }
}

/// Totals of the rows of one run.
struct RunSums {
  let run: AuditRunRow
  var zones: [ZoneSums]
  var submitted = 0
  var rejected = 0
  var failed = 0
  var pending = 0
  /// Number of rejected jobs, including those of the warm-up.
  var rejectedInAll = 0
  /// Jobs with a zone: that of the first, second, third recommendation, another.
  var taken = [0, 0, 0, 0]
  /// Suspensions by outages; which of two a job's end at an outage's instant is, rows leave open.
  var outageSuspensions = (least: 0, most: 0)
  var withDeadline = 0
  var metDeadline = 0
  var endedAfterClock = 0
  /// All jobs, those of the warm-up too.
  var inAll = 0
  /// All jobs without a home zone, those of the warm-up too.
  var withoutHome = 0
  /// Grams that counted jobs emitted at or after the clock's end.
  var emissionsAfterClock = AuditSum()
  /// Caps that were surely broken, and those that were met or broken within rounding.
  var emissionsCaps = (broken: 0, close: 0)
  var costCaps = (broken: 0, close: 0)
  /// Milliseconds from submission to first start; sorted when all are there.
  var waits: [Int64] = []
  var signature: UInt64 = 0

  init(run: AuditRunRow, zones: Int) {
    self.run = run
    self.zones = Array(repeating: ZoneSums(), count: zones)
  }

  var all: ZoneSums { zones.reduce(ZoneSums(), +) }

  mutating func finish() { waits.sort() }

  static let zoneFigureNames = [
    "jobs_started", "jobs_completed", "energy_kwh", "carbon_kg", "carbon_per_job_g", "cost_gbp", "utilization_cpu",
    "utilization_gpu", "utilization_memory", "overhead_kwh", "overhead_carbon_kg", "overhead_cost_gbp",
  ]

  /// The figures of ``zoneFigureNames`` for one zone.
  func zoneFigures(_ place: Int, _ world: AuditWorld) -> [Recomputed] {
    let sums = zones[place]
    let idle = Overheads(world, run, zones: place..<place + 1)
    return [
      Recomputed(Double(sums.started)), Recomputed(Double(sums.completed)), sums.energy.recomputed,
      sums.emissions.recomputed.scaled(0.001), sums.emissions.recomputed.over(sums.started), sums.cost.recomputed,
    ] + utilization(sums, world.zones[place..<place + 1]) + [idle.energy, idle.emissions.scaled(0.001), idle.cost]
  }

  /// CPU, GPU and memory: time averages of allocated over capacity within the clock; 0 without capacity.
  func utilization(_ used: ZoneSums, _ zones: ArraySlice<AuditZone>) -> [Recomputed] {
    func share(_ used: AuditSum, _ amount: (AuditResources) -> Int64) -> Recomputed {
      let all = zones.reduce(0.0) { $0 + $1.capacityTime(run, amount) }
      return all > 0 ? used.recomputed.scaled(1 / all) : Recomputed(0)
    }
    return [share(used.cores) { $0.cores }, share(used.gpus) { $0.gpus }, share(used.memory) { $0.memory }]
  }

  func wait(_ fraction: Double) -> Double? { RunSums.quantile(waits, fraction) }

  /// Type 7 of Hyndman and Fan (1996, doi:10.1080/00031305.1996.10473566) of sorted milliseconds, in seconds; `nil`
  /// without any.
  static func quantile(_ sorted: [Int64], _ fraction: Double) -> Double? {
    guard let last = sorted.indices.last else { return nil }
    let place = Double(last) * fraction
    let low = Int(place.rounded(.down))
    let high = min(low + 1, last)
    let part = place - Double(low)
    return (Double(sorted[low]) * (1 - part) + Double(sorted[high]) * part) / 1000
  }

  /// Percentiles of more jobs than this may be estimates within 0.1 % (contract §7).
  static let exactPercentiles = 1_000_000
}

/// Idle power over the clock behind the warm-up, by a walk over the steps.
struct Overheads {
  private(set) var energy = Recomputed(0)
  /// Grams.
  private(set) var emissions = Recomputed(0)
  private(set) var cost = Recomputed(0)

  init(_ world: AuditWorld, _ run: AuditRunRow, zones: Range<Int>) {
    var sums = (energy: AuditSum(), emissions: AuditSum(), cost: AuditSum())
    let traces = world.traces(of: run)
    for place in zones where world.zones[place].idle > 0 {
      let idle = world.zones[place].idle
      sums.energy.add(idle * run.hours)
      Overheads.add(traces.intensity[place], idle, run, to: &sums.emissions)
      Overheads.add(traces.price[place], idle, run, to: &sums.cost)
    }
    energy = sums.energy.recomputed
    emissions = sums.emissions.recomputed
    cost = sums.cost.recomputed
  }

  /// A step that is missing has been told by then.
  private static func add(_ walk: TraceWalk, _ power: Double, _ run: AuditRunRow, to sum: inout AuditSum) {
    if case .integral(let area, let magnitude) = walk.integral(from: run.countedFrom, to: run.clockEnd) {
      sum.add(power * area, magnitude: power * magnitude)
    }
  }
}
