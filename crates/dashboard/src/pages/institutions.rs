//! Which institutions an app's people see: of which countries, only some, not some, and which come first.

use core::time::Duration;
use std::{collections::HashMap, rc::Rc};

use banklink_platform::{
    apps::{App, InstitutionList},
    ids::AppId,
    institutions::{ListedInstitution, MOST_IDS},
    texts::Text,
};
use banklink_protocol::problem::ProblemCode;
use serde_json::json;
use web_sys::HtmlInputElement;
use yew::{
    AttrValue, Callback, Html, InputEvent, Properties, TargetCast as _, component, html, platform::time::sleep,
    use_callback, use_effect_with, use_state,
};

use crate::{
    api::{self, About, Failure, Version},
    browser,
    site::{Site, use_site},
    ui::{
        field::{self, Field, Kind},
        form::{Refusal, Values, use_form},
        load::use_load,
        seen::{Seen, use_seen},
        title::Title,
    },
};

const COUNTRIES: &str = "countries";
const INSTITUTIONS: &str = "institutions";

/// How long nothing is typed before it is looked for.
const PAUSE: Duration = Duration::from_millis(200);

/// Most that a search shows.
const FOUND: &str = "20";

/// A part of the list that names institutions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Popular,
    Chosen,
    Hidden,
}

impl Part {
    const ALL: [Self; 3] = [Self::Popular, Self::Chosen, Self::Hidden];

    /// Its title, what it does, and the button that puts an institution into it.
    const fn say(self) -> (Text, Text, Text) {
        match self {
            Self::Popular => (Text::ListPopular, Text::ListPopularText, Text::ListPopularAdd),
            Self::Chosen => (Text::ListChosen, Text::ListChosenText, Text::ListChosenAdd),
            Self::Hidden => (Text::ListHidden, Text::ListHiddenText, Text::ListHiddenAdd),
        }
    }

    const fn id(self) -> &'static str {
        match self {
            Self::Popular => "list-popular",
            Self::Chosen => "list-chosen",
            Self::Hidden => "list-hidden",
        }
    }

    fn raise_id(self, at: usize) -> String {
        format!("{}-raise-{at}", self.id())
    }

    fn remove_id(self, at: usize) -> String {
        format!("{}-remove-{at}", self.id())
    }

    const fn of(self, list: &InstitutionList) -> &Vec<String> {
        match self {
            Self::Popular => &list.popular,
            Self::Chosen => &list.chosen,
            Self::Hidden => &list.hidden,
        }
    }

    const fn of_mut(self, list: &mut InstitutionList) -> &mut Vec<String> {
        match self {
            Self::Popular => &mut list.popular,
            Self::Chosen => &mut list.chosen,
            Self::Hidden => &mut list.hidden,
        }
    }
}

/// What is done to a part.
#[derive(Clone, Debug)]
enum Edit {
    Add(ListedInstitution),
    /// Where it was found.
    TakeOut(String),
    /// Where it stands.
    Remove(String),
    /// One place up.
    Raise(String),
}

/// What is edited until it is saved.
#[derive(Clone, PartialEq)]
struct Draft {
    list: InstitutionList,
    /// The names of what was put into it.
    names: HashMap<String, AttrValue>,
}

impl Draft {
    /// Edits it, and says which element has the focus then: the one that had it may be gone, or elsewhere.
    fn edit(&mut self, part: Part, edit: Edit) -> Option<String> {
        let ids = part.of_mut(&mut self.list);
        match edit {
            Edit::Add(institution) => {
                if !ids.contains(&institution.id) {
                    ids.push(institution.id.clone());
                }
                self.names.insert(institution.id.clone(), called(&institution));
                None
            }
            Edit::TakeOut(id) => {
                ids.retain(|there| *there != id);
                None
            }
            Edit::Remove(id) => {
                ids.retain(|there| *there != id);
                Some(format!("#{}", part.id()))
            }
            Edit::Raise(id) => {
                let at = ids.iter().position(|there| *there == id)?.checked_sub(1)?;
                ids.swap(at, at + 1);
                Some(if at == 0 { part.remove_id(at) } else { part.raise_id(at) }).map(|id| format!("#{id}"))
            }
        }
    }
}

/// An institution by its name, and what tells it from others.
fn called(institution: &ListedInstitution) -> AttrValue {
    let ListedInstitution { name, country, detail, .. } = institution;
    let detail = detail.as_ref().map(|detail| format!(", {detail}")).unwrap_or_default();
    format!("{name} ({country}{detail})").into()
}

#[derive(PartialEq, Properties)]
pub(super) struct InstitutionsProps {
    pub(super) app: App,
    /// What the app was like then.
    pub(super) version: Version,
    /// Reads the app anew.
    pub(super) again: Callback<()>,
}

