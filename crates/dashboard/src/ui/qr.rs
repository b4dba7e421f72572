//! An address as a code that a phone reads.

use core::fmt::Write as _;

use qrcodegen::{QrCode, QrCodeEcc};
use yew::{AttrValue, Html, html};

/// Light modules around the code, as ISO 18004 asks.
const MARGIN: i32 = 4;

/// The code of an address, or nothing where it is too long for one.
pub(crate) fn code(address: &str, label: AttrValue) -> Option<Html> {
    let code = QrCode::encode_text(address, QrCodeEcc::Medium).ok()?;
    let side = code.size() + 2 * MARGIN;
    Some(html! {
        <svg class="db-qr" viewBox={format!("0 0 {side} {side}")} role="img" aria-label={label} shape-rendering="crispEdges">
            <rect width="100%" height="100%" fill="#fff" /><path d={modules(&code)} fill="#000" />
        </svg>
    })
}

/// Each dark module as a square.
fn modules(code: &QrCode) -> String {
    let all = (0..code.size()).flat_map(|y| (0..code.size()).map(move |x| (x, y)));
    let mut path = String::new();
    for (x, y) in all.filter(|(x, y)| code.get_module(*x, *y)) {
        // Writing to a string does not fail.
        _ = write!(path, "M{} {}h1v1h-1z", x + MARGIN, y + MARGIN);
    }
    path
}
