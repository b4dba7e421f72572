//! Addresses that an operator gives: where to listen, and where browsers find the server.

use std::{fmt, str::FromStr};

use banklink_domain::{
    app::AppMode,
    origin::{self, OriginError},
};
use thiserror::Error;
use url::{Host, Url};

/// Where to listen: an IP address or a name of this machine, and a port; port 0 takes any that is free.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListenAddress {
    host: Host,
    port: u16,
}

/// Why a text is no address to listen on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ListenAddressError {
    /// There is no number from 0 to 65535 at its end.
    #[error("a port is missing, as in 127.0.0.1:8080")]
    Port,
    /// Before the port is no host.
    #[error("not a host and a port, as in 127.0.0.1:8080, [::1]:8080 or localhost:8080")]
    Host,
    /// Frames can't be allowed to be there.
    #[error("a page there can't be allowed to embed the widget: {0}")]
    Frame(OriginError),
}

impl FromStr for ListenAddress {
    type Err = ListenAddressError;

    fn from_str(text: &str) -> Result<Self, ListenAddressError> {
        let (host, port) = text.rsplit_once(':').ok_or(ListenAddressError::Port)?;
        let port = port.parse().map_err(|_| ListenAddressError::Port)?;
        let host = Host::parse(host).map_err(|_| ListenAddressError::Host)?;
        Ok(Self { host, port })
    }
}

impl fmt::Display for ListenAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.host, self.port)
    }
}

impl ListenAddress {
    /// Reads the address of a page that embeds the widget.
    pub fn of_host_page(text: &str) -> Result<Self, ListenAddressError> {
        let address: Self = text.parse()?;
        let origin = address.browser_origin(address.port);
        origin::parse(&origin, AppMode::Sandbox).map_err(ListenAddressError::Frame)?;
        Ok(address)
    }

    /// The origin at which browsers find the listener, as `http://localhost:8081`. A name stays a name, since it is a
    /// site of its own; what stands for every address of the machine becomes one of them.
    pub fn browser_origin(&self, port: u16) -> String {
        match &self.host {
            Host::Ipv4(address) if address.is_unspecified() => format!("http://127.0.0.1:{port}"),
            Host::Ipv6(address) if address.is_unspecified() => format!("http://127.0.0.1:{port}"),
            host => format!("http://{host}:{port}"),
        }
    }
}

/// Why an address is not one at which people can find the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum PublicUrlError {
    /// No address with a host.
    #[error("not an address such as https://link.example.com")]
    Malformed,
    /// Another scheme.
    #[error("browsers come by http or https only")]
    Scheme,
    /// The server's addresses begin at the root.
    #[error("only scheme, host and port: the server is at the root of its host, not under a path")]
    MoreThanOrigin,
}

/// Reads the address that people and apps see.
pub fn public_url(text: &str) -> Result<Url, PublicUrlError> {
    let url = Url::parse(text).map_err(|_| PublicUrlError::Malformed)?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(PublicUrlError::Scheme);
    }
    let origin = Url::parse(&url.origin().ascii_serialization()).map_err(|_| PublicUrlError::Malformed)?;
    if origin == url { Ok(url) } else { Err(PublicUrlError::MoreThanOrigin) }
}

/// What is no contact for operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("neither an address of mail, as mailto:help@example.com, nor one that begins with https://")]
pub struct NoContact;

/// Reads where operators turn for help.
pub fn support(text: &str) -> Result<Url, NoContact> {
    let url = Url::parse(text).map_err(|_| NoContact)?;
    let is_mail = url.scheme() == "mailto" && url.path().contains('@');
    if is_mail || url.scheme() == "https" { Ok(url) } else { Err(NoContact) }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("127.0.0.1:8080", "http://127.0.0.1:8080")]
    #[case("localhost:8080", "http://localhost:8080")]
    #[case("0.0.0.0:8080", "http://127.0.0.1:8080")]
    #[case("[::]:8080", "http://127.0.0.1:8080")]
    #[case("[::1]:8080", "http://[::1]:8080")]
    fn browsers_find_a_listener(#[case] text: &str, #[case] origin: &str) {
        let address: ListenAddress = text.parse().unwrap();
        assert_eq!(address.browser_origin(8080), origin);
        assert_eq!(address.to_string(), text);
    }

    #[rstest]
    #[case("8080", ListenAddressError::Port)]
    #[case("localhost", ListenAddressError::Port)]
    #[case("localhost:port", ListenAddressError::Port)]
    #[case("localhost:65536", ListenAddressError::Port)]
    #[case(":8080", ListenAddressError::Host)]
    #[case("::1:8080", ListenAddressError::Host)]
    #[case("a b:8080", ListenAddressError::Host)]
    fn what_is_no_address_is_refused(#[case] text: &str, #[case] error: ListenAddressError) {
        assert_eq!(text.parse::<ListenAddress>(), Err(error));
    }

    #[rstest]
    #[case("mailto:help@example.com", true)]
    #[case("https://example.com/help", true)]
    #[case("help@example.com", false)]
    #[case("mailto:help", false)]
    #[case("javascript:alert(1)", false)]
    #[case("http://example.com/help", false)]
    fn operators_turn_to_mail_or_to_a_safe_page(#[case] text: &str, #[case] is_contact: bool) {
        assert_eq!(support(text).is_ok(), is_contact);
    }

    #[rstest]
    #[case("localhost:8081", None)]
    #[case("127.0.0.1:0", None)]
    #[case("0.0.0.0:8081", None)]
    #[case("[::1]:8081", Some(ListenAddressError::Frame(OriginError::Ipv6)))]
    #[case("bank.example:8081", Some(ListenAddressError::Frame(OriginError::Insecure)))]
    fn the_host_page_is_where_frames_can_be_allowed(#[case] text: &str, #[case] error: Option<ListenAddressError>) {
        assert_eq!(ListenAddress::of_host_page(text).err(), error);
    }

    #[rstest]
    #[case("https://link.example.com", None)]
    #[case("https://link.example.com/", None)]
    #[case("http://127.0.0.1:8080", None)]
    #[case("link.example.com", Some(PublicUrlError::Malformed))]
    #[case("https://", Some(PublicUrlError::Malformed))]
    #[case("mailto:x@example.com", Some(PublicUrlError::Scheme))]
    #[case("https://x.example/prefix/", Some(PublicUrlError::MoreThanOrigin))]
    #[case("https://x.example/?q=1", Some(PublicUrlError::MoreThanOrigin))]
    #[case("https://x.example/#top", Some(PublicUrlError::MoreThanOrigin))]
    #[case("https://user@x.example", Some(PublicUrlError::MoreThanOrigin))]
    fn a_public_url_is_an_origin(#[case] text: &str, #[case] error: Option<PublicUrlError>) {
        assert_eq!(public_url(text).err(), error);
    }
}
