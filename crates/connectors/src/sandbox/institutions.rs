//! The institutions of the sandbox. But for the two that vendors document, they are made up: fictional names, so that
//! nobody takes the demo for a link to a real bank.

use banklink_protocol::institutions::Health;

/// An institution that the sandbox brings along.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BuiltInInstitution {
    /// As in `bank=testbank`.
    pub id: &'static str,
    /// As the list shows it.
    pub name: &'static str,
    /// ISO 3166-1 alpha-2, upper case.
    pub country: &'static str,
    /// What people call it for short.
    pub short_name: Option<&'static str>,
    /// Eight characters. The made-up ones have the test letter `0` at their end, which no live BIC has.
    pub bic: Option<&'static str>,
    /// Other names and ids that find it, in searches and in the page's URL.
    pub aliases: &'static [&'static str],
    /// What the list says of it.
    pub health: Health,
    /// How often it is chosen, for the order of the list: the higher the further up.
    pub popularity: u32,
}

/// The id of Flinks Capital, as existing integrations find it in messages and redirects (`vendor-apis.md`, 1.10).
pub const FLINKS_CAPITAL: &str = "FlinksCapital";

/// The id of TestBank.
pub const TESTBANK: &str = "testbank";

/// The id of OAuth Bank, whose people log in on its own page.
pub const OAUTH_BANK: &str = "oauthbank";

pub(super) const SLOW_BANK: &str = "slowbank";
pub(super) const DEGRADED_BANK: &str = "degradedbank";
pub(super) const DOWN_BANK: &str = "downbank";
pub(super) const SOON_BANK: &str = "soonbank";
pub(super) const LOCKED_BANK: &str = "lockedbank";
pub(super) const DUPLICATE_BANK: &str = "duplicatebank";
pub(super) const APPROVAL_BANK: &str = "approvalbank";
pub(super) const QR_BANK: &str = "qrbank";

/// Every institution of the sandbox, most popular first.
///
/// Flinks Capital answers to its Flinks id 14 and its Open Banking provider id 1000 too (`vendor-apis.md`, 1.7 and 4).
/// All others behave as TestBank (2.3), but for the last, each of which has a behaviour of its own.
pub const fn built_in_institutions() -> &'static [BuiltInInstitution] {
    INSTITUTIONS
}

const fn institution(
    id: &'static str,
    name: &'static str,
    country: &'static str,
    bic: &'static str,
    aliases: &'static [&'static str],
    popularity: u32,
) -> BuiltInInstitution {
    BuiltInInstitution { id, name, country, short_name: None, bic: Some(bic), aliases, health: Health::Up, popularity }
}

/// An institution for one behaviour, last in the list.
const fn special(id: &'static str, name: &'static str, health: Health, popularity: u32) -> BuiltInInstitution {
    BuiltInInstitution { id, name, country: "GB", short_name: None, bic: None, aliases: &[], health, popularity }
}

const INSTITUTIONS: &[BuiltInInstitution] = &[
    BuiltInInstitution {
        id: FLINKS_CAPITAL,
        name: "Flinks Capital",
        country: "CA",
        short_name: None,
        bic: None,
        aliases: &["14", "1000"],
        health: Health::Up,
        popularity: 1000,
    },
    BuiltInInstitution {
        id: TESTBANK,
        name: "TestBank",
        country: "ES",
        short_name: None,
        bic: None,
        aliases: &["Test Bank", "Flanks TestBank"],
        health: Health::Up,
        popularity: 990,
    },
    institution("maple-harbour", "Maple Harbour Credit Union", "CA", "MPHBCAT0", &["MHCU"], 900),
    institution("banco-almendro", "Banco Almendro", "ES", "ALMDESM0", &[], 890),
    institution("juniper-vale", "Juniper & Vale Savings", "US", "JNPVUSN0", &["JV Savings"], 880),
    institution("thistlewick", "Thistlewick Building Society", "GB", "THWKGB20", &["TBS"], 870),
    institution("banque-des-tilleuls", "Banque des Tilleuls", "FR", "TLLSFRP0", &[], 860),
    institution("gruenwiesen", "Grünwiesener Sparbank", "DE", "GRWSDEF0", &["Grünwiesen"], 850),
    institution("banca-ginepro", "Banca Ginepro", "IT", "GNPRITM0", &[], 840),
    institution("banco-andorinha", "Banco Andorinha", "PT", "ANDHPTP0", &[], 830),
    institution("banque-boreale", "Banque Boréale", "CA", "BRLECAM0", &[], 790),
    institution("caixa-marina", "Caixa Marina", "ES", "CXMRESB0", &["Caja Marina"], 780),
    institution("blue-lantern", "Blue Lantern Bank", "US", "BLLNUSC0", &["Lantern"], 770),
    institution("copperfield-moor", "Copperfield & Moor", "GB", "CPFMGB20", &["C&M"], 760),
    institution("credit-du-val-dore", "Crédit du Val Doré", "FR", "CVDOFRL0", &["CVD"], 750),
    institution("sonnental", "Sonnentalbank", "DE", "SNTLDEM0", &["Sonnental Bank"], 740),
    institution("credito-dell-ulivo", "Credito dell’Ulivo", "IT", "ULVOITR0", &[], 730),
    institution("caixa-da-ribeira", "Caixa da Ribeira", "PT", "CXRBPTL0", &[], 720),
    special(OAUTH_BANK, "OAuth Bank", Health::Up, 90),
    special(APPROVAL_BANK, "Approval Bank", Health::Up, 80),
    special(QR_BANK, "QR Bank", Health::Up, 70),
    special(SLOW_BANK, "Slow Bank", Health::Up, 60),
    special(DEGRADED_BANK, "Degraded Bank", Health::Degraded, 50),
    special(LOCKED_BANK, "Locked Bank", Health::Up, 40),
    special(DUPLICATE_BANK, "Duplicate Bank", Health::Up, 30),
    special(DOWN_BANK, "Down Bank", Health::Down, 20),
    special(SOON_BANK, "Soon Bank", Health::Soon, 10),
];
