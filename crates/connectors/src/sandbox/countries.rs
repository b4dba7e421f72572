//! What everyday money looks like in a country: who pays, who is paid, and how a bank words it.
//!
//! People, employers and shops are made up. Telephone numbers are from ranges kept for fiction where the country has
//! one, bank codes are not given to any bank.

use banklink_domain::accounts::Currency;

mod canada;
mod france;
mod germany;
mod italy;
mod portugal;
mod spain;
mod united_kingdom;
mod united_states;

/// A country's everyday money.
#[derive(Debug)]
pub(super) struct Country {
    pub(super) numbering: Numbering,
    pub(super) people: People,
    pub(super) pay: Pay,
    pub(super) accounts: AccountNames,
    pub(super) words: Words,
    pub(super) payees: Payees,
}

/// What account numbers are made of.
#[derive(Clone, Copy, Debug)]
pub(super) enum Numbering {
    Canada,
    UnitedStates,
    UnitedKingdom,
    France,
    Germany,
    Italy,
    Portugal,
    Spain,
    /// Only the bank itself knows them.
    Own,
}

/// Who lives there, and where.
#[derive(Debug)]
pub(super) struct People {
    pub(super) given_names: &'static [&'static str],
    pub(super) family_names: &'static [&'static str],
    /// `{}` is the house number.
    pub(super) streets: &'static [&'static str],
    pub(super) places: &'static [Place],
    /// `#` is a digit.
    pub(super) phone: &'static str,
}

/// A city.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Place {
    pub(super) city: &'static str,
    pub(super) province: Option<&'static str>,
    pub(super) postal_code: &'static str,
}

/// How people are paid.
#[derive(Debug)]
pub(super) struct Pay {
    pub(super) schedule: Schedule,
    /// Months with a whole further pay.
    pub(super) extra_months: &'static [i8],
    /// Least and most net pay of a month, in whole units.
    pub(super) monthly: (i64, i64),
    pub(super) employers: &'static [&'static str],
}

/// When people are paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Schedule {
    /// Every second Friday.
    EveryTwoWeeks,
    /// On the last working day of the month.
    LastWorkday,
}

/// What accounts are called.
#[derive(Debug)]
pub(super) struct AccountNames {
    pub(super) chequing: &'static str,
    pub(super) savings: &'static str,
    pub(super) card: &'static str,
    pub(super) loan: &'static str,
    pub(super) investment: &'static str,
}

/// How statements word what happens; `{}` is the other side.
#[derive(Debug)]
pub(super) struct Words {
    pub(super) opening: &'static str,
    pub(super) salary: &'static str,
    pub(super) extra_pay: &'static str,
    pub(super) rent: &'static str,
    pub(super) purchase: &'static str,
    pub(super) cash: &'static str,
    pub(super) fee: &'static str,
    pub(super) to_savings: &'static str,
    pub(super) from_savings: &'static str,
    pub(super) card_payment: &'static str,
    pub(super) card_payment_received: &'static str,
    pub(super) interest: &'static str,
    pub(super) loan_payment: &'static str,
    pub(super) loan_interest: &'static str,
    pub(super) loan_drawn: &'static str,
    pub(super) contribution: &'static str,
    pub(super) dividend: &'static str,
    pub(super) valuation: &'static str,
    pub(super) withdrawal: &'static str,
    pub(super) large_purchase: &'static str,
}

/// Who is paid.
#[derive(Debug)]
pub(super) struct Payees {
    pub(super) landlords: &'static [&'static str],
    pub(super) bills: &'static [Bill],
    pub(super) subscriptions: &'static [Bill],
    pub(super) groceries: &'static [&'static str],
    pub(super) restaurants: &'static [&'static str],
    pub(super) transport: &'static [&'static str],
    pub(super) shopping: &'static [&'static str],
    pub(super) leisure: &'static [&'static str],
    pub(super) health: &'static [&'static str],
    pub(super) builders: &'static [&'static str],
}

/// What is due every month, in hundredths.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bill {
    pub(super) payee: &'static str,
    pub(super) least: i64,
    pub(super) most: i64,
}

/// A bill between two amounts, or a subscription where they are equal.
const fn bill(payee: &'static str, least: i64, most: i64) -> Bill {
    Bill { payee, least, most }
}

const fn place(city: &'static str, province: Option<&'static str>, postal_code: &'static str) -> Place {
    Place { city, province, postal_code }
}

/// A country's table. Countries without one of their own live as in the United Kingdom, in their own currency.
pub(super) fn country(code: &str) -> &'static Country {
    match code {
        "CA" => &canada::CANADA,
        "US" => &united_states::UNITED_STATES,
        "FR" | "MC" => &france::FRANCE,
        "DE" | "AT" | "LI" => &germany::GERMANY,
        "IT" | "SM" => &italy::ITALY,
        "PT" => &portugal::PORTUGAL,
        "ES" | "AD" => &spain::SPAIN,
        _ => &united_kingdom::UNITED_KINGDOM,
    }
}

/// What account numbers are made of there: only in the country itself, not where its words are borrowed.
pub(super) fn numbering(code: &str) -> Numbering {
    match code {
        "CA" | "US" | "FR" | "DE" | "IT" | "PT" | "ES" | "GB" => country(code).numbering,
        _ => Numbering::Own,
    }
}

/// The currency of a country; the euro where none is known.
pub(super) fn currency(code: &str) -> Currency {
    const CURRENCIES: &[(&str, &str)] = &[
        ("AE", "AED"),
        ("BA", "BAM"),
        ("CA", "CAD"),
        ("CH", "CHF"),
        ("CR", "CRC"),
        ("CZ", "CZK"),
        ("DK", "DKK"),
        ("GB", "GBP"),
        ("GE", "GEL"),
        ("HU", "HUF"),
        ("IL", "ILS"),
        ("IS", "ISK"),
        ("KZ", "KZT"),
        ("LI", "CHF"),
        ("MD", "MDL"),
        ("NO", "NOK"),
        ("PK", "PKR"),
        ("PL", "PLN"),
        ("RO", "RON"),
        ("RS", "RSD"),
        ("SA", "SAR"),
        ("SE", "SEK"),
        ("TR", "TRY"),
        ("UA", "UAH"),
        ("US", "USD"),
    ];
    let found = CURRENCIES.iter().find(|(country, _)| *country == code);
    found.and_then(|(_, currency)| Currency::new(currency).ok()).unwrap_or(Currency::EUR)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    fn every_country_has_words_and_names_for_everything(
        #[values("CA", "US", "FR", "DE", "IT", "PT", "ES", "GB")] code: &str,
    ) {
        let table = country(code);
        let payees = &table.payees;
        let lists = [
            table.people.given_names,
            table.people.family_names,
            table.people.streets,
            table.pay.employers,
            payees.landlords,
            payees.groceries,
            payees.restaurants,
            payees.transport,
            payees.shopping,
            payees.leisure,
            payees.health,
            payees.builders,
        ];
        assert!(lists.iter().all(|list| list.len() >= 3 && list.iter().all(|text| !text.trim().is_empty())));
        assert!(table.people.streets.iter().all(|street| street.contains("{}")));
        assert!(table.people.places.len() >= 3 && payees.bills.len() >= 3 && payees.subscriptions.len() >= 2);
        assert!(payees.bills.iter().chain(payees.subscriptions).all(|bill| 0 < bill.least && bill.least <= bill.most));
        assert!(
            table.words.salary.contains("{}") && table.words.rent.contains("{}") && table.words.cash.contains("{}")
        );
    }
}
