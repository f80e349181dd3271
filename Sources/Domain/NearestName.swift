/// The candidate that a misspelt word was probably meant to be; `nil` if none is near enough.
///
/// Names are compared without case, blanks, `-`, `_` and `.`, so `cpuCores` finds `cpu_cores`. Then, in this order: a word
/// that other programs use for the same thing (``NearestName/synonyms``); a spelling that differs by few edits, where two
/// swapped letters are one edit; a candidate that the word begins, if it is the only one. One edit is allowed in words of up to five letters,
/// two up to eight, three beyond: more would suggest words that have nothing to do with the one that was written.
///
/// - Complexity: O(candidates × length²); words of more than 100 characters are never near.
package func nearest(to word: String, among candidates: [String]) -> String? {
  let key = NearestName.key(word)
  guard !key.isEmpty, key.count <= NearestName.longest else { return nil }
  let keys = candidates.map { NearestName.key($0) }
  if let same = keys.firstIndex(of: key) { return candidates[same] }
  if let group = NearestName.synonyms.first(where: { $0.contains { NearestName.key($0) == key } }),
    let other = keys.firstIndex(where: { key in group.contains { NearestName.key($0) == key } })
  {
    return candidates[other]
  }
  let limit = key.count <= 5 ? 1 : key.count <= 8 ? 2 : 3
  var best: (index: Int, edits: Int)?
  for (index, other) in keys.enumerated() where abs(other.count - key.count) <= limit {
    let edits = NearestName.edits(key, other)
    // A word of one or two letters is one edit from too many others.
    guard edits <= limit, edits < max(key.count, other.count) - 1 else { continue }
    if best.map({ edits < $0.edits }) ?? true { best = (index, edits) }
  }
  if let best { return candidates[best.index] }
  guard key.count >= 3 else { return nil }
  let longer = keys.indices.filter { keys[$0].starts(with: key) }
  return longer.count == 1 ? candidates[longer[0]] : nil
}

/// The keys, synonyms and edit distances that ``nearest(to:among:)`` compares.
private enum NearestName {
  /// Characters; no key or code is longer.
  static let longest = 100

  /// Words for one thing that no spelling connects.
  static let synonyms = [
    ["lng", "lon", "long", "longitude"], ["lat", "latitude"], ["gpus", "gpu"], ["cpu_cores", "cores", "cpus", "cpu"],
    ["memory_gb", "memory", "mem", "ram", "ram_gb"], ["duration", "length"], ["file", "path", "filename"],
    ["start", "begin"], ["policies", "policy", "schedulers"], ["zones", "regions", "sites"], ["seed", "random_seed"],
    ["replications", "runs", "repetitions"], ["workload", "jobs"], ["validate", "check", "lint"],
    ["carbon_kg", "carbon", "emissions", "co2"], ["cost_gbp", "cost", "costs"], ["energy_kwh", "energy"],
    ["wait_mean_s", "wait", "wait_mean", "delay"], ["sla_met_pct", "sla", "deadlines"],
    ["carbon_savings_pct", "carbon_saved", "carbon_saved_pct", "carbon_savings", "savings"],
    ["cost_savings_pct", "cost_saved", "cost_saved_pct", "cost_savings"],
  ]

  static func key(_ name: String) -> [Character] {
    name.prefix(longest + 20).lowercased().filter { !"-_. ".contains($0) }
  }

  /// Edits between two words: insertions, deletions, substitutions and swaps of neighbours (optimal string alignment,
  /// a restricted form of Damerau's distance, doi:10.1145/363958.363994).
  static func edits(_ source: [Character], _ target: [Character]) -> Int {
    var before: [Int] = []
    var row = Array(0...target.count)
    for i in source.indices {
      var next = [i + 1]
      for j in target.indices {
        var least = min(row[j] + (source[i] == target[j] ? 0 : 1), row[j + 1] + 1, next[j] + 1)
        if i > 0, j > 0, source[i] == target[j - 1], source[i - 1] == target[j] {
          least = min(least, before[j - 1] + 1)
        }
        next.append(least)
      }
      (before, row) = (row, next)
    }
    return row[target.count]
  }
}
