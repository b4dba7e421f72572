//! Institutions as the list shows them.

use serde::{Deserialize, Serialize};

use crate::ids::{InstitutionId, LogoName};

/// One row of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstitutionSummary {
    /// What the person's choice sends back.
    pub id: InstitutionId,
    /// The name as the institution spells it.
    pub name: String,
    /// ISO 3166-1 alpha-2, upper case.
    pub country: String,
    /// What tells it from another of the same name in the same country, as its BIC.
    pub detail: Option<String>,
    /// Its logo, if the operator has one.
    pub logo: Option<LogoName>,
    /// Whether linking works there just now.
    pub health: Health,
}

/// Whether linking works at an institution just now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Health {
    /// It works.
    #[default]
    Up,
    /// It works, slowly or not every time.
    Degraded,
    /// It does not work.
    Down,
    /// It will work one day.
    Soon,
}

/// What the list shows for one search text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchResults {
    /// Best first, at most [`MAX_RESULTS`].
    pub institutions: Vec<InstitutionSummary>,
    /// How many there are in all.
    pub total: u32,
}

/// How many institutions one reply holds at most.
pub const MAX_RESULTS: usize = 50;
