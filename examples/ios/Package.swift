// swift-tools-version: 5.9
import PackageDescription

let package = Package(
    name: "BankLink",
    platforms: [.iOS(.v16)],
    products: [.library(name: "BankLink", targets: ["BankLink"])],
    targets: [.target(name: "BankLink")]
)
