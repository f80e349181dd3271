import Domain

/// Unit rates of a tariff of Octopus Energy (`…/standard-unit-rates/`): pages of `results`, newest first, in pence per
/// kWh. They name no zone.
enum OctopusJSON: JSONTraceFormat {
  static let takesValue = true
  static let title = "Octopus Energy (unit rates)"
  private static let source = "Octopus Energy"

  static func recognises(_ root: JSONNode) -> Bool {
    rates(root)?.first.map { $0["valid_from"] != nil && ($0["value_inc_vat"] ?? $0["value_exc_vat"]) != nil } == true
  }

  private static func rates(_ root: JSONNode) -> [JSONNode]? { root.list ?? root["results"]?.list }

  static func walk(_ answers: [JSONNode], _ reading: TraceReading, _ book: inout SeriesBook) {
    guard book.demands([.price], of: source, answers, "prices") else { return }
    var rates = answers.flatMap { self.rates($0) ?? [] }
    let key = reading.mapping.value ?? "value_inc_vat"
    guard let targets = book.unnamedTargets(key, answers[0].line) else { return }
    let methods = rates.compactMap { $0["payment_method"]?.text }
    if let first = methods.first, methods.contains(where: { $0 != first }) {
      let method = methods.contains("DIRECT_DEBIT") ? "DIRECT_DEBIT" : first
      rates.removeAll { ($0["payment_method"]?.text ?? method) != method }
      book.note("\(source): rates of payment_method \(method); others are left out")
    }
    book.noteCurrency("GBP", of: source)
    let tax = key == "value_inc_vat" ? " (VAT included)" : ""
    let unit = book.fixedScale == nil ? ", converted from pence/kWh to GBP/kWh (× 0.01)" : ""
    book.note("\(source): \(key)\(tax)\(unit)")
    for rate in rates {
      book.add(rate, key, to: targets, stamp: book.stamp(rate, "valid_from"), scale: 0.01)
    }
  }
}
