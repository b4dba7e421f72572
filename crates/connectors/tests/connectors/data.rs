//! What the sandbox makes up.

use std::collections::{HashMap, HashSet};

use banklink_connectors::{
    ConnectorError, DateRange, SavedState,
    sandbox::{TESTBANK, built_in_institutions},
};
use banklink_domain::accounts::{Account, AccountKind, Routing, Transaction, TransactionCategory};
use banklink_protocol::ids::AccountId;
use jiff::{
    Timestamp, ToSpan,
    civil::{Date, date},
    tz::TimeZone,
};
use proptest::prelude::*;
use rstest::rstest;
use rust_decimal::Decimal;

use crate::support::{SANDBOX, at, linked, now, sandbox};

/// Everything there is of one person.
#[derive(Debug, PartialEq)]
struct Everything(Vec<(Account, Vec<Transaction>)>);

async fn everything(saved: &SavedState, now: Timestamp) -> Everything {
    let connectors = sandbox();
    let mut all = Vec::new();
    for account in connectors.accounts(SANDBOX, saved.clone(), now).await.expect("accounts") {
        let transactions = transactions(saved, &account.id, DateRange::ALL, now).await;
        all.push((account, transactions));
    }
    Everything(all)
}

async fn transactions(saved: &SavedState, account: &AccountId, dates: DateRange, now: Timestamp) -> Vec<Transaction> {
    sandbox().transactions(SANDBOX, saved.clone(), account.clone(), dates, now).await.expect("transactions")
}

/// Whether no part of a text was left open.
fn is_filled_in(description: &str) -> bool {
    !description.is_empty() && description.trim() == description && !description.contains(['{', '}'])
}

fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime").block_on(future)
}

fn countries() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["CA", "US", "GB", "ES", "FR", "PT", "DE", "IT", "PL", "KZ", "XX"])
}

/// Noon of a day between the years 2021 and 2045.
fn days() -> impl Strategy<Value = Timestamp> {
    (0_i64..9000).prop_map(|days| at("2021-01-01T12:00:00Z") + jiff::SignedDuration::from_hours(24 * days))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn balances_add_up_and_ids_differ(user in "[a-z0-9._@-]{1,20}", country in countries(), now in days()) {
        let Everything(all) = run(async { everything(&linked("somewhere", country, &user).await, now).await });
        prop_assert!((2..=4).contains(&all.len()));
        let today = now.to_zoned(TimeZone::UTC).date();
        let (mut ids, mut account_ids) = (HashSet::new(), HashSet::new());
        for (account, transactions) in &all {
            prop_assert!(account_ids.insert(&account.id), "an account id comes twice");
            let mut balance = Decimal::ZERO;
            for (before, transaction) in transactions.iter().take(1).chain(transactions).zip(transactions) {
                balance += transaction.amount;
                prop_assert_eq!(balance, transaction.balance);
                prop_assert!(before.date <= transaction.date && transaction.date <= today);
                prop_assert!(!transaction.amount.is_zero() && transaction.amount.scale() == 2);
                prop_assert!(is_filled_in(&transaction.description), "{}", transaction.description);
                prop_assert!(ids.insert(&transaction.id), "a transaction id comes twice");
            }
            prop_assert_eq!(balance, account.balance.current);
        }
    }

    #[test]
    fn a_later_day_and_a_longer_period_only_add(
        user in "[a-z]{1,12}",
        country in countries(),
        now in days(),
        later in 0_i64..800,
        (skip, length) in (0_i32..2000, 0_i32..400),
    ) {
        run(async {
            let saved = linked(TESTBANK, country, &user).await;
            let Everything(early) = everything(&saved, now).await;
            let Everything(late) = everything(&saved, now + jiff::SignedDuration::from_hours(24 * later)).await;
            let to = now.to_zoned(TimeZone::UTC).date() - skip.days();
            let dates = DateRange { from: to - length.days(), to };
            for ((account, early), (_, late)) in early.iter().zip(&late) {
                assert_eq!(early[..], late[..early.len()], "what was seen changed");
                let within: Vec<_> = early.iter().filter(|transaction| dates.contains(transaction.date)).cloned().collect();
                assert_eq!(transactions(&saved, &account.id, dates, now).await, within);
            }
        });
    }
}

#[tokio::test]
async fn the_same_person_has_the_same_money_however_the_name_is_spelt_and_others_have_other() {
    let first = everything(&linked(TESTBANK, "ES", "Alice").await, now()).await;
    assert_eq!(first, everything(&linked(TESTBANK, "ES", " aLICE ").await, now()).await);
    assert_ne!(first, everything(&linked(TESTBANK, "ES", "Bob").await, now()).await);
    assert_ne!(first, everything(&linked("caixa-marina", "ES", "Alice").await, now()).await);
}

