//! What a person typed who did not find their institution.

use banklink_protocol::secret::Secret;

/// The last search of a person who left because their institution was missing, for the app to learn from: one line of at
/// most [`Self::MAX`] bytes. People type anything into a search box, so nothing shows it, and it is stored only sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Searched(Secret);

impl Searched {
    /// Longest text that is kept, in bytes: no institution's name is longer.
    pub const MAX: usize = 200;

    /// What is kept of what was typed: without needless space and control characters, and cut where it is too long.
    /// `None` where nothing is left.
    pub fn of(typed: &str) -> Option<Self> {
        let words = typed.split(|char: char| char.is_whitespace() || char.is_control()).filter(|word| !word.is_empty());
        let mut line = words.collect::<Vec<_>>().join(" ");
        line.truncate(line.floor_char_boundary(Self::MAX));
        line.truncate(line.trim_end().len());
        (!line.is_empty()).then(|| Self(Secret::new(line)))
    }

    /// The text.
    pub const fn text(&self) -> &Secret {
        &self.0
    }

    /// The same, to pass on.
    pub fn into_text(self) -> Secret {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(typed: &str) -> Option<String> {
        Searched::of(typed).map(|searched| searched.text().expose().to_owned())
    }

    #[test]
    fn one_line_is_kept_without_needless_space() {
        assert_eq!(kept("  Bank\t of\r\n\u{0} Atlantis ").as_deref(), Some("Bank of Atlantis"));
        assert_eq!(kept(" \u{7}\n "), None);
        assert_eq!(kept(""), None);
    }

    #[test]
    fn what_is_too_long_is_cut_between_letters() {
        let kept_of = |typed: String| kept(&typed).unwrap();
        assert_eq!(kept_of("é".repeat(200)), "é".repeat(100));
        assert_eq!(kept_of(format!("a{}", "é".repeat(200))).len(), 199);
        assert_eq!(kept_of(format!("{} b", "a".repeat(199))), "a".repeat(199), "no space at its end");
        let short = "x".repeat(Searched::MAX);
        assert_eq!(kept_of(short.clone()), short);
    }

    #[test]
    fn nothing_shows_it() {
        assert!(!format!("{:?}", Searched::of("Atlantis")).contains("Atlantis"));
    }
}
