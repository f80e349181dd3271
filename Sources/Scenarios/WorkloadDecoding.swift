import Domain
import Randomness

/// Reads `workload`: a log, a preset, or arrivals and classes.
struct WorkloadDecoding {
  static let expected = "a mapping with file, with preset, or with arrivals and classes"

  let reader: Reader
  let directory: String
  /// The scenario's zones; empty where they could not be read.
  let zones: [Zone]

  /// `nil` where a fault left something without a value.
  func workload(_ cell: Cell?) -> WorkloadSpec? {
    guard let cell, case .mapping = cell.tree.content else {
      if let cell { reader.refuse(cell, expected: WorkloadDecoding.expected, suggestion: kind(cell)) }
      return nil
    }
    let kinds = ["file", "preset", "arrivals"].filter { cell.tree.value($0) != nil }
    guard kinds.count <= 1 else {
      reader.refuse(cell, expected: "only one of them", found: kinds.joined(separator: " and "))
      return nil
    }
    switch kinds.first {
    case "file": return log(cell).map { .log($0) }
    case "preset": return preset(cell).map { .generated($0) }
    case nil where cell.tree.value("classes") == nil:
      reader.refuse(cell, expected: WorkloadDecoding.expected, found: "none of them")
      return nil
    default: return model(cell).map { .generated($0) }
    }
  }

  /// `{preset: pylon}` for a preset's name, `{file: jobs.csv}` for another one.
  private func kind(_ cell: Cell) -> String? {
    guard case .scalar(let text, _) = cell.tree.content, !cell.tree.isNull else { return nil }
    if WorkloadPreset(rawValue: text) != nil { return "{preset: \(text)}" }
    return text.contains(".") ? "{file: \(text)}" : nil
  }

  /// Hints for a job file that has keys of generated workloads: the keys to use instead.
  private static let generatedKeys: [String: String] = {
    let text =
      "a key of a job file, as classes, arrivals, rate, jobs and users belong to generated workloads (preset: pylon); "
      + "time_scale: 0.5 submits a file's jobs at twice the rate, and columns: reads other values of them"
    return Dictionary(uniqueKeysWithValues: ["classes", "arrivals", "rate", "jobs", "users"].map { ($0, text) })
  }()

  private static let modelKeys: [String: String] = {
    let text =
      "classes and arrivals without preset, or --set workload.classes.NAME.KEY=VALUE, which changes a preset's classes"
    return ["classes": text, "class": text]
  }()

  private func log(_ cell: Cell) -> JobLogSpec? {
    let allowed =
      ["file", "format", "start", "time_scale", "memory_gb_per_core", "time_unit", "home"] + JobReadingDecoding.keys
    guard
      let fields = reader.fields(
        cell.without(["classes"]), allowed: allowed, hints: WorkloadDecoding.generatedKeys)
    else { return nil }
    let fileCell = fields.required("file", "a file's path")
    let file = reader.text(fileCell, expected: "a file's path")
    if let classes = cell.tree.value("classes") { refuseClasses(classes, cell, file) }
    let format = reader.choice(fields.optional("format", else: "auto"), of: JobFileFormat.self) ?? .auto
    let start = reader.choice(fields.optional("start"), of: JobStart.self)
    let scale = reader.number(fields.optional("time_scale", else: "1"), expected: "a number > 0") { $0 > 0 } ?? 1
    let memory = reader.number(fields.optional("memory_gb_per_core", else: "0"), expected: "a number ≥ 0") { $0 >= 0 }
    let unit = reader.choice(fields.optional("time_unit"), of: JobTimeUnit.self)
    let reading = JobReadingDecoding(reader: reader).reading(fields)
    let home = fields.optional("home").map { HomeDecoding(self).home($0) }
    return file.map {
      JobLogSpec(
        file: reader.input($0, in: directory, at: fileCell ?? cell), format: format, start: start, timeScale: scale,
        memoryPerCore: memory, timeUnit: unit, reading: reading, home: home)
    }
  }

