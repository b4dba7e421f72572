//! What a server's description of its API (OpenAPI 3.1) says, and whether an answer is what it says.

use serde_json::{Value, json};

/// The description of an API.
#[derive(Clone, Debug)]
pub struct Description(Value);

/// Something that the API does.
#[derive(Clone, Copy, Debug)]
pub struct Operation<'a> {
    /// Where, with its variable parts in braces.
    pub path: &'a str,
    /// In small letters.
    pub method: &'a str,
    /// All that is said of it.
    pub said: &'a Value,
}

/// An answer that came.
#[derive(Clone, Copy, Debug)]
pub struct Answer<'a> {
    /// Its status.
    pub status: u16,
    /// Its media type.
    pub content_type: &'a str,
    /// Its body.
    pub body: &'a str,
}

impl Description {
    /// The description in this document.
    pub const fn new(document: Value) -> Self {
        Self(document)
    }

    /// The whole of it.
    pub const fn document(&self) -> &Value {
        &self.0
    }

    /// All that the API does.
    pub fn operations(&self) -> impl Iterator<Item = Operation<'_>> {
        let paths = self.0["paths"].as_object().into_iter().flatten();
        paths.flat_map(|(path, methods)| {
            let methods = methods.as_object().into_iter().flatten();
            methods.map(move |(method, said)| Operation { path, method, said })
        })
    }

    /// What is wrong with an answer to a request for an address; nothing where it is as described. What is not described
    /// must not be there: 404, or 405 where something else is.
    pub fn faults(&self, method: &str, address: &str, answer: Answer<'_>) -> Vec<String> {
        let mut operations = self.operations();
        let known = |operation: &Operation<'_>| operation.method.eq_ignore_ascii_case(method);
        match operations.find(|operation| known(operation) && is_of(address, operation.path)) {
            Some(operation) => self.faults_of(operation, answer),
            None if [404, 405].contains(&answer.status) => Vec::new(),
            None => vec![format!("it is not described, and answers {}", answer.status)],
        }
    }

    fn faults_of(&self, operation: Operation<'_>, answer: Answer<'_>) -> Vec<String> {
        let response = &operation.said["responses"][answer.status.to_string()];
        if !response.is_object() {
            return vec![format!("{} is not described", answer.status)];
        }
        let Some(content) = response["content"].as_object() else {
            let unexpected = Some(answer.body).filter(|body| !body.is_empty());
            return unexpected.map(|body| format!("nothing is described, not {body}")).into_iter().collect();
        };
        let Some(content) = content.get(answer.content_type) else {
            return vec![format!("{} is not described for {}", answer.content_type, answer.status)];
        };
        let schema = json!({ "allOf": [content["schema"]], "components": self.0["components"] });
        match (jsonschema::validator_for(&schema), serde_json::from_str(answer.body)) {
            (Ok(validator), Ok(body)) => {
                let faults = validator.iter_errors(&body);
                faults.map(|fault| format!("{} {fault}", fault.instance_path())).collect()
            }
            (Err(error), _) => vec![format!("no schema: {error}")],
            (_, Err(error)) => vec![format!("no JSON: {error}")],
        }
    }
}

/// Whether an address is one of a path.
fn is_of(address: &str, path: &str) -> bool {
    let (address, path): (Vec<&str>, Vec<&str>) = (address.split('/').collect(), path.split('/').collect());
    let fits = |(part, known): (&&str, &&str)| known.starts_with('{') || part == known;
    address.len() == path.len() && address.iter().zip(&path).all(fits)
}
