//! Institutions found by what people type.
//!
//! An [`Index`] is built once from all institutions and never changes; the server builds another when they do. It
//! forgives case, accents, punctuation and word order, matches the beginnings of words, and knows short names, aliases,
//! acronyms and BICs.
//!
//! **How it works.** Every word that can find an institution is folded (`fold.rs`) and kept once, sorted, with the
//! institutions that it leads to. A typed word is the beginning of a range of that list. An institution is a result
//! when each typed word leads to it, so a query costs as much as its words have matches and no more. Forgiving typos and
//! other scripts will mean to find more ranges for a typed word; nothing behind that point needs to know.
//!
//! **Order.** Matches with words that people look for before those with the rest (BICs, acronyms, legal forms); then
//! institutions called just as the text says; then the person's country; then popularity; then how precisely the words
//! match; then name. Precision comes that late on purpose, or a foreign bank whose name begins with the text would come
//! before the bank around the corner. So does a namesake abroad of banks around the corner whose names begin with the
//! text: *Santander* is Santander UK to somebody in Britain.
//!
//! **Before anything is typed** popular institutions are listed: those that people connect, and while nobody did, the
//! large banks of the person's country (`well_known.rs`).

pub use entry::{Country, Entry, Origin, Scope};
pub use index::Index;

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
