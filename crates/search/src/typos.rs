//! The words that a mistyped word may mean.

use core::{iter, ops::Range};

use crate::{
    dictionary::{Dictionary, number},
    posting::Word,
};

/// Longest word that is put right, in letters; a longer one is no word.
const MAX_LETTERS: usize = 63;

/// From this letter on there may have been two mistakes: both in the first two letters would leave nothing to go by, and
/// take most of the time.
const TWO_FROM: usize = 3;

/// The dictionary's beginnings of words as a tree: each node is a letter after those above it. A beginning that only one
/// word has is not taken further, since that word can be asked itself.
#[derive(Debug)]
pub(crate) struct Tree {
    /// Level by level, so that the children of one node lie together, followed by those of the next node. The first one
    /// is the root, which has no letter; the last one only says where the children of the one before it end.
    nodes: Vec<Node>,
}

#[derive(Clone, Copy, Debug)]
struct Node {
    letter: char,
    first_child: u32,
    /// The first word that begins so; the last one stands before the first one of the next child of the same node.
    first_word: u32,
}

impl Tree {
    pub(crate) fn build(dictionary: &Dictionary) -> Self {
        let mut nodes = vec![Node { letter: '\0', first_child: 1, first_word: 0 }];
        // The words below each node, and how many bytes of them are above.
        let mut below = vec![(0..dictionary.len(), 0_usize)];
        let mut at = 0;
        while let Some((words, depth)) = below.get(at).cloned() {
            nodes[at].first_child = number(nodes.len());
            if words.len() > 1 {
                let letter = |word: u32| dictionary.word(word).get(depth..).and_then(|rest| rest.chars().next());
                let mut from = words.start;
                while from < words.end {
                    let own = letter(from);
                    let to = (from..words.end).find(|&word| letter(word) != own).unwrap_or(words.end);
                    if let Some(letter) = own {
                        nodes.push(Node { letter, first_child: 0, first_word: from });
                        below.push((from..to, depth + letter.len_utf8()));
                    }
                    from = to;
                }
            }
            at += 1;
        }
        nodes.push(Node { letter: '\0', first_child: number(nodes.len()), first_word: dictionary.len() });
        nodes.shrink_to_fit();
        Self { nodes }
    }

    /// Bytes that the tree takes.
    pub(crate) fn memory(&self) -> usize {
        size_of::<Node>() * self.nodes.capacity()
    }

    fn children(&self, node: u32) -> Range<u32> {
        let first = |node: u32| self.nodes.get(node as usize).map_or(0, |node| node.first_child);
        first(node)..first(node + 1)
    }

    fn node(&self, node: u32) -> Option<Node> {
        self.nodes.get(node as usize).copied()
    }
}

/// How much is put right in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Allowance {
    /// Letters left out, put in, taken for another, or swapped with the next one.
    pub(crate) mistakes: u8,
    /// Whether words count of which only the beginning was typed.
    pub(crate) beginnings: bool,
}

/// Calls `found` with ranges of words that begin with `typed` once as many mistakes are put right as allowed, and with how
/// they do. A word may come several times, and the least mistakes count.
pub(crate) fn look_up(
    dictionary: &Dictionary,
    tree: &Tree,
    typed: &str,
    allowance: Allowance,
    found: &mut dyn FnMut(Range<u32>, Word),
) {
    let letters: Vec<char> = typed.chars().take(MAX_LETTERS + 1).collect();
    if letters.len() <= MAX_LETTERS {
        let rows = Rows::new(&letters, allowance.mistakes);
        let mut walk = Walk { dictionary, tree, rows, allowance, found };
        walk.node(0, 0..dictionary.len(), 0, None);
    }
}

/// A walk through the beginnings of words that may still become the typed one.
struct Walk<'a> {
    dictionary: &'a Dictionary,
    tree: &'a Tree,
    rows: Rows<'a>,
    allowance: Allowance,
    found: &'a mut dyn FnMut(Range<u32>, Word),
}

