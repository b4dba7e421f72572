//! Lists of some institutions.

use banklink_protocol::{ids::InstitutionId, institutions::InstitutionSummary};
use banklink_search::{Country, Scope};

use crate::fixture::{ids, index};

#[test]
fn only_what_is_on_a_list_is_found_counted_and_meant() {
    let index = index();
    let on_it = |one: &InstitutionSummary| one.country == "ES" && one.id.as_str() != "es-santander";
    let list = index.select(Scope::All, on_it, &[]);
    let scope = Scope::Selected(&list);
    let all = index.popular(Scope::All, Country::Only("ES"), 50);
    assert!(all.institutions.iter().any(|one| one.id.as_str() == "es-santander"));
    assert_eq!(index.count(scope), all.total - 1);
    assert_eq!(index.popular(scope, None, 50).total, all.total - 1);
    assert_eq!(index.countries(scope), ["ES"]);
    for found in [index.search("santander", scope, None, 50), index.popular(scope, None, 50)] {
        assert!(found.institutions.iter().all(on_it), "{:?}", ids(&found.institutions));
    }
    assert!(index.get(&InstitutionId::from("es-santander"), scope).is_none());
    assert!(index.resolve("Banco Santander", scope, Some("ES")).is_none_or(|one| one.id.as_str() != "es-santander"));
}

#[test]
fn a_list_says_what_comes_first_and_the_persons_country_comes_before_others() {
    let index = index();
    let by_name = index.popular(Scope::All, None, 50).institutions;
    let spanish = index.popular(Scope::All, Country::Only("ES"), 50).institutions;
    let last = spanish.last().expect("one in Spain").id.clone();
    let foreign = by_name.iter().rev().find(|one| one.country != "ES").expect("one elsewhere").id.clone();
    let unknown = InstitutionId::from("nobody");
    let list = index.select(Scope::All, |_| true, &[foreign.clone(), unknown, last.clone()]);
    let scope = Scope::Selected(&list);
    let first = |country: Option<&'static str>| ids(&index.popular(scope, country, 2).institutions);
    assert_eq!(first(None), [foreign.as_str(), last.as_str()]);
    assert_eq!(first(Some("ES")), [last.as_str(), foreign.as_str()]);
    let only = index.popular(scope, Country::Only("ES"), 50).institutions;
    assert_eq!((ids(&only)[0].as_str(), only.len()), (last.as_str(), spanish.len()));
    let mut once = ids(&index.popular(scope, None, 50).institutions);
    let all = once.len();
    once.sort_unstable();
    once.dedup();
    assert_eq!(once.len(), all, "nobody is listed twice");
}
