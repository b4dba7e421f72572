import BankLink
import SwiftUI

@main
struct ExampleApp: App {
    var body: some Scene {
        WindowGroup { BanksScreen() }
    }
}

struct BanksScreen: View {
    /// Survives the app: where it was killed, the next start goes on.
    @SceneStorage("bank-link-session") private var session: String?
    @State private var isLinking = false
    @State private var note = ""

    private let server = ExampleServer()
    private let settings = BankLinkSettings(
        widget: URL(string: "https://link.example")!,
        redirect: URL(string: "exampleapp://linked")!
    )

    var body: some View {
        VStack(spacing: 16) {
            Button("Connect a bank") { isLinking = true }
                .buttonStyle(.borderedProminent)
            Text(note)
        }
        .onAppear { isLinking = session != nil }
        // Nothing to do: to be in the foreground is enough, the widget goes on by itself. What stands in the address is
        // not believed, since every app may open it.
        .onOpenURL { _ in }
        .sheet(isPresented: $isLinking) {
            BankLinkView(settings: settings, server: server, session: $session) { outcome in
                isLinking = false
                Task { await ended(outcome) }
            }
            .ignoresSafeArea()
        }
    }

    private func ended(_ outcome: BankLinkOutcome) async {
        switch outcome {
        case .linked(let code):
            do {
                try await server.collect(code: code)
                note = "Your bank is connected."
            } catch {
                // The code waits at banklink: the server collects it the next time it is asked.
                note = "Your bank is connected. Its accounts will be here soon."
            }
        case .left: note = "Nothing was connected."
        case .unavailable: note = "Connecting a bank does not work just now. Please try again later."
        }
    }
}

/// The app's own server: what it does is in `examples/README.md`.
struct ExampleServer: BankLinkServer {
    private let base = URL(string: "https://app.example")!

    func begin(resuming session: String?) async throws -> BankLinkBeginning {
        struct Answer: Decodable {
            let token: String?
        }
        let answer = try JSONDecoder().decode(Answer.self, from: try await post("bank-links", ["session": session]))
        return answer.token.map(BankLinkBeginning.token) ?? .linked
    }

    func collect(code: String?) async throws {
        _ = try await post("bank-links/collect", ["code": code])
    }

    /// Posts as the person who is signed in: put your app's own session on the request.
    private func post(_ path: String, _ body: [String: String?]) async throws -> Data {
        var request = URLRequest(url: base.appending(path: path))
        request.httpMethod = "POST"
        request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        request.httpBody = try JSONEncoder().encode(body)
        let (data, response) = try await URLSession.shared.data(for: request)
        guard let status = (response as? HTTPURLResponse)?.statusCode, (200..<300).contains(status)
        else { throw URLError(.badServerResponse) }
        return data
    }
}
