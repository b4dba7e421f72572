import { useCallback, useEffect, useRef, useState } from "react";
import { BackHandler, KeyboardAvoidingView, Linking, Platform, StyleSheet } from "react-native";
import { SafeAreaView } from "react-native-safe-area-context";
import { WebView, type WebViewMessageEvent } from "react-native-webview";
import type { Message } from "banklink";

import { isRedirect, mayLeaveTo, originOf, outcomeOf } from "./address";
import { begin } from "./server";

/** Where the widget is served. Nothing else is shown in the webview, and nobody else may talk to the app. */
const WIDGET = "https://link.example";
/** The app's redirect URI, to the letter as it is registered with banklink. */
const REDIRECT = "exampleapp://linked";

/** Most tokens that are asked for within a minute: if new ones are refused as well, more won't help. */
const MOST_TOKENS = 3;
const MINUTE = 60_000;

/** How it ended. */
export type Outcome =
  /** A bank is linked. The code is for the app's server, which exchanges it; without one the server looks for it. */
  | { kind: "linked"; code: string | null }
  /** Nothing is linked. The reason is that of the message `EXIT`. */
  | { kind: "left"; reason: string }
  /** The widget, or the app's server, could not be reached. */
  | { kind: "unavailable" };

export interface BankLinkProps {
  /** What `onSession` told last, if the app was killed before the outcome. */
  session?: string | null;
  /** Keep this while the widget is open. It is no secret. */
  onSession?(session: string | null): void;
  /** Called once: take the component away. */
  onOutcome(outcome: Outcome): void;
}

/** The widget, on all of the screen. */
export function BankLink({ session = null, onSession, onOutcome }: BankLinkProps) {
  /** A new webview for each token: it has no history of one that is used up. */
  const [page, setPage] = useState<{ number: number; address: string }>();
  const webView = useRef<WebView>(null);
  const canGoBack = useRef(false);
  const known = useRef(session);
  const renewals = useRef<number[]>([]);
  const isOver = useRef(false);
  const tell = useRef({ onSession, onOutcome });
  useEffect(() => {
    tell.current = { onSession, onOutcome };
  });

  const remember = useCallback((id: string | null) => {
    if (known.current === id) return;
    known.current = id;
    tell.current.onSession?.(id);
  }, []);

  const end = useCallback(
    (outcome: Outcome) => {
      if (isOver.current) return;
      isOver.current = true;
      remember(null);
      tell.current.onOutcome(outcome);
    },
    [remember],
  );

  const open = useCallback(async () => {
    try {
      const token = await begin(known.current);
      if (isOver.current) return;
      if (token === null) return end({ kind: "linked", code: null });
      canGoBack.current = false;
      setPage((before) => ({ number: (before?.number ?? 0) + 1, address: addressOf(token, known.current) }));
    } catch {
      end({ kind: "unavailable" });
    }
  }, [end]);

  /** Begins anew with another token. */
  const renew = useCallback(() => {
    const now = Date.now();
    renewals.current = [...renewals.current.filter((time) => now - time < MINUTE), now];
    remember(null);
    if (renewals.current.length > MOST_TOKENS) end({ kind: "unavailable" });
    else void open();
  }, [end, open, remember]);

  useEffect(() => {
    isOver.current = false;
    void open();
    // Taken away, it says no more.
    return () => void (isOver.current = true);
  }, [open]);

  useEffect(() => {
    // Each step of the widget is an entry of the webview's history.
    const back = BackHandler.addEventListener("hardwareBackPress", () => {
      if (canGoBack.current) webView.current?.goBack();
      else end({ kind: "left", reason: "closed" });
      return true;
    });
    return () => back.remove();
  }, [end]);

  const onMessage = ({ nativeEvent }: WebViewMessageEvent) => {
    if (originOf(nativeEvent.url) !== WIDGET || isOver.current) return;
    const message = read(nativeEvent.data);
    if (!message) return;
    if (message.banklink?.session) remember(message.banklink.session);
    switch (message.step) {
      case "OPEN_URL":
        // The widget waits for the bank's answer meanwhile.
        if (message.url.startsWith("https://")) void Linking.openURL(message.url).catch(() => undefined);
        return;
      case "REDIRECT":
        return end({ kind: "linked", code: message.code });
      case "EXIT":
        // What the person did not choose is explained on the page, until they close it.
        return message.reason === "unsupported" ? undefined : end({ kind: "left", reason: message.reason });
      case "TOKEN_INVALID":
        return renew();
      case "ERROR":
        // The session that was to go on is over, or at a step that begins anew anyway.
        return message.parameter === "requestId" ? renew() : undefined;
    }
  };

  /** Whether the webview may go there. */
  const mayLoad = (url: string) => {
    if (originOf(url) === WIDGET || url === "about:blank") return true;
    if (isRedirect(url, REDIRECT)) {
      const outcome = outcomeOf(url);
      if (outcome) end(outcome);
    } else {
      leaveTo(url);
    }
    return false;
  };

  return (
    <SafeAreaView style={styles.all}>
      <KeyboardAvoidingView style={styles.all} {...(Platform.OS === "android" ? { behavior: "height" } : {})}>
        {page && (
          <WebView
            key={page.number}
            ref={webView}
            source={{ uri: page.address }}
            // Every address is asked about below; without this, some would be opened unasked.
            originWhitelist={["*"]}
            onShouldStartLoadWithRequest={({ url }) => mayLoad(url)}
            onOpenWindow={({ nativeEvent }) => leaveTo(nativeEvent.targetUrl)}
            onMessage={onMessage}
            onNavigationStateChange={(state) => void (canGoBack.current = state.canGoBack)}
            onError={() => end({ kind: "unavailable" })}
            // iOS: the page is loaded again, and goes on.
            onContentProcessDidTerminate={() => webView.current?.reload()}
            // Android: this webview is of no use any more, and the key of its session is gone.
            onRenderProcessGone={() => void open()}
            allowsBackForwardNavigationGestures
            allowFileAccess={false}
            style={styles.all}
          />
        )}
      </KeyboardAvoidingView>
    </SafeAreaView>
  );
}

function addressOf(token: string, session: string | null): string {
  const query = [`authorizeToken=${encodeURIComponent(token)}`, "webview=true", "stringify=true"];
  if (session) query.push(`requestId=${encodeURIComponent(session)}`);
  return `${WIDGET}/v2/?${query.join("&")}`;
}

function read(text: string): Message | undefined {
  try {
    const message: unknown = JSON.parse(text);
    return typeof message === "object" && message !== null ? (message as Message) : undefined;
  } catch {
    return undefined;
  }
}

/** Leaves an address to the system; without an app for it nothing happens, and the page still offers another way. */
function leaveTo(url: string) {
  if (mayLeaveTo(url)) void Linking.openURL(url).catch(() => undefined);
}

const styles = StyleSheet.create({ all: { flex: 1 } });
