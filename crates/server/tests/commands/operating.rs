//! What whoever runs a server does beside serving: copies, numbers, limits, operators.

#![cfg(unix)]

use std::{
    fs,
    io::Write,
    os::unix::fs::PermissionsExt,
    sync::atomic::{AtomicBool, Ordering},
    thread,
};

use crate::deployment::{Deployment, Server, connect, read};

const APP: [&str; 7] =
    ["app", "create", "--name", "Real", "--redirect-uri", "https://app.example/linked", "--allow-without-token"];

/// What stands behind a word at the beginning of a line.
fn value(out: &str, word: &str) -> String {
    let line = out.lines().find_map(|line| line.strip_prefix(word));
    line.unwrap_or_else(|| panic!("{word} in {out}")).trim().to_owned()
}

fn with_secret(server: &Server, secret: &str, method: &str, path: &str, body: &str) -> String {
    let mut stream = server.connect();
    let (address, length) = (&server.address, body.len());
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nAuthorization: Bearer {secret}\r\n\
         Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
    )
    .unwrap();
    read(&mut stream)
}

#[test]
fn a_copy_that_is_made_while_others_write_is_whole_and_can_be_served() {
    let deployment = Deployment::new();
    let server = deployment.start(&["serve", "--client-limit", "0", "--app-limit", "0"]);
    let secret = value(&deployment.run(&APP).went_well().out(), "client secret");
    let stop = AtomicBool::new(false);
    let written = thread::scope(|scope| {
        let writer = scope.spawn(|| {
            let mut written = 0;
            while !stop.load(Ordering::Relaxed) {
                let answer = with_secret(&server, &secret, "POST", "/platform/v1/authorize_tokens", "{}");
                assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
                written += 1;
            }
            written
        });
        for number in 0..5 {
            deployment.run(&["backup", &format!("copy{number}.db")]).went_well();
        }
        stop.store(true, Ordering::Relaxed);
        writer.join().unwrap()
    });
    assert!(written > 5, "{written}");
    let copy = deployment.path("copy4.db");
    assert_eq!(fs::metadata(&copy).unwrap().permissions().mode() & 0o777, 0o600);
    // What is there already is not written over.
    let refused = deployment.run(&["backup", "copy4.db"]).failed();
    assert!(refused.errors().contains("can't be made"), "{}", refused.errors());
    // Nor is nothing copied, where somebody is in the wrong folder.
    let refused = deployment.run(&["backup", "nothing.db", "--database", "elsewhere.db"]).failed();
    assert!(refused.errors().contains("elsewhere.db can't be read"), "{}", refused.errors());
    assert!(!deployment.path("nothing.db").exists() && !deployment.path("elsewhere.db").exists());
    server.stops();

    let restored = deployment.start(&["serve", "--database", "copy4.db", "--seal-key-file", "banklink.key"]);
    let answer = with_secret(&restored, &secret, "GET", "/platform/v1/app", "");
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("Real"), "{answer}");
    restored.stops();
}

#[test]
fn numbers_are_told_at_an_address_of_their_own() {
    let deployment = Deployment::new();
    let mut server = deployment.start(&["serve", "--metrics-listen", "127.0.0.1:0"]);
    // Nobody operates it yet: here the first one begins.
    let welcome = server.says("dashboard http://");
    assert!(welcome.starts_with(&format!("{}/dashboard/welcome#bl_inv_", server.address)), "{welcome}");
    let metrics = server.says("metrics http://");
    assert!(server.get("/health/ready").starts_with("HTTP/1.1 200"));
    assert!(server.get("/metrics").starts_with("HTTP/1.1 404"));
    // Nobody makes numbers up.
    let mut stream = server.connect();
    write!(stream, "MADEUP /nowhere HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", server.address).unwrap();
    read(&mut stream);
    let address = metrics.trim_end_matches("/metrics");
    let mut stream = connect(address);
    write!(stream, "GET /metrics HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").unwrap();
    let answer = read(&mut stream);
    for line in [
        "content-type: application/openmetrics-text",
        "banklink_build_info{version=\"",
        "banklink_requests_total{method=\"GET\",route=\"/health/ready\",status=\"200\"} 1",
        "banklink_request_duration_seconds_count{route=\"/health/ready\"} 1",
        "banklink_webhook_oldest_pending_seconds 0",
        "method=\"other\",route=\"none\",status=\"404\"",
        "# EOF",
    ] {
        assert!(answer.contains(line), "{line} in {answer}");
    }
    server.stops();
}

#[test]
fn a_client_that_floods_is_stopped_for_a_while() {
    let deployment = Deployment::new();
    let server = deployment.start(&["serve", "--client-limit", "60"]);
    let answers: Vec<_> = (0..30).map(|_| server.get("/health/live")).collect();
    let stopped: Vec<_> = answers.iter().filter(|answer| answer.starts_with("HTTP/1.1 429")).collect();
    assert!((10..=21).contains(&stopped.len()), "{}", stopped.len());
    assert!(stopped.iter().all(|answer| answer.contains("retry-after: ") && answer.contains("TOO_MANY_REQUESTS")));
    server.stops();
}

#[test]
fn an_app_that_floods_is_stopped_and_others_are_not() {
    let deployment = Deployment::new();
    let server = deployment.start(&["serve", "--app-limit", "60"]);
    let [one, other] = [(); 2].map(|()| value(&deployment.run(&APP).went_well().out(), "client secret"));
    let ask = |secret: &str| with_secret(&server, secret, "GET", "/platform/v1/app", "");
    let stopped = (0..30).filter(|_| ask(&one).starts_with("HTTP/1.1 429")).count();
    assert!((10..=21).contains(&stopped), "{stopped}");
    assert!(ask(&other).starts_with("HTTP/1.1 200"));
    server.stops();
}

#[test]
fn only_trusted_proxies_say_who_asks() {
    let deployment = Deployment::new();
    let ask = |server: &Server, client: usize| {
        let (mut stream, address) = (server.connect(), &server.address);
        write!(
            stream,
            "GET /health/live HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nX-Forwarded-For: 198.51.100.{client}\r\n\r\n"
        )
        .unwrap();
        read(&mut stream)
    };
    let limit = ["serve", "--client-limit", "6"];
    let stopped = |server: &Server| (0..20).filter(|client| ask(server, *client).starts_with("HTTP/1.1 429")).count();
    let server = deployment.start(&limit);
    assert!(stopped(&server) > 15);
    server.stops();
    let server = deployment.start(&[&limit[..], &["--trusted-proxy", "10.0.0.0/8 127.0.0.1"]].concat());
    assert_eq!(stopped(&server), 0);
    server.stops();
    let refused = deployment.run(&["serve", "--trusted-proxy", "proxy.example"]).failed();
    assert!(refused.errors().contains("not a network"), "{}", refused.errors());
}

#[test]
fn operators_are_invited_listed_and_helped() {
    let deployment = Deployment::new();
    let url = deployment.run(&["operator", "invite", "ana@example.com", "--public-url", "https://link.example"]);
    let url = url.went_well().out();
    assert!(url.starts_with("https://link.example/dashboard/welcome#bl_inv_"), "{url}");
    assert_eq!(deployment.run(&["operator", "list"]).went_well().out(), "");
    for (arguments, reason) in [
        (["operator", "invite", "ana"], "not an address of e-mail"),
        (["operator", "recover", "ana@example.com"], "nobody signs in with it"),
    ] {
        let refused = deployment.run(&arguments).failed();
        assert!(refused.errors().contains(reason), "{}", refused.errors());
    }
}
