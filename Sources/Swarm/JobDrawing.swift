extension SwarmDrawing {
  mutating func drawJobs() -> SwarmScenario.Jobs {
    if random.chance(0.35) { return .generated(drawModel()) }
    let jobs = random.chance(0.15) ? drawSWF() : random.chance(0.08) ? drawNumbered() : drawLog()
    return drawForeignJobs() ?? extendSWF(jobs)
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
      // A log without a job within the clock is refused.
      if place == 0, at < start || at >= start + duration { at = start }
      let id = "\(ids[place % ids.count])\(place)"
      let home = random.chance(0.6) ? one(of: codes) : ""
      let isWithin = start <= at && at < start + duration
      let cells = drawRow(at, grain, hasCaps: hasCaps)
      if isWithin { submissions.append((id: id, at: at, demand: demand)) }
      rows.append(
        SwarmScenario.Row(
          text: "\(SwarmText.seconds(at)),\(SwarmText.cell(id))," + cells, home: home, id: id, isWithin: isWithin))
    }
    let header =
      "submitted_at,job_id,duration_s,actual_duration_s,required_cpu_cores,required_memory_gb,required_gpus,"
      + "estimated_energy_kwh,carbon_cap_gco2,max_carbon_intensity_gco2_kwh,max_price_gbp,deferral_window_mins,deadline,"
      + "urgency,workload_type,user_id,home_zone"
    let rest = one(of: ["", "", "", "", "", ", format: csv, start: recorded, time_scale: 1, memory_gb_per_core: 4"])
    let homes = random.chance(0.3) ? ", home: \(drawHome())" : ""
    return .log(name: "jobs.csv", header: header, rest: rest + homes, hasHomes: true, rows: rows)
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
    self.demand = zip(demand, [1, 4 * (Double(demand[0]) ?? 1), 0]).map { Double($0) ?? $1 }
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
    let scale = one(of: [1, 1, 2])
    let begins = start % 1000 == 0 && random.chance(0.3)
    var times: [Int?] = []
    var rows = (1...(2 + random.below(40))).map { place in
      at += random.below(2) * random.below(2400)
      let id = place % 7 == 0 ? "00\(place)" : "\(place)"
      var run = random.chance(0.05) ? -1 : 1 + random.below(9000)
      if place == 1 { run = max(run, 1) }
      times.append(run > 0 ? at : nil)
      let text =
        "\(id) \(at) -1 \(run) \(1 + random.below(6)) -1 -1 -1 \(1 + random.below(9000)) -1 1 "
        + "\(random.below(4)) 1 1 1 1 -1 -1"
      return SwarmScenario.Row(
        text: text, id: "swf-\(id)", isWithin: run > 0 && Int64(at * scale) * 1000 < duration)
    }
    let isRecorded = begins && scale == 1
    let told = isRecorded ? ", start: recorded, format: swf" : one(of: ["", ", start: clock, format: auto"])
    // Where second 0 leaves nothing within the clock, the first submission is moved to its start.
    let isFirst = told.isEmpty && number % 3 == 0
    if !isRecorded, isFirst || !rows.contains(where: \.isWithin) {
      let first = times.lazy.compactMap(\.self).min() ?? 0
      for place in rows.indices {
        rows[place].isWithin = times[place].map { Int64(($0 - first) * scale) * 1000 < duration } ?? false
      }
    } else if isRecorded, !rows.contains(where: \.isWithin) {
      rows[0].text = SwarmDrawing.replacing(1, of: rows[0].text, at: " ")
      rows[0].isWithin = true
    }
    let rest =
      ", memory_gb_per_core: 1" + (scale == 1 ? "" : ", time_scale: \(scale)")
      + (isFirst ? ", start: first" : told)
    let header = "; Version: 2.2" + (begins ? "\n; UnixStartTime: \(start / 1000)" : "")
    return .log(name: "jobs.swf", header: header, rest: rest, hasHomes: false, rows: rows)
  }

  /// A line with 0 in one of its fields.
  private static func replacing(_ field: Int, of line: String, at separator: Character) -> String {
    var cells = line.split(separator: separator, omittingEmptySubsequences: false).map(String.init)
    cells[field] = "0"
    return cells.joined(separator: String(separator))
  }

  /// Jobs that are called by the number of their row: GAIA's, or the platform's batch upload.
  private mutating func drawNumbered() -> SwarmScenario.Jobs {
    let isUpload = random.chance(0.5)
    let unit = one(of: ["s", "h"])
    var at = 0
    var rows = (1...(1 + random.below(30))).map { place in
      if isUpload {
        let text =
          "name \(place),\(one(of: ["TRAINING", "batch", "RAG_QUERY", "OTHER"])),HIGH,2,4,\(random.below(90) + 1),1.5,"
          + ",,60,"
        return SwarmScenario.Row(text: text, id: "row-\(place)", isWithin: true)
      }
      at += random.below(3) * random.below(unit == "s" ? 900 : 2)
      let length = unit == "s" ? random.below(9000) + 1 : random.below(3) + 1
      return SwarmScenario.Row(
        text: "\(at),\(length),\(random.below(4) + 1)", id: "gaia-\(place)",
        isWithin: Int64(at) * (unit == "s" ? 1000 : 3_600_000) < duration)
    }
    if !rows.contains(where: \.isWithin) {
      rows[0].text = SwarmDrawing.replacing(0, of: rows[0].text, at: ",")
      rows[0].isWithin = true
    }
    let header =
      isUpload
      ? "workload_name,workload_type,urgency,required_cpu_cores,required_memory_gb,required_gpu_mins,"
        + "estimated_energy_kwh,carbon_cap_gco2,max_price_gbp,deferral_window_mins,deadline"
      : "arrival_time,length,cpus"
    let rest =
      isUpload
      ? one(of: ["", ", format: platform"]) : ", time_unit: \(unit), start: clock" + one(of: ["", ", format: gaia"])
    return .log(
      name: isUpload ? "upload.csv" : "gaia.csv", header: header, rest: rest, hasHomes: false, rows: rows)
  }
}
