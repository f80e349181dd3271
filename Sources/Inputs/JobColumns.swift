/// The columns of a job file.
enum JobColumn: Int, CaseIterable {
  case jobID
  case submittedAt
  case workloadName
  case workloadType
  case urgency
  case userID
  case cores
  case memory
  case gpus
  case gpuMinutes
  case duration
  case actualDuration
  case energy
  case carbonCap
  case intensityCap
  case priceCap
  case deferral
  case deadline
  case homeZone

  var place: Int { rawValue }
  var name: String { JobColumn.names[rawValue] }

  private static let names = [
    "job_id", "submitted_at", "workload_name", "workload_type", "urgency", "user_id", "required_cpu_cores",
    "required_memory_gb", "required_gpus", "required_gpu_mins", "duration_s", "actual_duration_s",
    "estimated_energy_kwh", "carbon_cap_gco2", "max_carbon_intensity_gco2_kwh", "max_price_gbp",
    "deferral_window_mins", "deadline", "home_zone",
  ]
}

/// Which field of a row holds which column.
struct JobHeader: Sendable {
  /// Of each column in the order of the cases; -1 where the file lacks it.
  private(set) var fieldOf = [Int](repeating: -1, count: JobColumn.allCases.count)
  private(set) var count = 0

  init() {}

  init(
    _ header: CSVFields, path: String, line: Int, isBatchUpload: Bool = false, issues: inout IssueList
  ) {
    count = header.count
    for field in 0..<header.count {
      let name = header[field].text.lowercased()
      if let place = JobColumn.allCases.firstIndex(where: { $0.name == name }) {
        if fieldOf[place] >= 0 {
          issues.add(InputIssue(file: path, line: line, key: name, found: "the column twice", expected: "once"))
        }
        fieldOf[place] = field
      } else if let near = JobColumn.allCases.first(where: { editDistance($0.name, name) <= 2 }) {
        issues.add(
          InputIssue(
            file: path, line: line, key: name, found: "an unknown column",
            expected: "a known one: did you mean \(near.name)?"))
      }
    }
    if isBatchUpload {
      for name in ["job_id", "submitted_at", "duration_s", "actual_duration_s"]
      where JobColumn.allCases.contains(where: { $0.name == name && has($0) }) {
        let found = "a column that a batch upload does not have"
        issues.add(InputIssue(file: path, line: line, key: name, found: found, expected: "format: csv"))
      }
      return
    }
    var missing: [String] = [JobColumn.jobID, .submittedAt].filter { !has($0) }.map(\.name)
    if !has(.duration), !(has(.gpuMinutes) && has(.gpus)) {
      missing.append("duration_s (or required_gpu_mins with required_gpus)")
    }
    for name in missing {
      issues.add(InputIssue(file: path, line: line, key: name, found: "no such column", expected: "one in the header"))
    }
  }

  func has(_ column: JobColumn) -> Bool { fieldOf[column.place] >= 0 }
}

/// Levenshtein's distance; more than 2 is told as 3.
func editDistance(_ a: String, _ b: String) -> Int {
  let x = Array(a.utf8)
  let y = Array(b.utf8)
  guard abs(x.count - y.count) <= 2 else { return 3 }
  var row = Array(0...y.count)
  for i in x.indices {
    var diagonal = row[0]
    row[0] = i + 1
    for j in y.indices {
      let cost = min(diagonal + (x[i] == y[j] ? 0 : 1), row[j] + 1, row[j + 1] + 1)
      diagonal = row[j + 1]
      row[j + 1] = cost
    }
  }
  return min(row[y.count], 3)
}
