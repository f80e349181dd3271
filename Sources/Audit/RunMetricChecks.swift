internal import GRDB

/// The totals that savings are counted from.
struct AuditTotals {
  var emissions: Recomputed
  var cost: Recomputed

  /// 100 × (baseline − own) / |baseline|; no value if the baseline is 0.
  ///
  /// - Parameter stored: what the file says; taken if the terms of the baseline's sum cancel to its rounding, so that
  ///   it is open if the sum is 0.
  static func saved(_ base: Recomputed, _ own: Recomputed, stored: Double? = nil) -> Recomputed {
    guard let before = base.value, let after = own.value else { return Recomputed(nil) }
    let rounding = (1e-12 + Double(base.terms) * 0x1p-53) * base.magnitude
    if base.magnitude > 0, abs(before) <= rounding { return Recomputed(stored) }
    guard before != 0 else { return Recomputed(nil) }
    let part = 100 * (1 - after / before)
    return Recomputed(
      before < 0 ? -part : part, magnitude: 100 * (base.magnitude + own.magnitude) / abs(before),
      terms: base.terms + own.terms)
  }
}

extension RunSums {
  var totals: AuditTotals {
    let all = all
    return AuditTotals(emissions: all.emissions.recomputed, cost: all.cost.recomputed)
  }

  /// The figures of contract §7 from the rows.
  ///
  /// - Parameter stored: what the file tells, for counts that rounding leaves open.
  func metrics(_ world: AuditWorld, baseline: AuditTotals, stored: [String: Double?]) -> [(String, Recomputed)] {
    let all = all
    let idle = Overheads(world, run, zones: 0..<world.zones.count)
    let ran = all.started
    let used = utilization(all, world.zones[...])
    func count(_ number: Int) -> Recomputed { Recomputed(Double(number)) }
    func caps(_ counted: (broken: Int, close: Int), _ name: String) -> Recomputed {
      let told = (stored[name] ?? nil) ?? 0
      return Recomputed(min(max(told, Double(counted.broken)), Double(counted.broken + counted.close)).rounded())
    }
    let waited = waits.reduce(into: AuditSum()) { $0.add(Double($1)) }
    return [
      ("jobs_submitted", count(submitted)), ("jobs_completed", count(all.completed)),
      ("jobs_rejected", count(rejected)), ("jobs_unfinished", count(submitted - all.completed - rejected)),
      ("throughput_jobs_per_hour", Recomputed(Double(all.completed) / run.hours)),
      ("energy_kwh", all.energy.recomputed), ("carbon_kg", all.emissions.recomputed.scaled(0.001)),
      ("carbon_per_job_g", all.emissions.recomputed.over(ran)), ("cost_gbp", all.cost.recomputed),
      ("cost_per_job_gbp", all.cost.recomputed.over(ran)),
      ("carbon_savings_pct", AuditTotals.saved(baseline.emissions, all.emissions.recomputed)),
      (
        "cost_savings_pct",
        AuditTotals.saved(baseline.cost, all.cost.recomputed, stored: stored["cost_savings_pct"] ?? nil)
      ),
      ("sla_met_pct", Recomputed(withDeadline > 0 ? 100 * Double(metDeadline) / Double(withDeadline) : nil)),
      ("carbon_cap_violations", caps(emissionsCaps, "carbon_cap_violations")),
      ("price_cap_violations", caps(costCaps, "price_cap_violations")),
      ("wait_mean_s", waited.recomputed.over(waits.count).scaled(0.001)),
      ("wait_p50_s", Recomputed(wait(0.5))), ("wait_p95_s", Recomputed(wait(0.95))),
      ("wait_p99_s", Recomputed(wait(0.99))), ("utilization_cpu", used[0]), ("utilization_gpu", used[1]),
      ("utilization_memory", used[2]), ("overhead_kwh", idle.energy),
      ("overhead_carbon_kg", idle.emissions.scaled(0.001)), ("overhead_cost_gbp", idle.cost),
      ("jobs_ended_after_clock", count(endedAfterClock)), ("carbon_after_clock_pct", shareAfterClock(all.emissions)),
    ]
  }

