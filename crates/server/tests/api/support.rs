//! A server of one's own for each test, with a clock that the test moves.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use banklink_connectors::{ConnectorKind, Connectors, sandbox::Sandbox};
use banklink_domain::{
    activity::Actor,
    app::{App, AppMode, AppSettings, RedirectUri},
    client_secret::ClientSecret,
    ids::{AppId, ClientId, ClientSecretId},
    origin,
    session::Outcome,
    text::AppName,
    token::{TokenHash, TokenKind},
};
use banklink_protocol::boot::Boot;
use banklink_server::{
    assets::Assets,
    clock::Clock,
    limits::Limits,
    locale::Locales,
    random, router, sandbox,
    seal::{SealKey, Sealer},
    setup,
    state::{AppState, Parts},
};
use banklink_store::{NewApp, Store};
use html_escape::decode_html_entities;
use jiff::{SignedDuration, Timestamp};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt;

use crate::described::assert_described;

pub(crate) const REDIRECT: &str = "https://app.example/back";

/// Every operator's.
pub(crate) const PASSWORD: &str = "correct horse battery";

const DATABASE: &str = "test.db";

/// A server.
pub(crate) struct World {
    pub(crate) state: AppState,
    pub(crate) clock: Clock,
    pub(crate) app: App,
    pub(crate) secret: String,
    router: Router,
    sealer: Sealer,
    folder: Arc<TempDir>,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON: {}", self.text))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The body of a success.
    pub(crate) fn ok(&self) -> Value {
        assert!(self.status.is_success(), "{} {}", self.status, self.text);
        self.json()
    }

    /// What a page carries for the widget.
    pub(crate) fn boot(&self) -> Boot {
        let (_, from) = self.text.split_once("<template id=\"bl-boot\">").unwrap();
        let (boot, _) = from.split_once('<').unwrap();
        // As the page's script reads it: a character is a byte, perhaps 256 too high.
        let boot = decode_html_entities(boot);
        let bytes: Vec<u8> = boot.chars().map(|character| u32::from(character).to_le_bytes()[0]).collect();
        postcard::from_bytes(&bytes).unwrap()
    }

    /// The code of a problem, whose shape is checked.
    pub(crate) fn problem(&self) -> String {
        let problem = self.json();
        assert_eq!(self.header("content-type"), "application/problem+json", "{problem}");
        assert_eq!(problem["status"], self.status.as_u16(), "{problem}");
        for field in ["type", "title", "detail", "request_id"] {
            assert!(problem[field].as_str().is_some_and(|text| !text.is_empty()), "{field} in {problem}");
        }
        assert_eq!(self.header("x-request-id"), problem["request_id"].as_str().unwrap());
        problem["code"].as_str().unwrap().to_owned()
    }
}

impl World {
    /// A sandbox app that may be opened without a token.
    pub(crate) async fn new() -> Self {
        Self::with(AppMode::Sandbox, AppSettings { force_authorize_token: false, ..AppSettings::default() }).await
    }

    pub(crate) async fn with(mode: AppMode, settings: AppSettings) -> Self {
        let connectors = Connectors::default().with(ConnectorKind::Sandbox, Arc::new(Sandbox));
        Self::with_connectors(mode, settings, connectors).await
    }

    /// The same, with whatever talks to institutions.
    pub(crate) async fn with_connectors(mode: AppMode, settings: AppSettings, connectors: Connectors) -> Self {
        let folder = TempDir::new().unwrap();
        let store =
            setup::open_store(&folder.path().join(DATABASE), banklink_store::Durability::Ephemeral).await.unwrap();
        setup::built_in_institutions(&store).await.unwrap();
        let start: Timestamp = "2026-03-02T10:00:00Z".parse().unwrap();
        let secret = TokenKind::ClientSecret.mint(random::bytes());
        let app = App {
            id: AppId::new(start, random::bytes()),
            name: AppName::parse("Pocket").unwrap(),
            mode,
            client_id: ClientId::new(random::bytes()),
            data_key: TokenHash::of_text("data key"),
            settings,
            created_at: start,
        };
        let new = NewApp {
            secret: Some(ClientSecret::new(
                ClientSecretId::new(start, random::bytes()),
                app.id,
                TokenHash::of(&secret),
                start,
            )),
            redirect_uris: vec![RedirectUri::parse(REDIRECT).unwrap()],
            origins: vec![origin::parse("https://app.example", mode).unwrap()],
            app: app.clone(),
        };
        store.apps().create(&new, Actor::CommandLine).await.unwrap();
        if mode == AppMode::Sandbox {
            let host = "http://localhost:8081".parse().unwrap();
            sandbox::seed(&store, &host, None, start).await.unwrap();
        }
        let (clock, sealer) = (Clock::fixed(start), Sealer::new(&SealKey::generate()));
        let state = state(store, connectors, sealer.clone(), clock.clone()).await;
        let (router, folder) = (router::router(state.clone()), Arc::new(folder));
        Self { state, clock, app, secret: secret.expose().to_owned(), router, sealer, folder }
    }

