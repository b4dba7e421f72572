//! Something to approve elsewhere.

use banklink_protocol::challenge::{Answer, Approval, Challenge};
use jiff::SignedDuration;

use super::{Answered, Kind, LIFETIME, Scene, Undrawable, Verdict};

/// Where it is approved.
pub(super) enum Approvals {
    /// In the bank's app, on a phone of the person's.
    App,
    /// The bank doesn't say.
    Somewhere,
}

impl Kind for Approvals {
    fn challenge(&self, scene: &Scene<'_>) -> Result<Challenge, Undrawable> {
        Ok(Challenge::Approval(match self {
            Self::App => Approval {
                device: Some(device(scene)),
                shows: Some(scene.seed("shows").stream().digits(2)),
                app_link: Some(scene.app_link()),
            },
            Self::Somewhere => Approval { device: None, shows: None, app_link: None },
        }))
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

    fn can_resend(&self) -> bool {
        true
    }
}

/// The person's phone, as they called it when they made it known to the bank.
pub(super) fn device(scene: &Scene<'_>) -> String {
    let household = scene.login.household();
    let name = household.holder().name.split_whitespace().next().unwrap_or_default();
    scene.language.fill("sandbox.device", &[("name", name)])
}
