//! `embed.js` on pages of apps, under a policy that allows neither inline styles nor anything else it does not need.

use banklink_journey::{JourneyError, Person, Place, SandboxOptions, Site, person::Card};
use fantoccini::key::Key;
use serde_json::{Value, json};

use crate::stage::{Allowed, Outcome, Stage, journey, journey_with};

/// A page that embeds the widget, and writes down what it hears. `head` comes before everything, `options` are those of
/// `banklink.create` besides the listeners, `tokens` those that its server would give.
fn page(widget: &str, head: &str, options: &str, tokens: &[String]) -> String {
    let tokens = json!(tokens);
    format!(
        r##"<!doctype html>
<html lang="en">
  <head>
    <title>An app</title>
    <link rel="icon" href="data:,">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src data:;
      script-src 'nonce-app' {widget}; connect-src {widget}; frame-src 'self' {widget}">
    <link rel="stylesheet" href="data:text/css,%23place{{max-height:700px}}">
    {head}
  </head>
  <body>
    <button id="open" type="button">Connect</button>
    <div id="place"></div>
    <script nonce="app">
      Object.assign(window, {{ heard: [], linked: [], left: [], asked: 0, tokens: {tokens} }});
      window.nextToken = async () => tokens.shift();
      window.prepare = () => {{
        window.widget = banklink.create({{
          {options},
          onEvent: (message) => heard.push(message),
          onSuccess: (message) => linked.push(message),
          onExit: (message) => left.push(message),
          onToken: () => {{ asked += 1; return nextToken(); }},
        }});
      }};
      document.querySelector("#open").addEventListener("click", () => {{
        window.widget ?? prepare();
        widget.open();
        document.querySelector("iframe").id = "banklink";
      }});
    </script>
  </body>
</html>"##
    )
}

fn script(widget: &str) -> String {
    format!(r#"<script src="{widget}/embed.js"></script>"#)
}

/// An app's page in the browser.
struct App<'stage> {
    stage: &'stage Stage,
    site: Site,
}

impl<'stage> App<'stage> {
    /// Loads a page that embeds the widget, and does not open it yet.
    async fn loads(stage: &'stage Stage, head: &str, options: &str, tokens: &[String]) -> Result<Self, JourneyError> {
        let site = Site::serve("localhost", page(stage.sandbox.widget(), head, options, tokens)).await?;
        stage.browser.goto(site.origin()).await?;
        Ok(Self { stage, site })
    }

    /// Loads a page and opens the widget with a click.
    async fn opens(
        stage: &'stage Stage,
        options: &str,
        tokens: &[String],
    ) -> Result<(Self, Person<'stage>), JourneyError> {
        let app = Self::loads(stage, &script(stage.sandbox.widget()), options, tokens).await?;
        app.clicks().await?;
        Ok((app, Person::new(&stage.browser, Place::Frame)))
    }

    async fn clicks(&self) -> Outcome {
        self.stage.browser.enter_top().await?;
        self.stage.browser.click("#open").await
    }

    /// What a script of the page returns.
    async fn says(&self, expression: &str) -> Result<Value, JourneyError> {
        self.stage.browser.enter_top().await?;
        self.stage.browser.run(&format!("return {expression}"), vec![]).await
    }

    /// Waits until an expression of the page is what it should be.
    async fn comes_to(&self, expression: &str, expected: Value) -> Outcome {
        let what = format!("{expression} to be {expected}");
        self.stage.browser.until(&what, async || Ok((self.says(expression).await? == expected).then_some(()))).await
    }

    /// What the widget's own document would post.
    async fn frame_posts(&self, message: Value) -> Outcome {
        self.stage.browser.enter_frame("#banklink").await?;
        self.stage.browser.run("parent.postMessage(arguments[0], '*')", vec![message]).await.map(|_| ())
    }

    async fn presses(&self, key: Key) -> Outcome {
        self.stage.browser.press(&key.to_string()).await
    }
}

const IN_PLACE: &str = "container: '#place', url: '/v2/?demo=true&jsRedirect=true'";
const IN_A_DIALOG: &str = "modal: true, url: '/v2/?demo=true&jsRedirect=true&bank=testbank'";

