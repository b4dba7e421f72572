//! `Authorize` and its relatives.

use axum::http::Method;
use rstest::rstest;
use serde_json::{Value, json};

use super::{Integration, login, refused};
use crate::support::World;

const CITY: &str = "What city were you born in?";
const COUNTRY: &str = "What is the best country on earth?";
const SHAPE: &str = "What shape do people like most?";

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

/// `vendor-apis.md`, 1.3.
#[tokio::test]
async fn who_has_no_challenge_is_authorized_at_once_in_the_documented_shape() {
    let world = World::new().await;
    let answer = Integration::toolbox(&world).authorized("greatday_nomfa").await;
    let link = |rel: &str, href: &str| json!({ "rel": rel, "href": href, "example": null });
    let expected = json!({
        "HttpStatusCode": 200,
        "Links": [
            link("AccountsDetail", "/GetAccountsDetail"),
            link("AccountsSummary", "/GetAccountsSummary"),
            link("Statements", "/GetStatements"),
        ],
        "InstitutionName": "FlinksCapital",
        "Login": {
            "Username": "greatday_nomfa",
            "IsScheduledRefresh": false,
            "LastRefresh": "2026-03-02T10:00:00.000000",
            "Type": "Personal",
            "Id": answer["Login"]["Id"],
        },
        "InstitutionId": 14,
        "Institution": "FlinksCapital",
        "RequestId": answer["RequestId"],
    });
    assert_eq!(answer, expected);
    assert!([&answer["Login"]["Id"], &answer["RequestId"]].iter().all(|id| is_uuid(id)));
}

fn is_uuid(value: &Value) -> bool {
    value.as_str().is_some_and(|text| uuid::Uuid::parse_str(text).is_ok())
}

#[rstest]
#[case::lists(json!({ CITY: ["Montreal"], COUNTRY: ["Canada"], SHAPE: ["Triangle"] }))]
#[case::texts(json!({ CITY: "Montréal", COUNTRY: "canada", SHAPE: "TRIANGLE" }))]
#[case::prompts_in_another_case(json!({ CITY.to_uppercase(): "Montreal", COUNTRY.to_lowercase(): "Canada", SHAPE: "Triangle" }))]
#[tokio::test]
async fn the_challenges_are_answered_with_the_same_token(#[case] responses: Value) {
    let world = World::new().await;
    let toolbox = Integration::toolbox(&world);
    let token = toolbox.token().await;
    let asked = toolbox.authorize_with(&token, login("Greatday")).await;
    assert_eq!(asked.status.as_u16(), 203);
    let asked = asked.json();
    let question = |prompt| json!({ "Type": "QuestionAndAnswer", "Prompt": prompt });
    let expected = json!({
        "Links": [{ "rel": "Authorization", "href": "/Authorize", "example": null }],
        "HttpStatusCode": 203,
        "SecurityChallenges": [question(CITY), question(COUNTRY), question(SHAPE)],
        "Institution": "FlinksCapital",
        "RequestId": asked["RequestId"],
    });
    assert_eq!(asked, expected);

    let answers = json!({ "RequestId": asked["RequestId"], "SecurityResponses": responses });
    let answer = toolbox.authorize_with(&token, answers).await.ok();
    assert_eq!((&answer["RequestId"], &answer["Login"]["Username"]), (&asked["RequestId"], &json!("Greatday")));
    toolbox.detail(&answer, json!({})).await.ok();
}

#[tokio::test]
async fn answers_that_do_not_fit_are_told_and_the_session_goes_on() {
    let world = World::new().await;
    let toolbox = Integration::toolbox(&world);
    let token = toolbox.token().await;
    let request = toolbox.authorize_with(&token, login("Greatday")).await.json()["RequestId"].clone();
    let tries = async |responses: Value| {
        toolbox.authorize_with(&token, json!({ "RequestId": request, "SecurityResponses": responses })).await
    };
    let wrong = json!({ CITY: ["Paris"], COUNTRY: ["Canada"], SHAPE: ["Triangle"] });
    refused(&tries(wrong).await, 401, "INVALID_SECURITY_RESPONSE");
    refused(&tries(json!({ CITY: ["Montreal"], COUNTRY: [] })).await, 401, "SECURITYRESPONSES_INCOMPLETE");
    let unknown = json!({ CITY: ["Montreal"], COUNTRY: ["Canada"], SHAPE: ["Triangle"], "Who are you?": ["Ana"] });
    refused(&tries(unknown).await, 401, "UNKNOWN_CHALLENGE_KEY");
    refused(&tries(json!(["Montreal"])).await, 401, "INVALID_REQUEST");
    // Whoever lost the answer asks where the session stands.
    let stands = toolbox.authorize_with(&token, json!({ "RequestId": request })).await;
    assert_eq!((stands.status.as_u16(), &stands.json()["SecurityChallenges"][2]["Prompt"]), (203, &json!(SHAPE)));
    tries(json!({ CITY: ["Montreal"], COUNTRY: ["Canada"], SHAPE: ["Triangle"] })).await.ok();
}

