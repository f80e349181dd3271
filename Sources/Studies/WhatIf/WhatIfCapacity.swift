internal import Domain
internal import Foundation
internal import Metrics
internal import Reports
internal import Runs
internal import Scenarios

/// Reasons why less capacity in a zone changed nothing: how much of it was in use.
enum WhatIfCapacity {
  private static var resources: [(name: String, utilization: String, milli: (Resources) -> Int64)] {
    [
      ("cores", "utilization_cpu", \.milliCores), ("GB", "utilization_memory", \.milliGigabytes),
      ("GPUs", "utilization_gpu", \.milliGPUs),
    ]
  }

  /// One sentence per zone and resource of which the variant has less, with the policies under which nothing changed
  /// there.
  ///
  /// - Parameter isSame: true if a zone's part in the work of a policy, and the policy's metrics, are the same in base
  ///   and variant.
  static func reasons(
    base: Scenario, variant: Scenario, _ before: ScenarioResult, _ labels: [String],
    isSame: (_ zone: String, _ label: String) -> Bool
  ) -> [String] {
    let changedByEvents = Set(base.events.capacities.flatMap(\.zones) + base.events.outages.flatMap(\.zones))
    return base.zones.enumerated().flatMap { place, zone -> [String] in
      // A share of a capacity that changes is no amount.
      guard !changedByEvents.contains(ZoneIndex(place)),
        let after = variant.zones.firstIndex(where: { $0.code == zone.code })
      else { return [] }
      return resources.compactMap { name, utilization, milli in
        let capacity = milli(zone.capacity)
        guard capacity > 0, least(name, milli, variant, after) < capacity else { return nil }
        let uses = labels.filter { isSame(zone.code, $0) }.compactMap { label -> (number: String, label: String)? in
          let known = before.zoneValues(utilization, zone: zone.code, of: label).compactMap { $0 }
          guard !known.isEmpty else { return nil }
          let mean = SampleMoments(known).mean * Double(capacity) / 1000
          return (number: ReportNumber.text(mean), label: label)
        }
        guard let first = uses.first else { return nil }
        let rest = uses.dropFirst().map { ", \($0.number) under \($0.label)" }.joined()
        return "\(zone.code): on average \(first.number) of its \(ReportNumber.text(Double(capacity) / 1000)) \(name) "
          + "were in use in the base under \(first.label)\(rest)"
      }
    }
  }

  /// The least capacity that a zone of the variant ever has, in thousandths.
  private static func least(
    _ name: String, _ milli: (Resources) -> Int64, _ variant: Scenario, _ place: Int
  ) -> Int64 {
    let own = milli(variant.zones[place].capacity)
    return variant.events.capacities.filter { $0.zones.contains(ZoneIndex(place)) }.reduce(own) { least, change in
      let amount = name == "cores" ? change.cores : name == "GB" ? change.memory : change.gpus
      switch amount {
      case .absolute(let after)?: return min(least, after)
      case .factor(let factor)?: return min(least, Int64((Double(own) * factor).rounded()))
      case nil: return least
      }
    }
  }
}
