public import Domain

/// A row of `users`.
public struct UserRow: Sendable {
  public var id: String
  public var email: String
  public var name: String
  /// `operator` or `user`.
  public var role: String
  public var createdAt: Instant

  /// The users of a job log, by their place in it; jobs that tell no user have `default`, or the first of
  /// `default-`, `default--`, … that no user of the log is called.
  public static func rows(logged ids: [String], createdAt: Instant) -> [UserRow] {
    var nobody = "default"
    while ids.contains(nobody) { nobody += "-" }
    return (ids.isEmpty ? [""] : ids).map { UserRow(id: $0.isEmpty ? nobody : $0, createdAt: createdAt) }
  }

  private init(id: String, createdAt: Instant) {
    self.id = id
    name = id
    let plain = self.id.unicodeScalars.map { $0.isASCII && $0.properties.isAlphabetic || "0"..."9" ~= $0 ? $0 : "-" }
    var address = ""
    address.unicodeScalars.append(contentsOf: plain)
    email = "\(address)@pylon.example"
    role = "user"
    self.createdAt = createdAt
  }
}
