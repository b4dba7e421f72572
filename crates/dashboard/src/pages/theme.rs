//! An app's own stylesheet: taken from a file or typed, judged at once, and tried on every screen of the widget.

use core::time::Duration;
use std::rc::Rc;

use banklink_platform::{
    apps::App,
    ids::AppId,
    texts::Text,
    themes::{NewTheme, Severity, Theme, ThemeFinding},
};
use banklink_protocol::problem::ProblemCode;
use web_sys::{DragEvent, FileList, HtmlInputElement, HtmlTextAreaElement};
use yew::{
    Callback, Event, Html, InputEvent, Properties, TargetCast as _, component, html, platform::time::sleep,
    use_callback, use_state,
};

use crate::{
    api::{self, About, Failure, Version, Versioned},
    browser,
    site::{Site, use_site},
    ui::{
        confirm::{Words, use_asking},
        field,
        form::{Refusal, use_form},
        load::{Load, use_load},
        preview::Preview,
        seen::{Seen, use_seen},
        title::Title,
    },
};

const PATH: &str = "app/theme";
const SOURCE: &str = "theme-source";

/// How long nothing is typed before what was typed is judged.
const PAUSE: Duration = Duration::from_millis(300);

#[derive(PartialEq, Properties)]
pub(super) struct ThemePageProps {
    pub(super) app: App,
}

/// What is kept, or nothing where the app looks as it comes.
async fn kept(app: AppId) -> Result<Versioned<Option<Theme>>, Failure> {
    match api::get_versioned::<Theme>(PATH, About::App(&app)).await {
        Ok(Versioned { thing, version }) => Ok(Versioned { thing: Some(thing), version }),
        Err(failure) if failure.code() == Some(ProblemCode::NotFound) => {
            Ok(Versioned { thing: None, version: Version::None })
        }
        Err(failure) => Err(failure),
    }
}

/// What would become of a draft; nothing of what is no draft yet, or empty.
async fn judged(app: AppId, draft: Option<Rc<str>>) -> Result<Option<Theme>, Failure> {
    let Some(source) = draft.filter(|source| !source.trim().is_empty()) else { return Ok(None) };
    sleep(PAUSE).await;
    let request = NewTheme { source: source.to_string() };
    api::post::<Theme>(&format!("{PATH}/check"), About::App(&app), &request).await.map(Some)
}

/// The section.
#[component]
pub(super) fn ThemePage(ThemePageProps { app }: &ThemePageProps) -> Html {
    let (site, app) = (use_site(), app.id.clone());
    let draft = use_state(|| None::<Rc<str>>);
    let loaded = use_load(app.clone(), kept);
    let (there, version) = match &loaded.state {
        Load::There(there) => {
            (there.thing.as_ref().map(|theme| Rc::<str>::from(theme.source.as_str())), there.version.clone())
        }
        Load::Loading | Load::Failed(_) => (None, Version::Any),
    };
    let seen = use_seen(version);
    let source = (*draft).clone().or(there.clone());
    let verdict = use_load((app.clone(), source.clone()), |(app, source)| judged(app, source));
    let typed = use_callback((), {
        let draft = draft.setter();
        move |event: InputEvent, ()| {
            draft.set(Some(event.target_unchecked_into::<HtmlTextAreaElement>().value().into()));
        }
    });
    let take = use_callback((), {
        let draft = draft.setter();
        move |files: Option<FileList>, ()| {
            let draft = draft.clone();
            yew::platform::spawn_local(async move {
                let Some(file) = files.and_then(|files| files.get(0)) else { return };
                if let Some(text) = browser::text_of(&file).await {
                    browser::write_into(SOURCE, &text);
                    draft.set(Some(text.into()));
                }
            });
        }
    });
    let form = use_form({
        let (site, app, source, again) = (site.clone(), app.clone(), source.clone(), loaded.again.clone());
        move |_| {
            let (site, app, seen, again) = (site.clone(), app.clone(), seen.clone(), again.clone());
            let source = source.as_deref().unwrap_or_default().to_owned();
            async move {
                save(&site, &app, &seen, source).await?;
                again.emit(());
                Ok(())
            }
        }
    });
    let asking = use_asking({
        let (app, draft, again) = (app.clone(), draft.setter(), loaded.again.clone());
        move |(), _| {
            let (app, draft, again) = (app.clone(), draft.clone(), again.clone());
            async move {
                api::delete(PATH, &[], About::App(&app)).await?;
                browser::write_into(SOURCE, "");
                draft.set(None);
                again.emit(());
                Ok(())
            }
        }
    });
    let dialog = asking.dialog(|()| {
        let words = Words {
            title: site.text(Text::ThemeRestoreTitle),
            text: site.text(Text::ThemeRestoreText),
            go: site.text(Text::ThemeRestore),
        };
        (words, Html::default())
    });
    let theme = match &verdict.state {
        Load::There(theme) => (**theme).clone(),
        Load::Loading | Load::Failed(_) => None,
    };
    let css = theme.as_ref().map(|theme| theme.css.clone()).unwrap_or_default();
    let download = use_callback(source.clone(), |_, source| {
        browser::download("theme.css", source.as_deref().unwrap_or_default());
    });
    let content = loaded.show(&site, |_| {
        html! {
            <>
                <form class="db-theme" id="form-theme" novalidate=true onsubmit={form.onsubmit.clone()}>
                    {file(&site, &take)}
                    <div class="bl-field">
                        <label class="bl-label" for={SOURCE}>{site.text(Text::ThemeSource)}</label>
                        <textarea class="bl-input db-source" id={SOURCE} name="source" dir="ltr" spellcheck="false"
                            autocapitalize="none" rows="14" ~defaultValue={there.as_deref().unwrap_or_default().to_owned()}
                            oninput={typed} aria-describedby="theme-findings" />
                    </div>
                    {findings(&site, theme.as_ref())}
                    <div class="db-actions">
                        {field::send(&form, site.text(Text::Save), site.text(Text::Working))}
                        <button type="button" class="db-button" id="theme-download" onclick={download}>
                            {site.text(Text::Download)}
                        </button>
                        if there.is_some() {
                            <button type="button" class="db-button" id="theme-restore"
                                onclick={asking.ask.reform(|_| Some(()))}>{site.text(Text::ThemeRestore)}</button>
                        }
                    </div>
                </form>
                <Preview {css} />
            </>
        }
    });
    html! {
        <>
            <Title text={site.text(Text::ThemeTitle)} />
            <p class="bl-text">{site.text(Text::ThemeText)}</p>
            {content}
            {dialog}
        </>
    }
}

