/// Small answers of the APIs whose JSON is read, for mutations.
enum Answers {
  static let carbon = [
    #"""
    {"zone":"GB","history":[{"carbonIntensity":355,"datetime":"2024-09-30T06:00:00.000Z","isEstimated":true},
    {"carbonIntensity":null,"datetime":"2024-09-30T07:00:00.000Z"},
    {"carbonIntensity":3,"datetime":"2024-09-30T08:00:00.000Z"}]}
    """#,
    #"""
    {"zone":"NORTH","forecast":[{"carbonIntensity":301,"datetime":"2024-09-30T10:00Z"},
    {"carbonIntensity":302,"datetime":"2024-09-30T11:00Z"}]}
    """#,
    #"""
    [{"point_time":"2022-07-15T00:00Z","value":1000,"ba":"NORTH","frequency":300},
    {"point_time":"2022-07-15T00:05Z","value":870,"ba":"NORTH"}]
    """#,
    #"""
    {"data":[{"point_time":"2022-07-15T00:00Z","value":1000},
    {"point_time":"2022-07-15T00:05Z","value":870}],"meta":{"region":"SOUTH","signal_type":"co2_moer","units":"lbs_co2_per_mwh"}}
    """#,
    #"""
    {"data":[{"generated_at":"a","forecast":[{"point_time":"2022-07-15T00:00Z","value":1},
    {"point_time":"2022-07-15T00:05Z","value":8}]}],"meta":{"region":"SOUTH","units":"lbs/MWh"}}
    """#,
    #"""
    [{"location":"NORTH","time":"2022-07-18T00:00Z","rating":65,"duration":"01:00:00"},
    {"Location":"NORTH","Time":"2022-07-18T01:00Z","Rating":66}]
    """#,
    #"""
    [{"generatedAt":"x","location":"NORTH","forecastData":[{"location":"NORTH","timestamp":"2022-07-18T00:00Z","value":3},
    {"timestamp":"2022-07-18T00:05Z","value":4}]}]
    """#,
    #"""
    {"unix_seconds":[1704067200,1704070800],"price":[20.5,null],"co2eq":[1,2],"unit":"EUR / MWh"}
    """#,
    #"""
    [{"zone":"GB","history":[{"carbonIntensity":355,"datetime":"2024-09-30T06:00:00.000Z","isEstimated":true},
    {"carbonIntensity":null,"datetime":"2024-09-30T07:00:00.000Z"},
    {"carbonIntensity":3,"datetime":"2024-09-30T08:00:00.000Z"}]},
    {"zone":"NORTH","forecast":[{"carbonIntensity":301,"datetime":"2024-09-30T10:00Z"},
    {"carbonIntensity":302,"datetime":"2024-09-30T11:00Z"}]}]
    """#,
  ]

  static let price = [
    #"""
    {"zone":"GB","data":[{"datetime":"2025-01-01T06:00Z","value":45.5,"unit":"EUR/MWh"},
    {"datetime":"2025-01-01T07:00Z","value":-3,"unit":"EUR/MWh"}]}
    """#,
    #"""
    {"count":2,"next":null,"results":[{"value_exc_vat":1,"value_inc_vat":1.05,"valid_from":"2024-01-05T01:00Z","valid_to":null,"payment_method":null},
    {"value_exc_vat":2,"value_inc_vat":2.1,"valid_from":"2024-01-05T00:00Z"}]}
    """#,
    #"""
    {"status_code":200,"data":[{"interval_start_utc":"2024-01-01T00:00Z","location":"NORTH","lmp":40},
    {"interval_start_utc":"2024-01-01T01:00Z","location":"NORTH","lmp":41}]}
    """#,
    #"""
    {"data":[["interval_start_utc","location","lmp"],["2024-01-01T00:00Z","A",4],["2024-01-01T01:00Z","A",5]]}
    """#,
    #"""
    {"unix_seconds":[1704067200,1704070800],"price":[20.5,null],"co2eq":[1,2],"unit":"EUR / MWh"}
    """#,
    #"""
    [{"count":2,"next":null,"results":[{"value_exc_vat":1,"value_inc_vat":1.05,"valid_from":"2024-01-05T01:00Z","valid_to":null,"payment_method":null},
    {"value_exc_vat":2,"value_inc_vat":2.1,"valid_from":"2024-01-05T00:00Z"}]},
    {"count":2,"next":null,"results":[{"value_exc_vat":1,"value_inc_vat":1.05,"valid_from":"2024-01-05T01:00Z","valid_to":null,"payment_method":null},
    {"value_exc_vat":2,"value_inc_vat":2.1,"valid_from":"2024-01-05T00:00Z"}]}]
    """#,
  ]
}
