// How a page does without embed.js: the frame of plain.html, and a listener. In the end the widget takes the whole window
// to the app's redirect URI, which is /callback here: see the end of host.js.

// ---------------------------------------------------------------------------------------------------------------------
// Our own server. The listener takes `newToken` for a token that it has generated: one is always at hand.

let newToken;

async function generateToken() {
  const response = await fetch("/api/token", { method: "POST" });
  if (response.ok) newToken = (await response.json()).token;
}

generateToken();
// It is good for 30 minutes, and for one session.
setInterval(generateToken, 25 * 60 * 1000);
window.addEventListener("message", (e) => {
  if (e.data?.step === "TOKEN_INVALID") generateToken();
});

// ---------------------------------------------------------------------------------------------------------------------
// The listener, as integrations for Flinks have it.

window.addEventListener("message", function (e) {
  if (e.data && e.data.step === "TOKEN_INVALID") {
    // 1. Call your backend to generate a new authorize token
    //    (your backend calls /GenerateAuthorizeToken with the secret key)
    // 2. Reload the iframe with the new token
    const iframe = document.getElementById("flinks-connect");
    const newUrl = iframe.src.replace(/authorizeToken=[^&]+/, "authorizeToken=" + newToken);
    iframe.src = newUrl;
  }
});

// ---------------------------------------------------------------------------------------------------------------------
// Three things make it better, and embed.js does them.
//
// Anybody can post to this window. Take messages from your frame alone, at the beginning of the listener:
//
//    const iframe = document.getElementById("flinks-connect");
//    const { origin } = new URL(iframe.src);
//    if (e.source !== iframe.contentWindow || e.origin !== origin) return;
//
// Screens differ in height. Follow them:
//
//    if (e.data.step === "HEIGHT") iframe.height = e.data.px;
//
// A frame that is loaded anew begins anew. The widget itself goes on where the person stood, if it is there to hear of the
// new token, which it is where its message has `banklink`:
//
//    if (e.data.banklink) {
//      iframe.contentWindow.postMessage({ banklink: 1, command: "refreshToken", authorizeToken: newToken }, origin);
//    }