impl Walk<'_> {
    /// Goes on below a node, which is `depth` letters below the root and has `words` below it. `best` are the mistakes of
    /// the best beginning above that counts as the typed word, if any does.
    fn node(&mut self, node: u32, words: Range<u32>, depth: usize, best: Option<u8>) {
        let children = self.tree.children(node);
        if children.is_empty() {
            return self.rest_of(words.start, depth, best);
        }
        let mut from = words.start;
        let first = self.tree.node(children.start).map_or(words.end, |child| child.first_word);
        if from < first {
            self.report_whole(from, depth, best);
            from = first;
        }
        let best = self.better(depth, best);
        if !self.rows.can_improve(depth, best) {
            return self.report(from..words.end, best);
        }
        for child in children.clone() {
            let next = (child + 1 < children.end).then(|| self.tree.node(child + 1)).flatten();
            let to = next.map_or(words.end, |next| next.first_word);
            if let Some(Node { letter, .. }) = self.tree.node(child)
                && self.rows.enter(depth + 1, letter)
            {
                self.node(child, from..to, depth + 1, best);
            } else {
                self.report(from..to, best);
            }
            from = to;
        }
    }

    /// Goes through the rest of a word that is the only one to begin as it does.
    fn rest_of(&mut self, word: u32, mut depth: usize, mut best: Option<u8>) {
        let dictionary = self.dictionary;
        for letter in dictionary.word(word).chars().skip(depth) {
            best = self.better(depth, best);
            if !self.rows.can_improve(depth, best) || !self.rows.enter(depth + 1, letter) {
                return self.report(word..word + 1, best);
            }
            depth += 1;
        }
        self.report_whole(word, depth, best);
    }

    /// The mistakes of the best beginning so far, this one included if it counts. What was typed without a mistake always
    /// does.
    fn better(&self, depth: usize, best: Option<u8>) -> Option<u8> {
        let here = self.rows.mistakes(depth).filter(|mistakes| self.allowance.beginnings || *mistakes == 0);
        best.into_iter().chain(here).min()
    }

    /// Reports a word that ends here: all of it, unless a beginning of it has fewer mistakes.
    fn report_whole(&mut self, word: u32, depth: usize, best: Option<u8>) {
        let whole = self.rows.mistakes(depth).filter(|mistakes| best.is_none_or(|best| *mistakes <= best));
        let Some(mistakes) = whole else { return self.report(word..word + 1, best) };
        let begins_otherwise = self.rows.begins_otherwise();
        (self.found)(word..word + 1, Word { is_whole: true, mistakes, begins_otherwise });
    }

    fn report(&mut self, words: Range<u32>, best: Option<u8>) {
        if let Some(mistakes) = best {
            let begins_otherwise = self.rows.begins_otherwise();
            (self.found)(words, Word { is_whole: false, mistakes, begins_otherwise });
        }
    }
}

/// How many mistakes lie between each beginning of the typed word and the beginning of a word that the walk has come to:
/// one row for each letter above. Row `i`, column `j` compares the first `i` letters of the word with the first `j` typed
/// ones. Only columns that are at most the allowed number of mistakes away from `i` can be within it, so no others are
/// computed. Swapped letters count as one mistake if nothing else is wrong with them (*optimal string alignment*).
struct Rows<'a> {
    typed: &'a [char],
    max: u8,
    /// The letters of the word, from the root.
    letters: Vec<char>,
    table: Vec<Row>,
}

#[derive(Clone, Copy)]
struct Row {
    cells: [u8; MAX_LETTERS + 2],
    least: u8,
}

impl<'a> Rows<'a> {
    fn new(typed: &'a [char], max: u8) -> Self {
        let beyond = Row { cells: [max + 1; MAX_LETTERS + 2], least: 0 };
        let deepest = typed.len() + usize::from(max) + 2;
        let mut table = vec![beyond; deepest];
        for (cell, mistakes) in iter::zip(&mut table[0].cells, 0..=max) {
            *cell = mistakes;
        }
        Self { typed, max, letters: vec!['\0'; deepest], table }
    }

    /// Computes row `depth` for the letter there; false if nothing below can be the typed word any more.
    fn enter(&mut self, depth: usize, letter: char) -> bool {
        let max = usize::from(self.max);
        if depth > self.typed.len() + max {
            return false;
        }
        // With all mistakes made, only a letter that was typed about here goes on.
        let near = self.typed.get(depth.saturating_sub(max + 2)..self.typed.len().min(depth + max));
        if self.table[depth - 1].least == self.max && !near.is_some_and(|near| near.contains(&letter)) {
            return false;
        }
        self.letters[depth] = letter;
        let beyond = self.max + 1;
        let (above, below) = self.table.split_at_mut(depth);
        let row = &mut below[0];
        let before = &above[depth - 1].cells;
        let from = depth.saturating_sub(max);
        let to = self.typed.len().min(depth + max);
        let mut least = beyond;
        if from == 0 {
            row.cells[0] = u8::try_from(depth).unwrap_or(beyond).min(beyond);
            least = row.cells[0];
        } else {
            row.cells[from - 1] = beyond;
        }
        for column in from.max(1)..=to {
            let typed = self.typed[column - 1];
            let mut mistakes = if typed == letter {
                before[column - 1]
            } else {
                1 + before[column - 1].min(before[column]).min(row.cells[column - 1])
            };
            if depth > 1 && column > 1 && typed == self.letters[depth - 1] && self.typed[column - 2] == letter {
                mistakes = mistakes.min(1 + above[depth - 2].cells[column - 2]);
            }
            row.cells[column] = mistakes.min(beyond);
            least = least.min(row.cells[column]);
        }
        row.cells[to + 1] = beyond;
        row.least = least;
        least <= self.max.min(if depth < TWO_FROM { 1 } else { 2 })
    }

