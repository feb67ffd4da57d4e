//! The API programs use, `/api/v1`: JSON, RFC 9457 problems, a service account's bearer token. Wire types are written
//! out here, beside the domain's, so that neither drags the other along.

mod accounts;
mod body;
mod calibrations;
mod caller;
mod clients;
mod controls;
mod described;
mod examples;
mod flows;
mod holds;
mod lists;
mod missions;
pub mod problem;
mod proposals;
mod query;
mod queue;
pub(crate) mod register;
mod replays;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{delete, get, post};
use operations::Cerebro;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};
use vocabulary::bounds;

use described::Problems;
pub use problem::Problem;

/// The document at `/api/v1/openapi.json`.
#[derive(Debug, OpenApi)]
#[openapi(
    info(
        title = "CEREBRO",
        version = "1",
        description = "Governs outgoing communications before they take effect. Every call carries `Authorization: Bearer` with the token of a service account; errors are RFC 9457 problems."
    ),
    modifiers(&Bearer, &Problems),
    security(("token" = [])),
    paths(flows::list, flows::one, flows::submit, flows::dry_run, holds::list, holds::one, holds::decide,
        controls::list, controls::one, controls::make, controls::give_up, controls::rehearse,
        replays::list, replays::one, replays::look_back, replays::stop,
        calibrations::list, register::list, lists::list, lists::entries, lists::replace, lists::add, lists::remove,
        clients::list, clients::import, clients::give_up, examples::list, examples::one, examples::change, examples::give_up,
        proposals::list, proposals::one, proposals::refuse, queue::list_queue, queue::retry, queue::withdraw, queue::pause, queue::resume,
        accounts::list_accounts, accounts::coverage, accounts::one_account, accounts::ask, accounts::suspend_account,
        accounts::reinstate_account, accounts::close_account, missions::ask_mission, missions::withdraw_mission)
)]
struct Document;

/// How every call says who makes it.
struct Bearer;

impl Modify for Bearer {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let token = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("The token of an active service account."))
            .build();
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("token", SecurityScheme::Http(token));
    }
}

/// The OpenAPI 3.1 document.
#[must_use]
pub fn openapi() -> String {
    Document::openapi().to_pretty_json().unwrap_or_default()
}

/// One line an endpoint; the action each asks for stands in its handler's permit.
pub fn router(cerebro: Cerebro) -> Router {
    Router::new()
        .route("/api/v1/flows", get(flows::list).post(flows::submit))
        .route("/api/v1/flows/{id}", get(flows::one))
        .route("/api/v1/assessments", post(flows::dry_run))
        .layer(DefaultBodyLimit::max(bounds::MESSAGE_BYTES_MAX))
        .route("/api/v1/calibrations", get(calibrations::list))
        .route("/api/v1/register", get(register::list))
        .route("/api/v1/lists", get(lists::list))
        .route(
            "/api/v1/lists/{list}",
            get(lists::entries).put(lists::replace).layer(DefaultBodyLimit::max(bounds::LIST_BYTES_MAX)),
        )
        .route(
            "/api/v1/lists/{list}/additions",
            post(lists::add).layer(DefaultBodyLimit::max(bounds::LIST_BYTES_MAX)),
        )
        .route(
            "/api/v1/lists/{list}/removals",
            post(lists::remove).layer(DefaultBodyLimit::max(bounds::LIST_BYTES_MAX)),
        )
        .route(
            "/api/v1/clients",
            get(clients::list)
                .put(clients::import)
                .delete(clients::give_up)
                .layer(DefaultBodyLimit::max(bounds::CLIENT_BODY_BYTES_MAX)),
        )
        .route("/api/v1/examples", get(examples::list))
        .route(
            "/api/v1/examples/{category}",
            get(examples::one).put(examples::change).delete(examples::give_up),
        )
        .route("/api/v1/proposals", get(proposals::list))
        .route("/api/v1/proposals/{id}", get(proposals::one))
        .route("/api/v1/proposals/{id}/refusal", post(proposals::refuse))
        .route(
            "/api/v1/control-sets",
            get(controls::list)
                .post(controls::make)
                .layer(DefaultBodyLimit::max(bounds::LONG_FORM_BYTES_MAX)),
        )
        .route("/api/v1/control-sets/{id}", get(controls::one).delete(controls::give_up))
        .route("/api/v1/control-sets/{id}/rehearsal", post(controls::rehearse))
        .route("/api/v1/replays", get(replays::list).post(replays::look_back))
        .route("/api/v1/replays/{id}", get(replays::one).delete(replays::stop))
        .route("/api/v1/holds", get(holds::list))
        .route("/api/v1/holds/{id}", get(holds::one))
        .route("/api/v1/holds/{id}/decision", post(holds::decide))
        .route("/api/v1/queue", get(queue::list_queue))
        .route("/api/v1/queue/{id}/retry", post(queue::retry))
        .route("/api/v1/queue/{id}/withdrawal", post(queue::withdraw))
        .route("/api/v1/queue/pauses", post(queue::pause))
        .route("/api/v1/queue/pauses/{destination}", delete(queue::resume))
        .route("/api/v1/accounts", get(accounts::list_accounts).post(accounts::ask))
        .route("/api/v1/accounts/coverage", get(accounts::coverage))
        .route("/api/v1/accounts/{id}", get(accounts::one_account))
        .route("/api/v1/accounts/{id}/suspension", post(accounts::suspend_account))
        .route("/api/v1/accounts/{id}/reinstatement", post(accounts::reinstate_account))
        .route("/api/v1/accounts/{id}/closure", post(accounts::close_account))
        .route("/api/v1/accounts/{id}/missions", post(missions::ask_mission))
        .route("/api/v1/missions/{id}/withdrawal", post(missions::withdraw_mission))
        .route("/api/v1/openapi.json", get(document))
        .fallback(problem::no_such_path)
        .with_state(cerebro)
}

