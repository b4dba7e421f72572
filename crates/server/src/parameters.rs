//! Reads the parameters of the widget's URL against the one table that documents them.

use std::collections::{BTreeMap, BTreeSet, btree_map::Entry};

use banklink_domain::{
    accounts::Currency,
    connection::{AskedReading, TransactionDays},
    consent,
    redirect_uri::RedirectUri,
    session::Rollback,
    settings::DocumentUrl,
};
use banklink_protocol::{
    failures::FailureCode,
    parameters::{MAX_EXTRA_BYTES, MAX_EXTRAS, Parameter, ParameterKind, ParameterName, Scope},
};

/// What a page's URL, or a token, asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parameters {
    values: BTreeMap<ParameterName, String>,
    /// Parameters without a meaning of ours, which come back when the code is exchanged.
    pub extra: BTreeMap<String, String>,
    /// Names, as they were spelt, whose values did not parse, whose defaults are used; and names of ours in a spelling
    /// that is not read here. Each once, and no more than [`MAX_INVALID`].
    pub invalid: Vec<String>,
    unread: BTreeSet<ParameterName>,
    /// Whether the link is named `id` rather than `token`.
    named_by_id: bool,
}

/// The spelling of the link's token that Finlink integrations use (`vendor-apis.md`, 3).
const LINK_ID: &str = "id";

/// How many wrong names are reported: a page of nonsense needs no complete list of it.
const MAX_INVALID: usize = 50;

/// Where parameters were read from, which decides what they may set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The page's URL, which anyone can write.
    Url,
    /// An authorize token, which only the app's server can make.
    Token,
}

impl Parameters {
    /// Reads the path and query of a page's URL. A preselected institution in the path counts like `bank`.
    pub fn from_url(path: &str, query: &str) -> Self {
        let mut parameters = Self::default();
        if let Some(institution) = institution_in_path(path) {
            parameters.set(ParameterName::Institution.parameter().spellings[0], &institution, Origin::Url);
        }
        for (name, value) in url::form_urlencoded::parse(query.trim_start_matches('?').as_bytes()) {
            parameters.set(&name, &value, Origin::Url);
        }
        parameters
    }

    /// Reads the parameters that were bound to a token.
    pub fn from_token(bound: &BTreeMap<String, String>) -> Self {
        let mut parameters = Self::default();
        for (name, value) in bound {
            parameters.set(name, value, Origin::Token);
        }
        parameters
    }

    /// These, with `over` winning where both say something.
    #[must_use]
    pub fn overridden_by(mut self, over: Self) -> Self {
        if over.values.contains_key(&ParameterName::LinkToken) {
            self.named_by_id = over.named_by_id;
        }
        self.values.extend(over.values);
        self.extra.extend(over.extra);
        self.invalid.extend(over.invalid);
        self.unread.extend(over.unread);
        self
    }

    fn set(&mut self, name: &str, value: &str, origin: Origin) {
        let Some(parameter) = Parameter::find(name) else {
            return self.set_extra(name, value);
        };
        if parameter.scope == Scope::AppOrToken && origin == Origin::Url {
            return;
        }
        if let Some(value) = canonical(parameter.kind, value) {
            if let Entry::Vacant(entry) = self.values.entry(parameter.name) {
                entry.insert(value);
                self.named_by_id |= parameter.name == ParameterName::LinkToken && name == LINK_ID;
            }
        } else {
            self.unread.insert(parameter.name);
            self.report(name);
        }
    }

    fn set_extra(&mut self, name: &str, value: &str) {
        let used: usize = self.extra.iter().map(|(name, value)| name.len() + value.len()).sum();
        let fits = self.extra.len() < MAX_EXTRAS && used + name.len() + value.len() <= MAX_EXTRA_BYTES;
        if fits && !Parameter::is_reserved(name) {
            self.extra.insert(name.to_owned(), value.to_owned());
        } else {
            self.report(name);
        }
    }

    fn report(&mut self, name: &str) {
        let name = shortened(name);
        if self.invalid.len() < MAX_INVALID && !self.invalid.contains(&name) {
            self.invalid.push(name);
        }
    }

    /// Whether there was a value that is not one that this parameter takes, under any of its spellings.
    pub fn is_invalid(&self, name: ParameterName) -> bool {
        self.unread.contains(&name)
    }

    /// The value of a parameter, checked and in its canonical form.
    pub fn get(&self, name: ParameterName) -> Option<&str> {
        self.values.get(&name).map(String::as_str)
    }

