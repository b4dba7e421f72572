//! Webhooks: what is told, to whom, signed how, in which order, and what happens where nobody takes it.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use axum::{
    Router,
    body::{Body, Bytes},
    http::{HeaderMap, Method, StatusCode},
    response::{IntoResponse, Response},
    routing::post,
};
use banklink_domain::app::{AppMode, AppSettings};
use banklink_server::{clock::Clock, delivering::Courier, outgoing::Outgoing};
use base64::{
    Engine as _,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use p256::ecdsa::{Signature, VerifyingKey, signature::Verifier as _};
use rstest::rstest;
use serde_json::{Value, json};
use tokio::{net::TcpListener, time::timeout};

use crate::support::{Person, World};

const WEBHOOKS: &str = "/platform/v1/app/webhooks";

/// A server of the app's, on this machine.
#[derive(Clone, Default)]
pub(crate) struct Receiver(Arc<Mutex<Inbox>>);

#[derive(Default)]
struct Inbox {
    got: Vec<(HeaderMap, Bytes)>,
    /// What is answered next; 200 where nothing is left.
    answers: VecDeque<StatusCode>,
}

impl Receiver {
    fn inbox(&self) -> MutexGuard<'_, Inbox> {
        self.0.lock().unwrap()
    }

    pub(crate) fn take(&self) -> Vec<(HeaderMap, Bytes)> {
        std::mem::take(&mut self.inbox().got)
    }

    /// The kinds of what came.
    pub(crate) fn heard(&self) -> Vec<String> {
        let kind = |(_, body): &(HeaderMap, Bytes)| json_of(body)["type"].as_str().unwrap().to_owned();
        self.inbox().got.iter().map(kind).collect()
    }

    fn will_answer(&self, answers: impl IntoIterator<Item = StatusCode>) {
        self.inbox().answers.extend(answers);
    }

    /// Starts listening, and gives the address.
    pub(crate) async fn listens(&self) -> String {
        let receiver = self.clone();
        let hooks = post(async move |headers: HeaderMap, body: Bytes| {
            let mut inbox = receiver.inbox();
            inbox.got.push((headers, body));
            inbox.answers.pop_front().unwrap_or(StatusCode::OK)
        });
        serve(Router::new().route("/hooks", hooks)).await
    }
}

async fn serve(router: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    format!("http://{address}/hooks")
}

/// Somebody who answers as this handler does.
async fn answering(answer: impl Fn() -> Response + Clone + Send + Sync + 'static) -> String {
    serve(Router::new().route("/hooks", post(async move || answer()))).await
}

fn json_of(body: &Bytes) -> Value {
    serde_json::from_slice(body).unwrap()
}

pub(crate) async fn added(world: &World, body: Value) -> Value {
    world.platform(Method::POST, WEBHOOKS, Some(body)).await.ok()
}

fn courier(world: &World) -> Courier {
    Courier::new(world.state.clone(), Outgoing::new().unwrap())
}

/// Sends until nothing is due.
pub(crate) async fn send_all(world: &World) {
    let mut courier = courier(world);
    loop {
        courier.send_due().await.unwrap();
        if courier.is_idle() {
            return;
        }
        courier.one_is_done().await;
    }
}

fn id_of(webhook: &Value) -> String {
    webhook["webhook"]["id"].as_str().unwrap().to_owned()
}

async fn deliveries(world: &World, webhook: &Value) -> Vec<Value> {
    let path = format!("{WEBHOOKS}/{}/deliveries", id_of(webhook));
    let list = world.platform(Method::GET, &path, None).await.ok();
    list["items"].as_array().unwrap().clone()
}

/// The last delivery, with what came of it.
async fn last(world: &World, webhook: &Value) -> Value {
    let number = deliveries(world, webhook).await[0]["number"].clone();
    world.platform(Method::GET, &format!("{WEBHOOKS}/{}/deliveries/{number}", id_of(webhook)), None).await.ok()
}

async fn try_it(world: &World, webhook: &Value) {
    world.platform(Method::POST, &format!("{WEBHOOKS}/{}/test", id_of(webhook)), None).await.ok();
}