    /// The server stopped, and started again on the same database.
    pub(crate) async fn restarted(&self) -> Self {
        self.state.store.close().await.unwrap();
        let file = self.folder.path().join(DATABASE);
        let store = setup::open_store(&file, banklink_store::Durability::Ephemeral).await.unwrap();
        let connectors = self.state.connectors.clone();
        let state = state(store, connectors, self.sealer.clone(), self.clock.clone()).await;
        self.over(state)
    }

    /// The same, seen through another server.
    fn over(&self, state: AppState) -> Self {
        Self {
            router: router::router(state.clone()),
            state,
            clock: self.clock.clone(),
            app: self.app.clone(),
            secret: self.secret.clone(),
            sealer: self.sealer.clone(),
            folder: Arc::clone(&self.folder),
        }
    }

    pub(crate) fn pass(&self, minutes: i64) {
        self.clock.set(self.clock.now() + SignedDuration::from_mins(minutes));
    }

    pub(crate) fn pass_seconds(&self, seconds: i64) {
        self.clock.set(self.clock.now() + SignedDuration::from_secs(seconds));
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, 4 << 20).await.unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let answer = Answer { status: parts.status, headers: parts.headers, text };
        if path.starts_with("/platform/v1/") {
            assert_described(&method, &path, &answer);
        }
        answer
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn call(&self, method: Method, path: &str, bearer: &str, body: Option<Value>) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        if !bearer.is_empty() {
            request = request.header(header::AUTHORIZATION, format!("Bearer {bearer}"));
        }
        let body = match body {
            Some(body) => {
                request = request.header(header::CONTENT_TYPE, "application/json");
                Body::from(body.to_string())
            }
            None => Body::empty(),
        };
        self.send(request.body(body).unwrap()).await
    }

    /// A call of the app's own server.
    pub(crate) async fn platform(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        self.call(method, path, &self.secret, body).await
    }

    /// A fresh authorize token with parameters bound to it.
    pub(crate) async fn token(&self, parameters: &[(&str, &str)]) -> String {
        let parameters: BTreeMap<_, _> = parameters.iter().copied().collect();
        let body = json!({ "parameters": parameters });
        let reply = self.platform(Method::POST, "/platform/v1/authorize_tokens", Some(body)).await;
        reply.ok()["token"].as_str().unwrap().to_owned()
    }

    /// Opens a session, in a tab with this key or in a new one.
    pub(crate) async fn open(&self, path: &str, query: &str, key: Option<&str>) -> Answer {
        self.open_with(path, query, key, json!({})).await
    }

    /// The same, with more in the request.
    pub(crate) async fn open_with(&self, path: &str, query: &str, key: Option<&str>, more: Value) -> Answer {
        let key = key.map_or_else(new_key, str::to_owned);
        let mut body = json!({ "path": path, "query": query, "session_key": key });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.call(Method::POST, "/link/api/1/open", "", Some(body)).await
    }

    /// How many sessions ended in each outcome, and how many are on the way.
    pub(crate) async fn outcomes(&self) -> Vec<(Option<Outcome>, u64)> {
        self.state.store.sessions().count_by_outcome().await.unwrap()
    }

    /// How many link codes wait to be exchanged: one for each session that linked.
    pub(crate) async fn unused_codes(&self) -> usize {
        let codes = self.platform(Method::GET, "/platform/v1/link_codes", None).await.ok();
        codes["items"].as_array().unwrap().len()
    }

    /// Somebody opens a session in a new tab.
    pub(crate) async fn enters(&self, path: &str, query: &str) -> Person<'_> {
        let key = new_key();
        let opened = self.open(path, query, Some(&key)).await.ok();
        Person { world: self, key, state: opened["state"].clone() }
    }

    /// The same server at another address.
    pub(crate) async fn at(&self, public_url: &str) -> Self {
        let (store, connectors) = (self.state.store.clone(), self.state.connectors.clone());
        let (sealer, clock) = (self.sealer.clone(), self.clock.clone());
        self.over(state_at(store, connectors, sealer, clock, public_url).await)
    }

    /// What a page of the dashboard asks, in a browser that holds this.
    pub(crate) async fn ask_from_dashboard(
        &self,
        cookie: &str,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Answer {
        self.browser_with(cookie).ask(method, path, body).await
    }

    /// The first operator, Ana of Caisse, signed in.
    pub(crate) async fn operator(&self) -> Signed<'_> {
        let (store, url) = (&self.state.store, &self.state.public_url);
        let url = setup::first_operator(store, url, self.clock.now()).await.unwrap().unwrap();
        let token = url.expose().split_once('#').unwrap().1;
        let body = json!({ "token": token, "password": PASSWORD, "email": "ana@caisse.example", "name": "Ana",
            "organisation": "Caisse" });
        self.holding(&self.ask_from_dashboard("", Method::POST, "/platform/v1/invitations/accept", Some(body)).await)
    }

    /// The same person, in another browser.
    pub(crate) async fn signs_in(&self) -> Signed<'_> {
        let body = json!({ "email": "ana@caisse.example", "password": PASSWORD });
        self.holding(&self.ask_from_dashboard("", Method::POST, "/platform/v1/session", Some(body)).await)
    }

    /// Somebody whose browser holds these cookies.
    pub(crate) fn browser_with(&self, cookies: &str) -> Signed<'_> {
        Signed { world: self, cookie: cookies.to_owned(), app: None }
    }

    /// Somebody who is signed in with this.
    pub(crate) fn with_session(&self, session: &str) -> Signed<'_> {
        self.browser_with(&format!("banklink-operator={session}"))
    }

    /// Somebody whose browser got this answer.
    pub(crate) fn holding(&self, answer: &Answer) -> Signed<'_> {
        answer.ok();
        let (cookie, _) = answer.header("set-cookie").split_once(';').unwrap();
        self.browser_with(cookie)
    }

    /// A link of the app's.
    pub(crate) async fn link(&self) -> Value {
        let body = json!({ "name": "production", "redirect_uri": REDIRECT });
        self.platform(Method::POST, "/platform/v1/links", Some(body)).await.ok()
    }

    /// Registers another redirect URI.
    pub(crate) async fn may_lead_to(&self, uri: &str) {
        let body = json!({ "uri": uri });
        self.platform(Method::POST, "/platform/v1/app/redirect_uris", Some(body)).await.ok();
    }

    /// Somebody who linked the test bank; their connection's address.
    pub(crate) async fn connection(&self, username: &str, query: &str) -> String {
        let mut person = self.person(&format!("bank=testbank&{query}")).await;
        person.signs_in(username, "anything").await;
        format!("/platform/v1/connections/{}", person.sees().1["login_id"].as_str().unwrap())
    }

    /// Does to the database what no program of ours does.
    pub(crate) async fn sql(&self, statement: &str) {
        let file = format!("sqlite:{}", self.folder.path().join(DATABASE).display());
        let database = sea_orm::Database::connect(file).await.unwrap();
        database.execute_unprepared(statement).await.unwrap();
        database.close().await.unwrap();
    }

    /// A session on a fresh token, beyond the consent.
    pub(crate) async fn person(&self, query: &str) -> Person<'_> {
        let token = self.token(&[]).await;
        self.enters("/v2/", &format!("authorizeToken={token}&consentEnable=false&{query}")).await
    }
}

