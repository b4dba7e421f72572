//! A server that is killed again and again while people link their banks: what was acknowledged is there, what was not is
//! there whole or not at all, and nothing can be used twice.

#![cfg(unix)]

use std::{
    collections::{HashMap, HashSet},
    hash::{BuildHasher as _, RandomState},
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread::{scope, sleep},
    time::Duration,
};

use serde_json::{Value, json};

use crate::deployment::{Deployment, read};

/// How often the server is killed.
const KILLS: usize = 8;

/// How many people link at once.
const PEOPLE: usize = 4;

/// All come from one address, and more of them than from any.
const SERVE: [&str; 5] = ["serve", "--client-limit", "0", "--app-limit", "0"];

const APP: [&str; 7] =
    ["app", "create", "--name", "Real", "--redirect-uri", "https://app.example/linked", "--allow-without-token"];

/// A client of the server, which is there or not.
struct Client<'a> {
    address: &'a str,
    secret: &'a str,
}

/// An answer that came whole.
struct Answer {
    status: u16,
    body: Value,
}

impl Answer {
    fn is_good(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The kind of a problem.
    fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or_default()
    }
}

impl Client<'_> {
    /// Asks once. Nothing where the server is not there, or went away before all of its answer came.
    fn try_to(&self, method: &str, path: &str, bearer: &str, key: &str, body: &Value) -> Option<Answer> {
        let mut stream = TcpStream::connect(self.address).ok()?;
        stream.set_read_timeout(Some(Duration::from_secs(30))).ok()?;
        let (address, text) = (self.address, body.to_string());
        let (body, length) = if body.is_null() { ("", 0) } else { (text.as_str(), text.len()) };
        let key = if key.is_empty() { String::new() } else { format!("Idempotency-Key: {key}\r\n") };
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nAuthorization: Bearer {bearer}\r\n{key}\
             Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        )
        .ok()?;
        let answer = read(&mut stream);
        let (head, body) = answer.split_once("\r\n\r\n")?;
        let status = head.split(' ').nth(1)?.parse().ok()?;
        if status == 204 {
            return Some(Answer { status, body: Value::Null });
        }
        Some(Answer { status, body: serde_json::from_str(body).ok()? })
    }

    /// Asks up to so often, until there is an answer that is not about the server's own state.
    fn keep_asking(
        &self,
        times: usize,
        (method, path): (&str, &str),
        bearer: &str,
        key: &str,
        body: &Value,
    ) -> Option<Answer> {
        (0..times).find_map(|_| {
            let answer = self.try_to(method, path, bearer, key, body).filter(|answer| answer.status < 500);
            answer.or_else(|| {
                sleep(Duration::from_millis(20));
                None
            })
        })
    }

    /// The same, until there is one.
    fn ask(&self, method: &str, path: &str, bearer: &str, key: &str, body: &Value) -> Answer {
        let answer = self.keep_asking(1_000, (method, path), bearer, key, body);
        answer.unwrap_or_else(|| panic!("{method} {path} is not answered"))
    }

    /// Asks with a key, as often as it takes: done, or done and its answer lost, where this says so. Nothing where the
    /// server that was killed had begun, which nobody finishes before its lease is over.
    fn once(&self, path: &str, key: &str, body: &Value) -> Option<Answer> {
        self.keep_asking(100, ("POST", path), self.secret, key, body)
    }

    fn platform(&self, method: &str, path: &str, body: &Value) -> Answer {
        self.ask(method, path, self.secret, "", body)
    }

    /// All of a list.
    fn list(&self, path: &str) -> Vec<Value> {
        let (mut items, mut cursor) = (Vec::new(), String::new());
        loop {
            let mut page = self.platform("GET", &format!("{path}?limit=100{cursor}"), &Value::Null).body;
            items.append(page["items"].as_array_mut().unwrap());
            match page["next"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return items,
            }
        }
    }
}

