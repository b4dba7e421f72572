// Starts the widget. This text becomes one module with wasm-bindgen's glue, whose init function is in scope.
//
// A browser that can't run it, a file that does not arrive, or a trap in the wasm must not leave a person before a
// dead page: they read what to do, and the host hears ERROR and EXIT, unless the flow has ended already. The widget
// sets `window.banklinkEnded` once it said how the flow ended, and `window.banklinkScreen` to the screen it shows.

const script = document.getElementById("bl-script");

function allows(pattern, origin) {
  return pattern === origin || (pattern === "http://localhost:*" && /^http:\/\/localhost(:\d+)?$/.test(origin));
}

/** The origins to tell: the embedding page's where it is known, else every exact one of the app's. */
function origins() {
  const allowed = document.querySelector('meta[name="bl-origins"]').content.split(" ").filter(Boolean);
  let known = location.ancestorOrigins?.[0];
  if (!known && document.referrer) known = new URL(document.referrer).origin;
  if (!known || known === location.origin) return allowed.filter((origin) => !origin.endsWith("*"));
  return allowed.some((pattern) => allows(pattern, known)) ? [known] : [];
}

function post(sequence, message) {
  const host = window.parent === window ? window.opener : window.parent;
  if (!host) return;
  const banklink = { version: 1, session: null, sequence, timestamp: Date.now() };
  for (const origin of origins()) host.postMessage({ ...message, banklink }, origin);
}

function giveUp() {
  if (window.banklinkEnded) return;
  window.banklinkEnded = true;
  document.getElementById("bl-app").replaceChildren(document.getElementById("bl-unsupported").content.cloneNode(true));
  document.getElementById("title-unsupported").focus({ preventScroll: true });
  const sequence = window.banklinkSequence ?? 0;
  post(sequence + 1, { step: "ERROR", code: "UNSUPPORTED" });
  post(sequence + 2, { step: "EXIT", reason: "unsupported", at: window.banklinkScreen ?? "opening" });
}

function isTrap(error) {
  return typeof WebAssembly === "object" && error instanceof WebAssembly.RuntimeError;
}

addEventListener("error", (event) => isTrap(event.error) && giveUp());
addEventListener("unhandledrejection", (event) => isTrap(event.reason) && giveUp());

const isLocal = ["localhost", "127.0.0.1", "[::1]"].includes(location.hostname);
if (typeof WebAssembly === "object" && (window.isSecureContext || isLocal)) {
  __wbg_init({ module_or_path: script.dataset.wasm }).catch(giveUp);
} else {
  giveUp();
}
