/// The scenario of `pylon init`.
enum StarterScenario {
  static let text = """
    # Two data centres for three days: what would each scheduling policy have emitted, cost and delayed?
    # Paths are relative to this file's folder. `pylon validate --resolved` prints every key with its default.

    name: starter                     # names the folders of the results; required
    seed: 1                           # all randomness follows from it; default 0
    clock:
      start: 2020-01-06T00:00:00Z     # ISO 8601, UTC unless it has an offset; required
      duration: 3d                    # s, m, h, d or w; jobs that still run at its end are run to completion

    zones:
      - code: NORTH                   # also the column of carbon.csv; required
        name: Glasgow                 # shown in tables and maps; default: the code
        coordinates: {lat: 55.86, lng: -4.25}                  # degrees north and east; required
        capacity: {cpu_cores: 64, memory_gb: 256, gpus: 8}     # what jobs share; default 0 each, not all 0
        pue: 1.2                      # energy at the meter over energy of the machines, ≥ 1; default 1
        idle_kw: 0                    # power drawn without any job, kW; default 0
        hardware: {cpu_core_watts: 10, gpu_watts: 300, memory_gb_watts: 0.392}   # W per unit; these are the defaults
      - code: SOUTH
        name: London
        coordinates: {lat: 51.51, lng: -0.13}
        capacity: {cpu_cores: 64, memory_gb: 256, gpus: 8}
        pue: 1.4

    grid:
      carbon: {file: carbon.csv}      # gCO2/kWh, a column per zone; or {constant: 150}, or {synthetic: gb-14}
      price: {constant: 0.2}          # per kWh, in GBP unless `currency` says otherwise; or {file: price.csv}
      forecast:
        model: perfect                # what policies know of the future: perfect, persistence (default), noisy, recorded
        horizon: 24h                  # how far they see; default 48h

    workload:
      file: jobs.csv                  # a row per job: times in UTC, duration_s in s, deferral_window_mins in min,
                                      # deadline as an instant; or `preset: pylon`, whose jobs are drawn

    policies:                         # each runs on the same jobs; `pylon policies` lists all of them
      - standard                      # starts jobs in their home zone, as soon as there is room
      - greedy-lowest-carbon          # starts jobs in the zone with room and the lowest intensity
      - deadline-aware:               # plans the zone and the start; meets deadlines
          weights: {carbon: 0.8, delay: 0.1, risk: 0.1}    # weights of its terms, ≥ 0; `pylon policies deadline-aware`
      - carbon-time:                  # published: GAIA, Hanafy et al., ASPLOS 2024
          zones: any                  # moves jobs between zones too; default home
    baseline: standard                # savings are against this policy; default standard

    replications: 1                   # runs with other random numbers; nothing is random here, so one is enough
    requirements: {sla_met_pct: 95}   # what a policy must meet to be recommended: 95 % of deadlines met, the default
    checks:                           # what `pylon check scenario.yaml` demands, for continuous integration
      - {metric: carbon_savings_pct, policy: deadline-aware, min: 20}    # per cent, against the baseline
      - {metric: sla_met_pct, policy: deadline-aware, min: 95}           # per cent of jobs with a deadline

    """
}
