internal import Domain
internal import Runs
internal import Scenarios

/// The jobs of base and variant, compared job by job: a copy of a file under another name has the same jobs.
struct WhatIfJobs {
  /// Jobs of the base, over all replications that were compared.
  private(set) var count = 0
  /// True if a job is in one of the two only, or differs in more than its window, deadline and home.
  private(set) var differs = false
  /// Jobs with another deferral window, another deadline, another home zone.
  private(set) var windows = 0
  private(set) var deadlines = 0
  private(set) var homes = 0

  private struct Entry: Hashable {
    /// A hash of all that the other fields do not hold.
    let rest: Int
    let window: TimeSpan
    let deadline: Instant
    let home: String
  }

  /// Compares the jobs of so many replications, up to the first in which they differ.
  ///
  /// - Complexity: O(jobs) time; memory for one replication of the base's jobs, some 64 bytes each.
  /// - Throws: ``BadInput`` if a file can no longer be read.
  init(_ base: Scenario, _ variant: Scenario, replications: Int) throws {
    let pair = try [base, variant].map { scenario -> (Scenario, JobInput) in
      var notes: [String] = []
      do { return (scenario, try LoadedInputs.jobs(scenario, &notes)) } catch { throw BadInput(error) }
    }
    let isOneLog = base.windows == nil && variant.windows == nil && pair.allSatisfy { $0.1.isLog }
    let repeats = isOneLog && !pair.contains { $0.0.drawsLogHomes }
    for replication in 1...max(1, repeats ? 1 : replications) {
      try compare(pair[0], pair[1], replication)
      if differs { return }
    }
  }

  private mutating func compare(_ base: (Scenario, JobInput), _ variant: (Scenario, JobInput), _ number: Int) throws {
    var known: [UInt64: Entry] = [:]
    try WhatIfJobs.read(base, number) { known[$0] = $1 }
    count += known.count
    var found = 0
    try WhatIfJobs.read(variant, number) { identity, entry in
      found += 1
      guard let own = known[identity], own.rest == entry.rest else {
        differs = true
        return
      }
      if own.window != entry.window { windows += 1 }
      if own.deadline != entry.deadline { deadlines += 1 }
      if own.home != entry.home { homes += 1 }
    }
    if found != known.count { differs = true }
  }

  private static func read(
    _ input: (scenario: Scenario, jobs: JobInput), _ number: Int, _ body: (UInt64, Entry) -> Void
  ) throws {
    let source = try input.jobs.source(input.scenario.window(number), replication: number, keepsTexts: false)
    let (users, codes) = (input.jobs.users, input.scenario.zones.map(\.code))
    while let next = try source.next() {
      let job = next.job
      var hasher = Hasher()
      hasher.combine(job.submittedAt)
      hasher.combine(job.estimatedDuration)
      hasher.combine(next.actualDuration)
      hasher.combine(job.demand)
      for value in [
        job.estimatedEnergy.value, job.emissionsCap.value, job.intensityCap.value, job.costCap.value,
      ] { hasher.combine(value.bitPattern) }
      hasher.combine(job.urgency)
      hasher.combine(job.type)
      hasher.combine(users.indices.contains(job.user) ? users[job.user] : "")
      // A job without a home starts in the first zone that has room.
      let home = codes.indices.contains(job.homeZone) ? codes[job.homeZone] : codes.first ?? ""
      body(
        job.identity,
        Entry(rest: hasher.finalize(), window: job.deferralWindow, deadline: job.deadline, home: home))
    }
  }

  /// Notes that the variant's jobs, or their windows or homes, are not those of the base.
  ///
  /// - Parameter zones: how many zones base and variant have.
  func notes(zones: (base: Int, variant: Int)) -> [String] {
    guard !differs else {
      return ["the variant has different jobs: replications are compared by their number only, not on the same jobs"]
    }
    var notes: [String] = []
    var changes: [String] = []
    if windows > 0 { changes.append("another deferral window: \(part(windows))") }
    if deadlines > 0 { changes.append("another deadline: \(part(deadlines))") }
    if !changes.isEmpty {
      notes.append("the variant has the same jobs with other windows (\(changes.joined(separator: "; ")))")
    }
    if homes > 0 {
      let reason =
        zones.base == zones.variant
        ? "" : ": homes are drawn or dealt out over \(counted(zones.variant, "zone")), not \(zones.base)"
      notes.append("the variant has the same jobs with other home zones (\(part(homes)))\(reason)")
    }
    return notes
  }

  private func part(_ number: Int) -> String { "\(number) of \(counted(count, "job"))" }
}

extension JobInput {
  fileprivate var isLog: Bool { if case .log = self { true } else { false } }
}

extension Scenario {
  /// True if each replication draws homes for the jobs of a log.
  fileprivate var drawsLogHomes: Bool { if case .weights? = logHome { true } else { false } }

  /// True if nothing that jobs and their homes depend on differs, so that they need not be compared one by one.
  func hasSameJobSource(as other: Scenario) -> Bool {
    workload == other.workload && events.surges == other.events.surges && seed == other.seed && start == other.start
      && duration == other.duration && placing == other.placing && zones.map(\.code) == other.zones.map(\.code)
  }

  private var placing: [WindowSpec] {
    windows.map { [WindowSpec(count: 1, placing: $0.placing, repeatsJobs: $0.repeatsJobs)] } ?? []
  }
}
