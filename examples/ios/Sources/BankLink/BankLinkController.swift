import SafariServices
import UIKit
import WebKit

/// Shows the widget, and tells how it ended. Present it as a sheet or push it; who presented it dismisses it.
public final class BankLinkController: UIViewController {
    /// Most tokens that are asked for within a minute: if new ones are refused as well, more won't help.
    private static let mostTokens = 3

    private let settings: BankLinkSettings
    private let server: BankLinkServer
    private let onOutcome: (BankLinkOutcome) -> Void
    private let onSession: (String?) -> Void

    /// The link session, to go on with when the app was killed.
    private var session: String?
    private var opening: Task<Void, Never>?
    private var webView: WKWebView?
    private var bank: SFSafariViewController?
    private var renewals: [Date] = []
    private var isFinished = false

    /// - Parameters:
    ///   - session: what `onSession` told last, if the app was killed before the outcome.
    ///   - onSession: keep this while the widget is open. It is no secret.
    public init(
        settings: BankLinkSettings,
        server: BankLinkServer,
        resuming session: String? = nil,
        onSession: @escaping (String?) -> Void = { _ in },
        onOutcome: @escaping (BankLinkOutcome) -> Void
    ) {
        self.settings = settings
        self.server = server
        self.session = session
        self.onSession = onSession
        self.onOutcome = onOutcome
        super.init(nibName: nil, bundle: nil)
    }

    @available(*, unavailable)
    required init?(coder: NSCoder) {
        fatalError("made in code")
    }

    public override func viewDidLoad() {
        super.viewDidLoad()
        view.backgroundColor = .systemBackground
        begin()
    }

    public override func viewDidDisappear(_ animated: Bool) {
        super.viewDidDisappear(animated)
        // Under the bank's page it only is not seen.
        if isBeingDismissed || isMovingFromParent { close() }
    }

    /// The person swiped it away, or the app takes it away.
    public func close() {
        finish(.left(reason: "closed"))
    }

    // MARK: The widget

    private func begin() {
        opening?.cancel()
        opening = Task { [weak self, server, session] in
            let beginning = try? await server.begin(resuming: session)
            guard let self, !Task.isCancelled else { return }
            switch beginning {
            case .token(let token): self.show(token)
            case .linked: self.finish(.linked(code: nil))
            case nil: self.finish(.unavailable)
            }
        }
    }

    /// Opens the widget, in a new webview: it has no history of a token that is used up.
    private func show(_ token: String) {
        webView?.removeFromSuperview()
        let configuration = WKWebViewConfiguration()
        configuration.userContentController.add(Bridge(self), name: "banklink")
        let webView = WKWebView(frame: view.bounds, configuration: configuration)
        // To the edges of the screen: the page pads its safe areas itself.
        webView.autoresizingMask = [.flexibleWidth, .flexibleHeight]
        webView.navigationDelegate = self
        // A swipe from the edge is a step back, as the widget's own button.
        webView.allowsBackForwardNavigationGestures = true
        view.addSubview(webView)
        webView.load(URLRequest(url: address(token)))
        self.webView = webView
    }

    private func address(_ token: String) -> URL {
        var query = [
            URLQueryItem(name: "authorizeToken", value: token),
            URLQueryItem(name: "webview", value: "true"),
            URLQueryItem(name: "stringify", value: "true"),
        ]
        if let session { query.append(URLQueryItem(name: "requestId", value: session)) }
        return settings.widget.appending(path: "v2/").appending(queryItems: query)
    }

    /// Begins anew with another token.
    private func renew() {
        renewals = renewals.filter { $0.timeIntervalSinceNow > -60 } + [Date()]
        remember(nil)
        if renewals.count > Self.mostTokens { finish(.unavailable) } else { begin() }
    }

    private func remember(_ session: String?) {
        guard session != self.session else { return }
        self.session = session
        onSession(session)
    }

