//! Accounts, transactions and holders, as connectors read them and the API shows them.
//!
//! **Signs.** Every amount is seen from the holder: money that comes in is positive, money that goes out negative, and a
//! balance below zero is owed. So on every kind of account, card and loan included, the balance after a transaction is
//! the balance before it plus the amount. Dialects that count a card's debt as positive turn the sign themselves.

use core::fmt;

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use banklink_protocol::{ids::AccountId, money::Money, session::AccountSummary};

/// An account at an institution.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Stays the same as long as the account exists; unique within the connection.
    pub id: AccountId,
    /// As the institution names it. Flinks calls it `Title`.
    pub name: String,
    /// What sort of account it is.
    pub kind: AccountKind,
    /// What all of its amounts are in.
    pub currency: Currency,
    /// What it holds.
    pub balance: Balance,
    /// The whole number, as it stands on a statement; a card's is masked but for its last four digits.
    pub number: String,
    /// Where payments from other banks find it.
    pub routing: Routing,
    /// Whose it is, as the institution writes the name.
    pub holder: String,
}

/// Sorts of account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountKind {
    /// For everyday payments; elsewhere a current or checking account.
    Chequing,
    /// For money set aside.
    Savings,
    /// A credit card.
    CreditCard,
    /// Money drawn and repaid at will, up to a limit.
    LineOfCredit,
    /// Paid out once, repaid by instalments.
    Loan,
    /// A loan on a home.
    Mortgage,
    /// Funds, shares, pensions.
    Investment,
}

/// The groups of accounts of `vendor-apis.md`, 1.5.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountCategory {
    /// Money of the holder's, at hand.
    Operations,
    /// Money owed.
    Credits,
    /// Money invested.
    Products,
}

impl AccountKind {
    /// As stored and as the API shows it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Chequing => "chequing",
            Self::Savings => "savings",
            Self::CreditCard => "credit_card",
            Self::LineOfCredit => "line_of_credit",
            Self::Loan => "loan",
            Self::Mortgage => "mortgage",
            Self::Investment => "investment",
        }
    }

    /// The group that it belongs to.
    pub const fn category(self) -> AccountCategory {
        match self {
            Self::Chequing | Self::Savings => AccountCategory::Operations,
            Self::CreditCard | Self::LineOfCredit | Self::Loan | Self::Mortgage => AccountCategory::Credits,
            Self::Investment => AccountCategory::Products,
        }
    }
}

impl AccountCategory {
    /// As Flinks spells it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Operations => "Operations",
            Self::Credits => "Credits",
            Self::Products => "Products",
        }
    }
}

/// What an account holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Balance {
    /// After the newest booked transaction; negative when owed.
    pub current: Decimal,
    /// What can be spent now, where the institution says.
    pub available: Option<Decimal>,
    /// The credit limit or agreed overdraft, never negative, where there is one.
    pub limit: Option<Decimal>,
}

/// Where payments find an account; what a country has of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Routing {
    /// Canada.
    Canada {
        /// Three digits.
        institution_number: String,
        /// Five digits.
        transit_number: String,
    },
    /// The United States.
    UnitedStates {
        /// Nine digits, the last of them a check digit.
        routing_number: String,
    },
    /// The United Kingdom.
    UnitedKingdom {
        /// Six digits.
        sort_code: String,
        /// The same account for payments from abroad.
        iban: Iban,
    },
    /// Countries where the IBAN is all that is needed.
    Iban(Iban),
    /// Payments can't be sent to it: a card, a fund, or a number that only its own bank knows.
    None,
}

impl Routing {
    /// The IBAN, where the country has it.
    pub const fn iban(&self) -> Option<&Iban> {
        match self {
            Self::Iban(iban) | Self::UnitedKingdom { iban, .. } => Some(iban),
            Self::Canada { .. } | Self::UnitedStates { .. } | Self::None => None,
        }
    }

    /// Canada's transit number.
    pub fn transit_number(&self) -> Option<&str> {
        if let Self::Canada { transit_number, .. } = self { Some(transit_number) } else { None }
    }

    /// Canada's institution number.
    pub fn institution_number(&self) -> Option<&str> {
        if let Self::Canada { institution_number, .. } = self { Some(institution_number) } else { None }
    }
}

impl Account {
    /// The last four letters or digits of its number; fewer where the number has fewer.
    pub fn last_digits(&self) -> String {
        let mut last: Vec<char> = self.number.chars().rev().filter(char::is_ascii_alphanumeric).take(4).collect();
        last.reverse();
        last.into_iter().collect()
    }

    /// As the account selection shows it.
    pub fn summary(&self) -> AccountSummary {
        AccountSummary {
            id: self.id.clone(),
            name: self.name.clone(),
            last_digits: self.last_digits(),
            balance: Money { amount: self.balance.current.to_string(), currency: self.currency.to_string() },
        }
    }
}

