//! A server that is killed again and again while people link their banks: what was acknowledged is there, what was not is
//! there whole or not at all, and nothing can be used twice.

#![cfg(unix)]

use std::{
    collections::HashSet,
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

    /// Asks until there is an answer that is not about the server's own state.
    fn ask(&self, method: &str, path: &str, bearer: &str, key: &str, body: &Value) -> Answer {
        for _ in 0..1_000 {
            match self.try_to(method, path, bearer, key, body) {
                Some(answer) if answer.status < 500 => return answer,
                _ => sleep(Duration::from_millis(20)),
            }
        }
        panic!("{method} {path} is not answered");
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
    let exchange = json!({ "code": code });
    let exchanged = client.try_to("POST", "/platform/v1/link_codes/exchange", client.secret, &code, &exchange);
    // Where there is no answer, it is not known whether it was: nothing is said of it.
    if let Some(answer) = exchanged.filter(Answer::is_good) {
        assert_eq!(answer.body["connection"]["id"], connection.as_str());
        done.lock().unwrap().exchanged.push((code, connection));
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

/// Takes what webhooks are told, and remembers which connections were told of.
fn receive(listener: &TcpListener, told: &Mutex<HashSet<String>>, stop: &AtomicBool) {
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
                if body["type"] == "connection.created" {
                    told.lock().unwrap().insert(body["data"]["id"].as_str().unwrap().to_owned());
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

    let (done, told) = (Mutex::new(Acknowledged::default()), Mutex::new(HashSet::new()));
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
        for kill in 0..KILLS {
            // Never the same moment of the work.
            sleep(Duration::from_millis(300 + 137 * (kill as u64 % 5)));
            drop(server);
            server = deployment.start_at(&address, &SERVE);
        }
        drop(stop_linking);
        for thread in linking {
            thread.join().unwrap();
        }
        check(&client, &done.lock().unwrap());
        await_webhooks(&client, &told);
        server
    });
    // Nobody listens any more: a server that stops waits for nobody who takes a message and does not answer.
    drop(listener);
    server.stops();
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
        assert!(ids.contains(connection.as_str()), "the connection of {code} is lost");
    }
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
            assert!(ids.contains(session["connection_id"].as_str().unwrap()), "{session}");
        }
    }
}

/// Every connection was told of, or is about to be: what was cut off is somebody's until the lease is over.
fn await_webhooks(client: &Client<'_>, told: &Mutex<HashSet<String>>) {
    let connections = client.list("/platform/v1/connections");
    for _ in 0..1_000 {
        let told = told.lock().unwrap();
        let missing =
            connections.iter().filter(|connection| !told.contains(connection["id"].as_str().unwrap())).count();
        if missing == 0 {
            return;
        }
        drop(told);
        sleep(Duration::from_millis(100));
    }
    panic!("webhooks were not told of all connections");
}
