//! What a word leads to, and how well it fits there.

use core::ops::Add;

/// An institution that a word leads to, and where the word stands there. They sort by institution, then by place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Posting(u32);

/// Lowest bits of a posting, which hold the place.
const PLACE_BITS: u32 = 3;

impl Posting {
    pub(crate) const fn new(document: u32, place: Place) -> Self {
        Self(document << PLACE_BITS | place as u32)
    }

    /// Number of the institution.
    pub(crate) const fn document(self) -> u32 {
        self.0 >> PLACE_BITS
    }

    /// Whether the word is one of a name.
    pub(crate) const fn is_of_name(self) -> bool {
        self.is_at(Place::First) || self.is_at(Place::Later) || self.is_at(Place::Small)
    }

    /// Whether the word is a BIC.
    pub(crate) const fn is_bic(self) -> bool {
        self.is_at(Place::Bic)
    }

    const fn is_at(self, place: Place) -> bool {
        self.0 & ((1 << PLACE_BITS) - 1) == place as u32
    }

    /// What it costs that the typed word leads here, of what that costs by place; `None` where it does not count.
    pub(crate) fn cost(self, costs: &Costs) -> Option<Cost> {
        costs.0.get((self.0 & ((1 << PLACE_BITS) - 1)) as usize).copied().flatten()
    }
}

/// Where a word stands, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(crate) enum Place {
    /// It is the first word of the name, the short name or an alias.
    First,
    /// It is another word of them.
    Later,
    /// It is an article, a preposition or the like in one of them.
    Small,
    /// It is a legal form behind one of them.
    LegalForm,
    /// It is all words of one of them, written as one.
    Joined,
    /// It is the BIC.
    Bic,
    /// It is the first letters of the name's words.
    Acronym,
}

/// What it costs to take a word of a name for the one that was typed, for each place.
pub(crate) struct Costs([Option<Cost>; Place::ALL.len()]);

impl Costs {
    pub(crate) fn new(typed: Typed, word: Word) -> Self {
        Self(Place::ALL.map(|place| place.cost(typed, word)))
    }
}

impl Place {
    /// Each of them, in order.
    const ALL: [Self; 7] =
        [Self::First, Self::Later, Self::Small, Self::LegalForm, Self::Joined, Self::Bic, Self::Acronym];

    const fn cost(self, typed: Typed, word: Word) -> Option<Cost> {
        // One letter is the beginning of a word even where it is one: `B.` is no better an answer to `b` than `Banco`.
        let begins = if word.is_whole && !typed.is_letter { 0 } else { 1 };
        let begins = if word.begins_otherwise { begins + OTHER_FIRST_LETTER } else { begins };
        let (is_weak, penalty) = match self {
            Self::First => (false, begins),
            Self::Later => (false, begins + 2),
            Self::Small if word.mistakes == 0 => (false, begins + 5),
            Self::LegalForm if word.mistakes == 0 => (true, begins),
            Self::Joined if word.is_whole || typed.is_long => (true, begins),
            Self::Bic if word.mistakes == 0 && (word.is_whole || typed.is_long) => (true, begins),
            Self::Acronym if word.mistakes == 0 && word.is_whole => (true, 1),
            _ => return None,
        };
        Some(Cost { mistakes: word.mistakes, is_weak, penalty })
    }
}

/// Shortest beginning of a BIC or of joined words that counts, in letters; below, nearly everything would match.
const MIN_WEAK_BEGINNING: usize = 4;

/// What the length of a typed word means.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Typed {
    is_letter: bool,
    /// Whether it counts as the beginning of a BIC or of joined words.
    is_long: bool,
}

impl Typed {
    pub(crate) fn new(word: &str) -> Self {
        Self { is_letter: word.chars().nth(1).is_none(), is_long: word.chars().nth(MIN_WEAK_BEGINNING - 1).is_some() }
    }
}

/// How a word is what was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Word {
    /// All of it, and not only its beginning.
    pub(crate) is_whole: bool,
    /// Letters to put right.
    pub(crate) mistakes: u8,
    /// The first letter is one of them: rarer than any other.
    pub(crate) begins_otherwise: bool,
}

impl Word {
    pub(crate) const fn as_typed(is_whole: bool) -> Self {
        Self { is_whole, mistakes: 0, begins_otherwise: false }
    }
}

/// Penalty for a wrong first letter.
const OTHER_FIRST_LETTER: u8 = 4;

/// What it costs to take an institution for what was meant, the dearest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Cost {
    /// Letters and spaces to put right.
    pub(crate) mistakes: u8,
    /// Some word is part of a BIC, an acronym, a legal form, or words written as one: nothing that people look for.
    pub(crate) is_weak: bool,
    /// How imprecise the words are.
    pub(crate) penalty: u8,
}

/// Greatest penalty of a match with the first word of a name, whole or not.
pub(crate) const BEGINS_FIRST_WORD: u8 = 1;

impl Cost {
    /// Of all words of a text, written as one.
    pub(crate) const JOINED: Self = Self { mistakes: 0, is_weak: true, penalty: 0 };

    /// The same with more to put right.
    pub(crate) const fn with_mistakes(self, more: u8) -> Self {
        Self { mistakes: self.mistakes.saturating_add(more), ..self }
    }
}

impl Add for Cost {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            mistakes: self.mistakes.saturating_add(other.mistakes),
            is_weak: self.is_weak || other.is_weak,
            penalty: self.penalty.saturating_add(other.penalty),
        }
    }
}
