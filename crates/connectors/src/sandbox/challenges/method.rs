//! A choice among several ways to authenticate.

use banklink_protocol::{
    challenge::{Answer, Challenge, Method, MethodKind},
    ids::ChoiceId,
};

use super::{Answered, Asked, Kind, Scene, Undrawable, Verdict, approval::device, code::Contact, coordinates::card};

/// The ways that there are.
pub(super) struct Methods;

const METHODS: [(&str, MethodKind, Asked); 5] = [
    ("sms", MethodKind::Sms, Asked::Sms),
    ("email", MethodKind::Email, Asked::Email),
    ("app", MethodKind::Approval, Asked::App),
    ("card", MethodKind::CoordinateCard, Asked::CoordinateCard),
    ("qr", MethodKind::Qr, Asked::QrAccept),
];

impl Kind for Methods {
    fn challenge(&self, scene: &Scene<'_>) -> Result<Challenge, Undrawable> {
        let contact = Contact::of(scene);
        let detail = |kind| match kind {
            MethodKind::Sms => contact.phone.clone(),
            MethodKind::Email => contact.email.clone(),
            MethodKind::Approval => Some(device(scene)),
            MethodKind::CoordinateCard => Some(format!("•••• {}", card(scene))),
            _ => None,
        };
        let method = |(id, kind, _)| Method { id: ChoiceId::from(id), kind, detail: detail(kind) };
        Ok(Challenge::Method(METHODS.into_iter().map(method).collect()))
    }

    fn answered(&self) -> Answered {
        Answered::Freely
    }

    fn judge(&self, _: &Scene<'_>, answer: &Answer) -> Verdict {
        let Answer::Choices(chosen) = answer else { return Verdict::Unfit(None) };
        let [chosen] = chosen.as_slice() else { return Verdict::Unfit(None) };
        let method = METHODS.into_iter().find(|(id, ..)| *id == chosen.as_str());
        method.map_or(Verdict::Unfit(None), |(_, _, asked)| Verdict::Chooses(asked))
    }
}
