//! What holds for every operation of the platform API, in its description.

use super::once;
use banklink_protocol::problem::{PROBLEM_JSON, ProblemCode};
use utoipa::openapi::{
    Content, Info, KnownFormat, ObjectBuilder, OpenApi, Ref, RefOr, Required, Response, Schema, SchemaFormat,
    path::{Operation, ParameterBuilder, ParameterIn, PathItem},
    schema::{SchemaType, Type},
    security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
    tag::TagBuilder,
};

/// The name of the only way to authenticate.
const CLIENT_SECRET: &str = "client_secret";

/// The same with what no handler says by itself: who may call, and what is answered instead of a result.
pub(super) fn completed(mut description: OpenApi) -> OpenApi {
    description.info = Info::new("banklink platform API", env!("CARGO_PKG_VERSION"));
    let components = description.components.get_or_insert_default();
    components.schemas.insert("Problem".to_owned(), RefOr::T(problem()));
    let secret =
        HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some("A client secret of the app.")).build();
    components.security_schemes.insert(CLIENT_SECRET.to_owned(), RefOr::T(SecurityScheme::Http(secret)));
    let group = |(name, text)| TagBuilder::new().name(name).description(Some(text)).build();
    description.tags = Some(GROUPS.map(group).into());
    let paths = description.paths.paths.values_mut();
    paths.for_each(|path| {
        path.post.iter_mut().for_each(may_be_repeated);
        operations(path).for_each(complete);
    });
    description
}

fn operations(path: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut path.get, &mut path.post, &mut path.put, &mut path.patch, &mut path.delete].into_iter().flatten()
}

/// What operations are about, in the order in which an app comes to need them.
const GROUPS: [(&str, &str); 7] = [
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
];

/// What creates something takes a key, by which it is carried out once (`once`).
fn may_be_repeated(operation: &mut Operation) {
    let key = ParameterBuilder::new()
        .name(once::NAME)
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some("The same again where the same request is sent again: it is carried out once."))
        .schema(Some(ObjectBuilder::new().schema_type(Type::String).min_length(Some(1)).max_length(Some(255))))
        .build();
    operation.parameters.get_or_insert_default().push(RefOr::T(key));
}

fn complete(operation: &mut Operation) {
    operation.security = Some(vec![SecurityRequirement::new(CLIENT_SECRET, [""; 0])]);
    for code in codes(operation) {
        let response = operation.responses.responses.entry(code.status().to_string());
        if let RefOr::T(response) = response.or_insert_with(|| Response::new("").into()) {
            let and = if response.description.is_empty() { "" } else { ", " };
            response.description = format!("{}{and}`{}`", response.description, code.as_str());
        }
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

/// What any operation that takes the same may be answered instead of a result.
fn codes(operation: &Operation) -> Vec<ProblemCode> {
    let takes = |place: ParameterIn| {
        let parameters = operation.parameters.iter().flatten();
        parameters
            .filter_map(|parameter| if let RefOr::T(known) = parameter { Some(known) } else { None })
            .any(move |known| known.parameter_in == place)
    };
    let mut codes = vec![ProblemCode::Unauthorized, ProblemCode::Internal, ProblemCode::Unavailable];
    if takes(ParameterIn::Path) {
        codes.extend([ProblemCode::InvalidParameter, ProblemCode::NotFound]);
    }
    if takes(ParameterIn::Query) {
        codes.push(ProblemCode::InvalidParameter);
    }
    if takes(ParameterIn::Header) {
        codes.extend([ProblemCode::InvalidParameter, ProblemCode::PayloadTooLarge]);
    }
    if operation.request_body.is_some() {
        use ProblemCode::{InvalidParameter, InvalidRequest, PayloadTooLarge, UnsupportedMediaType};
        codes.extend([InvalidRequest, InvalidParameter, PayloadTooLarge, UnsupportedMediaType]);
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
