//! One person at one sandbox institution: who they are, what they earn, which accounts they have.

use banklink_domain::accounts::{Account, AccountKind, Address, Balance, Currency, Holder};
use banklink_protocol::ids::AccountId;
use rust_decimal::Decimal;

use super::{
    countries::{self, Bill, Country, Place, Schedule},
    numbers::{self, AccountNumber},
    random::{Seed, Stream},
};

/// The accounts that a person can have, in the order of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slot {
    Chequing,
    Savings,
    Card,
    Loan,
    Investment,
}

impl Slot {
    pub(super) const COUNT: usize = 5;

    const fn kind(self) -> AccountKind {
        match self {
            Self::Chequing => AccountKind::Chequing,
            Self::Savings => AccountKind::Savings,
            Self::Card => AccountKind::CreditCard,
            Self::Loan => AccountKind::Loan,
            Self::Investment => AccountKind::Investment,
        }
    }
}

/// A person's fixed circumstances. Amounts are in hundredths of the currency.
#[derive(Debug)]
pub(super) struct Household {
    pub(super) seed: Seed,
    pub(super) country: &'static Country,
    pub(super) slots: &'static [Slot],
    /// The first month of the accounts: year and month.
    pub(super) opened: (i16, i8),
    /// Net pay of a month in the first year.
    pub(super) pay: i64,
    /// Which of two Fridays, for those paid every second one.
    pub(super) pay_week: i64,
    pub(super) employer: &'static str,
    pub(super) landlord: &'static str,
    /// Share of the pay, in percent.
    pub(super) rent_percent: i64,
    pub(super) bills: &'static [Bill],
    pub(super) subscriptions: Vec<Bill>,
    /// What stays in the chequing account before the rest is moved to savings.
    pub(super) buffer: i64,
    /// How many of a hundred purchases go on the card.
    pub(super) card_percent: i64,
    pub(super) overdraft: i64,
    pub(super) card_limit: i64,
    pub(super) loan: i64,
    pub(super) contribution: i64,
    pub(super) has_fee: bool,
    /// Where they live and fetch cash.
    pub(super) city: &'static str,
    currency: Currency,
    holder: Holder,
    accounts: Vec<AccountNumber>,
}

/// Which accounts there are. Everyone has the first two: one to live from, and one for what is left.
const SLOTS: [&[Slot]; 4] = [
    &[Slot::Chequing, Slot::Savings],
    &[Slot::Chequing, Slot::Savings, Slot::Card],
    &[Slot::Chequing, Slot::Savings, Slot::Card, Slot::Investment],
    &[Slot::Chequing, Slot::Savings, Slot::Card, Slot::Loan],
];

/// The years in which accounts were opened: long enough ago for years of transactions.
const FIRST_YEAR: i16 = 2017;
const LAST_YEAR: i64 = 2020;

impl Household {
    /// The person with this user name at this institution, the same on every machine.
    pub(super) fn new(institution: &str, country_code: &str, username: &str) -> Self {
        let seed = Seed::new(&["banklink sandbox 1", institution, country_code, username]);
        let country = countries::country(country_code);
        let (holder, city) = holder(country, country_code, &mut seed.part("holder", 0).stream());
        let slots = seed.part("accounts", 0).stream().pick(&SLOTS);
        let numbering = countries::numbering(country_code);
        let branch = numbers::branch(&mut Seed::new(&["banklink sandbox branch", institution]).stream());
        let number_of = |(place, slot): (u64, &Slot)| {
            let mut stream = seed.part("number", place).stream();
            match slot {
                Slot::Chequing | Slot::Savings => numbers::payable(numbering, &branch, &mut stream),
                Slot::Card => numbers::card(&mut stream),
                Slot::Loan | Slot::Investment => numbers::own(&mut stream),
            }
        };
        let accounts = (0..).zip(slots).map(number_of).collect();
        let mut stream = seed.part("circumstances", 0).stream();
        let (least, most) = country.pay.monthly;
        let pay = stream.between(least, most) * 100;
        let buffer = match country.pay.schedule {
            // The first pay of a month can come after its rent and its card bill.
            Schedule::EveryTwoWeeks => (95, 130),
            Schedule::LastWorkday => (45, 80),
        };
        Self {
            country,
            slots,
            opened: opened(&mut stream),
            pay,
            pay_week: stream.between(0, 1),
            employer: stream.pick(country.pay.employers),
            landlord: stream.pick(country.payees.landlords),
            rent_percent: stream.between(26, 34),
            bills: country.payees.bills,
            subscriptions: country.payees.subscriptions.iter().copied().filter(|_| stream.chance(65)).collect(),
            buffer: pay * stream.between(buffer.0, buffer.1) / 100,
            card_percent: stream.between(35, 75),
            overdraft: stream.between(1, 4) * 25_000,
            card_limit: round_to(pay * 2, 50_000),
            loan: stream.between(12, 40) * 50_000,
            contribution: round_to(pay * stream.between(3, 7) / 100, 1_000),
            has_fee: stream.chance(50),
            currency: countries::currency(country_code),
            city,
            holder,
            accounts,
            seed,
        }
    }

