//! The whole: who is there, and the page of the address.

use std::rc::Rc;

use banklink_platform::operators::OperatorSession;
use banklink_protocol::problem::ProblemCode;
use yew::{
    AttrValue, Callback, ContextProvider, Html, component, html, use_callback, use_effect_with, use_memo, use_reducer,
    use_state,
};
use yew_router::{BrowserRouter, Switch};

use crate::{
    api::{self, About},
    pages,
    presence::{Move, Presence},
    route::{self, Route},
    site::{Site, Texts},
    ui::{load, shell::Shell},
};

/// The whole.
#[component]
pub(crate) fn Dashboard() -> Html {
    let texts = use_memo((), |()| Texts::of_page());
    let said = use_state(AttrValue::default);
    let presence = use_reducer(|| Presence::Asking);
    let happen = use_callback((), {
        let presence = presence.dispatcher();
        move |happened, ()| presence.dispatch(happened)
    });
    let say = use_callback((), {
        let said = said.setter();
        move |text, ()| said.set(text)
    });
    use_effect_with(*presence == Presence::Asking, {
        let happen = happen.clone();
        move |is_asking| {
            if *is_asking {
                yew::platform::spawn_local(async move { happen.emit(who_is_there().await) });
            }
        }
    });
    let is_away = matches!(*presence, Presence::Away(_));
    let site = Site { texts: Rc::clone(&texts), happen: happen.clone(), is_away, say };
    let content = match &*presence {
        Presence::Asking => load::loading(&site),
        Presence::Unknown(failure) => load::failed(&site, failure, &Callback::from(move |()| happen.emit(Move::Asks))),
        Presence::Nobody | Presence::There(_) | Presence::Away(_) => {
            let presence = (*presence).clone();
            html! { <Switch<Route> render={move |route| page(&route, &presence)} /> }
        }
    };
    html! {
        <ContextProvider<Site> context={site}>
            <BrowserRouter basename={route::BASE}>{content}</BrowserRouter>
            <div class="bl-sr" role="status">{(*said).clone()}</div>
        </ContextProvider<Site>>
    }
}

async fn who_is_there() -> Move {
    match api::get::<OperatorSession>("session", About::Organisation).await {
        Ok(session) => Move::Enters(session),
        Err(failure) if failure.code() == Some(ProblemCode::Unauthorized) => Move::Leaves,
        Err(failure) => Move::Fails(failure),
    }
}

/// The page of an address. Whoever is not signed in reads how to, and is then where they wanted to go; whose session
/// ended signs in above what they were at.
fn page(route: &Route, presence: &Presence) -> Html {
    if *route == Route::Welcome {
        return html! { <pages::welcome::Welcome /> };
    }
    let (session, is_away) = match presence {
        Presence::There(session) => (session, false),
        Presence::Away(session) => (session, true),
        Presence::Asking | Presence::Unknown(_) | Presence::Nobody => return html! { <pages::sign_in::SignIn /> },
    };
    html! {
        <>
            <Shell session={(**session).clone()} route={route.clone()}>{pages::of(route, &session.operator)}</Shell>
            if is_away { <pages::sign_in::SignInAgain email={session.operator.email.clone()} /> }
        </>
    }
}