/// A booked movement on an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transaction {
    /// Stays the same whenever it is read; unique within the account.
    pub id: TransactionId,
    /// The day it was booked, at the institution.
    pub date: Date,
    /// As it stands on the statement.
    pub description: String,
    /// Positive: into the account.
    pub amount: Decimal,
    /// What the account held right after it.
    pub balance: Decimal,
    /// What it was for.
    pub category: TransactionCategory,
}

/// A transaction within its account.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TransactionId(String);

impl TransactionId {
    /// Takes the id as it is.
    pub fn new(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What an institution issues for each month of an account.
#[derive(Clone, PartialEq, Eq)]
pub struct Statement {
    /// Stays the same whenever it is read.
    pub id: StatementId,
    /// The first day that it tells of.
    pub from: Date,
    /// The last.
    pub to: Date,
    /// A PDF document, as the institution made it.
    pub pdf: Vec<u8>,
}

impl fmt::Debug for Statement {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Statement({}, {} to {}, {} bytes)", self.id.0, self.from, self.to, self.pdf.len())
    }
}

/// A statement, among all.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StatementId(String);

impl StatementId {
    /// Takes the id as it is.
    pub fn new(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What a transaction was for, in the few groups that every country has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TransactionCategory {
    /// Wages and other income.
    Income,
    /// Rent and other costs of the home.
    Housing,
    /// Power, water, telephone, internet.
    Utilities,
    /// Food to cook.
    Groceries,
    /// Food served.
    Restaurants,
    /// Trains, buses, fuel.
    Transport,
    /// Shops of every other kind.
    Shopping,
    /// Films, music, sport, travel.
    Leisure,
    /// Doctors, pharmacies.
    Health,
    /// Cash.
    Cash,
    /// Between accounts of the same person, card and loan payments included.
    Transfer,
    /// Interest, either way.
    Interest,
    /// What the bank charges.
    Fees,
    /// Buying, selling and gains of investments.
    Investment,
    /// Nothing of the above, or unknown.
    Other,
}

impl TransactionCategory {
    /// As stored and as the API shows it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Income => "income",
            Self::Housing => "housing",
            Self::Utilities => "utilities",
            Self::Groceries => "groceries",
            Self::Restaurants => "restaurants",
            Self::Transport => "transport",
            Self::Shopping => "shopping",
            Self::Leisure => "leisure",
            Self::Health => "health",
            Self::Cash => "cash",
            Self::Transfer => "transfer",
            Self::Interest => "interest",
            Self::Fees => "fees",
            Self::Investment => "investment",
            Self::Other => "other",
        }
    }
}

/// Who holds the accounts, as the institution knows them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// As the institution writes it.
    pub name: String,
    /// Where they live, where the institution says.
    pub address: Option<Address>,
    /// Their e-mail address, where the institution says.
    pub email: Option<String>,
    /// Their telephone number with its country's prefix, where the institution says.
    pub phone: Option<String>,
}

/// A postal address; the parts are those of `vendor-apis.md`, 1.5.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// Street and house number, in the country's order. Flinks calls it `CivicAddress`.
    pub street: String,
    /// City.
    pub city: String,
    /// Province, state or region, where addresses have it.
    pub province: Option<String>,
    /// Postal code.
    pub postal_code: String,
    /// ISO 3166-1 alpha-2, upper case.
    pub country: String,
}

/// An ISO 4217 currency code: three upper-case letters.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency([u8; 3]);

impl Currency {
    /// The Canadian dollar.
    pub const CAD: Self = Self(*b"CAD");
    /// The euro.
    pub const EUR: Self = Self(*b"EUR");
    /// The pound sterling.
    pub const GBP: Self = Self(*b"GBP");
    /// The United States dollar.
    pub const USD: Self = Self(*b"USD");

    /// Takes three upper-case letters; whether ISO 4217 lists them is not asked.
    pub const fn new(code: &str) -> Result<Self, MalformedCurrency> {
        match code.as_bytes() {
            [a @ b'A'..=b'Z', b @ b'A'..=b'Z', c @ b'A'..=b'Z'] => Ok(Self([*a, *b, *c])),
            _ => Err(MalformedCurrency),
        }
    }

    /// The code as text.
    pub fn as_str(&self) -> &str {
        core::str::from_utf8(&self.0).unwrap_or("XXX")
    }
}

/// Not three upper-case letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a currency is three upper-case letters")]
pub struct MalformedCurrency;

impl TryFrom<String> for Currency {
    type Error = MalformedCurrency;

