//! What every journey begins with and ends with.

use std::{
    fs,
    io::{self, Write as _},
    path::PathBuf,
    thread,
    time::Duration,
};

use banklink_journey::{
    Browser, Engine, Host, JourneyError, Person, Sandbox, SandboxOptions, Site,
    browser::{Complaint, PATIENCE},
};
use serde_json::Value;
use tokio::time;

/// How a journey ends: the rest is asserted on the way.
pub(crate) type Outcome = Result<(), JourneyError>;

/// A server of a journey's own, and a browser that is as new.
pub(crate) struct Stage {
    pub(crate) sandbox: Sandbox,
    pub(crate) browser: Browser,
}

impl Stage {
    /// Opens the host page and the widget in it. `query` goes to the widget.
    pub(crate) async fn opens(&self, query: &str) -> Result<(Host<'_>, Person<'_>), JourneyError> {
        Host::open(&self.browser, &self.sandbox, query).await
    }

    /// Opens the widget in the host page and agrees to what it says first.
    pub(crate) async fn opens_and_agrees(&self, query: &str) -> Result<(Host<'_>, Person<'_>), JourneyError> {
        let (host, person) = self.opens(query).await?;
        // The frame grows then, and what is pointed at moves.
        host.hears("HEIGHT").await?;
        person.agrees().await?;
        Ok((host, person))
    }
}

/// How long a journey may take. The longest take a third of it where the machine is busy with others; one that takes
/// longer waits for a browser that answers no more, and would have every other wait with it.
const LIMIT: Duration = Duration::from_mins(6);

/// What the consoles of all frames may say without failing the journey.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Allowed {
    /// Nothing.
    Nothing,
    /// That the server refused a request, which the journey is about.
    RefusedRequests,
    /// That there was no network, which the journey is about.
    NoNetwork,
    /// That the server was gone, or refused a request when it was back, which the journey is about.
    NoServer,
    /// That a message was for another origin than the one that is there, which the journey is about.
    OtherOrigins,
    /// The same of what a page says that is left: Firefox lets it run for a little longer.
    LastWords,
    /// Whatever is said where a program stops, which the journey is about.
    Thrown,
    /// That the browser did not let a frame take over the window, which the journey is about.
    RefusedNavigation,
}

impl Allowed {
    fn is(self, complaint: &Complaint, engine: Engine) -> bool {
        let (source, said) = match self {
            Self::Nothing => return false,
            Self::Thrown => return true,
            Self::LastWords if engine != Engine::Firefox => return false,
            Self::RefusedRequests => ("network", "status of 4"),
            Self::NoNetwork => ("network", "net::ERR_INTERNET_DISCONNECTED"),
            Self::NoServer => ("network", "Failed to load resource"),
            Self::OtherOrigins | Self::LastWords => ("", "target origin provided"),
            Self::RefusedNavigation => ("javascript", "attempt to initiate navigation"),
        };
        (source.is_empty() || complaint.source == source) && complaint.message.contains(said)
    }
}

/// A journey on which the consoles stay quiet: no policy is violated, nothing is thrown, nothing is refused.
pub(crate) async fn journey(go: impl AsyncFnOnce(&Stage) -> Outcome) -> Outcome {
    journey_with(SandboxOptions::default(), Allowed::Nothing, go).await
}

/// A journey with a server of its own kind, or on which something is refused.
pub(crate) async fn journey_with(
    options: SandboxOptions,
    allowed: Allowed,
    go: impl AsyncFnOnce(&Stage) -> Outcome,
) -> Outcome {
    let sandbox = options.start().await?;
    let stage = Stage { sandbox, browser: Browser::take().await.inspect_err(tell_accident)? };
    let gone = time::timeout(LIMIT, go(&stage)).await.unwrap_or(Err(JourneyError::NeverEnded(LIMIT)));
    if let Err(JourneyError::Unable { .. }) = &gone {
        stage.browser.hand_on().await;
        return gone.or_else(|unable| not_run(&unable));
    }
    if let Err(error) = gone {
        tell_accident(&error);
        let picture = save_picture(&stage.browser).await;
        let log = stage.sandbox.log();
        panic!("{error}\n── picture {}\n── server\n{log}", picture.display());
    }
    assert_one_ending_per_document(&stage).await?;
    let complaints = stage.browser.complaints().await?;
    let is_unexpected = |complaint: &&Complaint| !allowed.is(complaint, stage.browser.engine());
    let unexpected: Vec<&Complaint> = complaints.iter().filter(is_unexpected).collect();
    assert!(unexpected.is_empty(), "the browser complained: {unexpected:#?}");
    // Where a journey failed, its browser ends with it.
    stage.browser.hand_on().await;
    Ok(())
}

/// Whatever the journey was about: no document of the widget ends twice (`widget.md`, section 4).
async fn assert_one_ending_per_document(stage: &Stage) -> Outcome {
    let messages = Host::at(&stage.browser).messages().await?;
    let begins = |message: &Value| message["banklink"]["sequence"] == 1;
    for document in messages.chunk_by(|_, next| !begins(next)) {
        assert!(endings(document).len() <= 1, "more than one of REDIRECT and EXIT: {document:#?}");
    }
    Ok(())
}

/// Says that a journey is not possible with this browser's driver, and why. The test counts as neither passed nor
/// failed for whoever reads this line.
fn not_run(unable: &JourneyError) -> Outcome {
    tell("NOT RUN", unable).map_err(|source| JourneyError::File { path: "standard output".into(), source })
}

/// Says so if a journey ended because its browser did. Whoever reads this line may run it again; nothing else is.
fn tell_accident(error: &JourneyError) {
    if error.is_accident() {
        // The journey fails, whoever hears of it.
        let _ = tell("ACCIDENT", error);
    }
}

/// Writes a line about this journey past the test runner, which keeps what is printed to itself.
fn tell(what: &str, error: &JourneyError) -> io::Result<()> {
    let error = error.to_string().replace('\n', " ");
    writeln!(io::stdout().lock(), "{what} {}: {error}", journey_name())
}

fn journey_name() -> String {
    thread::current().name().unwrap_or("journey").to_owned()
}

async fn save_picture(browser: &Browser) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("journeys");
    let name = journey_name().replace("::", "-");
    let path = folder.join(format!("{name}.png"));
    // The journey's own failure is what matters.
    let _ = fs::create_dir_all(&folder);
    let _ = time::timeout(PATIENCE, browser.save_picture(&path)).await;
    path
}

/// A page of an app's own, where people come back to.
pub(crate) async fn linked_page() -> Result<Site, JourneyError> {
    let linked = "<title>Linked</title><link rel='icon' href='data:,'><h1>Linked</h1>";
    Site::serve("localhost", linked.to_owned()).await
}

/// The messages that end a flow.
pub(crate) fn endings(messages: &[Value]) -> Vec<&Value> {
    messages.iter().filter(|message| message["step"] == "REDIRECT" || message["step"] == "EXIT").collect()
}

/// Asserts that steps were heard in this order, whatever was heard between them.
pub(crate) fn assert_in_order(heard: &[String], expected: &[&str]) {
    let mut rest = heard.iter();
    for step in expected {
        assert!(rest.any(|heard| heard == step), "{step} is missing or out of order in {heard:#?}");
    }
}
