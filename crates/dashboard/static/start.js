// Starts the dashboard; where the browser can't, the page says so.
const { wasm } = document.getElementById("db-script").dataset;

__wbg_init({ module_or_path: wasm }).catch((error) => {
  document.getElementById("db-app").append(document.getElementById("db-unsupported").content);
  throw error;
});
