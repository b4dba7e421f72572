//! The elements that a host's stylesheet can address, by id (`widget.md`, section 3).
//!
//! Six ids come from existing customers' stylesheets (seed 000) and mean exactly that: [`BACKGROUND`],
//! [`DIV_SELECT_BANK`], [`TITLE_SELECT_BANK`], [`INPUT_SEARCH_BANK`], [`BANK_BOX`], [`BANK_IMG`]. The others follow
//! their pattern. An element that occurs several times carries its name in `data-part` instead of `id`, so that ids
//! stay unique; the theme compiler rewrites `#bank-box` to match every instance.

/// An element that a stylesheet can address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Element {
    /// The name after `#`.
    pub id: &'static str,
    /// How often it can occur in a document.
    pub occurs: Occurs,
    /// The screens that show it.
    pub on: &'static str,
    /// What it is.
    pub what: &'static str,
}

/// The id of a [`Occurs::PerField`] element for one field: `input-credential-username`.
pub fn of_field(element: &str, field: &str) -> String {
    [element, "-", field].concat()
}

/// How often an element occurs in a document, and so how it is marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occurs {
    /// Once: `id`.
    Once,
    /// Any number of times: `data-part`.
    Repeated,
    /// Once for each field: `id` with the field's name after a dash.
    PerField,
}

