//! Where a request comes from, beyond the proxies that the operator trusts to say so.

use std::{
    convert::Infallible,
    fmt,
    net::{IpAddr, Ipv6Addr, SocketAddr},
};

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderName, request::Parts},
};
use ipnet::IpNet;

use crate::state::AppState;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The other end of a request's connection. Put to each request where it is taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer(pub SocketAddr);

/// Who asks, as far as addresses tell: what limits count by. An IPv6 network of 64 bits is one client, since whoever has
/// one address of it has them all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ClientAddress(Option<IpAddr>);

impl fmt::Display for ClientAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(address) => address.fmt(formatter),
            None => formatter.write_str("unknown"),
        }
    }
}

impl FromRequestParts<AppState> for ClientAddress {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<Peer>().map(|peer| peer.0.ip());
        Ok(Self::of(peer, &parts.headers, &state.trusted_proxies))
    }
}

impl ClientAddress {
    /// Whether it tells anything: not where a request did not come over a network.
    pub const fn is_known(self) -> bool {
        self.0.is_some()
    }

    /// The peer itself; or, where that is a trusted proxy, whom it names, and so on.
    fn of(peer: Option<IpAddr>, headers: &HeaderMap, trusted: &[IpNet]) -> Self {
        let is_trusted = |address: &IpAddr| trusted.iter().any(|network| network.contains(address));
        let Some(mut client) = peer.map(|address| address.to_canonical()) else { return Self(None) };
        let named = headers.get_all(FORWARDED_FOR).iter().filter_map(|value| value.to_str().ok());
        // The last is what the proxy before us wrote; those before it are what others say.
        let mut named: Vec<&str> = named.flat_map(|value| value.split(',')).map(str::trim).collect();
        while is_trusted(&client) {
            let Some(before) = named.pop().and_then(address) else { break };
            client = before;
        }
        Self(Some(network(client)))
    }
}

/// Reads an address, with or without a port.
fn address(text: &str) -> Option<IpAddr> {
    let with_port = || text.parse::<SocketAddr>().ok().map(|address| address.ip());
    let bare = text.trim_start_matches('[').trim_end_matches(']').parse().ok();
    bare.or_else(with_port).map(|address: IpAddr| address.to_canonical())
}

fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use rstest::rstest;

    use super::*;

    #[rstest]
    // Nobody is trusted, so nobody is believed.
    #[case("203.0.113.7", &["198.51.100.1"], &[], "203.0.113.7")]
    #[case("10.0.0.1", &["198.51.100.1"], &["10.0.0.0/8"], "198.51.100.1")]
    // What a client writes itself comes before what the proxy adds.
    #[case("10.0.0.1", &["1.1.1.1, 198.51.100.1"], &["10.0.0.0/8"], "198.51.100.1")]
    #[case("10.0.0.1", &["1.1.1.1", "198.51.100.1, 10.0.0.2"], &["10.0.0.0/8"], "198.51.100.1")]
    #[case("10.0.0.1", &["198.51.100.1:4711"], &["10.0.0.0/8"], "198.51.100.1")]
    #[case("10.0.0.1", &["nonsense"], &["10.0.0.0/8"], "10.0.0.1")]
    #[case("10.0.0.1", &[], &["10.0.0.0/8"], "10.0.0.1")]
    #[case("::ffff:10.0.0.1", &["[2001:db8:1:2:3::4]:80"], &["10.0.0.0/8"], "2001:db8:1:2::")]
    #[case("2001:db8:1:2:3:4:5:6", &[], &[], "2001:db8:1:2::")]
    fn only_trusted_proxies_are_believed(
        #[case] peer: &str,
        #[case] forwarded: &[&'static str],
        #[case] trusted: &[&str],
        #[case] expected: &str,
    ) {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append(FORWARDED_FOR, HeaderValue::from_static(value));
        }
        let trusted: Vec<IpNet> = trusted.iter().map(|network| network.parse().unwrap()).collect();
        assert_eq!(ClientAddress::of(peer.parse().ok(), &headers, &trusted).to_string(), expected);
    }
}
