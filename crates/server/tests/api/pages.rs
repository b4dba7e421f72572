//! The widget's pages: who may frame them, what they carry, and what they never do.

use axum::http::{Method, StatusCode};
use banklink_protocol::texts::{FIRST_TEXTS, TEXT_KEYS};
use rstest::rstest;
use serde_json::json;

use crate::support::{Answer, World};

fn policy(page: &Answer) -> &str {
    page.header("content-security-policy")
}

#[tokio::test]
async fn a_page_is_framed_by_its_apps_origins_only_and_runs_nothing_inline() {
    let world = World::new().await;
    let token = world.token(&[]).await;
    let page = world.get(&format!("/v2/?authorizeToken={token}&bank=testbank")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(policy(&page).ends_with("frame-ancestors https://app.example"), "{}", policy(&page));
    assert!(!policy(&page).contains("unsafe-inline"));
    assert!(!page.text.contains(" style=") && !page.text.contains("<style"));
    assert_eq!(page.text.matches("<script").count(), 1);
    assert_eq!(page.header("cache-control"), "no-store");
    assert_eq!(page.header("referrer-policy"), "no-referrer");
    assert_eq!(page.header("x-content-type-options"), "nosniff");
    assert!(!page.text.contains(&token), "the token stays in the address");
}

#[tokio::test]
async fn a_token_of_no_app_shows_a_page_without_inputs_that_anyone_may_frame() {
    let world = World::new().await;
    for path in [
        "/v2/?authorizeToken=bl_at_unknown",
        "/v2/",
        "/link?token=nonsense",
        "/link/?token=nonsense",
        "/v2/Credential/4/",
        "/v2/Credential/",
        "/v2/credential/4",
    ] {
        let page = world.get(path).await;
        assert_eq!(page.status, StatusCode::UNAUTHORIZED, "{path}");
        // `frame-ancestors *` would leave out an app's own page, as `capacitor://localhost`.
        assert!(!policy(&page).is_empty() && !policy(&page).contains("frame-ancestors"), "{path}");
        for tag in ["<input", "<form", "<button", "<select", "<textarea"] {
            assert!(!page.text.contains(tag), "{tag} in {path}");
        }
    }
}

#[tokio::test]
async fn what_fails_on_our_side_is_told_on_a_page() {
    let world = World::new().await;
    let token = world.token(&[]).await;
    world.sql("UPDATE apps SET settings = 'broken'").await;
    let page = world.get(&format!("/v2/?authorizeToken={token}")).await;
    assert_eq!(page.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert!(policy(&page).starts_with("default-src 'none'"), "{}", policy(&page));
    assert_eq!(page.header("cache-control"), "no-store");
    assert!(page.text.contains("Something went wrong on our side"), "{}", page.text);
    assert!(page.text.contains(page.header("x-request-id")), "support can be told which request");
    assert!(!page.text.contains('{') && !page.text.contains(&token), "{}", page.text);
}

#[tokio::test]
async fn only_credential_leads_to_a_bank() {
    let world = World::new().await;
    assert_eq!(world.get("/v2/Elsewhere/4").await.problem(), "NOT_FOUND");
    let query = format!("authorizeToken={}&consentEnable=false", world.token(&[]).await);
    let person = world.enters("/v2/credential/testbank", &query).await;
    assert_eq!(person.sees().1["institution"]["id"], "testbank");
}

#[tokio::test]
async fn nothing_from_the_url_reaches_the_page_as_markup() {
    let world = World::new().await;
    let token = world.token(&[]).await;
    let hostile = "%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E";
    for consent in [true, false] {
        let query = format!(
            "authorizeToken={token}&consentEnable={consent}&language={hostile}&theme={hostile}&bank={hostile}&tag={hostile}"
        );
        let page = world.get(&format!("/v2/?{query}")).await;
        assert_eq!(page.status, StatusCode::OK);
        assert_eq!(page.text.matches("<script").count(), 1);
        assert!(!page.text.contains("<script>"), "{}", page.text);
        // The bank that is not there is named, as text.
        assert_eq!(page.text.contains("&lt;script&gt;alert(1)&lt;/script&gt;"), !consent);
    }
}

#[rstest]
#[case::consent("", "title-consent", &["Agree and continue", "Your transactions"])]
#[case::institutions("consentEnable=false", "title-select-bank", &["TestBank", "id=\"input-search-bank\""])]
#[case::credentials("consentEnable=false&bank=testbank", "title-credentials", &["type=\"password\"", "TestBank"])]
#[case::in_arabic("consentEnable=false&language=ar", "title-select-bank", &["dir=\"rtl\"", "يُرجى اختيار بنكك"])]
#[tokio::test]
async fn the_first_screen_is_on_the_page_itself(#[case] query: &str, #[case] title: &str, #[case] parts: &[&str]) {
    let world = World::new().await;
    let token = world.token(&[]).await;
    let page = world.get(&format!("/v2/?authorizeToken={token}&{query}")).await;
    let (screen, _) = page.text.split_once("id=\"bl-live\"").unwrap();
    assert!(screen.contains(&format!("id=\"{title}\"")), "{screen}");
    for part in parts {
        assert!(screen.contains(part), "{part} in {screen}");
    }
    assert!(!screen.contains(" style=") && !screen.contains(" onclick="), "nothing inline: {screen}");
}

#[tokio::test]
async fn the_page_of_a_used_token_waits_for_what_its_session_says() {
    let world = World::new().await;
    let token = world.token(&[]).await;
    world.enters("/v2/", &format!("authorizeToken={token}")).await;
    let page = world.get(&format!("/v2/?authorizeToken={token}")).await;
    assert!(page.text.contains("id=\"div-loading\"") && !page.text.contains("<input"), "{}", page.text);
}

#[rstest]
#[case::its_own("exampleapp", "webview exampleapp:", &[])]
#[case::in_another_case("ExampleApp", "webview exampleapp:", &[])]
#[case::nobodys("otherapp", "webview", &["webviewScheme"])]
#[case::everybodys("https", "webview", &["webviewScheme"])]
#[case::a_script("javascript", "webview", &["webviewScheme"])]
#[case::no_scheme("a:b", "webview", &["webviewScheme"])]
#[tokio::test]
async fn an_app_without_a_bridge_is_told_by_its_own_scheme_only(
    #[case] asked: &str,
    #[case] manner: &str,
    #[case] refused: &[&str],
) {
    let world = World::new().await;
    world.may_lead_to("exampleapp://linked").await;
    let token = world.token(&[]).await;
    let page = world.get(&format!("/v2/?authorizeToken={token}&webview=true&webviewScheme={asked}")).await;
    assert_eq!(meta(&page, "bl-manner"), manner);
    assert_eq!(page.boot().invalid_parameters, refused);
}

#[tokio::test]
async fn every_file_that_a_page_names_is_there_and_kept_for_ever() {
    let world = World::new().await;
    let token = world.token(&[]).await;
    let page = world.get(&format!("/v2/?authorizeToken={token}")).await;
    let names: std::collections::BTreeSet<&str> =
        page.text.split(['"', '\'']).filter(|part| part.starts_with("/assets/")).collect();
    assert!(names.len() >= 3, "{names:?}");
    for name in names {
        let file = world.get(name).await;
        assert_eq!(file.status, StatusCode::OK, "{name}");
        assert!(file.header("cache-control").contains("immutable"), "{name}");
    }
    assert_eq!(world.get("/assets/widget-0000000000000000.js").await.problem(), "NOT_FOUND");
}

#[tokio::test]
async fn an_apps_stylesheet_is_a_file_of_its_own_named_by_its_content() {
    let world = World::new().await;
    let body = json!({ "source": "#bank-box { background: #fadbd9; }" });
    let theme = world.platform(Method::PUT, "/platform/v1/app/theme", Some(body)).await.ok();
    let css = theme["css"].as_str().unwrap();
    let token = world.token(&[]).await;
    let page = world.get(&format!("/v2/?authorizeToken={token}")).await;
    let path = format!("/themes/{}.css", theme["hash"].as_str().unwrap());
    assert!(page.text.contains(&format!("href=\"{path}\"")), "{}", page.text);
    let file = world.get(&path).await;
    assert_eq!((file.status, file.text.as_str()), (StatusCode::OK, css));
    assert!(file.text.contains("bank-box"));
    assert_eq!(file.header("content-type"), "text/css; charset=utf-8");
}

#[tokio::test]
async fn health_says_so() {
    let world = World::new().await;
    assert_eq!(world.get("/health/live").await.status, StatusCode::OK);
    assert_eq!(world.get("/health/ready").await.status, StatusCode::OK);
}

/// What a `meta` of the page says.
fn meta<'a>(page: &'a crate::support::Answer, name: &str) -> &'a str {
    let (_, from) = page.text.split_once(&format!("<meta name=\"{name}\" content=\"")).unwrap();
    from.split_once('"').unwrap().0
}