macro_rules! elements {
    ($($constant:ident = $id:literal, $occurs:ident, $on:literal, $what:literal;)*) => {
        $(#[doc = concat!("`#", $id, "`: ", $what, ".")] pub const $constant: &str = $id;)*

        /// Every element, in the order of the screens.
        pub const ELEMENTS: &[Element] = &[
            $(Element { id: $id, occurs: Occurs::$occurs, on: $on, what: $what },)*
        ];
    };
}

elements! {
    BACKGROUND = "background", Once, "all", "the page behind the card";
    HEADER = "header", Once, "all", "the bar above the card's content";
    BUTTON_BACK = "button-back", Once, "all", "one step back";
    BUTTON_CLOSE = "button-close", Once, "all", "leave the flow";
    MESSAGE_ERROR = "message-error", Once, "all", "what went wrong with the last try";
    MESSAGE_SESSION = "message-session", Once, "all", "the session ends in a minute";
    BUTTON_KEEP_GOING = "button-keep-going", Once, "all", "prolongs the session";
    MESSAGE_NETWORK = "message-network", Once, "all", "the network is slow or gone";
    BUTTON_CONTINUE = "button-continue", Once, "consent, re-authorise, credentials, sca, accounts", "the screen's main action";

    DIV_LOADING = "div-loading", Once, "loading", "the card before the first screen";
    TITLE_LOADING = "title-loading", Once, "loading", "its title";

    DIV_CONSENT = "div-consent", Once, "consent", "the card";
    TITLE_CONSENT = "title-consent", Once, "consent", "its title";
    TEXT_CONSENT = "text-consent", Once, "consent", "the text agreed to";
    LIST_SCOPES = "list-scopes", Once, "consent", "what will be shared";
    LINK_TERMS = "link-terms", Once, "consent", "the app's terms";
    LINK_PRIVACY = "link-privacy", Once, "consent", "what the app does with data";
    BUTTON_DECLINE = "button-decline", Once, "consent", "decline";

    DIV_SELECT_BANK = "div-select-bank", Once, "institutions", "the card of the list";
    TITLE_SELECT_BANK = "title-select-bank", Once, "institutions", "its title";
    INPUT_SEARCH_BANK = "input-search-bank", Once, "institutions", "the search box";
    LABEL_COUNTRY = "label-country", Once, "institutions", "the label of the choice of a country";
    SELECT_COUNTRY = "select-country", Once, "institutions", "the choice of a country (`institutionFilterEnable`)";
    LIST_BANKS = "list-banks", Once, "institutions", "the list";
    BANK_BOX = "bank-box", Repeated, "institutions", "each institution";
    BANK_IMG = "bank-img", Repeated, "institutions", "its logo or monogram";
    BANK_NAME = "bank-name", Repeated, "institutions", "its name";
    TEXT_RESULTS = "text-results", Once, "institutions", "how many were found";
    BUTTON_SEARCH_AGAIN = "button-search-again", Once, "institutions", "search again, where a search failed";
    BUTTON_BANK_MISSING = "button-bank-missing", Once, "institutions", "my bank isn't here";

    INSTITUTION = "institution", Once, "credentials, sca, accounts, failure, success", "whose form this is; always visible";
    INSTITUTION_IMG = "institution-img", Once, "credentials, sca, accounts, failure, success", "its logo or monogram";
    INSTITUTION_NAME = "institution-name", Once, "credentials, sca, accounts, failure, success", "its name";

    DIV_REAUTHORISE = "div-reauthorise", Once, "re-authorise", "the card";
    TITLE_REAUTHORISE = "title-reauthorise", Once, "re-authorise", "its title";
    TEXT_REAUTHORISE = "text-reauthorise", Once, "re-authorise", "what it is for";

    DIV_CREDENTIALS = "div-credentials", Once, "credentials", "the card";
    TITLE_CREDENTIALS = "title-credentials", Once, "credentials", "its title";
    TEXT_CREDENTIALS = "text-credentials", Once, "credentials", "what to type";
    FORM_CREDENTIALS = "form-credentials", Once, "credentials", "the form";
    LABEL_CREDENTIAL = "label-credential", PerField, "credentials", "a field's label";
    INPUT_CREDENTIAL = "input-credential", PerField, "credentials", "a field";
    HINT_CREDENTIAL = "hint-credential", PerField, "credentials", "a field's line of help";
    ERROR_CREDENTIAL = "error-credential", PerField, "credentials", "what is wrong with a field";
    BUTTON_REVEAL = "button-reveal", PerField, "credentials", "show or hide what is typed";
    LINK_FORGOTTEN_PASSWORD = "link-forgotten-password", Once, "credentials", "the bank's own help";

    DIV_SCA = "div-sca", Once, "sca", "the card";
    TITLE_SCA = "title-sca", Once, "sca", "its title";
    TEXT_SCA = "text-sca", Once, "sca", "what to do";
    FORM_SCA = "form-sca", Once, "sca", "the form";
    LABEL_SCA = "label-sca", Once, "sca", "the code's label";
    INPUT_SCA = "input-sca", Once, "sca", "the code";
    ERROR_SCA = "error-sca", Once, "sca", "what is wrong with the code";
    LABEL_QUESTION = "label-question", PerField, "sca", "a security question";
    INPUT_QUESTION = "input-question", PerField, "sca", "its answer";
    ERROR_QUESTION = "error-question", PerField, "sca", "what is wrong with an answer";
    TEXT_ATTEMPTS = "text-attempts", Once, "sca", "attempts left";
    TEXT_EXPIRY = "text-expiry", Once, "sca", "how long the bank still waits";
    TEXT_RESENT = "text-resent", Once, "sca", "that it was sent again";
    BUTTON_RESEND = "button-resend", Once, "sca", "send again";
    BUTTON_SWITCH = "button-switch", Once, "sca", "choose another method";
    LIST_METHODS = "list-methods", Once, "sca", "the methods to choose from";
    METHOD_BOX = "method-box", Repeated, "sca", "each method";
    LABEL_COORDINATE = "label-coordinate", PerField, "sca", "a position of the card";
    INPUT_COORDINATE = "input-coordinate", PerField, "sca", "its characters";
    ERROR_COORDINATE = "error-coordinate", PerField, "sca", "what is wrong with them";
    IMG_SCA = "img-sca", Once, "sca", "the picture to read";
    LIST_PICTURES = "list-pictures", Once, "sca", "the pictures to pick from";
    PICTURE_BOX = "picture-box", Repeated, "sca", "each picture to pick";
    QR_SCA = "qr-sca", Once, "sca", "the code to scan";
    LINK_BANK_APP = "link-bank-app", Once, "sca", "opens the bank's app on this phone";
    TEXT_COMPARE = "text-compare", Once, "sca", "what the bank's app shows too";
    TEXT_WAITING = "text-waiting", Once, "sca", "that we wait for the bank";
    TEXT_HELP = "text-help", Once, "sca", "what to do when it takes long";
    BUTTON_BANK_PAGE = "button-bank-page", Once, "sca", "opens the bank's own page";
    LINK_BANK_PAGE = "link-bank-page", Once, "sca", "the same, where the browser refused the window";

    DIV_ACCOUNTS = "div-accounts", Once, "accounts", "the card";
    TITLE_ACCOUNTS = "title-accounts", Once, "accounts", "its title";
    TEXT_ACCOUNTS = "text-accounts", Once, "accounts", "what is shared";
    FORM_ACCOUNTS = "form-accounts", Once, "accounts", "the form";
    ACCOUNT_BOX = "account-box", Repeated, "accounts", "each account";
    ACCOUNT_NAME = "account-name", Repeated, "accounts", "its name";
    ACCOUNT_BALANCE = "account-balance", Repeated, "accounts", "its balance";

    DIV_SUCCESS = "div-success", Once, "success", "the card";
    TITLE_SUCCESS = "title-success", Once, "success", "its title";
    TEXT_SUCCESS = "text-success", Once, "success", "what happens now";
    LINK_CONTINUE = "link-continue", Once, "success", "back to the app";

    DIV_FAILURE = "div-failure", Once, "failure", "the card";
    TITLE_FAILURE = "title-failure", Once, "failure", "its title";
    TEXT_FAILURE = "text-failure", Once, "failure", "what happened and what to do";
    BUTTON_MAIN = "button-main", Once, "failure, token-invalid, session-expired", "the main action";
    BUTTON_SECOND = "button-second", Once, "failure, session-expired", "the second action";

    DIV_TOKEN_INVALID = "div-token-invalid", Once, "token-invalid", "the card";
    TITLE_TOKEN_INVALID = "title-token-invalid", Once, "token-invalid", "its title";
    TEXT_TOKEN_INVALID = "text-token-invalid", Once, "token-invalid", "what to do";

    DIV_SESSION_EXPIRED = "div-session-expired", Once, "session-expired", "the card";
    TITLE_SESSION_EXPIRED = "title-session-expired", Once, "session-expired", "its title";
    TEXT_SESSION_EXPIRED = "text-session-expired", Once, "session-expired", "what to do";

    DIV_LEFT = "div-left", Once, "left", "the card";
    TITLE_LEFT = "title-left", Once, "left", "its title";
    TEXT_LEFT = "text-left", Once, "left", "what happens now";

    DIALOG_LEAVE = "dialog-leave", Once, "leaving", "asks once before leaving";
    TITLE_LEAVE = "title-leave", Once, "leaving", "its title";
    TEXT_LEAVE = "text-leave", Once, "leaving", "what is lost";
    BUTTON_LEAVE = "button-leave", Once, "leaving", "leave";
    BUTTON_STAY = "button-stay", Once, "leaving", "stay";

    DIV_UNSUPPORTED = "div-unsupported", Once, "unsupported", "the card when the widget can't run";
    TITLE_UNSUPPORTED = "title-unsupported", Once, "unsupported", "its title";
    TEXT_UNSUPPORTED = "text-unsupported", Once, "unsupported", "what to do";
}
