public import Domain

/// The built-in lists of zones.
enum Preset {
  static let names = ["gb-14"]

  static let capacity = Resources(milliCores: 64_000, milliGigabytes: 256_000, milliGPUs: 8_000)

  /// The usual capacity, as a scenario writes it.
  static var capacityText: String {
    "{cpu_cores: \(capacity.cpuCores), memory_gb: \(capacity.memoryGigabytes), gpus: \(capacity.gpus)}"
  }

  /// The fourteen GB distribution regions; ids are the GB Carbon Intensity API's, aliases the columns of NESO's
  /// regional CSV.
  static func gb14(capacity: Resources, pue: Double) -> [Zone] {
    let rows: [(code: String, region: String, city: String, latitude: Double, longitude: Double)] = [
      ("GB-N-SCOT", "North Scotland", "Inverness", 57.4778, -4.2247),
      ("GB-S-SCOT", "South Scotland", "Glasgow", 55.8642, -4.2518),
      ("GB-N-WEST", "North West England", "Manchester", 53.4808, -2.2426),
      ("GB-N-EAST", "North East England", "Newcastle", 54.9783, -1.6178),
      ("GB-YORK", "Yorkshire", "Leeds", 53.8008, -1.5491),
      ("GB-N-WALES", "North Wales", "Wrexham", 53.0415, -2.9936),
      ("GB-S-WALES", "South Wales", "Cardiff", 51.4816, -3.1791),
      ("GB-W-MID", "West Midlands", "Birmingham", 52.4862, -1.8904),
      ("GB-E-MID", "East Midlands", "Nottingham", 52.9548, -1.1581),
      ("GB-E-ENG", "East England", "Cambridge", 52.2053, 0.1218),
      ("GB-S-WEST", "South West England", "Bristol", 51.4545, -2.5879),
      ("GB-SOUTH", "South England", "Southampton", 50.9097, -1.4044),
      ("GB-LONDON", "London", "London", 51.5074, -0.1278),
      ("GB-S-EAST", "South East England", "Reading", 51.4543, -0.9781),
    ]
    return rows.enumerated().map { place, row in
      Zone(
        id: place + 1, code: row.code, name: row.city, region: row.region,
        coordinates: Coordinates(latitude: row.latitude, longitude: row.longitude), capacity: capacity, pue: pue,
        aliases: row.code == "GB-N-WALES" ? [row.region, "North Wales and Merseyside"] : [row.region])
    }
  }
}

extension Zone {
  /// The regions of the preset `gb-14`, with its usual capacity.
  public static var gb14: [Zone] { Preset.gb14(capacity: Preset.capacity, pue: 1) }
}
