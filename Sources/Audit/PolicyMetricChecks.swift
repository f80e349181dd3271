internal import GRDB

/// The figures of `policy_metrics` that follow from rows, or from one another.
struct PolicyMetricChecks {
  let run: AuditRunRow
  let findings: Findings
  /// Sums of the job rows; `nil` if there are none.
  let sums: RunSums?
  /// True if no zone's capacity changes, so that no job is handed back to the policy and decided on again.
  let isSteady: Bool
  /// True if the policy replays recorded decisions; `nil` if the file does not say, or if the policy is from another
  /// package.
  let replays: Bool?
  private(set) var checked = 0
  /// Figures of which no row says anything.
  private(set) var unchecked: [String] = []

  init(run: AuditRunRow, findings: Findings, sums: RunSums?, isSteady: Bool, replays: Bool? = nil) {
    self.replays = replays
    self.run = run
    self.findings = findings
    self.sums = sums
    self.isSteady = isSteady
  }

  mutating func check(_ database: Database, _ faults: CellFaults) throws {
    guard try database.tableExists("policy_metrics") else { return }
    let row = try AuditQuery(
      database, faults, table: "policy_metrics", columns: ["run_id", "metric", "value"], keys: 2,
      clause: "WHERE run_id = ? ORDER BY metric", arguments: [run.id])
    var stored: [String: Double?] = [:]
    var names: [String] = []
    while try row.next() {
      let name = row.text(1)
      names.append(name)
      stored.updateValue(row.optionalNumber(2), forKey: name)
    }
    try faults.throwIfAny()
    checkNames(names)
    if let sums {
      checkEvents(stored, sums)
      checkDecisions(stored, sums)
    }
    for name in names {
      switch name {
      case "jobs_failed", "outage_suspensions": if sums == nil { unchecked.append(name) }
      case "jobs_undecided":
        if let sums { checkUndecided(stored[name] ?? nil, sums) } else { unchecked.append(name) }
      case "decisions": if sums == nil { unchecked.append(name) }
      case _ where PolicyMetricChecks.shares.contains(name):
        if !(sums.map { isOnce(stored, $0) } ?? false) { unchecked.append(name) }
      case "decisions_per_operator_hour": checkRate(stored)
      case "operator_hours": checkNotNegative(name, stored[name] ?? nil)
      default: unchecked.append(name)
      }
    }
    checkPercentiles(stored)
  }

  /// Figures that a policy of operators has, and those of a shift and of a replay.
  private static let operators =
    ["decisions", "time_to_decision_mean_s", "time_to_decision_p50_s", "time_to_decision_p95_s"] + shares
  private static let events = ["jobs_failed", "outage_suspensions"]
  private static let shifts = ["operator_hours", "decisions_per_operator_hour"]
  private static let replay = ["jobs_undecided", "decisions_ignored"]

  /// A policy of the program has its figures, all of them and no others; one of another package may have any.
  private func checkNames(_ names: [String]) {
    var expected = isSteady ? [] : PolicyMetricChecks.events
    if let replays {
      if run.policy == "operator-manual" {
        expected += PolicyMetricChecks.operators + (replays ? PolicyMetricChecks.replay : PolicyMetricChecks.shifts)
      }
      for name in expected where !names.contains(name) {
        absent(name, .text("no such row"), "one, as the policy is \(run.policy)")
      }
    }
    // Those of outages are the engine's, whatever the policy.
    for name in names where !expected.contains(name) && (replays != nil || PolicyMetricChecks.events.contains(name)) {
      absent(name, .text("a row"), "none, as the policy is \(run.policy)")
    }
  }

  private func absent(_ name: String, _ found: AuditValue, _ expected: String) {
    findings.add(.metric) {
      AuditFailure($0, run: run.id, name: "policy_metrics \(name)", found: found, expected: .text(expected))
    }
  }

