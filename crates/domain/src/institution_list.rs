//! Which institutions an app's people see, and which come first (seed 003, *bank list per app*).

use std::collections::HashSet;

use banklink_protocol::ids::InstitutionId;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::country::Country;

/// An app's list, as operators made it. As it comes, it is everything there is, in the order of popularity.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Parts", into = "Parts")]
pub struct InstitutionList(Parts);

/// What a list says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct Parts {
    /// Only institutions of these countries; empty: of all.
    pub countries: Vec<Country>,
    /// In countries of which some are chosen, only they.
    pub chosen: Vec<InstitutionId>,
    /// These are not shown.
    pub hidden: Vec<InstitutionId>,
    /// These come first before anything is typed, in this order.
    pub popular: Vec<InstitutionId>,
}

/// A list is too long, or says something twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum InvalidInstitutionList {
    /// More countries than there are.
    #[error("more than {} countries", InstitutionList::MAX_COUNTRIES)]
    Countries,
    /// Too many are chosen.
    #[error("more than {} chosen institutions", InstitutionList::MAX_CHOSEN)]
    Chosen,
    /// Too many are hidden.
    #[error("more than {} hidden institutions", InstitutionList::MAX_HIDDEN)]
    Hidden,
    /// Too many come first.
    #[error("more than {} popular institutions", InstitutionList::MAX_POPULAR)]
    Popular,
    /// Something stands twice in the same part.
    #[error("something stands there twice")]
    Twice,
}

impl InstitutionList {
    /// Most countries.
    pub const MAX_COUNTRIES: usize = 250;
    /// Most chosen institutions: a session carries the list that it began with.
    pub const MAX_CHOSEN: usize = 200;
    /// Most hidden ones.
    pub const MAX_HIDDEN: usize = 200;
    /// Most that come first: what fits the first screen.
    pub const MAX_POPULAR: usize = 20;

    /// What it says.
    pub const fn parts(&self) -> &Parts {
        &self.0
    }

    /// Whether it leaves nothing out and puts nothing first.
    pub fn is_everything(&self) -> bool {
        self.0 == Parts::default()
    }
}

impl TryFrom<Parts> for InstitutionList {
    type Error = InvalidInstitutionList;

    fn try_from(parts: Parts) -> Result<Self, InvalidInstitutionList> {
        let Parts { countries, chosen, hidden, popular } = &parts;
        let lengths = [
            (countries.len(), Self::MAX_COUNTRIES, InvalidInstitutionList::Countries),
            (chosen.len(), Self::MAX_CHOSEN, InvalidInstitutionList::Chosen),
            (hidden.len(), Self::MAX_HIDDEN, InvalidInstitutionList::Hidden),
            (popular.len(), Self::MAX_POPULAR, InvalidInstitutionList::Popular),
        ];
        if let Some((.., too_many)) = lengths.into_iter().find(|(length, most, _)| length > most) {
            return Err(too_many);
        }
        let is_once = |ids: &[InstitutionId]| ids.iter().collect::<HashSet<_>>().len() == ids.len();
        let are_once = [chosen, hidden, popular].into_iter().all(|ids| is_once(ids));
        let countries_are_once = countries.iter().collect::<HashSet<_>>().len() == countries.len();
        if are_once && countries_are_once { Ok(Self(parts)) } else { Err(InvalidInstitutionList::Twice) }
    }
}

impl From<InstitutionList> for Parts {
    fn from(list: InstitutionList) -> Self {
        list.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(count: usize) -> Vec<InstitutionId> {
        (0..count).map(|number| InstitutionId::new(format!("bank-{number}"))).collect()
    }

    #[test]
    fn a_list_is_bounded_and_says_everything_once() {
        let of = |parts: Parts| InstitutionList::try_from(parts).map(|list| list.is_everything());
        assert_eq!(of(Parts::default()), Ok(true));
        assert_eq!(of(Parts { popular: ids(20), hidden: ids(200), chosen: ids(200), ..Parts::default() }), Ok(false));
        assert_eq!(of(Parts { popular: ids(21), ..Parts::default() }), Err(InvalidInstitutionList::Popular));
        assert_eq!(of(Parts { hidden: ids(201), ..Parts::default() }), Err(InvalidInstitutionList::Hidden));
        assert_eq!(of(Parts { chosen: ids(201), ..Parts::default() }), Err(InvalidInstitutionList::Chosen));
        let twice = Parts { hidden: [ids(2), ids(1)].concat(), ..Parts::default() };
        assert_eq!(of(twice), Err(InvalidInstitutionList::Twice));
    }
}
