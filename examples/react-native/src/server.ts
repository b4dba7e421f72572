/** The app's own server: what it does is in `examples/README.md`. It alone has the client secret. */
const SERVER = "https://app.example";

/**
 * Asks for an authorize token for the person who is signed in to the app; `null` if the session that was to go on has linked
 * a bank meanwhile.
 *
 * @param session the link session that the app was killed in, if it was
 */
export async function begin(session: string | null): Promise<string | null> {
  const response = await post("/bank-links", { session });
  const { token } = (await response.json()) as { token?: string };
  return token ?? null;
}

/** Has the server exchange a code. Without one it looks through the codes that nobody has exchanged yet. */
export async function collect(code: string | null): Promise<void> {
  await post("/bank-links/collect", { code });
}

/** Posts as the person who is signed in: put your app's own session on the request. */
async function post(path: string, body: object): Promise<Response> {
  const response = await fetch(SERVER + path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  return response;
}
