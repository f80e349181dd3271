@main struct P { static func main() { print("x") } }
