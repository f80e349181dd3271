package import Domain

/// The columns of `compute_workloads` that audit reads, by their places in its query: the key, what was submitted, and
/// from ``first`` on what became of it.
package enum JobColumn: Int, CaseIterable {
  case runID, id, jobID, userID, workloadName, workloadType, urgency, gpuMinutes, cores, memory, gpus, duration
  case actualDuration, homeZone, estimatedEnergy, emissionsCap, intensityCap, costCap, deferral, deadline, submittedAt
  case status, first, second, third, chosenZone, start, end, energy, emissions, cost, reason

  package var name: String {
    switch self {
    case .runID: "run_id"
    case .id: "id"
    case .jobID: "job_id"
    case .userID: "user_id"
    case .workloadName: "workload_name"
    case .workloadType: "workload_type"
    case .status: "status"
    case .urgency: "urgency"
    case .gpuMinutes: "required_gpu_mins"
    case .cores: "required_cpu_cores"
    case .memory: "required_memory_gb"
    case .gpus: "required_gpus"
    case .duration: "duration_s"
    case .actualDuration: "actual_duration_s"
    case .homeZone: "home_zone"
    case .estimatedEnergy: "estimated_energy_kwh"
    case .emissionsCap: "carbon_cap_gco2"
    case .intensityCap: "max_carbon_intensity_gco2_kwh"
    case .costCap: "max_price_gbp"
    case .deferral: "deferral_window_mins"
    case .deadline: "deadline"
    case .submittedAt: "submitted_at"
    case .first: "recommended_grid_zone_id"
    case .second: "recommended_2_grid_zone_id"
    case .third: "recommended_3_grid_zone_id"
    case .chosenZone: "chosen_grid_zone"
    case .start: "actual_start"
    case .end: "actual_end"
    case .energy: "energy_kwh"
    case .emissions: "carbon_emitted_kg"
    case .cost: "cost_gbp"
    case .reason: "rejection_reason"
    }
  }

  /// Columns of the submitted job, whose values are equal in all runs of a replication.
  package static let submitted = JobColumn.allCases.filter {
    $0.rawValue > runID.rawValue && $0.rawValue < status.rawValue
  }
}

/// Thousandths of CPU cores, of gigabytes and of GPUs.
package struct AuditResources {
  package var cores: Int64 = 0
  package var memory: Int64 = 0
  package var gpus: Int64 = 0

  package init(cores: Int64 = 0, memory: Int64 = 0, gpus: Int64 = 0) {
    self.cores = cores
    self.memory = memory
    self.gpus = gpus
  }

  package func fits(into capacity: AuditResources) -> Bool {
    cores <= capacity.cores && memory <= capacity.memory && gpus <= capacity.gpus
  }
}

/// A reference to a zone as a row has it.
package enum ZoneReference: Equatable {
  case none
  /// Place in ``AuditWorld/zones``.
  case zone(Int)
  /// An id that `grid_zones` does not have.
  case unknown(Int)

  package var place: Int? { if case .zone(let place) = self { place } else { nil } }
}

/// One row of `compute_workloads`, read.
package struct AuditJob {
  /// The statuses in which a job can be at the end of a run.
  package enum Status { case pending, scheduled, running, suspended, completed, rejected, failed }

  package var id: Int
  /// `nil`: no status that a finished run can hold.
  package var status: Status?
  package var demand: AuditResources
  package var gpuMinutes: Double
  package var estimated: Int64
  package var actual: Int64
  package var home: ZoneReference
  package var estimatedEnergy: Double?
  package var emissionsCap: Double?
  package var costCap: Double?
  package var recommendations: [ZoneReference]
  package var zone: ZoneReference
  package var deadline: Instant?
  package var submitted: Instant
  package var start: Instant?
  package var end: Instant?
  package var energy: Double?
  package var emissions: Double?
  package var cost: Double?
  package var reason: String?

  package init(_ row: AuditQuery, _ world: AuditWorld) {
    func at(_ column: JobColumn) -> Int { column.rawValue }
    func place(_ column: JobColumn) -> ZoneReference {
      guard let id = row.optionalInteger(at(column)) else { return .none }
      return world.place(of: id).map { .zone($0) } ?? .unknown(id)
    }
    id = row.integer(at(.id))
    status = AuditJob.status(row.text(at(.status)))
    demand = AuditResources(
      cores: row.thousandths(at(.cores)), memory: row.thousandths(at(.memory)), gpus: row.thousandths(at(.gpus)))
    gpuMinutes = row.nonNegative(at(.gpuMinutes))
    estimated = row.thousandths(at(.duration))
    actual = row.thousandths(at(.actualDuration))
    home = place(.homeZone)
    estimatedEnergy = row.optionalNumber(at(.estimatedEnergy))
    emissionsCap = row.optionalNumber(at(.emissionsCap))
    costCap = row.optionalNumber(at(.costCap))
    recommendations = [place(.first), place(.second), place(.third)]
    zone = place(.chosenZone)
    deadline = row.optionalInstant(at(.deadline))
    submitted = row.instant(at(.submittedAt))
    start = row.optionalInstant(at(.start))
    end = row.optionalInstant(at(.end))
    energy = row.optionalNumber(at(.energy))
    emissions = row.optionalNumber(at(.emissions))
    cost = row.optionalNumber(at(.cost))
    reason = row.optionalText(at(.reason))
  }

  private static func status(_ text: String) -> Status? {
    switch text {
    case "COMPLETED": .completed
    case "REJECTED": .rejected
    case "RUNNING": .running
    case "SUSPENDED": .suspended
    case "PENDING": .pending
    case "SCHEDULED": .scheduled
    case "FAILED": .failed
    default: nil
    }
  }

  /// How often it was suspended, by its segments: the last one ends with a suspension if the job was not resumed. A job
  /// that failed was not resumed, unless an outage ended its last segment. Only an interrupted job has segments.
  package func interruptions(segments: Int, _ world: AuditWorld) -> Int {
    var isSuspended = status == .suspended
    if status == .failed {
      var wasCut = false
      if segments > 1, let place = zone.place, let end { wasCut = world.zones[place].cuts(demand, at: end) }
      isSuspended = !wasCut
    }
    return isSuspended ? segments : segments - 1
  }

  /// Until when it drew power: its end, or the clock's where it still ran.
  package func poweredUntil(_ run: AuditRunRow) -> Instant? { status == .running ? run.clockEnd : end }
}