    /// Who it is.
    pub(super) fn holder(&self) -> &Holder {
        &self.holder
    }

    /// The accounts, each with its current balance from `balances`, which are indexed by [`Slot`].
    pub(super) fn accounts(&self, balances: &[i64; Slot::COUNT]) -> Vec<Account> {
        let account = |(&slot, number): (&Slot, &AccountNumber)| Account {
            id: self.account_id(slot),
            name: self.account_name(slot).to_owned(),
            kind: slot.kind(),
            currency: self.currency,
            balance: self.balance(slot, balances[slot as usize]),
            number: number.number.clone(),
            routing: number.routing.clone(),
            holder: self.holder.name.clone(),
        };
        self.slots.iter().zip(&self.accounts).map(account).collect()
    }

    /// The account with this id.
    pub(super) fn slot(&self, id: &AccountId) -> Option<Slot> {
        self.slots.iter().copied().find(|slot| self.account_id(*slot) == *id)
    }

    /// What the ids of an account and its transactions come from.
    pub(super) fn account_seed(&self, slot: Slot) -> Seed {
        self.seed.part("account", slot as u64)
    }

    /// How the person is paid.
    pub(super) const fn schedule(&self) -> Schedule {
        self.country.pay.schedule
    }

    pub(super) fn has(&self, slot: Slot) -> bool {
        self.slots.contains(&slot)
    }

    fn account_id(&self, slot: Slot) -> AccountId {
        AccountId::new(self.account_seed(slot).uuid().to_string())
    }

    const fn account_name(&self, slot: Slot) -> &'static str {
        let names = &self.country.accounts;
        match slot {
            Slot::Chequing => names.chequing,
            Slot::Savings => names.savings,
            Slot::Card => names.card,
            Slot::Loan => names.loan,
            Slot::Investment => names.investment,
        }
    }

    fn balance(&self, slot: Slot, current: i64) -> Balance {
        let (available, limit) = match slot {
            Slot::Chequing => (Some(current + self.overdraft), Some(self.overdraft)),
            Slot::Savings => (Some(current), None),
            Slot::Card => (Some(current + self.card_limit), Some(self.card_limit)),
            Slot::Loan | Slot::Investment => (None, None),
        };
        Balance { current: decimal(current), available: available.map(decimal), limit: limit.map(decimal) }
    }
}

/// Hundredths as a decimal.
pub(super) fn decimal(hundredths: i64) -> Decimal {
    Decimal::new(hundredths, 2)
}

/// Rounds down, towards zero.
pub(super) const fn round_to(amount: i64, unit: i64) -> i64 {
    amount - amount % unit
}

fn opened(stream: &mut Stream) -> (i16, i8) {
    let year = i16::try_from(stream.between(i64::from(FIRST_YEAR), LAST_YEAR)).unwrap_or(FIRST_YEAR);
    (year, i8::try_from(stream.between(1, 12)).unwrap_or(1))
}

fn holder(country: &Country, code: &str, stream: &mut Stream) -> (Holder, &'static str) {
    let people = &country.people;
    let (given, family) = (stream.pick(people.given_names), stream.pick(people.family_names));
    let Place { city, province, postal_code } = stream.pick(people.places);
    let street = stream.pick(people.streets).replace("{}", &stream.between(1, 240).to_string());
    let holder = Holder {
        name: format!("{given} {family}"),
        address: Some(Address {
            street,
            city: city.to_owned(),
            province: province.map(str::to_owned),
            postal_code: postal_code.to_owned(),
            country: code.to_owned(),
        }),
        email: Some(format!("{}@example.com", mailbox(given, family))),
        phone: Some(stream.fill(people.phone)),
    };
    (holder, city)
}

/// `Étienne`, `De Luca` as `etienne.de-luca`, with the accents that these names have taken off.
fn mailbox(given: &str, family: &str) -> String {
    let plain = |char: char| match char {
        'á' | 'à' | 'â' | 'ã' | 'ä' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'í' | 'î' | 'ï' | 'ı' => 'i',
        'ó' | 'ò' | 'ô' | 'õ' | 'ö' => 'o',
        'ú' | 'ü' => 'u',
        'ç' => 'c',
        'ñ' => 'n',
        'ß' => 's',
        ' ' => '-',
        _ => char,
    };
    format!("{given}.{family}").to_lowercase().chars().map(plain).filter(char::is_ascii).collect()
}