  /// Keys of a class that are columns of a job file.
  private static let columns = [
    "deferral_window": "deferral_window_mins", "deadline": "deadline", "urgency": "urgency", "home": "home_zone",
    "gpus": "required_gpus", "cores": "required_cpu_cores", "memory": "required_memory_gb", "duration": "duration_s",
  ]

  /// Jobs of a file have no classes: each has its own columns.
  private func refuseClasses(_ classes: Tree, _ cell: Cell, _ file: String?) {
    let keys = (classes.firstLeaf?.path ?? []).compactMap { WorkloadDecoding.columns[$0] }
    let columns = keys.isEmpty ? "its columns, such as deferral_window_mins, apply" : "its column \(keys[0]) applies"
    reader.refuse(
      Cell(tree: classes, path: "\(cell.path).classes"),
      expected:
        "no classes, as the jobs are in \(file ?? "a file"): \(columns) to each job; to try other values, change "
        + "a copy of the file and write workload.file=\(WorkloadDecoding.copy(of: file)) (see WhatIf.md)",
      found: "classes, which only drawn jobs have")
  }

  /// `patient.csv` for `jobs.csv`: a copy whose jobs can wait.
  private static func copy(of file: String?) -> String {
    guard let name = file?.lastPathName, let dot = name.lastIndex(of: ".") else { return "patient.csv" }
    return "patient\(name[dot...])"
  }

  static let presetKeys = ["preset", "rate", "jobs", "users", "home"]

  private func preset(_ cell: Cell) -> WorkloadModel? {
    guard let fields = reader.fields(cell, allowed: WorkloadDecoding.presetKeys, hints: WorkloadDecoding.modelKeys)
    else { return nil }
    let preset = reader.choice(fields.optional("preset"), of: WorkloadPreset.self)
    let rate = reader.number(
      fields.optional("rate", else: "1"), expected: ArrivalDecoding.rates, where: ArrivalDecoding.isRate)
    let jobs = ArrivalDecoding(self).jobs(fields)
    let users = users(fields.optional("users"))
    let home = HomeDecoding(self).home(fields.optional("home", else: "uniform"))
    guard let preset else { return nil }
    do {
      var model = try preset.model(rate: rate ?? 1)
      model.arrivals.jobs = jobs
      if let users { model.users = users }
      for place in model.classes.indices { model.classes[place].home = home }
      return model
    } catch {
      reader.refuse(error, at: cell)
      return nil
    }
  }

  private func model(_ cell: Cell) -> WorkloadModel? {
    guard let fields = reader.fields(cell, allowed: ["arrivals", "classes", "users", "home"]) else { return nil }
    let arrivals = ArrivalDecoding(self).arrivals(
      fields.required("arrivals", "a mapping with poisson, renewal or daily"))
    let home = HomeDecoding(self).home(fields.optional("home", else: "uniform"))
    let users = users(fields.optional("users", else: "{count: 1}")) ?? UserModel()
    let cells = reader.items(fields.required("classes", "a list of classes"), expected: "a list of classes") ?? []
    let classes = cells.compactMap { ClassDecoding(self, home: home).workloadClass($0) }
    refuseDuplicates(cells)
    guard let arrivals, !classes.isEmpty, classes.count == cells.count else { return nil }
    guard classes.contains(where: { $0.weight > 0 }) else {
      reader.refuse(cell, expected: "a class with a weight > 0", found: "none")
      return nil
    }
    return WorkloadModel(arrivals: arrivals, classes: classes, users: users)
  }

  /// The streams of a class have its name.
  private func refuseDuplicates(_ cells: [Cell]) {
    var names: [(name: String, path: String)] = []
    for cell in cells {
      guard let tree = cell.tree.value("name"), case .scalar(let name, _) = tree.content else { continue }
      if let first = names.first(where: { $0.name == name }) {
        reader.refuse(
          Cell(tree: tree, path: cell.path + ".name"), expected: "a unique name (\(first.path) has the same one)")
      }
      names.append((name, cell.path))
    }
  }

