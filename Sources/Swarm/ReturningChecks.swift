/// Checks that jobs which an outage suspended run on as soon as their zone holds them: in the order of their
/// suspension, one that does not fit behind none, all of them before anything else starts there. By the rows of a
/// result alone.
struct ReturningChecks {
  struct Life {
    var name: String
    /// In order of submission.
    var order: Int
    var demand: [Int64]
    var parts: [RowChecks.Part]
    /// True if the job was suspended after its last part and never ran again.
    var isPaused: Bool
    var isFailed: Bool
  }

  /// A job's wait for its zone.
  private struct Wait {
    var job: Int
    var zone: Int
    var from: Int64
    /// When it ran again, in whatever zone.
    var until: Int64
  }

  private struct Move {
    var at: Int64
    var zone: Int
    var demand: [Int64]
    var takes: Bool
    /// The place in the order of suspensions; `nil` for what an outage did not suspend.
    var place: Int?
  }

  private let scenario: PlainScenario
  private let lives: [Life]
  private var waits: [Wait] = []

  init(_ scenario: PlainScenario, _ lives: [Life]) {
    self.scenario = scenario
    self.lives = lives
    for (job, life) in lives.enumerated() {
      for (place, part) in life.parts.enumerated() where scenario.outages(part.zone, at: part.end).contains("suspend") {
        let isLast = place + 1 == life.parts.count
        if isLast, !life.isPaused { continue }
        let next = isLast ? nil : life.parts[place + 1]
        waits.append(
          Wait(
            job: job, zone: part.zone, from: part.end, until: next?.start ?? (life.isFailed ? .max : scenario.end)))
      }
    }
    waits.sort { ($0.from, lives[$0.job].order) < ($1.from, lives[$1.job].order) }
  }

  /// The first fault; `nil` for none. Policies that may pause such a job for reasons of their own are left out.
  func find(_ policy: String) -> String? {
    guard !waits.isEmpty, !["wait-awhile", "ecovisor", "carbon-cap"].contains(policy) else { return nil }
    for zone in scenario.zones.indices where waits.contains(where: { $0.zone == zone }) {
      if let found = find(zone: zone) { return found }
    }
    return nil
  }

  private func moves(_ zone: Int) -> [Move] {
    var moves: [Move] = []
    for (job, life) in lives.enumerated() {
      for (place, part) in life.parts.enumerated() where part.zone == zone {
        let own = waits.firstIndex {
          $0.job == job && $0.zone == zone && place > 0 && $0.from == life.parts[place - 1].end
        }
        moves.append(Move(at: part.start, zone: zone, demand: life.demand, takes: true, place: own))
        moves.append(Move(at: part.end, zone: zone, demand: life.demand, takes: false, place: nil))
      }
    }
    for at in scenario.changeTimes(zone) {
      moves.append(Move(at: at, zone: zone, demand: [0, 0, 0], takes: false, place: nil))
    }
    return moves.sorted { $0.at < $1.at }
  }

  private func find(zone: Int) -> String? {
    let moves = moves(zone)
    var held: [Int64] = [0, 0, 0]
    var index = 0
    while index < moves.count {
      let at = moves[index].at
      var starts: [Move] = []
      while index < moves.count, moves[index].at == at {
        for place in 0..<3 { held[place] += (moves[index].takes ? 1 : -1) * moves[index].demand[place] }
        if moves[index].takes { starts.append(moves[index]) }
        index += 1
      }
      let now = scenario.holding(zone, at: at)
      if now.isOut || at >= scenario.end { continue }
      for (place, wait) in waits.enumerated() where wait.zone == zone && wait.from < at && at < wait.until {
        // As it was when this job was looked at: what came after it had not started.
        let after = starts.filter { $0.place.map { $0 > place } ?? true }
        let fits = (0..<3).allSatisfy { part in
          let others = held[part] - after.reduce(0) { $0 + $1.demand[part] }
          return others + lives[wait.job].demand[part] <= now.capacity[part]
        }
        if fits {
          return "\(lives[wait.job].name), suspended by an outage at \(wait.from), did not resume at \(at), when "
            + "\(scenario.zones[zone].code) held it"
        }
      }
    }
    return nil
  }
}