/// The names of all that a list names.
async fn names(app: AppId, list: InstitutionList) -> Result<HashMap<String, AttrValue>, Failure> {
    let mut names = HashMap::new();
    let ids: Vec<String> = Part::ALL.iter().flat_map(|part| part.of(&list).iter().cloned()).collect();
    for some in ids.chunks(MOST_IDS) {
        let query = [("ids", some.join(","))];
        let known = api::list::<ListedInstitution>(INSTITUTIONS, &query, About::App(&app)).await?;
        names.extend(known.items.iter().map(|institution| (institution.id.clone(), called(institution))));
    }
    Ok(names)
}

/// What was looked for, and what was found.
#[derive(PartialEq)]
struct Found {
    text: Rc<str>,
    institutions: Vec<ListedInstitution>,
}

async fn find(app: AppId, text: Rc<str>) -> Result<Found, Failure> {
    if text.trim().is_empty() {
        return Ok(Found { text, institutions: Vec::new() });
    }
    sleep(PAUSE).await;
    let query = [("query", text.to_string()), ("all", "true".to_owned()), ("limit", FOUND.to_owned())];
    let institutions = api::list(INSTITUTIONS, &query, About::App(&app)).await?.items;
    Ok(Found { text, institutions })
}

/// The section.
#[component]
pub(super) fn Institutions(InstitutionsProps { app, version, again }: &InstitutionsProps) -> Html {
    let site = use_site();
    let stored = &app.settings.institutions;
    let seen = use_seen(version.clone(), stored.clone());
    let known = use_load((app.id.clone(), stored.clone()), |(app, list)| names(app, list));
    // None as long as nothing was edited.
    let draft = use_state(|| None::<Draft>);
    let focus = use_state(|| None::<(u32, String)>);
    use_effect_with((*focus).clone(), |focus| {
        if let Some((_, selector)) = focus {
            browser::focus(selector);
        }
    });
    let now = (*draft).clone().unwrap_or_else(|| Draft { list: stored.clone(), names: HashMap::new() });
    let edit = Callback::from({
        let (draft, focus, seen, now) = (draft.setter(), focus.clone(), seen.clone(), now.clone());
        move |(part, edit): (Part, Edit)| {
            let mut changed = now.clone();
            if let Some(selector) = changed.edit(part, edit) {
                let times = focus.as_ref().map_or(0, |(times, _)| times + 1);
                focus.set(Some((times, selector)));
            }
            seen.touch();
            draft.set(Some(changed));
        }
    });
    let touch = seen.touched();
    let form = use_form({
        let (site, id, draft, again) = (site.clone(), app.id.clone(), draft.setter(), again.clone());
        let list = now.list.clone();
        move |values| {
            let (site, id, draft, list) = (site.clone(), id.clone(), draft.clone(), list.clone());
            let (seen, again) = (seen.clone(), again.clone());
            async move {
                save(&site, &id, &seen, list, &values).await?;
                site.say.emit(site.text(Text::Saved));
                draft.set(None);
                again.emit(());
                Ok(())
            }
        }
    });
    let parts = known.show(&site, |known| {
        html! { {for Part::ALL.into_iter().map(|part| shown(&site, part, &now, known, &edit))} }
    });
    html! {
        <>
            <Title text={site.text(Text::InstitutionsTitle)} />
            <p class="bl-text">{site.text(Text::InstitutionsText)}</p>
            <Search app={app.id.clone()} list={now.list.clone()} {edit} />
            {parts}
            <form class="bl-form db-narrow" id="form-institutions" novalidate=true oninput={touch}
                onsubmit={form.onsubmit.clone()}>
                <Field name={COUNTRIES} label={Text::ListCountries} kind={Kind::Address} optional=true
                    initial={stored.countries.join(", ")}
                    hint={site.text(Text::ListCountriesHint)} wrong={form.wrong.clone()} />
                {field::send(&form, site.text(Text::Save), site.text(Text::Working))}
            </form>
        </>
    }
}

#[derive(PartialEq, Properties)]
struct SearchProps {
    app: AppId,
    /// As it would be saved now.
    list: InstitutionList,
    edit: Callback<(Part, Edit)>,
}

/// Finds institutions, to put them into the parts of the list.
#[component]
fn Search(SearchProps { app, list, edit }: &SearchProps) -> Html {
    let site = use_site();
    let text = use_state(|| Rc::<str>::from(""));
    let found = use_load((app.clone(), (*text).clone()), |(app, text)| find(app, text));
    let typed = use_callback((), {
        let text = text.setter();
        move |event: InputEvent, ()| text.set(event.target_unchecked_into::<HtmlInputElement>().value().into())
    });
    // While the next are on their way, the last ones stay, and nobody reads that there are none.
    let is_answer = found.thing().is_some_and(|found| found.text == *text && !text.trim().is_empty());
    let count = found.thing().map_or(0, |found| found.institutions.len());
    let said = match count {
        _ if !is_answer => AttrValue::default(),
        0 => site.text(Text::InstitutionsNoMatch),
        count => site.fill(Text::Found, &[("count", &count.to_string())]),
    };
    let results = found.show(&site, |found| {
        if found.institutions.is_empty() {
            return Html::default();
        }
        html! {
            <ul class="db-rows" id="found-institutions">
                {for found.institutions.iter().map(|institution| result(&site, list, institution, edit))}
            </ul>
        }
    });
    html! {
        <>
            <div class="bl-field">
                <label class="bl-label" for="search-institutions">{site.text(Text::InstitutionsSearch)}</label>
                <input class="bl-input db-search" type="search" id="search-institutions" autocomplete="off" oninput={typed} />
                <p class="bl-hint" id="said-institutions" role="status">{said}</p>
            </div>
            if !text.trim().is_empty() { {results} }
        </>
    }
}