  /// Checks the counts of jobs that outages failed and of suspensions by outages; a count that the file lacks is 0.
  private mutating func checkEvents(_ stored: [String: Double?], _ sums: RunSums) {
    let failed = (stored["jobs_failed"] ?? nil) ?? 0
    checked += stored["jobs_failed"] == nil ? 0 : 1
    if failed != Double(sums.failed) { fault("jobs_failed", failed, .number(Double(sums.failed))) }
    let suspensions = (stored["outage_suspensions"] ?? nil) ?? 0
    checked += stored["outage_suspensions"] == nil ? 0 : 1
    let range = sums.outageSuspensions
    guard suspensions < Double(range.least) || suspensions > Double(range.most) || suspensions != suspensions.rounded()
    else { return }
    let expected: AuditValue =
      range.least == range.most
      ? .number(Double(range.least)) : .text("\(range.least) to \(range.most), according to the rows")
    fault("outage_suspensions", suspensions, expected)
  }

  private static let shares = [
    "recommendation_1_taken_pct", "recommendation_2_taken_pct", "recommendation_3_taken_pct", "other_zone_taken_pct",
  ]

  /// True if every job was decided on at most once and kept its zone.
  private func isOnce(_ stored: [String: Double?], _ sums: RunSums) -> Bool {
    isSteady && (stored["decisions"] ?? nil) == Double(sums.taken.reduce(0, +))
  }

  /// Every job with a zone was decided on, and its zone was among those recommended or not.
  private mutating func checkDecisions(_ stored: [String: Double?], _ sums: RunSums) {
    guard stored["time_to_decision_mean_s"] != nil, let told = stored["decisions"] else { return }
    checked += 1
    let jobs = sums.taken.reduce(0, +)
    // A replay may have several decisions for a job.
    let isExact = isSteady && sums.rejectedInAll == 0 && stored["decisions_ignored"] == nil
    guard let told, told == told.rounded(), isExact ? told == Double(jobs) : told >= Double(jobs) else {
      let expected = isExact ? "\(jobs)" : "a count of at least \(jobs)"
      return fault("decisions", told, .text("\(expected), the number of jobs with a zone"))
    }
    guard isOnce(stored, sums), jobs > 0 else { return }
    for (name, taken) in zip(PolicyMetricChecks.shares, sums.taken) {
      checked += 1
      let share = 100 * Double(taken) / Double(jobs)
      if let told = stored[name] ?? nil, abs(told - share) <= 1e-9 * max(share, 1e-9) { continue }
      fault(name, stored[name] ?? nil, .number(share))
    }
  }

  /// Jobs in no decision of a replay stay PENDING.
  private mutating func checkUndecided(_ told: Double?, _ sums: RunSums) {
    checked += 1
    if let told, told == Double(sums.pending) || (!run.drains && told >= 0 && told < Double(sums.pending)) { return }
    fault("jobs_undecided", told, .text("\(run.drains ? "" : "at most ")\(sums.pending), the number of PENDING jobs"))
  }

  private mutating func checkRate(_ stored: [String: Double?]) {
    checked += 1
    let told = stored["decisions_per_operator_hour"] ?? nil
    guard let hours = stored["operator_hours"] ?? nil, let decisions = stored["decisions"] ?? nil, hours > 0 else {
      if told != nil { fault("decisions_per_operator_hour", told, .text("nothing, as there is no operator_hours")) }
      return
    }
    let rate = decisions / hours
    if let told, abs(told - rate) <= 1e-9 * abs(rate) { return }
    fault("decisions_per_operator_hour", told, .number(rate))
  }

  private mutating func checkNotNegative(_ name: String, _ told: Double?) {
    checked += 1
    if let told, told < 0 { fault(name, told, .text("a number of at least 0")) }
  }

  /// Percentiles rise.
  private mutating func checkPercentiles(_ stored: [String: Double?]) {
    guard let half = stored["time_to_decision_p50_s"] ?? nil, let most = stored["time_to_decision_p95_s"] ?? nil else {
      return
    }
    checked += 1
    if half > most { fault("time_to_decision_p95_s", most, .text("at least time_to_decision_p50_s, \(half)")) }
  }

  private func fault(_ name: String, _ found: Double?, _ expected: AuditValue) {
    findings.add(.metric) { AuditFailure($0, run: run.id, name: name, found: AuditValue(found), expected: expected) }
  }
}