    fn try_from(code: String) -> Result<Self, MalformedCurrency> {
        Self::new(&code)
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.as_str().to_owned()
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// An IBAN (ISO 13616) whose check digits are right, without spaces.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Iban(String);

/// Shortest and longest IBAN, in characters.
const IBAN_LENGTH: core::ops::RangeInclusive<usize> = 15..=34;

impl Iban {
    /// Takes an IBAN, with or without spaces, and checks it.
    pub fn parse(text: &str) -> Result<Self, MalformedIban> {
        let iban: String = text.chars().filter(|char| !char.is_whitespace()).collect();
        let well_formed = IBAN_LENGTH.contains(&iban.len())
            && iban.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
            && iban.bytes().take(2).all(|byte| byte.is_ascii_uppercase())
            && iban.bytes().skip(2).take(2).all(|byte| byte.is_ascii_digit());
        if well_formed && remainder(iban.bytes().skip(4).chain(iban.bytes().take(4))) == 1 {
            Ok(Self(iban))
        } else {
            Err(MalformedIban)
        }
    }

    /// Makes an IBAN from a country and its national number, computing the check digits.
    pub fn from_national(country: &str, number: &str) -> Result<Self, MalformedIban> {
        let rest = remainder(number.bytes().chain(country.bytes()).chain(*b"00"));
        Self::parse(&format!("{country}{:02}{number}", 98 - rest))
    }

    /// Without spaces.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Remainder by 97, letters counting as 10 to 35. Bytes that are neither letter nor digit count as nothing; callers
/// refuse them.
fn remainder(text: impl Iterator<Item = u8>) -> u32 {
    text.fold(0, |rest, byte| match byte {
        b'0'..=b'9' => (rest * 10 + u32::from(byte - b'0')) % 97,
        b'A'..=b'Z' => (rest * 100 + u32::from(byte - b'A') + 10) % 97,
        _ => rest,
    })
}

/// Not an IBAN, or its check digits are wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("not an IBAN, or its check digits are wrong")]
pub struct MalformedIban;

impl TryFrom<String> for Iban {
    type Error = MalformedIban;

    fn try_from(text: String) -> Result<Self, MalformedIban> {
        Self::parse(&text)
    }
}

impl From<Iban> for String {
    fn from(iban: Iban) -> Self {
        iban.0
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn account(number: &str) -> Account {
        Account {
            id: AccountId::new("a"),
            name: "Chequing".to_owned(),
            kind: AccountKind::Chequing,
            currency: Currency::CAD,
            balance: Balance { current: Decimal::new(-120_050, 2), available: None, limit: None },
            number: number.to_owned(),
            routing: Routing::None,
            holder: "A. Person".to_owned(),
        }
    }

    #[rstest]
    #[case("1234567", "4567")]
    #[case("•••• •••• •••• 0042", "0042")]
    #[case("12-3", "123")]
    #[case("", "")]
    fn the_last_digits_come_from_the_number(#[case] number: &str, #[case] last: &str) {
        assert_eq!(account(number).last_digits(), last);
    }

    #[test]
    fn a_summary_keeps_the_cents_of_the_balance() {
        let summary = account("1").summary();
        assert_eq!((summary.balance.amount.as_str(), summary.balance.currency.as_str()), ("-1200.50", "CAD"));
    }

    #[rstest]
    #[case("DE89 3704 0044 0532 0130 00")]
    #[case("GB29NWBK60161331926819")]
    #[case("FR1420041010050500013M02606")]
    fn the_registrys_own_example_ibans_are_right_and_one_digit_off_is_wrong(#[case] text: &str) {
        let iban = Iban::parse(text).unwrap();
        let (country, rest) = iban.as_str().split_at(2);
        assert_eq!(Iban::from_national(country, &rest[2..]).unwrap(), iban);
        let last = if text.ends_with('7') { "8" } else { "7" };
        let wrong = format!("{}{last}", &text[..text.len() - 1]);
        assert_eq!(Iban::parse(&wrong), Err(MalformedIban));
    }

    #[rstest]
    #[case("")]
    #[case("DE89")]
    #[case("de89370400440532013000")]
    #[case("DE8937040044053201300é")]
    #[case("8937040044053201300000000000000000000000")]
    fn what_is_no_iban_is_refused(#[case] text: &str) {
        assert_eq!(Iban::parse(text), Err(MalformedIban));
    }

    #[rstest]
    #[case("EUR", true)]
    #[case("eur", false)]
    #[case("EURO", false)]
    #[case("", false)]
    fn a_currency_is_three_upper_case_letters(#[case] code: &str, #[case] right: bool) {
        assert_eq!(Currency::new(code).is_ok(), right);
        assert_eq!(serde_json::from_str::<Currency>(&format!("\"{code}\"")).is_ok(), right);
    }

    #[test]
    fn an_account_survives_json_and_money_stays_decimal_text() {
        let account =
            Account { routing: Routing::Iban(Iban::parse("DE89370400440532013000").unwrap()), ..account("1") };
        let json = serde_json::to_value(&account).unwrap();
        assert_eq!(json["balance"]["current"], "-1200.50");
        assert_eq!(json["currency"], "CAD");
        assert_eq!(json["routing"]["iban"], "DE89370400440532013000");
        assert_eq!(serde_json::from_value::<Account>(json).unwrap(), account);
    }

    #[rstest]
    #[case(AccountKind::Chequing, "Operations")]
    #[case(AccountKind::Savings, "Operations")]
    #[case(AccountKind::CreditCard, "Credits")]
    #[case(AccountKind::Loan, "Credits")]
    #[case(AccountKind::Investment, "Products")]
    fn every_kind_has_the_category_that_flinks_gives_it(#[case] kind: AccountKind, #[case] category: &str) {
        assert_eq!(kind.category().as_str(), category);
    }
}