    /// The value of a boolean parameter.
    pub fn flag(&self, name: ParameterName) -> Option<bool> {
        self.get(name).map(|value| value == "true")
    }

    /// Whether the link is named `id` rather than `token`.
    pub const fn link_is_named_by_id(&self) -> bool {
        self.named_by_id
    }

    /// Which failures leave by redirect.
    pub fn rollback(&self) -> Rollback {
        match self.get(ParameterName::Rollback) {
            None | Some("false") => Rollback::Off,
            Some("true") => Rollback::All,
            Some(codes) => Rollback::Only(codes.split(',').filter_map(failure).collect()),
        }
    }

    /// The currencies of the accounts to choose from; none: any.
    pub fn currencies(&self) -> Vec<Currency> {
        let codes = self.get(ParameterName::AccountSelectorCurrency).into_iter().flat_map(|codes| codes.split(','));
        codes.filter_map(|code| Currency::new(code).ok()).collect()
    }

    /// What the consent names: all, unless it is said.
    pub fn scopes(&self) -> Vec<consent::Scope> {
        match self.get(ParameterName::Features) {
            Some(names) => names.split(',').filter_map(consent::Scope::parse).collect(),
            None => consent::Scope::ALL.to_vec(),
        }
    }

    /// How many times credentials may be wrong.
    pub fn maximum_retry(&self) -> Option<u8> {
        self.get(ParameterName::MaximumRetry)?.parse().ok()
    }

    /// How much of the data is read.
    pub fn reading(&self) -> AskedReading {
        let days = self.get(ParameterName::DaysOfTransactions).and_then(|days| days.parse().ok());
        AskedReading {
            days: days.and_then(|days| TransactionDays::new(days).ok()),
            transactions: self.flag(ParameterName::WithTransactions),
            scheduled: self.flag(ParameterName::ScheduleRefresh),
        }
    }

    /// Takes the re-authorisation tokens out of parameters that are kept as they are.
    pub fn without_secrets(bound: BTreeMap<String, String>) -> BTreeMap<String, String> {
        const SECRETS: [ParameterName; 3] =
            [ParameterName::ScaToken, ParameterName::ResetToken, ParameterName::TransactionToken];
        let is_secret = |spelling: &String| SECRETS.iter().any(|name| is_spelling_of(spelling, *name));
        bound.into_iter().filter(|(spelling, _)| !is_secret(spelling)).collect()
    }
}

/// The institution in `/v2/Credential/{institution}/`, where `Credential` may be in any case.
fn institution_in_path(path: &str) -> Option<String> {
    let (credential, rest) = path.strip_prefix("/v2/")?.split_once('/')?;
    if !credential.eq_ignore_ascii_case("Credential") {
        return None;
    }
    let segment = rest.split('/').next().filter(|segment| !segment.is_empty())?;
    Some(percent_encoding::percent_decode_str(segment).decode_utf8_lossy().into_owned())
}

fn shortened(name: &str) -> String {
    name.chars().take(64).collect()
}

/// The value as we go on with it, or `None` if it is not of this kind.
fn canonical(kind: ParameterKind, value: &str) -> Option<String> {
    let value = value.trim();
    match kind {
        ParameterKind::Token => is_token(value).then(|| value.to_owned()),
        ParameterKind::Text(limit) => {
            let fits = !value.is_empty() && value.len() <= limit && !value.chars().any(char::is_control);
            fits.then(|| value.to_owned())
        }
        ParameterKind::Boolean => boolean(value),
        ParameterKind::Country => {
            let two_letters = value.len() == 2 && value.bytes().all(|byte| byte.is_ascii_alphabetic());
            two_letters.then(|| value.to_ascii_uppercase())
        }
        ParameterKind::Language => is_language(value).then(|| value.to_ascii_lowercase()),
        ParameterKind::Theme => {
            let theme = value.to_ascii_lowercase();
            matches!(theme.as_str(), "auto" | "light" | "dark").then_some(theme)
        }
        ParameterKind::Color => color(value),
        ParameterKind::Uri => {
            let fits = value.len() <= 2000 && url::Url::parse(value).is_ok();
            fits.then(|| value.to_owned())
        }
        ParameterKind::AppScheme => app_scheme(value),
        ParameterKind::HttpsUri => DocumentUrl::parse(value).ok().map(String::from),
        ParameterKind::Number(least, most) => number(value, least, most),
        ParameterKind::Days(most) => number(value.strip_prefix("Days").unwrap_or(value), 1, most),
        ParameterKind::Currencies => list(value, |code| {
            let code = code.to_ascii_uppercase();
            Currency::new(&code).is_ok().then_some(code)
        }),
        ParameterKind::Failures => boolean(value).or_else(|| list(value, failure_name)),
        ParameterKind::Scopes => list(value, |name| consent::Scope::parse(name).map(|scope| scope.as_str().to_owned())),
    }
}