#[tokio::test]
async fn an_app_is_told_what_happens_to_its_people_in_order() {
    let (world, receiver) = (World::new().await, Receiver::default());
    let webhook = added(&world, json!({ "url": receiver.listens().await })).await;
    assert!(webhook["secret"].as_str().unwrap().starts_with("whsec_"));
    assert_eq!(webhook["webhook"]["events"], json!([]));
    let connection = world.connection("anna", "tag=t&external_id=42").await;
    send_all(&world).await;
    assert_eq!(receiver.heard(), ["connection.created", "connection.data_ready", "session.linked"]);
    let got = receiver.take();
    let [created, linked] = [0, 2].map(|index| json_of(&got[index].1));
    let id = connection.rsplit('/').next().unwrap();
    let expected = json!({ "type": "connection.created", "timestamp": "2026-03-02T10:00:00Z", "data": {
        "id": id, "institution": "testbank", "status": "active", "external_id": "42", "tag": "t" } });
    assert_eq!(created, expected);
    assert_eq!((&linked["data"]["connection"], &linked["data"]["outcome"]), (&json!(id), &json!("linked")));

    // Whoever links again renews; whoever leaves or is away for too long is told of too.
    world.connection("anna", "external_id=42").await;
    let leaving = world.person("bank=testbank").await;
    leave(&world, &leaving).await;
    let _away = world.person("").await;
    assert_eq!(world.platform(Method::DELETE, &connection, None).await.status, StatusCode::NO_CONTENT);
    world.pass(31);
    banklink_server::services::sessions::expire_overdue(&world.state).await.unwrap();
    send_all(&world).await;
    let mut heard = receiver.heard();
    let of_connection: Vec<_> = heard.iter().filter(|kind| kind.starts_with("connection.")).collect();
    assert_eq!(of_connection, ["connection.updated", "connection.data_ready", "connection.deleted"]);
    heard.retain(|kind| kind.starts_with("session."));
    heard.sort();
    assert_eq!(heard, ["session.exited", "session.expired", "session.linked"]);
    let told: Vec<Value> = receiver.take().iter().map(|(_, body)| json_of(body)).collect();
    let exited = told.iter().find(|event| event["type"] == "session.exited").unwrap();
    assert_eq!((&exited["data"]["reason"], &exited["data"]["institution"]), (&json!("closed"), &json!("testbank")));
    assert!(deliveries(&world, &webhook).await.iter().all(|delivery| delivery["state"] == "delivered"));
}

async fn leave(world: &World, person: &Person<'_>) {
    let body = json!({ "reason": "Closed", "searched": null });
    world.call(Method::POST, "/link/api/1/leave", &person.key, Some(body)).await.ok();
}

#[tokio::test]
async fn standard_signatures_are_verified_by_their_own_library_and_old_keys_go_on_for_a_day() {
    let (world, receiver) = (World::new().await, Receiver::default());
    // The library looks at the clock.
    world.clock.set(Clock::system().now());
    let webhook = added(&world, json!({ "url": receiver.listens().await })).await;
    let secret = webhook["secret"].as_str().unwrap().to_owned();
    let rotated = async || {
        let path = format!("{WEBHOOKS}/{}/rotate_key", id_of(&webhook));
        let rotated = world.platform(Method::POST, &path, None).await.ok();
        rotated["secret"].as_str().unwrap().to_owned()
    };
    let verifies = |secret: &str, headers: &HeaderMap, body: &Bytes| {
        standardwebhooks::Webhook::new(secret).unwrap().verify(body, headers).is_ok()
    };
    try_it(&world, &webhook).await;
    send_all(&world).await;
    let (headers, body) = receiver.take().remove(0);
    assert_eq!(headers["content-type"], "application/json");
    assert!(verifies(&secret, &headers, &body));
    let changed = Bytes::from(body.to_vec().iter().map(|byte| byte ^ 1).collect::<Vec<_>>());
    assert!(!verifies(&secret, &headers, &changed));

    let next = rotated().await;
    try_it(&world, &webhook).await;
    send_all(&world).await;
    let (headers, body) = receiver.take().remove(0);
    assert!(verifies(&secret, &headers, &body) && verifies(&next, &headers, &body));
    let signatures = headers["webhook-signature"].to_str().unwrap();
    assert_eq!(signatures.split(' ').count(), 2, "{signatures}");

    world.pass(24 * 60);
    try_it(&world, &webhook).await;
    send_all(&world).await;
    let (headers, _) = receiver.take().remove(0);
    assert_eq!(headers["webhook-signature"].to_str().unwrap().split(' ').count(), 1);
}