#[rstest]
#[case("", "")]
#[case("webview=true", "webview")]
#[case("stringify=1", "stringify")]
#[case("stringify=TRUE&webview=true", "webview stringify")]
#[case("webview=false&stringify=0", "")]
#[case("webview=yes", "")]
#[tokio::test]
async fn the_page_says_how_it_talks_to_the_app_around_it(#[case] query: &str, #[case] manner: &str) {
    let world = World::new().await;
    let token = world.token(&[]).await;
    let page = world.get(&format!("/v2/?authorizeToken={token}&{query}")).await;
    assert_eq!(meta(&page, "bl-manner"), manner);
}

#[rstest]
#[case("", "")]
#[case("backgroundColor=fff", "--bl-background=#ffffff")]
#[case("foregroundColor1=%231A56DB", "--bl-accent=#1a56db")]
#[case("foregroundColor2=123456", "--bl-text=#123456")]
#[case(
    "foregroundColor2=111111&backgroundColor=222222&foregroundColor1=333333",
    "--bl-background=#222222 --bl-accent=#333333 --bl-text=#111111"
)]
#[case("backgroundColor=red", "")]
#[case("backgroundColor=url(x)", "")]
#[case("backgroundColor=12345", "")]
#[tokio::test]
async fn the_page_carries_the_colours_that_it_is_asked_to_have(#[case] query: &str, #[case] colors: &str) {
    let world = World::new().await;
    let token = world.token(&[]).await;
    let page = world.get(&format!("/v2/?authorizeToken={token}&{query}")).await;
    assert_eq!(meta(&page, "bl-colors"), colors);
    let is_wrong = !query.is_empty() && colors.is_empty();
    assert_eq!(page.boot().invalid_parameters, if is_wrong { vec!["backgroundColor"] } else { Vec::new() });
}

