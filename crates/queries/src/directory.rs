//! The real institutions.

use banklink_protocol::{
    ids::InstitutionId,
    institutions::{Health, InstitutionSummary},
};
use banklink_search::{Entry, Origin};
use serde::Deserialize;
use thiserror::Error;

/// 8,929 institutions of 47 countries; `tests/data/README.md` says where they come from.
const REAL: &[u8] = include_bytes!("../../../tests/data/institutions-all.jsonl.br");

/// Why the institutions can't be read.
#[derive(Debug, Error)]
pub enum DataError {
    /// They can't be decompressed.
    #[error("the institutions can't be decompressed")]
    Compression(#[from] std::io::Error),
    /// A line is no institution.
    #[error("a line is no institution")]
    Line(#[from] serde_json::Error),
}

#[derive(Deserialize)]
struct Line {
    id: String,
    name: String,
    country: String,
    bic: Option<String>,
    short_name: Option<String>,
}

/// Real institutions, spelt as the registries of 47 countries spell them. Nobody has connected one of them.
pub fn real() -> Result<Vec<Entry>, DataError> {
    let mut lines = Vec::new();
    brotli::BrotliDecompress(&mut &*REAL, &mut lines)?;
    let lines = lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    lines.map(|line| Ok(entry(serde_json::from_slice(line)?))).collect()
}

fn entry(line: Line) -> Entry {
    let Line { id, name, country, bic, short_name } = line;
    let id = InstitutionId::from(id.as_str());
    let summary = InstitutionSummary { id, name, country, detail: None, logo: None, health: Health::Up };
    Entry { summary, short_name, bic, aliases: Vec::new(), popularity: 0, origin: Origin::Imported }
}
