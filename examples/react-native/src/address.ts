import type { Outcome } from "./BankLink";

/** Scheme, host and port of an address: who a page is. Of an address without a host it is nothing. */
export function originOf(url: string): string | undefined {
  return /^[a-z][a-z0-9+.-]*:\/\/[^/?#\\]+/i.exec(url)?.[0].toLowerCase();
}

/** Whether this is the redirect URI, whatever parameters it came with. */
export function isRedirect(url: string, redirect: string): boolean {
  const place = (address: string) => address.split(/[?#]/, 1)[0];
  return place(url) === place(redirect);
}

/** What the redirect says about how it ended; nothing if it says nothing. */
export function outcomeOf(url: string): Outcome | undefined {
  const query = new Map<string, string>();
  for (const pair of url.split("#", 1)[0]?.split("?").slice(1).join("?").split("&") ?? []) {
    const [name = "", value = ""] = pair.split("=");
    query.set(name, decodeURIComponent(value.replaceAll("+", " ")));
  }
  if (query.has("error")) return { kind: "left", reason: "failed" };
  // `/link` brings a code, `/v2/` the connection's id: the server finds the code that belongs to it.
  const code = query.get("code");
  if (code !== undefined || query.has("loginId")) return { kind: "linked", code: code ?? null };
  return undefined;
}

/** What means something within a page only, or reaches into an app. */
const OF_THE_WEBVIEW = /^(http|javascript|data|blob|file|content|about|intent):/i;

/** Whether an address that is not the widget's may be left to the system: the bank's app, the bank's help, the terms. */
export function mayLeaveTo(url: string): boolean {
  return /^[a-z][a-z0-9+.-]*:/i.test(url) && !OF_THE_WEBVIEW.test(url);
}
