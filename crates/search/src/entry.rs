//! What goes into the index.

use banklink_protocol::institutions::InstitutionSummary;

/// An institution with everything that finds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What a result shows.
    pub summary: InstitutionSummary,
    /// What people call it for short.
    pub short_name: Option<String>,
    /// Eight or eleven characters.
    pub bic: Option<String>,
    /// Other names and ids.
    pub aliases: Vec<String>,
    /// The higher, the further up among equals; only the order matters.
    pub popularity: u32,
    /// Where it comes from.
    pub origin: Origin,
}

/// Where an institution comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The sandbox brought it along.
    BuiltIn,
    /// The operator imported it.
    Imported,
}

/// Which institutions a person may see.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    /// Every one.
    #[default]
    All,
    /// The sandbox's own (`demo`).
    BuiltIn,
    /// All but the sandbox's own: what a live app has.
    Imported,
}

impl Scope {
    /// Whether institutions from there are seen.
    pub const fn includes(self, origin: Origin) -> bool {
        matches!((self, origin), (Self::All, _) | (Self::BuiltIn, Origin::BuiltIn) | (Self::Imported, Origin::Imported))
    }
}

/// What a country (ISO 3166-1 alpha-2) does to a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Country<'a> {
    /// None is more likely than another.
    #[default]
    Any,
    /// This one comes first among equals.
    First(&'a str),
    /// Only institutions of this one are wanted.
    Only(&'a str),
}

impl<'a> Country<'a> {
    pub(crate) const fn code(self) -> Option<&'a str> {
        match self {
            Self::Any => None,
            Self::First(code) | Self::Only(code) => Some(code),
        }
    }

    pub(crate) const fn only(self) -> Option<&'a str> {
        if let Self::Only(code) = self { Some(code) } else { None }
    }
}

impl<'a> From<Option<&'a str>> for Country<'a> {
    fn from(first: Option<&'a str>) -> Self {
        first.map_or(Self::Any, Self::First)
    }
}
