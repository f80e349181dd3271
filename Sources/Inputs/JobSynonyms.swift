import Domain

/// Finds the column of Pylon's job table that a column of another table probably holds.
enum JobSynonyms {
  /// The nearest column by spelling or by a word that other tables use for it; `nil` if none is near.
  static func column(for name: String) -> JobColumn? {
    let name = name.lowercased()
    guard name.utf8.count <= 60 else { return nil }
    let known = JobColumn.allCases
    if let same = known.first(where: { squashed($0.name) == squashed(name) }) { return same }
    if let exact = find(squashed(name), in: whole) { return exact }
    if let near = known.first(where: { editDistance($0.name, name) <= 2 }) { return near }
    let word = core(of: name)
    if let found = find(word, in: cores) { return found }
    // `alloccpus`: words that no mark separates.
    for filler in ["alloc", "requested", "required", "req", "num"] where word.hasPrefix(filler) {
      if let found = find(String(word.dropFirst(filler.count)), in: cores) { return found }
    }
    return nil
  }

  private static func find(_ word: String, in table: [(column: JobColumn, words: [String])]) -> JobColumn? {
    table.first { $0.words.contains(word) }?.column
  }

  /// Names that mean something as a whole.
  private static let whole: [(column: JobColumn, words: [String])] = [
    (.gpuMinutes, ["gpumins", "gpuminutes", "gpumin", "requiredgpuminutes"]),
    (.duration, ["requestedtime", "reqtime", "timelimit", "timelimitraw", "requestedwalltime"]),
    (.actualDuration, ["actualruntime", "actualelapsed", "actualwalltime"]),
    (.submittedAt, ["time", "timestamp", "datetime", "date"]),
    (.cores, ["vmcorecount", "requestednumberofresources", "requestedresources"]),
  ]

  /// Words that are left when counts, requests and units are taken from a name.
  private static let cores: [(column: JobColumn, words: [String])] = [
    (.jobID, ["id", "vmid", "idraw"]),
    (
      .submittedAt,
      [
        "submit", "submittime", "submittedtime", "submitted", "submission", "submissiontime", "submitat", "submitdate",
        "submissiondate", "submittimestamp", "arrival", "arrivaltime", "arrivedat", "arrival timestamp", "creationtime",
        "createtime", "createdtime", "createdat", "created", "enqueuetime", "enqueuedat", "vmcreated",
      ]
    ),
    (
      .duration,
      [
        "duration", "runtime", "runningtime", "elapsed", "elapsedtime", "elapsedraw", "walltime", "executiontime",
        "exectime", "length", "dur", "timelimit", "wallclock", "wallclocktime",
      ]
    ),
    (.cores, ["cpu", "core", "cpucore", "vcpu", "vcore", "processor", "proc", "ncpu", "ncore", "nproc", "cpunum"]),
    (.memory, ["mem", "memory", "ram", "vmmemory"]),
    (.gpus, ["gpu", "ngpu", "accelerator"]),
    (.userID, ["user", "username", "uid", "owner", "ownerid"]),
    (.deferral, ["deferral", "deferralwindow", "deferralperiod", "deferralslack", "slack", "deferwindow"]),
    (.deadline, ["deadline", "due", "duedate", "dueat", "duetime", "deadlineat", "deadlinetime"]),
    (.energy, ["energy", "consumedenergy", "consumedenergyraw", "energyconsumed", "energyuse"]),
    (.carbonCap, ["carboncap", "carbonlimit", "cocap", "emissionscap", "maxcarbon", "maxemission"]),
    (.intensityCap, ["maxcarbonintensity", "maxintensity", "intensitycap", "carbonintensitycap"]),
    (.priceCap, ["maxprice", "pricecap", "costcap", "maxcost", "budget"]),
    (.homeZone, ["home", "homeregion", "homesite", "homezoneid", "homezonecode", "zone"]),
  ]

  /// `requested_gpus` → `gpu`, `mem_mb` → `mem`, `submit_s` → `submit`.
  private static func core(of name: String) -> String {
    var parts = name.split { !$0.isLetter && !$0.isNumber }.map(String.init)
    parts.removeAll { fillers.contains($0) }
    while parts.count > 1, let last = parts.last, units.contains(last) { parts.removeLast() }
    let joined = parts.joined()
    return joined.count > 3 && joined.hasSuffix("s") ? String(joined.dropLast()) : joined
  }

  private static let fillers = [
    "num", "number", "n", "no", "nr", "of", "req", "required", "requested", "request", "requests", "alloc", "allocated",
    "total", "count", "est", "estimated", "job", "task", "min",
  ]
  private static let units = [
    "s", "sec", "secs", "second", "seconds", "mins", "minute", "minutes", "h", "hr", "hrs", "hour", "hours", "ms", "us",
    "ns", "days", "gb", "gib", "mb", "mib", "kb", "kib", "g", "kwh", "wh", "j", "joules", "gbp", "milli", "gco2", "kg",
  ]
}
