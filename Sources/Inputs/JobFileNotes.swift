import Domain
import Foundation

/// Notes and faults that concern a job file as a whole rather than one of its jobs.
extension JobPass {
  /// Refuses a mix of decimal marks.
  mutating func refuseMixedDecimals() {
    if parser.decimalComma > 0, parser.decimalPoint > 0 {
      parser.issues.add(
        InputIssue(
          file: path, line: max(parser.decimalComma, parser.decimalPoint),
          found: "numbers with a decimal comma (line \(parser.decimalComma)) and a decimal point "
            + "(line \(parser.decimalPoint))",
          expected: "decimal: \",\" or decimal: \".\""))
    }
  }

  /// Refuses submissions that are no seconds: dates of spreadsheets, milliseconds, and two ways of counting in one log.
  mutating func refuseStrangeTimes(_ earliest: Int64) {
    guard !entries.isEmpty, latest > .min else { return }
    func refuse(_ line: Int, _ found: String, _ expected: String) {
      parser.issues.add(InputIssue(file: path, line: line, key: "", found: found, expected: expected))
    }
    let isCounted = reading.columns.contains { $0.name == "submitted_at" && $0.scale != nil }
    if case .csv = format, !isCounted, entries.count > 1, earliest >= 20_000_000, latest <= 80_000_000,
      fractionLine > 0 || looksLikeDays(earliest)
    {
      let kind = fractionLine > 0 ? "with fractions of seconds" : "numbers from \(earliest / 1000) to \(latest / 1000)"
      refuse(
        fractionLine, "submissions of the first day of 1970, \(kind)",
        "ISO 8601 times: numbers such as 45726.04 are a spreadsheet's serial dates; format the column as yyyy-mm-dd "
          + "hh:mm:ss and save it again (columns: {submitted_at: {column: …, unit: s}} if they are seconds)")
    }
    let thirtyYears: Int64 = 946_684_800_000
    if format.isSWF, earliest >= 0, latest - earliest >= thirtyYears {
      refuse(
        0, "submit times (field 2) from \(earliest / 1000) to \(latest / 1000), more than 30 years apart",
        "seconds from a single origin: either the log's start or Unix time, and not milliseconds")
    }
  }

  /// True if whole numbers are as close together as days of one log are, in the years 2000 to 2050.
  private func looksLikeDays(_ earliest: Int64) -> Bool {
    earliest >= 36_526_000 && latest <= 54_789_000 && latest - earliest <= 4_000_000
  }

  /// A note on submissions that were read as seconds since 1970 and are probably seconds since the log's start.
  func smallNumbers(_ earliest: Int64) -> String? {
    let tenYears: Int64 = 315_532_800_000
    guard case .csv = format, timing.start == nil, latest > .min,
      earliest > -tenYears, latest < tenYears
    else { return nil }
    if !clock.isEmpty, clock.lowerBound <= latest, earliest < clock.upperBound { return nil }
    func text(_ time: Int64) -> String { Instant(milliseconds: time).readable }
    return
      "submissions from \(text(earliest)) to \(text(latest)): numbers are read as seconds since 1970; if they count "
      + "from the log's start, start: first puts the first one at the clock's start (--start 2025-01-06 at an instant)"
  }

  /// Refuses numbers whose points may separate thousands or decimals, if nothing in the file says which.
  mutating func refuseAmbiguousPoints() {
    guard let grouped = parser.grouped, !parser.hasPlainDecimals, parser.decimalComma == 0 else { return }
    parser.issues.add(
      InputIssue(
        file: path, line: grouped.line,
        found: "numbers such as \(grouped.text), whose point may separate decimals or thousands",
        expected: "decimal: \".\" or decimal: \",\""))
  }

  /// Throws the faults of the file. How rows that are no jobs are left out is said once, behind them.
  func throwFaults() throws {
    guard !parser.issues.isEmpty else { return }
    var error = InputError(issues: parser.issues.issues, more: parser.issues.more)
    let count = parser.faultyRows + repeatedRows
    if count > 0 {
      error.hint = "\(path): \(count) \(count == 1 ? "row is not a job" : "rows are not jobs")"
      // Without its bad rows a file of nothing else has no job.
      if count < parser.row || parser.row == 0 {
        error.hint? += "; bad_rows: skip (--bad-rows skip) leaves such rows out and counts them"
      }
      // A code that is near to a known one, or that only some of many rows have, is a slip and not a zone that was taken
      // out of the scenario.
      let strangers = parser.issues.issues.filter { $0.key == "home_zone" && !$0.found.hasPrefix("home zones") }
      if !strangers.isEmpty, strangers.allSatisfy({ $0.suggestion == nil }) {
        error.hint? +=
          "; a zone that closes stays in zones, with an outage without an end: events.+={outage: {zone: CODE, from: 0h}}"
      }
    }
    // Rows that are left out would be all of them.
    if let swap = parser.swappedColumns { error.hint = swap }
    throw error
  }

  /// Jobs with lines of partial executions and no line that summarizes them.
  func partsWithoutSummary() -> Int {
    guard !parser.swf.partial.isEmpty else { return 0 }
    var missing = parser.swf.partial.subtracting(parser.swf.summarized)
    for entry in entries { missing.remove(entry.hash) }
    return missing.count
  }

