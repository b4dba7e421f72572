//! An app's own stylesheet: taken from a file or typed, judged at once, and tried on every screen of the widget.

use core::time::Duration;
use std::rc::Rc;

use banklink_platform::{
    apps::App,
    ids::AppId,
    texts::Text,
    themes::{MOST_BYTES, NewTheme, Severity, Theme, ThemeFinding},
};
use banklink_protocol::problem::ProblemCode;
use web_sys::{DragEvent, File, HtmlInputElement, HtmlTextAreaElement};
use yew::{
    Callback, Event, Html, InputEvent, Properties, TargetCast as _, UseStateHandle, component, hook, html,
    platform::time::sleep, use_state,
};

use crate::{
    api::{self, About, Failure, Version, Versioned},
    browser,
    site::{Site, use_site},
    ui::{
        confirm::{Asking, Words, use_asking},
        field,
        form::{Form, Refusal, use_form},
        load::use_load,
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

/// What becomes of a stylesheet; none of an empty one.
async fn judged(app: AppId, source: Rc<str>) -> Result<Option<Theme>, Failure> {
    if source.trim().is_empty() {
        return Ok(None);
    }
    sleep(PAUSE).await;
    let request = NewTheme { source: source.to_string() };
    api::post::<Theme>(&format!("{PATH}/check"), About::App(&app), &request).await.map(Some)
}

/// The section.
#[component]
pub(super) fn ThemePage(ThemePageProps { app }: &ThemePageProps) -> Html {
    let (site, app) = (use_site(), app.id.clone());
    let loaded = use_load(app.clone(), kept);
    html! {
        <>
            <Title text={site.text(Text::ThemeTitle)} />
            <p class="bl-text">{site.text(Text::ThemeText)}</p>
            {loaded.show(&site, |there| html! {
                <Editor app={app.clone()} there={(**there).clone()} again={loaded.again.clone()} />
            })}
        </>
    }
}

#[derive(PartialEq, Properties)]
struct EditorProps {
    app: AppId,
    /// What is kept.
    there: Versioned<Option<Theme>>,
    /// Reads it anew.
    again: Callback<()>,
}

/// The stylesheet as it is edited, what is said about it, and how the widget looks with it.
#[component]
fn Editor(EditorProps { app, there, again }: &EditorProps) -> Html {
    let site = use_site();
    let stored: Rc<str> = there.thing.as_ref().map_or("", |theme| &theme.source).into();
    let seen = use_seen(there.version.clone(), stored.clone());
    // None as long as nothing was edited.
    let draft = use_state(|| None::<Rc<str>>);
    let source = (*draft).clone().unwrap_or_else(|| stored.clone());
    let verdict = use_load((app.clone(), source.clone()), |(app, source)| judged(app, source));
    let write = Callback::from({
        let (draft, seen) = (draft.setter(), seen.clone());
        move |text: Option<Rc<str>>| {
            seen.touch();
            draft.set(text);
        }
    });
    let form = use_saving(app, &source, &seen, again);
    let asking = use_restoring(app, &draft, &seen, again);
    let dialog = asking.dialog(|()| {
        let words = Words {
            title: site.text(Text::ThemeRestoreTitle),
            text: site.text(Text::ThemeRestoreText),
            go: site.text(Text::ThemeRestore),
        };
        (words, Html::default())
    });
    let typed =
        write.reform(|event: InputEvent| Some(event.target_unchecked_into::<HtmlTextAreaElement>().value().into()));
    let download = Callback::from({
        let source = source.clone();
        move |_| browser::download("theme.css", &source)
    });
    let css = verdict.thing().and_then(|theme| theme.as_ref().as_ref()).map(|theme| theme.css.clone());
    html! {
        <>
            <FromFile is_edited={draft.is_some()} {write} />
            <form class="db-theme" id="form-theme" novalidate=true onsubmit={form.onsubmit.clone()}>
                <div class="bl-field">
                    <label class="bl-label" for={SOURCE}>{site.text(Text::ThemeSource)}</label>
                    <textarea class="bl-input db-source" id={SOURCE} name="source" dir="ltr" spellcheck="false"
                        autocapitalize="none" rows="14" ~defaultValue={stored.to_string()} oninput={typed}
                        aria-describedby="theme-findings" />
                </div>
                {verdict.show(&site, |theme| findings(&site, theme.as_ref().as_ref()))}
                <div class="db-actions">
                    {field::send(&form, site.text(Text::Save), site.text(Text::Working))}
                    <button type="button" class="db-button" id="theme-download" onclick={download}>
                        {site.text(Text::Download)}
                    </button>
                    if there.thing.is_some() {
                        <button type="button" class="db-button" id="theme-restore"
                            onclick={asking.ask.reform(|_| Some(()))}>{site.text(Text::ThemeRestore)}</button>
                    }
                </div>
            </form>
            <Preview css={css.unwrap_or_default()} />
            {dialog}
        </>
    }
}

/// Keeps what stands in the field.
#[hook]
fn use_saving(app: &AppId, source: &Rc<str>, seen: &Seen<Rc<str>>, again: &Callback<()>) -> Form {
    let site = use_site();
    let (app, source, seen, again) = (app.clone(), source.clone(), seen.clone(), again.clone());
    use_form(move |_| {
        let (site, app, source) = (site.clone(), app.clone(), source.clone());
        let (seen, again) = (seen.clone(), again.clone());
        async move {
            save(&site, &app, &seen, &source).await?;
            again.emit(());
            Ok(())
        }
    })
}

/// Asks, and takes back what is kept.
#[hook]
fn use_restoring(
    app: &AppId,
    draft: &UseStateHandle<Option<Rc<str>>>,
    seen: &Seen<Rc<str>>,
    again: &Callback<()>,
) -> Asking<()> {
    let site = use_site();
    let (app, draft, seen, again) = (app.clone(), draft.setter(), seen.clone(), again.clone());
    use_asking(move |(), _| {
        let (site, app, draft) = (site.clone(), app.clone(), draft.clone());
        let (seen, again) = (seen.clone(), again.clone());
        async move {
            let restored = api::delete(PATH, &[], About::App(&app), &seen.version()).await;
            restored.map_err(|failure| seen.refusal(&site, failure))?;
            seen.saved(Version::None, "".into());
            browser::write_into(SOURCE, "");
            draft.set(None);
            site.say.emit(site.text(Text::Saved));
            again.emit(());
            Ok(())
        }
    })
}

#[derive(PartialEq, Properties)]
struct FromFileProps {
    /// Whether there is something that a file would replace.
    is_edited: bool,
    write: Callback<Option<Rc<str>>>,
}

/// Where a file is dropped, or chosen. What was edited is replaced only by who says so.
#[component]
fn FromFile(FromFileProps { is_edited, write }: &FromFileProps) -> Html {
    let site = use_site();
    let fault = use_state(|| None::<Text>);
    let asking = use_asking({
        let write = write.clone();
        move |text: Rc<str>, _| {
            let write = write.clone();
            async move {
                put_in(&text, &write);
                Ok(())
            }
        }
    });
    let take = Callback::from({
        let (fault, ask, write, is_edited) = (fault.setter(), asking.ask.clone(), write.clone(), *is_edited);
        move |file: Option<File>| {
            let (fault, ask, write) = (fault.clone(), ask.clone(), write.clone());
            yew::platform::spawn_local(async move {
                let Some(file) = file else { return };
                match read(&file).await {
                    Err(text) => fault.set(Some(text)),
                    Ok(text) => {
                        fault.set(None);
                        if is_edited { ask.emit(Some(text)) } else { put_in(&text, &write) }
                    }
                }
            });
        }
    });
    let dialog = asking.dialog(|_| {
        let words = Words {
            title: site.text(Text::ThemeReplaceTitle),
            text: site.text(Text::ThemeReplaceText),
            go: site.text(Text::ThemeReplace),
        };
        (words, Html::default())
    });
    let onchange = take.reform(|event: Event| {
        let input = event.target_unchecked_into::<HtmlInputElement>();
        let file = input.files().and_then(|files| files.get(0));
        // So that the same file is taken once more when it has changed.
        input.set_value("");
        file
    });
    let ondrop = take.reform(|event: DragEvent| {
        event.prevent_default();
        event.data_transfer().and_then(|dropped| dropped.files()).and_then(|files| files.get(0))
    });
    let ondragover = Callback::from(|event: DragEvent| event.prevent_default());
    let fault = fault.map(|text| html! { <p class="bl-fault">{site.text(text)}</p> });
    html! {
        <>
        <div class="db-drop" id="theme-drop" {ondrop} {ondragover}>
            <label class="bl-label" for="theme-file">{site.text(Text::ThemeFile)}</label>
            <input type="file" id="theme-file" accept=".css,text/css" aria-describedby="theme-file-fault" {onchange} />
            <div id="theme-file-fault" role="alert">{fault}</div>
            <p class="bl-hint">{site.text(Text::ThemeFileHint)}</p>
        </div>
        {dialog}
        </>
    }
}

/// The stylesheet in a file, or why it is none.
async fn read(file: &File) -> Result<Rc<str>, Text> {
    #[expect(clippy::cast_precision_loss, reason = "so many bytes fit")]
    let most = MOST_BYTES as f64;
    if file.size() > most {
        return Err(Text::ThemeTooLarge);
    }
    let text = browser::text_of(file).await.ok_or(Text::ThemeFileUnreadable)?;
    // What is no text becomes these marks when it is read as one.
    if text.contains(['\0', '\u{fffd}']) { Err(Text::ThemeFileUnreadable) } else { Ok(text.into()) }
}

fn put_in(text: &Rc<str>, write: &Callback<Option<Rc<str>>>) {
    browser::write_into(SOURCE, text);
    write.emit(Some(Rc::clone(text)));
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

async fn save(site: &Site, app: &AppId, seen: &Seen<Rc<str>>, source: &Rc<str>) -> Result<(), Refusal> {
    if source.trim().is_empty() {
        return Err(Refusal::whole(site.text(Text::ThemeEmpty)));
    }
    let request = NewTheme { source: source.to_string() };
    let saved = api::put::<Theme>(PATH, About::App(app), &seen.version(), &request).await;
    let saved = saved.map_err(|failure| match failure.code() {
        Some(ProblemCode::InvalidParameter | ProblemCode::PayloadTooLarge) => {
            Refusal::whole(site.text(Text::ThemeTooLarge))
        }
        _ => seen.refusal(site, failure),
    })?;
    seen.saved(saved.version, Rc::clone(source));
    site.say.emit(site.text(Text::Saved));
    Ok(())
}
