// Starts the widget. This text becomes one module with wasm-bindgen's glue, whose init function is in scope.
//
// What the browser does in a line of JavaScript costs a kilobyte of WebAssembly, so those lines are here, as
// `blWidget` (an app around a webview may have put a `banklink` into the page); `src/browser.rs` says what they are
// for. What happens when is not decided here.

const POSTCARD = "application/vnd.banklink.postcard";
/** Milliseconds after which an answer is given up: longer than a bank takes, shorter than a person waits. */
const PATIENCE = 60_000;

const byId = (id) => document.getElementById(id);
const NOTHING = new Uint8Array();
let formats = {};
const timers = [];
/** Tells the widget what happens. */
let heard;

/** The browser may deny a third-party frame its storage; then only the resume is lost. */
function stored(act) {
  try {
    return act(sessionStorage) ?? undefined;
  } catch {
    return undefined;
  }
}

async function answer(address, key, body, keepalive) {
  // What the bank says is wanted in the language of the page, whatever the browser's own.
  const headers = { Accept: POSTCARD, "Accept-Language": document.documentElement.lang };
  if (key) headers.Authorization = "Bearer " + key;
  const request = { headers, keepalive };
  if (body.length) {
    headers["Content-Type"] = POSTCARD;
    Object.assign(request, { method: "POST", body });
  }
  const controller = new AbortController();
  const patience = setTimeout(() => controller.abort(), PATIENCE);
  try {
    const response = await fetch(address, { ...request, signal: controller.signal });
    // A proxy's page, a hotel's portal: not our server.
    if (response.headers.get("Content-Type") !== POSTCARD) return [false, NOTHING];
    return [response.ok, new Uint8Array(await response.arrayBuffer())];
  } catch {
    return [false, NOTHING];
  } finally {
    clearTimeout(patience);
  }
}

/** The parent of the frame; in a webview the app, which speaks as the page itself; else the opener. */
const host = () => (window.parent !== window ? window.parent : manner.includes("webview") ? window : window.opener);

/** The app's origins, as the page names them. */
const allowed = document.querySelector('meta[name="bl-origins"]').content.split(" ").filter(Boolean);

function allows(origin) {
  return allowed.includes(origin) || (allowed.includes("http://localhost:*") && /^http:\/\/localhost(:\d+)?$/.test(origin));
}

/** Where we are embedded, or come from, if the browser tells. Firefox has no list of ancestors. */
function hostOrigin() {
  let origin = location.ancestorOrigins?.[0];
  if (!origin && document.referrer) {
    const { origin: told, protocol, host } = new URL(document.referrer);
    // An app's own page, as `capacitor://localhost`, has no origin that `URL` tells.
    origin = told === "null" ? `${protocol}//${host}` : told;
  }
  // A page that was reached from our own says nothing.
  return origin === location.origin ? undefined : origin;
}

/** The host's origin, once it is known. */
let known = hostOrigin();

/** Who may hear: the host's origin where it is known and allowed, else every exact one, of which at most one hears. */
function listeners() {
  if (known) return allows(known) ? [known] : [];
  return allowed.filter((origin) => !origin.endsWith("*"));
}

/** How the page was asked to talk: `webview`, `stringify`. */
const manner = document.querySelector('meta[name="bl-manner"]').content.split(" ");

/** The app around a webview, which put one of these objects into the page. */
function bridge() {
  const { ReactNativeWebView, webkit, banklink } = window;
  return ReactNativeWebView ?? webkit?.messageHandlers?.banklink ?? banklink;
}

/** Of an app that only watches where its webview goes, with its colon. */
const scheme = manner.find((word) => word.endsWith(":"));
let free = 0;

/** One navigation after the other: a webview hears the last of those that come at once. */
function navigate(url) {
  const now = performance.now();
  free = Math.max(free + 100, now);
  setTimeout(() => (location.href = url), free - now);
}

/** What nobody could hear yet: a parent on any port of localhost must say `hello` first. */
const unheard = [];