/// A scheme in lower case, if an app can have redirect URIs with it and nobody else.
fn app_scheme(value: &str) -> Option<String> {
    let scheme = value.to_ascii_lowercase();
    let uri = RedirectUri::parse(&format!("{scheme}://message")).ok()?;
    uri.app_scheme().filter(|own| *own == scheme)
}

fn boolean(value: &str) -> Option<String> {
    match value.to_ascii_lowercase().as_str() {
        "true" | "1" => Some("true".to_owned()),
        "false" | "0" => Some("false".to_owned()),
        _ => None,
    }
}

fn number(value: &str, least: u16, most: u16) -> Option<String> {
    let digits = value.bytes().all(|byte| byte.is_ascii_digit());
    let number = value.parse::<u16>().ok().filter(|number| digits && (least..=most).contains(number))?;
    Some(number.to_string())
}

/// Each part of the list in its canonical form, once; all of them, or nothing.
fn list(value: &str, part: impl Fn(&str) -> Option<String>) -> Option<String> {
    let parts: Option<BTreeSet<String>> = value.split(',').map(|text| part(text.trim())).collect();
    Some(parts?.into_iter().collect::<Vec<_>>().join(","))
}

/// What a `rollback` list can name: failures, and the person's leaving after one (`vendor-apis.md`, 2.2).
fn failure_name(name: &str) -> Option<String> {
    (name == "ABORTED_BY_USER" || failure(name).is_some()).then(|| name.to_owned())
}

fn failure(name: &str) -> Option<FailureCode> {
    FailureCode::ALL.into_iter().find(|code| code.as_str() == name)
}

/// Six digits.
fn color(value: &str) -> Option<String> {
    let digits = value.strip_prefix('#').unwrap_or(value);
    if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    match digits.len() {
        6 => Some(digits.to_ascii_lowercase()),
        3 => Some(digits.chars().flat_map(|digit| [digit, digit]).collect::<String>().to_ascii_lowercase()),
        _ => None,
    }
}

fn is_token(value: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    !value.is_empty() && value.len() <= 4096 && value.bytes().all(allowed)
}

fn is_language(value: &str) -> bool {
    let subtag = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    value.len() <= 35 && value.split('-').all(subtag) && value.as_bytes().first().is_some_and(u8::is_ascii_alphabetic)
}

/// Reads parameters to be bound to a token. The name of the first that can't be, otherwise: a wrong value, or the token
/// itself.
pub fn check_bound(bound: &BTreeMap<String, String>) -> Result<Parameters, String> {
    if let Some(name) = bound.keys().find(|name| is_spelling_of(name, ParameterName::AuthorizeToken)) {
        return Err(shortened(name));
    }
    let mut parameters = Parameters::from_token(bound);
    if parameters.invalid.is_empty() { Ok(parameters) } else { Err(parameters.invalid.swap_remove(0)) }
}

/// What to do about a parameter that can't be bound to a token.
pub fn why_not_bound(name: &str) -> String {
    match Parameter::find(name) {
        Some(parameter) if parameter.name == ParameterName::AuthorizeToken => {
            "Leave this out: a token can't be bound to a token.".to_owned()
        }
        Some(parameter) => format!("Send {}.", expected(parameter.kind)),
        None if Parameter::is_reserved(name) => "Choose another name: this one means something here.".to_owned(),
        None => format!("Send at most {MAX_EXTRAS} parameters of your own, of {MAX_EXTRA_BYTES} bytes in all."),
    }
}

/// What [`canonical`] takes.
fn expected(kind: ParameterKind) -> String {
    let fixed = match kind {
        ParameterKind::Text(limit) => return format!("text of 1 to {limit} bytes, without control characters"),
        ParameterKind::Number(least, most) => return format!("a whole number from {least} to {most}"),
        ParameterKind::Days(most) => return format!("a number of days from 1 to {most}, as `90` or `Days90`"),
        ParameterKind::Token => "the token as it was given",
        ParameterKind::Boolean => "`true` or `false`",
        ParameterKind::Country => "a country by its two letters",
        ParameterKind::Language => "a language such as `fr` or `fr-CA`",
        ParameterKind::Theme => "`auto`, `light` or `dark`",
        ParameterKind::Color => "a colour as six hexadecimal digits",
        ParameterKind::Uri => "an absolute address",
        ParameterKind::AppScheme => "a scheme that apps have for themselves, such as `exampleapp`",
        ParameterKind::HttpsUri => "an address that begins with https, without a user name",
        ParameterKind::Currencies => "currencies by their three letters, with commas between",
        ParameterKind::Failures => "`true`, `false`, or codes of failures with commas between",
        ParameterKind::Scopes => "`accounts`, `transactions` or `holder`, with commas between",
    };
    fixed.to_owned()
}

