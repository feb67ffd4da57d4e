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
        for item in document.paths.paths.values_mut() {
            for operation in operations(item) {
                describe(operation);
            }
        }
    }
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    let PathItem { get, put, post, delete, patch, .. } = item;
    [get, put, post, delete, patch].into_iter().filter_map(Option::as_mut)
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
