import Domain

/// Reads `grid:`: where carbon and price come from, and what is known of their future.
struct GridDecoding {
  let reader: Reader
  let directory: String
  let zones: [Zone]

  private static let expected = "a mapping with file, files, constant or synthetic"

  func grid(_ cell: Cell?) -> GridSpec? {
    guard let fields = reader.fields(cell, allowed: ["carbon", "price", "forecast", "vary"]) else { return nil }
    let expected = GridDecoding.expected
    let carbon = trace(fields.required("carbon", expected), constant: "gCO2/kWh from 0 to 1e12") { 0...1e12 ~= $0 }
    let price = trace(fields.required("price", expected), constant: "a price per kWh, a finite number") {
      abs($0) <= 1e12
    }
    let forecast = forecast(fields.optional("forecast", else: "{}"), carbon: carbon)
    let vary = fields.optional("vary")
    let varies = reader.flag(vary) ?? true
    guard let carbon, let price else { return nil }
    if vary == nil, carbon.isSynthetic || price.isSynthetic { _ = fields.optional("vary", else: "true") }
    if let vary, !carbon.isSynthetic, !price.isSynthetic {
      reader.refuse(vary, expected: "synthetic carbon or price if vary is specified")
    }
    return GridSpec(carbon: carbon, price: price, forecast: forecast, varies: varies)
  }

  private func trace(_ cell: Cell?, constant: String, where holds: (Double) -> Bool) -> TraceSource? {
    guard let cell, case .mapping(let entries) = cell.tree.content else {
      if let cell { reader.refuse(cell, expected: GridDecoding.expected, suggestion: source(cell)) }
      return nil
    }
    let sources = entries.filter { ["file", "files", "constant", "synthetic"].contains($0.key) }
    guard sources.count == 1, let source = sources.first else {
      // An override that writes one source beside another is at fault, not the file.
      let isOfOverride = { (entry: Tree.Entry) in entry.value.origin.map { $0 != Tree.standardOrigin } ?? false }
      if let new = sources.first(where: isOfOverride), case .scalar = new.value.content,
        let old = sources.first(where: { !isOfOverride($0) })
      {
        reader.refuse(
          Cell(tree: new.value, path: "\(cell.path).\(new.key)"),
          expected: "it in place of \(old.key): \(cell.path)={\(new.key): \(new.value.flow)}",
          found: "\(new.key) beside \(old.key)")
        return nil
      }
      let found = sources.isEmpty ? "none of them" : sources.map(\.key).joined(separator: " and ")
      let known = reader.issues.count
      _ = reader.fields(cell, allowed: ["constant", "synthetic"] + TraceReading.keys, hints: GridDecoding.hints(cell))
      // An unknown key in the place of one of them is one mistake.
      if sources.isEmpty, reader.issues.count > known { return nil }
      reader.refuse(cell, expected: "exactly one of file, files, constant or synthetic", found: found)
      return nil
    }
    let value = Cell(tree: source.value, path: "\(cell.path).\(source.key)")
    if !["file", "files"].contains(source.key), let scale = entries.first(where: { $0.key == "scale" })?.value {
      let quantity = cell.path.hasSuffix("price") ? "price" : "carbon"
      reader.refuse(
        Cell(tree: scale, path: "\(cell.path).scale"),
        expected: "scale with a file only (any trace is multiplied by an event: "
          + "events.+={\(quantity): {from: 0h, factor: \(scale.flow)}})", found: "scale with \(source.key)")
      return nil
    }
    switch source.key {
    case "synthetic":
      _ = reader.fields(cell, allowed: ["synthetic"], hints: GridDecoding.hints(cell))
      return synthetic(value)
    case "constant":
      _ = reader.fields(cell, allowed: ["constant"], hints: GridDecoding.hints(cell))
      return reader.number(value, expected: constant, where: holds).map { .constant($0) }
    default: return file(value, of: cell, isPerZone: source.key == "files")
    }
  }

  /// Words for changes of a trace, which are events.
  private static func hints(_ cell: Cell) -> [String: String] {
    let quantity = cell.path.hasSuffix("price") ? "price" : "carbon"
    let pairs = ["factor", "multiplier", "increase", "percent"].map { key in
      let value = ["factor", "multiplier"].contains(key) ? cell.tree.value(key)?.flow : nil
      return (key, "an event: events.+={\(quantity): {from: 0h, factor: \(value ?? "120%")}}")
    }
    return Dictionary(uniqueKeysWithValues: pairs)
  }

  /// `{constant: 200}` for a number, `{file: carbon.csv}` for a name.
  private func source(_ cell: Cell) -> String? {
    guard case .scalar(let text, _) = cell.tree.content, !cell.tree.isNull else { return nil }
    if Preset.names.contains(text) { return "{synthetic: \(text)}" }
    if Double(text) != nil { return "{constant: \(text)}" }
    return text.contains(".") ? "{file: \(text)}" : nil
  }

  private func synthetic(_ value: Cell) -> TraceSource? {
    let expected = "the name of a model, \(Preset.names.joined(separator: ", "))"
    guard let name = reader.text(value, expected: expected) else { return nil }
    guard Preset.names.contains(name) else {
      reader.refuse(value, expected: expected, suggestion: nearest(to: name, among: Preset.names))
      return nil
    }
    return .synthetic(name)
  }

