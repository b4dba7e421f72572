//! Every word that can find an institution, and what a typed word leads to.

use core::ops::Range;

use crate::{
    dictionary::{Dictionary, DictionaryBuilder},
    posting::{Cost, Costs, Typed, Word},
    typos::{self, Allowance, Tree},
};

/// The words of all names, BICs and acronyms, looked up by how they begin.
#[derive(Debug)]
pub(crate) struct Terms {
    dictionary: Dictionary,
    tree: Tree,
}

/// What is put right in a typed word, from little to much.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Forgiveness {
    /// Nothing.
    Strict,
    /// One mistake.
    Mild,
    /// Two mistakes in a long word that is none as it stands.
    Generous,
}

/// Shortest word in which a mistake is put right, in letters. It must be all of a word then: of so few letters nearly
/// everything would be a beginning.
const MIN_FORGIVEN: usize = 3;

/// Shortest word in which two mistakes are put right, in letters.
const MIN_FORGIVEN_TWICE: usize = 7;

/// The words of the dictionary that a typed word leads to.
pub(crate) struct Leads {
    typed: Typed,
    words: Vec<(Range<u32>, Word)>,
}

impl Terms {
    pub(crate) fn build(words: DictionaryBuilder) -> Self {
        let dictionary = words.build();
        Self { tree: Tree::build(&dictionary), dictionary }
    }

    /// The words that `typed` is, or is the beginning of, or would be with its mistakes put right.
    pub(crate) fn leads(&self, typed: &str, forgiveness: Forgiveness) -> Leads {
        let letters = typed.chars().count();
        let digits = typed.chars().filter(char::is_ascii_digit).count();
        let is_forgiven = letters >= MIN_FORGIVEN && (digits == 0 || letters - digits >= MIN_FORGIVEN_TWICE);
        if forgiveness == Forgiveness::Strict || !is_forgiven {
            return self.exact(typed);
        }
        // What is a word as it stands is hardly the beginning of another one and mistyped.
        let beginnings = letters > MIN_FORGIVEN && !self.has_word(typed);
        let is_twice = forgiveness == Forgiveness::Generous && beginnings && letters >= MIN_FORGIVEN_TWICE;
        self.misspelt(typed, Allowance { mistakes: if is_twice { 2 } else { 1 }, beginnings })
    }

    fn exact(&self, typed: &str) -> Leads {
        let Range { start, end } = self.dictionary.beginning_with(typed);
        let mut words = Vec::with_capacity(2);
        let mut rest = start;
        if start < end && self.dictionary.word(start) == typed {
            rest = start + 1;
            words.push((start..rest, Word::as_typed(true)));
        }
        if rest < end {
            words.push((rest..end, Word::as_typed(false)));
        }
        Leads { typed: Typed::new(typed), words }
    }

    fn misspelt(&self, typed: &str, allowance: Allowance) -> Leads {
        let mut words = Vec::new();
        typos::look_up(&self.dictionary, &self.tree, typed, allowance, &mut |range, word| words.push((range, word)));
        Leads { typed: Typed::new(typed), words }
    }

    /// Calls `visit` with each institution that these words lead to, and the cost of that match. One institution may come
    /// several times.
    pub(crate) fn visit(&self, leads: &Leads, mut visit: impl FnMut(u32, Cost)) {
        for (words, word) in &leads.words {
            let costs = Costs::new(leads.typed, *word);
            for posting in self.dictionary.postings(words.clone()) {
                if let Some(cost) = posting.cost(&costs) {
                    visit(posting.document(), cost);
                }
            }
        }
    }

    /// Whether some word begins with `beginning`.
    pub(crate) fn has_beginning(&self, beginning: &str) -> bool {
        !self.dictionary.beginning_with(beginning).is_empty()
    }

    /// Whether this is a word of a name.
    pub(crate) fn has_word(&self, word: &str) -> bool {
        let found = self.dictionary.find(word);
        found.is_some_and(|word| self.dictionary.postings(word..word + 1).iter().any(|posting| posting.is_of_name()))
    }

    /// Whether some BIC begins with `beginning`.
    pub(crate) fn has_bic(&self, beginning: &str) -> bool {
        let words = self.dictionary.beginning_with(beginning);
        self.dictionary.postings(words).iter().any(|posting| posting.is_bic())
    }

    /// Bytes that the words take.
    pub(crate) fn memory(&self) -> usize {
        self.dictionary.memory() + self.tree.memory()
    }
}
