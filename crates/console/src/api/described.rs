//! What every operation of the API has in common, said once in its document: errors are problems, and which may always come.

use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::{Content, OpenApi, Ref, RefOr, Response, ResponseBuilder};
use utoipa::{Modify, PartialSchema};

use super::Problem;

const PROBLEM: &str = "application/problem+json";
/// What any call may be answered.
const ALWAYS: [(&str, &str); 3] = [
    ("401", "No valid token"),
    ("500", "It failed on our side; nothing was changed"),
    ("503", "Durable storage is not available; nothing was kept"),
];

/// Errors as they are: `application/problem+json` (RFC 9457 §3).
pub(super) struct Problems;

impl Modify for Problems {
    fn modify(&self, document: &mut OpenApi) {
        let schemas = &mut document.components.get_or_insert_default().schemas;
        schemas.entry("Problem".into()).or_insert_with(Problem::schema);
        for (path, item) in &mut document.paths.paths {
            for (method, operation) in operations(item) {
                operation.operation_id = Some(operation_id(method, path));
                describe(operation);
            }
        }
    }
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = (&'static str, &mut Operation)> {
    let PathItem { get, put, post, delete, patch, .. } = item;
    let all = [("get", get), ("put", put), ("post", post), ("delete", delete), ("patch", patch)];
    all.into_iter().filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}

/// `post_holds_id_decision`: one of a kind (OpenAPI 3.1 §4.8.10), which the names of our functions are not.
fn operation_id(method: &str, path: &str) -> String {
    let below = path.strip_prefix("/api/v1/").unwrap_or(path);
    let words = below.split(['/', '-']).map(|part| part.trim_matches(['{', '}']));
    std::iter::once(method).chain(words).collect::<Vec<_>>().join("_")
}

fn describe(operation: &mut Operation) {
    let takes_something = operation.parameters.as_ref().is_some_and(|all| !all.is_empty());
    let responses = &mut operation.responses.responses;
    for (status, why) in ALWAYS {
        responses.entry(status.into()).or_insert_with(|| problem(why).into());
    }
    if takes_something || operation.request_body.is_some() {
        responses.entry("400".into()).or_insert_with(|| problem("The request is not understood").into());
    }
    if operation.request_body.is_some() {
        responses.entry("413".into()).or_insert_with(|| problem("The body is too large").into());
        responses.entry("415".into()).or_insert_with(|| problem("Another content type is wanted").into());
    }
    for (status, response) in responses.iter_mut() {
        if let RefOr::T(response) = response
            && status.starts_with(['4', '5'])
            && let Some(content) = response.content.shift_remove("application/json")
        {
            response.content.insert(PROBLEM.into(), content);
        }
    }
}

fn problem(why: &str) -> Response {
    let content = Content::new(Some(Ref::from_schema_name("Problem")));
    ResponseBuilder::new().description(why).content(PROBLEM, content).build()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    #[test]
    fn every_operation_has_an_id_of_its_own() {
        let document: serde_json::Value = serde_json::from_str(&crate::api::openapi()).unwrap();
        let mut seen = HashSet::new();
        for item in document["paths"].as_object().unwrap().values() {
            for operation in item.as_object().unwrap().values() {
                let id = operation["operationId"].as_str().unwrap();
                assert!(seen.insert(id.to_owned()), "{id} twice");
            }
        }
        assert!(seen.contains("post_holds_id_decision") && seen.len() > 40, "{seen:?}");
    }
}