#[tokio::test]
async fn flinks_integrations_check_the_body_with_their_secret() {
    let (world, receiver) = (World::new().await, Receiver::default());
    let webhook = added(&world, json!({ "url": receiver.listens().await, "style": "flinks_hmac" })).await;
    try_it(&world, &webhook).await;
    send_all(&world).await;
    let (headers, body) = receiver.take().remove(0);
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, webhook["secret"].as_str().unwrap().as_bytes());
    for name in ["flinks-authenticity-key", "x-flinks-signature"] {
        let signature = BASE64_STANDARD.decode(headers[name].as_bytes()).unwrap();
        assert!(ring::hmac::verify(&key, &body, &signature).is_ok(), "{name}");
    }
}

#[tokio::test]
async fn flinks_integrations_are_told_the_accounts_and_can_read_them_by_the_request_id() {
    let (world, receiver) = (World::new().await, Receiver::default());
    let events = json!(["connection.data_ready", "connection.needs_reauthorisation"]);
    let hook = json!({ "url": receiver.listens().await, "style": "flinks_hmac", "events": events });
    added(&world, hook).await;
    let connection = world.connection("anna", "tag=mine").await;
    world.connection("ben", "").await;
    send_all(&world).await;
    let mut told: Vec<Value> = receiver.take().iter().map(|(_, body)| json_of(body)).collect();
    told.retain(|body| connection.ends_with(body["Login"]["Id"].as_str().unwrap()));
    let [told] = &told[..] else { panic!("one of each: {told:#?}") };
    assert_eq!((&told["ResponseType"], &told["HttpStatusCode"]), (&json!("GetAccountsDetail"), &json!(200)));
    assert_eq!((&told["Tag"], &told["Login"]["Username"]), (&json!("mine"), &json!("anna")));

    let path = format!("/v3/{}/BankingServices/GetAccountsDetail", world.app.client_id);
    let asked = json!({ "RequestId": told["RequestId"] }).to_string();
    let request = axum::http::Request::post(path).header("x-api-key", "data key");
    let mut read = world.send(request.body(Body::from(asked)).unwrap()).await.ok();
    read["ResponseType"] = json!("GetAccountsDetail");
    assert_eq!(*told, read);
    assert!(told["Accounts"][0]["Transactions"].as_array().is_some_and(|transactions| !transactions.is_empty()));
}

#[tokio::test]
async fn finlink_integrations_look_the_public_key_up() {
    let (world, receiver) = (World::new().await, Receiver::default());
    let webhook = added(&world, json!({ "url": receiver.listens().await, "style": "finlink_jwt" })).await;
    assert_eq!(webhook["secret"], Value::Null);
    try_it(&world, &webhook).await;
    send_all(&world).await;
    let (headers, body) = receiver.take().remove(0);
    let jwt = headers["vumi-verification"].to_str().unwrap();
    let [header, claims, signature] = jwt.split('.').collect::<Vec<_>>().try_into().unwrap();
    let read = |part: &str| serde_json::from_slice::<Value>(&BASE64_URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap();
    let (head, said) = (read(header), read(claims));
    assert_eq!((&head["alg"], &head["typ"]), (&json!("ES256"), &json!("JWT")));
    let digest = ring::digest::digest(&ring::digest::SHA256, &body);
    assert_eq!(said["request_body_sha256"], hex::encode(digest));
    assert_eq!(said["iat"], world.clock.now().as_second());

    let jwk_of =
        async |kid: &Value| world.get(&format!("/api/v1/webhook_verification/{}", kid.as_str().unwrap())).await;
    let jwk = jwk_of(&head["kid"]).await.ok();
    assert_eq!((&jwk["crv"], &jwk["kty"], &jwk["alg"]), (&json!("P-256"), &json!("EC"), &json!("ES256")));
    let number = |name: &str| BASE64_URL_SAFE_NO_PAD.decode(jwk[name].as_str().unwrap()).unwrap();
    let point = [vec![4], number("x"), number("y")].concat();
    let key = VerifyingKey::from_sec1_bytes(&point).unwrap();
    let signature = Signature::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(signature).unwrap()).unwrap();
    key.verify(format!("{header}.{claims}").as_bytes(), &signature).unwrap();
    assert!(key.verify(format!("{header}.{header}").as_bytes(), &signature).is_err());

    // After a rotation both can be looked up; another style's key can't.
    let path = format!("{WEBHOOKS}/{}/rotate_key", id_of(&webhook));
    let rotated = world.platform(Method::POST, &path, None).await.ok();
    assert_ne!(rotated["webhook"]["key_id"], head["kid"]);
    assert_eq!(jwk_of(&head["kid"]).await.ok(), jwk);
    jwk_of(&rotated["webhook"]["key_id"]).await.ok();
    world.pass(24 * 60);
    assert_eq!(jwk_of(&head["kid"]).await.status.as_u16(), 404);
    let other = added(&world, json!({ "url": "https://app.example/hooks" })).await;
    assert_eq!(jwk_of(&other["webhook"]["key_id"]).await.status.as_u16(), 404);
}

