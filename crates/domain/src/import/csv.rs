//! CSV as spreadsheets write it (RFC 4180), one record a line.

use super::{LineReason, Row};

/// What separates the aliases within their field.
const ALIAS_SEPARATOR: char = '|';

/// Which column holds what.
#[derive(Debug)]
pub(super) struct Header {
    columns: Vec<Column>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Id,
    Name,
    Country,
    Bic,
    ShortName,
    Aliases,
    Other,
}

impl Header {
    /// Reads the first line, if it has the columns that are needed.
    pub(super) fn parse(line: &str) -> Option<Self> {
        let columns: Vec<Column> = split(line).ok()?.iter().map(|name| column(name)).collect();
        [Column::Id, Column::Name, Column::Country]
            .iter()
            .all(|needed| columns.contains(needed))
            .then_some(Self { columns })
    }

    /// Reads any further line.
    pub(super) fn row(&self, line: &str) -> Result<Row, LineReason> {
        let fields = split(line)?;
        if fields.len() != self.columns.len() {
            return Err(LineReason::CsvFields { found: fields.len(), expected: self.columns.len() });
        }
        let mut row = Row::default();
        for (column, field) in self.columns.iter().zip(fields) {
            match column {
                Column::Id => row.id = Some(field),
                Column::Name => row.name = Some(field),
                Column::Country => row.country = Some(field),
                Column::Bic => row.bic = Some(field),
                Column::ShortName => row.short_name = Some(field),
                Column::Aliases => row.aliases = Some(aliases(&field)),
                Column::Other => {}
            }
        }
        Ok(row)
    }
}

fn column(name: &str) -> Column {
    match name.trim().to_ascii_lowercase().as_str() {
        "id" => Column::Id,
        "name" => Column::Name,
        "country" => Column::Country,
        "bic" => Column::Bic,
        "short_name" => Column::ShortName,
        "aliases" => Column::Aliases,
        _ => Column::Other,
    }
}

fn aliases(field: &str) -> Vec<String> {
    field.split(ALIAS_SEPARATOR).filter(|alias| !alias.trim().is_empty()).map(str::to_owned).collect()
}

/// The fields of a line. A field may stand in quotes, within which a quote is doubled.
fn split(line: &str) -> Result<Vec<String>, LineReason> {
    let mut fields = Vec::new();
    let mut rest = line;
    loop {
        let (field, after) = match rest.strip_prefix('"') {
            Some(quoted) => quoted_field(quoted)?,
            None => plain_field(rest)?,
        };
        fields.push(field);
        match after.strip_prefix(',') {
            Some(next) => rest = next,
            None if after.is_empty() => return Ok(fields),
            None => return Err(LineReason::CsvQuote),
        }
    }
}

fn plain_field(rest: &str) -> Result<(String, &str), LineReason> {
    let end = rest.find(',').unwrap_or(rest.len());
    let (field, after) = rest.split_at(end);
    if field.contains('"') { Err(LineReason::CsvQuote) } else { Ok((field.to_owned(), after)) }
}

fn quoted_field(mut rest: &str) -> Result<(String, &str), LineReason> {
    let mut field = String::new();
    loop {
        let (text, after) = rest.split_once('"').ok_or(LineReason::CsvQuote)?;
        field.push_str(text);
        match after.strip_prefix('"') {
            Some(next) => {
                field.push('"');
                rest = next;
            }
            None => return Ok((field, after)),
        }
    }
}
