extension SwarmDrawing {
  mutating func drawJobs() -> SwarmScenario.Jobs {
    if random.chance(0.35) { return .generated(drawModel()) }
    return random.chance(0.15) ? drawSWF() : drawLog()
  }

  private mutating func drawModel() -> String {
    let hours = max(Double(duration) / 3_600_000, 0.01)
    let jobs = 1 + random.below(80)
    if random.chance(0.35) {
      let rate = one(of: ["1", "0.3", "4"])
      return "{preset: \(one(of: ["pylon", "hpc-batch", "ml-mix"])), rate: \(rate), jobs: \(jobs)}"
    }
    let perHour = Double(1 + random.below(60)) / hours
    let process = one(of: [
      "poisson: {per_hour: \(perHour)}",
      "poisson: {per_hour: \(perHour), profile: {weekday: [5, 5, 5, 5, 4, 1, 1]}}, batch: {choices: {1: 0.8, 5: 0.2}}",
      "renewal: {gap: {weibull: {mean: \(max(1, hours * 60)), cv: 3}}}", "daily: {weekday: [10, 19], weekend: [3, 7]}",
    ])
    let durations = [
      "{lognormal: {mean: 90m, cv: 1}, max: 2d}", "{exponential: {mean: 30m}}", "{choices: [1h, 30m, 2h]}", "15m",
      "{pareto: {shape: 1.5, scale: 300}, max: 1d}", "{uniform: {low: 1s, high: 3h}}", "0.001s",
    ]
    let classes = (0...random.below(3)).map { place in
      var keys = ["name: class-\(place)", "duration: \(one(of: durations))"]
      if random.chance(0.5) { keys.append("type: \(one(of: ["training", "batch", "inference", "rag_query"]))") }
      if random.chance(0.6) { keys.append("cpu_cores: \(one(of: ["{uniform: {low: 0, high: 6}}", "2", "4"]))") }
      if random.chance(0.3) { keys.append("gpus: \(one(of: ["0.5", "{powers_of_two: {from: 1, to: 4}}"]))") }
      if random.chance(0.5) { keys.append("memory_gb: \(random.below(8))") }
      if random.chance(0.4) {
        keys.append("estimate: \(one(of: ["{lognormal: {median: 1, sigma: 0.7}}", "3", "0.2"]))")
      }
      if random.chance(0.4) { keys.append("energy: {base_kwh: 2, per_core_hour_kwh: 0.1, spread: 0.15}") }
      if random.chance(0.4) { keys.append("deferral_window: \(one(of: ["none", "6h", "by_urgency"]))") }
      if random.chance(0.4) { keys.append("deadline: \(one(of: ["none", "{slack: 2}", "12h"]))") }
      if random.chance(0.3) { keys.append("caps: {emissions: 0.9, cost: 1.2, intensity_gco2_kwh: 200}") }
      return "{\(keys.joined(separator: ", "))}"
    }
    return "{arrivals: {\(process), jobs: \(jobs)}, classes: [\(classes.joined(separator: ", "))]"
      + (random.chance(0.3) ? ", home: none}" : "}")
  }

  /// Rows in any order, some of them outside the clock.
  private mutating func drawLog() -> SwarmScenario.Jobs {
    let hasCaps = random.chance(0.4)
    let grain: Int64 = one(of: [60_000, 1000, 1])
    let most = random.chance(0.06) ? 1 : random.chance(0.1) ? 250 : 1 + random.below(60)
    let ids = random.chance(0.15) ? ["a,b \"c\" ", "=cmd|' /C'!A0 ", "<é&> "] : ["job-"]
    var rows: [SwarmScenario.Row] = []
    for place in 0..<most {
      // Many submissions of one instant; a few at the ends of the clock and outside it.
      var at = start + Int64(random.uniform() * Double(duration)) / grain * grain
      if random.chance(0.3), let last = rows.last { at = SwarmDrawing.milliseconds(last.text) }
      if random.chance(0.03) { at = one(of: [start, start + duration - 1, start + duration, start - 1]) }
      let id = "\(ids[place % ids.count])\(place)"
      let home = random.chance(0.6) ? one(of: codes) : ""
      rows.append(
        SwarmScenario.Row(
          text: "\(SwarmText.seconds(at)),\(SwarmText.cell(id))," + drawRow(at, grain, hasCaps: hasCaps), home: home,
          id: id, isWithin: start <= at && at < start + duration))
    }
    let header =
      "submitted_at,job_id,duration_s,actual_duration_s,required_cpu_cores,required_memory_gb,required_gpus,"
      + "estimated_energy_kwh,carbon_cap_gco2,max_carbon_intensity_gco2_kwh,max_price_gbp,deferral_window_mins,deadline,"
      + "urgency,workload_type,user_id,home_zone"
    return .log(name: "jobs.csv", header: header, rest: "", hasHomes: true, rows: rows)
  }

