import Domain
import Metrics
import Testing

@Suite struct StandingsTests {
  private static let figures: [String: [String: Double]] = [
    "standard": ["jobs_submitted": 1000, "jobs_ended_after_clock": 10, "carbon_after_clock_pct": 1, "sla_met_pct": 96],
    "patient": ["jobs_submitted": 1000, "jobs_ended_after_clock": 20, "carbon_after_clock_pct": 2, "sla_met_pct": 95],
    "late": ["jobs_submitted": 1000, "jobs_ended_after_clock": 21, "carbon_after_clock_pct": 1, "sla_met_pct": 99],
    "dirty": ["jobs_submitted": 1000, "jobs_ended_after_clock": 5, "carbon_after_clock_pct": 2.5, "sla_met_pct": 94.9],
  ]

  private func standings(_ requirements: [Requirement], without: String? = nil) -> Standings {
    Standings(requirements, labels: ["standard", "patient", "late", "dirty"], baseline: "standard") { metric, label in
      metric == without ? nil : StandingsTests.figures[label]?[metric]
    }
  }

  /// More than a percentage point of jobs or of emissions above the baseline's; 95 % of the deadlines.
  @Test func marks() {
    let own = standings([.standard])
    #expect(["standard", "patient", "late", "dirty"].map(own.marks) == ["", "", " †", " *†"])
    #expect(
      own.legend(["patient", "dirty"]) == [
        "* does not meet the requirements: deadlines met at least 95 %",
        "† more than 1 percentage point more of its jobs end, or over 1 % more is emitted, after the clock than under "
          + "standard",
      ])
    #expect(own.legend(["patient"]).isEmpty)
    let missed = own.missed("dirty")
    #expect(missed.count == 1 && missed[0].value == 94.9)
  }

  /// With several requirements the legend names those that are missed, with the policies that miss them.
  @Test func legendNamesWhoMisses() {
    let own = standings([.standard, Requirement(metric: "jobs_ended_after_clock", most: 10)])
    #expect(
      own.legend(["standard", "patient", "late", "dirty"])[0]
        == "* does not meet the requirements: deadlines met at least 95 % (dirty), jobs ended after the clock at most 10 "
        + "(patient, late)")
    #expect(!own.legend(["standard", "dirty"])[0].contains("after the clock"))
  }

  /// Without any deadline nothing is asked of them.
  @Test func whatHasNoValueIsAskedOfNobody() {
    let own = standings([.standard, Requirement(metric: "jobs_ended_after_clock", most: 10)], without: "sla_met_pct")
    #expect(own.requirements.map(\.metric) == ["jobs_ended_after_clock"])
    #expect(["standard", "patient", "late", "dirty"].map(own.keeps) == [true, false, false, true])
  }

  /// Without draining, jobs that were not done at the clock's end count like those that end later.
  @Test func unfinishedJobsArePushedOut() {
    let figures: [String: [String: Double]] = [
      "standard": ["jobs_submitted": 100, "jobs_ended_after_clock": 0, "jobs_unfinished": 2],
      "patient": ["jobs_submitted": 100, "jobs_ended_after_clock": 0, "jobs_unfinished": 3],
      "late": ["jobs_submitted": 100, "jobs_ended_after_clock": 1, "jobs_unfinished": 4],
    ]
    let own = Standings([.standard], labels: ["standard", "patient", "late"], baseline: "standard") { metric, label in
      figures[label]?[metric]
    }
    #expect(["standard", "patient", "late"].map(own.marks) == ["", "", " †"])
    #expect(
      own.legend(["late"]) == [
        "† more than 1 percentage point more of its jobs end after the clock or are unfinished, or over 1 % more is "
          + "emitted after it, than under standard"
      ])
  }

  /// A policy that emits less within the clock has a larger share after it; that alone pushes nothing out.
  @Test(arguments: [(300.0, 20.0, ""), (300, 24, " †"), (1000, 7, ""), (1000, 7.2, " †")])
  func emissionsAfterTheClockAreOfTheBaseline(carbon: Double, share: Double, marks: String) {
    let figures: [String: [String: Double]] = [
      "standard": ["carbon_kg": 1000, "carbon_after_clock_pct": 6.1],
      "own": [
        "carbon_kg": carbon, "carbon_after_clock_pct": share,
      ],
    ]
    let standings = Standings([.standard], labels: ["standard", "own"], baseline: "standard") { metric, label in
      figures[label]?[metric]
    }
    #expect(standings.marks("own") == marks)
  }

  /// Jobs that outages ended are neither late nor left: of ten that did not complete, nine failed.
  @Test func failedJobsAreNotPushedOut() {
    let figures: [String: [String: Double]] = [
      "standard": ["jobs_submitted": 100, "jobs_ended_after_clock": 0, "jobs_unfinished": 0, "jobs_failed": 0],
      "failing": ["jobs_submitted": 100, "jobs_ended_after_clock": 0, "jobs_unfinished": 10, "jobs_failed": 9],
      "leaving": ["jobs_submitted": 100, "jobs_ended_after_clock": 0, "jobs_unfinished": 10, "jobs_failed": 8],
    ]
    let labels = ["standard", "failing", "leaving"]
    let own = Standings([.standard], labels: labels, baseline: "standard") { figures[$1]?[$0] }
    #expect(labels.map(own.marks) == ["", "", " †"])
    #expect(own.left("failing") == 1 && own.failed("failing") == 9)
    #expect(own.legend(["standard", "failing"]).count == 1 && own.legend(["standard"]).isEmpty)
  }

  /// A saving from work that the policy or the baseline did not do has a mark of its own, whichever left more.
  @Test func savingsOnOtherWorkAreMarked() {
    func row(_ done: Double, rejected: Double = 0, failed: Double = 0) -> [String: Double] {
      let left = 100 - done - rejected
      return [
        "jobs_submitted": 100, "jobs_completed": done, "jobs_rejected": rejected, "jobs_unfinished": left,
        "jobs_failed": failed,
      ]
    }
    for (own, baseline, isMarked) in [
      (row(100), row(100), false), (row(99, rejected: 1), row(100), false), (row(98, rejected: 2), row(100), true),
      (row(100), row(60, rejected: 40), true), (row(90), row(95), true), (row(97, failed: 3), row(100), true),
      (row(60, rejected: 40), row(60, rejected: 40), false), (row(60), row(60, rejected: 40), true),
    ] {
      let figures = ["standard": baseline, "own": own]
      let standings = Standings([.standard], labels: ["standard", "own"], baseline: "standard") { figures[$1]?[$0] }
      let marks = ["carbon_savings_pct", "cost_savings_pct", "carbon_kg"].map { standings.figureMark($0, "own") }
      #expect(marks == (isMarked ? ["‡", "‡", ""] : ["", "", ""]), "\(own) \(baseline)")
      #expect(standings.figureMark("carbon_savings_pct", "standard").isEmpty)
      #expect((standings.savingLegend(["standard", "own"]) != nil) == isMarked)
    }
  }

  /// A bound on what a policy has no value of is not kept in silence.
  @Test func noValueIsSaid() {
    let asked = [
      Requirement.standard, Requirement(metric: "wait_mean_s", most: 60),
      Requirement(metric: "carbon_savings_pct", least: 10),
    ]
    let own = Standings(asked, labels: ["standard", "idle"], baseline: "standard") { metric, label in
      metric == "wait_mean_s" && label == "standard" ? 5 : nil
    }
    #expect(own.keeps("standard") && !own.keeps("idle") && own.missed("idle").map(\.value) == [nil])
    #expect(
      own.legend(["standard", "idle"]) == [
        "* does not meet the requirements: mean wait at most 60 s", "  no value: idle has none for mean wait",
        "no value: emissions saved at least 10 % is required, but no policy has a value for it",
      ])
  }

  @Test func bounds() {
    let both = Requirement(metric: "wait_mean_s", least: 1.5, most: 60)
    #expect(both.text == "mean wait from 1.5 to 60 s")
    #expect([1.4, 1.5, 60, 60.1].map { both.isKept(by: $0) } == [false, true, true, false])
    #expect(Requirement(metric: "carbon_kg", most: 7).text == "emissions at most 7 kgCO₂")
  }
}
