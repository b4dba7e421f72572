//! Logos of the sandbox's institutions. Some have none, as in any directory: they show monograms.

macro_rules! logos {
    ($($id:literal)*) => {
        &[$(($id, include_bytes!(concat!("logos/", $id, ".png")))),*]
    };
}

/// Ids of institutions and their logos as PNG, drawn as the `.svg` beside each says.
pub const LOGOS: &[(&str, &[u8])] = logos! {
    "testbank" "maple-harbour" "banco-almendro" "juniper-vale" "thistlewick" "banque-des-tilleuls" "gruenwiesen"
    "banco-andorinha" "banque-boreale" "caixa-marina" "blue-lantern" "sonnental"
};