async fn with_token(stage: &Stage, options: &str) -> Result<String, JourneyError> {
    Ok(format!("{options}, token: '{}'", stage.sandbox.authorize_token().await?))
}

async fn links(person: Person<'_>) -> Outcome {
    person.agrees().await?;
    person.chooses_institution("TestBank").await?;
    person.types_credentials("ana", "any other password").await?;
    person.continues().await
}

#[tokio::test]
async fn a_bank_is_linked_in_a_container_and_the_page_hears_so_once() -> Outcome {
    journey(async |stage| {
        let token = stage.sandbox.authorize_token().await?;
        let (app, person) = App::opens(stage, &format!("container: '#place', token: '{token}'"), &[]).await?;
        links(person).await?;
        app.comes_to("linked.length", json!(1)).await?;
        assert!(app.says("linked[0].code").await?.as_str().is_some_and(|code| !code.is_empty()));
        person.sees(Card::Success).await?;
        for message in app.says("heard").await?.as_array().into_iter().flatten() {
            assert_is_documented(message);
        }

        app.frame_posts(json!({ "step": "REDIRECT", "code": "another" })).await?;
        app.frame_posts(json!({ "step": "EXIT", "reason": "closed" })).await?;
        // The height of the last screen may be heard after it.
        app.comes_to("heard.some(({ step }) => step === 'EXIT')", json!(true)).await?;
        assert_eq!(app.says("[linked.length, left.length]").await?, json!([1, 0]));
        app.says("widget.close()").await?;
        assert_eq!(app.says("[document.querySelector('iframe'), left.length]").await?, json!([null, 0]));
        Ok(())
    })
    .await
}

/// Asserts that a message is one of `docs/messages.schema.json`, with no field that is not there.
fn assert_is_documented(message: &Value) {
    let schema: Value = serde_json::from_str(include_str!("../../docs/messages.schema.json")).unwrap_or_default();
    let fields = message.as_object().into_iter().flatten();
    let definitions = schema["$defs"].as_object().into_iter().flatten();
    let step = &message["step"];
    let of_step = definitions.map(|(_, shape)| shape).find(|shape| {
        let known = &shape["properties"]["step"];
        *step == known["const"] || known["enum"].as_array().is_some_and(|steps| steps.contains(step))
    });
    let Some(shape) = of_step.filter(|_| step.is_string()) else { panic!("{message} is not documented") };
    for name in shape["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        assert!(message.get(name).is_some(), "{name} is missing in {message}");
    }
    for (name, _) in fields {
        assert!(shape["properties"].get(name).is_some(), "{name} of {message} is not documented");
    }
}

#[tokio::test]
async fn the_frame_says_what_it_is_and_is_as_high_as_its_screens_up_to_its_container() -> Outcome {
    journey(async |stage| {
        let (app, person) = App::opens(stage, &with_token(stage, IN_PLACE).await?, &[]).await?;
        let frame = app.says(
            "(({ title, allow, referrerPolicy }) => [title, allow, referrerPolicy])(document.querySelector('iframe'))",
        );
        let frame = frame.await?;
        assert_eq!((&frame[0], &frame[2]), (&json!("Connect a bank account"), &json!("origin")));
        assert!(frame[1].as_str().is_some_and(|allow| allow.contains("camera 'none'")), "{frame}");

        person.agrees().await?;
        person.finds("TestBank").await?;
        person.chooses_institution("TestBank").await?;
        person.sees(Card::Credentials).await?;
        // Of this screen: the one before had another height.
        let bounded = "heard.slice(heard.findIndex(({ step }) => step === 'COMPONENT_LOAD_CREDENTIAL'))
            .filter(({ step }) => step === 'HEIGHT').map(({ px }) => Math.min(Math.max(px, 480), 700))";
        app.comes_to(&format!("{bounded}.at(-1) === document.querySelector('iframe').offsetHeight"), json!(true))
            .await?;
        app.frame_posts(json!({ "step": "HEIGHT", "px": 20 })).await?;
        app.comes_to("document.querySelector('iframe').offsetHeight", json!(480)).await?;
        app.frame_posts(json!({ "step": "HEIGHT", "px": 9000 })).await?;
        app.comes_to("document.querySelector('iframe').offsetHeight", json!(700)).await
    })
    .await
}

