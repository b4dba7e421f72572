//! Positions of a coordinate card.

use yew::AttrValue;

use banklink_flow::{ChallengeView, CoordinatesView};
use banklink_protocol::{
    challenge::CoordinateCell,
    elements::{self, of_field},
    texts::Text,
};

use crate::{
    screens::{
        Context,
        challenge::{beside, form},
    },
    ui::{
        field::Words,
        tag::{Name, Tag, tag},
    },
};

pub(super) fn coordinates(context: &Context<'_>, view: &ChallengeView<'_>, card: &CoordinatesView<'_>) -> Tag {
    let which = card.card.map(|card| context.fill(Text::CoordinatesCard, &[("card", card)]));
    let which = which.map(|text| tag("p").class("bl-small").text(text));
    let cells = card.cells.iter().fold(tag("div").class("bl-cells"), |cells, (cell, fault)| {
        let fault = fault.map(|fault| context.text(fault));
        cells.child(one(context, cell, fault, beside(context, view)))
    });
    form(context, view, which.into_iter().chain([cells]))
}

fn one(context: &Context<'_>, cell: &CoordinateCell, fault: Option<AttrValue>, also: Vec<&'static str>) -> Tag {
    let name = cell.id.as_str();
    let id = of_field(elements::INPUT_COORDINATE, name);
    let words = Words {
        label_id: of_field(elements::LABEL_COORDINATE, name),
        label: context.fill(Text::CoordinatesLabel, &[("position", &cell.position)]),
        hint: None,
        fault: fault.map(|fault| (of_field(elements::ERROR_COORDINATE, name), fault)),
        also,
    };
    let input = context
        .plain_input(tag("input").set(Name::Id, id.clone().into()).class("bl-input bl-input-code"))
        .set(Name::Name, id.clone().into())
        .with(Name::Type, "text")
        .with(Name::Autocomplete, "off")
        .with(Name::Maxlength, "16")
        .with(Name::AriaRequired, "true")
        .when(words.fault.is_some(), Name::AriaInvalid);
    words.around(&id, input, |input| input)
}
