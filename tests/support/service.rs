//! A program that calls the API with a service's token, over the console's real routes.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, header};
use serde_json::Value as Json;
use tower::ServiceExt as _;

use super::cerebro::TestCerebro;

/// A service and its token.
#[derive(Clone)]
pub(crate) struct Service {
    app: Router,
    pub(crate) token: String,
}

/// What came back.
#[derive(Debug, PartialEq)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) body: Json,
}

impl Reply {
    /// A field of the answer, as text.
    pub(crate) fn text(&self, field: &str) -> &str {
        self.body[field].as_str().unwrap_or_else(|| panic!("no {field} in {self:?}"))
    }

    /// The name of the problem.
    pub(crate) fn problem(&self) -> &str {
        self.text("type").trim_start_matches("/problems/")
    }
}

impl Service {
    pub(crate) fn new(cerebro: &TestCerebro, token: &str) -> Self {
        let app = console::app(cerebro.cerebro.clone(), cerebro.hasher.clone()).unwrap();
        Self { app, token: token.to_owned() }
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.call("GET", path, None, &Json::Null).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Json) -> Reply {
        self.call("POST", path, None, body).await
    }

    /// As [`Service::post`], with a key that has it done once.
    pub(crate) async fn post_once(&self, path: &str, key: &str, body: &Json) -> Reply {
        self.call("POST", path, Some(key), body).await
    }

    pub(crate) async fn call(&self, method: &str, path: &str, key: Option<&str>, body: &Json) -> Reply {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::AUTHORIZATION, format!("Bearer {}", self.token))
            .header(header::CONTENT_TYPE, "application/json");
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        let request = request.body(Body::from(body.to_string())).unwrap();
        let answer = self.app.clone().oneshot(request).await.unwrap();
        let (status, kind) = (answer.status().as_u16(), answer.headers().get(header::CONTENT_TYPE).cloned());
        let bytes = to_bytes(answer.into_body(), 1 << 20).await.unwrap();
        let body = serde_json::from_slice(&bytes).unwrap_or(Json::Null);
        let kind = kind.map(|kind| kind.to_str().unwrap().to_owned()).unwrap_or_default();
        if status >= 400 {
            assert_eq!(kind, "application/problem+json", "{method} {path} {status}");
        }
        Reply { status, body }
    }
}