    fn begins_otherwise(&self) -> bool {
        self.letters.get(1) != self.typed.first()
    }

    /// How many mistakes the typed word has, if the word ends `depth` letters below the root and that is allowed.
    fn mistakes(&self, depth: usize) -> Option<u8> {
        let mistakes = self.table.get(depth)?.cells[self.typed.len()];
        (mistakes <= self.max).then_some(mistakes)
    }

    /// Whether a longer beginning can have fewer mistakes than `best`.
    fn can_improve(&self, depth: usize, best: Option<u8>) -> bool {
        best.is_none_or(|best| self.table.get(depth).is_some_and(|row| row.least < best))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{dictionary::DictionaryBuilder, posting::Place};

    fn dictionary(words: &[String]) -> Dictionary {
        let mut builder = DictionaryBuilder::default();
        for word in words {
            builder.add(word.clone(), 0, Place::First);
        }
        builder.build()
    }

    /// The whole table of the textbook, for two words.
    fn distance(left: &[char], right: &[char]) -> usize {
        let mut table = vec![vec![0; right.len() + 1]; left.len() + 1];
        for row in 0..=left.len() {
            for column in 0..=right.len() {
                table[row][column] = if row == 0 || column == 0 {
                    row + column
                } else {
                    let changed = usize::from(left[row - 1] != right[column - 1]);
                    let mut least = (table[row - 1][column - 1] + changed)
                        .min(table[row - 1][column] + 1)
                        .min(table[row][column - 1] + 1);
                    let swapped = row > 1
                        && column > 1
                        && left[row - 1] == right[column - 2]
                        && left[row - 2] == right[column - 1];
                    if swapped {
                        least = least.min(table[row - 2][column - 2] + 1);
                    }
                    least
                };
            }
        }
        table[left.len()][right.len()]
    }

    /// Mistakes of the best beginning of `word`, and of all of it.
    fn mistakes(word: &str, typed: &str) -> (usize, usize) {
        let (word, typed): (Vec<char>, Vec<char>) = (word.chars().collect(), typed.chars().collect());
        let of = |letters: usize| distance(&word[..letters], &typed);
        ((0..=word.len()).map(of).min().unwrap_or_default(), of(word.len()))
    }

    /// Whether both mistakes are in the first two letters.
    fn both_at_once(word: &str, typed: &str) -> bool {
        let (word, typed): (Vec<char>, Vec<char>) = (word.chars().collect(), typed.chars().collect());
        let start = &word[..word.len().min(2)];
        (0..=typed.len()).all(|letters| distance(start, &typed[..letters]) > 1)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn every_word_is_found_that_the_textbook_finds_and_with_as_many_mistakes(
            words in prop::collection::vec("[abcдж]{1,7}", 1..30),
            typed in "[abcдж]{3,8}",
            allowed in 1_u8..=2,
            beginnings in any::<bool>(),
        ) {
            let dictionary = dictionary(&words);
            let tree = Tree::build(&dictionary);
            let mut found = vec![(None, None); dictionary.len() as usize];
            let allowance = Allowance { mistakes: allowed, beginnings };
            look_up(&dictionary, &tree, &typed, allowance, &mut |range, word| {
                for number in range {
                    let (best, whole) = &mut found[number as usize];
                    let least = |known: &Option<u8>| Some(known.unwrap_or(u8::MAX).min(word.mistakes));
                    *best = least(best);
                    if word.is_whole {
                        *whole = least(whole);
                    }
                }
            });
            for (number, (best, whole)) in (0..).zip(found) {
                let word = dictionary.word(number);
                let (of_beginning, of_all) = mistakes(word, &typed);
                let counts = if beginnings || of_beginning == 0 { of_beginning } else { of_all };
                let expected = Some(counts).filter(|mistakes| *mistakes <= usize::from(allowed));
                if expected == Some(2) && best.is_none() {
                    prop_assert!(both_at_once(word, &typed), "{} is not found by {}", word, typed);
                    continue;
                }
                prop_assert_eq!(best.map(usize::from), expected, "{} in {}", typed, word);
                if let Some(whole) = whole {
                    prop_assert_eq!(usize::from(whole), of_all, "{} is not all of {}", typed, word);
                } else if of_beginning > 0 && !beginnings {
                    prop_assert_eq!(expected, None, "{} is all of {}", typed, word);
                }
            }
        }
    }
}
