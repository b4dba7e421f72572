// Types of the widget's messages and commands, and of embed.js. Generated: change the tables of crates/protocol/src/messages.rs,
// or crates/protocol/tests/documents/embed_api.d.ts.

/** What every message carries. */
export interface Envelope {
  version: 1;
  /** The session's id, once it is open. */
  session: string | null;
  /** Counts the messages of a document, from 1. */
  sequence: number;
  /** Milliseconds since 1970. */
  timestamp: number;
}

/** The widget is on the page. */
export interface AppMountedMessage {
  step: "APP_MOUNTED";
  banklink: Envelope;
}

/** The browser is online again. */
export interface AppOnlineMessage {
  step: "APP_ONLINE";
  banklink: Envelope;
}

/** The browser is offline. */
export interface AppOfflineMessage {
  step: "APP_OFFLINE";
  banklink: Envelope;
}

/** A screen is shown. */
export interface ScreenLoadedMessage {
  step:
    | "COMPONENT_LOAD_OPENING"
    | "COMPONENT_LOAD_CONSENT"
    | "COMPONENT_LOAD_INSTITUTION_SELECTOR"
    | "COMPONENT_LOAD_REAUTHORISE"
    | "COMPONENT_LOAD_CREDENTIAL"
    | "COMPONENT_LOAD_MFA"
    | "COMPONENT_LOAD_ACCOUNT_SELECTION"
    | "COMPONENT_LOAD_SUCCESS"
    | "COMPONENT_LOAD_FAILURE"
    | "COMPONENT_LOAD_TOKEN_INVALID"
    | "COMPONENT_LOAD_SESSION_EXPIRED";
  banklink: Envelope;
}

/** The person agreed. */
export interface ConsentAcceptedMessage {
  step: "COMPONENT_ACCEPT_CONSENT";
  banklink: Envelope;
}

/** The person agreed, and with that to the app's terms, which the consent names. */
export interface TermsAcceptedMessage {
  step: "COMPONENT_ACCEPT_TERMS";
  banklink: Envelope;
}

/** The person declined, and with that the app's terms, which the consent names. */
export interface TermsDeniedMessage {
  step: "COMPONENT_DENY_TERMS";
  banklink: Envelope;
}

/** The person declined. */
export interface ConsentDeniedMessage {
  step: "COMPONENT_DENY_CONSENT";
  banklink: Envelope;
}

/** The person chose an institution. */
export interface InstitutionSelectedMessage {
  step: "INSTITUTION_SELECTED";
  /** Its id. */
  institution: string;
  banklink: Envelope;
}

/** The person sent credentials. */
export interface CredentialSubmittedMessage {
  step: "SUBMIT_CREDENTIAL";
  /** The institution's id. */
  institution: string;
  banklink: Envelope;
}

/** The person answered a challenge. */
export interface MfaSubmittedMessage {
  step: "SUBMIT_MFA";
  banklink: Envelope;
}

/** The person chose accounts. */
export interface AccountSelectedMessage {
  step: "ACCOUNT_SELECTED";
  /** Their ids, with commas between. */
  accountId: string;
  banklink: Envelope;
}

/** The person searched for an institution. */
export interface SearchedMessage {
  step: "SEARCH";
  /** Characters typed. */
  length: number;
  /** Institutions found. */
  results: number;
  banklink: Envelope;
}

/** The token is unknown, used or expired, or the session is: send a new one with `refreshToken`, or load the frame with it. */
export interface TokenInvalidMessage {
  step: "TOKEN_INVALID";
  /** Not from the page of a token that belongs to no app. */
  banklink?: Envelope;
}

/** Something failed. The person reads of it on the screen. */
export interface ErrorMessage {
  step: "ERROR";
  /** What failed. */
  code: string;
  /** With `INVALID_PARAMETER`: the parameter's name, never its value. */
  parameter?: string;
  banklink: Envelope;
}

