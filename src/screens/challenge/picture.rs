//! A picture to read, or pictures to pick from.

use yew::{AttrValue, virtual_dom::Key};

use banklink_flow::{ChallengeView, PickView, ReadView};
use banklink_protocol::{
    challenge::{Image, PictureChoice},
    elements,
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

fn prompt(prompt: Option<&str>) -> Option<Tag> {
    prompt.map(|prompt| tag("p").class("bl-label").text(prompt.to_owned().into()))
}

fn image(image: &Image, alt: AttrValue) -> Tag {
    tag("img").set(Name::Src, image.as_str().to_owned().into()).set(Name::Alt, alt)
}

pub(super) fn read(context: &Context<'_>, view: &ChallengeView<'_>, read: &ReadView<'_>) -> Tag {
    let picture = image(read.image, context.text(Text::PictureAlt)).id(elements::IMG_SCA).class("bl-picture");
    let words = Words {
        label_id: elements::LABEL_SCA.to_owned(),
        label: context.text(Text::CodeLabel),
        hint: None,
        fault: read.fault.map(|fault| (elements::ERROR_SCA.to_owned(), context.text(fault))),
        also: beside(context, view),
    };
    let input = context
        .plain_input(tag("input").id(elements::INPUT_SCA).class("bl-input bl-input-code"))
        .with(Name::Name, elements::INPUT_SCA)
        .with(Name::Type, "text")
        .with(Name::Autocomplete, "off")
        .with(Name::Maxlength, "64")
        .with(Name::AriaRequired, "true")
        .when(read.invalid, Name::AriaInvalid);
    let field = words.around(elements::INPUT_SCA, input, |input| input);
    form(context, view, prompt(read.prompt).into_iter().chain([picture, field]))
}

pub(super) fn pick(context: &Context<'_>, view: &ChallengeView<'_>, pick: &PickView<'_>) -> Tag {
    let kind = if pick.several { "checkbox" } else { "radio" };
    let pictures = pick
        .choices
        .iter()
        .fold(tag("div").class("bl-pictures"), |pictures, choice| pictures.child(one(context, choice, kind)));
    let several = if pick.several { Text::PictureSeveral } else { Text::PictureOne };
    let words = Words {
        label_id: elements::LABEL_SCA.to_owned(),
        label: pick.prompt.map_or_else(|| context.text(several), |prompt| prompt.to_owned().into()),
        hint: None,
        fault: pick.fault.map(|fault| (elements::ERROR_SCA.to_owned(), context.text(fault))),
        also: beside(context, view),
    };
    form(context, view, [words.around_group(tag("fieldset").id(elements::LIST_PICTURES), pictures)])
}

fn one(context: &Context<'_>, choice: &PictureChoice, kind: &'static str) -> Tag {
    let input = tag("input")
        .with(Name::Type, kind)
        .with(Name::Name, elements::LIST_PICTURES)
        .set(Name::Value, choice.id.as_str().to_owned().into())
        .when(context.busy, Name::AriaDisabled);
    tag("label")
        .class("bl-choice bl-picture-choice")
        .key(Key::from(choice.id.as_str()))
        .part(elements::PICTURE_BOX)
        .child(input)
        .child(image(&choice.image, choice.label.clone().into()))
}