#[tokio::test]
async fn a_token_is_good_for_one_login_and_never_tells_of_another() {
    let world = World::new().await;
    let toolbox = Integration::toolbox(&world);
    let with = |username: &str, password: &str| json!({ "institution": "FlinksCapital", "USERNAME": username, "Password": password });
    refused(&toolbox.authorize(with("nobody", "Everyday")).await, 401, "INVALID_USERNAME");
    let mistyped = toolbox.token().await;
    refused(&toolbox.authorize_with(&mistyped, with("greatday_nomfa", "Someday")).await, 401, "INVALID_PASSWORD");
    refused(&toolbox.authorize_with(&mistyped, with("greatday_nomfa", "Everyday")).await, 401, "ACCESS_DENIED");

    for username in ["greatday_nomfa", "Greatday"] {
        let token = toolbox.token().await;
        let first = toolbox.authorize_with(&token, with(username, "Everyday")).await;
        // Whose answer was lost asks by the id; whoever else comes with the token hears nothing of this person.
        let again = toolbox.authorize_with(&token, json!({ "RequestId": first.json()["RequestId"] })).await;
        assert_eq!(again.json(), first.json());
        refused(&toolbox.authorize_with(&token, with("test_pending", "Everyday")).await, 401, "ACCESS_DENIED");
    }
    let known = toolbox.authorized("greatday_nomfa").await["Login"]["Id"].clone();
    let other = toolbox.authorized("test_pending").await["Login"]["Id"].clone();
    for cached in [true, false] {
        let token = toolbox.token().await;
        let by_id = |id: &Value| json!({ "LoginId": id, "MostRecentCached": cached });
        toolbox.authorize_with(&token, by_id(&known)).await.ok();
        refused(&toolbox.authorize_with(&token, by_id(&other)).await, 401, "ACCESS_DENIED");
    }
    let long = json!({ "LoginId": known, "MostRecentCached": true, "Tag": "x".repeat(257) });
    refused(&toolbox.authorize(long).await, 401, "INVALID_REQUEST");
}

#[rstest]
#[case("test_disabled_account", "DISABLED_LOGIN")]
#[case("test_service_unavailable", "RETRY_LATER")]
#[tokio::test]
async fn what_fails_at_the_institution_is_told_by_its_code(#[case] username: &str, #[case] code: &str) {
    let world = World::new().await;
    let toolbox = Integration::toolbox(&world);
    refused(&toolbox.authorize(login(username)).await, 401, code);
    assert_eq!(world.outcomes().await.iter().map(|(_, count)| count).sum::<u64>(), 1, "its session is over");
}

#[rstest]
#[case::no_institution(json!({ "Username": "a", "Password": "b" }), "INVALID_REQUEST")]
#[case::no_password(json!({ "Institution": "FlinksCapital", "Username": "a" }), "INVALID_REQUEST")]
#[case::unknown_institution(json!({ "Institution": "Nowhere", "Username": "a", "Password": "b" }), "DISABLED_INSTITUTION")]
#[case::banks_own_page(json!({ "Institution": "oauthbank", "Username": "a", "Password": "b" }), "METHOD_NOT_AVAILABLE")]
#[case::number(json!({ "Institution": 14, "Username": "a", "Password": "b" }), "INVALID_REQUEST")]
#[case::unknown_login(json!({ "LoginId": "5f1d6d30-0000-4000-8000-000000000000" }), "INVALID_LOGIN")]
#[case::unknown_cached_login(json!({ "LoginId": "x", "MostRecentCached": "true" }), "INVALID_LOGIN")]
#[case::nothing(json!({}), "INVALID_REQUEST")]
#[tokio::test]
async fn what_can_not_be_authorized_is_told(#[case] body: Value, #[case] code: &str) {
    let world = World::new().await;
    refused(&Integration::toolbox(&world).authorize(body).await, 401, code);
}