function tell(fields) {
  const data = manner.includes("stringify") ? JSON.stringify(fields) : fields;
  if (manner.includes("webview")) {
    // Android and React Native take text only.
    const app = bridge();
    if (!app && scheme) return navigate(scheme + "//message?data=" + encodeURIComponent(JSON.stringify(fields)));
    return app?.postMessage(app === window.webkit?.messageHandlers?.banklink ? data : JSON.stringify(fields));
  }
  const origins = listeners();
  if (!origins.length && !known && unheard.length < 100) unheard.push(fields);
  for (const origin of origins) host()?.postMessage(data, origin);
}

/** In a dialog of the host's, Escape is the close button; but a dialog of our own, or a search, comes first. */
function escape(event) {
  const own = document.querySelector("dialog[open]") || (event.target.type === "search" && event.target.value);
  if (event.key !== "Escape" || own) return;
  event.preventDefault();
  commands.close();
}

/** What the host can ask for (`widget.md`, section 4); anything from anybody else is ignored. */
const commands = {
  __proto__: null,
  hello: ({ modal }) => modal && addEventListener("keydown", escape),
  back: () => heard(12, 0, NOTHING),
  close: () => heard(12, 1, NOTHING),
  refreshToken: ({ authorizeToken }) => heard(12, 2, new TextEncoder().encode(String(authorizeToken))),
  setTheme({ theme }) {
    const asked = String(theme).toLowerCase();
    if (["auto", "light", "dark"].includes(asked)) document.documentElement.dataset.theme = asked;
  },
  setLanguage({ language }) {
    wanted = String(language);
    showTexts();
  },
};

/** The language whose texts are to be shown, while they are not; the page itself has those of its first screens. */
let wanted = "rest" in (byId("bl-texts")?.dataset ?? {}) ? document.documentElement.lang : undefined;

/** Fetches the texts of the wanted language, until they are there. */
async function showTexts() {
  const language = wanted;
  if (!language) return;
  const address = "/link/api/1/texts/" + encodeURIComponent(language);
  const response = await fetch(address).catch(() => undefined);
  const texts = await response?.arrayBuffer().catch(() => undefined);
  // Another language may be wanted by now.
  if (language !== wanted) return;
  if (!texts || response.status >= 500) return setTimeout(showTexts, 2_000);
  wanted = undefined;
  if (!response.ok) return;
  document.documentElement.lang = response.headers.get("Content-Language");
  document.documentElement.dir = response.headers.get("X-Direction");
  formats = {};
  heard(13, 0, new Uint8Array(texts));
}

addEventListener("message", ({ source, origin, data }) => {
  if (source !== host() || !(source === window || allows(origin)) || data?.banklink !== 1 || !heard) return;
  known = origin;
  for (const fields of unheard.splice(0)) tell(fields);
  commands[data.command]?.(data);
});

/** Colours that the page's address asks for. */
for (const color of document.querySelector('meta[name="bl-colors"]').content.split(" ").filter(Boolean)) {
  const [name, value] = color.split("=");
  const { style } = document.documentElement;
  style.setProperty(name, value);
  if (name !== "--bl-accent") continue;
  style.setProperty("--bl-accent-strong", value);
  const [red, green, blue] = value.match(/[0-9a-f]{2}/gi).map((part) => parseInt(part, 16));
  style.setProperty("--bl-on-accent", red * 299 + green * 587 + blue * 114 > 140_000 ? "#000" : "#fff");
}

// A page of its own has an entry of the tab's history for each step; in a frame the history is the host's.
let depth = history.state?.depth ?? 0;

addEventListener("popstate", ({ state }) => {
  const before = depth;
  depth = state?.depth ?? 0;
  if (depth < before) heard?.(14, depth, NOTHING);
});

/** Whether the person came Back to this page from the next one, the app's, and did nothing since. */
let cameBack = performance.getEntriesByType("navigation")[0]?.type === "back_forward";