  private func file(_ value: Cell, of cell: Cell, isPerZone: Bool) -> TraceSource? {
    guard let fields = reader.fields(cell, allowed: TraceReading.keys, hints: GridDecoding.hints(cell)) else {
      return nil
    }
    let zoneFiles = isPerZone ? ZoneFileDecoding(reader: reader, directory: directory, zones: zones).paths(value) : nil
    let file = isPerZone ? nil : reader.text(value, expected: "a file's path")
    let extend = reader.choice(fields.optional("extend", else: "none"), of: TraceExtension.self) ?? .none
    let gaps = reader.choice(fields.optional("gaps", else: "error"), of: GapRule.self) ?? .error
    let clip = reader.flag(fields.optional("clip", else: "false")) ?? false
    let reading = TraceReading(fields)
    if let zoneFiles { return .zoneFiles(paths: zoneFiles, extend: extend, gaps: gaps, clip: clip, reading: reading) }
    return file.map {
      .file(path: reader.input($0, in: directory, at: value), extend: extend, gaps: gaps, clip: clip, reading: reading)
    }
  }

  private static let forecastKeys = ["model", "horizon", "update", "error", "price", "file"] + TableMapping.keys

  private func forecast(_ cell: Cell?, carbon: TraceSource?) -> ForecastSpec {
    if let cell, case .scalar(let text, _) = cell.tree.content, ForecastModel(rawValue: text) != nil {
      reader.refuse(cell, expected: "a mapping with model", suggestion: "{model: \(text)}")
      return ForecastSpec(model: .persistence, horizon: .hours(48))
    }
    let fields = reader.fields(cell, allowed: GridDecoding.forecastKeys)
    // Without a word in the scenario no policy sees the future.
    let modelCell = fields?.optional("model")
    if modelCell == nil { _ = fields?.optional("model", else: "persistence") }
    let model = reader.choice(modelCell, of: ForecastModel.self) ?? .persistence
    let price = fields?.optional("price")
    if price == nil {
      _ = fields?.optional("price", else: (model == .recorded ? ForecastModel.persistence : model).rawValue)
    }
    var priceModel = reader.choice(price, of: ForecastModel.self)
    if let price, priceModel == .recorded {
      reader.refuse(price, expected: "perfect, persistence or noisy (no input contains price forecasts)")
      priceModel = nil
    }
    let fileCell = fields?.optional("file")
    let file = fileCell.flatMap { cell in
      reader.text(cell, expected: "a file's path").map { reader.input($0, in: directory, at: cell) }
    }
    if let modelCell, model == .recorded, file == nil, let carbon, !carbon.isFile {
      reader.refuse(modelCell, expected: "grid.forecast.file or grid.carbon.file for the recorded forecast")
    }
    return ForecastSpec(
      model: model, horizon: horizon(fields?.optional("horizon", else: "48h")),
      update: reader.span(fields?.optional("update")),
      error: reader.number(fields?.optional("error", else: "1"), expected: "a number from 0 to 1,000,000") {
        0...1e6 ~= $0
      }
        ?? 1,
      price: priceModel ?? (model == .recorded ? .persistence : model), file: file,
      mapping: mapping(fields, file: file))
  }

  /// How the forecast's own file is to be read; without one the keys of a table mean nothing.
  private func mapping(_ fields: Fields?, file: String?) -> TableMapping {
    guard let fields else { return TableMapping() }
    let mapping = TableMapping(fields, hasDefaults: file != nil)
    if file == nil, let key = TableMapping.keys.first(where: { fields.optional($0) != nil }),
      let cell = fields.optional(key)
    {
      reader.refuse(
        cell,
        expected: "\(key) with forecast.file (a forecast in the carbon file is read with that file's settings)")
    }
    return mapping
  }

  /// A forecast's steps are all in memory.
  private func horizon(_ cell: Cell?) -> TimeSpan {
    guard let cell, let span = reader.spanWithUnit(cell, suffix: "h", such: "48h or 2d") else { return .hours(48) }
    if span > .days(3660) { reader.refuse(cell, expected: "a time span of at most 3660d") }
    return span
  }

  /// Checks the grid settings whose memory or time grows with the length of the clock.
  func check(_ grid: GridSpec, _ top: Fields, duration: TimeSpan, _ currency: Currency) {
    guard let cell = top.optional("grid"), case .mapping = cell.tree.content else { return }
    let limit = TimeSpan.days(7320)
    if grid.carbon.isSynthetic || grid.price.isSynthetic, duration > limit {
      reader.refuse(cell, expected: "a clock of at most 7320d if the grid is synthetic", found: "a longer one")
    }
    let most: Int64 = 10_000_000
    if grid.price.isSynthetic, currency != .gbp, let cell = top.optional("currency") {
      reader.refuse(cell, expected: "GBP, as synthetic prices are in GBP")
    }
    if let update = grid.forecast.update, duration.milliseconds / update.milliseconds > most {
      reader.refuse(
        cell, expected: "at most \(most) forecasts within the clock",
        found: "\(duration.milliseconds / update.milliseconds) of them (forecast.update)")
    }
  }
}
