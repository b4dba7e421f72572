//! `/platform/docs`: the platform API as a page, written from its description.

use std::fmt::Write as _;

use html_escape::encode_text;
use serde_json::Value;

const INTRODUCTION: [&str; 4] = [
    "For the servers of apps: every call sends a client secret of the app as `Authorization: Bearer`, and sees what is the \
     app's own. Bodies are JSON. Times are RFC 3339 in UTC, amounts decimals as text.",
    "Lists come in pages: what is `next` on one page is the `cursor` of the request for the next one.",
    "What creates something may be sent once more with the same `Idempotency-Key` where its answer was lost: it is done \
     once, and answered as before, for a day.",
    "Errors are problems (RFC 9457), told under each operation by their codes.",
];

/// The page's content.
pub(super) fn html(description: &Value) -> String {
    let mut html = String::from("<h1>Platform API</h1>\n");
    html.extend(INTRODUCTION.map(|text| format!("<p>{}</p>\n", prose(text))));
    html += "<p><a href=\"/platform/docs/problems\">What each problem means</a> · \
             <a href=\"/platform/openapi.json\">The same as OpenAPI 3.1</a></p>\n";
    let operations = operations(description);
    for group in description["tags"].as_array().into_iter().flatten() {
        let text = |name: &str| group[name].as_str().unwrap_or_default();
        let group = text("name");
        _ = writeln!(html, "<h2>{}</h2>\n<p>{}</p>", encode_text(group), prose(text("description")));
        operations
            .iter()
            .filter(|operation| operation.group() == group)
            .for_each(|operation| operation.write(&mut html));
    }
    html += "<h2>Shapes</h2>\n";
    for (name, schema) in description["components"]["schemas"].as_object().into_iter().flatten() {
        _ = writeln!(html, "<h3 id=\"{0}\">{0}</h3>", encode_text(name));
        if let Some(text) = schema["description"].as_str() {
            _ = writeln!(html, "<p>{}</p>", prose(text));
        }
        fields(schema, &mut html);
    }
    html
}

/// One operation, with where it is.
struct Operation<'a> {
    method: String,
    path: &'a str,
    said: &'a Value,
}

/// What is read comes before what is changed, and that before what is deleted.
const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// All, by path and then by method.
fn operations(description: &Value) -> Vec<Operation<'_>> {
    let mut operations = Vec::new();
    for (path, methods) in description["paths"].as_object().into_iter().flatten() {
        for method in METHODS {
            let said = methods.get(method);
            operations.extend(said.map(|said| Operation { method: method.to_ascii_uppercase(), path, said }));
        }
    }
    operations
}

impl<'a> Operation<'a> {
    fn group(&self) -> &'a str {
        self.said["tags"][0].as_str().unwrap_or_default()
    }

    fn write(&self, html: &mut String) {
        let text = |name: &str| self.said[name].as_str().unwrap_or_default();
        let (id, summary) = (text("operationId"), text("summary"));
        _ = writeln!(html, "<h3 id=\"{}\">{}</h3>", encode_text(id), encode_text(summary));
        _ = writeln!(html, "<p><code>{} {}</code></p>", self.method, encode_text(self.path));
        if !text("description").is_empty() {
            _ = writeln!(html, "<p>{}</p>", prose(text("description")));
        }
        self.parameters(html);
        if let Some(body) = self.said["requestBody"]["content"]["application/json"].get("schema") {
            _ = writeln!(html, "<p>Takes {}.</p>", kind(body));
        }
        for (status, response) in self.said["responses"].as_object().into_iter().flatten() {
            let answer = match response["content"]["application/json"].get("schema") {
                Some(schema) => kind(schema),
                None if status.starts_with('2') => "nothing".to_owned(),
                None => prose(response["description"].as_str().unwrap_or_default()),
            };
            _ = writeln!(html, "<p>Answers <code>{status}</code>: {answer}.</p>");
        }
    }

    fn parameters(&self, html: &mut String) {
        let Some(parameters) = self.said["parameters"].as_array().filter(|parameters| !parameters.is_empty()) else {
            return;
        };
        *html +=
            "<table><caption>Parameters</caption>\n<tr><th>name</th><th>in</th><th>type</th><th>what it is</th></tr>\n";
        for parameter in parameters {
            let text = |name: &str| parameter[name].as_str().unwrap_or_default();
            let (name, place, said) = (encode_text(text("name")), encode_text(text("in")), prose(text("description")));
            let kind = kind(&parameter["schema"]);
            _ = writeln!(html, "<tr><td><code>{name}</code></td><td>{place}</td><td>{kind}</td><td>{said}</td></tr>");
        }
        *html += "</table>\n";
    }
}

/// The fields of a shape, a row each.
fn fields(schema: &Value, html: &mut String) {
    let required = schema["required"].as_array();
    *html += "<table>\n<tr><th>field</th><th>type</th><th>what it is</th></tr>\n";
    for (name, field) in schema["properties"].as_object().into_iter().flatten() {
        let is_required = required.is_some_and(|required| required.iter().any(|known| known == name));
        let may = if is_required { "" } else { ", may be missing" };
        let (kind, said) = (kind(field), prose(field["description"].as_str().unwrap_or_default()));
        let name = encode_text(name);
        _ = writeln!(html, "<tr><td><code>{name}</code></td><td>{kind}{may}</td><td>{said}</td></tr>");
    }
    *html += "</table>\n";
}

/// What a schema takes, in words.
fn kind(schema: &Value) -> String {
    if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
        return format!("<a href=\"#{0}\">{0}</a>", encode_text(name));
    }
    if let Some(values) = schema["enum"].as_array() {
        let values =
            values.iter().filter_map(Value::as_str).map(|value| format!("<code>{}</code>", encode_text(value)));
        return values.collect::<Vec<_>>().join(", ");
    }
    if let Some(either) = schema["oneOf"].as_array() {
        return either.iter().map(kind).collect::<Vec<_>>().join(" or ");
    }
    let types = match &schema["type"] {
        Value::Array(types) => types.iter().filter_map(Value::as_str).collect(),
        one => Vec::from_iter(one.as_str()),
    };
    let named = types.into_iter().map(|name| match (name, schema["format"].as_str()) {
        ("array", _) => format!("list of {}", kind(&schema["items"])),
        ("object", _) => "names and texts".to_owned(),
        ("string", Some("date-time")) => "time".to_owned(),
        ("string", Some("date")) => "date".to_owned(),
        ("string", _) => "text".to_owned(),
        (other, _) => encode_text(other).into_owned(),
    });
    named.collect::<Vec<_>>().join(" or ")
}

/// Text with its `code` marked up.
fn prose(text: &str) -> String {
    let parts = text.split('`').enumerate().map(|(place, part)| {
        let part = encode_text(part);
        if place % 2 == 1 { format!("<code>{part}</code>") } else { part.into_owned() }
    });
    parts.collect()
}
