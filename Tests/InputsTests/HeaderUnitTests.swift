import Domain
import Testing

@testable import Inputs

/// Units in headers, with factors that a person works out.
@Suite struct HeaderUnitTests {
  @Test(arguments: [
    ("Carbon Intensity gCO₂eq/kWh (LCA)", 1), ("carbon_intensity_lb_mwh", 0.453_592_37),
    ("lbs_co2_mwh", 0.453_592_37), ("MOER (lbs/MWh)", 0.453_592_37), ("intensity [kg/kWh]", 1000),
    ("intensity (kg/MWh)", 1), ("kgCO2/MWh", 1), ("x, tCO2/MWh", 1000), ("t/MWh", 1000), ("ci (mg/kWh)", 0.001),
    ("ci_gco2_per_kwh", 1), ("g/kWh", 1), ("Carbon gCO2e per kWh", 1), ("ci (tonnes CO2/GWh)", 1),
  ]) func intensities(name: String, factor: Double) {
    guard case .intensity(let found) = HeaderUnit(name).meaning else {
      Issue.record("\(name): \(HeaderUnit(name).meaning)")
      return
    }
    #expect(abs(found - factor) <= 1e-12 * factor, "\(name)")
  }

  @Test(
    arguments: [
      ("Price (USD/MWh)", 0.001, "USD"), ("Price (EUR/MWhe)", 0.001, "EUR"), ("price_eur_mwh", 0.001, "EUR"),
      ("Day-ahead Price [EUR/MWh]", 0.001, "EUR"), ("Deutschland/Luxemburg [€/MWh] Originalauflösungen", 0.001, "EUR"),
      ("£/MWh", 0.001, "GBP"), ("$/MWh", 0.001, "USD"), ("p/kWh", 0.01, "GBP"), ("pence/kWh", 0.01, "GBP"),
      ("ct/kWh", 0.01, nil), ("price, GBP/kWh", 1, "GBP"), ("price (SEK/kWh)", 1, "SEK"), ("öre/kWh", 0.01, "SEK"),
      ("c€/kWh", 0.01, "EUR"), ("Price EUR per MWh", 0.001, "EUR"),
    ] as [(String, Double, String?)]) func prices(name: String, factor: Double, currency: String?)
  {
    #expect(HeaderUnit(name).meaning == .price(factor, currency: currency), "\(name)")
  }

  @Test(arguments: [
    "Carbon-free (%)", "load_mw", "Load [MW]", "cost (EUR)", "energy (GWh)", "demand_mwh", "renewables %", "gas_perc",
  ]) func others(name: String) { #expect(HeaderUnit(name).meaning == .other, "\(name)") }

  @Test(arguments: [
    "DE", "Datetime (UTC)", "price", "Carbon intensity (direct)", "North Wales and Merseyside", "kWh", "US-MIDA-PJM",
    "carbon_intensity_avg", "GB (day ahead)", "c", "p",
  ]) func none(name: String) { #expect(HeaderUnit(name).meaning == .none, "\(name)") }

  @Test(arguments: [
    ("Deutschland/Luxemburg [€/MWh] Originalauflösungen", "Deutschland/Luxemburg"), ("price_eur_mwh", "price"),
    ("Price (USD/MWh)", "Price"), ("Carbon intensity gCO₂eq/kWh (Life cycle)", "Carbon intensity (Life cycle)"),
    ("p/kWh", "p/kWh"),
  ]) func bases(name: String, base: String) { #expect(HeaderUnit(name).base == base) }
}