#[tokio::test]
async fn what_is_not_taken_is_sent_again_later_and_what_follows_waits() {
    let (world, receiver) = (World::new().await, Receiver::default());
    let webhook = added(&world, json!({ "url": receiver.listens().await })).await;
    receiver.will_answer([StatusCode::INTERNAL_SERVER_ERROR; 2]);
    world.connection("anna", "").await;
    send_all(&world).await;
    assert_eq!(receiver.heard(), ["connection.created"]);
    world.pass_seconds(9);
    send_all(&world).await;
    assert_eq!(receiver.heard().len(), 1);
    world.pass_seconds(2);
    send_all(&world).await;
    assert_eq!(receiver.heard(), ["connection.created"; 2]);
    // Others' messages don't wait.
    world.connection("bob", "").await;
    send_all(&world).await;
    assert_eq!(receiver.heard()[2..], ["connection.created", "connection.data_ready", "session.linked"]);
    world.pass(2);
    send_all(&world).await;
    assert_eq!(receiver.heard()[5..], ["connection.created", "connection.data_ready", "session.linked"]);
    let got = receiver.take();
    let id = |index: usize| got[index].0["webhook-id"].clone();
    assert!(id(0) == id(1) && id(1) == id(5) && id(2) != id(0));
    let first = &deliveries(&world, &webhook).await[5];
    assert_eq!((&first["state"], &first["attempts"]), (&json!("delivered"), &json!(3)));
}

#[tokio::test]
async fn what_nobody_takes_for_a_day_is_parked_and_sent_again_if_somebody_asks() {
    let (world, receiver) = (World::new().await, Receiver::default());
    let webhook = added(&world, json!({ "url": receiver.listens().await })).await;
    receiver.will_answer([StatusCode::SERVICE_UNAVAILABLE; 10]);
    try_it(&world, &webhook).await;
    for _ in 0..10 {
        send_all(&world).await;
        world.pass(9 * 60);
    }
    let parked = last(&world, &webhook).await;
    assert_eq!((&parked["delivery"]["state"], receiver.take().len()), (&json!("parked"), 10));
    assert_eq!(parked["attempts"].as_array().unwrap().len(), 10);
    assert_eq!(parked["attempts"][9]["status"], 503);
    send_all(&world).await;
    assert_eq!(receiver.take().len(), 0);
    let number = &parked["delivery"]["number"];
    let again = format!("{WEBHOOKS}/{}/deliveries/{number}/redeliver", id_of(&webhook));
    assert_eq!(world.platform(Method::POST, &again, None).await.status, StatusCode::NO_CONTENT);
    send_all(&world).await;
    let delivered = last(&world, &webhook).await;
    assert_eq!((&delivered["delivery"]["state"], receiver.take().len()), (&json!("delivered"), 1));
    let unknown = format!("{WEBHOOKS}/{}/deliveries/999999/redeliver", id_of(&webhook));
    assert_eq!(world.platform(Method::POST, &unknown, None).await.problem(), "NOT_FOUND");
}

#[tokio::test]
async fn what_a_receiver_does_not_want_is_parked_at_once_and_the_next_is_sent() {
    let (world, receiver) = (World::new().await, Receiver::default());
    let webhook = added(&world, json!({ "url": receiver.listens().await })).await;
    receiver.will_answer([StatusCode::GONE]);
    try_it(&world, &webhook).await;
    send_all(&world).await;
    assert_eq!(last(&world, &webhook).await["delivery"]["state"], "parked");
    try_it(&world, &webhook).await;
    send_all(&world).await;
    assert_eq!(last(&world, &webhook).await["delivery"]["state"], "delivered");
}