async fn state(store: Store, connectors: Connectors, sealer: Sealer, clock: Clock) -> AppState {
    state_at(store, connectors, sealer, clock, "http://127.0.0.1:8080").await
}

async fn state_at(store: Store, connectors: Connectors, sealer: Sealer, clock: Clock, public_url: &str) -> AppState {
    let parts = Parts {
        store,
        connectors,
        sealer,
        clock,
        assets: Assets::load().unwrap(),
        locales: Locales::load().unwrap(),
        public_url: public_url.parse().unwrap(),
        support: None,
        trusted_proxies: Vec::new(),
        limits: Limits::default(),
    };
    AppState::new(parts).await.unwrap()
}

pub(crate) fn new_key() -> String {
    TokenKind::SessionKey.mint(random::bytes()).expose().to_owned()
}

/// An operator who is signed in.
#[derive(Clone)]
pub(crate) struct Signed<'a> {
    world: &'a World,
    cookie: String,
    app: Option<String>,
}

impl Signed<'_> {
    /// The same, meaning this app.
    pub(crate) fn of(&self, app: &str) -> Self {
        Self { app: Some(app.to_owned()), ..self.clone() }
    }

    pub(crate) fn cookie(&self) -> &str {
        &self.cookie
    }

    /// A request as their browser makes it.
    pub(crate) fn request(&self, method: Method, path: &str) -> axum::http::request::Builder {
        let request = Request::builder().method(method).uri(path).header("sec-fetch-site", "same-origin");
        let request = match &self.app {
            Some(app) => request.header("banklink-app", app),
            None => request,
        };
        if self.cookie.is_empty() { request } else { request.header(header::COOKIE, &self.cookie) }
    }

    pub(crate) async fn ask(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let request = self.request(method, path);
        let request = match body {
            Some(body) => request.header(header::CONTENT_TYPE, "application/json").body(Body::from(body.to_string())),
            None => request.body(Body::empty()),
        };
        self.world.send(request.unwrap()).await
    }
}

