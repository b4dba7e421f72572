//! Who is signed in: changing one's own password.

use banklink_platform::{
    operators::{Operator, PASSWORD_MIN, PasswordChange},
    texts::Text,
};
use banklink_protocol::{problem::ProblemCode, secret::Secret};
use yew::{Html, Properties, component, html};

use crate::{
    api::{self, About, Failure},
    site::{Site, use_site},
    ui::{
        field::{self, Field, Kind},
        form::{Refusal, Values, use_form},
        title::Title,
    },
};

const PASSWORD: &str = "password";
const NEW_PASSWORD: &str = "new_password";

#[derive(PartialEq, Properties)]
pub(super) struct YouProps {
    pub(super) you: Operator,
}

/// The page.
#[component]
pub(super) fn You(YouProps { you }: &YouProps) -> Html {
    let site = use_site();
    let form = use_form({
        let site = site.clone();
        move |values: Values| {
            let site = site.clone();
            async move {
                change(&site, &values).await?;
                values.clear();
                site.say.emit(site.text(Text::PasswordChanged));
                Ok(())
            }
        }
    });
    let hint = site.fill(Text::PasswordHint, &[("count", &PASSWORD_MIN.to_string())]);
    html! {
        <div class="db-narrow">
            <Title text={you.name.clone()} />
            <h2 class="db-subtitle">{site.text(Text::PasswordChange)}</h2>
            <p class="bl-text">{site.text(Text::PasswordChangeText)}</p>
            <form class="bl-form" id="form-password" novalidate=true onsubmit={form.onsubmit.clone()}>
                <Field name="email" label={Text::Email} kind={Kind::Email} autocomplete="username"
                    fixed={you.email.clone()} wrong={form.wrong.clone()} />
                <Field name={PASSWORD} label={Text::PasswordNow} kind={Kind::Password} autocomplete="current-password"
                    wrong={form.wrong.clone()} />
                <Field name={NEW_PASSWORD} label={Text::PasswordNew} kind={Kind::Password} autocomplete="new-password"
                    {hint} wrong={form.wrong.clone()} />
                {field::send(&form, site.text(Text::PasswordChange), site.text(Text::Working))}
            </form>
            if form.sent > 0 && form.wrong.is_none() { <p class="db-done">{site.text(Text::PasswordChanged)}</p> }
        </div>
    }
}

async fn change(site: &Site, values: &Values) -> Result<(), Refusal> {
    let (password, new_password) = (Secret::new(values.exact(PASSWORD)), Secret::new(values.exact(NEW_PASSWORD)));
    if password.is_empty() {
        return Err(Refusal::of(PASSWORD, site.text(Text::PasswordMissing)));
    }
    if new_password.expose().chars().count() < PASSWORD_MIN {
        let text = site.fill(Text::PasswordShort, &[("count", &PASSWORD_MIN.to_string())]);
        return Err(Refusal::of(NEW_PASSWORD, text));
    }
    let changed =
        api::replace("session/password", About::Organisation, &PasswordChange { password, new_password }).await;
    changed.map_err(|failure| refusal(site, failure))
}

fn refusal(site: &Site, failure: Failure) -> Refusal {
    match (failure.code(), failure.parameter()) {
        (Some(ProblemCode::InvalidParameter), Some(PASSWORD)) => {
            Refusal::of(PASSWORD, site.text(Text::PasswordNotYours))
        }
        (Some(ProblemCode::InvalidParameter), Some(NEW_PASSWORD)) => {
            Refusal::of(NEW_PASSWORD, site.text(Text::PasswordWeak))
        }
        _ => failure.into(),
    }
}
