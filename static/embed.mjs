// `embed.js` as a module: `import banklink from "…/embed.mjs"`.
import "./embed.js";

const { banklink } = window;
// A module does not know by itself where it came from.
banklink.origin ??= new URL(import.meta.url).origin;
export default banklink;
