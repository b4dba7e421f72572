//! A server under bad connections, and how it stops.

#![cfg(unix)]

use std::{
    io::{Read, Write},
    thread::sleep,
    time::Duration,
};

use banklink_protocol::problem::ProblemCode;

use crate::deployment::{Deployment, read};

const HALF_A_HEADER: &[u8] = b"GET / HTTP/1.1\r\nX";

#[test]
fn connections_that_never_ask_are_closed_and_do_not_keep_others_out() {
    let deployment = Deployment::new();
    let server = deployment.start_with_files(100, &["serve"]);
    let mut half_open: Vec<_> = (0..90).map(|_| server.connect()).collect();
    for stream in &mut half_open {
        stream.write_all(HALF_A_HEADER).unwrap();
    }
    let answer = server.get("/health/ready");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert_eq!(half_open[0].read(&mut [0]).unwrap_or(0), 0, "closed by the server");
}

#[test]
fn a_connection_that_is_done_asking_is_closed_after_a_while() {
    let deployment = Deployment::new();
    let server = deployment.start(&["serve"]);
    let mut stream = server.connect();
    write!(stream, "GET /health/live HTTP/1.1\r\nHost: {}\r\n\r\n", server.address).unwrap();
    let answer = read(&mut stream);
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("live"), "{answer}");
}

#[test]
fn half_a_header_does_not_hold_the_end_up() {
    let deployment = Deployment::new();
    let mut server = deployment.start(&["serve"]);
    let mut stream = server.connect();
    stream.write_all(HALF_A_HEADER).unwrap();
    // Until the server has it.
    sleep(Duration::from_millis(300));
    server.signal("-INT");
    assert!(server.ends_within(Duration::from_secs(5)).success());
}

const BODY: &str = r#"{"path": "/v2/", "query": "", "session_key": "x"}"#;

/// Sends a request but for the end of its body.
fn asks(server: &crate::deployment::Server) -> std::net::TcpStream {
    let mut stream = server.connect();
    let (address, length) = (&server.address, BODY.len());
    let header = format!(
        "POST /link/api/1/open HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\n\
         Content-Length: {length}\r\n\r\n"
    );
    write!(stream, "{header}{}", &BODY[..10]).unwrap();
    sleep(Duration::from_millis(300));
    stream
}

#[test]
fn what_was_begun_is_answered_before_the_end() {
    let deployment = Deployment::new();
    let mut server = deployment.start(&["serve"]);
    let mut stream = asks(&server);
    server.signal("-TERM");
    sleep(Duration::from_secs(2));
    stream.write_all(&BODY.as_bytes()[10..]).unwrap();
    let answer = read(&mut stream);
    assert!(answer.starts_with("HTTP/1.1 401") && answer.contains("TOKEN_INVALID"), "{answer}");
    assert!(server.ends_within(Duration::from_secs(5)).success());
}

#[test]
fn a_second_signal_ends_the_waiting() {
    let deployment = Deployment::new();
    let mut server = deployment.start(&["serve"]);
    let _stream = asks(&server);
    server.signal("-INT");
    sleep(Duration::from_secs(1));
    server.signal("-INT");
    assert!(server.ends_within(Duration::from_secs(3)).success());
}

#[test]
fn addresses_are_long_within_bounds() {
    let deployment = Deployment::new();
    let server = deployment.start(&["serve"]);
    let long = server.get(&format!("/nowhere?{}", "x".repeat(60_000)));
    assert!(long.starts_with("HTTP/1.1 404") && long.contains("NOT_FOUND"), "{long}");
    assert!(server.get(&format!("/nowhere?{}", "x".repeat(100_000))).starts_with("HTTP/1.1 414"));
}

#[test]
fn the_server_tells_what_its_problems_mean() {
    let deployment = Deployment::new();
    let server = deployment.start(&["serve"]);
    let page = server.get("/platform/docs/problems");
    assert!(page.starts_with("HTTP/1.1 200") && page.contains("default-src 'none'"), "{page}");
    for code in ProblemCode::ALL {
        let anchor = format!("id=\"{}\"", code.as_str().to_ascii_lowercase());
        assert!(page.contains(&anchor), "{anchor}");
    }
}

#[test]
fn a_name_is_an_address_to_listen_on() {
    let deployment = Deployment::new();
    let mut server = deployment.start(&["sandbox", "--host-listen", "localhost:0"]);
    assert!(server.says("host http://").starts_with("localhost:"));
}
