import Foundation
import WebKit

/// Scheme, host and port: who a page is.
struct Origin: Equatable {
    private let scheme: String
    private let host: String
    private let port: Int

    init?(_ url: URL) {
        guard let scheme = url.scheme?.lowercased(), let host = url.host?.lowercased() else { return nil }
        self.init(scheme: scheme, host: host, port: url.port)
    }

    init(_ origin: WKSecurityOrigin) {
        // WebKit says 0 for the scheme's own port.
        self.init(scheme: origin.protocol, host: origin.host, port: origin.port == 0 ? nil : origin.port)
    }

    private init(scheme: String, host: String, port: Int?) {
        self.scheme = scheme
        self.host = host
        self.port = port ?? (scheme == "http" ? 80 : 443)
    }
}

extension URL {
    /// Whether this is the redirect URI, whatever parameters it came with.
    func isSamePlace(as redirect: URL) -> Bool {
        scheme?.lowercased() == redirect.scheme?.lowercased() && host?.lowercased() == redirect.host?.lowercased()
            && port == redirect.port && path == redirect.path
    }

    /// What the redirect says about how it ended; nothing if it says nothing.
    var outcome: BankLinkOutcome? {
        let items = URLComponents(url: self, resolvingAgainstBaseURL: false)?.queryItems ?? []
        func value(_ name: String) -> String? { items.first { $0.name == name }?.value }
        if value("error") != nil { return .left(reason: "failed") }
        // `/link` brings a code, `/v2/` the connection's id: the server finds the code that belongs to it.
        if let code = value("code") { return .linked(code: code) }
        return value("loginId") == nil ? nil : .linked(code: nil)
    }
}
