// Starts the widget. This text is joined to the module that wasm-bindgen writes, whose init function is in scope.
//
// A browser that can't run it, a file that does not arrive, or a trap in the wasm must not leave a person before a
// dead page: they read what to do, and the host hears ERROR and EXIT, unless the flow has ended already.

const script = document.getElementById("bl-script");

function host() {
  return window.parent === window ? window.opener : window.parent;
}

function post(message) {
  const target = host();
  const origins = document.querySelector('meta[name="bl-origins"]').content.split(" ").filter(Boolean);
  const parent = window.location.ancestorOrigins?.[0];
  const known = parent && origins.includes(parent) ? [parent] : origins;
  for (const origin of target ? known : []) {
    target.postMessage(message, origin);
  }
}

function give_up() {
  const root = document.documentElement;
  if (root.dataset.blState === "unsupported") return;
  const ended = root.dataset.blState === "ended";
  root.dataset.blState = "unsupported";
  if (ended) return;
  document.getElementById("bl-app").replaceChildren(document.getElementById("bl-unsupported").content.cloneNode(true));
  document.getElementById("title-unsupported").focus();
  const banklink = { version: 1, timestamp: Date.now() };
  post({ step: "ERROR", code: "UNSUPPORTED", banklink });
  post({ step: "EXIT", reason: "unsupported", at: "opening", banklink });
}

function is_trap(error) {
  return typeof WebAssembly === "object" && error instanceof WebAssembly.RuntimeError;
}

window.addEventListener("error", (event) => is_trap(event.error) && give_up());
window.addEventListener("unhandledrejection", (event) => is_trap(event.reason) && give_up());

if (typeof WebAssembly === "object" && window.isSecureContext) {
  __wbg_init({ module_or_path: script.dataset.wasm }).catch(give_up);
} else {
  give_up();
}
