//! A code to scan with the bank's app.

use core::fmt::Write;

use banklink_protocol::challenge::{Answer, Challenge, QrCode};
use jiff::SignedDuration;
use qrcodegen::QrCodeEcc;

use super::{Answered, Kind, LIFETIME, Renewal, Scene, Undrawable, Verdict};

/// Whether it changes.
pub(super) enum Qr {
    Static,
    /// Every ten seconds while it is shown.
    Updatable,
}

/// Light modules around a code (ISO/IEC 18004, 5.3.8).
const QUIET_ZONE: u16 = 4;

impl Kind for Qr {
    fn challenge(&self, scene: &Scene<'_>) -> Result<Challenge, Undrawable> {
        let link = scene.app_link();
        let (size, path) = draw(&link)?;
        Ok(Challenge::Qr(QrCode { size, path, app_link: Some(link) }))
    }

    fn answered(&self) -> Answered {
        Answered::Elsewhere
    }

    fn judge(&self, _: &Scene<'_>, _: &Answer) -> Verdict {
        Verdict::Unfit(None)
    }

    fn lifetime(&self) -> Option<SignedDuration> {
        Some(LIFETIME)
    }

    fn renewal(&self) -> Renewal {
        match self {
            Self::Static => Renewal::Never,
            Self::Updatable => Renewal::Every(SignedDuration::from_secs(10)),
        }
    }
}

/// The side in modules and the dark modules as a path, a rectangle for each run in a row.
fn draw(text: &str) -> Result<(u16, String), Undrawable> {
    let code = qrcodegen::QrCode::encode_text(text, QrCodeEcc::Medium).map_err(|_| Undrawable)?;
    let side = code.size();
    let mut path = String::new();
    for y in 0..side {
        let mut x = 0;
        while x < side {
            let run = (x..side).take_while(|x| code.get_module(*x, y)).fold(0, |run, _| run + 1);
            if run > 0 {
                let (left, top) = (x + i32::from(QUIET_ZONE), y + i32::from(QUIET_ZONE));
                write!(path, "M{left} {top}h{run}v1h-{run}z").map_err(|_| Undrawable)?;
            }
            x += run + 1;
        }
    }
    let side = u16::try_from(side).map_err(|_| Undrawable)?;
    Ok((side + 2 * QUIET_ZONE, path))
}
