
/** Which page is opened: its address, a one-time token, or an address and a token for it. */
export type Address =
  | {
      /** Address of the widget. One that is not absolute is of the origin that `embed.js` came from. */
      url: string | URL;
      /** A new authorize token from your server; it becomes the address's `authorizeToken`. */
      token?: string;
    }
  | {
      url?: undefined;
      /** A new authorize token from your server: opens `/v2/`, which ends by message if there is an `onSuccess`. */
      token: string;
    };

/** Where it is shown. */
export type Place =
  | {
      /** The element to put the frame into, or a selector of it. Its `min-height` and `max-height` are the frame's too. */
      container: Element | string;
      modal?: false;
    }
  | {
      container?: undefined;
      /** In a dialog over the page. */
      modal: true;
    };

/** What happens, as you hear it. Of `onSuccess` and `onExit` one is called for each `open`, once. */
export interface Listeners {
  /** The person linked a bank: send `message.code` to your server, which exchanges it. */
  onSuccess?(message: RedirectMessage): void;
  /** The person left, or could not go on. Without `banklink` if the widget was not there to say so. */
  onExit?(message: Omit<ExitMessage, "banklink"> & Partial<Pick<ExitMessage, "banklink">>): void;
  /** Every message, those included that the others hear. */
  onEvent?(message: Message): void;
  /**
   * The token is invalid: get a new one from your server. Called three times a minute at most. If that does not help, or this
   * fails, `onExit` is called; where the widget is there to tell the person, once they have left it.
   */
  onToken?(): Promise<string> | string;
}

export type Options = Address &
  Place &
  Listeners & {
    /** What the frame is, for screen readers, in your page's language. */
    title?: string;
  };

/** A widget of your page. */
export interface Link {
  /** Puts the widget on the page, unless it is there. */
  open(): void;
  /** Asks the widget to close, as its close button does; one that is over, or not there yet, closes at once. */
  close(): void;
  /** Removes all of it without a word: neither `onSuccess` nor `onExit` is called any more. */
  destroy(): void;
  /** One step back; whether there was one. */
  back(): Promise<boolean>;
  /** Goes on with a new token, in place after `TOKEN_INVALID`. */
  refreshToken(token: string): void;
}

export interface Banklink {
  /** Where the widget is served. */
  origin: string | undefined;
  /** Prepares a widget; `open` shows it. */
  create(options: Options): Link;
}

declare global {
  interface Window {
    banklink: Banklink;
  }
}

declare const banklink: Banklink;
export default banklink;