#[rstest]
#[case("en", "en", "Back")]
#[case("en-GB", "en", "Back")]
#[case("tlh", "en", "Back")]
#[case("es-419", "es", "Atrás")]
#[tokio::test]
async fn the_texts_of_a_language_are_had_without_a_reload(
    #[case] asked: &str,
    #[case] language: &str,
    #[case] first: &str,
) {
    let world = World::new().await;
    let texts = world.get(&format!("/link/api/1/texts/{asked}")).await;
    assert_eq!((texts.status, texts.header("content-language")), (StatusCode::OK, language));
    assert_eq!((texts.header("content-type"), texts.header("x-direction")), ("text/plain; charset=utf-8", "ltr"));
    let lines: Vec<_> = texts.text.lines().collect();
    assert_eq!((lines.len(), lines[0]), (TEXT_KEYS.len(), first));
    assert_eq!(world.call(Method::POST, "/link/api/1/texts/en", "", None).await.problem(), "METHOD_NOT_ALLOWED");
}

#[tokio::test]
async fn a_page_carries_the_texts_of_its_first_screen_and_all_where_that_may_be_any() {
    let world = World::new().await;
    let token = world.token(&[]).await;
    let address = format!("/v2/?authorizeToken={token}&language=es");
    let lines = |page: &Answer| {
        let (_, from) = page.text.split_once("id=\"bl-texts\"").unwrap();
        let (attributes, from) = from.split_once('>').unwrap();
        let (texts, _) = from.split_once("</template>").unwrap();
        (attributes.trim().to_owned(), texts.lines().count())
    };
    assert_eq!(lines(&world.get(&address).await), ("data-rest".to_owned(), FIRST_TEXTS));
    world.open("/v2/", &format!("authorizeToken={token}"), None).await.ok();
    assert_eq!(lines(&world.get(&address).await), (String::new(), TEXT_KEYS.len()));
}
