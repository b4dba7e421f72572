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

/// The login of somebody who answered the three questions of Flinks Capital, and what their app reads of it.
async fn with_questions(toolbox: &Integration<'_>) -> String {
    let token = toolbox.token().await;
    let asked = toolbox.authorize_with(&token, super::login("Greatday")).await;
    let responses = json!({ "What city were you born in?": "Montreal",
        "What is the best country on earth?": "Canada", "What shape do people like most?": "Triangle" });
    let answers = json!({ "RequestId": asked.json()["RequestId"], "SecurityResponses": responses });
    toolbox.authorize_with(&token, answers).await.ok()["Login"]["Id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_questions_of_a_login_are_listed_and_its_answers_kept() {
    let world = World::new().await;
    let (toolbox, other) = (Integration::toolbox(&world), Integration::other(&world));
    let login = with_questions(&toolbox).await;
    let path = format!("GetMFAQuestions/{login}");
    let asked =
        ["What city were you born in?", "What is the best country on earth?", "What shape do people like most?"];
    let expected = json!({ "Message": "SUCCESS", "Questions": asked.map(|question| json!({ "Question": question })) });
    assert_eq!(toolbox.ask(Method::GET, &path, None).await.ok(), expected);
    refused(&other.ask(Method::GET, &path, None).await, 401, "INVALID_LOGIN");

    // Nobody has to be there: the person's own answers are kept.
    let live = async || toolbox.authorize(json!({ "LoginId": login, "MostRecentCached": false })).await;
    assert_eq!(live().await.status.as_u16(), 200);
    let keep = async |question: &str, answer: &str| {
        let body = json!({ "LoginId": login, "Questions": [{ "Question": question, "Answer": answer }] });
        toolbox.ask(Method::PATCH, "AnswerMFAQuestions", Some(body)).await
    };
    assert_eq!(keep(asked[0], "Toronto").await.ok(), json!({ "Message": "Answers updated" }));
    let answer = live().await;
    assert_eq!((answer.status.as_u16(), answer.json()["SecurityChallenges"].as_array().unwrap().len()), (203, 3));
    assert_eq!(keep(&asked[0].to_uppercase(), " montréal ").await.ok(), json!({ "Message": "Answers updated" }));
    assert_eq!(live().await.status.as_u16(), 200);
}

#[tokio::test]
async fn answers_are_for_questions_that_are_asked() {
    let world = World::new().await;
    let (toolbox, other) = (Integration::toolbox(&world), Integration::other(&world));
    let login = with_questions(&toolbox).await;
    let keep = async |integration: &Integration<'_>, questions: serde_json::Value| {
        let body = json!({ "LoginId": login, "Questions": questions });
        integration.ask(Method::PATCH, "AnswerMFAQuestions", Some(body)).await
    };
    let right = json!([{ "Question": "What city were you born in?", "Answer": "Montreal" }]);
    refused(&keep(&other, right).await, 401, "INVALID_LOGIN");
    let unknown = json!([{ "Question": "What is your quest?", "Answer": "The grail" }]);
    refused(&keep(&toolbox, unknown).await, 401, "UNKNOWN_CHALLENGE_KEY");
    for misshapen in [json!([]), json!("Montreal"), json!([{ "Question": "What city were you born in?" }])] {
        refused(&keep(&toolbox, misshapen).await, 401, "INVALID_REQUEST");
    }
    let long = json!([{ "Question": "What city were you born in?", "Answer": "x".repeat(10_000) }]);
    refused(&keep(&toolbox, long).await, 401, "INVALID_REQUEST");
    // Who is asked nothing has no questions.
    let plain = toolbox.authorized("greatday_nomfa").await["Login"]["Id"].clone();
    let path = format!("GetMFAQuestions/{}", plain.as_str().unwrap());
    assert_eq!(toolbox.ask(Method::GET, &path, None).await.ok()["Questions"], json!([]));
}
