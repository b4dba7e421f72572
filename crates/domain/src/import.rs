//! Directories of institutions, line by line: JSON lines, or CSV with a header.
//!
//! A malformed line is refused with its number and reason, and the rest is imported: a directory of thousands must
//! not fail for one. Reading the file is the caller's; bytes come in, since a line may not even be text.

use std::collections::HashSet;

use banklink_protocol::{ids::InstitutionId, institutions::Health};
use serde::Deserialize;
use thiserror::Error;

use crate::{
    country::{Country, InvalidCountry},
    institution::{Bic, ConnectorKind, Institution, InstitutionName, InvalidBic, TextError},
};

mod csv;

/// Longest line, in bytes.
pub const MAX_LINE: usize = 16 * 1024;

/// Most aliases of one institution.
pub const MAX_ALIASES: usize = 32;

/// Longest institution id, in bytes.
pub const MAX_ID: usize = 128;

/// A line that was refused.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("line {number}: {reason}")]
pub struct LineError {
    /// Counted from 1, blank lines included.
    pub number: usize,
    /// What is wrong with it.
    pub reason: LineReason,
}

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum LineReason {
    /// More than [`MAX_LINE`] bytes.
    #[error("longer than {MAX_LINE} bytes")]
    TooLong,
    /// Bytes that are no text.
    #[error("not valid UTF-8")]
    NotUtf8,
    /// No JSON object, or a field of the wrong type.
    #[error("not a JSON object as expected: {0}")]
    Json(String),
    /// A quote that does not close, or one in the middle of a field.
    #[error("a quote does not stand where one may in CSV")]
    CsvQuote,
    /// Not as many fields as the header has.
    #[error("{found} fields where the header has {expected}")]
    CsvFields {
        /// Fields in the line.
        found: usize,
        /// Fields in the header.
        expected: usize,
    },
    /// A field that every institution needs is missing or empty.
    #[error("{0} is missing")]
    Missing(&'static str),
    /// An id with characters other than letters, digits, `.`, `_` and `-`, or too long.
    #[error(
        "the id must be at most {MAX_ID} letters, digits, dots, underscores and hyphens, beginning with a letter or digit"
    )]
    Id,
    /// The id of an institution that comes with the server, which no directory may change.
    #[error("the id belongs to a built-in institution")]
    BuiltInId,
    /// The same id stood in an earlier line.
    #[error("the id stands in an earlier line too")]
    DuplicateId,
    /// The name can't be one.
    #[error("the name: {0}")]
    Name(TextError),
    /// The short name can't be one.
    #[error("the short name: {0}")]
    ShortName(TextError),
    /// An alias can't be one.
    #[error("an alias: {0}")]
    Alias(TextError),
    /// More than [`MAX_ALIASES`].
    #[error("more than {MAX_ALIASES} aliases")]
    TooManyAliases,
    /// The country is none.
    #[error("the country: {0}")]
    Country(InvalidCountry),
    /// The BIC is none.
    #[error("the BIC: {0}")]
    Bic(InvalidBic),
}

/// The whole file can't be read as a directory.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum FileError {
    /// No line begins a JSON object, and the first is no header with the columns that are needed.
    #[error("no line begins a JSON object, and the first is no CSV header with the columns id, name and country")]
    UnknownFormat,
}

/// Reads a whole directory, line by line. `connector` is how its institutions are talked to; `built_in` are the ids
/// that it may not use.
pub fn read(
    file: &[u8],
    connector: ConnectorKind,
    built_in: impl IntoIterator<Item = InstitutionId>,
) -> Result<Lines<'_>, FileError> {
    // Spreadsheets put a byte order mark before what they export.
    let file = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file);
    let mut lines = Lines {
        rest: file,
        number: 0,
        format: Format::JsonLines,
        connector,
        built_in: built_in.into_iter().collect(),
        seen: HashSet::new(),
    };
    let start = file.trim_ascii_start();
    if start.is_empty() || start.starts_with(b"{") {
        return Ok(lines);
    }
    let at_first_line = (lines.rest, lines.number);
    if let Some(header) = lines.header() {
        lines.format = Format::Csv(header);
    } else if has_object(file) {
        // JSON lines whose first is broken: it is refused like any other.
        (lines.rest, lines.number) = at_first_line;
    } else {
        return Err(FileError::UnknownFormat);
    }
    Ok(lines)
}

/// Whether any line begins like a JSON object.
fn has_object(file: &[u8]) -> bool {
    file.split(|byte| *byte == b'\n').any(|line| line.trim_ascii_start().starts_with(b"{"))
}

