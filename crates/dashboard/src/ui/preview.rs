//! The widget's screens, drawn by the widget's own views, with a stylesheet that is tried.

use banklink_platform::{previews::SCREENS, texts::Text};
use web_sys::{HtmlIFrameElement, HtmlSelectElement};
use yew::{
    AttrValue, Callback, Event, Html, Properties, TargetCast as _, component, html, use_effect_with, use_node_ref,
    use_state,
};

use crate::{browser, site::use_site};

/// What the screens are called, in the order of [`SCREENS`].
const CALLED: [Text; SCREENS.len()] = [
    Text::ScreenInstitutions,
    Text::ScreenConsent,
    Text::ScreenCredentials,
    Text::ScreenCredentialsWrong,
    Text::ScreenReauthorise,
    Text::ScreenCode,
    Text::ScreenCodeWrong,
    Text::ScreenQuestions,
    Text::ScreenMethod,
    Text::ScreenCoordinates,
    Text::ScreenPicture,
    Text::ScreenPictureChoice,
    Text::ScreenQr,
    Text::ScreenApproval,
    Text::ScreenBankPage,
    Text::ScreenAccounts,
    Text::ScreenFailed,
    Text::ScreenSuccess,
    Text::ScreenLeft,
    Text::ScreenLeaving,
    Text::ScreenLoading,
    Text::ScreenOffline,
    Text::ScreenEndsSoon,
    Text::ScreenSessionExpired,
    Text::ScreenTokenInvalid,
];

#[derive(PartialEq, Properties)]
pub(crate) struct PreviewProps {
    /// What is tried, as it would be served.
    pub(crate) css: AttrValue,
}

/// A screen, and which one.
#[component]
pub(crate) fn Preview(PreviewProps { css }: &PreviewProps) -> Html {
    let site = use_site();
    let frame = use_node_ref();
    let screen = use_state(|| 0_usize);
    let dress = Callback::from({
        let (frame, css) = (frame.clone(), css.clone());
        move |()| {
            if let Some(frame) = frame.cast::<HtmlIFrameElement>() {
                browser::dress(&frame, &css);
            }
        }
    });
    use_effect_with(css.clone(), {
        let dress = dress.clone();
        move |_| dress.emit(())
    });
    let choose = Callback::from({
        let screen = screen.setter();
        move |event: Event| {
            let chosen = event.target_unchecked_into::<HtmlSelectElement>().selected_index();
            screen.set(usize::try_from(chosen).unwrap_or(0));
        }
    });
    let shown = SCREENS.get(*screen).copied().unwrap_or(SCREENS[0]);
    let option = |(at, text): (usize, &Text)| html! { <option value={SCREENS[at]} ~defaultSelected={at == 0}>{site.text(*text)}</option> };
    html! {
        <section class="db-preview" aria-labelledby="preview-title">
            <h2 class="db-subtitle" id="preview-title">{site.text(Text::PreviewTitle)}</h2>
            <div class="bl-field">
                <label class="bl-label" for="preview-screen">{site.text(Text::PreviewScreen)}</label>
                <select class="db-select" id="preview-screen" onchange={choose}>{for CALLED.iter().enumerate().map(option)}</select>
            </div>
            // Each screen has a frame of its own: one that went from screen to screen would fill the history.
            <iframe key={shown} class="db-frame" id="preview" ref={frame} src={format!("/dashboard/preview/{shown}")}
                title={site.text(Text::PreviewTitle)} onload={dress.reform(|_: Event| ())}></iframe>
        </section>
    }
}
