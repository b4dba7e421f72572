//! The platform API (`/platform/v1`), asked with the operator's cookie.

use banklink_platform::{APP_HEADER, ids::AppId, items::Items};
use banklink_protocol::problem::{Problem, ProblemCode};
use gloo_net::http::{Method, Request, RequestBuilder, Response};
use serde::{Serialize, de::DeserializeOwned};

use crate::ui::form::Key;

/// The header that names what is carried out once.
const KEY_HEADER: &str = "Idempotency-Key";

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Failure {
    /// The server was not reached, or what came is not its answer.
    Network,
    /// It refused.
    Refused {
        /// Why.
        problem: Box<Problem>,
        /// After how many seconds it may do it, if it said.
        wait: Option<u32>,
    },
}

impl Failure {
    /// What the server says that it is.
    pub(crate) fn code(&self) -> Option<ProblemCode> {
        match self {
            Self::Network => None,
            Self::Refused { problem, .. } => Some(problem.code),
        }
    }

    /// The field that it is about.
    pub(crate) fn parameter(&self) -> Option<&str> {
        match self {
            Self::Network => None,
            Self::Refused { problem, .. } => problem.parameter.as_deref(),
        }
    }
}

/// What a request is about.
#[derive(Clone, Copy, Debug)]
pub(crate) enum About<'a> {
    /// The organisation as a whole, or nobody yet.
    Organisation,
    /// One app.
    App(&'a AppId),
}

fn request(method: Method, path: &str, about: About<'_>) -> RequestBuilder {
    let request = RequestBuilder::new(&format!("/platform/v1/{path}")).method(method);
    match about {
        About::Organisation => request,
        About::App(app) => request.header(APP_HEADER, app.as_str()),
    }
}

/// What something must be like for a change of it to be made.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Version {
    /// As it was when it was read.
    Read(String),
    /// Not there.
    None,
    /// Whatever it is like.
    Any,
}

/// Something with what it was like.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Versioned<T> {
    pub(crate) thing: T,
    pub(crate) version: Version,
}

fn change(method: Method, path: &str, about: About<'_>, version: &Version) -> RequestBuilder {
    let request = request(method, path, about);
    match version {
        Version::Read(tag) => request.header("if-match", tag),
        Version::None => request.header("if-none-match", "*"),
        Version::Any => request,
    }
}

/// Reads something.
pub(crate) async fn get<T: DeserializeOwned>(path: &str, about: About<'_>) -> Result<T, Failure> {
    read(answer(request(Method::GET, path, about).build()).await?).await
}

/// Reads something that others change too.
pub(crate) async fn get_versioned<T: DeserializeOwned>(path: &str, about: About<'_>) -> Result<Versioned<T>, Failure> {
    read_versioned(answer(request(Method::GET, path, about).build()).await?).await
}

/// Reads a page of a list.
pub(crate) async fn list<T: DeserializeOwned>(
    path: &str,
    query: &[(&str, String)],
    about: About<'_>,
) -> Result<Items<T>, Failure> {
    let query = query.iter().map(|(name, value)| (*name, value.as_str()));
    read(answer(request(Method::GET, path, about).query(query).build()).await?).await
}

/// Reads a list to its end.
pub(crate) async fn all<T: DeserializeOwned>(path: &str, about: About<'_>) -> Result<Vec<T>, Failure> {
    let mut page = list::<T>(path, &[], about).await?;
    let mut all = page.items;
    while let Some(cursor) = page.next {
        page = list(path, &[("cursor", cursor)], about).await?;
        all.append(&mut page.items);
    }
    Ok(all)
}

/// Sends something, and reads what became of it.
pub(crate) async fn post<T: DeserializeOwned>(
    path: &str,
    about: About<'_>,
    body: &impl Serialize,
) -> Result<T, Failure> {
    read(answer(request(Method::POST, path, about).json(body)).await?).await
}

/// Makes something, once for each key.
pub(crate) async fn create<T: DeserializeOwned>(
    path: &str,
    about: About<'_>,
    body: &impl Serialize,
    Key(key): &Key,
) -> Result<T, Failure> {
    read(answer(request(Method::POST, path, about).header(KEY_HEADER, key).json(body)).await?).await
}

/// Changes something, and reads what became of it.
pub(crate) async fn patch<T: DeserializeOwned>(
    path: &str,
    about: About<'_>,
    version: &Version,
    body: &impl Serialize,
) -> Result<Versioned<T>, Failure> {
    read_versioned(answer(change(Method::PATCH, path, about, version).json(body)).await?).await
}

/// Puts something in place of what is there, which is answered by nothing.
pub(crate) async fn replace(path: &str, about: About<'_>, body: &impl Serialize) -> Result<(), Failure> {
    answer(request(Method::PUT, path, about).json(body)).await.map(drop)
}

/// Puts something in place of what is there, and reads what became of it.
pub(crate) async fn put<T: DeserializeOwned>(
    path: &str,
    about: About<'_>,
    version: &Version,
    body: &impl Serialize,
) -> Result<Versioned<T>, Failure> {
    read_versioned(answer(change(Method::PUT, path, about, version).json(body)).await?).await
}

/// Sends something that is answered by nothing.
pub(crate) async fn tell(path: &str, about: About<'_>, body: &impl Serialize) -> Result<(), Failure> {
    answer(request(Method::POST, path, about).json(body)).await.map(drop)
}

/// Deletes something; what somebody else deleted meanwhile is gone, as wanted.
pub(crate) async fn delete(
    path: &str,
    query: &[(&str, &str)],
    about: About<'_>,
    version: &Version,
) -> Result<(), Failure> {
    let request = change(Method::DELETE, path, about, version).query(query.iter().copied());
    match answer(request.build()).await {
        Err(failure) if failure.code() != Some(ProblemCode::NotFound) => Err(failure),
        _ => Ok(()),
    }
}

async fn answer(request: Result<Request, gloo_net::Error>) -> Result<Response, Failure> {
    let request = request.map_err(|_| Failure::Network)?;
    let response = request.send().await.map_err(|_| Failure::Network)?;
    if response.ok() {
        return Ok(response);
    }
    // A proxy's own error is no problem of the server's.
    let wait = response.headers().get("retry-after").and_then(|seconds| seconds.parse().ok());
    Err(response.json().await.map_or(Failure::Network, |problem| Failure::Refused { problem: Box::new(problem), wait }))
}

async fn read<T: DeserializeOwned>(response: Response) -> Result<T, Failure> {
    response.json().await.map_err(|_| Failure::Network)
}

async fn read_versioned<T: DeserializeOwned>(response: Response) -> Result<Versioned<T>, Failure> {
    let version = response.headers().get("etag").map_or(Version::Any, Version::Read);
    Ok(Versioned { thing: read(response).await?, version })
}