/// The lines of a directory: an institution or a refusal each; blank lines are passed over.
#[derive(Debug)]
pub struct Lines<'file> {
    rest: &'file [u8],
    number: usize,
    format: Format,
    connector: ConnectorKind,
    built_in: HashSet<InstitutionId>,
    seen: HashSet<InstitutionId>,
}

#[derive(Debug)]
enum Format {
    JsonLines,
    Csv(csv::Header),
}

/// One institution as a line has it, unchecked.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Row {
    id: Option<String>,
    name: Option<String>,
    country: Option<String>,
    bic: Option<String>,
    short_name: Option<String>,
    aliases: Option<Vec<String>>,
}

impl<'file> Lines<'file> {
    fn header(&mut self) -> Option<csv::Header> {
        let line = str::from_utf8(self.next_line()?).ok()?;
        csv::Header::parse(line)
    }

    /// The next line that is not blank.
    fn next_line(&mut self) -> Option<&'file [u8]> {
        while !self.rest.is_empty() {
            let end = self.rest.iter().position(|byte| *byte == b'\n');
            let (line, rest) = match end {
                Some(end) => (&self.rest[..end], &self.rest[end + 1..]),
                None => (self.rest, &self.rest[self.rest.len()..]),
            };
            self.rest = rest;
            self.number += 1;
            if !line.trim_ascii().is_empty() {
                return Some(line.strip_suffix(b"\r").unwrap_or(line));
            }
        }
        None
    }

    fn institution(&mut self, line: &[u8]) -> Result<Institution, LineReason> {
        if line.len() > MAX_LINE {
            return Err(LineReason::TooLong);
        }
        let line = str::from_utf8(line).map_err(|_| LineReason::NotUtf8)?;
        let row = match &self.format {
            Format::JsonLines => json_row(line)?,
            Format::Csv(header) => header.row(line)?,
        };
        let institution = check(row, self.connector)?;
        if self.built_in.contains(&institution.id) {
            return Err(LineReason::BuiltInId);
        }
        if self.seen.insert(institution.id.clone()) { Ok(institution) } else { Err(LineReason::DuplicateId) }
    }
}

impl Iterator for Lines<'_> {
    type Item = Result<Institution, LineError>;

    fn next(&mut self) -> Option<Self::Item> {
        let line = self.next_line()?;
        let number = self.number;
        Some(self.institution(line).map_err(|reason| LineError { number, reason }))
    }
}

/// Fields that are not known are passed over: directories hold more than is needed here.
fn json_row(line: &str) -> Result<Row, LineReason> {
    if !line.trim_start().starts_with('{') {
        return Err(LineReason::Json("it does not begin with {".to_owned()));
    }
    // The message tells the position within the line, whose number is told beside it.
    serde_json::from_str(line).map_err(|error| LineReason::Json(error.to_string()))
}

fn check(row: Row, connector: ConnectorKind) -> Result<Institution, LineReason> {
    let id = needed(row.id.as_deref(), "id")?;
    let name = needed(row.name.as_deref(), "name")?;
    let country = needed(row.country.as_deref(), "country")?;
    Ok(Institution {
        id: parse_id(id)?,
        name: InstitutionName::parse(name).map_err(LineReason::Name)?,
        country: Country::parse(country).map_err(LineReason::Country)?,
        bic: given(row.bic.as_deref()).map(Bic::parse).transpose().map_err(LineReason::Bic)?,
        short_name: given(row.short_name.as_deref())
            .map(InstitutionName::parse)
            .transpose()
            .map_err(LineReason::ShortName)?,
        aliases: parse_aliases(&row.aliases.unwrap_or_default())?,
        connector,
        built_in: false,
        health: Health::Up,
        popularity: 0,
    })
}

/// The text without the space around it, if anything is left.
fn given(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

fn needed<'row>(text: Option<&'row str>, field: &'static str) -> Result<&'row str, LineReason> {
    given(text).ok_or(LineReason::Missing(field))
}

fn parse_id(id: &str) -> Result<InstitutionId, LineReason> {
    let bytes = id.as_bytes();
    let is_id = bytes.len() <= MAX_ID
        && bytes.first().is_some_and(u8::is_ascii_alphanumeric)
        && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(byte));
    if is_id { Ok(InstitutionId::from(id)) } else { Err(LineReason::Id) }
}

