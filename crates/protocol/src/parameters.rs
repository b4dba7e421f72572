//! The parameters of the widget's URL (`widget.md`, section 1): the one table that reads them and documents them.

/// A parameter of the page's URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// The name in code and in an authorize token's bound parameters.
    pub name: ParameterName,
    /// As it may stand in the URL; the first is the one to use.
    pub spellings: &'static [&'static str],
    /// What it takes.
    pub kind: ParameterKind,
    /// What holds where it is absent.
    pub default: &'static str,
    /// Who may set it.
    pub scope: Scope,
    /// What it does.
    pub effect: &'static str,
}

/// What a parameter takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParameterKind {
    /// A token: compared, never shown.
    Token,
    /// Text of at most this many bytes.
    Text(usize),
    /// `true` or `false`, in any case; `1` and `0` too.
    Boolean,
    /// ISO 3166-1 alpha-2, in any case.
    Country,
    /// A BCP 47 tag.
    Language,
    /// `auto`, `light` or `dark`, in any case.
    Theme,
    /// A colour: three or six hexadecimal digits, with or without `#`.
    Color,
    /// An absolute URI.
    Uri,
    /// A scheme that apps have for themselves, as `exampleapp`.
    AppScheme,
    /// An absolute `https` address with a host: it becomes a link on a screen.
    HttpsUri,
    /// A whole number within these bounds, both included.
    Number(u16, u16),
    /// A number of days, as `90` or `Days90`, from 1 to this.
    Days(u16),
    /// ISO 4217 codes with commas between, in any case.
    Currencies,
    /// `true`, `false`, or codes of failures with commas between.
    Failures,
    /// What a consent can name, with commas between.
    Scopes,
}

/// Who may set a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The URL, or a token; the token wins.
    Anyone,
    /// The app's settings or a token: an unsigned URL must not forge what the person agrees to.
    AppOrToken,
}

macro_rules! parameters {
    ($($name:ident: [$($spelling:literal),+], $kind:expr, $default:literal, $scope:ident, $effect:literal;)*) => {
        /// The parameters that have a meaning of ours.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum ParameterName {
            $(#[doc = $effect] $name,)*
        }

        /// Every parameter.
        pub const PARAMETERS: &[Parameter] = &[
            $(Parameter {
                name: ParameterName::$name,
                spellings: &[$($spelling),+],
                kind: $kind,
                default: $default,
                scope: Scope::$scope,
                effect: $effect,
            },)*
        ];
    };
}

use ParameterKind::{
    AppScheme, Boolean, Color, Country, Currencies, Days, Failures, HttpsUri, Language, Number, Scopes, Text, Theme,
    Token, Uri,
};

