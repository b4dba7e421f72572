//! `/v0/links/…`.

use axum::http::Method;
use serde_json::{Value, json};

use super::{Integration, refused};
use crate::support::{REDIRECT, World};

const LIST: &str = "links/list-links";

async fn listed(integration: &Integration<'_>) -> Vec<Value> {
    let list = integration.post(LIST, json!({})).await.ok();
    let items = list["items"].as_array().unwrap().clone();
    assert_eq!((&list["success"], &list["count"]), (&json!(true), &json!(items.len())));
    items
}

#[tokio::test]
async fn a_link_is_created_listed_changed_and_deleted() {
    let world = World::new().await;
    world.may_lead_to("https://app.example/other").await;
    let integration = Integration::of(&world).await;
    let created = integration.post("links/create-link", json!({ "redirect_uri": REDIRECT })).await.ok();
    let link = created["data"].clone();
    let token = link["token"].as_str().unwrap();
    let expected = json!({ "token": token, "name": token, "redirect_uri": REDIRECT, "company_name": "Pocket",
        "terms_and_conditions_url": null, "privacy_policy_url": null, "active": true, "pending_code_count": 0 });
    assert_eq!((&created["success"], &link), (&json!(true), &expected));
    // As clients read it that do not look into `data`.
    assert!(link.as_object().unwrap().iter().all(|(name, value)| created[name] == *value), "{created}");
    assert_eq!(listed(&integration).await, [expected]);

    let change = json!({ "token": token, "redirect_uri": "https://app.example/other", "name": "Production",
        "company_name": "Caisse", "terms_and_conditions_url": "https://caisse.example/terms",
        "privacy_policy_url": "https://caisse.example/privacy" });
    let changed = integration.post("links/edit-link", change.clone()).await.ok();
    for (name, value) in change.as_object().unwrap() {
        assert_eq!(changed["data"][name], *value, "{name}");
    }
    let taken = json!({ "token": token, "company_name": null, "privacy_policy_url": null, "name": null });
    let taken = integration.post("links/edit-link", taken).await.ok()["data"].clone();
    assert_eq!(
        (&taken["company_name"], &taken["privacy_policy_url"], &taken["name"]),
        (&json!("Pocket"), &Value::Null, &json!(token))
    );
    assert_eq!(taken["terms_and_conditions_url"], "https://caisse.example/terms", "what is not sent stays");

    let other = integration.link().await;
    let paused = integration.post("links/pause-link", json!({ "token": token })).await.ok();
    assert_eq!(paused["data"]["active"], false);
    assert!(!world.open("/link", &format!("token={token}"), None).await.status.is_success());
    world.open("/link", &format!("token={other}"), None).await.ok();
    let resumed = integration.post("links/resume-link", json!({ "token": token })).await.ok();
    assert_eq!(resumed["data"]["active"], true);
    world.open("/link", &format!("token={token}"), None).await.ok();

    assert_eq!(integration.post("links/delete-link", json!({ "token": token })).await.ok(), json!({ "success": true }));
    let left = listed(&integration).await;
    assert_eq!(left.iter().map(|link| &link["token"]).collect::<Vec<_>>(), [&json!(other)]);
}

#[tokio::test]
async fn what_can_be_wrong_with_a_link_is_told_by_its_field() {
    let world = World::new().await;
    let integration = Integration::of(&world).await;
    let create = async |body: Value| integration.post("links/create-link", body).await;
    refused(&create(json!({})).await, "redirect_uri");
    refused(&create(json!({ "redirect_uri": "https://elsewhere.example" })).await, "redirect_uri");
    refused(&create(json!({ "redirect_uri": 4 })).await, "redirect_uri");
    for (field, value) in [
        ("name", "n".repeat(200)),
        ("company_name", "n".repeat(200)),
        ("terms_and_conditions_url", "http://app.example".to_owned()),
        ("privacy_policy_url", "javascript:alert(1)".to_owned()),
    ] {
        refused(&create(json!({ "redirect_uri": REDIRECT, field: value })).await, field);
    }
    assert_eq!(listed(&integration).await, [json!(null); 0]);
    for endpoint in ["edit-link", "pause-link", "resume-link", "delete-link"] {
        refused(&integration.post(&format!("links/{endpoint}"), json!({})).await, "token");
        let unknown = integration.post(&format!("links/{endpoint}"), json!({ "token": "bl_link_nothing" })).await;
        assert_eq!(unknown.status.as_u16(), 404, "{}", unknown.text);
    }
}

