// The page of a token that belongs to no app we know. This constant is the one message ever sent to any origin.
const host = window.parent === window ? window.opener : window.parent;
host?.postMessage({ step: "TOKEN_INVALID" }, "*");
