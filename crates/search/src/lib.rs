//! Institutions found by what people type.
//!
//! An [`Index`] is built once from all institutions and never changes; the server builds another when they do. It
//! forgives case, accents, punctuation and word order, matches the beginnings of words, and knows short names, aliases,
//! acronyms and BICs. Where that finds nothing at home, it forgives typos, wrong spaces and other scripts, too.
//!
//! **How it works.** Every word that can find an institution is folded (`fold.rs`) and kept once, sorted, with the
//! institutions that it leads to (`dictionary.rs`). A typed word is the beginning of a range of that list. An institution
//! is a result when each typed word leads to it. To forgive, a text is read in more ways than one (`query.rs`), and a word
//! leads to the ranges whose beginnings are a mistake or two away, found by a walk through the tree of beginnings that
//! gives up a branch as soon as it can't be within them (`typos.rs`).
//!
//! **Order.** Fewer mistakes first; then institutions called just as the text says; then the person's country; then words
//! that people look for before BICs, acronyms and legal forms; then popularity; then how precisely the words match; then
//! name. Precision comes that late on purpose, or a foreign bank whose name begins with the text would come before the bank
//! around the corner. So does a namesake abroad of banks around the corner whose names begin with the text: *Santander* is
//! Santander UK to somebody in Britain.
//!
//! **Before anything is typed** popular institutions are listed: those that people connect, and while nobody did, the
//! large banks of the person's country (`well_known.rs`).
//!
//! **Why not an engine.** Tantivy, set up for the same, found fewer of what was meant and took longer for it: the order
//! above is no score that words add up to, and an index for documents is the wrong shape for sixty thousand names that are
//! searched at each key. `docs/search.md` has the numbers.

pub use entry::{Country, Entry, Origin, Scope, Selection};
pub use index::Index;

mod best;
mod builder;
mod dictionary;
mod document;
mod entry;
mod fold;
mod guide;
mod hits;
mod index;
mod matches;
mod posting;
mod query;
mod ranking;
mod script;
mod terms;
mod typos;
mod well_known;
