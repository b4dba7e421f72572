//! Account numbers with the check digits that each country asks for, at banks that don't exist.

use banklink_domain::accounts::{Iban, Routing};

use super::{countries::Numbering, random::Stream};

/// An account's own number, and where payments find it.
#[derive(Clone, Debug)]
pub(super) struct AccountNumber {
    pub(super) number: String,
    pub(super) routing: Routing,
}

/// An institution's one branch: six digits, of which countries use as many as their branch numbers leave open.
pub(super) fn branch(stream: &mut Stream) -> String {
    stream.digits(6)
}

/// The number of an account at this branch that payments can be sent to.
pub(super) fn payable(numbering: Numbering, branch: &str, stream: &mut Stream) -> AccountNumber {
    let digits = |count| branch.get(..count).unwrap_or_default();
    match numbering {
        Numbering::Canada => AccountNumber {
            number: stream.digits(7),
            routing: Routing::Canada { institution_number: "777".to_owned(), transit_number: stream.fill("77###") },
        },
        Numbering::UnitedStates => AccountNumber {
            number: stream.digits(10),
            routing: Routing::UnitedStates { routing_number: us_routing_number(&format!("99{}", digits(6))) },
        },
        Numbering::UnitedKingdom => uk_number(format!("00{}", digits(4)), stream),
        Numbering::Germany => of_iban("DE", format!("99999999{}", stream.digits(10))),
        Numbering::Spain => of_iban("ES", spanish_number("9998", "0001", &stream.digits(10))),
        Numbering::France => of_iban("FR", french_number("99998", "00001", &stream.digits(11))),
        Numbering::Portugal => of_iban("PT", portuguese_number("9998", "0001", &stream.digits(11))),
        Numbering::Italy => of_iban("IT", italian_number("99998", "00001", &stream.digits(12))),
        Numbering::Own => own(stream),
    }
}

/// The number of an account that only its own bank knows.
pub(super) fn own(stream: &mut Stream) -> AccountNumber {
    AccountNumber { number: stream.digits(9), routing: Routing::None }
}

/// The masked number of a card.
pub(super) fn card(stream: &mut Stream) -> AccountNumber {
    AccountNumber { number: stream.fill("•••• •••• •••• ####"), routing: Routing::None }
}

fn uk_number(sort_code: String, stream: &mut Stream) -> AccountNumber {
    let number = stream.digits(8);
    let iban = Iban::from_national("GB", &format!("TEST{sort_code}{number}"));
    let routing = iban.map_or(Routing::None, |iban| Routing::UnitedKingdom { sort_code, iban });
    AccountNumber { number, routing }
}

fn of_iban(country: &str, number: String) -> AccountNumber {
    let routing = Iban::from_national(country, &number).map_or(Routing::None, Routing::Iban);
    AccountNumber { number, routing }
}

/// Eight digits and the check digit that makes their weighted sum a multiple of ten.
fn us_routing_number(digits: &str) -> String {
    let sum = weighted(digits, &[3, 7, 1, 3, 7, 1, 3, 7]);
    format!("{digits}{}", (10 - sum % 10) % 10)
}

/// Bank, branch, two check digits, account.
fn spanish_number(bank: &str, branch: &str, account: &str) -> String {
    const WEIGHTS: [u32; 10] = [1, 2, 4, 8, 5, 10, 9, 7, 3, 6];
    let check = |digits: &str| match 11 - weighted(digits, &WEIGHTS) % 11 {
        11 => 0,
        10 => 1,
        check => check,
    };
    format!("{bank}{branch}{}{}{account}", check(&format!("00{bank}{branch}")), check(account))
}

/// Bank, branch, account, and the key that makes their weighted sum a multiple of 97.
fn french_number(bank: &str, branch: &str, account: &str) -> String {
    let sum = 89 * modulo_97(bank) + 15 * modulo_97(branch) + 3 * modulo_97(account);
    format!("{bank}{branch}{account}{:02}", 97 - sum % 97)
}

/// Bank, branch, account, and the two digits that make the whole number one more than a multiple of 97.
fn portuguese_number(bank: &str, branch: &str, account: &str) -> String {
    let number = format!("{bank}{branch}{account}");
    let check = 98 - modulo_97(&format!("{number}00"));
    format!("{number}{check:02}")
}

/// The check letter, then bank, branch and account.
fn italian_number(bank: &str, branch: &str, account: &str) -> String {
    /// What a digit counts for at an odd place; at an even one it counts for itself.
    const ODD: [u32; 10] = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21];
    let number = format!("{bank}{branch}{account}");
    let values = number.chars().filter_map(|char| char.to_digit(10)).enumerate();
    let sum: u32 = values.map(|(at, digit)| if at % 2 == 0 { ODD[digit as usize % 10] } else { digit }).sum();
    let letter = u8::try_from(sum % 26).map_or('A', |letter| char::from(b'A' + letter));
    format!("{letter}{number}")
}

fn weighted(digits: &str, weights: &[u32]) -> u32 {
    digits.chars().filter_map(|char| char.to_digit(10)).zip(weights).map(|(digit, weight)| digit * weight).sum()
}

fn modulo_97(digits: &str) -> u32 {
    digits.chars().filter_map(|char| char.to_digit(10)).fold(0, |rest, digit| (rest * 10 + digit) % 97)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each country's own published example.
    #[test]
    fn national_check_digits_are_those_of_the_published_examples() {
        assert_eq!(us_routing_number("01100001"), "011000015");
        assert_eq!(spanish_number("2100", "0418", "0200051332"), "21000418450200051332");
        assert_eq!(french_number("30006", "00001", "12345678901"), "30006000011234567890189");
        assert_eq!(portuguese_number("0002", "0123", "12345678901"), "000201231234567890154");
        assert_eq!(italian_number("05428", "11101", "000000123456"), "X0542811101000000123456");
    }
}
