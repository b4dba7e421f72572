//! Who signs in, and who is invited to.

use banklink_platform::{
    ids::OperatorId,
    items::Items,
    operators::{CreatedInvitation, Invitation, NewInvitation, Operator},
    texts::Text,
};
use banklink_protocol::{problem::ProblemCode, secret::Secret};
use yew::{AttrValue, Callback, Html, Properties, component, html};

use crate::{
    api::{self, About, Failure, Version},
    site::{Site, use_site},
    ui::{
        confirm::{Words, use_asking},
        field::{self, Field, Kind},
        form::{Refusal, Values, use_form},
        load::use_load,
        shown_once::{self, use_once},
        title::Title,
    },
};

const EMAIL: &str = "email";

const ADDRESS: shown_once::Words = shown_once::Words {
    title: Text::InvitedTitle,
    text: Text::InvitedText,
    label: Text::InvitedLabel,
    id: "invitation",
    saved: Text::InvitedDone,
};

#[derive(PartialEq, Properties)]
pub(super) struct OperatorsProps {
    /// Who is signed in.
    pub(super) you: OperatorId,
}

/// Everybody who signs in, or could.
#[derive(PartialEq)]
struct Everybody {
    operators: Vec<Operator>,
    invitations: Vec<Invitation>,
}

async fn everybody() -> Result<Everybody, Failure> {
    let operators = api::get::<Items<Operator>>("operators", About::Organisation).await?.items;
    let invitations = api::get::<Items<Invitation>>("invitations", About::Organisation).await?.items;
    Ok(Everybody { operators, invitations })
}

/// What can be taken away.
#[derive(Clone, PartialEq)]
enum Leaving {
    Operator(Operator),
    Invitation(Invitation),
}

impl Leaving {
    /// What they are called.
    fn name(&self) -> &str {
        match self {
            Self::Operator(operator) => &operator.name,
            Self::Invitation(invitation) => &invitation.email,
        }
    }

    /// What they sign in with.
    fn email(&self) -> &str {
        match self {
            Self::Operator(operator) => &operator.email,
            Self::Invitation(invitation) => &invitation.email,
        }
    }

    fn path(&self) -> String {
        match self {
            Self::Operator(operator) => format!("operators/{}", operator.id),
            Self::Invitation(invitation) => format!("invitations/{}", invitation.id),
        }
    }

    fn words(&self, site: &Site) -> Words {
        let (title, text, go) = match self {
            Self::Operator(_) => (Text::OperatorRemove, Text::OperatorRemoveText, Text::Remove),
            Self::Invitation(_) => {
                (Text::InvitationWithdrawTitle, Text::InvitationWithdrawText, Text::InvitationWithdraw)
            }
        };
        Words { title: site.fill(title, &[("name", self.name())]), text: site.text(text), go: site.text(go) }
    }
}

/// The page.
#[component]
pub(super) fn Operators(OperatorsProps { you }: &OperatorsProps) -> Html {
    let site = use_site();
    let once = use_once();
    let list = use_load((), |()| everybody());
    let form = use_form({
        let (site, once, again) = (site.clone(), once.clone(), list.again.clone());
        move |values| {
            let (site, once, again) = (site.clone(), once.clone(), again.clone());
            async move {
                once.add(ADDRESS, invite(&site, &values).await?);
                values.clear();
                again.emit(());
                Ok(())
            }
        }
    });
    let asking = use_asking({
        let (site, again) = (site.clone(), list.again.clone());
        move |leaving: Leaving, _| {
            let (site, again) = (site.clone(), again.clone());
            async move {
                take_away(&site, &leaving).await?;
                again.emit(());
                Ok(())
            }
        }
    });
    let rows = list.show(&site, |everybody| lists(&site, everybody, you, &asking.ask));
    let dialog = asking.dialog(|leaving| {
        let more = match leaving {
            Leaving::Operator(operator) => html! { <p class="db-what">{&operator.email}</p> },
            Leaving::Invitation(_) => Html::default(),
        };
        (leaving.words(&site), more)
    });
    html! {
        <>
            <Title text={site.text(Text::OperatorsTitle)} />
            <p class="bl-text">{site.text(Text::OperatorsText)}</p>
            {once.show()}
            {rows}
            <form class="bl-form db-add db-narrow" novalidate=true onsubmit={form.onsubmit.clone()}>
                <Field name={EMAIL} label={Text::Email} kind={Kind::Email} hint={site.text(Text::InviteHint)}
                    wrong={form.wrong.clone()} />
                {field::send(&form, site.text(Text::Invite), site.text(Text::Working))}
            </form>
            {dialog}
        </>
    }
}