#[tokio::test]
async fn what_was_taken_is_taken_however_slowly_its_answer_goes_on() {
    let (world, dripping) = (
        World::new().await,
        answering(|| {
            let parts = futures_util::stream::repeat_with(|| tokio::time::sleep(Duration::from_secs(1)));
            let parts = futures_util::StreamExt::then(parts, async |pause| {
                pause.await;
                Ok::<_, std::io::Error>(Bytes::from_static(b"x"))
            });
            Response::new(Body::from_stream(parts))
        })
        .await,
    );
    let webhook = added(&world, json!({ "url": dripping })).await;
    try_it(&world, &webhook).await;
    send_all(&world).await;
    let last = last(&world, &webhook).await;
    assert_eq!((&last["delivery"]["state"], &last["attempts"][0]["status"]), (&json!("delivered"), &json!(200)));
}

#[tokio::test]
async fn a_webhook_that_takes_nothing_is_not_tried_without_end() {
    let world = World::new().await;
    let webhook = added(&world, json!({ "url": "http://127.0.0.1:1/" })).await;
    for _ in 0..20 {
        try_it(&world, &webhook).await;
    }
    let once_more = format!("{WEBHOOKS}/{}/test", id_of(&webhook));
    assert_eq!(world.platform(Method::POST, &once_more, None).await.problem(), "CONFLICT");
}

#[tokio::test]
async fn what_can_not_be_read_of_one_keeps_nothing_from_others() {
    let (world, receiver) = (World::new().await, Receiver::default());
    let broken = added(&world, json!({ "url": receiver.listens().await })).await;
    let sound = added(&world, json!({ "url": receiver.listens().await })).await;
    world.connection("anna", "").await;
    // As if a newer version had written the one, and another key had sealed what the other signs with.
    world.sql(&format!("UPDATE webhooks SET style = 'newer' WHERE id = '{}'", id_of(&broken))).await;
    send_all(&world).await;
    assert_eq!(receiver.heard(), ["connection.created", "connection.data_ready", "session.linked"]);
    world.sql(&format!("UPDATE webhooks SET sealed_key = x'00' WHERE id = '{}'", id_of(&sound))).await;
    try_it(&world, &sound).await;
    send_all(&world).await;
    assert_eq!(last(&world, &sound).await["attempts"][0]["silence"], "unsent");
}

#[tokio::test]
async fn a_receiver_that_never_answers_delays_nobody_else() {
    let (world, receiver) = (World::new().await, Receiver::default());
    let hanging = serve(Router::new().route("/hooks", post(async || std::future::pending::<()>().await))).await;
    added(&world, json!({ "url": hanging })).await;
    added(&world, json!({ "url": receiver.listens().await })).await;
    for person in ["anna", "bob", "carl", "dora", "eve", "fred"] {
        world.connection(person, "").await;
    }
    let mut courier = courier(&world);
    let all_arrive = async {
        while receiver.heard().len() < 18 {
            courier.send_due().await.unwrap();
            tokio::select! {
                _ = courier.one_is_done() => {}
                () = tokio::time::sleep(Duration::from_millis(20)) => {}
            }
        }
    };
    // Long before the other's time is up, four times over.
    timeout(Duration::from_secs(12), all_arrive).await.expect("the receiver waits for the one that hangs");
}

#[tokio::test]
async fn what_a_receiver_says_back_is_kept_as_far_as_it_goes() {
    let world = World::new().await;
    let endless = answering(|| {
        let parts = futures_util::stream::repeat_with(|| Ok::<_, std::io::Error>(Bytes::from(vec![b'x'; 1000])));
        Response::new(Body::from_stream(parts))
    })
    .await;
    let strange = answering(|| (StatusCode::BAD_REQUEST, b"no\0text \xff\xfe".to_vec()).into_response()).await;
    let leading_away =
        answering(|| (StatusCode::FOUND, [("location", "http://127.0.0.1:1/"); 1]).into_response()).await;
    let said = async |url: String| {
        let webhook = added(&world, json!({ "url": url })).await;
        try_it(&world, &webhook).await;
        send_all(&world).await;
        let last = last(&world, &webhook).await;
        world.platform(Method::DELETE, &format!("{WEBHOOKS}/{}", id_of(&webhook)), None).await;
        (last["delivery"]["state"].clone(), last["attempts"][0].clone())
    };
    let (state, attempt) = said(endless).await;
    assert_eq!((state, attempt["body"].as_str().unwrap().len()), (json!("delivered"), 2048));
    let (state, attempt) = said(strange).await;
    assert_eq!((state, &attempt["status"]), (json!("pending"), &json!(400)));
    assert!(attempt["body"].as_str().unwrap().starts_with("no\u{fffd}text"), "{attempt}");
    let (state, attempt) = said(leading_away).await;
    assert_eq!((state, &attempt["status"]), (json!("pending"), &json!(302)));
    // Where nobody is.
    let (state, attempt) = said("http://127.0.0.1:1/hooks".to_owned()).await;
    assert_eq!((state, &attempt["silence"]), (json!("pending"), &json!("unreachable")));
}