#[tokio::test]
async fn only_an_authorize_token_of_this_customer_that_still_works_authorizes() {
    let world = World::new().await;
    let (toolbox, other) = (Integration::toolbox(&world), Integration::other(&world));
    let body = || login("greatday_nomfa");
    refused(&toolbox.call(Method::POST, "Authorize", &[], Some(body())).await, 401, "ACCESS_DENIED");
    let secret = toolbox.authorize_with(&toolbox.secret_key, body()).await;
    refused(&secret, 401, "ACCESS_DENIED");
    assert!(secret.json()["Message"].as_str().unwrap().contains("secret key"), "{}", secret.text);
    refused(&toolbox.authorize_with(&other.token().await, body()).await, 401, "ACCESS_DENIED");
    refused(&toolbox.authorize_with("5f1d6d30-0000-4000-8000-000000000000", body()).await, 401, "ACCESS_DENIED");
    let token = toolbox.token().await;
    world.pass(31);
    refused(&toolbox.authorize_with(&token, body()).await, 401, "ACCESS_DENIED");
}

#[tokio::test]
async fn a_session_is_its_own_tokens_and_over_after_eight_minutes() {
    let world = World::new().await;
    let toolbox = Integration::toolbox(&world);
    let token = toolbox.token().await;
    let request = toolbox.authorize_with(&token, login("Greatday")).await.json()["RequestId"].clone();
    let answers = json!({ "RequestId": request, "SecurityResponses": { CITY: "Montreal" } });
    refused(&toolbox.authorize(answers.clone()).await, 400, "SESSION_NONEXISTENT");
    world.pass(9);
    refused(&toolbox.authorize_with(&token, answers).await, 401, "SESSION_EXPIRED");
}

#[rstest]
#[case::as_it_is(true)]
#[case::anew(false)]
#[tokio::test]
async fn a_login_is_authorized_again_by_its_id_and_stays_the_same(#[case] cached: bool) {
    let world = World::new().await;
    let toolbox = Integration::toolbox(&world);
    let first = toolbox.authorized("greatday_nomfa").await;
    world.pass(45);
    let by_id = json!({ "LoginId": first["Login"]["Id"], "MostRecentCached": cached, "Save": true, "Tag": "again" });
    let again = toolbox.authorize(by_id.clone()).await.ok();
    assert_eq!(again["Login"]["Id"], first["Login"]["Id"]);
    assert_ne!(again["RequestId"], first["RequestId"]);
    let refreshed = if cached { "2026-03-02T10:00:00.000000" } else { "2026-03-02T10:45:00.000000" };
    assert_eq!((&again["Login"]["LastRefresh"], &again["Tag"]), (&json!(refreshed), &json!("again")));
    assert_eq!(toolbox.detail(&again, json!({})).await.ok()["Tag"], "again");

    let other = Integration::other(&world);
    refused(&other.authorize(by_id).await, 401, "INVALID_LOGIN");
}

#[tokio::test]
async fn an_institution_that_asks_again_asks_whoever_authorizes_anew() {
    let world = World::new().await;
    let toolbox = Integration::toolbox(&world);
    let testbank = json!({ "Institution": "TestBank", "Username": "ana", "Password": "SCA_SMS", "Language": "fr" });
    let token = toolbox.token().await;
    let asked = toolbox.authorize_with(&token, testbank).await.json();
    let prompt = asked["SecurityChallenges"][0]["Prompt"].as_str().unwrap().to_owned();
    assert!(prompt.starts_with("Saisissez le code") && asked["SecurityChallenges"].as_array().unwrap().len() == 1);
    let code = |request: &Value| json!({ "RequestId": request, "SecurityResponses": { prompt.clone(): "123456" } });
    let first = toolbox.authorize_with(&token, code(&asked["RequestId"])).await.ok();

    let token = toolbox.token().await;
    let live = json!({ "LoginId": first["Login"]["Id"], "MostRecentCached": false });
    let again = toolbox.authorize_with(&token, live).await;
    assert_eq!(again.status.as_u16(), 203, "{}", again.text);
    let again = again.json();
    let prompt = again["SecurityChallenges"][0]["Prompt"].as_str().unwrap();
    let code = json!({ "RequestId": again["RequestId"], "SecurityResponses": { prompt: ["123456"] } });
    let last = toolbox.authorize_with(&token, code).await.ok();
    assert_eq!(last["Login"]["Id"], first["Login"]["Id"]);
}