/// What the server said was done.
#[derive(Default)]
struct Acknowledged {
    /// Tokens that opened a session, and so are used up.
    used_tokens: Vec<String>,
    /// Connections by the link codes that were not exchanged.
    linked: Vec<(String, String)>,
    /// Connections by the link codes that were.
    exchanged: Vec<(String, String)>,
    /// Connections that were deleted.
    deleted: HashSet<String>,
    /// Names of links that were made.
    links: Vec<String>,
}

/// Whether what was asked with a key was done; where it was, and the server was killed before it kept its answer, it says
/// that.
fn is_done(answer: &Answer) -> bool {
    answer.is_good() || answer.code() == "CONFLICT"
}

/// Somebody links a bank: whatever is not answered they ask again, as the widget does.
fn link(client: &Client<'_>, person: usize, done: &Mutex<Acknowledged>) {
    let issued = client.platform("POST", "/platform/v1/authorize_tokens", &json!({}));
    let token = issued.body["token"].as_str().unwrap().to_owned();
    let key = tab_key(&token);
    let query = format!("authorizeToken={token}&consentEnable=false&bank=testbank&external_id=person{person}");
    let open = json!({ "path": "/v2/", "query": query, "session_key": key });
    let opened = client.ask("POST", "/link/api/1/open", "", "", &open);
    // Even where the answer was lost, since the tab asked again with the same key.
    assert!(opened.is_good(), "a session is lost: {}", opened.body);
    done.lock().unwrap().used_tokens.push(token);
    let credentials = json!({ "SubmitCredentials": [
        { "field": "username", "value": format!("person{person}") },
        { "field": "password", "value": "anything" },
    ]});
    let (mut state, mut patience) = (opened.body["state"].clone(), 40);
    // A login that was cut off is not carried out twice: the person is told, and does it again.
    let linked = loop {
        let (step, content) = state["step"].as_object().unwrap().iter().next().unwrap();
        let intent = match step.as_str() {
            "Linked" => break content.clone(),
            "Credentials" => credentials.clone(),
            "Failed" => json!("Retry"),
            other => panic!("{person} sees {other}: {content}"),
        };
        let submission = json!({ "number": state["number"], "intent": intent });
        let answer = client.ask("POST", "/link/api/1/session", &key, "", &submission);
        if answer.is_good() {
            state = answer.body;
        } else {
            assert!(["STEP_IN_PROGRESS", "CONFLICT"].contains(&answer.code()), "{}", answer.body);
            // Whoever carried the step out was killed: the session is free again when its lease is over. They give up.
            patience -= 1;
            if patience == 0 {
                return;
            }
            sleep(Duration::from_millis(50));
            state = client.ask("GET", "/link/api/1/session", &key, "", &Value::Null).body;
        }
    };
    let text = |name: &str| linked[name].as_str().unwrap().to_owned();
    let (code, connection) = (text("code"), text("login_id"));
    if person.is_multiple_of(3) {
        done.lock().unwrap().linked.push((code, connection));
        return;
    }
    // Where there is no answer, it is asked again with the same key.
    if let Some(answer) = client.once("/platform/v1/link_codes/exchange", &code, &json!({ "code": code })) {
        assert!(is_done(&answer), "{}", answer.body);
        if answer.is_good() {
            assert_eq!(answer.body["connection"]["id"], connection.as_str());
        }
        done.lock().unwrap().exchanged.push((code, connection.clone()));
    }
    operate(client, person, &connection, done);
}

/// What an app does beside: makes links, refreshes, and deletes connections.
fn operate(client: &Client<'_>, person: usize, connection: &str, done: &Mutex<Acknowledged>) {
    let name = format!("Link-{person}");
    let link = json!({ "name": name, "redirect_uri": "https://app.example/linked" });
    if let Some(answer) = client.once("/platform/v1/links", &name, &link) {
        assert!(is_done(&answer), "{}", answer.body);
        done.lock().unwrap().links.push(name);
    }
    let path = format!("/platform/v1/connections/{connection}");
    if person % 3 == 1 {
        let refreshed = client.platform("POST", &format!("{path}/refresh"), &Value::Null);
        // One that was cut off is somebody's until its lease is over.
        assert!(is_done(&refreshed), "{}", refreshed.body);
    }
    if person % 6 == 2 {
        // Where the answer was lost, it is deleted already.
        let deleted = client.platform("DELETE", &path, &Value::Null);
        assert!(deleted.is_good(), "{}", deleted.body);
        done.lock().unwrap().deleted.insert(connection.to_owned());
    }
}

