//! The description of the platform API, and that it is true: every answer that any test here gets is compared with it.

use std::sync::LazyLock;

use axum::http::{Method, StatusCode};
use banklink_journey::described::{self, Description, Operation};
use serde_json::{Value, json};

use crate::support::{Answer, World};

/// What the server says of itself.
pub(crate) static DESCRIPTION: LazyLock<Description> =
    LazyLock::new(|| Description::new(json!(banklink_server::routes::platform::description())));

/// Asserts that an answer is one that the description knows.
pub(crate) fn assert_described(method: &Method, address: &str, answer: &Answer) {
    let (status, content_type, body) = (answer.status.as_u16(), answer.header("content-type"), &answer.text);
    let faults = DESCRIPTION.faults(method.as_str(), address, described::Answer { status, content_type, body });
    assert!(faults.is_empty(), "{method} {address}: {faults:#?} in {}", answer.text);
}

#[tokio::test]
async fn the_description_is_openapi_3_1_and_stands_beside_a_page_for_people() {
    let world = World::new().await;
    let described = world.get("/platform/openapi.json").await;
    assert_eq!((described.status, described.header("content-type")), (StatusCode::OK, "application/json"));
    assert_eq!(described.json(), *DESCRIPTION.document());
    assert_eq!(DESCRIPTION.document()["openapi"], "3.1.0");
    let page = world.get("/platform/docs").await;
    for operation in DESCRIPTION.operations() {
        let heading = format!("<code>{} {}</code>", operation.method.to_uppercase(), operation.path);
        assert!(page.text.contains(&heading), "{heading} is missing");
    }
    for shape in DESCRIPTION.document()["components"]["schemas"].as_object().unwrap().keys() {
        assert!(page.text.contains(&format!("id=\"{shape}\"")), "{shape} is missing");
    }
}

#[tokio::test]
async fn everything_that_is_described_says_what_it_is_for_and_is_there_for_those_who_have_a_secret() {
    let world = World::new().await;
    assert!(DESCRIPTION.operations().count() > 15);
    let groups: Vec<&Value> =
        DESCRIPTION.document()["tags"].as_array().unwrap().iter().map(|group| &group["name"]).collect();
    for Operation { path, method, said } in DESCRIPTION.operations() {
        assert!(said["summary"].is_string() && groups.contains(&&said["tags"][0]), "{method} {path}");
        let anybody = json!([{ "client_secret": [] }, { "operator": [] }]);
        let is_public = said["security"] == json!([{}]);
        assert!(is_public || [anybody, json!([{ "operator": [] }])].contains(&said["security"]), "{method} {path}");
        let address: Vec<&str> = path.split('/').map(|part| if part.starts_with('{') { "x" } else { part }).collect();
        let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
        let refused = world.call(method, &address.join("/"), "", is_public.then(|| json!({}))).await;
        // Whoever signs in has nothing to show yet; but it has to be a page of ours that asks.
        let expected = if is_public { ["FORBIDDEN", "INVALID_PARAMETER"] } else { ["UNAUTHORIZED"; 2] };
        assert!(expected.contains(&refused.problem().as_str()), "{path}: {}", refused.text);
    }
}