// The first screen is on the page before the widget is. What the person does there is done once more on the widget's own,
// which looks the same, and what they typed is in it.
const app = byId("bl-app");
const controls = () => [...app.querySelectorAll("button, input, select")];
const missed = [];
const hearing = new AbortController();
let takeOver;
/** What was last in focus. */
let focused;

function miss(event) {
  if (event.type === "submit") return event.preventDefault();
  const control = event.target.closest(event.type === "click" ? "button" : "input, button");
  if (control) missed.push([controls().indexOf(control), event]);
}

for (const kind of ["click", "keydown", "submit"]) {
  app.addEventListener(kind, miss, { capture: true, signal: hearing.signal });
}

/** Whether a press, or a word that an input method composes, is under way. */
let busy;

for (const kind of ["pointerdown", "pointerup", "pointercancel", "compositionstart", "compositionend"]) {
  addEventListener(kind, () => (busy = /[nt]$/.test(kind)), true);
}

/** Lets the widget take over, not in the middle of that. One whose end nobody tells ends with the next. */
const start = (begin) => (busy ? setTimeout(start, 50, begin) : begin());

/** Does it on `own`, which are what `before` were. The screen may be another as soon as this ends. */
function repeat(before, own, active, { selectionStart, selectionEnd }) {
  before.forEach((control, index) => {
    if (control.value !== own[index].value) {
      own[index].value = control.value;
      own[index].dispatchEvent(new Event("input", { bubbles: true }));
    }
    if (control !== active) return;
    own[index].focus();
    if (selectionStart != null) own[index].setSelectionRange(selectionStart, selectionEnd);
  });
  for (const [index, event] of missed) {
    const again = () => own[index].dispatchEvent(new event.constructor(event.type, event));
    // What was tapped is there now; what was typed is looked for before a key chooses it.
    if (event.type === "click") again();
    else setTimeout(again);
  }
}

// Under a logo that does not come is a monogram.
for (const kind of ["load", "error"]) {
  app.addEventListener(kind, ({ target, type }) => (target.hidden = type === "error"), true);
}