parameters! {
    LinkToken: ["token", "id"], Token, "none", Anyone, "link token: says which app and redirect URI";
    AuthorizeToken: ["authorizeToken", "authToken"], Token, "none", Anyone, "one-time token, 30 minutes";
    Demo: ["demo"], Boolean, "false", Anyone, "the sandbox institutions, and only they";
    Institution: ["bank", "institution", "entity"], Text(128), "none", Anyone, "skip the list, go to that institution, by id or name";
    Country: ["country"], Country, "the app's", Anyone, "list that country's institutions first";
    ScaToken: ["sca_token", "update_token"], Token, "none", Anyone, "re-authorise a connection: only what its institution asks beside the password; needs bank";
    ResetToken: ["reset_token", "restore_token"], Token, "none", Anyone, "ask again for user name and password; the connection keeps its token";
    TransactionToken: ["transaction_token"], Token, "none", Anyone, "open 90 days of a connection's transactions; needs bank";
    RequestId: ["requestId"], Token, "none", Anyone, "go on with a session that waits for an answer: in the tab that has it, else with a one-time token that is bound to it, or to the app's own id of its person";
    RedirectUrl: ["redirectUrl"], Uri, "the link's, or the app's first", Anyone, "where to go at the end; must equal one of the app's redirect URIs";
    InnerRedirect: ["innerRedirect"], Boolean, "false", Anyone, "end inside the frame";
    OauthWindowRedirect: ["oauthWindowRedirect"], Boolean, "false", Anyone, "the bank's own page in the full page instead of a window of its own";
    Webview: ["webview"], Boolean, "false", Anyone, "post through the bridge of the app around the webview";
    WebviewScheme: ["webviewScheme"], AppScheme, "none", Anyone, "with webview, where there is no bridge: tell the app by navigations to this scheme, which must be that of one of its redirect URIs";
    Stringify: ["stringify"], Boolean, "false", Anyone, "post JSON text";
    JsRedirect: ["jsRedirect"], Boolean, "false", Anyone, "end by message only";
    Rollback: ["rollback"], Failures, "false", Anyone, "which failures leave by redirect, with error and the extras, instead of a screen";
    Language: ["language"], Language, "the browser's, else en", Anyone, "language of the texts";
    Theme: ["theme"], Theme, "auto", Anyone, "light, dark, or as the system";
    BackgroundColor: ["backgroundColor"], Color, "the theme's", Anyone, "colour of the page";
    ForegroundColor1: ["foregroundColor1"], Color, "the theme's", Anyone, "colour of buttons and links";
    ForegroundColor2: ["foregroundColor2"], Color, "the theme's", Anyone, "colour of texts";
    HeaderEnable: ["headerEnable"], Boolean, "true", Anyone, "show the header";
    BackEnable: ["backEnable"], Boolean, "true", Anyone, "show the back button";
    CloseEnable: ["closeEnable"], Boolean, "true", Anyone, "show the close button";
    InstitutionFilterEnable: ["institutionFilterEnable"], Boolean, "false", Anyone, "let the person choose the country whose institutions are listed";
    ConsentEnable: ["consentEnable"], Boolean, "the app's", Anyone, "show the consent screen";
    CustomerName: ["customerName"], Text(128), "the app's name", AppOrToken, "who asks, on the consent screen";
    TermsUrl: ["termsUrl"], HttpsUri, "the app's", AppOrToken, "the app's terms, on the consent screen";
    Features: ["features"], Scopes, "all", AppOrToken, "what the consent screen names and the app may read: accounts, transactions, holder";
    AccountSelectorEnable: ["accountSelectorEnable"], Boolean, "false", Anyone, "account selection at the end";
    AccountSelectorMultiple: ["accountSelectorMultiple"], Boolean, "false", Anyone, "several accounts may be chosen";
    AccountSelectorCurrency: ["accountSelectorCurrency"], Currencies, "any", Anyone, "the currencies of the accounts to choose from";
    DaysOfTransactions: ["daysOfTransactions"], Days(730), "as many as there are", Anyone, "how many days back transactions are read";
    WithTransactions: ["withTransactions"], Boolean, "true", Anyone, "whether transactions are read";
    ScheduleRefresh: ["scheduleRefresh"], Boolean, "false", Anyone, "the app wants the connection read nightly";
    MaximumRetry: ["maximumRetry"], Number(1, 20), "none", Anyone, "how many times credentials may be wrong before the session ends";
    Tag: ["tag"], Text(256), "none", Anyone, "comes back in the redirect and on the connection";
    ExternalId: ["external_id", "externalId"], Text(256), "none", Anyone, "the app's own id of the person";
}

/// Names that stand in the redirects of `widget.md`, section 5: an extra of such a name would pass for ours.
pub const REDIRECT_NAMES: &[&str] = &[
    "code",
    "token",
    "operation",
    "entity",
    "demo",
    "loginId",
    "institution",
    "tag",
    "accountId",
    "state",
    "error",
    "error_description",
];

/// How many parameters without a meaning of ours come back as `extra`.
pub const MAX_EXTRAS: usize = 50;

/// Bytes of all extras, names and values together.
pub const MAX_EXTRA_BYTES: usize = 4096;

impl Parameter {
    /// The parameter with this spelling, in exactly this case.
    pub fn find(spelling: &str) -> Option<&'static Self> {
        PARAMETERS.iter().find(|parameter| parameter.spellings.contains(&spelling))
    }

    /// Whether `name`, in any case, is one of ours: read, or written into redirects. Such a name is never an extra.
    pub fn is_reserved(name: &str) -> bool {
        let spellings = PARAMETERS.iter().flat_map(|parameter| parameter.spellings);
        spellings.chain(REDIRECT_NAMES).any(|ours| ours.eq_ignore_ascii_case(name))
    }
}

impl ParameterName {
    /// Its row of the table.
    pub fn parameter(self) -> &'static Parameter {
        &PARAMETERS[self as usize]
    }
}
