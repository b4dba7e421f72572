//! Made-up and real-sounding institutions, spelt as registries spell them.

use std::sync::LazyLock;

use banklink_protocol::{
    ids::InstitutionId,
    institutions::{Health, InstitutionSummary},
};
use banklink_search::{Entry, Index, Origin, Scope};

/// Id, name, country, short name, BIC, aliases, popularity.
type Row = (&'static str, &'static str, &'static str, &'static str, &'static str, &'static [&'static str], u32);

const IMPORTED: &[Row] = &[
    ("ad-bancsabadell", "BancSabadell d'Andorra", "AD", "", "BSANADADXXX", &[], 0),
    ("es-sabadell", "BANCO DE SABADELL, S.A.", "ES", "SABADELL", "BSABESBBXXX", &[], 50),
    ("es-santander", "BANCO SANTANDER, S.A.", "ES", "", "BSCHESMMXXX", &[], 90),
    ("pl-santander", "Santander Bank Polska Spółka Akcyjna", "PL", "Santander", "WBKPPLPPXXX", &[], 60),
    ("gb-santander", "SANTANDER UK PLC", "GB", "", "ABBYGB2LXXX", &[], 80),
    ("es-caixabank", "CAIXABANK, S.A.", "ES", "CAIXABANK", "CAIXESBBXXX", &["La Caixa"], 95),
    ("es-enginyers", "CAJA DE CRÉDITO DE LOS INGENIEROS, S.C.C.", "ES", "CAIXA ENGINYERS", "CDENESBBXXX", &[], 10),
    ("fr-agricole", "Crédit Agricole d'Île-de-France", "FR", "", "AGRIFRPP882", &[], 40),
    ("fr-mutuel", "Crédit Mutuel", "FR", "", "CMCIFRPPXXX", &[], 40),
    ("fr-generale", "Société Générale", "FR", "SG", "SOGEFRPPXXX", &[], 70),
    ("fr-bnp", "BNP Paribas", "FR", "", "BNPAFRPPXXX", &[], 85),
    ("be-bnp", "BNP Paribas", "BE", "", "GEBABEBBXXX", &["Fortis"], 20),
    ("ae-bnp", "BNP Paribas", "AE", "", "BNPAAEAAXXX", &[], 20),
    ("de-deutsche", "Deutsche Bank", "DE", "", "DEUTDEFFXXX", &[], 80),
    ("de-apo", "Deutsche Apotheker- und Ärztebank", "DE", "apoBank", "DAAEDEDDXXX", &[], 5),
    ("de-koeln", "Sparkasse KölnBonn", "DE", "Spk KölnBonn", "COLSDE33XXX", &[], 30),
    ("de-muenchen", "Stadtsparkasse München", "DE", "", "SSKMDEMMXXX", &[], 30),
    ("de-giessen", "Sparkasse Gießen", "DE", "", "SKGIDE5FXXX", &[], 3),
    ("ch-zkb", "Zürcher Kantonalbank", "CH", "ZKB", "ZKBKCHZZ80A", &[], 45),
    ("no-sor", "Sparebanken Sør", "NO", "", "AGENNO22XXX", &[], 12),
    ("is-landsbankinn", "Landsbankinn hf.", "IS", "", "NBIIISREXXX", &["Þjóðarbanki"], 12),
    ("pl-pko", "Powszechna Kasa Oszczędności Bank Polski", "PL", "PKO BP", "BPKOPLPWXXX", &[], 88),
    ("lt-siauliu", "AB Šiaulių bankas", "LT", "", "CBSBLT26XXX", &[], 15),
    ("gr-ethniki", "Εθνική Τράπεζα της Ελλάδος", "GR", "ΕΤΕ", "ETHNGRAAXXX", &[], 33),
    ("ua-oschad", "Ощадбанк", "UA", "", "COSBUAUKXXX", &[], 44),
    ("ca-scotia", "Bank of Nova Scotia", "CA", "Scotiabank", "NOSCCATTXXX", &[], 75),
    ("ca-montreal", "Bank of Montreal", "CA", "", "BOFMCAM2XXX", &[], 74),
    ("gb-nova", "Nova Bank of Scotland", "GB", "", "", &[], 1),
];

const BUILT_IN: &[Row] = &[
    ("flinks-capital", "Flinks Capital", "CA", "", "", &["FlinksCapital", "14", "1000"], 1000),
    ("testbank", "TestBank", "ES", "", "", &["Test Bank"], 990),
];

fn entry(row: &Row, origin: Origin) -> Entry {
    let (id, name, country, short_name, bic, aliases, popularity) = *row;
    let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Entry {
        summary: InstitutionSummary {
            id: InstitutionId::from(id),
            name: name.to_owned(),
            country: country.to_owned(),
            detail: None,
            logo: None,
            health: Health::Up,
        },
        short_name: given(short_name),
        bic: given(bic),
        aliases: aliases.iter().map(|alias| (*alias).to_owned()).collect(),
        popularity,
        origin,
    }
}

pub(crate) fn entries() -> Vec<Entry> {
    let imported = IMPORTED.iter().map(|row| entry(row, Origin::Imported));
    imported.chain(BUILT_IN.iter().map(|row| entry(row, Origin::BuiltIn))).collect()
}

pub(crate) fn index() -> &'static Index {
    static INDEX: LazyLock<Index> = LazyLock::new(|| Index::build(entries()));
    &INDEX
}

/// The ids found among all institutions, in order.
pub(crate) fn found(text: &str, country: Option<&str>) -> Vec<String> {
    found_in(index(), text, country)
}

/// The ids found among the institutions of an index, in order.
pub(crate) fn found_in(index: &Index, text: &str, country: Option<&str>) -> Vec<String> {
    ids(&index.search(text, Scope::All, country, 50).institutions)
}

pub(crate) fn ids(institutions: &[InstitutionSummary]) -> Vec<String> {
    institutions.iter().map(|institution| institution.id.to_string()).collect()
}

/// An institution with a name alone.
pub(crate) fn named(id: &str, name: &str, country: &str, popularity: u32) -> Entry {
    let summary = InstitutionSummary {
        id: InstitutionId::from(id),
        name: name.to_owned(),
        country: country.to_owned(),
        detail: None,
        logo: None,
        health: Health::Up,
    };
    Entry { summary, short_name: None, bic: None, aliases: Vec::new(), popularity, origin: Origin::Imported }
}
