//! What holds for every operation of the platform API, in its description.

use super::{once, precondition};
use banklink_protocol::problem::{PROBLEM_JSON, ProblemCode};
use utoipa::openapi::{
    Content, Info, KnownFormat, ObjectBuilder, OpenApi, Ref, RefOr, Required, Response, Schema, SchemaFormat,
    path::{Operation, ParameterBuilder, ParameterIn, PathItem},
    schema::{SchemaType, Type},
    security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
    tag::TagBuilder,
};

/// The ways to authenticate.
const CLIENT_SECRET: &str = "client_secret";
const OPERATOR: &str = "operator";

/// The same with what no handler says by itself: who may call, and what is answered instead of a result.
pub(super) fn completed(mut description: OpenApi) -> OpenApi {
    description.info = Info::new("banklink platform API", env!("CARGO_PKG_VERSION"));
    let components = description.components.get_or_insert_default();
    components.schemas.insert("Problem".to_owned(), RefOr::T(problem()));
    let secret =
        HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some("A client secret of the app.")).build();
    components.security_schemes.insert(CLIENT_SECRET.to_owned(), RefOr::T(SecurityScheme::Http(secret)));
    let cookie = "The cookie of an operator who is signed in to the dashboard, `__Host-banklink-operator` over HTTPS.";
    let cookie = ApiKey::Cookie(ApiKeyValue::with_description("banklink-operator", cookie));
    components.security_schemes.insert(OPERATOR.to_owned(), RefOr::T(SecurityScheme::ApiKey(cookie)));
    let group = |(name, text)| TagBuilder::new().name(name).description(Some(text)).build();
    description.tags = Some(GROUPS.map(group).into());
    for (address, path) in &mut description.paths.paths {
        path.post.iter_mut().filter(|operation| !is_public(operation)).for_each(may_be_repeated);
        let is_of_app = !OF_ORGANISATION.iter().any(|part| address.starts_with(part));
        for (operation, is_safe) in operations(path) {
            complete(operation, is_of_app, is_safe);
        }
    }
    description
}

/// What concerns no app begins so.
const OF_ORGANISATION: [&str; 6] = [
    "/platform/v1/activities",
    "/platform/v1/apps",
    "/platform/v1/invitations",
    "/platform/v1/operators",
    "/platform/v1/organisation",
    "/platform/v1/session",
];

/// All of a path, and whether each changes nothing.
fn operations(path: &mut PathItem) -> impl Iterator<Item = (&mut Operation, bool)> {
    let changing = [&mut path.post, &mut path.put, &mut path.patch, &mut path.delete].into_iter().flatten();
    path.get.iter_mut().map(|get| (get, true)).chain(changing.map(|operation| (operation, false)))
}

/// Whether it takes no credentials.
fn is_public(operation: &Operation) -> bool {
    operation.security.as_ref().is_some_and(|ways| *ways == [SecurityRequirement::default()])
}

/// What operations are about, in the order in which an app comes to need them.
const GROUPS: [(&str, &str); 11] = [
    (
        "The app",
        "What operators set for it: settings, where people may go, which pages may embed the widget, its looks.",
    ),
    ("Institutions", "What people can choose."),
    ("Opening the widget", "What leads people to the widget: a token for one of them, or a link for all."),
    ("After linking", "What people brought back, and how each of their sessions ended."),
    ("Connections", "What lasts once a bank is linked, until it is deleted."),
    ("Data", "What the bank tells of a connection, as far as its consent goes."),
    ("Consents", "What people agreed to, word for word, and how to take it back."),
    ("Webhooks", "Addresses of your own server that are told what happens, in order for each connection."),
    ("The organisation", "Who runs this deployment, its apps, and what was changed. For operators."),
    ("Operators", "Who signs in to the dashboard, and who is invited. For operators."),
    ("Signing in", "What the dashboard's own pages ask. A page elsewhere can't: see `FORBIDDEN`."),
];

/// What creates something takes a key, by which it is carried out once (`once`).
fn may_be_repeated(operation: &mut Operation) {
    let key = ParameterBuilder::new()
        .name(once::NAME)
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(
            "The same again where the same request is sent again: it is carried out once. `CONFLICT`: it was, but a \
             server died before its answer was kept.",
        ))
        .schema(Some(ObjectBuilder::new().schema_type(Type::String).min_length(Some(1)).max_length(Some(255))))
        .build();
    operation.parameters.get_or_insert_default().push(RefOr::T(key));
}

