// How a page links a bank. This file is an example: copy what you need.
//
//   1. Our server asks banklink for an authorize token, with the app's secret.    POST /api/token
//   2. embed.js opens the widget with it, and tells how it ended.                 openWidget
//   3. Our server trades the code for the connection, and reads its data.         POST /api/exchange
//
// Where the widget is a page of its own (GET /start-link), it comes back to /callback instead: see the end of the file.
// The same without embed.js: plain.js.
//
// The app's secret and the connection's token never come to the browser.

const byId = (id) => document.getElementById(id);

// ---------------------------------------------------------------------------------------------------------------------
// Our own server

async function post(path, body = {}) {
  const response = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  const answer = await response.json().catch(() => null);
  // Our server says what went wrong in words for customers, whoever told it.
  if (!response.ok) throw new Error(answer?.message ?? "That did not work. Please try again.");
  return answer;
}

const newToken = async () => (await post("/api/token")).token;

// ---------------------------------------------------------------------------------------------------------------------
// The widget

/** The widget on the page, if one is. */
let link = null;

async function openWidget() {
  closeWidget();
  enter("opening", "Opening…");
  try {
    if (!window.banklink) throw new Error(NOT_NOW);
    const token = await newToken();
    // Why it failed, if it did. The person may still put it right; if not, onExit follows.
    let failure;
    link = banklink.create({
      url: widgetAddress(),
      token,
      container: "#widget",
      // The token was used, or is older than 30 minutes: the person goes on with another.
      onToken: newToken,
      onEvent(message) {
        log(message);
        if (message.step === "ERROR") failure = message.code;
      },
      // The code is good for one exchange, by our server.
      onSuccess: ({ code }) => finish("/api/exchange", { code }),
      onExit: ({ reason }) => left(reason, failure),
    });
    enter("linking");
    link.open();
    byId("panel-title").focus();
  } catch (error) {
    stop(error.message);
  }
}

function closeWidget() {
  link?.destroy();
  link = null;
}

/** Yours is a constant. This one hands on what is asked of this page, so that `/?language=fr&bank=testbank` can be tried. */
function widgetAddress() {
  const asked = new URLSearchParams(location.search);
  for (const name of ["autostart", "code", "error", "loginId", "authorizeToken"]) asked.delete(name);
  // Of two values the first counts.
  return `/v2/?${asked}&demo=true&jsRedirect=true`;
}

/** The person left, or could not go on. */
function left(reason, failure) {
  // A widget that can't run here has nothing to leave: the frame explains it, and stays.
  if (reason === "unsupported") return enter("unsupported", LEFT.unsupported);
  stop(reason === "failed" ? failed(failure) : LEFT[reason] ?? failed());
}

const NOT_NOW = "Connecting a bank does not work just now. Please try again later.";

const LEFT = {
  closed: "You closed the window. Nothing was connected.",
  consent_denied: "You declined. Nothing was connected.",
  institution_not_found: "We’ll look into adding your bank. Nothing was connected.",
  session_expired: "That took too long, so we stopped to be safe. Nothing was connected.",
  token_invalid: NOT_NOW,
  unsupported: "This browser can’t connect a bank. Please try another one.",
};

/** What to say of a failure, by its code. */
const FAILED = {
  CREDENTIALS_ALREADY_EXIST: "That bank is connected already. Nothing changed.",
  DISABLED_LOGIN: "Your bank has locked your online access. Nothing was connected.",
  MAXIMUM_RETRY_REACHED: "There were too many tries. Nothing was connected.",
  RETRY_LATER: "Connecting does not work just now. Nothing was connected: please try again later.",
  USER_INTERACTION_NEEDED: "Your bank wants you to do something on its own site first. Nothing was connected.",
};

function failed(code) {
  return Object.hasOwn(FAILED, code ?? "") ? FAILED[code] : "That did not work. Nothing was connected.";
}

// ---------------------------------------------------------------------------------------------------------------------
// The connection

/** Asks our server for the connection and shows it, in place of the widget. */
async function finish(path, body) {
  if (!link) enter("fetching", "Fetching your accounts…");
  try {
    const connection = await post(path, body);
    if (!connection) return stop("No new connection waits for you here.");
    closeWidget();
    show(connection);
    byId("connection-title").focus();
  } catch (error) {
    stop(error.message);
  }
}

/** `data` is null where the bank let the person in, but its data can't be read yet: it is connected all the same. */
function show({ institution, status, data }) {
  byId("connection-title").textContent = institution.name;
  byId("connection-status").textContent = status.replaceAll("_", " ");
  byId("data").hidden = !data;
  byId("no-data").hidden = Boolean(data);
  rows("accounts", data?.accounts ?? [], ({ name, last_digits: digits, balance, currency }) => [
    [name, digits && `•${digits}`],
    money(balance, currency),
  ]);
  rows("transactions", data?.transactions ?? [], ({ date, description, amount, currency }) => [
    [description, day(date)],
    money(amount, currency),
  ]);
  enter("connected");
}

/** Fills a table: what, with a note below it, and how much. Text is set as text: what a bank calls things is not HTML. */
function rows(table, items, cells) {
  const body = byId(table).tBodies[0];
  body.replaceChildren();
  for (const item of items) {
    const [[what, note], amount] = cells(item);
    const row = body.insertRow();
    const cell = row.insertCell();
    cell.append(what);
    if (note) cell.append(document.createElement("br"), Object.assign(document.createElement("small"), { textContent: note }));
    row.insertCell().textContent = amount;
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
  idle: ["intro", "start", "envelopes"],
  opening: ["intro", "envelopes"],
  linking: ["intro", "panel"],
  unsupported: ["intro", "panel"],
  fetching: [],
  connected: ["connection"],
};

function enter(state, text = "") {
  document.body.dataset.state = state;
  for (const id of new Set(Object.values(PARTS).flat())) byId(id).hidden = !PARTS[state].includes(id);
  byId("notice").textContent = text;
}

/** Back to the beginning, with a word on why. */
function stop(text) {
  closeWidget();
  enter("idle", text);
  // Where the focus was is gone.
  byId("connect").focus();
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
  let text = JSON.stringify(payload);
  // People share pictures of this page, and a code is nobody else's business.
  if (step === "REDIRECT") text = text.replaceAll(payload.code, "•••");
  if (text !== "{}") part("code", text);
  byId("messages").append(item);
  item.parentElement.parentElement.scrollTop = item.offsetTop;
}

// ---------------------------------------------------------------------------------------------------------------------
// Start

byId("connect").addEventListener("click", openWidget);

const page = new URLSearchParams(location.search);
if (location.pathname === "/callback") {
  // The widget was a page of its own, and came back by redirect. Anybody can make such an address, so it is only a hint:
  // our server finds out what it is worth, and to whom. It is of no use twice: out of the address bar.
  history.replaceState(null, "", location.pathname);
  if (page.has("code")) finish("/api/exchange", { code: page.get("code") });
  else if (page.has("loginId")) finish("/api/arrived", { login_id: page.get("loginId") });
  else if (page.has("error")) stop(failed(page.get("error")));
  else enter("idle");
} else if (page.get("autostart") === "true") {
  openWidget();
} else {
  enter("idle");
}
