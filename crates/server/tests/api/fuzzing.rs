//! Everything that is described, asked for in every way that its description allows and in many that it does not: no
//! answer may be a fault of the server's, nor one that is not described ([`World::send`] compares each), and all of it
//! can succeed.

use axum::{
    body::Body,
    http::{Method, Request, header},
};
use banklink_domain::{
    operator::OperatorSession,
    token::{TokenHash, TokenKind},
};
use banklink_journey::described::Operation;
use banklink_server::random;
use serde_json::{Map, Value, json};

use crate::{
    described::DESCRIPTION,
    support::{Answer, PASSWORD, REDIRECT, Signed, World},
};

/// Where people may go at the end, and no link leads.
const SECOND: &str = "https://app.example/second";

/// Chance that is the same in every run.
struct Chance(u64);

impl Chance {
    /// A number below `end` (xorshift64*).
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let high = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        usize::try_from(high).unwrap() % end
    }

    fn one_in(&mut self, number: usize) -> bool {
        self.below(number) == 0
    }

    fn of<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.below(choices.len())]
    }
}

/// What no field expects.
fn nonsense(chance: &mut Chance) -> Value {
    let choices = [
        Value::Null,
        json!(""),
        json!(" "),
        json!("\u{0}"),
        json!("\u{202e}<script>alert(1)</script>'\";--"),
        // In an address it is twelve times as long, and addresses end at 64 KB.
        json!("🏦".repeat(1_000)),
        json!("x".repeat(10_000)),
        json!(-1),
        json!(1e300),
        json!(u64::MAX),
        json!(true),
        json!([]),
        json!([[[[[[[[1]]]]]]]]),
        json!({ "a": { "b": null } }),
        json!("https://"),
        json!("2026-02-30"),
        json!("../../etc/passwd"),
    ];
    chance.of(&choices).clone()
}

/// An app with something of everything, and what the fields of requests can be.
struct Something<'a> {
    world: &'a World,
    ana: Signed<'a>,
    known: Map<String, Value>,
}

impl<'a> Something<'a> {
    async fn new(world: &'a World) -> Self {
        let ana = world.operator().await.of(&world.app.id.to_string());
        let made = async |path: &str, body: Value| ana.ask(Method::POST, path, Some(body)).await.ok();
        let link = made("/platform/v1/links", json!({ "name": "one", "redirect_uri": REDIRECT })).await;
        world.may_lead_to(SECOND).await;
        let theme = json!({ "source": "#background { color: red }" });
        ana.ask(Method::PUT, "/platform/v1/app/theme", Some(theme)).await.ok();
        let webhook =
            made("/platform/v1/app/webhooks", json!({ "url": "http://127.0.0.1:1/", "style": "finlink_jwt" })).await;
        let webhook_path = format!("/platform/v1/app/webhooks/{}", webhook["webhook"]["id"].as_str().unwrap());
        let delivery = made(&format!("{webhook_path}/test"), json!({})).await["number"].clone();
        let secret = made("/platform/v1/app/client_secrets", json!({})).await["client_secret"]["id"].clone();
        let invited = made("/platform/v1/invitations", json!({ "email": "bob@caisse.example" })).await;
        let (_, invitation_token) = invited["url"].as_str().unwrap().split_once('#').unwrap();
        let cara = made("/platform/v1/invitations", json!({ "email": "cara@caisse.example" })).await;
        let (_, token_of_cara) = cara["url"].as_str().unwrap().split_once('#').unwrap();
        let body = json!({ "token": token_of_cara, "name": "Cara", "password": PASSWORD });
        let cara = made("/platform/v1/invitations/accept", body).await["operator"]["id"].clone();
        let token = world.token(&[]).await;
        let mut person = world.enters("/v2/", &format!("authorizeToken={token}&bank=testbank")).await;
        let hash = person.sees().1["text_hash"].clone();
        person.does(json!({ "AcceptConsent": { "text_hash": hash } })).await;
        person.signs_in("anna", "anything").await;
        let connection = person.sees().1["login_id"].clone();
        let path = format!("/platform/v1/connections/{}", connection.as_str().unwrap());
        let read = async |path: &str| ana.ask(Method::GET, path, None).await.ok();
        let known = json!({
            "link": link["id"], "webhook": webhook["webhook"]["id"], "delivery": delivery.to_string(),
            "client_secret": secret, "invitation": invited["invitation"]["id"], "operator": cara,
            "connection": connection, "institution": "testbank", "email": "dora@caisse.example",
            "SignIn.email": "ana@caisse.example", "NewRedirectUri.uri": "https://app.example/third",
            "account": read(&format!("{path}/accounts")).await["items"][0]["id"],
            "consent": read(&format!("{path}/consent")).await["id"],
            "link_session": read("/platform/v1/link_sessions").await["items"][0]["id"],
            "session": read("/platform/v1/link_sessions").await["items"][0]["id"],
            "code": person.code(), "token": invitation_token, "password": PASSWORD,
            "new_password": "a different password", "uri": SECOND, "redirect_uri": REDIRECT,
            "redirect_uris": [REDIRECT], "origin": "https://app.example", "origins": ["https://app.example"],
            "url": "https://app.example/hooks", "events": ["session.linked"], "parameters": { "bank": "testbank" },
            "source": "#background { color: red }", "terms_url": "https://app.example/terms", "default_country": "CA",
            "account_selection": "none", "limit": "10", "from": "2026-01-01", "to": "2026-03-01", "name": "Ana",
        });
        let Value::Object(known) = known else { unreachable!() };
        Self { world, ana, known }
    }