fn parse_aliases(aliases: &[String]) -> Result<Vec<InstitutionName>, LineReason> {
    if aliases.len() > MAX_ALIASES {
        return Err(LineReason::TooManyAliases);
    }
    aliases.iter().map(|alias| InstitutionName::parse(alias).map_err(LineReason::Alias)).collect()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn read_all(file: &[u8]) -> Vec<Result<Institution, LineError>> {
        read(file, ConnectorKind::Sandbox, []).unwrap().collect()
    }

    /// The reason for which the only line of a file is refused.
    fn reason(line: &[u8]) -> LineReason {
        match read_all(line).as_slice() {
            [Err(error)] => error.reason.clone(),
            other => panic!("not one refusal: {other:?}"),
        }
    }

    #[test]
    fn a_line_with_everything_becomes_an_institution() {
        let line = br#"{"id": "ca-1", "name": " Banque \u00c9toile ", "country": "ca", "bic": "BSANADAD", "short_name": "BE", "aliases": ["Star"], "colour": 7}"#;
        let institution = read_all(line).remove(0).unwrap();
        assert_eq!(institution.id, InstitutionId::from("ca-1"));
        assert_eq!(institution.name.as_str(), "Banque \u{c9}toile");
        assert_eq!(institution.country.as_str(), "CA");
        assert_eq!(institution.bic, Bic::parse("BSANADAD").ok());
        assert_eq!(institution.short_name, InstitutionName::parse("BE").ok());
        assert_eq!(institution.aliases, [InstitutionName::parse("Star").unwrap()]);
        assert!(!institution.built_in);
    }

    #[test]
    fn a_bad_line_is_refused_by_its_number_and_the_rest_is_read() {
        let file = b"{\"id\":\"a\",\"name\":\"A\",\"country\":\"AD\"}\r\n\n{oops\n{\"id\":\"b\",\"name\":\"B\",\"country\":\"AD\"}";
        let lines = read_all(file);
        let ids: Vec<_> = lines.iter().flatten().map(|institution| institution.id.as_str()).collect();
        assert_eq!(ids, ["a", "b"]);
        let errors: Vec<_> = lines.iter().filter_map(|line| line.as_ref().err()).collect();
        assert_eq!(errors.len(), 1);
        assert_eq!(errors[0].number, 3);
        assert!(errors[0].to_string().starts_with("line 3: not a JSON object"));
    }

    #[rstest]
    #[case(r#"{"name":"A","country":"AD"}"#, LineReason::Missing("id"))]
    #[case(r#"{"id":"","name":"A","country":"AD"}"#, LineReason::Missing("id"))]
    #[case(r#"{"id":"a","country":"AD"}"#, LineReason::Missing("name"))]
    #[case(r#"{"id":"a","name":"  ","country":"AD"}"#, LineReason::Missing("name"))]
    #[case(r#"{"id":"a","name":null,"country":"AD"}"#, LineReason::Missing("name"))]
    #[case(r#"{"id":"a","name":"A"}"#, LineReason::Missing("country"))]
    #[case(r#"{"id":"a b","name":"A","country":"AD"}"#, LineReason::Id)]
    #[case(r#"{"id":"a/b","name":"A","country":"AD"}"#, LineReason::Id)]
    #[case(r#"{"id":"é","name":"A","country":"AD"}"#, LineReason::Id)]
    #[case(r#"{"id":"-a","name":"A","country":"AD"}"#, LineReason::Id)]
    #[case(r#"{"id":"a","name":"A\u0000","country":"AD"}"#, LineReason::Name(TextError::ControlCharacter))]
    #[case(r#"{"id":"a","name":"A","country":"AND"}"#, LineReason::Country(InvalidCountry))]
    #[case(r#"{"id":"a","name":"A","country":"4D"}"#, LineReason::Country(InvalidCountry))]
    #[case(r#"{"id":"a","name":"A","country":"AD","bic":"SHORT"}"#, LineReason::Bic(InvalidBic))]
    #[case(r#"{"id":"a","name":"A","country":"AD","aliases":[""]}"#, LineReason::Alias(TextError::Empty))]
    fn a_line_is_refused_for_a_reason(#[case] line: &str, #[case] expected: LineReason) {
        assert_eq!(reason(line.as_bytes()), expected);
    }

    #[rstest]
    #[case(r#"{"id":1,"name":"A","country":"AD"}"#)]
    #[case(r#"{"id":"a","id":"b","name":"A","country":"AD"}"#)]
    #[case(r#"{"id":"a","name":"A","country":"AD"} {}"#)]
    #[case(r#"{"id":"a","name":"A","country":"AD""#)]
    #[case(r#"{"id":"a","name":"A","country":"AD","aliases":"Star"}"#)]
    #[case(r#"{"id":"a","name":"\ud800","country":"AD"}"#)]
    fn what_is_no_such_object_is_refused_as_json(#[case] line: &str) {
        assert!(matches!(reason(line.as_bytes()), LineReason::Json(_)));
    }

    #[test]
    fn an_array_among_objects_is_refused() {
        let lines = read_all(b"{\"id\":\"a\",\"name\":\"A\",\"country\":\"AD\"}\n[\"b\",\"B\",\"AD\"]\n");
        assert!(lines[0].is_ok());
        assert!(matches!(lines[1], Err(LineError { number: 2, reason: LineReason::Json(_) })));
    }

    #[test]
    fn bytes_that_are_no_text_and_endless_lines_are_refused() {
        assert_eq!(reason(b"{\"id\":\"\xff\",\"name\":\"A\",\"country\":\"AD\"}"), LineReason::NotUtf8);
        let long = format!(r#"{{"id":"a","name":"A","country":"AD","x":"{}"}}"#, "x".repeat(MAX_LINE));
        assert_eq!(reason(long.as_bytes()), LineReason::TooLong);
        let id = "x".repeat(MAX_ID + 1);
        assert_eq!(reason(format!(r#"{{"id":"{id}","name":"A","country":"AD"}}"#).as_bytes()), LineReason::Id);
    }

    #[test]
    fn an_id_is_taken_once_and_a_refused_line_takes_none() {
        let file = br#"{"id":"a","name":"","country":"AD"}
{"id":"a","name":"A","country":"AD"}
{"id":"a","name":"Again","country":"AD"}"#;
        let lines = read_all(file);
        assert_eq!(lines[0], Err(LineError { number: 1, reason: LineReason::Missing("name") }));
        assert!(lines[1].is_ok());
        assert_eq!(lines[2], Err(LineError { number: 3, reason: LineReason::DuplicateId }));
    }

    #[test]
    fn csv_is_read_by_its_header() {
        let file = "\u{feff}name,id,country,aliases,bic\r\n\"Banque \"\"A\"\", Paris\",fr-a,FR,A|La Banque,\r\nB,fr-b,FR\r\n\"C,fr-c,FR,,\n";
        let lines = read_all(file.as_bytes());
        let first = lines[0].as_ref().unwrap();
        assert_eq!(first.name.as_str(), "Banque \"A\", Paris");
        assert_eq!(first.aliases.len(), 2);
        assert_eq!(first.bic, None);
        assert_eq!(lines[1], Err(LineError { number: 3, reason: LineReason::CsvFields { found: 3, expected: 5 } }));
        assert_eq!(lines[2], Err(LineError { number: 4, reason: LineReason::CsvQuote }));
    }

    #[rstest]
    #[case(b"not a directory")]
    #[case(b"id,name\na,A")]
    #[case(b"\xff\xfe")]
    #[case(b"[1]")]
    fn a_file_of_another_kind_is_refused_whole(#[case] file: &[u8]) {
        assert_eq!(read(file, ConnectorKind::Sandbox, []).err(), Some(FileError::UnknownFormat));
    }

    #[rstest]
    #[case(b"garbage\n{\"id\":\"a\",\"name\":\"A\",\"country\":\"AD\"}")]
    #[case(b"\xff\xfe\r\n  {\"id\":\"a\",\"name\":\"A\",\"country\":\"AD\"}\r\n")]
    fn a_broken_first_line_is_refused_like_any_other(#[case] file: &[u8]) {
        let lines = read_all(file);
        assert_eq!(lines[0].as_ref().unwrap_err().number, 1);
        assert_eq!(lines[1].as_ref().unwrap().id, InstitutionId::from("a"));
        assert_eq!(lines.len(), 2);
    }

    #[test]
    fn the_id_of_a_built_in_institution_is_refused_by_line() {
        let file =
            b"{\"id\":\"a\",\"name\":\"A\",\"country\":\"AD\"}\n{\"id\":\"b\",\"name\":\"B\",\"country\":\"AD\"}";
        let built_in = [InstitutionId::from("b")];
        let lines: Vec<_> = read(file, ConnectorKind::Sandbox, built_in).unwrap().collect();
        assert!(lines[0].is_ok());
        assert_eq!(lines[1], Err(LineError { number: 2, reason: LineReason::BuiltInId }));
    }

    #[rstest]
    #[case(b"")]
    #[case(b"\n \n")]
    fn an_empty_file_has_no_institutions(#[case] file: &[u8]) {
        assert_eq!(read_all(file), []);
    }
}
