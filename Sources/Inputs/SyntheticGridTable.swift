internal import Domain

/// The parameters of the synthetic grid `gb-14`; ``SyntheticGrid`` says what they do.
enum SyntheticGridTable {
  struct Row {
    var code: String
    var region: String
    var coordinates: Coordinates
    /// Share of the variance that is Great Britain's slow level.
    var slow: Double
    /// Loads of the daily shape, of the sun, and of the three factors, all of variance 1.
    var diurnal: Double
    var sun: Double
    var factors: (Double, Double, Double)
    /// Variance of the zone's own noise, on the scale of the squared loads.
    var noise: Double
    /// Carbon intensity at each of ``levels``, gCO2/kWh; what is below 0 becomes 0.
    var intensities: [Double]

    init(
      _ code: String, _ region: String, _ latitude: Double, _ longitude: Double, slow: Double, diurnal: Double,
      sun: Double, factors: (Double, Double, Double), noise: Double, intensities: [Double]
    ) {
      self.code = code
      self.region = region
      coordinates = Coordinates(latitude: latitude, longitude: longitude)
      self.slow = slow
      self.diurnal = diurnal
      self.sun = sun
      self.factors = factors
      self.noise = noise
      self.intensities = intensities
    }
  }

  /// Standard normal levels at which the marginal distributions are given; they are linear between.
  static let levels = [-4, -3, -1.5, -0.6745, 0, 0.6745, 1.5, 3, 4]

  static let zones = [
    Row(
      "GB-N-SCOT", "North Scotland", 57.4778, -4.2247, slow: 0.18, diurnal: 0.05, sun: 0.00,
      factors: (0.70, -0.50, 0.25), noise: 0.17, intensities: [0, 0, 0, -9, 16, 123, 266, 338, 364]),
    Row(
      "GB-S-SCOT", "South Scotland", 55.8642, -4.2518, slow: 0.20, diurnal: 0.04, sun: 0.00,
      factors: (0.74, -0.50, 0.25), noise: 0.12, intensities: [0, 0, 0, 11, 23, 51, 120, 155, 233]),
    Row(
      "GB-N-WEST", "North West England", 53.4808, -2.2426, slow: 0.25, diurnal: 0.12, sun: -0.07,
      factors: (0.84, -0.36, -0.10), noise: 0.08, intensities: [0, 0, 2, 27, 54, 92, 155, 186, 275]),
    Row(
      "GB-N-EAST", "North East England", 54.9783, -1.6178, slow: 0.20, diurnal: 0.07, sun: -0.07,
      factors: (0.80, -0.47, 0.05), noise: 0.08, intensities: [0, 0, 0, 13, 24, 47, 131, 173, 257]),
    Row(
      "GB-YORK", "Yorkshire", 53.8008, -1.5491, slow: 0.25, diurnal: 0.31, sun: -0.13,
      factors: (0.90, -0.05, -0.07), noise: 0.12, intensities: [0, 12, 78, 143, 216, 269, 335, 369, 466]),
    Row(
      "GB-N-WALES", "North Wales", 53.0415, -2.9936, slow: 0.25, diurnal: 0.26, sun: -0.15,
      factors: (0.70, -0.09, 0.25), noise: 0.28, intensities: [0, 0, 0, 52, 116, 202, 341, 430, 681]),
    Row(
      "GB-S-WALES", "South Wales", 51.4816, -3.1791, slow: 0.30, diurnal: 0.22, sun: -0.30,
      factors: (0.68, 0.37, -0.38), noise: 0.24, intensities: [0, 0, 99, 253, 338, 371, 394, 400, 640]),
    Row(
      "GB-W-MID", "West Midlands", 52.4862, -1.8904, slow: 0.28, diurnal: 0.31, sun: -0.17,
      factors: (0.92, -0.09, -0.18), noise: 0.08, intensities: [0, 3, 20, 77, 164, 249, 341, 388, 526]),
    Row(
      "GB-E-MID", "East Midlands", 52.9548, -1.1581, slow: 0.30, diurnal: 0.37, sun: -0.30,
      factors: (0.88, 0.20, -0.10), noise: 0.14, intensities: [0, 14, 97, 196, 291, 362, 483, 543, 735]),
    Row(
      "GB-E-ENG", "East England", 52.2053, 0.1218, slow: 0.30, diurnal: 0.30, sun: -0.13,
      factors: (0.55, 0.54, -0.40), noise: 0.27, intensities: [0, 4, 27, 85, 142, 206, 284, 323, 382]),
    Row(
      "GB-S-WEST", "South West England", 51.4545, -2.5879, slow: 0.20, diurnal: 0.26, sun: -0.64,
      factors: (0.48, 0.52, 0.35), noise: 0.22, intensities: [0, 5, 33, 113, 195, 287, 376, 421, 430]),
    Row(
      "GB-SOUTH", "South England", 50.9097, -1.4044, slow: 0.32, diurnal: 0.40, sun: -0.51,
      factors: (0.63, 0.40, 0.16), noise: 0.28, intensities: [0, 15, 101, 170, 238, 299, 363, 395, 436]),
    Row(
      "GB-LONDON", "London", 51.5074, -0.1278, slow: 0.28, diurnal: 0.40, sun: -0.26,
      factors: (0.42, 0.85, 0.10), noise: 0.13, intensities: [0, 7, 45, 108, 173, 235, 310, 362, 574]),
    Row(
      "GB-S-EAST", "South East England", 51.4543, -0.9781, slow: 0.25, diurnal: 0.33, sun: -0.36,
      factors: (0.12, 0.84, 0.34), noise: 0.20, intensities: [0, 10, 69, 124, 186, 241, 317, 355, 396]),
  ]

  /// Hours: the slow level's; for each factor a smooth process with a lag and its variance, and another one.
  static let slowHours = 600.0
  static let noise = (fastHours: 1.6, fastShare: 0.6, slowHours: 9.0)
  static let weekend = 0.26

  /// Harmonics of the day, cosine and sine: the shape of a winter day's intensity, fitted to national hourly means.
  static let daily = [(-0.81, -0.82), (-0.70, -0.35), (0.15, 0.08), (0.0, 0.15)]
  /// The shape's size over the year: mean, and amplitude with its top on 5 January.
  static let season = (mean: 0.82, amplitude: 0.20)
  /// Cloudiness: 1 + spread × a process, within limits; mean and variance of what comes out.
  static let cloud = (hours: 16.0, spread: 0.35, low: 0.2, high: 1.8, mean: 1.0, variance: 0.116)

  /// National price: loads of the mean zone and of the hours, hours of its own noise, and GBP/MWh at normal levels.
  static let price = (
    carbon: 0.52, hours: 0.23, meanZoneDeviation: 0.817, fastHours: 0.75, fastShare: 0.66, slowHours: 16.0
  )
  static let priceLevels = [-4.5, -3.3, -2.326, -1.645, -0.6745, 0, 0.6745, 1.645, 2.326, 3.3, 3.9, 4.5]
  static let prices: [Double] = [-185, -110, -50, 0, 57, 95, 130, 195, 240, 420, 1000, 1950]
}
