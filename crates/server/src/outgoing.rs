//! Messages to servers whose addresses others chose: whoever chooses must not make this server call its own network.
//!
//! What counts is the address that is connected to: names are looked up here, and what they lead to is left out unless it
//! may be reached. Redirects are not followed, and no proxy is asked.

use std::{
    error::Error,
    net::{IpAddr, SocketAddr},
    pin::Pin,
    sync::{Arc, LazyLock},
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, HeaderValue, Request, Response, header},
};
use banklink_domain::webhook::{Reply, Silence};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use hyper_rustls::{ConfigBuilderExt as _, HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{
        Client, Error as ClientError,
        connect::{HttpConnector, dns::Name},
    },
    rt::{TokioExecutor, TokioTimer},
};
use ipnet::IpNet;
use rustls::{ClientConfig, RootCertStore};
use thiserror::Error;
use tokio::time::{Instant, timeout, timeout_at};
use tower::Service;
use tracing::{debug, warn};
use url::{Host, Url};

use crate::logging::WithCauses;

/// How long it may take until there is a connection.
const CONNECT_TIME: Duration = Duration::from_secs(5);

/// How long it may take until an answer begins. With [`BODY_TIME`] shorter than a message's lease (30 seconds), so that
/// none is sent twice at once.
const TIME: Duration = Duration::from_secs(15);

/// How long an answer's body may take: the status is there, so little is lost with the rest.
const BODY_TIME: Duration = Duration::from_secs(5);

/// Which machines may be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Those that are public.
    Public,
    /// Those, and this one.
    PublicAndThisMachine,
}

impl Reach {
    /// Whether an address may be reached.
    pub fn includes(self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        is_public(address) || (self == Self::PublicAndThisMachine && address.is_loopback())
    }
}

/// Networks in which nobody is public (IANA's special-purpose registries), beside those of no unicast at all.
const NOT_PUBLIC: [&str; 24] = [
    "0.0.0.0/8",         // this network
    "10.0.0.0/8",        // private
    "100.64.0.0/10",     // between a provider and its customers
    "127.0.0.0/8",       // this machine
    "168.63.129.16/32",  // a cloud's own, to its machines
    "169.254.0.0/16",    // this link; clouds tell machines their secrets here
    "172.16.0.0/12",     // private
    "192.0.0.0/24",      // protocols
    "192.0.2.0/24",      // documentation
    "192.31.196.0/24",   // AS112
    "192.52.193.0/24",   // AMT
    "192.88.99.0/24",    // relays of 6to4, as they were
    "192.168.0.0/16",    // private
    "192.175.48.0/24",   // AS112
    "198.18.0.0/15",     // benchmarks
    "198.51.100.0/24",   // documentation
    "203.0.113.0/24",    // documentation
    "224.0.0.0/3",       // many, reserved, all
    "2001::/23",         // protocols, Teredo among them
    "2001:db8::/32",     // documentation
    "2002::/16",         // 6to4, which hides an IPv4 address
    "2620:4f:8000::/48", // AS112
    "3fff::/20",         // documentation
    "3ffe::/16",         // the 6bone, as it was
];

static NOT_PUBLIC_NETWORKS: LazyLock<Vec<IpNet>> =
    LazyLock::new(|| NOT_PUBLIC.iter().filter_map(|network| network.parse().ok()).collect());

fn is_public(address: IpAddr) -> bool {
    // IPv6 has all that is public in one eighth of it.
    let is_unicast = match address {
        IpAddr::V4(_) => true,
        IpAddr::V6(address) => address.segments()[0] & 0xe000 == 0x2000,
    };
    is_unicast && NOT_PUBLIC_NETWORKS.iter().all(|network| !network.contains(&address))
}

/// Sends messages.
#[derive(Clone)]
pub struct Outgoing {
    public: Way,
    with_this_machine: Way,
}

type Way = Client<HttpsConnector<HttpConnector<Lookup>>, Body>;

/// What a name leads to may not be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("it leads to no address that may be reached")]
struct NotReachable;

/// Looks names up.
#[derive(Clone)]
struct Lookup(Reach);

impl Service<Name> for Lookup {
    type Response = std::vec::IntoIter<SocketAddr>;
    type Error = std::io::Error;
    type Future = Pin<Box<dyn Future<Output = std::io::Result<Self::Response>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let reach = self.0;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let allowed: Vec<SocketAddr> = found.filter(|address| reach.includes(address.ip())).collect();
            if allowed.is_empty() { Err(std::io::Error::other(NotReachable)) } else { Ok(allowed.into_iter()) }
        })
    }
}

impl Outgoing {
    /// Ready to send. Where the system knows no certificates, nobody is reached by HTTPS.
    pub fn new() -> Result<Self, rustls::Error> {
        Ok(Self { public: way(Reach::Public)?, with_this_machine: way(Reach::PublicAndThisMachine)? })
    }

    /// Sends a body, and says what was said back.
    pub async fn post(&self, url: &Url, reach: Reach, headers: HeaderMap, body: Bytes) -> Reply {
        // An address that stands there itself is looked up by nobody.
        let address = match url.host() {
            Some(Host::Ipv4(address)) => Some(IpAddr::from(address)),
            Some(Host::Ipv6(address)) => Some(IpAddr::from(address)),
            _ => None,
        };
        if address.is_some_and(|address| !reach.includes(address)) {
            return Reply::Silent(Silence::NotPublic);
        }
        let way = match reach {
            Reach::Public => &self.public,
            Reach::PublicAndThisMachine => &self.with_this_machine,
        };
        let Ok(mut request) = Request::post(url.as_str()).body(Body::from(body)) else {
            return Reply::Silent(Silence::Unreachable);
        };
        request.headers_mut().extend(headers);
        request.headers_mut().insert(header::USER_AGENT, HeaderValue::from_static(USER_AGENT));
        match timeout(TIME, way.request(request)).await {
            Ok(Ok(response)) => read(response).await,
            Ok(Err(error)) => {
                debug!(error = %WithCauses(&error), "a message was not taken");
                Reply::Silent(silence(&error))
            }
            Err(_) => Reply::Silent(Silence::TooSlow),
        }
    }
}