#[tokio::test]
async fn a_link_stays_until_its_codes_are_collected() {
    let world = World::new().await;
    let integration = Integration::of(&world).await;
    let link = integration.link().await;
    let mut person = integration.follows(&link, "bank=testbank").await;
    person.signs_in("anna", "anything").await;
    assert_eq!(listed(&integration).await[0]["pending_code_count"], 1);
    let delete = async || integration.post("links/delete-link", json!({ "token": link })).await;
    refused(&delete().await, "token");
    integration.post("platform/link", json!({ "code": person.code() })).await.ok();
    assert_eq!(listed(&integration).await[0]["pending_code_count"], 0);
    delete().await.ok();
}

#[tokio::test]
async fn people_agree_with_whom_their_link_names() {
    let world = World::new().await;
    let integration = Integration::of(&world).await;
    let body = json!({ "redirect_uri": REDIRECT, "company_name": "Caisse",
        "terms_and_conditions_url": "https://caisse.example/terms",
        "privacy_policy_url": "https://caisse.example/privacy" });
    let link = integration.post("links/create-link", body).await.ok();
    let query = format!("token={}", link["token"].as_str().unwrap());
    let person = world.enters("/link", &query).await;
    let (step, consent) = person.sees();
    assert_eq!((step, &consent["customer_name"]), ("Consent", &json!("Caisse")));
    let terms = json!({ "label": "Read the terms of Caisse", "url": "https://caisse.example/terms" });
    let privacy = json!({ "label": "Read how Caisse treats your data", "url": "https://caisse.example/privacy" });
    assert_eq!((&consent["terms"], &consent["privacy"]), (&terms, &privacy));
    let plain = format!("token={}", integration.link().await);
    let plain = world.enters("/link", &plain).await;
    let consent = plain.sees().1;
    assert_eq!((&consent["customer_name"], &consent["privacy"]), (&json!("Pocket"), &Value::Null));
}

#[tokio::test]
async fn another_apps_links_are_not_there() {
    let world = World::new().await;
    let integration = Integration::of(&world).await;
    let token = Integration::toolbox(&world).await.link_to_its_own().await;
    for endpoint in ["edit-link", "pause-link", "delete-link"] {
        let unknown = integration.post(&format!("links/{endpoint}"), json!({ "token": token })).await;
        assert_eq!(unknown.status.as_u16(), 404, "{}", unknown.text);
    }
    let path = format!("platform/link?link_token={token}");
    assert_eq!(integration.call(Method::GET, &path, None).await.status.as_u16(), 404);
}

#[tokio::test]
async fn no_name_turns_the_words_of_the_consent_around() {
    let world = World::new().await;
    let integration = Integration::of(&world).await;
    for turned in ["\u{202e}essiaC", "\u{2067}Caisse", "Cai\u{202d}s\u{202c}se\u{2069}"] {
        let body = json!({ "redirect_uri": REDIRECT, "company_name": turned,
            "privacy_policy_url": "https://caisse.example/privacy" });
        let link = integration.post("links/create-link", body).await.ok();
        assert_eq!(link["company_name"], turned, "it is kept as it is");
        let person = world.enters("/link", &format!("token={}", link["token"].as_str().unwrap())).await;
        let consent = person.sees().1;
        let shown = format!("{} {} {}", consent["customer_name"], consent["paragraphs"], consent["privacy"]);
        assert!(!shown.contains(['\u{202d}', '\u{202e}', '\u{2067}', '\u{2069}', '\u{202c}']), "{shown}");
        let name: String = turned.chars().filter(char::is_ascii).collect();
        assert_eq!(consent["customer_name"], name);
    }
}