  /// Percent of the emissions that fell at or after the clock's end; no value without emissions.
  private func shareAfterClock(_ all: AuditSum) -> Recomputed {
    guard all.value > 0 else { return Recomputed(nil) }
    return Recomputed(
      100 * emissionsAfterClock.value / all.value, magnitude: 100 * emissionsAfterClock.magnitude / all.value,
      terms: emissionsAfterClock.terms + all.terms)
  }
}

/// The stored figures of one run.
struct StoredFigures {
  /// `run_metrics`, by name.
  private(set) var metrics: [String: Double?] = [:]
  /// Names in the table's order.
  private(set) var names: [String] = []
  /// `zone_metrics` by the zone's place, in the order of ``RunSums/zoneFigureNames``.
  private(set) var zones: [Int: [Double?]] = [:]

  init(_ database: Database, _ run: AuditRunRow, _ world: AuditWorld, _ faults: CellFaults) throws {
    let row = try AuditQuery(
      database, faults, table: "run_metrics", columns: AuditSchema.columns("run_metrics"), keys: 2,
      clause: "WHERE run_id = ? ORDER BY metric", arguments: [run.id])
    while try row.next() {
      let name = row.text(1)
      names.append(name)
      metrics.updateValue(row.optionalNumber(2), forKey: name)
    }
    let zone = try AuditQuery(
      database, faults, table: "zone_metrics", columns: AuditSchema.columns("zone_metrics"), keys: 2,
      clause: "WHERE run_id = ? ORDER BY grid_zone_id", arguments: [run.id])
    while try zone.next() {
      guard let place = world.place(of: zone.integer(1)) else { continue }
      zones[place] = RunSums.zoneFigureNames.indices.map { zone.optionalNumber(2 + $0) }
    }
  }
}

/// Compares the figures of a run with what the file tells.
struct FigureComparison {
  let run: AuditRunRow
  let world: AuditWorld
  let stored: StoredFigures
  let findings: Findings

  /// How many were compared.
  func metrics(_ recomputed: [(String, Recomputed)], loosely: Bool) -> Int {
    for (name, figure) in recomputed {
      guard let told = stored.metrics[name] else {
        findings.add(.metric) {
          AuditFailure(
            $0, run: run.id, name: name, found: .text("no such row"), expected: .text("a row for every run"))
        }
        continue
      }
      let estimated = loosely && ["wait_p50_s", "wait_p95_s", "wait_p99_s"].contains(name)
      guard !figure.agrees(told, within: estimated ? 1e-3 : 1e-9) else { continue }
      findings.add(.metric) {
        AuditFailure($0, run: run.id, name: name, found: AuditValue(told), expected: AuditValue(figure.value))
      }
    }
    return recomputed.count
  }

  /// - Parameter named: figures of a zone by its place.
  func zones(_ named: (Int) -> [(String, Recomputed)]) -> Int {
    var count = 0
    for (place, zone) in world.zones.enumerated() {
      guard let told = stored.zones[place] else {
        findings.add(.zoneFigure) {
          AuditFailure(
            $0, run: run.id, zone: zone.code, name: "zone_metrics", found: .text("no such row"),
            expected: .text("a row for every run and zone"))
        }
        continue
      }
      for (name, figure) in named(place) {
        count += 1
        guard let column = RunSums.zoneFigureNames.firstIndex(of: name), !figure.agrees(told[column]) else { continue }
        findings.add(.zoneFigure) {
          AuditFailure(
            $0, run: run.id, zone: zone.code, name: name, found: AuditValue(told[column]),
            expected: AuditValue(figure.value))
        }
      }
    }
    return count
  }
}