#[tokio::test]
async fn the_top_of_a_dialog_stays_where_it_is() -> Outcome {
    journey(async |stage| {
        let (app, person) = App::opens(stage, &with_token(stage, IN_A_DIALOG).await?, &[]).await?;
        person.sees(Card::Consent).await?;
        let top = "document.querySelector('dialog').getBoundingClientRect().top";
        let before = app.says(top).await?;
        for px in [20, 650, 9000] {
            app.frame_posts(json!({ "step": "HEIGHT", "px": px })).await?;
            let height = "document.querySelector('dialog').offsetHeight";
            let most = app.says(&format!("Math.floor(innerHeight - {before})")).await?.as_i64().unwrap_or_default();
            app.comes_to(height, json!(i64::from(px.max(480)).min(most))).await?;
            assert_eq!(app.says(top).await?, before, "at {px}");
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_dialog_keeps_the_focus_and_escape_asks_before_anything_is_lost() -> Outcome {
    journey(async |stage| {
        let (app, person) = App::opens(stage, &with_token(stage, IN_A_DIALOG).await?, &[]).await?;
        person.agrees().await?;
        person.sees(Card::Credentials).await?;
        assert_eq!(app.says("document.querySelector('dialog').matches(':modal')").await?, json!(true));
        let stolen = "(document.querySelector('#open').focus(), document.activeElement.id)";
        assert_ne!(app.says(stolen).await?, json!("open"), "what is behind the dialog can't be focused");

        // In the widget: it asks, and a second Escape stays.
        person.browser().await?.click("#title-credentials").await?;
        app.presses(Key::Escape).await?;
        person.reads("title-leave").await?;
        app.presses(Key::Escape).await?;
        gone(stage, person, "title-leave").await?;
        person.sees(Card::Credentials).await?;

        // Outside of it, on the dialog itself.
        app.says("document.querySelector('dialog').focus()").await?;
        app.presses(Key::Escape).await?;
        person.reads("title-leave").await?;
        assert_eq!(app.says("[left.length, document.activeElement.id]").await?, json!([0, "banklink"]));
        person.clicks("button-leave").await?;
        app.comes_to("left.map(({ reason, at }) => [reason, at])", json!([["closed", "credentials"]])).await?;
        assert_eq!(app.says("document.querySelector('dialog, iframe')").await?, Value::Null);
        assert_eq!(app.says("document.activeElement.id").await?, json!("open"), "the focus is back where it was");
        Ok(())
    })
    .await
}

async fn gone(stage: &Stage, person: Person<'_>, id: &str) -> Outcome {
    let what = format!("{id} to be gone");
    let selector = format!("#{id}");
    stage.browser.until(&what, async || Ok((!person.browser().await?.shows(&selector).await?).then_some(()))).await
}

#[tokio::test]
async fn escape_in_the_search_box_empties_it_first() -> Outcome {
    journey(async |stage| {
        let options = "modal: true, url: '/v2/?demo=true&jsRedirect=true'";
        let (app, person) = App::opens(stage, &with_token(stage, options).await?, &[]).await?;
        person.agrees().await?;
        person.searches("flinks").await?;
        app.presses(Key::Escape).await?;
        person.finds("TestBank").await?;
        app.presses(Key::Escape).await?;
        person.reads("title-leave").await.map(|_| ())
    })
    .await
}

#[tokio::test]
async fn a_dialog_whose_widget_never_comes_closes_at_once() -> Outcome {
    journey(async |stage| {
        let (app, _) = App::opens(stage, "modal: true, url: location.origin + '/nothing'", &[]).await?;
        app.comes_to("document.querySelector('dialog').open", json!(true)).await?;
        app.presses(Key::Escape).await?;
        app.comes_to("left", json!([{ "step": "EXIT", "reason": "closed", "at": "opening" }])).await?;
        assert_eq!(app.says("document.querySelector('dialog')").await?, Value::Null);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_linked_bank_closes_the_dialog_and_it_can_be_opened_again() -> Outcome {
    journey_with(SandboxOptions::default(), Allowed::RefusedRequests, async |stage| {
        let again = stage.sandbox.authorize_token().await?;
        let options = with_token(stage, "modal: true, url: '/v2/?demo=true&jsRedirect=true'").await?;
        let (app, person) = App::opens(stage, &options, &[again]).await?;
        links(person).await?;
        app.comes_to("[linked.length, document.querySelector('dialog')]", json!([1, null])).await?;

        // The first token would only say again that a bank was linked: the page is asked for another.
        app.clicks().await?;
        links(person).await?;
        app.comes_to("[linked.length, left.length, asked]", json!([2, 0, 1])).await
    })
    .await
}

#[tokio::test]
async fn a_token_that_nobody_knows_is_replaced_three_times_a_minute_at_most() -> Outcome {
    journey_with(SandboxOptions::default(), Allowed::RefusedRequests, async |stage| {
        let good = stage.sandbox.authorize_token().await?;
        let options = format!("{IN_PLACE}, token: 'nobody-knows-this'");
        let head = script(stage.sandbox.widget());
        let app = App::loads(stage, &head, &options, &["nor-this".to_owned(), good]).await?;
        let history = app.says("history.length").await?;
        app.clicks().await?;
        let person = Person::new(&stage.browser, Place::Frame);
        person.sees(Card::Consent).await?;
        assert_eq!(app.says("[asked, history.length]").await?, json!([2, history]));

        let bad: Vec<String> = (0..9).map(|number| format!("unknown-{number}")).collect();
        let (app, person) = App::opens(stage, &options, &bad).await?;
        person.sees(Card::TokenInvalid).await?;
        let invalid = "heard.filter(({ step }) => step === 'TOKEN_INVALID').length";
        app.comes_to(invalid, json!(4)).await?;
        app.comes_to("left", json!([{ "step": "EXIT", "reason": "token_invalid", "at": "token_invalid" }])).await?;
        assert_eq!(app.says("[asked, linked.length]").await?, json!([3, 0]));
        app.says("widget.close()").await?;
        assert_eq!(app.says("[left.length, document.querySelector('iframe')]").await?, json!([1, null]));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_page_that_has_no_token_hears_that_it_is_over_or_the_person_does() -> Outcome {
    const NO_TOKEN: &str = "(window.nextToken = () => Promise.reject(new Error('the server is down')), 0)";
    journey_with(SandboxOptions::default(), Allowed::RefusedRequests, async |stage| {
        let failed = async || {
            let complaints = stage.browser.complaints().await?;
            let is_told = complaints.iter().any(|complaint| complaint.message.contains("the server is down"));
            assert!(is_told || !stage.browser.tells_complaints(), "{complaints:?}");
            Outcome::Ok(())
        };
        let over = json!([{ "step": "EXIT", "reason": "token_invalid", "at": "token_invalid" }]);
        let head = script(stage.sandbox.widget());
        for options in [IN_PLACE, IN_A_DIALOG] {
            let unknown = format!("{options}, token: 'nobody-knows-this'");
            let app = App::loads(stage, &head, &unknown, &[]).await?;
            app.says(NO_TOKEN).await?;
            app.clicks().await?;
            app.comes_to("left", over.clone()).await?;
            assert_eq!(app.says("[asked, document.querySelector('dialog')]").await?, json!([1, null]), "{options}");
            failed().await?;
        }

        // Where the widget knows the app, it tells the person, who can leave.
        let (app, person) = App::opens(stage, &with_token(stage, IN_PLACE).await?, &[]).await?;
        app.says(NO_TOKEN).await?;
        person.sees(Card::Consent).await?;
        person.forgets_the_session().await?;
        person.reloads_the_widget().await?;
        person.sees(Card::TokenInvalid).await?;
        app.comes_to("asked", json!(1)).await?;
        assert_eq!(app.says("left").await?, json!([]));
        person.clicks("button-main").await?;
        app.comes_to("left.map(({ reason }) => reason)", json!(["token_invalid"])).await?;
        failed().await
    })
    .await
}

#[tokio::test]
async fn a_container_that_says_so_is_filled() -> Outcome {
    journey(async |stage| {
        let (app, person) = App::opens(stage, &with_token(stage, IN_PLACE).await?, &[]).await?;
        person.sees(Card::Consent).await?;
        app.says("Object.assign(document.querySelector('#place').style, { height: '900px', minHeight: '100%', maxHeight: '100%' })")
            .await?;
        app.comes_to("document.querySelector('iframe').offsetHeight", json!(900)).await?;
        app.says("(document.querySelector('#place').style.height = '300px', 0)").await?;
        app.comes_to("document.querySelector('iframe').offsetHeight", json!(300)).await
    })
    .await
}

#[tokio::test]
async fn a_token_that_ran_out_is_replaced_in_place() -> Outcome {
    journey_with(SandboxOptions::default(), Allowed::RefusedRequests, async |stage| {
        let next = stage.sandbox.authorize_token().await?;
        let (app, person) = App::opens(stage, &with_token(stage, IN_PLACE).await?, &[next]).await?;
        person.agrees().await?;
        person.chooses_institution("TestBank").await?;
        person.types_credentials("ana", "any other password").await?;
        person.browser().await?.run("window.isTheSame = true", vec![]).await?;
        stage.sandbox.lets_sessions_expire().await?;
        person.continues().await?;
        app.comes_to("asked", json!(1)).await?;

        // Consent and institution need not be given again.
        person.sees(Card::Credentials).await?;
        let same = person.browser().await?.run("return window.isTheSame", vec![]).await?;
        assert_eq!(same, json!(true), "the document was not loaded again");
        person.types_credentials("ana", "any other password").await?;
        person.continues().await?;
        app.comes_to("[linked.length, left.length, asked]", json!([1, 0, 1])).await
    })
    .await
}

#[tokio::test]
async fn the_host_steps_back_and_hears_whether_that_led_anywhere() -> Outcome {
    journey(async |stage| {
        let (app, person) = App::opens(stage, &with_token(stage, IN_PLACE).await?, &[]).await?;
        person.agrees().await?;
        person.chooses_institution("TestBank").await?;
        person.sees(Card::Credentials).await?;
        assert_eq!(app.says("widget.back()").await?, json!(true));
        person.sees(Card::Institutions).await?;
        app.says("widget.destroy()").await?;
        assert_eq!(app.says("widget.back()").await?, json!(false), "there is nothing to go back in");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn messages_of_others_are_not_heard() -> Outcome {
    // What the widget still has to say is not for the page that takes its place.
    journey_with(SandboxOptions::default(), Allowed::LastWords, async |stage| {
        let (app, person) = App::opens(stage, &with_token(stage, IN_PLACE).await?, &[]).await?;
        person.sees(Card::Consent).await?;
        let forged = "['REDIRECT', 'EXIT'].forEach((step) => window.postMessage({ step, code: 'forged' }, '*'))";
        app.says(forged).await?;

        // The right window, but not the widget in it.
        let elsewhere = format!("document.querySelector('iframe').src = '{}/elsewhere'", app.site.origin());
        app.says(&elsewhere).await?;
        stage
            .browser
            .until("another page in the frame", async || {
                stage.browser.enter_frame("#banklink").await?;
                Ok((!stage.browser.all("#open").await?.is_empty()).then_some(()))
            })
            .await?;
        app.frame_posts(json!({ "step": "EXIT", "reason": "forged" })).await?;
        // Whatever is posted later is heard later.
        app.says(
            "new Promise((done) => { addEventListener('message', done); postMessage('last', '*') }).then(() => 0)",
        )
        .await?;
        assert_eq!(app.says("[linked, left]").await?, json!([[], []]));
        let heard = app.says("heard").await?;
        assert!(!heard.to_string().contains("forged"), "{heard}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn loaded_twice_or_as_a_module_it_is_there_once() -> Outcome {
    journey(async |stage| {
        let widget = stage.sandbox.widget();
        let (app, person) = App::opens(stage, &with_token(stage, IN_PLACE).await?, &[]).await?;
        person.sees(Card::Consent).await?;
        let again = format!(
            "new Promise((done) => {{
                const first = window.banklink;
                const script = document.createElement('script');
                script.src = '{widget}/embed.js?again';
                script.onload = () => done(first === window.banklink);
                document.head.append(script);
            }})"
        );
        assert_eq!(app.says(&again).await?, json!(true));
        let module = format!("import('{widget}/embed.mjs').then((module) => module.default === window.banklink)");
        assert_eq!(app.says(&module).await?, json!(true));
        links(person).await?;
        app.comes_to("linked.length", json!(1)).await?;

        let head = format!(r#"<script type="module" src="{widget}/embed.mjs"></script>"#);
        let app = App::loads(stage, &head, &with_token(stage, IN_PLACE).await?, &[]).await?;
        app.comes_to("window.banklink?.origin", json!(widget)).await?;
        app.clicks().await?;
        person.sees(Card::Consent).await
    })
    .await
}

#[tokio::test]
async fn destroyed_it_leaves_nothing_behind() -> Outcome {
    const COUNTS: &str = "{
        window.listeners = new Set();
        window.timers = new Set();
        const { addEventListener, removeEventListener, setTimeout, clearTimeout } = window;
        window.addEventListener = (name, listener) => (listeners.add(listener), addEventListener(name, listener));
        window.removeEventListener = (name, listener) => (listeners.delete(listener), removeEventListener(name, listener));
        window.setTimeout = (act, after, ...rest) => {
            const timer = setTimeout(() => (timers.delete(timer), act(...rest)), after);
            // A driver may have timers of its own in the page.
            if (new Error().stack.includes('embed.js')) timers.add(timer);
            return timer;
        };
        window.clearTimeout = (timer) => (timers.delete(timer), clearTimeout(timer));
    }";
    journey(async |stage| {
        let counting = stage.browser.runs_first(COUNTS).await?;
        for options in [IN_PLACE, IN_A_DIALOG] {
            let head = script(stage.sandbox.widget());
            let app = App::loads(stage, &head, &with_token(stage, options).await?, &[]).await?;
            let before = app.says("document.documentElement.outerHTML").await?;
            app.clicks().await?;
            Person::new(&stage.browser, Place::Frame).sees(Card::Consent).await?;
            assert_eq!(app.says("listeners.size").await?, json!(1));
            let pending = "(window.pending = widget.back(), widget.destroy(), widget.destroy())";
            app.says(pending).await?;
            assert_eq!(app.says("document.documentElement.outerHTML").await?, before, "{options}");
            assert_eq!(app.says("[listeners.size, timers.size]").await?, json!([0, 0]), "{options}");
            assert_eq!(app.says("window.pending").await?, json!(false), "who waits is told");
            assert_eq!(app.says("[linked.length, left.length]").await?, json!([0, 0]), "{options}");
        }
        stage.browser.runs_first_no_more(counting).await
    })
    .await
}

#[tokio::test]
async fn the_files_for_hosts_are_there_for_every_page() -> Outcome {
    journey(async |stage| {
        let widget = stage.sandbox.widget();
        let app = App::loads(stage, &script(widget), IN_PLACE, &[]).await?;
        for (file, kind) in [
            ("embed.js", "application/javascript; charset=utf-8"),
            ("embed.mjs", "application/javascript; charset=utf-8"),
            ("embed.d.ts", "application/typescript; charset=utf-8"),
        ] {
            let headers = format!(
                "fetch('{widget}/{file}').then(({{ headers }}) => ['content-type', 'cache-control'].map((name) => headers.get(name)))"
            );
            let headers = app.says(&headers).await?;
            assert_eq!(headers[0], kind, "{file}");
            let kept = headers[1].as_str().unwrap_or_default();
            assert!(kept.contains("max-age=600") && !kept.contains("immutable"), "{file} is kept {kept}");
        }
        Ok(())
    })
    .await
}
