import SwiftUI

/// The widget as a view, for a sheet.
public struct BankLinkView: UIViewControllerRepresentable {
    private let settings: BankLinkSettings
    private let server: BankLinkServer
    @Binding private var session: String?
    private let onOutcome: (BankLinkOutcome) -> Void

    /// - Parameter session: kept by the app while the widget is open, as in `SceneStorage`.
    public init(
        settings: BankLinkSettings,
        server: BankLinkServer,
        session: Binding<String?>,
        onOutcome: @escaping (BankLinkOutcome) -> Void
    ) {
        self.settings = settings
        self.server = server
        _session = session
        self.onOutcome = onOutcome
    }

    public func makeUIViewController(context: Context) -> BankLinkController {
        BankLinkController(
            settings: settings,
            server: server,
            resuming: session,
            onSession: { session = $0 },
            onOutcome: onOutcome
        )
    }

    public func updateUIViewController(_ controller: BankLinkController, context: Context) {}

    public static func dismantleUIViewController(_ controller: BankLinkController, coordinator: ()) {
        controller.close()
    }
}
