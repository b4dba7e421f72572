//! What opens the widget, and where the person begins.

use banklink_journey::{App, NewApp, Person, Place, person::Card};

use super::ground::{APP, AT_TESTBANK, IMPORTED, Row, SHORT};
use crate::stage::Outcome;

pub(super) async fn link_token(row: Row<'_>) -> Outcome {
    let ground = row.ground;
    let link = ground.app.link(&ground.elsewhere()).await?;
    let person = ground.opens_at(&format!("/link?{}", row.with(&link, "bank=testbank&user=42"))).await?;
    person.sees(Card::Consent).await?;
    let title = person.reads("title-consent").await?;
    assert!(title.contains(APP), "it says which app: {title}");
    person.continues().await?;
    ground.signs_in(person, "any other password").await?;
    let address = ground.goes_to(&ground.elsewhere()).await?;
    let code = ground.hears("REDIRECT").await?["code"].as_str().unwrap_or_default().to_owned();
    let carried = match row.spelling {
        "id" => format!("token={code}&operation=CONNECT&entity=testbank"),
        _ => format!("code={code}&user=42"),
    };
    assert_eq!(address, format!("{}?{carried}", ground.elsewhere()));
    Ok(())
}

pub(super) async fn authorize_token(row: Row<'_>) -> Outcome {
    let ground = row.ground;
    let address = async || {
        let token = ground.app.authorize_token(&[]).await?;
        Ok::<_, banklink_journey::JourneyError>(format!("/v2/?{}", row.with(&token, SHORT)))
    };
    let opened = address().await?;
    let person = ground.opens_at(&opened).await?;
    person.finds("TestBank").await?;

    // It is good once, but for the tab that used it.
    person.reloads_the_widget().await?;
    person.finds("TestBank").await?;
    person.forgets_the_session().await?;
    let person = ground.opens_at(&opened).await?;
    person.sees(Card::TokenInvalid).await?;
    ground.hears("TOKEN_INVALID").await?;

    let in_time = address().await?;
    ground.stage.sandbox.lets_tokens_expire().await?;
    ground.opens_at(&in_time).await?.sees(Card::TokenInvalid).await
}

pub(super) async fn demo(row: Row<'_>) -> Outcome {
    for (value, is_listed) in [("true", false), ("1", false), ("false", true)] {
        let person = row.opens(value, SHORT).await?;
        person.finds("TestBank").await?;
        person.searches(IMPORTED).await?;
        if is_listed {
            person.finds(IMPORTED).await?;
        } else {
            person.finds_nothing().await?;
        }
    }

    let flags = ["--mode", "live"];
    let redirect_uris = ["https://pennywise.example/back".to_owned()];
    let new = NewApp { name: APP, redirect_uris: &redirect_uris, origins: &[], flags: &flags };
    let (ground, live) = (row.ground, App::create(&row.ground.stage.sandbox, &new)?);
    for (value, card) in [("true", Card::Failure), ("false", Card::Institutions)] {
        let token = live.authorize_token(&[("consentEnable", "false"), (row.spelling, value)]).await?;
        let address = format!("{}/v2/?authorizeToken={token}", ground.stage.sandbox.widget());
        ground.stage.browser.goto(&address).await?;
        Person::new(&ground.stage.browser, Place::Page).sees(card).await?;
    }
    Ok(())
}

pub(super) async fn institution(row: Row<'_>) -> Outcome {
    for (value, name) in
        [("FlinksCapital", "Flinks Capital"), ("maple harbour credit union", "Maple Harbour Credit Union")]
    {
        let person = row.opens(value, SHORT).await?;
        person.sees(Card::Credentials).await?;
        assert_eq!(person.reads("institution-name").await?, name);
    }
    // What is not there is said, above the list.
    let person = row.opens("nowhere", SHORT).await?;
    person.finds("TestBank").await
}

pub(super) async fn country(row: Row<'_>) -> Outcome {
    for (value, own) in [
        ("ca", ["Flinks Capital", "Maple Harbour Credit Union", "Banque Boréale"]),
        ("ES", ["TestBank", "Banco Almendro", "Caixa Marina"]),
    ] {
        let person = row.opens(value, SHORT).await?;
        person.finds("TestBank").await?;
        let listed = person.listed_institutions().await?;
        assert_eq!(listed[..own.len()], own, "{value}");
        assert!(listed.len() > own.len(), "others follow");
    }
    Ok(())
}

pub(super) async fn institution_filter_enable(row: Row<'_>) -> Outcome {
    let person = row.opens("false", SHORT).await?;
    person.finds("TestBank").await?;
    assert!(!person.browser().await?.shows("#select-country").await?, "nobody asked for it");

    let person = row.opens("true", SHORT).await?;
    person.finds("TestBank").await?;
    let countries = person.texts("#select-country option").await?;
    assert!(countries.len() > 2 && countries[0] == "All countries" && countries[1..].is_sorted(), "{countries:?}");
    let choose = "const select = document.querySelector('#select-country');
        select.value = arguments[0];
        select.dispatchEvent(new Event('input', { bubbles: true }))";
    person.browser().await?.run(choose, vec!["CA".into()]).await?;
    person.finds("Banque Boréale").await?;
    let gone = async || Ok((!person.listed_institutions().await?.contains(&"TestBank".to_owned())).then_some(()));
    row.ground.stage.browser.until("institutions of Canada alone", gone).await?;
    person.searches("test").await?;
    person.finds_nothing().await?;
    person.browser().await?.run(choose, vec!["".into()]).await?;
    person.finds("TestBank").await
}

pub(super) async fn request_id(row: Row<'_>) -> Outcome {
    let ground = row.ground;
    let person = ground.opens(AT_TESTBANK).await?;
    ground.signs_in(person, "SCA_SMS").await?;
    person.sees(Card::Challenge).await?;
    let session = ground.hears("COMPONENT_LOAD_MFA").await?["banklink"]["session"].clone();
    let id = session.as_str().unwrap_or_default();

    // In the tab that has it, it goes on beside any fresh token, as Flinks integrations have them.
    let person = row.opens(id, SHORT).await?;
    person.sees(Card::Challenge).await?;
    person.forgets_the_session().await?;

    // Anywhere else it opens nothing by itself: the id is no secret, and anybody has a link or a token of their own.
    let link = ground.app.link(&ground.back()).await?;
    let person = ground.opens_at(&format!("/link?{}", row.with(id, &format!("token={link}&{SHORT}")))).await?;
    ground.is_refused(person, row.spelling).await?;
    let person = row.opens(id, SHORT).await?;
    ground.is_refused(person, row.spelling).await?;

    let bound = ground.app.authorize_token(&[(row.spelling, id)]).await?;
    let person = ground.opens_with(&bound, SHORT).await?;
    person.answers_code("482913").await?;
    let redirect = ground.hears("REDIRECT").await?;
    assert_eq!((&redirect["requestId"], &redirect["institution"]), (&session, &"testbank".into()));
    Ok(())
}