    private func finish(_ outcome: BankLinkOutcome) {
        guard !isFinished else { return }
        isFinished = true
        opening?.cancel()
        remember(nil)
        closeBank()
        onOutcome(outcome)
    }

    // MARK: Messages

    /// Takes a message, from the widget's own page and no other.
    fileprivate func heard(_ received: WKScriptMessage) {
        guard !isFinished, received.webView === webView, received.frameInfo.isMainFrame,
              Origin(received.frameInfo.securityOrigin) == Origin(settings.widget),
              let message = WidgetMessage(received.body)
        else { return }
        if let session = message.banklink?.session { remember(session) }
        switch message.step {
        case "OPEN_URL": openBank(message.url)
        case "REDIRECT": finish(.linked(code: message.code))
        // What the person did not choose is explained on the page, until they close it.
        case "EXIT" where message.reason != "unsupported": finish(.left(reason: message.reason ?? "closed"))
        case "TOKEN_INVALID": renew()
        // The session that was to go on is over, or at a step that begins anew anyway.
        case "ERROR" where message.parameter == "requestId": renew()
        case let step? where step.hasPrefix("COMPONENT_LOAD_"): closeBank()
        default: break
        }
    }

    // MARK: The bank's own page

    /// Shows the bank's own page in the system's browser, over the widget, which waits for the bank's answer meanwhile.
    private func openBank(_ text: String?) {
        guard let url = text.flatMap({ URL(string: $0) }), url.scheme == "https" || Origin(url) == Origin(settings.widget)
        else { return }
        closeBank()
        let bank = SFSafariViewController(url: url)
        // What is under a full screen is taken out of its window, and its timers sleep.
        bank.modalPresentationStyle = .pageSheet
        present(bank, animated: true)
        self.bank = bank
    }

    /// The widget has moved on: the bank's page is done.
    private func closeBank() {
        bank?.dismiss(animated: true)
        bank = nil
    }

    /// Leaves what is not the widget to the system: the bank's app, the bank's help, the app's terms.
    private func openOutside(_ action: WKNavigationAction, _ url: URL) {
        let isAppLink = action.navigationType == .linkActivated && !isOfTheWebview(url)
        if url.scheme == "https" || isAppLink { UIApplication.shared.open(url) }
    }

    /// Whether an address means something within a page only.
    private func isOfTheWebview(_ url: URL) -> Bool {
        ["http", "javascript", "data", "blob", "file", "about"].contains(url.scheme?.lowercased() ?? "about")
    }
}

// MARK: - Navigation

extension BankLinkController: WKNavigationDelegate {
    public func webView(
        _ webView: WKWebView, decidePolicyFor action: WKNavigationAction
    ) async -> WKNavigationActionPolicy {
        guard let url = action.request.url else { return .cancel }
        // The widget has no frames. Without a target it is a link for a window of its own.
        if let frame = action.targetFrame, !frame.isMainFrame { return .cancel }
        if action.targetFrame != nil, Origin(url) == Origin(settings.widget) { return .allow }
        if url.isSamePlace(as: settings.redirect) {
            if let outcome = url.outcome { finish(outcome) }
        } else {
            openOutside(action, url)
        }
        return .cancel
    }

    public func webView(
        _ webView: WKWebView, didFailProvisionalNavigation navigation: WKNavigation!, withError error: Error
    ) {
        let error = error as NSError
        // What was cancelled above has WebKit's own domain.
        if error.domain == NSURLErrorDomain, error.code != NSURLErrorCancelled { finish(.unavailable) }
    }

    public func webViewWebContentProcessDidTerminate(_ webView: WKWebView) {
        webView.reload()
    }
}

/// A content controller keeps its handlers: this one does not keep the screen.
@MainActor
private final class Bridge: NSObject, WKScriptMessageHandler {
    private weak var controller: BankLinkController?

    init(_ controller: BankLinkController) {
        self.controller = controller
    }

    func userContentController(_ controller: WKUserContentController, didReceive message: WKScriptMessage) {
        self.controller?.heard(message)
    }
}
