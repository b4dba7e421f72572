//! *Mobile integration flow* of seed 000: a host that can't see where the person went collects codes, and knows by `extra`
//! whose they are.

use axum::http::Method;
use serde_json::{Value, json};

use super::{Integration, refused};
use crate::support::World;

async fn unused(integration: &Integration<'_>, query: &str) -> Vec<Value> {
    let codes = integration.call(Method::GET, &format!("platform/link{query}"), None).await.ok();
    codes.as_array().unwrap().clone()
}

#[tokio::test]
async fn codes_are_collected_and_their_people_known_by_extra() {
    let world = World::new().await;
    let integration = Integration::of(&world).await;
    let (link, other) = (integration.link().await, integration.link().await);
    let mut tokens = Vec::new();
    for (link, username, bank, user) in
        [(&link, "anna", "testbank", "1"), (&link, "Greatday", "FlinksCapital", "2"), (&other, "cleo", "testbank", "3")]
    {
        world.pass(1);
        let mut person = integration.follows(link, &format!("bank={bank}&myuser={user}&plan=gold")).await;
        person.signs_in(username, "Everyday").await;
        if bank == "FlinksCapital" {
            person.answers(&crate::support::ANSWERS).await;
        }
        tokens.push(person.code());
    }
    let code = |index: usize, link: &str, user: &str| json!({ "code": tokens[index], "link_token": link, "extra": { "myuser": user, "plan": "gold" } });
    let (first, second, third) = (code(0, &link, "1"), code(1, &link, "2"), code(2, &other, "3"));
    assert_eq!(unused(&integration, "").await, [first.clone(), second.clone(), third.clone()]);
    assert_eq!(unused(&integration, &format!("?link_token={link}")).await, [first, second.clone()]);
    assert_eq!(unused(&integration, &format!("?client_id={}", world.app.client_id)).await.len(), 3);
    let other_client = integration.call(Method::GET, "platform/link?client_id=somebody", None).await;
    refused(&other_client, "client_id");

    let exchange = async |code: &str| integration.post("platform/link", json!({ "code": code })).await;
    let exchanged = exchange(&tokens[0]).await.ok();
    let credentials = exchanged["credentials_token"].as_str().unwrap();
    let expected = json!({ "message": "Successfully retrieved", "credentials_token": credentials, "link_token": link,
        "extra": { "myuser": "1", "plan": "gold" } });
    assert_eq!(exchanged, expected);
    assert_eq!(unused(&integration, "").await, [second, third]);
    refused(&exchange(&tokens[0]).await, "code");
    refused(&exchange("nothing").await, "code");
    refused(&integration.post("platform/link", json!({})).await, "code");
    assert_eq!(integration.status(credentials).await["name"], "testbank");
}
