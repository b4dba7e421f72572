//! Signing in.

use banklink_platform::{
    operators::{OperatorSession, SignIn as Request},
    texts::Text,
};
use banklink_protocol::{problem::ProblemCode, secret::Secret};
use yew::{Html, component, html};

use crate::{
    api::{self, About, Failure},
    site::{Site, use_site},
    ui::{
        field::{self, Field, Kind},
        form::{Refusal, Values, use_form},
        shell::Door,
        title::Title,
    },
};

const EMAIL: &str = "email";
const PASSWORD: &str = "password";

/// The page.
#[component]
pub(crate) fn SignIn() -> Html {
    let site = use_site();
    let form = use_form({
        let site = site.clone();
        move |values| sign_in(site.clone(), values)
    });
    html! {
        <Door>
            <Title text={site.text(Text::SignInTitle)} />
            <p class="bl-text">{site.text(Text::SignInText)}</p>
            <form class="bl-form" id="form-sign-in" novalidate=true onsubmit={form.onsubmit.clone()}>
                <Field name={EMAIL} label={Text::Email} kind={Kind::Email} autocomplete="username"
                    wrong={form.wrong.clone()} />
                <Field name={PASSWORD} label={Text::Password} kind={Kind::Password} autocomplete="current-password"
                    wrong={form.wrong.clone()} />
                {field::send(&form, site.text(Text::SignInTitle), site.text(Text::Working))}
            </form>
            <p class="bl-hint">{site.text(Text::SignInForgotten)}<br />
                <code dir="ltr">{"banklink operator recover EMAIL"}</code></p>
        </Door>
    }
}

async fn sign_in(site: Site, values: Values) -> Result<(), Refusal> {
    let (email, password) = (values.text(EMAIL), Secret::new(values.exact(PASSWORD)));
    if !email.contains('@') {
        return Err(Refusal::of(EMAIL, site.text(Text::EmailWrong)));
    }
    if password.is_empty() {
        return Err(Refusal::of(PASSWORD, site.text(Text::PasswordMissing)));
    }
    let entered = api::post::<OperatorSession>("session", About::Organisation, &Request { email, password }).await;
    match entered {
        Ok(session) => {
            site.enter.emit(Some(session));
            Ok(())
        }
        Err(failure) => Err(refusal(&site, failure)),
    }
}

fn refusal(site: &Site, failure: Failure) -> Refusal {
    match failure.code() {
        Some(ProblemCode::Unauthorized) => Refusal::of(PASSWORD, site.text(Text::SignInWrong)),
        Some(ProblemCode::InvalidParameter) => Refusal::of(EMAIL, site.text(Text::EmailWrong)),
        _ => failure.into(),
    }
}