#[tokio::test]
async fn what_the_widget_linked_is_authorized_by_its_login_id() {
    let world = World::new().await;
    let toolbox = Integration::toolbox(&world);
    let token = toolbox.token().await;
    let query = format!("demo=true&authorizeToken={token}&consentEnable=false&institution=FlinksCapital");
    let mut person = world.enters("/v2/", &query).await;
    person.signs_in("greatday_nomfa", "Everyday").await;
    let login = person.sees().1["login_id"].clone();
    let answer = toolbox.authorize(json!({ "LoginId": login, "MostRecentCached": true })).await.ok();
    assert_eq!((&answer["Login"]["Id"], &answer["Login"]["Username"]), (&login, &json!("greatday_nomfa")));
    let direct = toolbox.authorized("GREATDAY_NOMFA").await;
    assert_eq!(direct["Login"]["Id"], login, "one person is one login, however they came");
}

#[tokio::test]
async fn several_logins_are_authorized_at_once() {
    let world = World::new().await;
    let toolbox = Integration::toolbox(&world);
    let known = toolbox.authorized("greatday_nomfa").await["Login"]["Id"].clone();
    let body = json!({ "LoginIds": [known, "unknown"] });
    let answer = toolbox.ask(Method::POST, "AuthorizeMultiple", Some(body.clone())).await.ok();
    assert_eq!(keys(&answer), ["HttpStatusCode", "InvalidLoginIds", "ValidLoginIds"]);
    assert_eq!(answer["InvalidLoginIds"], json!(["unknown"]));
    let [valid] = &answer["ValidLoginIds"].as_array().unwrap()[..] else { panic!("{answer}") };
    assert_eq!(valid["LoginId"], known);
    toolbox.detail(valid, json!({})).await.ok();

    refused(&toolbox.call(Method::POST, "AuthorizeMultiple", &[], Some(body)).await, 401, "INVALID_REQUEST");
    let none = toolbox.ask(Method::POST, "AuthorizeMultiple", Some(json!({ "LoginIds": [] }))).await;
    refused(&none, 401, "INVALID_REQUEST");
}

#[tokio::test]
async fn who_does_not_wait_asks_again_with_the_request_id() {
    let world = World::new().await;
    let toolbox = Integration::toolbox(&world);
    let token = toolbox.token().await;
    let ask = async |body: Value| {
        let key = [("flinks-auth-key", token.as_str())];
        toolbox.call(Method::POST, "AuthorizeAsync", &key, Some(body)).await
    };
    let begun = ask(login("Greatday")).await;
    assert_eq!((begun.status.as_u16(), &begun.json()["FlinksCode"]), (202, &json!("OPERATION_PENDING")));
    let request = begun.json()["RequestId"].clone();
    let polls = async |body: Value, until: u16| loop {
        let answer = ask(body.clone()).await;
        if answer.status.as_u16() == until {
            return answer.json();
        }
        assert_eq!(answer.status.as_u16(), 202, "{}", answer.text);
        tokio::task::yield_now().await;
    };
    let asked = polls(json!({ "RequestId": request }), 203).await;
    assert_eq!(asked["SecurityChallenges"][0]["Prompt"], CITY);
    let responses = json!({ CITY: "Montreal", COUNTRY: "Canada", SHAPE: "Triangle" });
    let done = polls(json!({ "RequestId": request, "SecurityResponses": responses }), 200).await;
    assert_eq!(done["RequestId"], request);
    toolbox.detail(&done, json!({})).await.ok();
}

/// Somebody of TestBank whom it asks for this.
async fn asked_by_testbank(toolbox: &Integration<'_>, token: &str, password: &str) -> crate::support::Answer {
    let login = json!({ "Institution": "testbank", "Username": "ana", "Password": password });
    toolbox.authorize_with(token, login).await
}

