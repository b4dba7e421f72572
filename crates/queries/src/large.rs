//! More institutions than are real.

use banklink_protocol::{ids::InstitutionId, institutions::InstitutionSummary};
use banklink_search::Entry;

use crate::{
    names::{plain, said_words},
    random::Random,
};

/// So many institutions: the given ones, and more made from them. Each takes the name of a given one with one of its words,
/// the town mostly, replaced by that of another or by one made of two of them; some are of another country. So there are
/// about as many different words for an institution as among the given ones, and names are as long.
pub fn grown(real: &[Entry], count: usize, seed: u64) -> Vec<Entry> {
    let mut random = Random::new(seed);
    let towns: Vec<String> = real.iter().filter_map(|entry| said_words(&entry.summary.name).pop()).collect();
    let mut grown: Vec<Entry> = real.iter().take(count).cloned().collect();
    while grown.len() < count {
        let Some(entry) = random.pick(real) else { break };
        let entry = varied(entry, grown.len(), &towns, &mut random);
        grown.push(entry);
    }
    grown
}

fn varied(entry: &Entry, number: usize, towns: &[String], random: &mut Random) -> Entry {
    let InstitutionSummary { name, country, .. } = &entry.summary;
    let said = said_words(name);
    let replaced = if random.percent(70) { said.last() } else { random.pick(&said) };
    let replaced = replaced.map_or("", String::as_str);
    let town = town(towns, random);
    let rename =
        |name: &str| if replaced.is_empty() { format!("{name} {town}") } else { name.replace(replaced, &town) };
    Entry {
        summary: InstitutionSummary {
            id: InstitutionId::from(format!("made-{number}").as_str()),
            name: rename(name),
            country: country.clone(),
            ..entry.summary.clone()
        },
        short_name: entry.short_name.as_deref().map(rename),
        bic: entry.bic.as_ref().map(|_| bic(&town, country, random)),
        ..entry.clone()
    }
}

/// A town of another institution, or the beginning of one and the end of another.
fn town(towns: &[String], random: &mut Random) -> String {
    let mut half = |is_first: bool| -> String {
        let letters: Vec<char> = random.pick(towns).map(|town| town.chars().collect()).unwrap_or_default();
        let (first, second) = letters.split_at(letters.len().div_ceil(2));
        if is_first { first.iter().collect() } else { second.iter().collect() }
    };
    let made = half(true) + &half(false);
    if random.percent(50) { made } else { random.pick(towns).cloned().unwrap_or(made) }
}

/// Four letters, the country, and a place.
fn bic(town: &str, country: &str, random: &mut Random) -> String {
    let mut letters: Vec<char> = plain(town).chars().filter(char::is_ascii_alphabetic).take(2).collect();
    let alphabet: Vec<char> = ('A'..='Z').collect();
    while letters.len() < 4 {
        letters.extend(random.pick(&alphabet));
    }
    let bank: String = letters.into_iter().collect::<String>().to_uppercase();
    let place: String = (0..2).filter_map(|_| random.pick(&alphabet)).collect();
    format!("{bank}{country}{place}XXX")
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::real;

    #[test]
    fn they_are_as_many_as_asked_for_and_differ() {
        let real = real().unwrap();
        let grown = grown(&real, 20_000, 1);
        let ids: HashSet<_> = grown.iter().map(|entry| &entry.summary.id).collect();
        let names: HashSet<_> = grown.iter().map(|entry| &entry.summary.name).collect();
        assert_eq!(ids.len(), 20_000);
        assert!(names.len() > 19_000, "{}", names.len());
    }
}
