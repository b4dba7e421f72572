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
pub enum Scope<'a> {
    /// Every one.
    #[default]
    All,
    /// The sandbox's own (`demo`).
    BuiltIn,
    /// All but the sandbox's own: what a live app has.
    Imported,
    /// Those of a list.
    Selected(&'a Selection),
}

impl Scope<'_> {
    /// Whether the institution of this number, which comes from there, is seen.
    pub(crate) fn includes(self, number: u32, origin: Origin) -> bool {
        match (self, origin) {
            (Self::All, _) | (Self::BuiltIn, Origin::BuiltIn) | (Self::Imported, Origin::Imported) => true,
            (Self::BuiltIn | Self::Imported, _) => false,
            (Self::Selected(selection), _) => selection.shown.get(number as usize).is_some_and(|is_shown| *is_shown),
        }
    }

    /// What comes first before anything is typed.
    pub(crate) fn first(&self) -> &[u32] {
        match self {
            Self::Selected(selection) => &selection.first,
            Self::All | Self::BuiltIn | Self::Imported => &[],
        }
    }
}

/// A list of an index's institutions ([`crate::Index::select`]).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selection {
    /// For each number whether it is on the list.
    pub(crate) shown: Vec<bool>,
    pub(crate) count: u32,
    /// What comes first before anything is typed, in order.
    pub(crate) first: Vec<u32>,
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