/// What answers a challenge rightly.
fn right_answer(challenge: &Value) -> Value {
    let prompt = challenge["Prompt"].as_str().unwrap();
    let Some(choices) = challenge["Iterables"].as_array() else { return json!("7") };
    let wanted = prompt.trim_end_matches('.').rsplit(' ').next().unwrap();
    let pictured = |choice: &&Value| choice.as_str().unwrap().ends_with(&format!(" {wanted}"));
    let picked: Vec<_> = choices.iter().filter(pictured).cloned().collect();
    if picked.is_empty() { choices[0].clone() } else { json!(picked) }
}

#[rstest]
#[case("SCA_SMS", "QuestionAndAnswer")]
#[case("SCA_EMAIL", "QuestionAndAnswer")]
#[case("SCA_CALL", "QuestionAndAnswer")]
#[case("SCA_APP_CODE", "QuestionAndAnswer")]
#[case("SCA_DIGIPASS", "QuestionAndAnswer")]
#[case("SCA_CODE", "QuestionAndAnswer")]
#[case("SCA_COORDINATE", "QuestionAndAnswer")]
#[case("SCA_QUESTIONS", "MultipleChoice")]
#[case("SCA_METHODS", "MultipleChoice")]
#[case("SCA_PICTURE", "MultipleChoice")]
#[case("SCA_PICTURES", "MultipleChoiceMultipleAnswers")]
#[tokio::test]
async fn whatever_a_bank_asks_is_asked_by_prompt_and_answered_by_it(#[case] password: &str, #[case] first: &str) {
    let world = World::new().await;
    let toolbox = Integration::toolbox(&world);
    let token = toolbox.token().await;
    let mut answer = asked_by_testbank(&toolbox, &token, password).await;
    assert_eq!(answer.json()["SecurityChallenges"][0]["Type"], first, "{}", answer.text);
    // Whoever chose a method is asked by it then.
    for _ in 0..3 {
        if answer.status.as_u16() != 203 {
            break;
        }
        let asked = answer.json();
        let challenges = asked["SecurityChallenges"].as_array().unwrap().iter();
        let responses: serde_json::Map<_, _> = challenges
            .map(|challenge| (challenge["Prompt"].as_str().unwrap().to_owned(), right_answer(challenge)))
            .collect();
        let body = json!({ "RequestId": asked["RequestId"], "SecurityResponses": responses });
        answer = toolbox.authorize_with(&token, body).await;
    }
    assert_eq!(answer.ok()["Login"]["Username"], "ana");
}

#[tokio::test]
async fn a_choice_that_there_is_not_and_a_picture_that_is_read_wrongly_are_told() {
    let world = World::new().await;
    let toolbox = Integration::toolbox(&world);
    for password in ["SCA_METHODS", "SCA_CAPTCHA"] {
        let token = toolbox.token().await;
        let asked = asked_by_testbank(&toolbox, &token, password).await.json();
        let prompt = asked["SecurityChallenges"][0]["Prompt"].as_str().unwrap();
        assert!(asked["SecurityChallenges"][0]["Iterables"][0].is_string(), "{asked}");
        let body = json!({ "RequestId": asked["RequestId"], "SecurityResponses": { prompt: "none of these" } });
        refused(&toolbox.authorize_with(&token, body).await, 401, "INVALID_SECURITY_RESPONSE");
    }
}

#[tokio::test]
async fn an_approval_in_the_banks_app_is_asked_for_until_it_is_given() {
    let world = World::new().await;
    let toolbox = Integration::toolbox(&world);
    let token = toolbox.token().await;
    let asked = asked_by_testbank(&toolbox, &token, "SCA_APP").await.json();
    assert_eq!(asked["SecurityChallenges"][0]["Type"], "Approval");
    let stands = async || toolbox.authorize_with(&token, json!({ "RequestId": asked["RequestId"] })).await;
    assert_eq!(stands().await.status.as_u16(), 203);
    world.pass_seconds(5);
    assert_eq!(stands().await.ok()["RequestId"], asked["RequestId"]);
}

#[tokio::test]
async fn what_only_the_persons_browser_can_do_is_told() {
    let world = World::new().await;
    let toolbox = Integration::toolbox(&world);
    let token = toolbox.token().await;
    refused(&asked_by_testbank(&toolbox, &token, "SCA_QR_ACCEPT").await, 401, "METHOD_NOT_AVAILABLE");
}
