//! Positions of a coordinate card. There is no card: what is typed counts as at TestBank.

use banklink_protocol::{
    challenge::{Answer, Challenge, CoordinateCard, CoordinateCell},
    ids::QuestionId,
};

use super::{Answered, Kind, Scene, Undrawable, Verdict, questions};
use crate::sandbox::testbank;

/// How many positions are asked.
#[derive(Clone, Copy)]
pub(super) enum Coordinates {
    One,
    Several,
}

const COLUMNS: [char; 10] = ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J'];
const ROWS: i64 = 8;

impl Coordinates {
    /// As they are printed on the card, each another.
    fn positions(self, scene: &Scene<'_>) -> Vec<String> {
        let count = match self {
            Self::One => 1,
            Self::Several => 3,
        };
        let mut stream = scene.seed("coordinates").stream();
        let mut columns = COLUMNS;
        stream.shuffle(&mut columns);
        columns.iter().take(count).map(|column| format!("{column}{}", stream.between(1, ROWS))).collect()
    }
}

impl Kind for Coordinates {
    fn challenge(&self, scene: &Scene<'_>) -> Result<Challenge, Undrawable> {
        let cell = |position: String| CoordinateCell { id: QuestionId::new(position.to_lowercase()), position };
        let cells = self.positions(scene).into_iter().map(cell).collect();
        let card = match self {
            Self::One => None,
            Self::Several => Some(card(scene)),
        };
        Ok(Challenge::Coordinates(CoordinateCard { card, cells }))
    }

    fn answered(&self) -> Answered {
        Answered::Here
    }

    fn judge(&self, scene: &Scene<'_>, answer: &Answer) -> Verdict {
        let Answer::Questions(given) = answer else { return Verdict::Unfit(None) };
        let ids: Vec<String> = self.positions(scene).iter().map(|position| position.to_lowercase()).collect();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        match questions::in_order(&ids, given) {
            Ok(texts) => Verdict::on_all(texts.into_iter().map(testbank::typed)),
            Err(field) => Verdict::Unfit(field),
        }
    }
}

/// The last digits of the person's card, the same whatever is asked.
pub(super) fn card(scene: &Scene<'_>) -> String {
    scene.login.household().seed.part("coordinate card", 0).stream().digits(4)
}