  /// The submission of a row that was drawn.
  private static func milliseconds(_ row: String) -> Int64 {
    Int64(row.prefix { $0 != "," }.filter { $0 != "." }) ?? 0
  }

  private mutating func drawRow(_ at: Int64, _ grain: Int64, hasCaps: Bool) -> String {
    func random(upTo minutes: Int64, _ stream: inout SwarmDrawing) -> Int64 {
      max(grain, Int64(stream.random.uniform() * Double(minutes * 60_000)) / grain * grain)
    }
    var estimate = random(upTo: self.random.chance(0.2) ? 900 : 90, &self)
    if self.random.chance(0.02) { estimate = one(of: [1, 30 * 86_400_000]) }
    let actual = self.random.chance(0.5) ? "" : SwarmText.seconds(max(1, random(upTo: 3, &self) * estimate / 120_000))
    let demand = [
      one(of: ["1", "2", "0.5", "3.001", "0", "8", ""]), one(of: ["1", "4", "", "0", "12.5"]),
      self.random.chance(0.7) ? "" : "\(self.random.below(4))",
    ]
    let energy = self.random.chance(0.4) ? "" : one(of: ["0", "1.7", "0.25", "40", "1e6"])
    var caps = ["", "", ""]
    if hasCaps {
      if self.random.chance(0.4) { caps[0] = "\(self.random.below(900))" }
      if self.random.chance(0.4) { caps[1] = "\(self.random.below(300))" }
      if self.random.chance(0.3) { caps[2] = "\(Double(self.random.below(50)) / 50)" }
    }
    let window = self.random.chance(0.2) ? "" : one(of: ["0", "30", "120", "600.5", "2880"])
    let deadline = self.random.chance(0.6) ? "" : SwarmText.seconds(at + random(upTo: 900, &self))
    let texts = [
      one(of: ["", "LOW", "medium", "High", "CRITICAL"]), one(of: ["", "TRAINING", "batch", "RAG_QUERY", "OTHER"]),
      one(of: ["", "u1", "=u2", "ü,3"]),
    ]
    return ([SwarmText.seconds(estimate), actual] + demand + [energy] + caps + [window, deadline] + texts)
      .map { SwarmText.cell($0) }.joined(separator: ",")
  }

  /// Some jobs without a run time, which are none.
  private mutating func drawSWF() -> SwarmScenario.Jobs {
    var at = 0
    let rows = (1...(2 + random.below(40))).map { place in
      at += random.below(2) * random.below(2400)
      let id = place % 7 == 0 ? "00\(place)" : "\(place)"
      let run = random.chance(0.05) ? -1 : 1 + random.below(9000)
      let text =
        "\(id) \(at) -1 \(run) \(1 + random.below(6)) -1 -1 -1 \(1 + random.below(9000)) -1 1 "
        + "\(random.below(4)) 1 1 1 1 -1 -1"
      return SwarmScenario.Row(text: text, id: "swf-\(id)", isWithin: run > 0 && Int64(at) * 1000 < duration)
    }
    return .log(
      name: "jobs.swf", header: "; Version: 2.2", rest: ", memory_gb_per_core: 1", hasHomes: false, rows: rows)
  }
}
