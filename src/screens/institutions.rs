//! The list of institutions: popular ones as tiles, found ones as rows.

use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;
use yew::AttrValue;

use banklink_flow::{Act, Event, InstitutionsView, ResultsView, health};
use banklink_protocol::{elements, ids::InstitutionId, texts::Text};

use crate::{
    browser,
    message::Message,
    screens::{Context, actions, card, title},
    ui::{
        banks,
        button::{self, Rank},
        icon::Icon,
        message,
        tag::{Handler, Kind, Name, Tag, tag},
    },
};

pub(super) fn institutions(context: &Context<'_>, view: &InstitutionsView<'_>) -> Tag {
    let not_found = view.not_found.map(|name| context.fill(Text::InstitutionsNotFound, &[("name", name)]));
    let error = context.error.map(|error| context.text(error)).or(not_found);
    let missing = button::action(
        elements::BUTTON_BANK_MISSING,
        Rank::Quiet,
        context.text(Text::InstitutionsMissing),
        context.act(|| Act::InstitutionMissing),
    );
    card(elements::DIV_SELECT_BANK)
        .child(title(elements::TITLE_SELECT_BANK, context.text(Text::InstitutionsTitle)))
        .child(message::error(error))
        .child_some((!view.countries.is_empty()).then(|| countries(context, view)))
        .child(search_box(context, view.typed))
        .child(tag("p").id(elements::TEXT_RESULTS).class("bl-results").changing(results(context, view)))
        .child(list(context, view))
        .child(actions().child(missing))
}

fn search_box(context: &Context<'_>, typed: &str) -> Tag {
    let send = context.send.clone();
    let search = move |event: web_sys::Event| {
        let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        if let Some(input) = input {
            send.emit(Message::Flow(Event::Did(Act::Search(input.value()))));
        }
    };
    let input = tag("input")
        .id(elements::INPUT_SEARCH_BANK)
        .class("bl-input")
        .with(Name::Type, "search")
        .with(Name::Autocomplete, "off")
        .with(Name::Autocapitalize, "none")
        .with(Name::Autocorrect, "off")
        .with(Name::Spellcheck, "false")
        .with(Name::Enterkeyhint, "search")
        .with(Name::Maxlength, "200")
        .with(Name::AriaControls, elements::LIST_BANKS)
        .set(Name::AriaLabel, context.text(Text::InstitutionsSearch))
        .set(Name::Placeholder, context.text(Text::InstitutionsPlaceholder))
        // What a new box begins with: somebody who comes back finds what they searched for.
        .set(Name::Value, typed.to_owned().into())
        .on(Kind::Input, Rc::new(search))
        .on(Kind::KeyDown, banks::walk());
    tag("div").class("bl-search").with(Name::Role, "search").child(Icon::SEARCH.draw()).child(input)
}

/// The choice of a country.
fn countries(context: &Context<'_>, view: &InstitutionsView<'_>) -> Tag {
    let send = context.send.clone();
    let choose = move |_| {
        let country = Some(browser::value(elements::SELECT_COUNTRY)).filter(|country| !country.is_empty());
        send.emit(Message::Flow(Event::Did(Act::ChooseCountry(country))));
    };
    let option = |code: &str, name: AttrValue| {
        let option = tag("option").set(Name::Value, code.to_owned().into()).text(name);
        option.when(view.country.unwrap_or_default() == code, Name::Selected)
    };
    let all = option("", context.text(Text::InstitutionsAllCountries));
    let select =
        tag("select").id(elements::SELECT_COUNTRY).class("bl-input").on(Kind::Input, Rc::new(choose)).child(all);
    let sorted = context.texts.sorted_countries(view.countries);
    let select =
        sorted.split(' ').fold(select, |select, code| select.child(option(code, context.texts.country(code).into())));
    let label = tag("label").id(elements::LABEL_COUNTRY).class("bl-label").with(Name::For, elements::SELECT_COUNTRY);
    tag("div").class("bl-field").child(label.text(context.text(Text::InstitutionsCountry))).child(select)
}

/// The list stays in its place even when it is empty, for those who follow `aria-controls`.
fn list(context: &Context<'_>, view: &InstitutionsView<'_>) -> Tag {
    let is_popular = view.results == ResultsView::Popular;
    let label = if is_popular { Text::InstitutionsPopular } else { Text::InstitutionsResults };
    let list = view.rows.iter().fold(banks::list(is_popular, context.text(label)), |list, institution| {
        let note = health(institution.health).map(|text| context.text(text));
        let country = (!is_popular).then(|| context.country(institution));
        list.child(banks::bank(
            context.mark(institution),
            institution,
            country,
            note,
            choose(context, institution.id.clone()),
        ))
    });
    tag("div").child(list).child_some(nothing(context, view))
}

fn choose(context: &Context<'_>, institution: InstitutionId) -> Handler {
    let send = context.send.clone();
    Rc::new(move |_| send.emit(Message::Flow(Event::Did(Act::ChooseInstitution(institution.clone())))))
}

/// What to do where nothing was found.
fn nothing(context: &Context<'_>, view: &InstitutionsView<'_>) -> Option<Tag> {
    if view.results == ResultsView::Failed {
        let again = context.act(|| Act::SearchAgain);
        return Some(button::action(elements::BUTTON_SEARCH_AGAIN, Rank::Second, context.text(Text::Retry), again));
    }
    let ResultsView::Found { total: 0, query } = view.results else { return None };
    let words = tag("p").class("bl-empty-title").changing(context.fill(Text::InstitutionsNone, &[("query", query)]));
    let hint = tag("p").text(context.text(Text::InstitutionsNoneHint));
    Some(tag("div").class("bl-empty").child(words).child(hint))
}

/// What the rows are, in words.
fn results(context: &Context<'_>, view: &InstitutionsView<'_>) -> AttrValue {
    match view.results {
        // An app may list nothing before something is searched for.
        ResultsView::Popular if view.rows.is_empty() => AttrValue::default(),
        ResultsView::Popular => context.text(Text::InstitutionsPopular),
        ResultsView::Searching => context.text(Text::InstitutionsSearching),
        ResultsView::Failed => context.text(Text::InstitutionsFailed),
        ResultsView::Found { total: 0, .. } => AttrValue::default(),
        ResultsView::Found { total, .. } => {
            let shown = u32::try_from(view.rows.len()).unwrap_or(u32::MAX);
            let text = if shown < total { Text::InstitutionsFirst } else { Text::InstitutionsFound };
            context.texts.count(text, total, shown).into()
        }
    }
}
