//! An app's redirect URIs, and its allowed origins: lists to which one adds, and from which one removes.

use banklink_platform::{
    apps::{AllowedOrigin, NewAllowedOrigin, NewRedirectUri, RedirectUri},
    ids::AppId,
    items::Items,
    texts::Text,
};
use banklink_protocol::problem::ProblemCode;
use yew::{AttrValue, Callback, Html, Properties, component, html};

use crate::{
    api::{self, About, Failure, Version},
    site::{Site, use_site},
    ui::{
        confirm::{Words, use_asking},
        field::{self, Field, Kind},
        form::{Key, Refusal, Values, use_form},
        load::use_load,
        title::Title,
    },
};

/// What is listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Entry {
    RedirectUri,
    Origin,
}

/// What a list says.
struct Say {
    title: Text,
    text: Text,
    label: Text,
    hint: Text,
    wrong: Text,
    none: Text,
    remove: Text,
    remove_text: Text,
}

impl Entry {
    const fn path(self) -> &'static str {
        match self {
            Self::RedirectUri => "app/redirect_uris",
            Self::Origin => "app/origins",
        }
    }

    /// The name of the field, and of the parameter that names what to remove.
    const fn name(self) -> &'static str {
        match self {
            Self::RedirectUri => "uri",
            Self::Origin => "origin",
        }
    }

    const fn say(self) -> Say {
        match self {
            Self::RedirectUri => Say {
                title: Text::RedirectUrisTitle,
                text: Text::RedirectUrisText,
                label: Text::RedirectUri,
                hint: Text::RedirectUriHint,
                wrong: Text::RedirectUriWrong,
                none: Text::RedirectUrisNone,
                remove: Text::RedirectUriRemove,
                remove_text: Text::RedirectUriRemoveText,
            },
            Self::Origin => Say {
                title: Text::OriginsTitle,
                text: Text::OriginsText,
                label: Text::Origin,
                hint: Text::OriginHint,
                wrong: Text::OriginWrong,
                none: Text::OriginsNone,
                remove: Text::OriginRemove,
                remove_text: Text::OriginRemoveText,
            },
        }
    }

    async fn list(self, app: AppId) -> Result<Vec<String>, Failure> {
        let about = About::App(&app);
        Ok(match self {
            Self::RedirectUri => {
                let list = api::get::<Items<RedirectUri>>(self.path(), about).await?;
                list.items.into_iter().map(|entry| entry.uri).collect()
            }
            Self::Origin => {
                let list = api::get::<Items<AllowedOrigin>>(self.path(), about).await?;
                list.items.into_iter().map(|entry| entry.origin).collect()
            }
        })
    }

    /// Adds an entry, and says how the server writes it.
    async fn add(self, app: &AppId, entry: String, key: &Key) -> Result<String, Failure> {
        let (path, about) = (self.path(), About::App(app));
        Ok(match self {
            Self::RedirectUri => {
                api::create::<RedirectUri>(path, about, &NewRedirectUri { uri: entry }, key).await?.uri
            }
            Self::Origin => {
                api::create::<AllowedOrigin>(path, about, &NewAllowedOrigin { origin: entry }, key).await?.origin
            }
        })
    }

    fn refusal(self, site: &Site, failure: Failure) -> Refusal {
        match (failure.code(), failure.parameter()) {
            (Some(ProblemCode::InvalidParameter), Some(name)) if name == self.name() => {
                Refusal::of(self.name(), site.text(self.say().wrong))
            }
            (Some(ProblemCode::Conflict), _) => Refusal::of(self.name(), site.text(Text::EntriesFull)),
            _ => failure.into(),
        }
    }
}

#[derive(PartialEq, Properties)]
pub(super) struct EntriesProps {
    pub(super) app: AppId,
    pub(super) entry: Entry,
}

/// The section.
#[component]
pub(super) fn Entries(EntriesProps { app, entry }: &EntriesProps) -> Html {
    let (site, entry) = (use_site(), *entry);
    let say = entry.say();
    let list = use_load((app.clone(), entry), |(app, entry)| entry.list(app));
    let form = use_form({
        let (site, app, again) = (site.clone(), app.clone(), list.again.clone());
        move |values| {
            let (site, app, again) = (site.clone(), app.clone(), again.clone());
            async move {
                add(&site, &app, entry, &values).await?;
                again.emit(());
                Ok(())
            }
        }
    });
    let asking = use_asking({
        let (site, app, again) = (site.clone(), app.clone(), list.again.clone());
        move |what: String, _| {
            let (site, app, again) = (site.clone(), app.clone(), again.clone());
            async move {
                remove(&site, &app, entry, &what).await?;
                again.emit(());
                Ok(())
            }
        }
    });
    let dialog = asking.dialog(|what| {
        let words =
            Words { title: site.text(say.remove), text: site.text(say.remove_text), go: site.text(Text::Remove) };
        (words, html! { <p><code class="db-what" dir="ltr">{what}</code></p> })
    });
    html! {
        <>
            <Title text={site.text(say.title)} />
            <p class="bl-text">{site.text(say.text)}</p>
            {list.show(&site, |entries| rows(&site, &say, entries, &asking.ask))}
            <form class="bl-form db-add" novalidate=true onsubmit={form.onsubmit.clone()}>
                <Field name={entry.name()} label={say.label} kind={Kind::Address} hint={site.text(say.hint)}
                    wrong={form.wrong.clone()} />
                {field::send(&form, site.text(Text::Add), site.text(Text::Working))}
            </form>
            {dialog}
        </>
    }
}

fn rows(site: &Site, say: &Say, entries: &[String], ask: &Callback<Option<String>>) -> Html {
    if entries.is_empty() {
        return html! { <p class="db-empty">{site.text(say.none)}</p> };
    }
    let row = |what: &String| {
        let label: AttrValue = format!("{} {what}", site.text(Text::Remove)).into();
        let onclick = ask.reform({
            let what = what.clone();
            move |_| Some(what.clone())
        });
        html! {
            <li class="db-row" key={what.as_str()}>
                <code dir="ltr">{what}</code>
                <button type="button" class="db-button" aria-label={label} {onclick}>{site.text(Text::Remove)}</button>
            </li>
        }
    };
    html! { <ul class="db-rows" id="entries">{for entries.iter().map(row)}</ul> }
}

async fn add(site: &Site, app: &AppId, entry: Entry, values: &Values) -> Result<(), Refusal> {
    let wrong = || Refusal::of(entry.name(), site.text(entry.say().wrong));
    let typed = values.some(entry.name()).ok_or_else(wrong)?;
    let kept = entry.add(app, typed, &values.key).await.map_err(|failure| entry.refusal(site, failure))?;
    site.say.emit(site.fill(Text::Added, &[("what", &kept)]));
    values.clear();
    Ok(())
}

async fn remove(site: &Site, app: &AppId, entry: Entry, what: &str) -> Result<(), Refusal> {
    let query = [(entry.name(), what)];
    let removed = api::delete(entry.path(), &query, About::App(app), &Version::Any).await;
    removed.map_err(|failure| match failure.code() {
        Some(ProblemCode::Conflict) => Refusal::whole(site.text(Text::RedirectUriInUse)),
        _ => failure.into(),
    })?;
    site.say.emit(site.fill(Text::Removed, &[("what", what)]));
    Ok(())
}
