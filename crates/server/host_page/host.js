// How a page links a bank. This file is an example: copy what you need.
//
//   1. Our server asks banklink for an authorize token, with the app's secret.    POST /api/token
//   2. The widget opens in an iframe with that token.                             openWidget
//   3. It tells us what happens by messages.                                      onMessage
//   4. On REDIRECT our server trades the code for the connection and its data.    POST /api/exchange
//
// The app's secret and the connection's token never come to the browser.

const byId = (id) => document.getElementById(id);

/** The widget on the page, if one is: { frame, origin, over, refreshes }. */
let widget = null;

// ---------------------------------------------------------------------------------------------------------------------
// Our own server

async function post(path, body = {}) {
  const response = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.message ?? `Our server answered ${response.status}.`);
  return answer;
}

// ---------------------------------------------------------------------------------------------------------------------
// The widget

async function openWidget() {
  closeWidget();
  enter("opening");
  say("Opening…");
  try {
    const { widget_url: address } = await post("/api/token");
    const url = withPageParameters(new URL(address));
    const frame = document.createElement("iframe");
    frame.id = "banklink";
    frame.title = "Connect a bank account";
    // The widget needs none of these.
    frame.allow = "camera 'none'; microphone 'none'; geolocation 'none'; payment 'none'";
    // It learns from the referrer which page to talk to, where the browser has no better way.
    frame.referrerPolicy = "origin";
    frame.src = url.href;
    widget = { frame, origin: url.origin, over: false, refreshes: [] };
    byId("frame-place").replaceChildren(frame);
    enter("linking");
    byId("panel-title").focus();
    say("");
  } catch (error) {
    enter("idle");
    fail(error);
  }
}

function closeWidget() {
  widget?.frame.remove();
  widget = null;
  enter("idle");
}

/** Hands the parameters of this page's own URL on, so that `/?language=fr&bank=testbank` can be tried. */
function withPageParameters(url) {
  const ours = ["autostart", "code", "error", "authorizeToken"];
  for (const [name, value] of new URLSearchParams(location.search)) {
    if (!ours.includes(name)) url.searchParams.set(name, value);
  }
  return url;
}

// ---------------------------------------------------------------------------------------------------------------------
// Its messages

window.addEventListener("message", (event) => {
  // Anyone can post to this window: take it from our frame and its origin only.
  if (!widget || event.source !== widget.frame.contentWindow || event.origin !== widget.origin) return;
  if (typeof event.data !== "object" || event.data === null) return;
  log(event.data);
  onMessage(widget, event.data);
});

function onMessage(widget, message) {
  switch (message.step) {
    case "TOKEN_INVALID":
      return refreshToken(widget);
    case "HEIGHT":
      return resize(widget.frame, message.px);
    case "REDIRECT":
      return linked(widget, message);
    case "EXIT":
      return left(widget, message);
  }
}

/** The token was used, or is older than 30 minutes: get another, and load the widget with it. */
async function refreshToken(widget) {
  // If new tokens are refused as well, asking for ever more won't help.
  const now = Date.now();
  widget.refreshes = widget.refreshes.filter((time) => now - time < 60_000);
  if (widget.refreshes.length >= 3) return fail(new Error("Connecting does not work just now."));
  widget.refreshes.push(now);
  try {
    const { token } = await post("/api/token");
    widget.frame.src = widget.frame.src.replace(/authorizeToken=[^&]+/, `authorizeToken=${encodeURIComponent(token)}`);
  } catch (error) {
    fail(error);
  }
}

/** As tall as its content, within reason: it does not jump for a short screen, and scrolls inside for a tall one. */
function resize(frame, pixels) {
  if (!Number.isFinite(pixels)) return;
  const most = Math.max(480, window.innerHeight - 96);
  frame.style.height = `${Math.min(Math.max(pixels, 480), most)}px`;
}

/** The person linked a bank. The code is good for one exchange, by our server. */
async function linked(widget, message) {
  if (widget.over) return;
  widget.over = true;
  await exchange(message.code);
}