/// An operator's browser says which app it means.
fn names_app(operation: &mut Operation) {
    let app = ParameterBuilder::new()
        .name(banklink_platform::APP_HEADER)
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some("The app's id, where an operator asks; a client secret says it by itself."))
        .schema(Some(ObjectBuilder::new().schema_type(Type::String)))
        .build();
    operation.parameters.get_or_insert_default().push(RefOr::T(app));
}

fn complete(operation: &mut Operation, is_of_app: bool, is_safe: bool) {
    if is_of_app {
        names_app(operation);
        respond(operation, ProblemCode::NotFound);
    }
    let by = |name| SecurityRequirement::new(name, [""; 0]);
    let ways = operation.security.get_or_insert_with(|| vec![by(CLIENT_SECRET), by(OPERATOR)]);
    let may_be_foreign = !is_safe || !ways.contains(&by(CLIENT_SECRET));
    if may_be_foreign {
        respond(operation, ProblemCode::Forbidden);
    }
    for code in codes(operation) {
        respond(operation, code);
    }
    for (status, response) in &mut operation.responses.responses {
        if let RefOr::T(response) = response
            && status.starts_with(['4', '5'])
        {
            let problem = Content::new(Some(Ref::from_schema_name("Problem")));
            response.content.insert(PROBLEM_JSON.to_owned(), RefOr::T(problem));
        }
    }
}

/// Adds what may be answered.
fn respond(operation: &mut Operation, code: ProblemCode) {
    let response = operation.responses.responses.entry(code.status().to_string());
    if let RefOr::T(response) = response.or_insert_with(|| Response::new("").into()) {
        let (said, name) = (&response.description, format!("`{}`", code.as_str()));
        if !said.contains(&name) {
            let and = if said.is_empty() { "" } else { ", " };
            response.description = format!("{said}{and}{name}");
        }
    }
}

/// What any operation that takes the same may be answered instead of a result.
fn codes(operation: &Operation) -> Vec<ProblemCode> {
    let parameters = || {
        let parameters = operation.parameters.iter().flatten();
        parameters.filter_map(|parameter| if let RefOr::T(known) = parameter { Some(known) } else { None })
    };
    // Any may be asked with a parameter that it does not have.
    let mut codes = vec![ProblemCode::InvalidParameter, ProblemCode::Internal, ProblemCode::Unavailable];
    if !is_public(operation) {
        codes.extend([ProblemCode::Unauthorized, ProblemCode::TooManyRequests]);
    }
    if parameters().any(|known| known.parameter_in == ParameterIn::Path) {
        codes.push(ProblemCode::NotFound);
    }
    if parameters().any(|known| known.name == once::NAME) {
        codes.extend([ProblemCode::Conflict, ProblemCode::PayloadTooLarge]);
    }
    if parameters().any(|known| known.name == precondition::NAME) {
        codes.push(ProblemCode::PreconditionFailed);
    }
    if operation.request_body.is_some() {
        use ProblemCode::{InvalidRequest, PayloadTooLarge, UnsupportedMediaType};
        codes.extend([InvalidRequest, PayloadTooLarge, UnsupportedMediaType]);
    }
    codes.sort_by_key(|code| (code.status(), code.as_str()));
    codes.dedup();
    codes
}

/// [`banklink_protocol::problem::Problem`].
fn problem() -> Schema {
    let text = |description: &str| ObjectBuilder::new().schema_type(Type::String).description(Some(description));
    let status = ObjectBuilder::new()
        .schema_type(Type::Integer)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int32)))
        .description(Some("The HTTP status."));
    let parameter =
        text("Which parameter or field, if one.").schema_type(SchemaType::from_iter([Type::String, Type::Null]));
    ObjectBuilder::new()
        .description(Some("An error (RFC 9457): what is wrong, and what to do about it."))
        .property("type", text("Where its documentation is, relative to the server."))
        .property("title", text("The same for every problem of this code."))
        .property("status", status)
        .property("code", text("What a program looks at.").enum_values(Some(ProblemCode::ALL.map(ProblemCode::as_str))))
        .property("detail", text("What is wrong here, and what to do about it."))
        .property("parameter", parameter)
        .property("request_id", text("Finds this request in the server's log."))
        .required("type")
        .required("title")
        .required("status")
        .required("code")
        .required("detail")
        .required("parameter")
        .required("request_id")
        .into()
}
