//! The whole: who is signed in, and the page of the address.

use std::rc::Rc;

use banklink_platform::operators::OperatorSession;
use banklink_protocol::problem::ProblemCode;
use yew::{
    AttrValue, Callback, ContextProvider, Html, component, html, use_callback, use_effect_with, use_memo, use_state,
};
use yew_router::{BrowserRouter, Switch};

use crate::{
    api::{self, About},
    pages,
    route::{self, Route},
    site::{Site, Texts},
    ui::{
        load::{self, Load},
        shell::Shell,
    },
};

/// The whole.
#[component]
pub(crate) fn Dashboard() -> Html {
    let texts = use_memo((), |()| Texts::of_page());
    let said = use_state(AttrValue::default);
    let session = use_state(|| Load::<Option<OperatorSession>>::Loading);
    let tries = use_state(|| 0);
    let enter = use_callback((), {
        let session = session.setter();
        move |entered, ()| session.set(Load::There(Rc::new(entered)))
    });
    let say = use_callback((), {
        let said = said.setter();
        move |text, ()| said.set(text)
    });
    use_effect_with(*tries, {
        let session = session.setter();
        move |_| {
            session.set(Load::Loading);
            yew::platform::spawn_local(async move {
                session.set(match api::get::<OperatorSession>("session", About::Organisation).await {
                    Ok(signed_in) => Load::There(Rc::new(Some(signed_in))),
                    Err(failure) if failure.code() == Some(ProblemCode::Unauthorized) => Load::There(Rc::new(None)),
                    Err(failure) => Load::Failed(failure),
                });
            });
        }
    });
    let again = Callback::from({
        let tries = tries.clone();
        move |()| tries.set(*tries + 1)
    });
    let site = Site { texts: Rc::clone(&texts), enter, say };
    let content = match &*session {
        Load::There(session) => {
            let session = Rc::clone(session);
            html! { <Switch<Route> render={move |route| page(&route, (*session).as_ref())} /> }
        }
        Load::Loading => load::loading(&site),
        Load::Failed(failure) => load::failed(&site, failure, &again),
    };
    html! {
        <ContextProvider<Site> context={site}>
            <BrowserRouter basename={route::BASE}>{content}</BrowserRouter>
            <div class="bl-sr" role="status">{(*said).clone()}</div>
        </ContextProvider<Site>>
    }
}

/// The page of an address. Whoever is not signed in reads how to, and is then where they wanted to go.
fn page(route: &Route, session: Option<&OperatorSession>) -> Html {
    if *route == Route::Welcome {
        return html! { <pages::welcome::Welcome /> };
    }
    let Some(session) = session else { return html! { <pages::sign_in::SignIn /> } };
    html! { <Shell session={session.clone()} route={route.clone()}>{pages::of(route, &session.operator)}</Shell> }
}
