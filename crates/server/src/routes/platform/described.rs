//! What holds for every operation of the platform API, in its description.

use banklink_protocol::problem::{PROBLEM_JSON, ProblemCode};
use utoipa::openapi::{
    Content, Info, KnownFormat, ObjectBuilder, OpenApi, Ref, RefOr, Response, Schema, SchemaFormat,
    path::{Operation, ParameterIn, PathItem},
    schema::{SchemaType, Type},
    security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
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
    description.paths.paths.values_mut().flat_map(operations).for_each(complete);
    description
}

fn operations(path: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut path.get, &mut path.post, &mut path.put, &mut path.patch, &mut path.delete].into_iter().flatten()
}

fn complete(operation: &mut Operation) {
    operation.security = Some(vec![SecurityRequirement::new(CLIENT_SECRET, [""; 0])]);
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
    if operation.request_body.is_some() {
        use ProblemCode::{InvalidParameter, InvalidRequest, PayloadTooLarge, UnsupportedMediaType};
        codes.extend([InvalidRequest, InvalidParameter, PayloadTooLarge, UnsupportedMediaType]);
    }
    codes.sort_by_key(|code| (code.status(), code.as_str()));
    codes.dedup();
    let responses = &mut operation.responses.responses;
    for code in codes {
        let response = responses.entry(code.status().to_string()).or_insert_with(|| Response::new("").into());
        if let RefOr::T(response) = response {
            let and = if response.description.is_empty() { "" } else { ", " };
            response.description = format!("{}{and}`{}`", response.description, code.as_str());
        }
    }
    for (status, response) in responses {
        if let RefOr::T(response) = response
            && status.starts_with(['4', '5'])
        {
            let problem = Content::new(Some(Ref::from_schema_name("Problem")));
            response.content.insert(PROBLEM_JSON.to_owned(), RefOr::T(problem));
        }
    }
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
