//! Pictures to read or to pick from.

use std::collections::HashSet;

use banklink_protocol::{
    challenge::{Answer, Challenge, Picture, PictureChoice, PictureTask},
    ids::ChoiceId,
    session::MAX_FIELD_LENGTH,
};

use super::{Answered, Kind, Renewal, Scene, Undrawable, Verdict};
use crate::{contract::Language, sandbox::testbank};
use drawings::{Colour, Thing};

mod drawings;
mod letters;

/// What to do with the picture.
pub(super) enum Pictures {
    /// Type what it shows.
    Captcha,
    /// Pick the one thing.
    One,
    /// Pick every one of a thing.
    Several,
}

/// Letters of a captcha.
const LENGTH: usize = 5;

/// Pictures to pick one from, and several from.
const FEW: usize = 4;
const MANY: usize = 6;

/// Pictures to pick from, and the thing to pick.
struct Gallery {
    wanted: Thing,
    shown: Vec<(ChoiceId, Thing, Colour)>,
}

impl Kind for Pictures {
    fn challenge(&self, scene: &Scene<'_>) -> Result<Challenge, Undrawable> {
        let (prompt, task) = match self {
            Self::Captcha => {
                let mut stream = scene.seed("noise").stream();
                (None, PictureTask::Read(letters::image(&captcha(scene), &mut stream)))
            }
            Self::One => {
                let gallery = Gallery::with_one(scene);
                (
                    Some(scene.language.text(gallery.wanted.pick_one()).to_owned()),
                    PictureTask::PickOne(gallery.choices(scene.language)),
                )
            }
            Self::Several => {
                let gallery = Gallery::with_several(scene);
                (
                    Some(scene.language.text(gallery.wanted.pick_every()).to_owned()),
                    PictureTask::PickSeveral(gallery.choices(scene.language)),
                )
            }
        };
        Ok(Challenge::Picture(Picture { prompt, task }))
    }

    fn answered(&self) -> Answered {
        Answered::Here
    }

    fn judge(&self, scene: &Scene<'_>, answer: &Answer) -> Verdict {
        match (self, answer) {
            (Self::Captcha, Answer::Code(typed)) => read(&captcha(scene), typed.expose()),
            (Self::One, Answer::Choices(picked)) if picked.len() == 1 => Gallery::with_one(scene).judge(picked),
            (Self::Several, Answer::Choices(picked)) => Gallery::with_several(scene).judge(picked),
            _ => Verdict::Unfit(None),
        }
    }

    fn renewal(&self) -> Renewal {
        Renewal::WhenWrong
    }
}

fn captcha(scene: &Scene<'_>) -> String {
    let mut stream = scene.seed("captcha").stream();
    (0..LENGTH).map(|_| stream.pick(&letters::LETTERS).0).collect()
}

/// What text typed for a captcha leads to, in any case and with any spaces.
fn read(shown: &str, typed: &str) -> Verdict {
    if typed.len() > MAX_FIELD_LENGTH {
        return Verdict::Unfit(None);
    }
    let text: String = typed.chars().filter(|char| !char.is_whitespace()).collect();
    match testbank::typed(&text) {
        Verdict::Right if !text.eq_ignore_ascii_case(shown) => Verdict::Wrong,
        verdict => verdict,
    }
}

impl Gallery {
    /// Different things.
    fn with_one(scene: &Scene<'_>) -> Self {
        let mut things = Thing::ALL;
        scene.seed("things").stream().shuffle(&mut things);
        let [wanted, ..] = things;
        Self::hang(scene, wanted, things.into_iter().take(FEW).collect())
    }

    /// Two or three of one thing among others.
    fn with_several(scene: &Scene<'_>) -> Self {
        let mut stream = scene.seed("things").stream();
        let mut things = Thing::ALL;
        stream.shuffle(&mut things);
        let [wanted, others @ ..] = things;
        let third = stream.chance(50).then_some(wanted);
        let things = [wanted, wanted].into_iter().chain(third).chain(others).take(MANY).collect();
        Self::hang(scene, wanted, things)
    }

    /// Puts them in an order that tells nothing, each in a colour of its own.
    fn hang(scene: &Scene<'_>, wanted: Thing, mut things: Vec<Thing>) -> Self {
        let mut stream = scene.seed("order").stream();
        stream.shuffle(&mut things);
        let mut colours = Colour::ALL;
        stream.shuffle(&mut colours);
        let shown = (1..).zip(things).zip(colours);
        let shown =
            shown.map(|((place, thing), colour): ((u8, _), _)| (ChoiceId::new(place.to_string()), thing, colour));
        Self { wanted, shown: shown.collect() }
    }

    fn choices(&self, language: &Language) -> Vec<PictureChoice> {
        let choice = |(id, thing, colour): &(ChoiceId, Thing, Colour)| PictureChoice {
            id: id.clone(),
            image: drawings::image(*thing, *colour),
            label: drawings::label(*thing, *colour, language),
        };
        self.shown.iter().map(choice).collect()
    }

    fn judge(&self, picked: &[ChoiceId]) -> Verdict {
        let all: HashSet<&ChoiceId> = picked.iter().collect();
        let is_shown = |id: &&ChoiceId| self.shown.iter().any(|(shown, ..)| shown == *id);
        if all.is_empty() || all.len() < picked.len() || !all.iter().all(is_shown) {
            return Verdict::Unfit(None);
        }
        let is_right = self.shown.iter().all(|(id, thing, _)| all.contains(id) == (*thing == self.wanted));
        if is_right { Verdict::Right } else { Verdict::Wrong }
    }
}