/// Fixed for ever: integrators write tests against these numbers.
#[tokio::test]
async fn greatdays_accounts_are_the_same_on_every_machine() {
    let saved = linked("FlinksCapital", "CA", "greatday_nomfa").await;
    let accounts = sandbox().accounts(SANDBOX, saved.clone(), now()).await.expect("accounts");
    let holders = sandbox().holders(SANDBOX, saved.clone(), now()).await.expect("holders");
    let march = DateRange { from: date(2026, 3, 1), to: date(2026, 3, 31) };
    let chequing = transactions(&saved, &accounts[0].id, march, now()).await;
    insta::assert_json_snapshot!("greatday_nomfa", (holders, accounts, chequing));
}

#[rstest]
#[case("CA", "CAD")]
#[case("US", "USD")]
#[case("GB", "GBP")]
#[case("ES", "EUR")]
#[case("FR", "EUR")]
#[case("PT", "EUR")]
#[case("DE", "EUR")]
#[case("IT", "EUR")]
#[case("PL", "PLN")]
#[tokio::test]
async fn money_and_numbers_are_the_countrys(#[case] country: &str, #[case] currency: &str) {
    for user in ["a", "b", "c", "d", "e", "f", "g", "h"] {
        let Everything(all) = everything(&linked("somewhere", country, user).await, now()).await;
        for (account, _) in &all {
            assert_eq!(account.currency.as_str(), currency);
            assert_eq!(account.last_digits().len(), 4);
            let is_payable = matches!(account.kind, AccountKind::Chequing | AccountKind::Savings);
            let fits = match (&account.routing, country) {
                (Routing::None, "PL") => true,
                (Routing::None, _) => !is_payable,
                (Routing::Canada { institution_number, transit_number }, "CA") => {
                    institution_number.len() == 3 && transit_number.len() == 5
                }
                (Routing::UnitedStates { routing_number }, "US") => routing_number.len() == 9,
                (Routing::UnitedKingdom { iban, .. }, "GB") => iban.as_str().starts_with("GB"),
                (Routing::Iban(iban), "ES" | "FR" | "PT" | "DE" | "IT") => {
                    iban.as_str().starts_with(country) && iban.as_str().ends_with(&account.last_digits())
                }
                _ => false,
            };
            assert!(fits, "{account:?}");
        }
    }
}

/// The ways in which made-up money looks made up.
#[rstest]
#[tokio::test]
async fn lives_are_plausible(#[values("CA", "US", "GB", "ES", "FR", "PT", "DE", "IT")] country: &str) {
    for user in 0..40 {
        let Everything(all) = everything(&linked("plausible", country, &format!("user{user}")).await, now()).await;
        for (account, transactions) in &all {
            let span = now().to_zoned(TimeZone::UTC).date() - transactions[0].date;
            assert!(span.get_days() >= 5 * 365, "{} has a short history", account.name);
            let (least, most) = bounds(account.kind);
            for transaction in transactions {
                let fits = (least..=most).contains(&transaction.balance);
                assert!(fits, "{country} user{user} {}: {transaction:?}", account.name);
            }
        }
        let chequing = &all[0].1;
        let last_month = chequing.iter().filter(|transaction| transaction.date >= date(2026, 2, 1));
        let categories: HashSet<_> = last_month.map(|transaction| transaction.category).collect();
        for category in [TransactionCategory::Income, TransactionCategory::Housing, TransactionCategory::Utilities] {
            assert!(categories.contains(&category), "{country} user{user} has no {category:?}");
        }
    }
}

fn bounds(kind: AccountKind) -> (Decimal, Decimal) {
    let (least, most) = match kind {
        AccountKind::Chequing => (-250, 40_000),
        AccountKind::Savings => (0, 150_000),
        AccountKind::CreditCard => (-9_000, 0),
        AccountKind::Loan => (-21_000, 0),
        _ => (0, 400_000),
    };
    (Decimal::from(least), Decimal::from(most))
}

/// What leaves one account arrives on the other, the same day or the next.
#[tokio::test]
async fn transfers_have_two_sides() {
    for user in 0..20 {
        let Everything(all) = everything(&linked("sides", "CA", &format!("user{user}")).await, now()).await;
        let mut sums: HashMap<Date, Decimal> = HashMap::new();
        for (account, transactions) in &all {
            let own = transactions.iter().filter(|transaction| {
                transaction.category == TransactionCategory::Transfer && transaction.date > transactions[0].date
            });
            let counted = own.filter(|_| {
                account.kind != AccountKind::Loan || all.iter().any(|(other, _)| other.kind == AccountKind::Chequing)
            });
            for transaction in counted.filter(|transaction| transaction.description != "Loan advance") {
                *sums.entry(transaction.date).or_default() += transaction.amount;
            }
        }
        assert!(!sums.is_empty());
        assert!(sums.values().all(Decimal::is_zero), "user{user}: {sums:?}");
    }
}

#[tokio::test]
async fn an_account_of_somebody_else_is_unknown() {
    let alice = linked(TESTBANK, "ES", "alice").await;
    let bob = linked(TESTBANK, "ES", "bob").await;
    let bobs = sandbox().accounts(SANDBOX, bob, now()).await.expect("accounts")[0].id.clone();
    let result = sandbox().transactions(SANDBOX, alice, bobs.clone(), DateRange::ALL, now()).await;
    assert_eq!(result, Err(ConnectorError::UnknownAccount(bobs)));
}

