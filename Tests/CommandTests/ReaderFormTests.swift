import Foundation
import Testing

/// Files as people have them, from the command line.
@Suite struct ReaderFormTests {
  /// A compressed file that cannot be decompressed for want of room is the machine's fault, not the file's.
  @Test func noRoomToDecompressIsStatusThree() throws {
    let workshop = try Workshop()
    #expect(try workshop.shell("gzip carbon.csv && mv carbon.csv.gz carbon.csv").status == 0)
    #expect(try workshop.simulate().status == 0)
    for command in ["run s.yaml --out full", "validate s.yaml", "trace describe carbon.csv"] {
      let told = try workshop.shell("TMPDIR=/nowhere $pylon \(command)")
      #expect(told.status == 3 && told.error.contains("no temporary file in /nowhere"), "\(command): \(told.error)")
    }
    // A fault of the input beside it is the user's to mend.
    try workshop.write("jobs.csv", "job_id,submitted_at,duration_s\na,soon,60\n")
    #expect(try workshop.shell("TMPDIR=/nowhere $pylon validate s.yaml").status == 2)
    // Less room than the file takes: the shell counts blocks of 512 or 1024 bytes.
    let rows = (0..<40_000).map { "\(1_577_836_800 + $0 * 60),\($0 % 97),1\n" }.joined()
    try workshop.write("long.csv", "datetime,NORTH,SOUTH\n" + rows)
    let full = try workshop.shell("gzip long.csv; ulimit -f 100; $pylon trace describe long.csv.gz")
    #expect(full.status == 3 && full.error.contains("no room for a temporary file"), "\(full.error)")
  }

  @Test func numbersThatStandForNothing() throws {
    let workshop = try Workshop()
    try workshop.change("carbon.csv", "T05:00Z,105,", "T05:00Z,-999,")
    let told = try workshop.run(["trace", "describe", "carbon.csv", "--null", "-999", "--gaps", "hold"])
    #expect(told.status == 0 && told.out.contains("note: 1 missing step filled"), "\(told.error)")
    try workshop.write("j.csv", "job_id,submitted_at,duration_s,required_gpus\na,2020-01-06T00:00Z,60,-1\n")
    #expect(try workshop.run(["workload", "describe", "j.csv", "--null", "-1"]).status == 0)
  }

  /// Names with commas and quotes come back as they were.
  @Test func importedNamesAreQuoted() throws {
    let workshop = try Workshop()
    let name = "\"a \"\"b\"\", c\""
    try workshop.write("c.csv", "datetime,\(name)\n2020-01-06T00:00Z,1\n2020-01-06T01:00Z,0.25\n")
    #expect(try workshop.run(["trace", "import", "c.csv", "--out", "i.csv"]).status == 0)
    #expect(
      try workshop.read("i.csv")
        == "datetime,\(name)\n2020-01-06T00:00:00.000Z,1\n2020-01-06T01:00:00.000Z,0.25\n")
    try workshop.write("j.csv", "job_id,submitted_at,duration_s,user_id\n\(name),2020-01-06T00:00Z,60,=1\n")
    #expect(try workshop.run(["workload", "import", "j.csv", "--out", "k.csv"]).status == 0)
    #expect(
      try workshop.read("k.csv").hasSuffix(
        "\n\(name),2020-01-06T00:00:00.000Z,,OTHER,MEDIUM,\"'=1\",1,0,0,60,60,,,,,120,,\n"))
  }

  @Test func jobsThatNoZoneHoldsAreNoted() throws {
    let workshop = try Workshop()
    try workshop.change("jobs.csv", "a,2020-01-06T00:00Z,3600,4,", "a,2020-01-06T00:00Z,3600,128,")
    let note = "note: 1 job fits in no zone and is rejected: a needs 128 cores, the largest zone has 8"
    let run = try workshop.simulate()
    #expect(run.status == 0 && run.out.contains(note))
    #expect(try workshop.run(["validate", "s.yaml"]).out.contains(note))
  }

  @Test func spansWithoutAUnit() throws {
    let workshop = try Workshop()
    for change in ["clock.duration=86400", "grid.forecast={update: 1800}", "warm_up=3600", "outputs.maps={every: 60}"] {
      let told = try workshop.run(["validate", "s.yaml", "--set", change])
      #expect(told.status == 2 && told.error.contains("time span"), "\(change): \(told.error)")
    }
  }
}
