// Puts the widget into a host's page: `banklink.create(…)`. How to use it: docs/embedding.md. Its types: embed.d.ts.
//
// A classic script, for pages of any age; `embed.mjs` is the same as a module. Styles are set through the CSSOM, which
// every policy allows.

(() => {
  // Loaded twice: the first one stays, and with it what it opened.
  if (window.banklink?.create) return;

  /** Least height of the widget in pixels: it does not jump for a short screen. */
  const LEAST = 480;
  /** What is above a dialog: it is in the middle when it is 700 pixels high. */
  const ABOVE = "max(0px, 50vh - 350px)";
  /** How many tokens are asked for within `MINUTE` milliseconds: if new ones are refused as well, more won't help. */
  const MOST_TOKENS = 3;
  const MINUTE = 60_000;
  /** How often, and how many times, a widget that can't know who embeds it is told. */
  const GREETING = 500;
  const GREETINGS = 20;

  const { src } = document.currentScript ?? {};

  const banklink = {
    /** Where the widget is served: where this script came from. */
    origin: src ? new URL(src).origin : undefined,
    create,
  };
  window.banklink = banklink;

  function create(options) {
    const { container, modal, title = "Connect a bank account", onSuccess, onExit, onEvent, onToken } = options;
    if (!options.url && !options.token) throw new TypeError("banklink.create: url or token is missing");
    // Who waits for `onSuccess` goes on by themselves.
    const address = new URL(options.url ?? (onSuccess ? "/v2/?jsRedirect=true" : "/v2/"), banklink.origin);

    /** The frame, while the widget is on the page. */
    let frame;
    /** What gives the widget its height: the frame itself, or the dialog around it. */
    let box;
    /** Whether the flow is over. */
    let ended;
    /** Whether the frame's document is loaded, and whether it is a widget that hears commands. */
    let loaded, mounted;
    /** Whether nobody knows the token, and whether a bank was linked with it: it would say so again. */
    let invalid, spent;
    /** The frame for which a token is being fetched, and when tokens were. */
    let refreshing;
    let refreshes = [];
    /** Who waits to hear whether the flow went back. */
    const waiting = [];
    let greeting;

    function setToken(token) {
      address.searchParams.delete("authToken");
      address.searchParams.set("authorizeToken", token);
      spent = false;
    }

    function tell(command, fields) {
      frame.contentWindow?.postMessage({ banklink: 1, command, ...fields }, address.origin);
    }

    function hello() {
      tell("hello", { modal: !!modal });
    }

    function greet(times) {
      if (mounted || !times) return;
      hello();
      greeting = setTimeout(greet, GREETING, times - 1);
    }

    function stopWaiting() {
      clearTimeout(greeting);
      for (const answer of waiting.splice(0)) answer(false);
    }

    /** A second document, in the place of one that was there, is a widget once it says so. */
    function onLoad() {
      if (!frame.src) return;
      mounted = mounted && !loaded;
      loaded = true;
      if (mounted) return;
      stopWaiting();
      greet(GREETINGS);
    }

    function onMessage({ source, origin, data }) {
      if (source !== frame.contentWindow || origin !== address.origin) return;
      let message = data;
      try {
        if (typeof data === "string") message = JSON.parse(data);
      } catch {}
      if (typeof message !== "object" || !message) return;
      const speaker = frame;
      try {
        onEvent?.(message);
      } finally {
        if (frame === speaker) heard(message);
      }
    }

    function heard(message) {
      clearTimeout(greeting);
      switch (message.step) {
        case "APP_MOUNTED":
          loaded = loaded && !mounted;
          mounted = true;
          invalid = false;
          // Where the person types already, the focus stays.
          if (modal && document.activeElement === box) frame.focus();
          return hello();
        case "HEIGHT":
          box.style.height = Math.max(LEAST, message.px) + "px";
          return;
        case "BACK_HANDLED":
          return waiting.shift()?.(message.moved);
        case "TOKEN_INVALID":
          // The page of a token that nobody knows says no more than this, and hears nothing.
          invalid = !message.banklink;
          mounted = mounted && !invalid;
          return refresh();
        case "REDIRECT":
          spent = address.searchParams.has("authorizeToken");
          // A page that takes the person elsewhere has to stay for that.
          return end(onSuccess, message, /^(true|1)$/i.test(address.searchParams.get("jsRedirect")));
        case "EXIT":
          // What the person did not choose is explained in the frame.
          return end(onExit, message, message.reason !== "unsupported");
      }
    }

    function end(callback, message, over) {
      if (ended) return;
      ended = true;
      if (modal && over) remove();
      callback?.(message);
    }

    function refresh() {
      const now = Date.now();
      refreshes = refreshes.filter((time) => now - time < MINUTE);
      if (!onToken || ended || refreshing === frame) return;
      if (refreshes.length >= MOST_TOKENS) return giveUp();
      refreshes.push(now);
      return renew();
    }

    async function renew() {
      const asking = (refreshing = frame);
      try {
        const token = await onToken();
        if (token && frame === asking) refreshToken(token);
      } catch (error) {
        if (frame === asking) giveUp();
        throw error;
      } finally {
        if (refreshing === asking) refreshing = undefined;
      }
    }

    /** No token is to be had. A widget that is there tells the person so, and lets them leave. */
    function giveUp() {
      if (!mounted) end(onExit, { step: "EXIT", reason: "token_invalid", at: "token_invalid" }, true);
    }

    function open() {
      if (frame) return;
      const place = modal ? document.body : typeof container === "string" ? document.querySelector(container) : container;
      if (!place) throw new TypeError("banklink: there is no such container");
      if (spent && !onToken) throw new TypeError("banklink: the token is used up, and there is no onToken");
      ended = loaded = mounted = invalid = false;
      box = frame = document.createElement("iframe");
      frame.title = title;
      frame.allow = "camera 'none'; microphone 'none'; geolocation 'none'; payment 'none'";
      // From it the widget learns which page to talk to, where the browser has no better way.
      frame.referrerPolicy = "origin";
      frame.addEventListener("load", onLoad);
      if (!spent) frame.src = address.href;
      Object.assign(frame.style, { display: "block", width: "100%", height: "100%", border: 0 });
      if (modal) box = dialog();
      // Within what the container says.
      else frame.style.minHeight = frame.style.maxHeight = "inherit";
      box.style.height = LEAST + "px";
      addEventListener("message", onMessage);
      place.append(box);
      if (modal) {
        box.showModal();
        // Until the widget is there, a key in the frame would be lost.
        box.focus();
      }
      if (spent) renew();
    }

    function dialog() {
      const around = document.createElement("dialog");
      around.setAttribute("aria-label", title);
      around.tabIndex = -1;
      Object.assign(around.style, {
        boxSizing: "border-box",
        width: "30rem",
        maxWidth: "100%",
        // Its top stays where it is, whatever the height: nothing moves away under a finger.
        margin: ABOVE + " auto auto",
        maxHeight: `calc(100% - ${ABOVE})`,
        padding: 0,
        border: 0,
        outline: "none",
        borderRadius: "12px",
        overflow: "hidden",
        // The page behind it; a `::backdrop` can't be styled without a style sheet.
        boxShadow: "0 0 0 200vmax rgba(0, 0, 0, 0.5)",
      });
      around.append(frame);
      const ask = (event) => {
        event.preventDefault();
        close();
      };
      around.addEventListener("keydown", (event) => event.key === "Escape" && ask(event));
      // Other ways to close it, such as the Back of a phone; a browser that is asked twice closes it whatever we say.
      around.addEventListener("cancel", ask);
      around.addEventListener("close", () => around === box && leave());
      return around;
    }

    /** Leaves without the widget's help. */
    function leave() {
      const [reason, at] = invalid ? ["token_invalid", "token_invalid"] : ["closed", "opening"];
      remove();
      end(onExit, { step: "EXIT", reason, at });
    }

    function remove() {
      if (!frame) return;
      const gone = box;
      stopWaiting();
      removeEventListener("message", onMessage);
      frame = box = undefined;
      // Closed, it gives the focus back.
      if (modal) gone.close();
      gone.remove();
    }

    function close() {
      if (!frame) return;
      if (!mounted || ended) return leave();
      frame.focus();
      tell("close");
    }

    function back() {
      return new Promise((answer) => {
        if (!frame || !mounted || ended) return answer(false);
        waiting.push(answer);
        tell("back");
      });
    }

    function refreshToken(token) {
      setToken(token);
      if (!frame || ended) return;
      if (mounted) tell("refreshToken", { authorizeToken: token });
      // A second `src` would leave a way back to the first in the page's history.
      else if (frame.src) frame.contentWindow?.location.replace(address.href);
      else frame.src = address.href;
    }

    if (options.token) setToken(options.token);
    return { open, close, destroy: remove, back, refreshToken };
  }
})();
