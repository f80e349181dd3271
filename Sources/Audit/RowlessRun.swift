internal import Domain

/// Checks for a run that was written without its jobs: of its figures against one another, and of the figures that need
/// no job.
struct RowlessRun {
  let run: AuditRunRow
  let world: AuditWorld
  let stored: StoredFigures

  private func told(_ name: String) -> Double? { stored.metrics[name] ?? nil }

  /// The sum of a figure over the zones.
  private func sum(_ name: String, weight: (AuditZone) -> Double = { _ in 1 }) -> AuditSum {
    let column = RunSums.zoneFigureNames.firstIndex(of: name) ?? 0
    var sum = AuditSum()
    for (place, zone) in world.zones.enumerated() {
      if let figure = stored.zones[place]?[column] { sum.add(figure * weight(zone)) }
    }
    return sum
  }

  /// Emissions in grams and cost, as the file tells them.
  var totals: AuditTotals {
    AuditTotals(
      emissions: Recomputed(told("carbon_kg")).scaled(1000), cost: Recomputed(told("cost_gbp")))
  }

  func metrics(baseline: AuditTotals) -> [(String, Recomputed)] {
    let idle = Overheads(world, run, zones: 0..<world.zones.count)
    let started = Int(exactly: sum("jobs_started").value) ?? 0
    func total(_ name: String) -> Recomputed { sum(name).recomputed }
    // A zone that had nothing left in the time that counts, while jobs ran on there, tells nothing by its own share.
    func share(_ name: String, _ amount: @escaping (AuditResources) -> Int64) -> [(String, Recomputed)] {
      if world.zones.contains(where: { amount($0.most) > 0 && $0.capacityTime(run, amount) == 0 }) { return [] }
      let all = world.zones.reduce(0.0) { $0 + $1.capacityTime(run, amount) }
      return [
        (name, all > 0 ? sum(name) { $0.capacityTime(run, amount) }.recomputed.scaled(1 / all) : Recomputed(0))
      ]
    }
    let completed = total("jobs_completed")
    let parts = ["jobs_completed", "jobs_rejected", "jobs_unfinished"].map { told($0) ?? 0 }
    return [
      ("jobs_submitted", Recomputed(parts.reduce(0, +))), ("jobs_completed", completed),
      ("throughput_jobs_per_hour", Recomputed((completed.value ?? 0) / run.hours)),
      ("energy_kwh", total("energy_kwh")), ("carbon_kg", total("carbon_kg")),
      ("carbon_per_job_g", total("carbon_kg").scaled(1000).over(started)), ("cost_gbp", total("cost_gbp")),
      ("cost_per_job_gbp", total("cost_gbp").over(started)),
      ("carbon_savings_pct", AuditTotals.saved(baseline.emissions, totals.emissions)),
      ("cost_savings_pct", AuditTotals.saved(baseline.cost, totals.cost)),
      ("overhead_kwh", idle.energy), ("overhead_carbon_kg", idle.emissions.scaled(0.001)),
      ("overhead_cost_gbp", idle.cost),
    ] + share("utilization_cpu") { $0.cores } + share("utilization_gpu") { $0.gpus }
      + share("utilization_memory") { $0.memory }
  }

  func zoneFigures(_ place: Int) -> [(String, Recomputed)] {
    let idle = Overheads(world, run, zones: place..<place + 1)
    let names = RunSums.zoneFigureNames
    let figures = stored.zones[place] ?? []
    func told(_ name: String) -> Double? {
      names.firstIndex(of: name).flatMap { figures.indices.contains($0) ? figures[$0] : nil }
    }
    let started = Int(exactly: told("jobs_started") ?? 0) ?? 0
    return [
      ("carbon_per_job_g", Recomputed(told("carbon_kg")).scaled(1000).over(started)), ("overhead_kwh", idle.energy),
      ("overhead_carbon_kg", idle.emissions.scaled(0.001)), ("overhead_cost_gbp", idle.cost),
    ]
  }

  /// Names of what was not computed from jobs: some not checked at all, some only against other figures.
  static let unchecked = [
    "job rows", "capacity at every instant", "placement_signature",
    "jobs_rejected and jobs_unfinished (only their sum is checked)",
    "jobs_completed, energy_kwh, carbon_kg, cost_gbp and utilization (only the run is checked against its zones)",
    "utilization if a zone had no capacity left", "sla_met_pct",
    "carbon_cap_violations", "price_cap_violations", "jobs_ended_after_clock", "carbon_after_clock_pct", "wait_mean_s",
    "wait_p50_s", "wait_p95_s", "wait_p99_s",
    "running and allocated of zone_samples (checked only against the capacity)",
    "runs.jobs_without_home", "runs.jobs_given_home",
  ]
}
