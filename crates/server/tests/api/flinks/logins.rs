//! What is done to a login.

use axum::http::Method;
use serde_json::json;

use super::{Integration, refused};
use crate::support::World;

#[tokio::test]
async fn a_login_that_is_deleted_is_gone_with_its_data() {
    let world = World::new().await;
    let (toolbox, other) = (Integration::toolbox(&world), Integration::other(&world));
    let authorized = toolbox.authorized("greatday_nomfa").await;
    let path = format!("DeleteCard/{}", authorized["Login"]["Id"].as_str().unwrap());
    refused(&other.ask(Method::DELETE, &path, None).await, 401, "INVALID_LOGIN");
    refused(&toolbox.call(Method::DELETE, &path, &[], None).await, 401, "INVALID_REQUEST");
    toolbox.detail(&authorized, json!({})).await.ok();

    let deleted = toolbox.ask(Method::DELETE, &path, None).await.ok();
    assert_eq!(deleted["HttpStatusCode"], 200);
    refused(&toolbox.detail(&authorized, json!({})).await, 400, "SESSION_NONEXISTENT");
    refused(&toolbox.authorize(json!({ "LoginId": authorized["Login"]["Id"] })).await, 401, "INVALID_LOGIN");
    refused(&toolbox.ask(Method::DELETE, &path, None).await, 401, "INVALID_LOGIN");
}

#[tokio::test]
async fn nightly_refreshes_are_switched_on_and_off_and_the_log_says_by_what() {
    let world = World::new().await;
    let other = Integration::other(&world);
    let mut body = super::login("greatday_nomfa");
    body["ScheduleRefresh"] = json!(true);
    let login = other.authorize(body).await.ok()["Login"].clone();
    assert_eq!(login["IsScheduledRefresh"], true);
    let off = json!({ "loginid": login["Id"], "IsActivated": false });
    other.ask(Method::PATCH, "SetScheduledRefresh", Some(off)).await.ok();
    let read = json!({ "LoginId": login["Id"], "MostRecentCached": true });
    assert_eq!(other.authorize(read).await.ok()["Login"]["IsScheduledRefresh"], false);
    let log = world.platform(Method::GET, "/platform/v1/app/activities", None).await.ok();
    assert_eq!(
        (&log["items"][0]["actor"], &log["items"][0]["action"]),
        (&json!("data_key"), &json!("connection.changed"))
    );

    let unsaid = json!({ "LoginId": login["Id"] });
    refused(&other.ask(Method::PATCH, "SetScheduledRefresh", Some(unsaid)).await, 401, "INVALID_REQUEST");
}
