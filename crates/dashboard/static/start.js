// Starts the dashboard; where it can't start, or stops, the page says so, and what it said last, for whoever helps.
const { wasm } = document.getElementById("db-script").dataset;

const tellBroken = (why) => {
  document.getElementById("db-app").replaceChildren(document.getElementById("db-broken").content.cloneNode(true));
  document.getElementById("db-why").textContent = why;
  document.querySelector("h1").focus();
};

// What went wrong first is the cause: after it, the module can't be trusted.
let first;
addEventListener("error", ({ error, message }) => {
  first ??= message;
  if (error instanceof WebAssembly.RuntimeError) tellBroken([globalThis.dbPanic, first].join(" "));
});

__wbg_init({ module_or_path: wasm }).catch((error) => {
  tellBroken(error);
  throw error;
});
