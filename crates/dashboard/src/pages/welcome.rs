//! Becoming an operator: the first of all, one who is invited, or one who lost their password.

use banklink_platform::{
    operators::{Acceptance, Guest, InvitationToken, OperatorSession, PASSWORD_MIN, Welcome as Invitation},
    texts::Text,
};
use banklink_protocol::{problem::ProblemCode, secret::Secret};
use yew::{AttrValue, Html, Properties, component, html};
use yew_router::hooks::{use_location, use_navigator};

use crate::{
    api::{self, About, Failure},
    presence::Move,
    route::Route,
    site::{Site, use_site},
    ui::{
        field::{self, Field, Kind},
        form::{Refusal, Values, use_form},
        load::use_load,
        shell::Door,
        title::Title,
    },
};

const ORGANISATION: &str = "organisation";
const NAME: &str = "name";
const EMAIL: &str = "email";
const PASSWORD: &str = "password";

/// The page.
#[component]
pub(crate) fn Welcome() -> Html {
    let site = use_site();
    let fragment = use_location().map(|location| location.hash().trim_start_matches('#').to_owned());
    let token = Token(Secret::new(fragment.unwrap_or_default()));
    let invitation = use_load(token.clone(), |Token(token)| read(token));
    let content = invitation.show(&site, |invitation| match &**invitation {
        Some(invitation) => html! { <Accept invitation={invitation.clone()} token={token.clone()} /> },
        None => html! {
            <>
                <Title text={site.text(Text::InvitationOverTitle)} />
                <p class="bl-text">{site.text(Text::InvitationOverText)}</p>
            </>
        },
    });
    html! { <Door>{content}</Door> }
}

/// The invitation, if it can still be accepted.
async fn read(token: Secret) -> Result<Option<Invitation>, Failure> {
    match api::post("invitations/read", About::Organisation, &InvitationToken { token }).await {
        Ok(invitation) => Ok(Some(invitation)),
        Err(failure) if failure.code() == Some(ProblemCode::TokenInvalid) => Ok(None),
        Err(failure) => Err(failure),
    }
}

#[derive(Clone, PartialEq)]
struct Token(Secret);

#[derive(PartialEq, Properties)]
struct AcceptProps {
    invitation: Invitation,
    token: Token,
}

#[component]
fn Accept(AcceptProps { invitation, token }: &AcceptProps) -> Html {
    let (site, navigator) = (use_site(), use_navigator());
    let form = use_form({
        let (site, invitation, token) = (site.clone(), invitation.clone(), token.clone());
        move |values| {
            let accepted = accept(site.clone(), invitation.clone(), token.0.clone(), values);
            let (site, navigator) = (site.clone(), navigator.clone());
            async move {
                let session = accepted.await?;
                if let Some(navigator) = navigator {
                    navigator.replace(&Route::Apps);
                }
                site.happen.emit(Move::Enters(session));
                Ok(())
            }
        }
    });
    let Invitation { guest, email, organisation, .. } = invitation.clone();
    let called = organisation.clone().unwrap_or_else(|| "banklink".to_owned());
    let (title, text, button) = match guest {
        Guest::First => (Text::WelcomeFirstTitle, site.text(Text::WelcomeFirstText), Text::WelcomeFirstButton),
        Guest::New => {
            (Text::WelcomeNewTitle, site.fill(Text::WelcomeNewText, &[("organisation", &called)]), Text::WelcomeButton)
        }
        Guest::Recovering => {
            (Text::WelcomeRecoveringTitle, site.text(Text::WelcomeRecoveringText), Text::WelcomeButton)
        }
    };
    let wrong = || form.wrong.clone();
    html! {
        <>
            <Title text={site.text(title)} />
            <p class="bl-text">{text}</p>
            <form class="bl-form" id="form-welcome" novalidate=true onsubmit={form.onsubmit.clone()}>
                if guest == Guest::First && organisation.is_none() {
                    <Field name={ORGANISATION} label={Text::Organisation} kind={Kind::Text}
                        hint={site.text(Text::OrganisationHint)} autocomplete="organization" wrong={wrong()} />
                }
                if guest != Guest::Recovering {
                    <Field name={NAME} label={Text::YourName} kind={Kind::Text} autocomplete="name"
                        wrong={wrong()} />
                }
                <Field name={EMAIL} label={Text::Email} kind={Kind::Email} autocomplete="username"
                    fixed={email.map(AttrValue::from)} wrong={wrong()} />
                <Field name={PASSWORD} label={Text::NewPassword} kind={Kind::Password} autocomplete="new-password"
                    hint={counted(&site, Text::PasswordHint)} wrong={wrong()} />
                {field::send(&form, site.text(button), site.text(Text::Working))}
            </form>
        </>
    }
}

fn counted(site: &Site, text: Text) -> AttrValue {
    site.fill(text, &[("count", &PASSWORD_MIN.to_string())])
}

async fn accept(site: Site, invitation: Invitation, token: Secret, values: Values) -> Result<OperatorSession, Refusal> {
    let is_new = invitation.guest != Guest::Recovering;
    let chooses_email = invitation.email.is_none();
    let (name, email, password) = (values.some(NAME), values.some(EMAIL), Secret::new(values.exact(PASSWORD)));
    let organisation = values.some(ORGANISATION);
    if invitation.guest == Guest::First && invitation.organisation.is_none() && organisation.is_none() {
        return Err(Refusal::of(ORGANISATION, site.text(Text::NameWrong)));
    }
    if is_new && name.is_none() {
        return Err(Refusal::of(NAME, site.text(Text::NameWrong)));
    }
    if !email.as_ref().is_some_and(|email| email.contains('@')) {
        return Err(Refusal::of(EMAIL, site.text(Text::EmailWrong)));
    }
    if password.expose().chars().count() < PASSWORD_MIN {
        return Err(Refusal::of(PASSWORD, counted(&site, Text::PasswordShort)));
    }
    let acceptance = Acceptance { token, password, email: email.filter(|_| chooses_email), name, organisation };
    let accepted = api::post("invitations/accept", About::Organisation, &acceptance).await;
    accepted.map_err(|failure| refusal(&site, failure))
}

fn refusal(site: &Site, failure: Failure) -> Refusal {
    match (failure.code(), failure.parameter()) {
        (Some(ProblemCode::InvalidParameter), Some(PASSWORD)) => Refusal::of(PASSWORD, site.text(Text::PasswordWeak)),
        (Some(ProblemCode::InvalidParameter), Some(EMAIL)) => Refusal::of(EMAIL, site.text(Text::EmailWrong)),
        (Some(ProblemCode::InvalidParameter), Some(NAME)) => Refusal::of(NAME, site.text(Text::NameWrong)),
        (Some(ProblemCode::InvalidParameter), Some(ORGANISATION)) => {
            Refusal::of(ORGANISATION, site.text(Text::NameWrong))
        }
        (Some(ProblemCode::Conflict), _) => Refusal::of(EMAIL, site.text(Text::WelcomeTaken)),
        (Some(ProblemCode::TokenInvalid), _) => Refusal::whole(site.text(Text::InvitationOverText)),
        _ => failure.into(),
    }
}
