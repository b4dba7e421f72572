// The page of a token that belongs to no app we know. This constant is the one message ever sent to any origin.
const message = { step: "TOKEN_INVALID" };
const asked = new URLSearchParams(location.search.toLowerCase());
if (asked.get("webview") === "true") {
  const { ReactNativeWebView, webkit, banklink } = window;
  const apple = webkit?.messageHandlers?.banklink;
  const app = ReactNativeWebView ?? apple ?? banklink;
  app?.postMessage(app === apple && asked.get("stringify") !== "true" ? message : JSON.stringify(message));
} else {
  const host = window.parent === window ? window.opener : window.parent;
  host?.postMessage(message, "*");
}
