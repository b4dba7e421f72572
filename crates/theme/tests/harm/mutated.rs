//! Stylesheets that exist, hostile and harmless ones, cut up and put together again.

use std::{fs, path::Path, sync::LazyLock};

use proptest::{prelude::*, sample::Index};

use crate::{harmless::assert_harmless, random::PIECES};

/// The hostile ones of this folder, and the ready-made themes.
static CORPUS: LazyLock<Vec<Vec<char>>> = LazyLock::new(|| {
    let folders = ["tests/hostile", "../../themes"].map(|folder| Path::new(env!("CARGO_MANIFEST_DIR")).join(folder));
    let files = folders.iter().flat_map(|folder| fs::read_dir(folder).expect("a folder of stylesheets"));
    let mut paths: Vec<_> = files.map(|file| file.expect("a file").path()).collect();
    paths.sort();
    paths.iter().map(|path| fs::read_to_string(path).expect("a stylesheet").chars().collect()).collect()
});

/// Longest part that is taken out, or comes from elsewhere.
const LONGEST: usize = 80;

/// What is done to a stylesheet, once.
#[derive(Clone, Debug)]
enum Change {
    /// A part goes.
    Drop(Index, usize),
    /// A part comes twice.
    Repeat(Index, usize),
    /// A part of another one comes in.
    Splice(Index, Index, Index, usize),
    /// A piece comes in.
    Insert(Index, &'static str),
    /// A letter is written as an escape.
    Escape(Index),
    /// A part is in capitals.
    Capitals(Index, usize),
    /// It ends there.
    Cut(Index),
    /// Any character comes in.
    Character(Index, char),
}

impl Change {
    fn apply(&self, text: &mut Vec<char>) {
        if text.is_empty() {
            return;
        }
        let size = text.len();
        let part = |at: &Index, length: usize| {
            let start = at.index(size);
            start..(start + length).min(size)
        };
        match self {
            Self::Drop(at, length) => drop(text.drain(part(at, *length))),
            Self::Repeat(at, length) => {
                let part = part(at, *length);
                let copy = text[part.clone()].to_vec();
                text.splice(part.end..part.end, copy);
            }
            Self::Splice(at, other, from, length) => {
                let other = other.get(&CORPUS);
                let start = from.index(other.len());
                let at = part(at, 0);
                text.splice(at, other[start..(start + length).min(other.len())].iter().copied());
            }
            Self::Insert(at, piece) => drop(text.splice(part(at, 0), piece.chars())),
            Self::Escape(at) => {
                let one = part(at, 1);
                let escape = format!("\\{:x} ", u32::from(text[one.start]));
                text.splice(one, escape.chars());
            }
            Self::Capitals(at, length) => {
                text[part(at, *length)].iter_mut().for_each(char::make_ascii_uppercase);
            }
            Self::Cut(at) => text.truncate(at.index(text.len())),
            Self::Character(at, character) => text.insert(at.index(text.len()), *character),
        }
    }
}

fn change() -> impl Strategy<Value = Change> {
    let at = any::<Index>;
    let length = || 1..LONGEST;
    prop_oneof![
        (at(), length()).prop_map(|(at, length)| Change::Drop(at, length)),
        (at(), length()).prop_map(|(at, length)| Change::Repeat(at, length)),
        (at(), at(), at(), length()).prop_map(|(at, other, from, length)| Change::Splice(at, other, from, length)),
        (at(), prop::sample::select(PIECES)).prop_map(|(at, piece)| Change::Insert(at, piece)),
        at().prop_map(Change::Escape),
        (at(), length()).prop_map(|(at, length)| Change::Capitals(at, length)),
        at().prop_map(Change::Cut),
        (at(), any::<char>()).prop_map(|(at, character)| Change::Character(at, character)),
    ]
}

fn mutated() -> impl Strategy<Value = String> {
    (any::<Index>(), prop::collection::vec(change(), 1..24)).prop_map(|(file, changes)| {
        let mut text = file.get(&CORPUS).clone();
        for change in changes {
            change.apply(&mut text);
        }
        text.into_iter().collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn stylesheets_that_were_cut_up_do_no_harm(source in mutated()) {
        assert_harmless(&source);
    }
}
