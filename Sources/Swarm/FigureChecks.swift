internal import Foundation
internal import GRDB

/// Works the main figures of each run out again from its job rows, by their definitions alone.
struct FigureChecks {
  let database: Database
  /// Milliseconds since 1970.
  let clockStart: Int64
  let clockEnd: Int64

  private var hours: Double { Double(clockEnd - clockStart) / 3_600_000 }

  private struct Figures {
    var values: [String: (value: Double, size: Double)] = [:]
    /// Figures that have no value.
    var absent: [String] = []

    subscript(name: String) -> Double { values[name]?.value ?? 0 }

    mutating func set(_ name: String, _ value: Double, size: Double? = nil) {
      values[name] = (value, size ?? abs(value))
    }
  }

  func check() throws {
    var known: [Int: Figures] = [:]
    let runs = try Row.fetchAll(
      database, sql: "SELECT run_id, baseline_run_id FROM runs WHERE has_workloads AND warm_up_s = 0 ORDER BY run_id")
    for run in runs { known[run[0]] = try figures(of: run[0]) }
    for run in runs {
      guard var own = known[run[0]] else { continue }
      if let base = known[run[1]] {
        for (name, metric) in [("carbon_savings_pct", "carbon_kg"), ("cost_savings_pct", "cost_gbp")] {
          let (before, sum) = (base[metric], base.values[metric]?.size ?? 0)
          if sum == 0 {
            own.absent.append(name)
          } else if abs(before) > 1e-9 * sum {
            let size = sum + (own.values[metric]?.size ?? 0)
            own.set(name, 100 * (before - own[metric]) / abs(before), size: 100 * size / abs(before))
          }
        }
      }
      try compare(own, run: run[0])
    }
  }

  private func figures(of run: Int) throws -> Figures {
    var figures = Figures()
    var (submitted, completed, rejected, ran, withDeadline, met, late) = (0, 0, 0, 0, 0, 0, 0)
    var waits: [Double] = []
    var sums = [(sum: 0.0, size: 0.0), (sum: 0.0, size: 0.0), (sum: 0.0, size: 0.0)]
    let rows = try Row.fetchAll(database, sql: "SELECT * FROM compute_workloads WHERE run_id = ?", arguments: [run])
    // Windows give each replication a clock of its own.
    let told = try String.fetchOne(database, sql: "SELECT clock_end FROM runs WHERE run_id = ?", arguments: [run])
    let clockEnd = told.flatMap { PlainTime.instant($0) } ?? clockEnd
    for row in rows {
      submitted += 1
      let status = row["status"] as String
      let times = ["submitted_at", "actual_start", "actual_end", "deadline"].map {
        (row[$0] as String?).flatMap { PlainTime.instant($0) }
      }
      if status == "COMPLETED" { completed += 1 }
      if status == "REJECTED" { rejected += 1 }
      if let deadline = times[3] {
        withDeadline += 1
        if status == "COMPLETED", let end = times[2], end <= deadline { met += 1 }
      }
      if let end = times[2], end > clockEnd { late += 1 }
      guard let from = times[0], let start = times[1] else { continue }
      ran += 1
      waits.append(Double(start - from) / 1000)
      for (place, name) in ["energy_kwh", "carbon_emitted_kg", "cost_gbp"].enumerated() {
        let value = row[name] as Double? ?? 0
        sums[place].sum += value
        sums[place].size += abs(value)
      }
    }
    figures.set("jobs_submitted", Double(submitted))
    figures.set("jobs_completed", Double(completed))
    figures.set("jobs_rejected", Double(rejected))
    figures.set("jobs_unfinished", Double(submitted - completed - rejected))
    figures.set("throughput_jobs_per_hour", Double(completed) / hours)
    figures.set("energy_kwh", sums[0].sum)
    figures.set("carbon_kg", sums[1].sum, size: sums[1].size)
    figures.set("cost_gbp", sums[2].sum, size: sums[2].size)
    figures.set("jobs_ended_after_clock", Double(late))
    if withDeadline == 0 {
      figures.absent.append("sla_met_pct")
    } else {
      figures.set("sla_met_pct", 100 * Double(met) / Double(withDeadline))
    }
    guard ran > 0 else { return figures }
    figures.set("carbon_per_job_g", 1000 * sums[1].sum / Double(ran), size: 1000 * sums[1].size / Double(ran))
    figures.set("cost_per_job_gbp", sums[2].sum / Double(ran), size: sums[2].size / Double(ran))
    figures.set("wait_mean_s", waits.reduce(0, +) / Double(ran))
    waits.sort()
    for (name, share) in [("wait_p50_s", 0.5), ("wait_p95_s", 0.95), ("wait_p99_s", 0.99)] {
      // Type 7 of Hyndman and Fan (1996).
      let place = share * Double(ran - 1)
      let low = Int(place.rounded(.down))
      let high = min(low + 1, ran - 1)
      figures.set(name, waits[low] + (place - Double(low)) * (waits[high] - waits[low]))
    }
    return figures
  }