/** The institution failed or refused, as existing listeners expect to hear of it; posted after `ERROR`. */
export interface InstitutionFailedMessage {
  step?: undefined;
  /** The session's id. */
  requestId: string;
  /** What happened. */
  flinksCode: "INVALID_LOGIN" | "INVALID_SECURITY_RESPONSE" | "RETRY_LATER" | "DISABLED_LOGIN" | "NEW_ACCOUNT" | "AGGREGATION_ERROR";
  /** The institution's id. */
  institution?: string;
  banklink: Envelope;
}

/** The bank's own page is open in a window of its own. */
export interface PopupOpenedMessage {
  step: "POPUP_OPENED";
  banklink: Envelope;
}

/** The browser refused that window. */
export interface PopupBlockedMessage {
  step: "POPUP_BLOCKED";
  banklink: Envelope;
}

/** The app around the webview is asked to open an address in the system's browser. */
export interface OpenUrlMessage {
  step: "OPEN_URL";
  /** The address. */
  url: string;
  banklink: Envelope;
}

/** The institution takes no more answers. */
export interface MaximumRetryReachedMessage {
  step: "MAXIMUM_RETRY_REACHED";
  banklink: Envelope;
}

/** The answer to the command `back`. */
export interface BackHandledMessage {
  step: "BACK_HANDLED";
  /** Whether the flow went a step back. */
  moved: boolean;
  banklink: Envelope;
}

/** The person closed the widget. */
export interface CloseSessionMessage {
  step: "COMPONENT_CLOSE_SESSION";
  banklink: Envelope;
}

/** The content's height changed. Only in a frame. */
export interface HeightMessage {
  step: "HEIGHT";
  /** CSS pixels that the screen needs to be seen without scrolling. */
  px: number;
  banklink: Envelope;
}

/** The flow ended with a connection. */
export interface RedirectMessage {
  step: "REDIRECT";
  /** The redirect URI with its parameters, where the person goes. */
  url: string;
  /** For one exchange by your server. */
  code: string;
  /** The connection's id. */
  loginId: string;
  /** The session's id. */
  requestId: string;
  /** The institution's id. */
  institution: string;
  /** Ids of the accounts that the person chose, with commas between. */
  accountId?: string;
  /** The page's `tag`. */
  tag?: string;
  banklink: Envelope;
}

/** The flow ended without a connection. */
export interface ExitMessage {
  step: "EXIT";
  /** Why. */
  reason: "closed" | "consent_denied" | "institution_not_found" | "failed" | "token_invalid" | "session_expired" | "unsupported";
  /** The screen that the person left. */
  at: "opening" | "consent" | "institutions" | "reauthorise" | "credentials" | "challenge" | "accounts" | "success" | "failure" | "token_invalid" | "session_expired";
  /** What they had searched for, with `institution_not_found`. */
  searched?: string;
  banklink: Envelope;
}

/** A message of the widget. */
export type Message =
  | AppMountedMessage
  | AppOnlineMessage
  | AppOfflineMessage
  | ScreenLoadedMessage
  | ConsentAcceptedMessage
  | TermsAcceptedMessage
  | TermsDeniedMessage
  | ConsentDeniedMessage
  | InstitutionSelectedMessage
  | CredentialSubmittedMessage
  | MfaSubmittedMessage
  | AccountSelectedMessage
  | SearchedMessage
  | TokenInvalidMessage
  | ErrorMessage
  | InstitutionFailedMessage
  | PopupOpenedMessage
  | PopupBlockedMessage
  | OpenUrlMessage
  | MaximumRetryReachedMessage
  | BackHandledMessage
  | CloseSessionMessage
  | HeightMessage
  | RedirectMessage
  | ExitMessage;

/** What a host can ask the widget for, by `postMessage`. */
export type Command =
  | { banklink: 1; command: "hello"; modal?: boolean }
  | { banklink: 1; command: "back" }
  | { banklink: 1; command: "close" }
  | { banklink: 1; command: "setLanguage"; language: string }
  | { banklink: 1; command: "setTheme"; theme: "auto" | "light" | "dark" }
  | { banklink: 1; command: "refreshToken"; authorizeToken: string };

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