#[rstest]
#[case(Timestamp::MIN)]
#[case(Timestamp::UNIX_EPOCH)]
#[tokio::test]
async fn before_the_accounts_were_opened_they_are_empty(#[case] now: Timestamp) {
    let Everything(all) = everything(&linked(TESTBANK, "ES", "alice").await, now).await;
    assert!(all.iter().all(|(account, transactions)| account.balance.current.is_zero() && transactions.is_empty()));
}

#[tokio::test]
async fn a_period_that_ends_before_it_begins_is_empty() {
    let saved = linked(TESTBANK, "ES", "alice").await;
    let account = sandbox().accounts(SANDBOX, saved.clone(), now()).await.expect("accounts")[0].id.clone();
    let dates = DateRange { from: date(2026, 1, 1), to: date(2025, 1, 1) };
    assert_eq!(transactions(&saved, &account, dates, now()).await, []);
}

#[test]
fn built_in_institutions_are_well_formed_and_their_names_find_one_each() {
    let mut names = HashSet::new();
    let mut countries = HashSet::new();
    for built_in in built_in_institutions() {
        for name in [built_in.id, built_in.name].iter().chain(built_in.aliases) {
            let folded: String = name.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
            let is_own =
                built_in.id.replace('-', "") == folded || built_in.name.to_lowercase().replace(' ', "") == folded;
            assert!(names.insert(folded) || is_own, "{name} names two institutions");
        }
        assert!(built_in.bic.is_none_or(|bic| bic.len() == 8 && bic.ends_with('0') && &bic[4..6] == built_in.country));
        countries.insert(built_in.country);
    }
    assert_eq!(countries, HashSet::from(["CA", "US", "ES", "FR", "GB", "PT", "DE", "IT"]));
    assert!(built_in_institutions().is_sorted_by_key(|built_in| core::cmp::Reverse(built_in.popularity)));
}

/// What a document shows, line by line: nothing in it is compressed, and what is no ASCII stands in hexadecimal digits.
fn text(pdf: &[u8]) -> String {
    let pdf: String = pdf.iter().map(|byte| char::from(*byte)).collect();
    let byte = |digits: &[u8]| {
        let digits = str::from_utf8(digits).expect("digits");
        u8::from_str_radix(digits, 16).expect("hexadecimal digits")
    };
    let shown = pdf.lines().filter_map(|line| line.strip_suffix(" Tj")).map(|shown| match shown.strip_prefix('<') {
        Some(digits) => digits.trim_end_matches('>').as_bytes().chunks(2).map(|pair| char::from(byte(pair))).collect(),
        None => shown.trim_start_matches('(').trim_end_matches(')').to_owned(),
    });
    shown.collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn statements_tell_each_month_that_is_over_and_stay_the_same() {
    let saved = linked(TESTBANK, "ES", "Alice").await;
    let connectors = sandbox();
    let account = connectors.accounts(SANDBOX, saved.clone(), now()).await.expect("accounts")[0].id.clone();
    let statements = async |months, now| {
        connectors.statements(SANDBOX, saved.clone(), account.clone(), months, now).await.expect("statements")
    };
    let year = statements(12, now()).await;
    assert_eq!(year.len(), 12);
    assert_eq!(statements(12, at("2026-03-31T23:59:59Z")).await, year, "the same for all of the month");
    assert_eq!(statements(255, now()).await[..12], year[..]);
    assert!(statements(255, now()).await.len() < 255, "none is older than the account");
    for statement in &year {
        assert_eq!((statement.from.day(), statement.to), (1, statement.from.last_of_month()));
        let told = text(&statement.pdf);
        let dates = DateRange { from: statement.from, to: statement.to };
        for booked in transactions(&saved, &account, dates, now()).await {
            let line = format!("{}  {:>12}  {:>12}  ", booked.date, booked.amount, booked.balance);
            assert!(told.contains(&line), "{booked:?} in {told}");
        }
    }
    // What one month ends with, the next begins with.
    for pair in year.windows(2) {
        let lines = |pdf: &[u8]| {
            text(pdf).lines().map(|line| line.split_whitespace().map(str::to_owned).collect()).collect::<Vec<Vec<_>>>()
        };
        let (next, this) = (lines(&pair[0].pdf), lines(&pair[1].pdf));
        let (opening, closing) = (&next[4], &this[this.len() - 1]);
        assert_eq!((&opening[0], &closing[0]), (&pair[0].from.to_string(), &pair[1].to.to_string()));
        assert_eq!(opening[1..], closing[1..]);
        assert_eq!(opening[2], "EUR");
    }
    let unknown = connectors.statements(SANDBOX, saved.clone(), "x".into(), 1, now()).await;
    assert!(matches!(unknown, Err(ConnectorError::UnknownAccount(_))));
}