  private func users(_ cell: Cell?) -> UserModel? {
    guard let fields = reader.fields(cell, allowed: ["count", "zipf"]) else { return nil }
    let expected = "a whole number from 1 to 1,000,000"
    let count: Int? = reader.whole(fields.required("count", expected), expected: expected, in: 1...1_000_000)
    let exponent = reader.number(fields.optional("zipf", else: "0"), expected: "an exponent ≥ 0, 0 for equal shares") {
      $0 >= 0
    }
    return count.map { UserModel(count: $0, zipfExponent: exponent ?? 0) }
  }
}

/// Reads `home`: the home zones of jobs that bring none.
struct HomeDecoding {
  private let reader: Reader
  private let zones: [Zone]

  init(_ workload: WorkloadDecoding) {
    reader = workload.reader
    zones = workload.zones
  }

  private static let expected =
    "uniform, round-robin, first, none, a zone's code, a list of zone codes, or a mapping of zone codes to weights"

  func home(_ cell: Cell) -> HomeModel {
    let uniform = HomeModel.weights([Double](repeating: 1, count: zones.count))
    switch cell.tree.content {
    case .scalar("uniform", _): return uniform
    case .scalar("round-robin", _): return .roundRobin
    case .scalar("first", _): return .first
    case .scalar("none", _): return .none
    case .scalar(let code, _):
      if let place = zones.firstIndex(where: { $0.code == code }) {
        return .weights(zones.indices.map { $0 == place ? 1 : 0 })
      }
      let known = ["uniform", "round-robin", "first", "none"] + zones.map(\.code)
      let named = zones.filter { zone in
        ([zone.name, zone.region] + zone.aliases).contains { $0.lowercased() == code.lowercased() }
      }
      let codes = zones.prefix(20).map(\.code).joined(separator: ", ") + (zones.count > 20 ? ", …" : "")
      let isEmpty = zones.isEmpty || cell.tree.isNull || code.isEmpty
      reader.refuse(
        cell, expected: HomeDecoding.expected,
        found: isEmpty ? nil : "\(code), which is none of the zone codes \(codes)",
        suggestion: named.count == 1 ? named[0].code : nearest(to: code, among: known))
      return uniform
    case .sequence:
      let items = reader.items(cell, expected: "zone codes") ?? []
      return .weights(weights(items.map { ($0, reader.text($0, expected: "a zone's code"), 1) }))
    case .mapping(let entries):
      let shares = weights(
        entries.map { entry in
          let value = Cell(tree: entry.value, path: "\(cell.path).\(entry.key)")
          return (value, entry.key, reader.number(value, expected: "a weight ≥ 0") { $0 >= 0 } ?? 1)
        })
      if shares.allSatisfy({ $0 == 0 }) { reader.refuse(cell, expected: "a weight > 0", found: "none") }
      return .weights(shares)
    }
  }

  private func weights(_ shares: [(cell: Cell, code: String?, weight: Double)]) -> [Double] {
    var weights = [Double](repeating: 0, count: zones.count)
    for share in shares {
      guard let code = share.code, !zones.isEmpty else { continue }
      if let place = zones.firstIndex(where: { $0.code == code }) {
        weights[place] += share.weight
      } else {
        let codes = zones.map(\.code)
        reader.refuse(
          share.cell, expected: "one of \(codes.joined(separator: ", "))", found: "an unknown zone \(code)",
          suggestion: nearest(to: code, among: codes))
      }
    }
    return weights
  }
}

extension Reader {
  /// Reports a distribution that cannot be at the parameter at fault, where it is known.
  func refuse(_ error: DistributionError, at cell: Cell) {
    let value = error.key.isEmpty ? nil : cell.tree.value(error.key)
    let path = error.key.isEmpty ? cell.path : "\(cell.path).\(error.key)"
    refuse(Cell(tree: value ?? cell.tree, path: path), expected: error.expected, found: error.found)
  }
}

/// A path against the scenario's directory.
func resolved(_ path: String, in directory: String) -> String { path.path(in: directory) }

extension Cell {
  /// The mapping without some of its keys.
  fileprivate func without(_ keys: [String]) -> Cell {
    guard case .mapping(let entries) = tree.content else { return self }
    var cell = self
    cell.tree.content = .mapping(entries.filter { !keys.contains($0.key) })
    return cell
  }
}
