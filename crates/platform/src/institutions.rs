//! Institutions that an app's people can choose.

use serde::{Deserialize, Serialize};

/// Whether linking works at an institution just now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum InstitutionHealth {
    /// It works.
    Up,
    /// It works, slowly or not every time.
    Degraded,
    /// It does not work.
    Down,
    /// It will work one day.
    Soon,
}

/// An institution.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ListedInstitution {
    /// Names it, as in `bank=testbank`.
    pub id: String,
    /// As the institution spells it.
    pub name: String,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// What tells it from another of the same name in the same country, as its BIC.
    pub detail: Option<String>,
    /// Whether linking works there just now: `up`, `degraded` or `down`; `soon`: it will one day.
    pub health: InstitutionHealth,
    /// Where its logo is, if there is one.
    pub logo_url: Option<String>,
}

/// Most ids that are asked for at once.
pub const MOST_IDS: usize = 100;