/// Whether this is how the parameter may be spelt.
pub fn is_spelling_of(spelling: &str, name: ParameterName) -> bool {
    name.parameter().spellings.contains(&spelling)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use banklink_protocol::parameters::{PARAMETERS, REDIRECT_NAMES};

    use super::*;

    #[test]
    fn every_spelling_of_every_row_is_read_as_its_parameter() {
        for parameter in PARAMETERS {
            let value = match parameter.kind {
                ParameterKind::Token => "bl_at_abc",
                ParameterKind::Text(_) => "some text",
                ParameterKind::Boolean => "true",
                ParameterKind::Country => "CA",
                ParameterKind::Language => "fr-ca",
                ParameterKind::Theme => "dark",
                ParameterKind::Color => "1a56db",
                ParameterKind::Uri | ParameterKind::HttpsUri => "https://example.com/back",
                ParameterKind::AppScheme => "exampleapp",
                ParameterKind::Number(least, _) => &least.to_string(),
                ParameterKind::Days(_) => "90",
                ParameterKind::Currencies => "CAD,USD",
                ParameterKind::Failures => "INVALID_SCA,RETRY_LATER",
                ParameterKind::Scopes => "accounts,transactions",
            };
            for spelling in parameter.spellings {
                let bound = BTreeMap::from([((*spelling).to_owned(), value.to_owned())]);
                let read = Parameters::from_token(&bound);
                assert_eq!(read.get(parameter.name), Some(value), "{spelling}");
                assert!(read.extra.is_empty() && read.invalid.is_empty(), "{spelling}");
            }
        }
    }

    #[test]
    fn no_two_rows_share_a_spelling() {
        let mut seen = std::collections::BTreeSet::new();
        for spelling in PARAMETERS.iter().flat_map(|parameter| parameter.spellings) {
            assert!(seen.insert(spelling), "{spelling}");
        }
    }

    #[rstest]
    #[case("demo=yes", "demo")]
    #[case("country=Canada", "country")]
    #[case("language=%3Cscript%3E", "language")]
    #[case("theme=url(x)", "theme")]
    #[case("redirectUrl=not%20a%20url", "redirectUrl")]
    #[case("authorizeToken=%27%22", "authorizeToken")]
    #[case("demo=yes&demo=no", "demo")]
    #[case("maximumRetry=0", "maximumRetry")]
    #[case("maximumRetry=%2B3", "maximumRetry")]
    #[case("daysOfTransactions=Days731", "daysOfTransactions")]
    #[case("daysOfTransactions=All", "daysOfTransactions")]
    #[case("accountSelectorCurrency=cad,", "accountSelectorCurrency")]
    #[case("accountSelectorCurrency=dollars", "accountSelectorCurrency")]
    #[case("rollback=perhaps", "rollback")]
    #[case("rollback=INVALID_SCA,ELSE", "rollback")]
    fn a_value_that_does_not_parse_is_named_and_its_default_used(#[case] query: &str, #[case] name: &str) {
        let read = Parameters::from_url("/v2/", query);
        assert_eq!(read.invalid, [name]);
        assert!(read.values.is_empty());
    }

    #[test]
    fn an_unsigned_url_cannot_forge_whom_the_consent_names() {
        let query = "customerName=Your+Bank&termsUrl=https%3A%2F%2Fevil.example";
        assert_eq!(Parameters::from_url("/v2/", query), Parameters::default());

        let bound = BTreeMap::from([("customerName".to_owned(), "Pennywise".to_owned())]);
        assert_eq!(Parameters::from_token(&bound).get(ParameterName::CustomerName), Some("Pennywise"));
    }

    #[test]
    fn anything_else_comes_back_as_extra_within_its_limits() {
        let query = (0..60).map(|number| format!("extra{number}=x")).collect::<Vec<_>>().join("&");
        let read = Parameters::from_url("/link", &query);
        assert_eq!((read.extra.len(), read.invalid.len()), (MAX_EXTRAS, 10));

        let long = format!("a={}", "x".repeat(MAX_EXTRA_BYTES));
        assert_eq!(Parameters::from_url("/link", &long).invalid, ["a"]);
    }

    #[test]
    fn a_page_of_nonsense_is_reported_in_part_and_read_in_full() {
        let query = (0..100).map(|number| format!("extra{number}=x")).collect::<Vec<_>>().join("&");
        let read = Parameters::from_url("/link", &format!("{query}&Demo=x&{query}&authToken=%27&theme=dark"));
        assert_eq!((read.extra.len(), read.invalid.len()), (MAX_EXTRAS, MAX_INVALID));
        assert!(read.is_invalid(ParameterName::AuthorizeToken));
        assert_eq!(read.get(ParameterName::Theme), Some("dark"));
    }

    #[test]
    fn a_name_of_ours_is_never_an_extra_however_it_is_spelt() {
        let read = PARAMETERS.iter().flat_map(|parameter| parameter.spellings);
        for name in read.chain(REDIRECT_NAMES) {
            for spelling in [(*name).to_owned(), name.to_ascii_uppercase(), name.to_ascii_lowercase()] {
                let read = Parameters::from_url("/link", &format!("{spelling}=FORGED"));
                assert!(read.extra.is_empty(), "{spelling}");
                let is_read = Parameter::find(&spelling).is_some();
                assert!(is_read || read.invalid == [spelling.as_str()], "{spelling}");
            }
        }
    }

    #[rstest]
    #[case("/v2/Credential/Flinks%20Capital/", Some("Flinks Capital"))]
    #[case("/v2/credential/14", Some("14"))]
    #[case("/v2/Credential/", None)]
    #[case("/v2/Credentials/14", None)]
    fn the_path_preselects_an_institution(#[case] path: &str, #[case] institution: Option<&str>) {
        let read = Parameters::from_url(path, "?demo=true");
        assert_eq!(read.get(ParameterName::Institution), institution);
        assert_eq!(read.flag(ParameterName::Demo), Some(true));
    }

    #[rstest]
    #[case("javascript:alert(1)")]
    #[case("http://pennywise.example/terms")]
    #[case("https://user@pennywise.example/")]
    fn terms_are_an_https_address(#[case] address: &str) {
        let bound = BTreeMap::from([("termsUrl".to_owned(), address.to_owned())]);
        assert_eq!(check_bound(&bound), Err("termsUrl".to_owned()));
    }

    #[test]
    fn what_a_token_binds_wins_over_the_url() {
        let bound = BTreeMap::from([("bank".to_owned(), "testbank".to_owned())]);
        let read = Parameters::from_url("/v2/", "institution=other&theme=dark");
        let both = read.overridden_by(Parameters::from_token(&bound));
        assert_eq!(both.get(ParameterName::Institution), Some("testbank"));
        assert_eq!(both.get(ParameterName::Theme), Some("dark"));
    }

    #[test]
    fn lists_and_numbers_are_read_as_what_they_mean() {
        let query = "rollback=INVALID_SCA,%20ABORTED_BY_USER&accountSelectorCurrency=cad,USD,cad\
                     &daysOfTransactions=Days365&withTransactions=0&maximumRetry=03&features=accounts";
        let read = Parameters::from_url("/link", query);
        assert_eq!(read.invalid, Vec::<String>::new());
        assert_eq!(read.rollback(), Rollback::Only(vec![FailureCode::InvalidSca]));
        assert_eq!(read.currencies(), [Currency::CAD, Currency::USD]);
        assert_eq!(read.maximum_retry(), Some(3));
        let days = TransactionDays::new(365).ok();
        assert_eq!(read.reading(), AskedReading { days, transactions: Some(false), scheduled: None });
        assert_eq!(read.scopes(), consent::Scope::ALL, "an unsigned URL must not say what the consent names");

        let bound = BTreeMap::from([("features".to_owned(), "TransactionHistory,AccountNumber".to_owned())]);
        let scopes = [consent::Scope::Accounts, consent::Scope::Transactions];
        assert_eq!(Parameters::from_token(&bound).scopes(), scopes);
    }

    #[test]
    fn a_link_may_be_named_by_id() {
        assert!(Parameters::from_url("/link", "id=bl_link_1").link_is_named_by_id());
        assert!(!Parameters::from_url("/link", "token=bl_link_1&id=bl_link_1").link_is_named_by_id());
    }

    #[test]
    fn a_token_can_not_be_bound_to_a_token() {
        let bound = BTreeMap::from([("authToken".to_owned(), "x".to_owned())]);
        assert_eq!(check_bound(&bound), Err("authToken".to_owned()));
    }
}