async fn document() -> ([(axum::http::HeaderName, &'static str); 1], String) {
    ([(axum::http::header::CONTENT_TYPE, "application/json")], openapi())
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_error_is_a_problem_in_the_document_too() {
        let document: serde_json::Value = serde_json::from_str(&super::openapi()).unwrap();
        for (path, item) in document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                let responses = operation["responses"].as_object().unwrap();
                for (status, response) in responses.iter().filter(|(status, _)| status.as_str() >= "400") {
                    let kinds: Vec<&String> = response["content"].as_object().unwrap().keys().collect();
                    assert_eq!(kinds, ["application/problem+json"], "{method} {path} {status}");
                }
                // A call of a service whose missions do not allow it is answered so, wherever it asks.
                for status in ["401", "403", "503"] {
                    assert!(responses.contains_key(status), "{method} {path} {status}");
                }
            }
        }
    }

    #[test]
    fn the_document_names_every_path() {
        let document: serde_json::Value = serde_json::from_str(&super::openapi()).unwrap();
        let paths: Vec<&String> = document["paths"].as_object().unwrap().keys().collect();
        assert_eq!(
            paths,
            [
                "/api/v1/accounts",
                "/api/v1/accounts/coverage",
                "/api/v1/accounts/{id}",
                "/api/v1/accounts/{id}/closure",
                "/api/v1/accounts/{id}/missions",
                "/api/v1/accounts/{id}/reinstatement",
                "/api/v1/accounts/{id}/suspension",
                "/api/v1/assessments",
                "/api/v1/calibrations",
                "/api/v1/clients",
                "/api/v1/control-sets",
                "/api/v1/control-sets/{id}",
                "/api/v1/control-sets/{id}/rehearsal",
                "/api/v1/examples",
                "/api/v1/examples/{category}",
                "/api/v1/flows",
                "/api/v1/flows/{id}",
                "/api/v1/holds",
                "/api/v1/holds/{id}",
                "/api/v1/holds/{id}/decision",
                "/api/v1/lists",
                "/api/v1/lists/{list}",
                "/api/v1/lists/{list}/additions",
                "/api/v1/lists/{list}/removals",
                "/api/v1/missions/{id}/withdrawal",
                "/api/v1/proposals",
                "/api/v1/proposals/{id}",
                "/api/v1/proposals/{id}/refusal",
                "/api/v1/queue",
                "/api/v1/queue/pauses",
                "/api/v1/queue/pauses/{destination}",
                "/api/v1/queue/{id}/retry",
                "/api/v1/queue/{id}/withdrawal",
                "/api/v1/register",
                "/api/v1/replays",
                "/api/v1/replays/{id}"
            ]
        );
        assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    }
}