    /// Whatever was asked before: who signed out asks for little.
    async fn signs_in_again(&mut self) {
        let operator = self.world.state.store.operators().list().await.unwrap().remove(0);
        let session = TokenKind::OperatorSession.mint(random::bytes());
        let row = OperatorSession::new(TokenHash::of(&session), operator.id, self.world.clock.now());
        assert!(self.world.state.store.operators().sign_in(&row, &operator.password).await.unwrap());
        self.ana = self.world.with_session(session.expose()).of(&self.world.app.id.to_string());
    }

    /// A value of a schema; for a field of a known name what it can be. Of `odd` values one is none, on the average.
    fn value(&self, name: &str, schema: &Value, odd: Option<usize>, chance: &mut Chance) -> Value {
        if odd.is_some_and(|odd| chance.one_in(odd)) {
            return nonsense(chance);
        }
        if let Some(path) = schema["$ref"].as_str() {
            let shape = path.rsplit('/').next().unwrap();
            return self.value(shape, &DESCRIPTION.document()["components"]["schemas"][shape], odd, chance);
        }
        if let Some(either) = schema["oneOf"].as_array() {
            return self.value(name, chance.of(either), odd, chance);
        }
        if let Some(values) = schema["enum"].as_array() {
            return chance.of(values).clone();
        }
        if let Some(known) = self.known.get(name) {
            return known.clone();
        }
        let kinds = match &schema["type"] {
            Value::Array(kinds) => kinds.clone(),
            kind => vec![kind.clone()],
        };
        match chance.of(&kinds).as_str() {
            Some("boolean") => json!(chance.one_in(2)),
            Some("integer" | "number") => json!(schema["minimum"].as_i64().unwrap_or(1)),
            Some("array") => json!([self.value(name, &schema["items"], odd, chance)]),
            Some("object") => self.object(name, schema, odd, chance),
            Some("null") => Value::Null,
            _ => json!("text"),
        }
    }

    /// An object of this shape. What is known of a field in this shape alone comes before what is known of any.
    fn object(&self, shape: &str, schema: &Value, odd: Option<usize>, chance: &mut Chance) -> Value {
        let required = schema["required"].as_array().cloned().unwrap_or_default();
        let mut object = Map::new();
        for (name, field) in schema["properties"].as_object().into_iter().flatten() {
            let is_required = required.iter().any(|known| known == name);
            let is_left_out = if is_required { odd.is_some_and(|odd| chance.one_in(odd)) } else { chance.one_in(3) };
            if !is_left_out {
                let here = format!("{shape}.{name}");
                let known = if self.known.contains_key(&here) { &here } else { name };
                object.insert(name.clone(), self.value(known, field, odd, chance));
            }
        }
        if odd.is_some_and(|odd| chance.one_in(odd)) {
            object.insert("surprise".to_owned(), nonsense(chance));
        }
        Value::Object(object)
    }

