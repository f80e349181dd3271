internal import Domain
internal import GRDB
internal import Metrics

/// Rows of the tables that charts are drawn of.
enum ChartRows {
  static func insert(_ charts: ChartFigures, of run: Int, _ zones: [Int], _ database: Database) throws {
    for (quantity, values) in [("wait_s", charts.waits), ("turnaround_s", charts.turnarounds)] {
      for (share, value) in zip(ChartTallies.shares, values) {
        try database.cachedStatement(sql: "INSERT INTO job_quantiles VALUES (?, ?, ?, ?)")
          .execute(arguments: [run, quantity, share, value.inSeconds])
      }
    }
    for (type, tally) in zip(WorkloadType.allCases, charts.types) where tally.started > 0 {
      try database.cachedStatement(sql: "INSERT INTO type_metrics VALUES (?, ?, ?, ?, ?, ?)")
        .execute(arguments: [
          run, type.name, tally.started, tally.energy.value, tally.emissions.value / 1000, tally.cost.value,
        ])
    }
    for (zone, hours) in zip(zones, charts.hours) {
      for (hour, mean) in hours.enumerated() {
        try database.cachedStatement(sql: "INSERT INTO zone_hours VALUES (?, ?, ?, ?, ?, ?)")
          .execute(arguments: [run, zone, hour, mean.cpuCores, mean.memoryGigabytes, mean.gpus])
      }
    }
    try insertLoad(charts, of: run, zones, database)
  }

  private static func insertLoad(
    _ charts: ChartFigures, of run: Int, _ zones: [Int], _ database: Database
  ) throws {
    let text = TextBuffer()
    var row = try RowBinder(database, sql: "INSERT INTO zone_load VALUES (?, ?, ?, ?, ?)")
    for (zone, load) in zip(zones, charts.load) {
      var at = charts.start
      for power in load {
        let next = min(at + charts.interval, charts.end)
        put(run, zone, text, at, next, &row)
        row.put(power.value)
        try row.endRow()
        at = next
      }
    }
  }

  private static func put(
    _ first: Int, _ second: Int, _ text: TextBuffer, _ from: Instant, _ until: Instant, _ row: inout RowBinder
  ) {
    text.removeAll()
    text.append(from)
    text.append(until)
    row.put(first)
    row.put(second)
    let bytes = text.bytes
    row.put(UnsafeBufferPointer(rebasing: bytes[0..<24]))
    row.put(UnsafeBufferPointer(rebasing: bytes[24..<48]))
  }

  static func insert(_ forecasts: [ChartData.Forecast], set: Int, zone: Int, _ database: Database) throws {
    for forecast in forecasts {
      for step in forecast.steps {
        try database.cachedStatement(sql: "INSERT INTO forecast_steps VALUES (?, ?, ?, ?, ?, ?)")
          .execute(arguments: [
            set, zone, forecast.issuedAt.iso8601, step.start.iso8601, step.end.iso8601, step.value,
          ])
      }
    }
  }
}
