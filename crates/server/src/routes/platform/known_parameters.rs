//! What may stand in the query of an operation: what its description says, once. Anything else is refused, so that a
//! filter with a typo in its name never lists everybody.

use std::{collections::HashMap, sync::Arc};

use axum::{
    extract::{MatchedPath, Request, State},
    http::Method,
    middleware::Next,
    response::{IntoResponse, Response},
};
use utoipa::openapi::{
    OpenApi, RefOr,
    path::{Operation, ParameterIn, PathItem},
};

use crate::{problem::ApiError, wire::Query};

/// The names for each operation.
pub(super) struct KnownParameters(HashMap<(Method, String), Vec<String>>);

impl KnownParameters {
    /// Those of a description.
    pub(super) fn of(description: &OpenApi) -> Self {
        let of_path = |(address, path): (&String, &PathItem)| {
            let address = address.clone();
            operations(path)
                .map(move |(method, operation)| ((method, address.clone()), names(operation)))
                .collect::<Vec<_>>()
        };
        Self(description.paths.paths.iter().flat_map(of_path).collect())
    }
}

fn operations(path: &PathItem) -> impl Iterator<Item = (Method, &Operation)> {
    let operations = [
        (Method::GET, &path.get),
        (Method::POST, &path.post),
        (Method::PUT, &path.put),
        (Method::PATCH, &path.patch),
        (Method::DELETE, &path.delete),
    ];
    operations.into_iter().filter_map(|(method, operation)| Some((method, operation.as_ref()?)))
}

fn names(operation: &Operation) -> Vec<String> {
    let parameters = operation.parameters.iter().flatten();
    let in_query = parameters.filter_map(|parameter| match parameter {
        RefOr::T(known) if known.parameter_in == ParameterIn::Query => Some(known.name.clone()),
        _ => None,
    });
    in_query.collect()
}

/// Middleware: refuses parameters that the operation does not have, and those that are there twice.
pub(super) async fn refuse_unknown(
    State(known): State<Arc<KnownParameters>>,
    path: MatchedPath,
    query: Query,
    request: Request,
    next: Next,
) -> Response {
    let operation = (request.method().clone(), path.as_str().to_owned());
    match known.0.get(&operation).and_then(|names| fault(names, &query)) {
        Some(fault) => fault.into_response(),
        None => next.run(request).await,
    }
}

fn fault(names: &[String], query: &Query) -> Option<ApiError> {
    let mut seen = Vec::new();
    for name in query.names() {
        if !names.iter().any(|known| known == name) {
            let detail = match names {
                [] => "There is no such parameter: this takes none in its address.".to_owned(),
                names => format!("There is no such parameter: this takes `{}`.", names.join("`, `")),
            };
            return Some(ApiError::invalid(name, detail));
        }
        if seen.contains(&name) {
            return Some(ApiError::invalid(name, "Send this parameter once."));
        }
        seen.push(name);
    }
    None
}
