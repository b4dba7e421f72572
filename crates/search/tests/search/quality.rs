//! How often the institution that was meant is among the first three.

use std::collections::BTreeMap;

use banklink_queries::{Kind, Query, queries, real};
use banklink_search::{Index, Scope};

/// Queries of each kind.
const OF_EACH_KIND: usize = 200;

const SEED: u64 = 20_251_121;

/// How many of a hundred must be answered, all kinds together. What becomes of each kind is told, not asserted: acronyms are
/// answered less often.
const OVERALL: usize = 97;

/// Whether the first three have what was meant.
fn is_answered(index: &Index, query: &Query) -> bool {
    let found = index.search(&query.text, Scope::All, query.country.as_deref(), 3);
    found.institutions.iter().any(|found| query.answers.contains(&found.id))
}

#[test]
fn what_people_mean_is_among_the_first_three() {
    let real = real().unwrap();
    let index = Index::build(real.clone());
    let mut of_kind: BTreeMap<Kind, (usize, usize)> = BTreeMap::new();
    for query in queries(&real, SEED, OF_EACH_KIND) {
        let (asked, answered) = of_kind.entry(query.kind).or_default();
        *asked += 1;
        if is_answered(&index, &query) {
            *answered += 1;
        } else {
            let found = index.search(&query.text, Scope::All, query.country.as_deref(), 3).institutions;
            let found: Vec<_> = found.iter().map(|found| found.id.as_str()).collect();
            println!("{}: {:?} {:?} means {:?}, finds {found:?}", query.kind, query.text, query.country, query.answers);
        }
    }
    let mut all = (0, 0);
    for (kind, (asked, answered)) in of_kind {
        println!("{kind:<12} {answered:>4} of {asked:>4}: {:.1} %", percent(answered, asked));
        all = (all.0 + asked, all.1 + answered);
    }
    println!("{:<12} {:>4} of {:>4}: {:.1} %", "all", all.1, all.0, percent(all.1, all.0));
    assert!(all.0 >= 500 && all.1 * 100 >= all.0 * OVERALL, "{} of {}", all.1, all.0);
}

#[expect(clippy::cast_precision_loss, reason = "a few thousand")]
fn percent(part: usize, whole: usize) -> f64 {
    part as f64 * 100.0 / whole as f64
}