/// Ends what others do, also where somebody panics.
struct Ends<'a>(&'a AtomicBool);

impl Drop for Ends<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// The key of a tab, of hexadecimal digits.
fn tab_key(text: &str) -> String {
    let digits: String = text.chars().rev().take(64).collect();
    format!("{}{digits}", banklink_protocol::session::SESSION_KEY_PREFIX)
}

/// What webhooks were told of each connection, in order.
type Told = HashMap<String, Vec<String>>;

/// Takes what webhooks are told.
fn receive(listener: &TcpListener, told: &Mutex<Told>, stop: &AtomicBool) {
    listener.set_nonblocking(true).unwrap();
    while !stop.load(Ordering::Relaxed) {
        let Ok((mut stream, _)) = listener.accept() else {
            sleep(Duration::from_millis(10));
            continue;
        };
        stream.set_nonblocking(false).unwrap();
        stream.set_read_timeout(Some(Duration::from_millis(500))).unwrap();
        let (mut got, mut part) = (String::new(), [0; 4096]);
        while let Ok(read @ 1..) = stream.read(&mut part) {
            got.push_str(&String::from_utf8_lossy(&part[..read]));
            let body = got.split_once("\r\n\r\n").and_then(|(_, body)| serde_json::from_str::<Value>(body).ok());
            if let Some(body) = body {
                let text = |value: &Value| value.as_str().unwrap().to_owned();
                let kind = text(&body["type"]);
                if kind.starts_with("connection.") {
                    told.lock().unwrap().entry(text(&body["data"]["id"])).or_default().push(kind);
                }
                break;
            }
        }
        drop(stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
    }
}

#[test]
fn what_was_acknowledged_outlives_every_kill_and_nothing_is_used_twice() {
    let deployment = Deployment::new();
    let server = deployment.start(&SERVE);
    let address = server.address.clone();
    let made = deployment.run(&APP).went_well().out();
    let secret = made.lines().find_map(|line| line.strip_prefix("client secret")).unwrap().trim().to_owned();
    let client = Client { address: &address, secret: &secret };
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let hooks = format!("http://{}/", listener.local_addr().unwrap());
    assert!(client.platform("POST", "/platform/v1/app/webhooks", &json!({ "url": hooks })).is_good());

    let (done, told) = (Mutex::new(Acknowledged::default()), Mutex::new(Told::new()));
    let (stop, no_more, people) = (AtomicBool::new(false), AtomicBool::new(false), AtomicUsize::new(0));
    let server = scope(|scope| {
        let (mut server, stop_linking, _stop_receiving) = (server, Ends(&stop), Ends(&no_more));
        scope.spawn(|| receive(&listener, &told, &no_more));
        let linking: Vec<_> = (0..PEOPLE)
            .map(|_| {
                scope.spawn(|| {
                    while !stop.load(Ordering::Relaxed) {
                        link(&client, people.fetch_add(1, Ordering::Relaxed), &done);
                    }
                })
            })
            .collect();
        for _ in 0..KILLS {
            sleep(some_time());
            drop(server);
            server = deployment.start_at(&address, &SERVE);
        }
        drop(stop_linking);
        for thread in linking {
            thread.join().unwrap();
        }
        check(&client, &done.lock().unwrap());
        await_webhooks(&client, &told, &done.lock().unwrap().deleted);
        server
    });
    // Nobody listens any more: a server that stops waits for nobody who takes a message and does not answer.
    drop(listener);
    server.stops();
}

/// Never the same moment of the work: from 50 ms to a second.
fn some_time() -> Duration {
    Duration::from_millis(50 + RandomState::new().hash_one(()) % 950)
}

fn check(client: &Client<'_>, done: &Acknowledged) {
    assert!(!done.exchanged.is_empty() && !done.linked.is_empty(), "nobody linked");
    let connections: Vec<Value> = client.list("/platform/v1/connections");
    let ids: HashSet<&str> = connections.iter().map(|connection| connection["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), connections.len());
    // One person is one connection, however often they asked.
    let people: HashSet<&str> =
        connections.iter().filter_map(|connection| connection["external_id"].as_str()).collect();
    assert_eq!(people.len(), connections.len());
    for (code, connection) in done.exchanged.iter().chain(&done.linked) {
        let is_there = ids.contains(connection.as_str());
        assert_ne!(is_there, done.deleted.contains(connection), "the connection of {code}");
    }
    let links: Vec<Value> = client.list("/platform/v1/links");
    let names: HashSet<&str> = links.iter().map(|link| link["name"].as_str().unwrap()).collect();
    assert_eq!(names.len(), links.len(), "a link was made twice");
    let lost: Vec<_> = done.links.iter().filter(|name| !names.contains(name.as_str())).collect();
    assert!(lost.is_empty(), "{lost:?}");
    for connection in &ids {
        let accounts = client.platform("GET", &format!("/platform/v1/connections/{connection}/accounts"), &Value::Null);
        assert!(accounts.is_good(), "{connection} is half there: {}", accounts.body);
    }
    let exchange = |code: &str, key: &str| {
        client.ask("POST", "/platform/v1/link_codes/exchange", client.secret, key, &json!({ "code": code }))
    };
    for (code, _) in &done.exchanged {
        assert_eq!(exchange(code, "another").code(), "CODE_INVALID", "{code} is used twice");
    }
    for (code, connection) in &done.linked {
        let exchanged = exchange(code, code);
        assert_eq!(exchanged.body["connection"]["id"], connection.as_str(), "{}", exchanged.body);
        assert_eq!(exchange(code, "").code(), "CODE_INVALID", "{code} is used twice");
    }
    for (index, token) in done.used_tokens.iter().enumerate() {
        let key = tab_key(&format!("{index:064x}"));
        let query = format!("authorizeToken={token}&consentEnable=false");
        let again = json!({ "path": "/v2/", "query": query, "session_key": key });
        assert_eq!(client.ask("POST", "/link/api/1/open", "", "", &again).code(), "TOKEN_INVALID");
    }
    for session in client.list("/platform/v1/link_sessions") {
        if session["outcome"] == "linked" {
            let connection = session["connection_id"].as_str().unwrap();
            assert!(ids.contains(connection) || done.deleted.contains(connection), "{session}");
        }
    }
}

/// Every connection was told of, and the end of those that were deleted, or is about to be: what was cut off is
/// somebody's until the lease is over. Whatever was told twice, its end was told last.
fn await_webhooks(client: &Client<'_>, told: &Mutex<Told>, deleted: &HashSet<String>) {
    const DELETED: &str = "connection.deleted";
    let there = client.list("/platform/v1/connections");
    let there: Vec<&str> = there.iter().map(|connection| connection["id"].as_str().unwrap()).collect();
    for _ in 0..1_000 {
        let told = told.lock().unwrap();
        let of = |id: &str| told.get(id).map(Vec::as_slice).unwrap_or_default();
        let began = there.iter().all(|id| of(id).first().is_some_and(|first| first == "connection.created"));
        let ended = deleted.iter().all(|id| of(id).last().is_some_and(|last| last == DELETED));
        if began && ended {
            let ends = told.values().map(|kinds| kinds.iter().skip_while(|kind| *kind != DELETED));
            assert!(ends.flatten().all(|kind| kind == DELETED), "{told:?}");
            return;
        }
        drop(told);
        sleep(Duration::from_millis(100));
    }
    panic!("webhooks were not told of all connections: {:?}", told.lock().unwrap());
}
