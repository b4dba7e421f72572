import Foundation

/// What the app knows of the widget.
public struct BankLinkSettings: Sendable {
    /// Where the widget is served. Nothing else is shown in the webview, and nobody else may talk to the app.
    public let widget: URL
    /// The app's redirect URI, to the letter as it is registered with banklink: `exampleapp://linked`.
    public let redirect: URL

    public init(widget: URL, redirect: URL) {
        self.widget = widget
        self.redirect = redirect
    }
}

/// How it ended.
public enum BankLinkOutcome: Equatable, Sendable {
    /// A bank is linked. The code is for the app's server, which exchanges it; without one the server looks for it.
    case linked(code: String?)
    /// Nothing is linked. The reason is that of the message `EXIT`.
    case left(reason: String)
    /// The widget, or the app's server, could not be reached.
    case unavailable
}

/// How to go on.
public enum BankLinkBeginning: Sendable {
    /// Open the widget with this token.
    case token(String)
    /// The session that was to go on has linked a bank meanwhile.
    case linked
}

/// The app's own server. It alone has the client secret: it makes tokens, and exchanges codes.
public protocol BankLinkServer: Sendable {
    /// A new authorize token for the person who is signed in to the app.
    /// - Parameter session: the link session that the app was killed in, if it was.
    func begin(resuming session: String?) async throws -> BankLinkBeginning

    /// Has the server exchange a code. Without one it looks through the codes that nobody has exchanged yet.
    func collect(code: String?) async throws
}

/// A message of the widget, as far as the app acts on it.
struct WidgetMessage: Decodable {
    struct Envelope: Decodable {
        let session: String?
    }

    let step: String?
    let url: String?
    let code: String?
    let reason: String?
    let parameter: String?
    let banklink: Envelope?

    /// Reads what the bridge brought: text, since the address says `stringify=true`.
    init?(_ body: Any) {
        guard let text = body as? String,
              let message = try? JSONDecoder().decode(Self.self, from: Data(text.utf8))
        else { return nil }
        self = message
    }
}
