//! The large retail banks of a country, to show before anything is typed where nobody has connected one yet.
//!
//! What people connect says it better as soon as they do: this list is for a directory's first day. It is made by hand,
//! in rough order of customers, and names banks as registries do, without accents and capitals. A bank that a directory
//! doesn't have is left out; a country that is not here has none.

use std::collections::HashMap;

use banklink_protocol::ids::InstitutionId;

use crate::entry::Entry;

/// How the names of a country's large banks begin, word for word.
#[rustfmt::skip]
const COUNTRIES: &[(&str, &[&str])] = &[
    ("AT", &["erste bank", "unicredit bank austria", "raiffeisenlandesbank niederosterreich wien", "bawag", "bank99", "volksbank wien"]),
    ("BE", &["kbc bank", "bnp paribas fortis", "belfius bank", "ing belgie", "argenta", "crelan", "beobank"]),
    ("BG", &["dsk bank", "united bulgarian bank", "unicredit bulbank", "first investment bank", "eurobank bulgaria"]),
    ("CH", &["postfinance", "ubs switzerland ag zurich", "raiffeisen schweiz", "zurcher kantonalbank", "migros bank", "banque cantonale vaudoise"]),
    ("CZ", &["ceska sporitelna", "ceskoslovenska obchodni banka", "komercni banka", "air bank", "fio banka", "raiffeisenbank", "mbank"]),
    ("DE", &["ing diba", "deutsche bank", "deutsche kreditbank berlin", "commerzbank", "postbank", "n26 bank", "berliner sparkasse", "hamburger sparkasse", "stadtsparkasse munchen", "targobank", "norisbank"]),
    ("DK", &["danske bank", "nordea bank", "jyske bank", "sydbank", "arbejdernes landsbank"]),
    ("EE", &["swedbank", "as seb pank", "as lhv pank"]),
    ("ES", &["caixabank", "banco santander", "banco bilbao vizcaya argentaria", "banco de sabadell", "ing bank nv sucursal", "bankinter", "unicaja banco", "abanca", "kutxabank", "ibercaja banco", "cajamar", "open bank"]),
    ("FI", &["op corporate bank", "nordea bank finland", "danske bank", "s bank", "aktia bank", "savings bank finland"]),
    ("FR", &["credit agricole", "bnp paribas", "societe generale", "la banque postale", "credit mutuel", "caisse d epargne", "credit lyonnais", "boursobank", "banque populaire rives de paris", "bforbank"]),
    ("GB", &["barclays bank uk", "lloyds bank", "hsbc uk bank", "national westminster bank", "santander uk", "nationwide building society", "monzo bank", "starling bank", "revolut", "tsb bank", "bank of scotland", "the royal bank of scotland public"]),
    ("GR", &["national bank of greece", "piraeus bank", "alpha bank", "eurobank"]),
    ("HR", &["zagrebacka banka", "privredna banka zagreb", "erste steiermarkische bank", "raiffeisenbank austria", "otp banka"]),
    ("HU", &["otp bank", "mbh bank", "k h bank zrt 002 budapest", "erste bank", "raiffeisen bank", "unicredit bank hungary", "cib bank"]),
    ("IE", &["allied irish banks", "bank of ireland", "permanent tsb", "revolut bank"]),
    ("IS", &["landsbankinn", "islandsbanki", "arion banki"]),
    ("IT", &["intesa sanpaolo", "unicredit societa per azioni", "poste italiane", "banco bpm", "bper banca", "banca nazionale del lavoro", "finecobank", "credit agricole italia", "banca monte dei paschi di siena", "banca mediolanum", "banca sella"]),
    ("LT", &["swedbank", "ab seb bankas", "ab siauliu bankas", "luminor bank", "revolut"]),
    ("LU", &["banque et caisse d epargne de l etat", "banque internationale a luxembourg", "bgl bnp paribas", "banque raiffeisen", "ing luxembourg"]),
    ("LV", &["swedbank", "as seb banka", "akciju sabiedriba citadele banka"]),
    ("NL", &["ing", "rabobank", "abn amro bank", "asn bank", "sns", "bunq", "knab", "regiobank", "triodos bank"]),
    ("NO", &["dnb bank", "nordea bank", "danske bank", "sparebank 1 smn", "sparebanken norge"]),
    ("PL", &["powszechna kasa oszczednosci bank polski", "bank polska kasa opieki", "mbank", "ing bank slaski", "erste bank polska", "santander bank polska", "bank millennium", "alior bank", "bnp paribas bank polska", "credit agricole bank polska"]),
    ("PT", &["caixa geral de depositos", "banco comercial portugues", "banco santander totta", "novo banco", "banco bpi", "caixa central de credito agricola mutuo", "caixa economica montepio geral", "banco ctt", "banco activobank"]),
    ("RO", &["banca transilvania", "romanian commercial bank", "brd groupe societe generale", "ing bank", "raiffeisen bank", "cec bank"]),
    ("SE", &["swedbank", "handelsbanken", "nordea", "seb", "danske bank", "skandiabanken"]),
    ("SI", &["nlb", "otp banka"]),
    ("SK", &["slovenska sporitelna", "vseobecna uverova banka", "tatra banka", "ceskoslovenska obchodna banka", "365 bank"]),
    ("TR", &["turkiye cumhuriyeti ziraat bankasi", "turkiye is bankasi", "turkiye garanti bankasi", "akbank", "yapi ve kredi bankasi", "turkiye vakiflar bankasi", "turkiye halk bankasi"]),
];

/// The place of each well-known institution among those of its country. `named` are entries with their folded names; of
/// several whose names begin alike the one with the shortest is meant.
pub(crate) fn places(named: &[(String, Entry)]) -> HashMap<InstitutionId, usize> {
    let mut found: HashMap<(&str, usize), (&str, &InstitutionId)> = HashMap::new();
    for (folded, entry) in named {
        let id = &entry.summary.id;
        for (country, place) in matching(&entry.summary.country, folded) {
            let best = found.entry((country, place)).or_insert((folded, id));
            *best = std::cmp::min_by_key(*best, (folded, id), |&(name, id)| (name.len(), name, id));
        }
    }
    found.into_iter().map(|((_, place), (_, id))| (id.clone(), place)).collect()
}

/// The rows that a name fits.
fn matching<'a>(country: &'a str, folded: &'a str) -> impl Iterator<Item = (&'static str, usize)> + 'a {
    let own = COUNTRIES.iter().filter(move |(code, _)| code.eq_ignore_ascii_case(country));
    own.flat_map(move |(code, banks)| {
        let begins =
            move |bank: &str| folded.strip_prefix(bank).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
        (0..).zip(*banks).filter(move |(_, bank)| begins(bank)).map(move |(place, _)| (*code, place))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fold;

    #[test]
    fn names_are_written_as_they_are_compared_and_stand_once() {
        let mut seen = std::collections::HashSet::new();
        for (country, bank) in
            COUNTRIES.iter().flat_map(|(country, banks)| banks.iter().map(move |bank| (country, bank)))
        {
            assert_eq!(fold::words(bank).join(" "), **bank, "in {country}");
            assert!(seen.insert((country, bank)), "{bank} stands twice in {country}");
        }
    }
}
