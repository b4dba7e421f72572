//! Signing in.

use banklink_platform::{
    operators::{OperatorSession, SignIn as Request},
    texts::Text,
};
use banklink_protocol::{problem::ProblemCode, secret::Secret};
use yew::{AttrValue, Callback, Html, Properties, component, html};

use crate::{
    api::{self, About},
    presence::Move,
    site::{Site, use_site},
    ui::{
        dialog::Dialog,
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
        move |values: Values| {
            let site = site.clone();
            async move { sign_in(&site, values.text(EMAIL), &values, [EMAIL, PASSWORD]).await }
        }
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
            {forgotten(&site)}
        </Door>
    }
}

fn forgotten(site: &Site) -> Html {
    html! {
        <p class="bl-hint">{site.text(Text::SignInForgotten)}<br />
            <code dir="ltr">{"banklink operator recover EMAIL"}</code></p>
    }
}

// Not those of the fields that may be behind.
const EMAIL_AGAIN: &str = "again_email";
const PASSWORD_AGAIN: &str = "again_password";

#[derive(PartialEq, Properties)]
pub(crate) struct SignInAgainProps {
    /// Who was there.
    pub(crate) email: AttrValue,
}

/// Above what somebody was at when their session ended: they go on there once they are back.
#[component]
pub(crate) fn SignInAgain(SignInAgainProps { email }: &SignInAgainProps) -> Html {
    let site = use_site();
    let form = use_form({
        let (site, email) = (site.clone(), email.clone());
        move |values: Values| {
            let (site, email) = (site.clone(), email.to_string());
            async move { sign_in(&site, email, &values, [PASSWORD_AGAIN, PASSWORD_AGAIN]).await }
        }
    });
    let leave = Callback::from({
        let happen = site.happen.clone();
        move |_| happen.emit(Move::Leaves)
    });
    html! {
        // Esc does not throw away what is behind.
        <Dialog id="sign-in-again" title={site.text(Text::SignInAgainTitle)} focus="#again_password"
            close={Callback::noop()}>
            <form class="bl-form" id="form-sign-in-again" novalidate=true onsubmit={form.onsubmit.clone()}>
                <p class="bl-text">{site.text(Text::SignInAgainText)}</p>
                <Field name={EMAIL_AGAIN} label={Text::Email} kind={Kind::Email} autocomplete="username"
                    fixed={email.clone()} wrong={None} />
                <Field name={PASSWORD_AGAIN} label={Text::Password} kind={Kind::Password}
                    autocomplete="current-password" wrong={form.wrong.clone()} />
                <div class="db-buttons">
                    <button type="button" class="bl-button bl-button-second db-short" onclick={leave}>
                        {site.text(Text::SignOut)}
                    </button>
                    {field::send(&form, site.text(Text::SignInTitle), site.text(Text::Working))}
                </div>
            </form>
        </Dialog>
    }
}

/// Signs in with the password of the form. What is wrong is said at the fields of the address and of the password.
async fn sign_in(site: &Site, email: String, values: &Values, fields: [&'static str; 2]) -> Result<(), Refusal> {
    let [email_field, password_field] = fields;
    let password = Secret::new(values.exact(password_field));
    let wrong_email = || Refusal::of(email_field, site.text(Text::EmailWrong));
    if !email.contains('@') {
        return Err(wrong_email());
    }
    if password.is_empty() {
        return Err(Refusal::of(password_field, site.text(Text::PasswordMissing)));
    }
    match api::post::<OperatorSession>("session", About::Organisation, &Request { email, password }).await {
        Ok(session) => {
            site.happen.emit(Move::Enters(session));
            Ok(())
        }
        Err(failure) => Err(match failure.code() {
            Some(ProblemCode::Unauthorized) => Refusal::of(password_field, site.text(Text::SignInWrong)),
            Some(ProblemCode::InvalidParameter) => wrong_email(),
            _ => failure.into(),
        }),
    }
}