    /// Asks for something that is described, as its description says or not quite.
    async fn ask(&self, operation: Operation<'_>, odd: Option<usize>, chance: &mut Chance) -> Answer {
        let text = |value: Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let encode = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let (mut path, mut query) = (operation.path.to_owned(), Vec::new());
        let mut request = Request::builder().method(operation.method.to_uppercase().as_str());
        for parameter in operation.said["parameters"].as_array().into_iter().flatten() {
            let name = parameter["name"].as_str().unwrap();
            let is_required = parameter["required"] == true;
            if !is_required && !self.known.contains_key(name) && odd.is_none_or(|odd| !chance.one_in(odd)) {
                continue;
            }
            let value = encode(&text(self.value(name, &parameter["schema"], odd, chance)));
            match parameter["in"].as_str() {
                Some("path") => path = path.replace(&format!("{{{name}}}"), &value.replace('+', "%20")),
                Some("query") => query.push(format!("{name}={value}")),
                _ => request = request.header(name, value),
            }
        }
        let own_page = odd.is_none_or(|odd| !chance.one_in(odd));
        request = request.header("sec-fetch-site", if own_page { "same-origin" } else { "cross-site" });
        let by_operator = operation.said["security"] == json!([{ "operator": [] }]) || chance.one_in(2);
        request = match (odd.is_some_and(|odd| chance.one_in(odd)), by_operator) {
            (true, _) => request
                .header(header::AUTHORIZATION, text(nonsense(chance)).replace(|c: char| !c.is_ascii_graphic(), "")),
            (false, true) => {
                request.header(header::COOKIE, self.ana.cookie()).header("banklink-app", self.world.app.id.to_string())
            }
            (false, false) => request.header(header::AUTHORIZATION, format!("Bearer {}", self.world.secret)),
        };
        let schema = &operation.said["requestBody"]["content"]["application/json"]["schema"];
        let mut body = Body::empty();
        if !schema.is_null() {
            let sent = self.value("", schema, odd, chance).to_string();
            let is_cut = odd.is_some_and(|odd| chance.one_in(odd));
            let is_text = odd.is_some_and(|odd| chance.one_in(odd));
            request = request.header(header::CONTENT_TYPE, if is_text { "text/plain" } else { "application/json" });
            body = Body::from(if is_cut { sent.chars().take(sent.len() / 3).collect() } else { sent });
        }
        let query = if query.is_empty() { String::new() } else { format!("?{}", query.join("&")) };
        match request.uri(format!("{path}{query}")).body(body) {
            Ok(request) => self.world.send(request).await,
            Err(error) => panic!("{path}{query}: {error}"),
        }
    }
}

/// So that a fault tells what was asked.
fn name(operation: Operation<'_>) -> String {
    format!("{} {}", operation.method.to_uppercase(), operation.path)
}

#[tokio::test(flavor = "multi_thread")]
async fn all_that_is_described_can_succeed() {
    let mut chance = Chance(1);
    let mut failed = Vec::new();
    for operation in DESCRIPTION.operations() {
        let world = World::new().await;
        let something = Something::new(&world).await;
        let mut last = String::new();
        for _ in 0..30 {
            let answer = something.ask(operation, None, &mut chance).await;
            assert!(!answer.status.is_server_error(), "{}: {}", name(operation), answer.text);
            if answer.status.is_success() {
                last.clear();
                break;
            }
            last = answer.text;
        }
        if !last.is_empty() {
            failed.push(format!("{}: {last}", name(operation)));
        }
    }
    assert!(failed.is_empty(), "{failed:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_asked_the_answer_is_one_that_is_described() {
    let mut chance = Chance(2);
    let world = World::new().await;
    let mut something = Something::new(&world).await;
    let mut answers = std::collections::BTreeMap::<u16, usize>::new();
    for round in 0..60 {
        something.signs_in_again().await;
        // In every other round nearly all is well, so that it gets far.
        let odd = Some(if round % 2 == 0 { 3 } else { 20 });
        for operation in DESCRIPTION.operations() {
            let answer = something.ask(operation, odd, &mut chance).await;
            assert!(!answer.status.is_server_error(), "{}: {}", name(operation), answer.text);
            *answers.entry(answer.status.as_u16()).or_default() += 1;
        }
    }
    // What chance does not reach: somebody who guesses a password.
    let signs_in = DESCRIPTION.operations().find(|operation| name(*operation) == "POST /platform/v1/session").unwrap();
    something.known.insert("password".to_owned(), json!("not the password of anybody"));
    for _ in 0..40 {
        *answers.entry(something.ask(signs_in, None, &mut chance).await.status.as_u16()).or_default() += 1;
    }
    for status in [200, 201, 204, 400, 401, 403, 404, 409, 415, 429] {
        assert!(answers.contains_key(&status), "{status} was never answered: {answers:?}");
    }
}
