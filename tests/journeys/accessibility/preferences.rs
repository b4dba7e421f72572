//! What people ask of their system, and pages get to know.

use banklink_journey::Browser;
use serde_json::json;

use crate::stage::Outcome;

/// What somebody asks of their system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Preference {
    /// Dark on light; nothing that moves.
    Light,
    /// Light on dark; nothing that moves.
    Dark,
    /// More contrast than usual.
    MoreContrast,
    /// The system's own few colours, dark on light.
    ForcedLight,
    /// The system's own few colours, light on dark, as Windows' contrast themes have them.
    ForcedDark,
    /// Dark on light, and what moves may move.
    Motion,
}

impl Preference {
    /// Whether the system brings its own colours.
    pub(super) const fn is_forced(self) -> bool {
        matches!(self, Self::ForcedLight | Self::ForcedDark)
    }

    /// Has the browser tell pages so, until told otherwise. Chromium alone can.
    pub(super) async fn applies(self, browser: &Browser) -> Outcome {
        let scheme = if matches!(self, Self::Dark | Self::ForcedDark) { "dark" } else { "light" };
        let features = [
            ("prefers-color-scheme", scheme),
            ("prefers-reduced-motion", if self == Self::Motion { "no-preference" } else { "reduce" }),
            ("prefers-contrast", if self == Self::MoreContrast { "more" } else { "no-preference" }),
            ("forced-colors", if self.is_forced() { "active" } else { "none" }),
        ];
        let features = features.map(|(name, value)| json!({ "name": name, "value": value }));
        browser.devtools("Emulation.setEmulatedMedia", json!({ "features": features })).await.map(|_| ())
    }
}