  private func compare(_ figures: Figures, run: Int) throws {
    let sql = "SELECT metric, value FROM run_metrics WHERE run_id = ?"
    var stored: [String: Double?] = [:]
    for row in try Row.fetchAll(database, sql: sql, arguments: [run]) { stored[row[0]] = row[1] as Double? }
    for (name, own) in figures.values.sorted(by: { $0.key < $1.key }) {
      let found = stored[name].flatMap { $0 }
      guard let found, abs(found - own.value) <= 1e-9 * own.size + 1e-300 else {
        throw SwarmFailure(
          rule: .metrics, found: "run \(run): \(name) \(found as Any), from the job rows \(own.value)")
      }
    }
    for name in figures.absent {
      guard let found = stored[name].flatMap({ $0 }) else { continue }
      throw SwarmFailure(rule: .metrics, found: "run \(run): \(name) \(found), but no value follows from the job rows")
    }
  }
}

/// Reads the decision log as a story: time never goes back, and each job goes through its states as the contract has
/// them.
struct DecisionChecks {
  let database: Database
  /// Decisions read.
  private(set) var decisions = 0

  private enum State: String { case waiting, planned, running, suspended, rejected }

  init(_ database: Database) { self.database = database }

  mutating func check() throws {
    guard try database.tableExists("decisions") else { return }
    let hasEvents = try Int.fetchOne(database, sql: "SELECT count(*) FROM zone_capacity") ?? 0 > 0
    for run in try Int.fetchAll(database, sql: "SELECT run_id FROM runs ORDER BY run_id") {
      var states: [Int: State] = [:]
      var last = ""
      let sql = """
        SELECT d.decided_at, d.id, d.kind, d.zone, d.start_at, d.forecast_issued_at, w.submitted_at, w.actual_start
        FROM decisions d LEFT JOIN compute_workloads w USING (run_id, id) WHERE run_id = ? ORDER BY decision
        """
      for row in try Row.fetchAll(database, sql: sql, arguments: [run]) {
        decisions += 1
        let (at, id, kind) = (row[0] as String, row[1] as Int, row[2] as String)
        func failure(_ found: String) -> SwarmFailure {
          SwarmFailure(rule: .decisions, found: "run \(run): at \(at) job \(id) has \(kind): \(found)")
        }
        // ISO 8601 text of one length is in the order of time.
        if at < last { throw failure("the previous one was at \(last)") }
        last = at
        if let issued = row[5] as String?, issued > at { throw failure("based on a forecast issued at \(issued)") }
        if let submitted = row[6] as String?, at < submitted { throw failure("submitted at \(submitted)") }
        if kind == "plan" || kind == "replan", let start = row[4] as String?, start < at {
          throw failure("for \(start), which has passed")
        }
        if kind == "start", let start = row[7] as String?, start != at { throw failure("the job started at \(start)") }
        let state = states[id] ?? .waiting
        guard let next = DecisionChecks.next(state, kind, hasEvents: hasEvents) else {
          throw failure("while it was \(state.rawValue)")
        }
        states[id] = next
      }
    }
  }

  /// The state after a decision; `nil` where it may not be taken. Events suspend, resume and send jobs back to wait
  /// without any decision.
  private static func next(_ state: State, _ kind: String, hasEvents: Bool) -> State? {
    switch (kind, state) {
    case ("recommend", .waiting), ("recommend", .planned): state
    case ("plan", .waiting): .planned
    case ("plan", .planned) where hasEvents: .planned
    case ("replan", .planned): .planned
    case ("start", .waiting), ("start", .planned): .running
    case ("suspend", .running): .suspended
    case ("suspend", .suspended) where hasEvents: .suspended
    case ("resume", .suspended): .running
    case ("resume", .running) where hasEvents: .running
    case ("reject", .waiting), ("reject", .planned): .rejected
    default: nil
    }
  }
}
