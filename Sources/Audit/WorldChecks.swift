internal import Domain

/// Checks of runs, zones and traces against one another.
extension AuditWorld {
  func check(_ findings: Findings) {
    for run in runs { check(run, findings) }
    // Replications on the same traces may have clocks of their own.
    var seen: Set<[Int64]> = []
    for run in runs {
      let clock = [Int64(run.traceSet), run.clockStart.milliseconds, run.clockEnd.milliseconds]
      if seen.insert(clock).inserted { checkTraces(of: run, findings) }
    }
    if let first = runs.first { checkConditions(first, findings) }
    var replication = 0
    for run in runs where run.replication != replication {
      replication = run.replication
      during(run).checkCapacities(run, findings)
    }
  }

  private func check(_ run: AuditRunRow, _ findings: Findings) {
    func fault(_ name: String, _ found: AuditValue, _ expected: String) {
      findings.add(.run) {
        AuditFailure($0, run: run.id, name: name, found: found, expected: .text(expected))
      }
    }
    if run.clockEnd <= run.clockStart { fault("clock_end", .instant(run.clockEnd), "an instant after clock_start") }
    if run.countedFrom >= run.clockEnd { fault("warm_up_s", .instant(run.countedFrom), "an end within the clock") }
    if let first = runs.first(where: { $0.replication == run.replication }), first.countedFrom != run.countedFrom {
      fault("warm_up_s", .instant(run.countedFrom), "that of run \(first.id), of the same replication")
    }
    if run.isBaseline != (run.id == run.baseline) {
      fault("is_baseline", .text("\(run.isBaseline ? 1 : 0)"), "1 if the run is its own baseline_run_id, otherwise 0")
    }
    let baseline = runs.first { $0.id == run.baseline }
    if baseline?.replication != run.replication {
      fault("baseline_run_id", .text("\(run.baseline)"), "a run of the same replication")
    } else if let baseline, !baseline.isBaseline {
      fault("baseline_run_id", .text("\(run.baseline)"), "a baseline run")
    }
    if let first = runs.first(where: { $0.replication == run.replication }), first.baseline != run.baseline {
      fault("baseline_run_id", .text("\(run.baseline)"), "\(first.baseline), as in the replication's first run")
    }
    if let first = runs.first(where: { $0.replication == run.replication }),
      (first.clockStart, first.clockEnd) != (run.clockStart, run.clockEnd)
    {
      fault("clock_start", .instant(run.clockStart), "the clock of run \(first.id), of the same replication")
    }
    if let first = runs.first, first.clockEnd - first.clockStart != run.clockEnd - run.clockStart {
      fault("clock_end", .instant(run.clockEnd), "a clock as long as that of run \(first.id)")
    }
  }

  /// Steps follow each other without gap or overlap and cover the clock.
  private func checkTraces(of run: AuditRunRow, _ findings: Findings) {
    let traces = traces(of: run)
    for (place, zone) in zones.enumerated() {
      for (name, walk) in [("carbon_intensity", traces.intensity[place]), ("price", traces.price[place])] {
        guard let at = walk.fault(from: run.clockStart, to: run.clockEnd) else { continue }
        findings.add(.trace) {
          AuditFailure(
            $0, zone: zone.code, at: at, name: "trace_steps \(name) of set \(run.traceSet)",
            found: .text("not exactly one step"), expected: .text("one at every instant up to the last"))
        }
      }
    }
  }

  /// `grid_zones` tells the values at the clock's start.
  private func checkConditions(_ run: AuditRunRow, _ findings: Findings) {
    let traces = traces(of: run)
    for (place, zone) in zones.enumerated() {
      for (name, stored, walk) in [
        ("carbon_intensity", zone.intensityAtStart, traces.intensity[place]),
        ("energy_price", zone.priceAtStart, traces.price[place]),
      ] {
        let value = walk.value(at: run.clockStart)
        guard !Recomputed(value).agrees(stored) else { continue }
        findings.add(.condition) {
          AuditFailure($0, zone: zone.code, name: name, found: AuditValue(stored), expected: AuditValue(value))
        }
      }
    }
  }
}

extension AuditValue {
  init(_ number: Double?) { self = number.map { .number($0) } ?? .nothing }
  init(_ instant: Instant?) { self = instant.map { .instant($0) } ?? .nothing }
}