const banklink = (window.blWidget = {
  mount() {
    const before = controls();
    const title = app.querySelector("h1").id;
    const { activeElement } = document;
    takeOver = () => {
      takeOver = undefined;
      hearing.abort();
      // A tab that comes back may be on another screen.
      const own = controls();
      if (byId(title) && own.length === before.length) queueMicrotask(() => repeat(before, own, activeElement, activeElement));
    };
    return app;
  },

  framed: () => window.parent !== window,
  last: { session: undefined, sequence: 0, screen: "opening", ended: false },

  call: (address, key, body, keepalive, what, number) =>
    answer(address, key, body, keepalive).then(([ok, bytes]) => {
      heard(what + ok, number, bytes);
      // The rest is not in the way of the first screen.
      if (bytes.length) showTexts();
    }),

  start(timer, milliseconds) {
    banklink.stop(timer);
    timers[timer] = setTimeout(() => heard(4, timer, NOTHING), milliseconds);
  },
  stop: (timer) => clearTimeout(timers[timer]),

  post(message, session, sequence, screen) {
    const fields = {};
    for (let index = 0; index < message.length; index += 2) fields[message[index]] = message[index + 1];
    fields.banklink = { version: 1, session: session ?? null, sequence, timestamp: Date.now() };
    const ended = banklink.last.ended || fields.step === "REDIRECT" || fields.step === "EXIT";
    banklink.last = { session, sequence, screen, ended };
    if (fields.parameter) console.warn(`banklink: the value of ${fields.parameter} is not one that it takes`);
    tell(fields);
  },

  // Opened in the click itself, else the browser refuses. The bank's page must not reach back into this one.
  popup(url) {
    const opened = window.open("", "banklink-bank", "popup,width=520,height=720");
    if (!opened) return false;
    opened.opener = null;
    opened.location.href = url;
    return true;
  },

  // A browser that refuses a frame the top window leaves the page standing, and with it the link.
  // Whoever comes back from there is not sent there again: they have the link.
  go(url, top) {
    if (cameBack) return;
    // What the app was told just now comes before.
    if (scheme) return navigate(url);
    try {
      (top ? window.top : window).location.href = url;
    } catch {}
  },

  listen(tell) {
    heard = tell;
    addEventListener("online", () => heard(0, 0, NOTHING));
    addEventListener("offline", () => heard(1, 0, NOTHING));
    // A person comes back, from the bank's app perhaps.
    addEventListener("pageshow", (event) => event.persisted && heard(2, 0, NOTHING));
    document.addEventListener("visibilitychange", () => document.hidden || heard(2, 0, NOTHING));
    // The keyboard of a phone takes room: what is typed into stays in sight.
    addEventListener("resize", () => {
      const field = document.activeElement;
      if (!banklink.framed() && field.matches("input")) field.scrollIntoView({ block: "nearest" });
    });
    app.addEventListener("focusin", ({ target }) => (focused = target));
    const engaged = () => {
      cameBack = false;
      heard(11, 0, NOTHING);
    };
    for (const kind of ["keydown", "pointerdown", "click"]) addEventListener(kind, engaged, { once: true, capture: true });
    if (banklink.framed()) new ResizeObserver(banklink.drawn).observe(app);
  },

  // Measuring costs a layout: once for what is drawn together. At once, since a frame that grows later moves its buttons.
  drawn() {
    takeOver?.();
    // Found institutions come and go: whoever walks among them is not lost.
    if (focused?.dataset.part === "bank-box" && !focused.isConnected) {
      focused = undefined;
      byId("input-search-bank")?.focus();
    }
    clearTimeout(banklink.measuring);
    if (banklink.framed()) banklink.measuring = setTimeout(banklink.measure);
  },

  // How high the page would be in a frame of no height: the page itself fills the one that it is in.
  measure() {
    app.classList.add("bl-measured");
    const height = app.scrollHeight;
    app.classList.remove("bl-measured");
    if (height !== banklink.height) heard(3, (banklink.height = height), NOTHING);
  },

  language: () => document.documentElement.lang,
  isRtl: () => document.documentElement.dir === "rtl",
  template: (id) => byId(id)?.content?.textContent ?? undefined,
  decode: (data) => Uint8Array.from(data, (byte) => byte.charCodeAt(0)),

  online: () => navigator.onLine,
  path: () => location.pathname,
  query: () => location.search,

  newKey: (prefix) =>
    crypto
      .getRandomValues(new Uint8Array(32))
      .reduce((key, byte) => key + (byte + 256).toString(16).slice(1), prefix),

  // The history keeps it for this entry, even where storage is denied.
  reload() {
    history.replaceState({ depth, reloaded: true }, "");
    location.reload();
  },
  reloaded() {
    const { reloaded } = history.state ?? {};
    if (reloaded) history.replaceState({ depth }, "");
    return !!reloaded;
  },

  depth: () => depth,
  deepen: (to) => history.pushState({ depth: (depth = to) }, ""),
  goOut: () => history.go(-1 - depth),

  // What the server handed this page after the bank's own; it leaves the address at once.
  handedOver(prefix) {
    const key = location.hash.slice(1);
    if (!key.startsWith(prefix)) return undefined;
    history.replaceState(history.state, "", location.pathname + location.search);
    return key;
  },

  get: (name) => stored((storage) => storage.getItem(name)),
  set: (name, value) => stored((storage) => storage.setItem(name, value)),
  remove: (name) => stored((storage) => storage.removeItem(name)),

  // A group focuses its first control; what is in a text field is selected, so that typing replaces it.
  focus(id) {
    const element = byId(id);
    const target = (element?.tagName === "FIELDSET" && element.querySelector("input")) || element;
    // A title begins a screen, which is read from its top, and is what the page is about now.
    if (element?.tagName === "H1") {
      scrollTo(0, 0);
      document.title = element.textContent;
    }
    target?.focus();
    target?.select?.();
    return !!target;
  },

  modal(id) {
    const dialog = byId(id);
    if (dialog && !dialog.open) dialog.showModal();
  },

  // The same text is said again when it comes again: a space that is not heard makes it another.
  say(text) {
    const live = byId("bl-live");
    live.textContent = live.textContent === text ? text + "\u00a0" : text;
  },

  value: (id) => byId(id)?.value ?? "",
  wellFormed: (id) => byId(id)?.validity?.valid ?? true,
  checked: (id) => Array.from(byId(id)?.querySelectorAll("input:checked") ?? [], (input) => input.value).join("\n"),

  country(language, code) {
    try {
      return (formats.region ??= new Intl.DisplayNames(language, { type: "region" })).of(code);
    } catch {
      return code;
    }
  },

  plural: (language, count) => (formats.plural ??= new Intl.PluralRules(language)).select(count),

  sortedCountries(language, codes) {
    const called = (code) => banklink.country(language, code);
    return codes
      .split(" ")
      .sort((one, other) => called(one).localeCompare(called(other), language))
      .join(" ");
  },

  // `Intl` reads decimals exactly; a float would not.
  format(language, number, currency) {
    const format = (formats[currency] ??= new Intl.NumberFormat(
      language,
      currency ? { style: "currency", currency } : {},
    ));
    return format.format(number);
  },

  // Moves the focus among the buttons of a list. From the search box, Enter chooses the only one.
  walk(event, list, search) {
    // The key belongs to the keyboard's own list of characters.
    if (event.isComposing) return;
    const buttons = [...byId(list).querySelectorAll("button")];
    const here = buttons.indexOf(document.activeElement);
    const top = buttons[0]?.offsetTop;
    const columns = buttons.filter((button) => button.offsetTop === top).length;
    const forward = document.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
    let to;
    if (here < 0) {
      if (event.key === "Enter" && buttons.length === 1) to = (buttons[0].click(), buttons[0]);
      else if (event.key === "ArrowDown" || event.key === "Enter") to = buttons[0];
    } else if (event.key === "Home") to = buttons[0];
    else if (event.key === "End") to = buttons[buttons.length - 1];
    else if (event.key === "ArrowDown") to = buttons[Math.min(here + columns, buttons.length - 1)];
    else if (event.key === "ArrowUp") to = buttons[here - columns] ?? byId(search);
    else if (event.key === forward) to = buttons[here + 1];
    else if (event.key === "ArrowLeft" || event.key === "ArrowRight") to = buttons[here - 1];
    if (!to) return;
    event.preventDefault();
    to.focus();
  },
});

