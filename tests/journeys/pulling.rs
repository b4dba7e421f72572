//! What is pulled away at every step of every journey: the network, the token, the session, the server. Each time the
//! person sees what happened, goes on, and nothing is done twice.

use banklink_journey::{Engine, Host, JourneyError, SandboxOptions, Walk, walk::Asked};
use serde_json::Value;

use crate::stage::{Allowed, Outcome, Stage, endings, journey_with};

/// Where something is pulled.
struct Point {
    /// What the page is opened with.
    query: &'static str,
    institution: &'static str,
    /// Chooses TestBank's challenge.
    password: &'static str,
    asked: Asked,
}

const fn point(query: &'static str, institution: &'static str, password: &'static str, asked: Asked) -> Point {
    Point { query, institution, password, asked }
}

/// One journey at each of its steps, then each kind of challenge.
const POINTS: [Point; 14] = [
    point("accountSelectorEnable=true", "TestBank", "SCA_SMS", Asked::Consent),
    point("accountSelectorEnable=true", "TestBank", "SCA_SMS", Asked::Institution),
    point("accountSelectorEnable=true", "TestBank", "SCA_SMS", Asked::Credentials),
    point("accountSelectorEnable=true", "TestBank", "SCA_SMS", Asked::Code),
    point("accountSelectorEnable=true", "TestBank", "SCA_SMS", Asked::Accounts),
    point("bank=FlinksCapital", "Flinks Capital", "", Asked::Questions),
    point("bank=testbank", "TestBank", "SCA_METHODS", Asked::Method),
    point("bank=testbank", "TestBank", "SCA_COORDINATE", Asked::Coordinates),
    point("bank=testbank", "TestBank", "SCA_CAPTCHA", Asked::Code),
    point("bank=testbank", "TestBank", "SCA_PICTURE", Asked::Pictures),
    point("bank=testbank", "TestBank", "SCA_PICTURES", Asked::Pictures),
    point("bank=testbank", "TestBank", "SCA_UPDATABLE_QR", Asked::Patience),
    point("bank=testbank", "TestBank", "SCA_APP", Asked::Patience),
    point("bank=oauthbank", "OAuth Bank", "", Asked::BankPage),
];

/// How many of them are the steps of one journey. In the other browsers these are enough: what a challenge's kind changes
/// is the flow's and the server's, and the same everywhere.
const STEPS: usize = 5;

/// What is pulled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pull {
    /// The network, before the person sends what they typed.
    Network,
    /// The server, which dies then and comes back.
    Server,
    /// The tab's key to its session: the page's token was used then, and can't be used again.
    Token,
    /// The session, which expires.
    Session,
}

impl Pull {
    async fn happens(self, stage: &Stage) -> Outcome {
        match self {
            Self::Network => stage.browser.goes_offline().await,
            Self::Server => {
                stage.sandbox.stops();
                Ok(())
            }
            Self::Token => Ok(()),
            Self::Session => stage.sandbox.lets_sessions_expire().await,
        }
    }

    /// What the person reads, or the host hears, before anything is mended.
    async fn is_told(self, host: Host<'_>, walk: Walk<'_>) -> Outcome {
        match self {
            Self::Network | Self::Server => {
                let said = walk.person.reads("message-network").await?;
                assert!(!said.is_empty());
                Ok(())
            }
            Self::Token | Self::Session => host.hears("TOKEN_INVALID").await.map(|_| ()),
        }
    }

    async fn ends(self, stage: &Stage) -> Outcome {
        match self {
            Self::Network => stage.browser.goes_online().await,
            Self::Server => stage.sandbox.starts_again().await,
            // The host's page gives another token by itself.
            Self::Token | Self::Session => Ok(()),
        }
    }
}

/// How much there is of what must be done once.
async fn done(stage: &Stage) -> Result<[i64; 3], JourneyError> {
    let sandbox = &stage.sandbox;
    Ok([
        sandbox.counts("link_sessions", "outcome = 'linked'").await?,
        sandbox.counts("connections", "TRUE").await?,
        sandbox.counts("link_codes", "used_at IS NOT NULL").await?,
    ])
}

async fn pulled_at(stage: &Stage, pull: Pull, point: &Point, user: &str) -> Outcome {
    let before = done(stage).await?;
    let (host, person) = stage.opens(point.query).await?;
    let walk = Walk { person, institution: point.institution, user, password: point.password };
    walk.goes_to(point.asked).await?;
    walk.prepares(point.asked).await?;
    pull.happens(stage).await?;
    match pull {
        Pull::Token => {
            person.forgets_the_session().await?;
            person.reloads_the_widget().await?;
        }
        _ if point.asked.is_sent() => walk.sends(point.asked).await?,
        _ => {}
    }
    pull.is_told(host, walk).await?;
    pull.ends(stage).await?;
    walk.finishes(host).await?;

    let messages = host.messages().await?;
    let ends: Vec<&Value> = endings(&messages);
    assert_eq!(ends.len(), 1, "{ends:#?}");
    assert_eq!(ends[0]["step"], "REDIRECT");
    assert_eq!(done(stage).await?, before.map(|count| count + 1), "sessions that linked, connections, exchanged codes");
    Ok(())
}

async fn pulled_everywhere(pull: Pull, allowed: Allowed) -> Outcome {
    journey_with(SandboxOptions::default(), allowed, async |stage| {
        let points = if stage.browser.engine() == Engine::Chromium { &POINTS[..] } else { &POINTS[..STEPS] };
        for (number, point) in points.iter().enumerate() {
            let at = format!("{pull:?} pulled at {:?} of {} {}", point.asked, point.institution, point.password);
            eprintln!("{at}");
            pulled_at(stage, pull, point, &format!("ana{number}")).await?;
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn without_a_network_the_person_goes_on_once_it_is_back() -> Outcome {
    pulled_everywhere(Pull::Network, Allowed::NoNetwork).await
}

#[tokio::test]
async fn without_a_server_the_person_goes_on_once_it_is_back() -> Outcome {
    pulled_everywhere(Pull::Server, Allowed::NoServer).await
}

#[tokio::test]
async fn with_a_used_token_the_person_goes_on_with_the_hosts_next() -> Outcome {
    pulled_everywhere(Pull::Token, Allowed::RefusedRequests).await
}

#[tokio::test]
async fn with_an_expired_session_the_person_goes_on_with_the_hosts_next_token() -> Outcome {
    pulled_everywhere(Pull::Session, Allowed::RefusedRequests).await
}
