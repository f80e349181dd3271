public import Domain

/// A row of `users`.
public struct UserRow: Sendable {
  public var id: String
  public var email: String
  public var name: String
  /// `operator` or `user`.
  public var role: String
  public var createdAt: Instant

  /// A user of a job log: the log's id is the name; where jobs tell no user, `default`.
  public init(logged id: String, createdAt: Instant) {
    self.id = id.isEmpty ? "default" : id
    name = self.id
    let plain = self.id.unicodeScalars.map { $0.isASCII && $0.properties.isAlphabetic || "0"..."9" ~= $0 ? $0 : "-" }
    var address = ""
    address.unicodeScalars.append(contentsOf: plain)
    email = "\(address)@pylon.example"
    role = "user"
    self.createdAt = createdAt
  }
}
