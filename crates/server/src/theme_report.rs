//! What `banklink theme` says of a stylesheet: each finding with the line that it is about, and what is left of it all.

use std::{fmt, path::Path};

use banklink_domain::theme::AppTheme;
use banklink_theme::{Finding, Reason, Severity};

/// Longest part of a line that is shown, in characters: minified stylesheets are one line.
const MAX_SHOWN: usize = 96;

/// What is shown before the place, in characters.
const BEFORE: usize = 60;

/// Written for a terminal: `file:line:column` at the start of each finding, as editors and build tools look for it.
#[derive(Clone, Copy, Debug)]
pub struct ThemeReport<'a> {
    /// Where the stylesheet is.
    pub file: &'a Path,
    /// The stylesheet.
    pub theme: &'a AppTheme,
    /// What the compiler had to say.
    pub findings: &'a [Finding],
}

impl fmt::Display for ThemeReport<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = self.file.display();
        let lines = lines(&self.theme.source);
        for finding in self.findings {
            writeln!(formatter, "{file}:{finding}")?;
            let line = usize::try_from(finding.line).ok().and_then(|line| lines.get(line.checked_sub(1)?));
            if let Some(Shown { text, indent }) = line.and_then(|line| shown(line, finding.column)) {
                writeln!(formatter, "    {text}\n    {:indent$}^", "")?;
            }
        }
        let is_more = |finding: &&Finding| finding.reason == Reason::TooManyFindings;
        let findings = || self.findings.iter().filter(|finding| !is_more(finding));
        let count = |severity| findings().filter(|finding| finding.severity == severity).count();
        let (refused, doubtful) = (count(Severity::Error), count(Severity::Warning));
        let more = if findings().count() < self.findings.len() { " and more" } else { "" };
        let refused = if refused == 0 { "nothing refused".to_owned() } else { format!("{refused} refused{more}") };
        let warnings = match doubtful {
            0 => String::new(),
            1 => ", 1 warning".to_owned(),
            more => format!(", {more} warnings"),
        };
        match self.theme.css.len() {
            0 => write!(formatter, "{file}: {refused}{warnings}, nothing to serve"),
            bytes => write!(formatter, "{file}: {refused}{warnings}, {bytes} bytes as served"),
        }
    }
}

/// The lines as the compiler counts them.
fn lines(source: &str) -> Vec<&str> {
    let source = source.strip_prefix('\u{feff}').unwrap_or(source);
    let is_end = |character| matches!(character, '\n' | '\r' | '\u{c}');
    let mut lines: Vec<&str> = Vec::new();
    let mut rest = source;
    while let Some(end) = rest.find(is_end) {
        let (line, after) = rest.split_at(end);
        lines.push(line);
        rest = after.strip_prefix("\r\n").unwrap_or_else(|| after.get(1..).unwrap_or_default());
    }
    lines.push(rest);
    lines
}

struct Shown {
    text: String,
    /// Characters before the place.
    indent: usize,
}

/// The part of a line around a column, which counts UTF-16 units from 1. What a terminal would take for a command is
/// left blank. `None`: there is nothing to see.
fn shown(line: &str, column: u32) -> Option<Shown> {
    let mut units = 0;
    let before = |character: &char| {
        units += character.len_utf16();
        units < usize::try_from(column).unwrap_or(usize::MAX)
    };
    let place = line.chars().take_while(before).count();
    let start = place.saturating_sub(BEFORE);
    let clean = |character: char| if character.is_control() { ' ' } else { character };
    let text: String = line.chars().skip(start).take(MAX_SHOWN).map(clean).collect();
    let text = text.trim_end();
    let blank = text.len() - text.trim_start().len();
    let indent = (place - start).checked_sub(text.chars().take(blank).count())?;
    (!text.trim().is_empty()).then(|| Shown { text: text.trim_start().to_owned(), indent })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(source: &str) -> String {
        let compiled = banklink_theme::compile(source);
        let theme = AppTheme::new(source.to_owned(), compiled.css);
        ThemeReport { file: Path::new("brand.css"), theme: &theme, findings: &compiled.findings }.to_string()
    }

    #[test]
    fn a_finding_is_shown_under_its_line() {
        assert_eq!(
            report("#title-sca {\r\n\tcolor: #333;\r\n\tposition: fixed;\r\n}\r\n"),
            "brand.css:3:2: error: `position` is not allowed: it moves what a person must see\n    \
             position: fixed;\n    ^\n\
             brand.css: 1 refused, 22 bytes as served"
        );
    }

    #[test]
    fn the_place_is_right_behind_characters_of_two_units_and_a_byte_order_mark() {
        let report = report("\u{feff}#title-sca{font-family:'𝕏';color:x}");
        let expected = format!("\n    #title-sca{{font-family:'𝕏';color:x}}\n    {:33}^\n", "");
        assert!(report.contains(&expected), "{report}");
    }

    #[test]
    fn of_a_long_line_the_part_around_the_place_is_shown() {
        let report =
            report(&format!("{}.x{{}}{}", "#title-sca{gap:1px}".repeat(500), "#title-sca{gap:1px}".repeat(500)));
        let lines: Vec<&str> = report.lines().collect();
        assert!(lines.iter().all(|line| line.chars().count() <= 4 + MAX_SHOWN), "{report}");
        let place = lines[2].find('^').unwrap();
        assert!(lines[1][place..].starts_with(".x{}"), "{report}");
    }

    #[test]
    fn a_terminal_gets_no_commands_from_a_stylesheet() {
        let report = report("#title-sca{color:\u{1b}[2J;\u{1b}]0;title\u{7}}\n");
        assert!(!report.contains(|character: char| character.is_control() && character != '\n'), "{report:?}");
    }

    #[test]
    fn a_stylesheet_without_findings_is_told_so() {
        assert_eq!(report("#title-sca{gap:1px}"), "brand.css: nothing refused, 19 bytes as served");
        assert_eq!(report(""), "brand.css: nothing refused, nothing to serve");
        assert!(report(&".x{}".repeat(300)).ends_with("brand.css: 200 refused and more, nothing to serve"));
        let two = "#title-sca{color:#777;background:#fff}".repeat(2);
        assert!(
            report(&two).ends_with("brand.css: nothing refused, 2 warnings, 76 bytes as served"),
            "{}",
            report(&two)
        );
    }
}