// A browser that can't run the widget, a file that does not arrive, or a trap in the wasm must not leave a person
// before a dead page: they read what to do, and the host hears ERROR and EXIT, unless the flow has ended already.

function giveUp() {
  const { session, sequence, screen, ended } = banklink.last;
  if (ended) return;
  app.replaceChildren(byId("bl-unsupported").content.cloneNode(true));
  byId("title-unsupported").focus({ preventScroll: true });
  banklink.post(["step", "ERROR", "code", "UNSUPPORTED"], session, sequence + 1, screen);
  banklink.post(["step", "EXIT", "reason", "unsupported", "at", screen], session, sequence + 2, screen);
}
banklink.giveUp = giveUp;

function isTrap(error) {
  return typeof WebAssembly === "object" && error instanceof WebAssembly.RuntimeError;
}

addEventListener("error", (event) => isTrap(event.error) && giveUp());
addEventListener("unhandledrejection", (event) => isTrap(event.reason) && giveUp());

const isLocal = ["localhost", "127.0.0.1", "[::1]"].includes(location.hostname);
if (typeof WebAssembly === "object" && (window.isSecureContext || isLocal)) {
  __wbg_init({ module_or_path: byId("bl-script").dataset.wasm })
    .then(({ begin }) => start(begin))
    .catch(giveUp);
} else {
  giveUp();
}
