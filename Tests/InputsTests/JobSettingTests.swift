import Domain
import Foundation
import Inputs
import Testing

/// Settings that do nothing to a file, and times in forms that are not read: one message each, with what to write.
@Suite struct JobSettingTests {
  private func told(
    _ text: String, _ reading: JobReading = JobReading(), ending: String = "csv", unit: JobTimeUnit? = nil,
    timing: JobTiming = JobTiming()
  ) throws -> String {
    try withFile(text, ending) { path in
      let told = fault {
        _ = try JobFileReader.read(
          path: path, timeUnit: unit, zones: [], start: Instant(milliseconds: 0), end: Instant(milliseconds: 0),
          timing: timing, keepsAll: true, reading: reading)
      }
      return told.replacing(path, with: "f")
    }
  }

  private let sacct = "JobIDRaw|Submit|ElapsedRaw|AllocCPUS|State\n1|2025-01-06T00:00:00|60|4|COMPLETED\n"
  private let gaia = "arrival_time,length,cpus\n0,3600,4\n"
  private let table = "job_id,submitted_at,duration_s\na,2025-01-06T00:00Z,60\n"

  @Test func settingsWithoutEffect() throws {
    for (reading, key) in [
      (JobReading(nulls: ["NA"]), "null"), (JobReading(hasDecimalCommas: true), "decimal"),
    ] {
      #expect(try told(sacct, reading).hasPrefix("f: \(key): found a setting for tables, expected none, as"))
    }
    for (reading, key) in [
      (JobReading(nulls: ["NA"]), "null"), (JobReading(timeZone: "Europe/Berlin"), "time_zone"),
    ] {
      #expect(try told(gaia, reading, unit: .seconds).hasPrefix("f: \(key): found a setting for tables, expected none"))
    }
    #expect(try told(gaia, JobReading(ignored: ["cpus"]), unit: .seconds).hasPrefix("f: ignore: found cpus, expected"))
    for text in [table, sacct] {
      #expect(try told(text, unit: .hours).hasPrefix("f: time_unit: found a setting for GAIA's files, expected"))
    }
    #expect(
      try told(table, JobReading(ignored: ["durations"]))
        == "f:1: ignore: found no column \"durations\" in the header, expected one of job_id, submitted_at, duration_s; "
        + "did you mean duration_s?")
    #expect(
      try told(sacct, JobReading(separator: 59))
        == "f:1: separator: found a header without \";\", expected separator: \"|\", as in the header")
    let upload = "workload_name,required_gpu_mins\na,60\n"
    #expect(try told(upload, timing: JobTiming(scale: 2)).hasPrefix("f: time_scale: found a batch upload"))
    for (text, unit) in [(table, nil), (sacct, nil), (gaia, JobTimeUnit.seconds), (upload, nil)] {
      #expect(try told(text, unit: unit) == "no fault")
    }
  }

  /// The rule that the message gives reads the file; milliseconds are those of the same instants in seconds.
  @Test func epochsBelowTheSecond() throws {
    for (digits, unit) in [("000", "ms"), ("000000", "us"), ("000000000", "ns")] {
      let text = "id,at,duration_s\na,1736121600\(digits),60\nb,1736125200\(digits),60\n"
      let id = JobReading.Column(name: "job_id", source: "id")
      let plain = JobReading(columns: [id, JobReading.Column(name: "submitted_at", source: "at")])
      let rule = "{column: at, unit: \(unit)}"
      #expect(
        try told(text, plain)
          == "f:2: at (submitted_at): found an epoch time in \(unit), \"1736121600\(digits)\", expected an ISO 8601 time "
          + "or epoch seconds: columns: {submitted_at: \(rule)} (--column 'submitted_at=\(rule)') reads \(unit) "
          + "(2 lines: 2, 3)")
      let scale = unit == "ms" ? 1e-3 : unit == "us" ? 1e-6 : 1e-9
      let counted = JobReading(columns: [id, JobReading.Column(name: "submitted_at", source: "at", scale: scale)])
      #expect(try readJobs(text, counted).jobs.map(\.submitted) == [1_736_121_600, 1_736_125_200])
    }
  }

  @Test func datesInOtherForms() throws {
    for date in ["20250106", "202501061200", "20250106120000", "06/01/2025 10:00", "2025/01/06"] {
      let fault = try told("job_id,submitted_at,duration_s\na,\(date),60\nb,\(date),60\n")
      let found = "f:2: submitted_at: found a date such as \"\(date)\", expected an ISO 8601 time or epoch seconds"
      #expect(fault.hasPrefix(found) && fault.hasSuffix("(2 lines: 2, 3)"), "\(fault)")
    }
    // Whole serial dates; seconds of a log that are as far apart as seconds are.
    func rows(_ numbers: [Int]) -> String {
      "job_id,submitted_at,duration_s\n" + numbers.map { "j\($0),\($0),60\n" }.joined()
    }
    #expect(try told(rows([45_663, 45_664, 45_670])).contains("are a spreadsheet's serial dates"))
    #expect(try told(rows([36_600, 45_664, 54_000])) == "no fault")
    #expect(try told(rows([0, 3600, 45_664])) == "no fault")
  }

  /// A log that went through a spreadsheet has the jobs of the one with blanks.
  @Test func marksBetweenFieldsOfSWF() throws {
    let line = "1 0 0 3600 4 -1 -1 4 3600 -1 1 1 1 1 1 1 -1 -1\n2 60 0 30 2 -1 -1 2 60 -1 1 1 1 1 1 1 -1 -1\n"
    let own = try readJobs("; MaxJobs: 2\n" + line, ending: "swf")
    #expect(own.jobs.count == 2 && own.file.notes == [])
    for (mark, name) in [(",", "commas"), (", ", "commas"), (";", "semicolons"), ("|", "bars")] {
      // A spreadsheet may leave rows of marks alone, at the beginning, too.
      let blank = String(repeating: mark, count: 17) + "\n"
      let text = "; MaxJobs: 2\n\(blank)" + line.replacing(" ", with: mark) + blank
      let (jobs, file) = try readJobs(text, ending: "swf")
      #expect(jobs.map(\.submitted) == own.jobs.map(\.submitted) && jobs.map(\.estimate) == own.jobs.map(\.estimate))
      #expect(file.notes == ["fields were read as separated by \(name), not by blanks"])
    }
    #expect(
      try told(line.replacing(" -1 -1\n", with: " -1\n").replacing(" ", with: ","), ending: "swf").hasPrefix(
        "f:1: found 17 fields, expected the 18 of the Standard Workload Format"))
  }
}