  mutating func noteFindings(_ withoutSummary: Int, count: Int) {
    let swf = parser.swf
    if swf.headerLine > 0 { notes.append("line \(swf.headerLine) was read as a header") }
    if swf.separator > 0 {
      let names: [UInt8: String] = [44: "commas", 59: "semicolons", 124: "bars"]
      notes.append("fields were read as separated by \(names[swf.separator] ?? "marks"), not by blanks")
    }
    if swf.longLines > 0 {
      notes.append(
        "\(swf.extraFields) more \(swf.extraFields == 1 ? "field" : "fields") per line than the standard's 18 (on "
          + "\(swf.longLines) \(swf.longLines == 1 ? "line" : "lines")) were not read")
    }
    if !format.unread.isEmpty {
      let names = format.unread.prefix(30).map { $0.printable() }.joined(separator: ", ")
      let more = format.unread.count > 30 ? " and \(format.unread.count - 30) more" : ""
      notes.append("columns that were not read: \(names)\(more)")
    }
    if parser.decimalComma > 0 { notes.append("numbers were read with decimal commas (decimal: \",\")") }
    if case .sacct = format, parser.sawLocalTime, reading.timeZone == nil {
      notes.append("times have no offset and were read as UTC: time_zone (--time-zone) names the cluster's zone")
    }
    if parser.unusedGPUMinutes > 0 {
      let count = parser.unusedGPUMinutes
      notes.append(
        "required_gpu_mins of \(counted(count, "job")) is ignored, as it differs from required_gpus × duration_s")
    }
    if parser.homesLeftOut > 0 {
      notes.append(
        "\(counted(parser.homesLeftOut, "home zone")) not read: --zones SCENARIO.yaml says which zones there are")
    }
    if parser.withoutCores > 0 {
      let count = parser.withoutCores
      notes.append("\(counted(count, "job")) \(count == 1 ? "requests" : "request") neither cores nor GPUs")
    }
    if case .sacct = format, parser.withoutLimit > 0 {
      notes.append("\(counted(parser.withoutLimit, "job")) without a time limit: the run time is used as the estimate")
    }
    if parser.components > 0 {
      notes.append(
        "\(counted(parser.components, "component")) of heterogeneous jobs (123+0, 123+1): each is a job of its own, which "
          + "may start without the others")
    }
    if swf.preceded > 0 {
      notes.append(
        swf.preceded == 1
          ? "1 job has a preceding job and does not wait for it"
          : "\(swf.preceded) jobs have a preceding job and do not wait for it")
    }
    if withoutSummary > 0 {
      notes.append(
        "\(withoutSummary) \(withoutSummary == 1 ? "job has" : "jobs have") only lines of partial executions, without "
          + "the line with status 0 or 1 that summarizes them: left out")
    }
    if parser.assumedDurations > 0 {
      notes.append(
        "\(counted(parser.assumedDurations, "job")) without GPU minutes: the type's usual duration is used")
    }
    for reason in SkipReason.allCases {
      guard let count = skipped[reason] else { continue }
      notes.append(reason.note(count) + (reason == .badRow ? ": " + badRowReasons(of: count) : ""))
    }
    if count == 0, skipped.isEmpty { notes.append("\(path) has no jobs") }
  }

  /// Says that policies know the run times in advance, if the file has no estimates.
  ///
  /// - Parameter all: the file's jobs.
  mutating func noteEstimates(of all: Int) {
    let known = "so policies know exactly how long each job takes: results that depend on estimates are too good"
    switch format {
    // A duration that is mapped is that of a recorded log, rather than of a table made for Pylon.
    case .csv(let header, _)
    where all > 0 && reading.columns.contains { $0.name == "duration_s" } && !header.isReadable(.actualDuration):
      notes.append(
        "no column is mapped to actual_duration_s: duration_s is both the estimate and the run time, \(known)")
    case .gaia where all > 0:
      notes.append("the file has no estimates: each job's run time is its estimate, \(known)")
    case .swf where parser.withoutLimit > 0:
      let count = parser.withoutLimit
      notes.append(
        count == all
          ? "no job has a requested time (field 9): its run time is its estimate, \(known)"
          : "\(count) of \(counted(all, "job")) \(count == 1 ? "has" : "have") no requested time (field 9): the run time "
            + "is used as the estimate")
    default: break
    }
  }

  /// Says that durations are probably in a larger unit, if jobs last a few seconds on average.
  ///
  /// - Parameter all: the file's jobs.
  mutating func noteShortRuns(of all: Int) {
    guard all >= 20 else { return }
    let mean = runTime / Double(all)
    guard mean < 10 else { return }
    let remedy: String
    switch format {
    case .gaia(let header):
      guard header.unit == JobTimeUnit.seconds.milliseconds else { return }
      remedy = "if the file's times are hours, write time_unit: h"
    case .csv: remedy = "check the unit of duration_s (columns: {duration_s: {column: …, unit: min}} if it is minutes)"
    case .swf: remedy = "check that run times (field 4) are in seconds"
    case .sacct, .platform: return
    }
    notes.append(
      "the \(counted(all, "job")) of the file run \(String(format: "%.2g", mean)) s on average, which is short: \(remedy)"
    )
  }

  /// `in 2 rows duration_s should be a number > 0; in 1 row submitted_at is empty`, the most frequent first; without
  /// the number if all have one reason.
  private func badRowReasons(of count: Int) -> String {
    let reasons = parser.badRows.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    let shown = reasons.prefix(8).map { reason, own in
      (own == count ? "" : "in \(counted(own, "row")) ") + reason.printable()
    }.joined(separator: "; ")
    return reasons.count > 8 ? shown + "; …" : shown
  }
}