/** The person left, or could not go on. */
function left(widget, message) {
  if (widget.over) return;
  widget.over = true;
  // What the person chose needs no more words; what went wrong is explained in the frame, which stays.
  const chosen = {
    closed: "You closed the window.",
    consent_denied: "You declined.",
    institution_not_found: "We’ll look into adding your bank.",
  };
  if (message.reason in chosen) closeWidget();
  say(`${chosen[message.reason] ?? "That did not work."} Nothing was connected.`, { again: true });
}

// ---------------------------------------------------------------------------------------------------------------------
// The connection

async function exchange(code) {
  say("Fetching your accounts…");
  try {
    show(await post("/api/exchange", { code }));
    say("");
    byId("connection-title").focus();
  } catch (error) {
    fail(error);
  }
}

function show({ institution, status, accounts, transactions }) {
  byId("connection-title").textContent = institution.name;
  byId("connection-status").textContent = status.replaceAll("_", " ");
  rows("accounts", accounts, ({ name, last_digits: digits, balance, currency }) => [
    digits ? `${name} •${digits}` : name,
    money(balance, currency),
  ]);
  rows("transactions", transactions, ({ date, description, amount, currency }) => [
    day(date),
    description,
    money(amount, currency),
  ]);
  enter(widget ? "linked" : "returned");
}

/** Fills a table. Text is always set as text: what a bank calls an account is not HTML. */
function rows(table, items, cells) {
  const body = byId(table).tBodies[0];
  body.replaceChildren();
  for (const item of items) {
    const row = body.insertRow();
    for (const text of cells(item)) row.insertCell().textContent = text;
    row.lastElementChild.className = "amount";
  }
}

/** Amounts come as text, since binary fractions can't hold them. */
function money(amount, currency) {
  return new Intl.NumberFormat("en-GB", { style: "currency", currency }).format(amount);
}

function day(date) {
  return new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" }).format(new Date(date));
}

// ---------------------------------------------------------------------------------------------------------------------
// What this page shows and says

const PARTS = {
  idle: ["intro", "connect", "envelopes"],
  opening: ["intro", "envelopes"],
  linking: ["intro", "panel"],
  linked: ["connection", "panel"],
  returned: ["connection", "envelopes"],
};

function enter(state) {
  document.body.dataset.state = state;
  for (const id of new Set(Object.values(PARTS).flat())) byId(id).hidden = !PARTS[state].includes(id);
}

function say(text, { again = false } = {}) {
  byId("notice").textContent = text;
  byId("notice").parentElement.toggleAttribute("data-empty", text === "");
  byId("again").hidden = !again;
  if (!again) return;
  byId("connect").hidden = true;
  // Where the focus was may be gone.
  const focused = document.activeElement;
  if (focused === document.body || focused.closest("[hidden]")) byId("again").focus();
}

function fail(error) {
  say(error.message, { again: true });
}

function log(message) {
  const { step, banklink, ...payload } = message;
  const item = document.createElement("li");
  item.dataset.message = JSON.stringify(message);
  const part = (name, text) => {
    const element = document.createElement(name);
    element.textContent = text;
    item.append(element, " ");
  };
  part("time", new Date().toLocaleTimeString("en-GB"));
  part("strong", step ?? message.flinksCode ?? "?");
  if (Object.keys(payload).length > 0) part("code", JSON.stringify(payload));
  byId("messages").append(item);
  item.parentElement.parentElement.scrollTop = item.offsetTop;
}

// ---------------------------------------------------------------------------------------------------------------------
// Start

byId("connect").addEventListener("click", openWidget);
byId("again").addEventListener("click", openWidget);

enter("idle");
const page = new URLSearchParams(location.search);
if (page.has("code")) {
  // The widget was a page of its own, and came back by redirect. The code is of no use twice: out of the address.
  history.replaceState(null, "", location.pathname);
  exchange(page.get("code"));
} else if (page.has("error")) {
  fail(new Error("That did not work. Nothing was connected."));
} else if (page.has("loginId")) {
  // The same, the way `/v2/` comes back: our server finds the code among the unused ones whenever it wants.
  say("Your bank is connected.");
} else if (page.get("autostart") === "true") {
  openWidget();
}
