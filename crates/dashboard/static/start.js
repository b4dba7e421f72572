// Starts the dashboard; where it can't start, or stops, the page says so.
const { wasm } = document.getElementById("db-script").dataset;

const tellBroken = () => {
  document.getElementById("db-app").replaceChildren(document.getElementById("db-broken").content.cloneNode(true));
  document.querySelector("h1").focus();
};

addEventListener("error", ({ error }) => {
  if (error instanceof WebAssembly.RuntimeError) tellBroken();
});

__wbg_init({ module_or_path: wasm }).catch((error) => {
  tellBroken();
  throw error;
});