/// What was found, with a button for each part.
fn result(site: &Site, list: &InstitutionList, institution: &ListedInstitution, edit: &Callback<(Part, Edit)>) -> Html {
    let button = |part: Part| {
        let is_in = part.of(list).contains(&institution.id);
        let (_, _, add) = part.say();
        let onclick = edit.reform({
            let institution = institution.clone();
            move |_| {
                let edit = if is_in { Edit::TakeOut(institution.id.clone()) } else { Edit::Add(institution.clone()) };
                (part, edit)
            }
        });
        let label = format!("{} {}", site.text(add), called(institution));
        html! {
            <button type="button" class="db-button" aria-pressed={is_in.to_string()} aria-label={label} {onclick}>
                {site.text(add)}
            </button>
        }
    };
    html! {
        <li class="db-row db-row-wide" key={institution.id.as_str()}>
            <div><bdi>{called(institution)}</bdi><p class="bl-hint"><code dir="ltr">{&institution.id}</code></p></div>
            <div class="db-actions">{for Part::ALL.into_iter().map(button)}</div>
        </li>
    }
}

/// A part of the list.
fn shown(
    site: &Site,
    part: Part,
    draft: &Draft,
    known: &HashMap<String, AttrValue>,
    edit: &Callback<(Part, Edit)>,
) -> Html {
    let (title, text, _) = part.say();
    let ids = part.of(&draft.list);
    let row = |(at, id): (usize, &String)| {
        let name = draft.names.get(id).or_else(|| known.get(id)).cloned().unwrap_or_else(|| id.clone().into());
        let does = |of: fn(String) -> Edit| {
            let id = id.clone();
            edit.reform(move |_| (part, of(id.clone())))
        };
        let label = |text: Text| format!("{} {name}", site.text(text));
        html! {
            <li class="db-row" key={id.as_str()}>
                <bdi>{&name}</bdi>
                <div class="db-actions">
                    if part == Part::Popular && at > 0 {
                        <button type="button" class="db-button" id={part.raise_id(at)} aria-label={label(Text::ListRaise)}
                            onclick={does(Edit::Raise)}>
                            {site.text(Text::ListRaise)}
                        </button>
                    }
                    <button type="button" class="db-button" id={part.remove_id(at)} aria-label={label(Text::Remove)}
                        onclick={does(Edit::Remove)}>
                        {site.text(Text::Remove)}
                    </button>
                </div>
            </li>
        }
    };
    html! {
        <section class="db-part" aria-labelledby={part.id()} key={part.id()}>
            <h2 class="db-subtitle" id={part.id()} tabindex="-1">{site.text(title)}</h2>
            <p class="bl-hint">{site.text(text)}</p>
            if ids.is_empty() {
                <p class="db-empty">{site.text(Text::ListNone)}</p>
            } else {
                <ul class="db-rows">{for ids.iter().enumerate().map(row)}</ul>
            }
        </section>
    }
}

async fn save(
    site: &Site,
    app: &AppId,
    seen: &Seen<InstitutionList>,
    list: InstitutionList,
    values: &Values,
) -> Result<(), Refusal> {
    let words = values.text(COUNTRIES);
    let mut countries = Vec::new();
    for word in words.split([',', ' ']).map(str::trim).filter(|word| !word.is_empty()) {
        let country = word.to_ascii_uppercase();
        if !countries.contains(&country) {
            countries.push(country);
        }
    }
    let request = json!({ "settings": { "institutions": InstitutionList { countries, ..list } } });
    let changed = api::patch::<App>("app", About::App(app), &seen.version(), &request).await;
    let changed = changed.map_err(|failure| match (failure.code(), failure.parameter()) {
        (Some(ProblemCode::InvalidParameter), Some("settings.institutions.countries")) => {
            Refusal::of(COUNTRIES, site.text(Text::ListCountriesWrong))
        }
        // The whole is too long; a part of it names what is not there.
        (Some(ProblemCode::InvalidParameter), Some("settings.institutions")) => {
            Refusal::whole(site.text(Text::ListWrong))
        }
        (Some(ProblemCode::InvalidParameter), _) => Refusal::whole(site.text(Text::ListUnknown)),
        _ => seen.refusal(site, failure),
    })?;
    seen.saved(changed.version, changed.thing.settings.institutions);
    Ok(())
}