#[rstest]
#[case(json!({ "url": "http://app.example/hooks" }), "url")]
#[case(json!({ "url": "https://user:secret@app.example/" }), "url")]
#[case(json!({ "url": "https://app.example/#part" }), "url")]
#[case(json!({ "url": "javascript:alert(1)" }), "url")]
#[case(json!({ "url": "https://10.0.0.1/" }), "url")]
#[case(json!({ "url": "https://169.254.169.254/latest" }), "url")]
#[case(json!({ "url": "https://[fd00:ec2::254]/" }), "url")]
#[case(json!({ "url": "" }), "url")]
#[case(json!({ "url": "https://app.example/", "events": ["everything"] }), "events")]
#[case(json!({ "url": "https://app.example/", "events": ["webhook.test"] }), "events")]
#[tokio::test]
async fn what_no_webhook_can_be_is_named(#[case] body: Value, #[case] parameter: &str) {
    let world = World::new().await;
    let refused = world.platform(Method::POST, WEBHOOKS, Some(body)).await;
    assert_eq!((refused.problem().as_str(), &refused.json()["parameter"]), ("INVALID_PARAMETER", &json!(parameter)));
}

#[tokio::test]
async fn a_live_app_tells_nobody_on_this_machine() {
    let world = World::with(AppMode::Live, AppSettings::default()).await;
    for url in ["http://localhost:3000/", "https://localhost/", "https://127.0.0.1/", "https://[::1]/"] {
        let refused = world.platform(Method::POST, WEBHOOKS, Some(json!({ "url": url }))).await;
        assert_eq!(refused.json()["parameter"], "url", "{url}");
    }
}

#[tokio::test]
async fn a_webhook_is_changed_and_removed_and_is_nobody_elses() {
    let (world, receiver) = (World::new().await, Receiver::default());
    let webhook = added(&world, json!({ "url": "https://app.example/", "events": ["session.linked"] })).await;
    let path = format!("{WEBHOOKS}/{}", id_of(&webhook));
    assert_eq!(world.platform(Method::GET, &path, None).await.ok(), webhook["webhook"]);
    let listed = world.platform(Method::GET, WEBHOOKS, None).await;
    assert_eq!(listed.ok()["items"], json!([webhook["webhook"]]));
    assert!(!listed.text.contains(webhook["secret"].as_str().unwrap()));
    let change = json!({ "url": receiver.listens().await, "events": ["connection.created"] });
    let changed = world.platform(Method::PATCH, &path, Some(change)).await.ok();
    assert_eq!(changed["events"], json!(["connection.created"]));
    world.connection("anna", "").await;
    send_all(&world).await;
    assert_eq!(receiver.heard(), ["connection.created"]);
    let same = world.platform(Method::PATCH, &path, Some(json!({}))).await.ok();
    assert_eq!(same, changed);
    let refused = world.platform(Method::PATCH, &path, Some(json!({ "url": "nowhere" }))).await;
    assert_eq!(refused.problem(), "INVALID_PARAMETER");

    let other = banklink_server::sandbox::toolbox::SECRET_KEY;
    for (method, path) in [
        (Method::GET, path.clone()),
        (Method::DELETE, path.clone()),
        (Method::GET, format!("{path}/deliveries")),
        (Method::POST, format!("{path}/test")),
        (Method::POST, format!("{path}/rotate_key")),
    ] {
        assert_eq!(world.call(method, &path, other, None).await.problem(), "NOT_FOUND", "{path}");
    }
    assert_eq!(world.platform(Method::DELETE, &path, None).await.status, StatusCode::NO_CONTENT);
    assert_eq!(world.platform(Method::DELETE, &path, None).await.problem(), "NOT_FOUND");
    for number in 0..5 {
        added(&world, json!({ "url": format!("https://app.example/{number}") })).await;
    }
    let sixth = world.platform(Method::POST, WEBHOOKS, Some(json!({ "url": "https://app.example/6" }))).await;
    assert_eq!(sixth.problem(), "CONFLICT");
}