fn lists(site: &Site, everybody: &Everybody, you: &OperatorId, ask: &Callback<Option<Leaving>>) -> Html {
    let operator = |operator: &Operator| {
        let about =
            format!("{} · {}", operator.email, site.fill(Text::CreatedOn, &[("date", &site.day(operator.created_at))]));
        // Who removes themselves signs out for good: others do that.
        let button = (operator.id != *you).then_some(Text::Remove);
        row(site, &Leaving::Operator(operator.clone()), about.into(), button, ask)
    };
    let invitation = |invitation: &Invitation| {
        let about = site.fill(Text::InvitationUntil, &[("date", &site.day(invitation.expires_at))]);
        row(site, &Leaving::Invitation(invitation.clone()), about, Some(Text::InvitationWithdraw), ask)
    };
    html! {
        <>
            <ul class="db-rows" id="operators">{for everybody.operators.iter().map(operator)}</ul>
            if !everybody.invitations.is_empty() {
                <h2 class="db-subtitle">{site.text(Text::InvitationsTitle)}</h2>
                <ul class="db-rows" id="invitations">{for everybody.invitations.iter().map(invitation)}</ul>
            }
        </>
    }
}

fn row(
    site: &Site,
    leaving: &Leaving,
    about: AttrValue,
    button: Option<Text>,
    ask: &Callback<Option<Leaving>>,
) -> Html {
    let name = leaving.name().to_owned();
    let button = button.map(|text| {
        let label = format!("{} {}", site.text(text), leaving.email());
        let onclick = ask.reform({
            let leaving = leaving.clone();
            move |_| Some(leaving.clone())
        });
        html! { <button type="button" class="db-button" aria-label={label} {onclick}>{site.text(text)}</button> }
    });
    html! {
        <li class="db-row" key={leaving.path()}>
            <div><strong><bdi>{name}</bdi></strong><p class="bl-hint">{about}</p></div>
            {button.unwrap_or_else(|| html! { <span class="bl-hint">{site.text(Text::OperatorYou)}</span> })}
        </li>
    }
}

/// Invites somebody, and returns the address that is passed on.
async fn invite(site: &Site, values: &Values) -> Result<Secret, Refusal> {
    let email = values.text(EMAIL);
    let wrong = || Refusal::of(EMAIL, site.text(Text::EmailWrong));
    if !email.contains('@') {
        return Err(wrong());
    }
    let request = NewInvitation { email };
    let created = api::create::<CreatedInvitation>("invitations", About::Organisation, &request, &values.key).await;
    match created {
        Ok(created) => Ok(created.url.clone()),
        Err(failure) => Err(match (failure.code(), failure.parameter()) {
            (Some(ProblemCode::InvalidParameter), Some(EMAIL)) => wrong(),
            (Some(ProblemCode::Conflict), _) => Refusal::of(EMAIL, site.text(Text::InviteTaken)),
            _ => failure.into(),
        }),
    }
}

async fn take_away(site: &Site, leaving: &Leaving) -> Result<(), Refusal> {
    api::delete(&leaving.path(), &[], About::Organisation, &Version::Any).await?;
    site.say.emit(site.fill(Text::Removed, &[("what", leaving.name())]));
    Ok(())
}
