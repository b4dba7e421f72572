//! The description of the platform API, and that it is true: every answer that any test here gets is compared with it.

use std::sync::LazyLock;

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Answer, World};

/// What the server says of itself.
static DESCRIPTION: LazyLock<Value> = LazyLock::new(|| json!(banklink_server::routes::platform::description()));

/// An operation of the description.
struct Operation {
    path: &'static str,
    method: &'static str,
    said: &'static Value,
}

fn operations() -> impl Iterator<Item = Operation> {
    let paths = DESCRIPTION["paths"].as_object().unwrap();
    paths.iter().flat_map(|(path, methods)| {
        methods.as_object().unwrap().iter().map(move |(method, said)| Operation { path, method, said })
    })
}

/// Whether an address is one of a path, whose variable parts stand in braces.
fn is_of(address: &str, path: &str) -> bool {
    let (address, path): (Vec<&str>, Vec<&str>) = (address.split('/').collect(), path.split('/').collect());
    let fits = |(part, known): (&&str, &&str)| known.starts_with('{') || part == known;
    address.len() == path.len() && address.iter().zip(&path).all(fits)
}

/// Asserts that an answer is one that the description knows.
pub(crate) fn assert_described(method: &Method, address: &str, answer: &Answer) {
    let known = |operation: &Operation| {
        operation.method.eq_ignore_ascii_case(method.as_str()) && is_of(address, operation.path)
    };
    let Some(operation) = operations().find(known) else {
        assert!(
            [StatusCode::NOT_FOUND, StatusCode::METHOD_NOT_ALLOWED].contains(&answer.status),
            "{method} {address} is not described and answers {}",
            answer.status
        );
        return;
    };
    let response = &operation.said["responses"][answer.status.as_str()];
    assert!(response.is_object(), "{method} {address} answers {}, which is not described", answer.status);
    let Some(content) = response["content"].as_object() else {
        assert_eq!(answer.text, "", "{method} {address} has nothing to say");
        return;
    };
    let schema = &content[answer.header("content-type")]["schema"];
    let schema = json!({ "allOf": [schema], "components": DESCRIPTION["components"] });
    let faults: Vec<String> = jsonschema::validator_for(&schema)
        .unwrap()
        .iter_errors(&answer.json())
        .map(|fault| format!("{} {fault}", fault.instance_path()))
        .collect();
    assert!(faults.is_empty(), "{method} {address}: {faults:#?} in {}", answer.text);
}

#[tokio::test]
async fn the_description_is_openapi_3_1_and_stands_beside_a_page_for_people() {
    let world = World::new().await;
    let described = world.get("/platform/openapi.json").await;
    assert_eq!((described.status, described.header("content-type")), (StatusCode::OK, "application/json"));
    assert_eq!(described.json(), *DESCRIPTION);
    assert_eq!(DESCRIPTION["openapi"], "3.1.0");
    let page = world.get("/platform/docs").await;
    for operation in operations() {
        let heading = format!("<code>{} {}</code>", operation.method.to_uppercase(), operation.path);
        assert!(page.text.contains(&heading), "{heading} is missing");
    }
    for shape in DESCRIPTION["components"]["schemas"].as_object().unwrap().keys() {
        assert!(page.text.contains(&format!("id=\"{shape}\"")), "{shape} is missing");
    }
}

#[tokio::test]
async fn everything_that_is_described_says_what_it_is_for_and_is_there_for_those_who_have_a_secret() {
    let world = World::new().await;
    assert!(operations().count() > 15);
    for Operation { path, method, said } in operations() {
        assert!(said["summary"].is_string() && said["tags"][0].is_string(), "{method} {path}");
        assert_eq!(said["security"], json!([{ "client_secret": [] }]), "{method} {path}");
        let address: Vec<&str> = path.split('/').map(|part| if part.starts_with('{') { "x" } else { part }).collect();
        let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
        assert_eq!(world.call(method, &address.join("/"), "", None).await.problem(), "UNAUTHORIZED", "{path}");
    }
}