const USER_AGENT: &str = concat!("banklink/", env!("CARGO_PKG_VERSION"));

fn way(reach: Reach) -> Result<Way, rustls::Error> {
    let mut http = HttpConnector::new_with_resolver(Lookup(reach));
    http.enforce_http(false);
    http.set_connect_timeout(Some(CONNECT_TIME));
    let https =
        HttpsConnectorBuilder::new().with_tls_config(tls()?).https_or_http().enable_http1().wrap_connector(http);
    let mut client = Client::builder(TokioExecutor::new());
    Ok(client.pool_idle_timeout(Duration::from_secs(30)).pool_timer(TokioTimer::new()).build(https))
}

fn tls() -> Result<ClientConfig, rustls::Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    Ok(match config.clone().try_with_platform_verifier() {
        Ok(config) => config.with_no_client_auth(),
        Err(error) => {
            warn!(%error, "no certificates are known, as of the package ca-certificates: webhooks by https will fail");
            config.with_root_certificates(RootCertStore::empty()).with_no_client_auth()
        }
    })
}

/// The status, and the beginning of the body. A body that breaks off, or takes too long, leaves the status as it is.
async fn read(response: Response<Incoming>) -> Reply {
    let (parts, mut incoming) = response.into_parts();
    let mut body = Vec::new();
    let until = Instant::now() + BODY_TIME;
    while body.len() < Reply::MAX_BODY
        && let Ok(Some(Ok(frame))) = timeout_at(until, incoming.frame()).await
    {
        body.extend_from_slice(frame.data_ref().map_or(&b""[..], |data| data));
    }
    body.truncate(Reply::MAX_BODY);
    // What is no text is shown as far as it is one; a character that was cut is left out.
    let text = String::from_utf8_lossy(&body).trim_end_matches('\u{fffd}').replace('\0', "\u{fffd}");
    Reply::Answered { status: parts.status.as_u16(), body: text }
}

fn silence(error: &ClientError) -> Silence {
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(known) = cause {
        let hidden = known.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        if known.is::<NotReachable>()
            || hidden.and_then(<dyn Error + Send + Sync>::downcast_ref::<NotReachable>).is_some()
        {
            return Silence::NotPublic;
        }
        cause = known.source();
    }
    Silence::Unreachable
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[test]
    fn every_network_is_read() {
        assert_eq!(NOT_PUBLIC_NETWORKS.len(), NOT_PUBLIC.len());
    }

    #[rstest]
    #[case("1.1.1.1", true)]
    #[case("172.15.255.255", true)]
    #[case("2606:4700::1111", true)]
    #[case("0.0.0.0", false)]
    #[case("10.1.2.3", false)]
    #[case("100.100.100.200", false)]
    #[case("127.0.0.1", false)]
    #[case("127.255.255.254", false)]
    #[case("169.254.169.254", false)]
    #[case("172.31.0.1", false)]
    #[case("192.168.1.1", false)]
    #[case("198.19.0.1", false)]
    #[case("224.0.0.1", false)]
    #[case("255.255.255.255", false)]
    #[case("::", false)]
    #[case("::1", false)]
    #[case("::ffff:127.0.0.1", false)]
    #[case("::ffff:10.0.0.1", false)]
    #[case("::ffff:1.1.1.1", true)]
    #[case("64:ff9b::7f00:1", false)]
    #[case("2002:7f00:1::", false)]
    #[case("2001:0:1::", false)]
    #[case("fc00::1", false)]
    #[case("fd00:ec2::254", false)]
    #[case("fe80::1", false)]
    #[case("ff02::1", false)]
    fn only_public_addresses_are_reached(#[case] address: &str, #[case] expected: bool) {
        let address: IpAddr = address.parse().unwrap();
        assert_eq!(Reach::Public.includes(address), expected);
        let local = expected || address.to_canonical().is_loopback();
        assert_eq!(Reach::PublicAndThisMachine.includes(address), local);
    }

    #[rstest]
    #[case("http://127.0.0.1:9/")]
    #[case("http://[::1]:9/")]
    #[case("http://[::ffff:127.0.0.1]:9/")]
    #[case("http://localhost:9/")]
    #[case("https://169.254.169.254/latest/meta-data")]
    #[tokio::test]
    async fn whoever_is_not_public_is_not_even_connected_to(#[case] url: &str) {
        let outgoing = Outgoing::new().unwrap();
        let reply = outgoing.post(&url.parse().unwrap(), Reach::Public, HeaderMap::new(), Bytes::new()).await;
        assert_eq!(reply, Reply::Silent(Silence::NotPublic));
    }

    #[tokio::test]
    async fn where_nobody_listens_nobody_is_reached() {
        let url = "http://127.0.0.1:1/".parse().unwrap();
        let outgoing = Outgoing::new().unwrap();
        let reply = outgoing.post(&url, Reach::PublicAndThisMachine, HeaderMap::new(), Bytes::new()).await;
        assert_eq!(reply, Reply::Silent(Silence::Unreachable));
    }
}