/// Somebody going through the flow.
pub(crate) struct Person<'a> {
    world: &'a World,
    pub(crate) key: String,
    pub(crate) state: Value,
}

impl<'a> Person<'a> {
    /// The same tab, before a server that was started again.
    pub(crate) fn before(&self, world: &'a World) -> Self {
        Person { world, key: self.key.clone(), state: self.state.clone() }
    }

    /// The server that they are before.
    pub(crate) const fn world(&self) -> &'a World {
        self.world
    }
}

impl Person<'_> {
    /// What they see: the step's name and content.
    pub(crate) fn sees(&self) -> (&str, &Value) {
        let step = self.state["step"].as_object().unwrap();
        let (name, content) = step.iter().next().unwrap();
        (name, content)
    }

    pub(crate) fn sees_step(&self) -> &str {
        self.sees().0
    }

    /// Submits an intent for the current step, whatever the answer.
    pub(crate) async fn try_to(&self, intent: Value) -> Answer {
        let body = json!({ "number": self.state["number"], "intent": intent });
        self.world.call(Method::POST, "/link/api/1/session", &self.key, Some(body)).await
    }

    pub(crate) async fn does(&mut self, intent: Value) {
        self.state = self.try_to(intent).await.ok();
    }

    pub(crate) async fn chooses(&mut self, institution: &str) {
        self.does(json!({ "ChooseInstitution": institution })).await;
    }

    pub(crate) async fn signs_in(&mut self, username: &str, password: &str) {
        self.does(json!({ "SubmitCredentials": [
            { "field": "username", "value": username },
            { "field": "password", "value": password },
        ]}))
        .await;
    }

    pub(crate) async fn types_code(&mut self, code: &str) {
        self.does(json!({ "SubmitAnswer": { "Code": code } })).await;
    }

    /// Answers every question on the screen by its prompt.
    pub(crate) async fn answers(&mut self, answers: &[(&str, &str)]) {
        let questions = self.sees().1["challenge"]["Questions"].as_array().unwrap().clone();
        let given: Vec<Value> = questions
            .iter()
            .map(|question| {
                let prompt = question["prompt"].as_str().unwrap();
                let (_, answer) = answers.iter().find(|(part, _)| prompt.contains(part)).unwrap();
                json!({ "question": question["id"], "answer": answer })
            })
            .collect();
        self.does(json!({ "SubmitAnswer": { "Questions": given } })).await;
    }

    pub(crate) async fn reads(&self) -> Answer {
        self.world.call(Method::GET, "/link/api/1/session", &self.key, None).await
    }

    /// Asks where the session stands once it is beyond what they see, whatever the answer.
    pub(crate) async fn asks_for_news(&self) -> Answer {
        let path = format!("/link/api/1/session?after={}", self.state["revision"]);
        self.world.call(Method::GET, &path, &self.key, None).await
    }

    pub(crate) async fn waits(&mut self) {
        self.state = self.asks_for_news().await.ok();
    }

    /// Asks to leave, whatever the answer.
    pub(crate) async fn asks_to_leave(&self, reason: &str) -> Answer {
        let body = json!({ "reason": reason, "searched": null });
        self.world.call(Method::POST, "/link/api/1/leave", &self.key, Some(body)).await
    }

    pub(crate) async fn leaves(&mut self, reason: &str) {
        self.state = self.asks_to_leave(reason).await.ok();
    }

    /// What is asked, where a challenge is on the screen.
    pub(crate) fn challenge(&self) -> (&str, &Value) {
        let (step, shown) = self.sees();
        assert_eq!(step, "Challenge", "{shown}");
        let (kind, challenge) = shown["challenge"].as_object().unwrap().iter().next().unwrap();
        (kind, challenge)
    }

    /// The code of a session that ended well.
    pub(crate) fn code(&self) -> String {
        let (step, ending) = self.sees();
        assert_eq!(step, "Linked");
        ending["code"].as_str().unwrap().to_owned()
    }
}

/// Every item of a list, read a page at a time.
pub(crate) async fn pages(world: &World, path: &str, limit: usize) -> Vec<Value> {
    let mut items = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = world.platform(Method::GET, &format!("{path}limit={limit}{cursor}"), None).await.ok();
        items.extend(page["items"].as_array().unwrap().clone());
        let Some(next) = page["next"].as_str() else { return items };
        assert_eq!(page["items"].as_array().unwrap().len(), limit);
        cursor = format!("&cursor={next}");
    }
}

/// Flinks Capital's answers (vendor-apis.md, 1.7).
pub(crate) const ANSWERS: [(&str, &str); 3] = [("city", "Montreal"), ("country", "Canada"), ("shape", "Triangle")];