/// Where a file is dropped, or chosen.
fn file(site: &Site, take: &Callback<Option<FileList>>) -> Html {
    let onchange = take.reform(|event: Event| event.target_unchecked_into::<HtmlInputElement>().files());
    let ondrop = take.reform(|event: DragEvent| {
        event.prevent_default();
        event.data_transfer().and_then(|dropped| dropped.files())
    });
    let ondragover = Callback::from(|event: DragEvent| event.prevent_default());
    html! {
        <div class="db-drop" id="theme-drop" {ondrop} {ondragover}>
            <label class="bl-label" for="theme-file">{site.text(Text::ThemeFile)}</label>
            <input type="file" id="theme-file" accept=".css,text/css" {onchange} />
            <p class="bl-hint">{site.text(Text::ThemeFileHint)}</p>
        </div>
    }
}

/// What is said about the stylesheet, each at its line.
fn findings(site: &Site, theme: Option<&Theme>) -> Html {
    let findings = theme.map(|theme| theme.findings.as_slice()).unwrap_or_default();
    let said = match (theme, findings.len()) {
        (None, _) => site.text(Text::ThemeDefault),
        (Some(_), 0) => site.text(Text::ThemeFine),
        (Some(_), count) => site.fill(Text::ThemeFindings, &[("count", &count.to_string())]),
    };
    let finding = |finding: &ThemeFinding| {
        let (line, column) = (finding.line, finding.column);
        let numbers = [("line", &*line.to_string()), ("column", &*column.to_string())];
        let go = Callback::from(move |_| browser::go_to_line(SOURCE, line));
        let (class, severity) = match finding.severity {
            Severity::Error => ("db-badge db-badge-bad", Text::ThemeLeftOut),
            Severity::Warning => ("db-badge", Text::ThemeDoubtful),
        };
        html! {
            <li class="db-row">
                <div>
                    <span {class}>{site.text(severity)}</span>{" "}
                    // The compiler's own words.
                    <span lang="en" dir="ltr">{&finding.message}</span>
                </div>
                <button type="button" class="db-button" onclick={go}>{site.fill(Text::ThemeLine, &numbers)}</button>
            </li>
        }
    };
    html! {
        <div id="theme-findings">
            <p class="bl-text" role="status">{said}</p>
            if !findings.is_empty() { <ul class="db-rows">{for findings.iter().map(finding)}</ul> }
        </div>
    }
}

async fn save(site: &Site, app: &AppId, seen: &Seen, source: String) -> Result<(), Refusal> {
    if source.trim().is_empty() {
        return Err(Refusal::whole(site.text(Text::ThemeEmpty)));
    }
    match api::put::<Theme>(PATH, About::App(app), &seen.version(), &NewTheme { source }).await {
        Ok(_) => {
            site.say.emit(site.text(Text::Saved));
            Ok(())
        }
        Err(failure) => Err(match failure.code() {
            Some(ProblemCode::InvalidParameter | ProblemCode::PayloadTooLarge) => {
                Refusal::whole(site.text(Text::ThemeTooLarge))
            }
            _ => seen.refusal(site, failure),
        }),
    }
}
