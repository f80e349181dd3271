import Domain

/// Reads `grid:`: where carbon and price come from, and what is known of their future.
struct GridDecoding {
  let reader: Reader
  let directory: String

  private static let expected = "a mapping with file, constant or synthetic"

  func grid(_ cell: Cell?) -> GridSpec? {
    guard let fields = reader.fields(cell, allowed: ["carbon", "price", "forecast", "vary"]) else { return nil }
    let expected = GridDecoding.expected
    let carbon = trace(fields.required("carbon", expected), constant: "gCO2/kWh ≥ 0") { $0 >= 0 }
    let price = trace(fields.required("price", expected), constant: "GBP/kWh as a finite number") { _ in true }
    let forecast = forecast(fields.optional("forecast"), carbon: carbon)
    let vary = fields.optional("vary")
    let varies = reader.flag(vary) ?? true
    guard let carbon, let price else { return nil }
    if let vary, !carbon.isSynthetic, !price.isSynthetic {
      reader.refuse(vary, expected: "carbon or price to be synthetic where vary is told")
    }
    return GridSpec(carbon: carbon, price: price, forecast: forecast, varies: varies)
  }

  private func trace(_ cell: Cell?, constant: String, where holds: (Double) -> Bool) -> TraceSource? {
    guard let cell, case .mapping(let entries) = cell.tree.content else {
      if let cell { reader.refuse(cell, expected: GridDecoding.expected) }
      return nil
    }
    let sources = entries.filter { ["file", "constant", "synthetic"].contains($0.key) }
    guard sources.count == 1, let source = sources.first else {
      let found = sources.isEmpty ? "none of them" : sources.map(\.key).joined(separator: " and ")
      _ = reader.fields(cell, allowed: ["constant", "synthetic"] + TraceShape.keys)
      reader.refuse(cell, expected: "file, constant or synthetic, one of them", found: found)
      return nil
    }
    let value = Cell(tree: source.value, path: "\(cell.path).\(source.key)")
    switch source.key {
    case "synthetic":
      _ = reader.fields(cell, allowed: ["synthetic"])
      return synthetic(value)
    case "constant":
      _ = reader.fields(cell, allowed: ["constant"])
      return reader.number(value, expected: constant, where: holds).map { .constant($0) }
    default: return file(value, of: cell)
    }
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

  private func file(_ value: Cell, of cell: Cell) -> TraceSource? {
    guard let fields = reader.fields(cell, allowed: TraceShape.keys) else { return nil }
    let file = reader.text(value, expected: "a file's path")
    let extend = reader.choice(fields.optional("extend"), of: TraceExtension.self) ?? .none
    let gaps = reader.choice(fields.optional("gaps"), of: GapFilling.self) ?? .error
    let clip = reader.flag(fields.optional("clip")) ?? false
    let shape = TraceShape(fields)
    return file.map {
      .file(path: reader.input($0, in: directory), extend: extend, gaps: gaps, clip: clip, shape: shape)
    }
  }

  private func forecast(_ cell: Cell?, carbon: TraceSource?) -> ForecastSpec {
    let fields = reader.fields(cell, allowed: ["model", "horizon", "update", "error", "price", "file"])
    // Without a word in the scenario no policy sees the future.
    let modelCell = fields?.optional("model")
    let model = reader.choice(modelCell, of: ForecastSpec.Model.self) ?? .persistence
    let price = fields?.optional("price")
    var priceModel = reader.choice(price, of: ForecastSpec.Model.self)
    if let price, priceModel == .recorded {
      reader.refuse(price, expected: "perfect, persistence or noisy (no input tells what price was forecast)")
      priceModel = nil
    }
    let file = reader.text(fields?.optional("file"), expected: "a file's path").map { reader.input($0, in: directory) }
    if let modelCell, model == .recorded, file == nil, let carbon, !carbon.isFile {
      reader.refuse(modelCell, expected: "grid.forecast.file, or carbon from a file, for the recorded forecast")
    }
    return ForecastSpec(
      model: model, horizon: reader.span(fields?.optional("horizon")) ?? .hours(48),
      update: reader.span(fields?.optional("update")),
      error: reader.number(fields?.optional("error"), expected: "a number ≥ 0") { $0 >= 0 } ?? 1,
      price: priceModel ?? (model == .recorded ? .persistence : model), file: file)
  }
}
