use std::sync::Mutex;

use axum::body::Body;
use axum::http::request::Parts;
use axum::http::{Request, header};
use futures::future::BoxFuture;
use tower::ServiceExt as _;
use vocabulary::SeededEntropy;

use super::*;
use crate::csrf::Csrf;
use crate::guard::{FormToken, Gate};
use crate::i18n::Words;

/// Lets everybody in, and remembers what for.
#[derive(Default)]
struct Recording(Mutex<Vec<&'static Route>>);

impl Gate for Recording {
    fn admit<'a>(&'a self, route: &'static Route, _: &'a mut Parts) -> BoxFuture<'a, Result<(), Response>> {
        self.0.lock().unwrap().push(route);
        Box::pin(async { Ok(()) })
    }
}

/// Lets nobody in who needs anything.
struct Closed;

impl Gate for Closed {
    fn admit<'a>(
        &'a self,
        route: &'static Route,
        parts: &'a mut Parts,
    ) -> BoxFuture<'a, Result<(), Response>> {
        let refused = !matches!(route.needs, Nothing(_));
        let answer = go(&parts.headers, "/sign-in");
        Box::pin(async move { if refused { Err(answer) } else { Ok(()) } })
    }
}

fn console(gate: impl Gate + 'static) -> Router {
    let entropy = Arc::new(SeededEntropy::new(5));
    let door = Door { csrf: Csrf::with_key(&[7; 32]), gate: Arc::new(gate), entropy };
    assemble(Arc::new(door), (), |endpoint, method| {
        if method == MethodFilter::POST {
            return on(method, async move |form: Form| format!("{endpoint:?} {}", form.text("reason")));
        }
        on(method, async move |token: FormToken, w: Words| format!("{endpoint:?} {} {}", w.tag(), token.0))
    })
}

async fn send(router: &Router, request: Request<Body>) -> (Response, String) {
    let answer = router.clone().oneshot(request).await.unwrap();
    let (parts, body) = answer.into_parts();
    let bytes = axum::body::to_bytes(body, 1 << 20).await.unwrap();
    (Response::from_parts(parts, Body::empty()), String::from_utf8_lossy(&bytes).into_owned())
}

fn token() -> String {
    Csrf::with_key(&[7; 32]).token("secret")
}

fn form(path: &str, body: String) -> Request<Body> {
    Request::post(path)
        .header(header::HOST, "console.example")
        .header(header::ORIGIN, "https://console.example")
        .header(header::COOKIE, "__Host-cerebro-visit=secret")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(body))
        .unwrap()
}

#[test]
fn every_route_and_what_it_needs() {
    let lines: Vec<String> = ROUTES.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!("routes", lines.join("\n"));
    let open: Vec<String> = ROUTES
        .iter()
        .filter(|route| matches!(route.needs, Nothing(_)))
        .map(|route| format!("{} {}", route.method(), route.path))
        .collect();
    insta::assert_snapshot!("routes_that_need_nothing", open.join("\n"));
}

#[test]
fn no_line_is_there_twice() {
    for (at, route) in ROUTES.iter().enumerate() {
        let others = ROUTES.iter().skip(at + 1);
        assert!(
            !others.clone().any(|other| (other.method(), other.path) == (route.method(), route.path)),
            "{route}"
        );
        assert!(!others.clone().any(|other| other.endpoint == route.endpoint), "{route}");
        assert!(!route.changes || route.activity, "a form is a person's act: {route}");
    }
}

#[tokio::test]
async fn a1_every_route_asks_the_gate_with_its_own_rule() {
    let gate = Arc::new(Recording::default());
    struct Shared(Arc<Recording>);
    impl Gate for Shared {
        fn admit<'a>(
            &'a self,
            route: &'static Route,
            parts: &'a mut Parts,
        ) -> BoxFuture<'a, Result<(), Response>> {
            self.0.admit(route, parts)
        }
    }
    let router = console(Shared(Arc::clone(&gate)));
    for route in ROUTES {
        let path = route.path.replace(['{', '}'], "");
        let request = if route.changes {
            form(&path, format!("csrf={}", token()))
        } else {
            Request::get(&path).body(Body::empty()).unwrap()
        };
        let (answer, _) = send(&router, request).await;
        assert_eq!(gate.0.lock().unwrap().last().copied(), Some(route), "{route}: {}", answer.status());
    }
}

#[tokio::test]
async fn who_is_not_let_in_sees_nothing() {
    let router = console(Closed);
    for route in ROUTES.iter().filter(|route| !matches!(route.needs, Nothing(_))) {
        let path = route.path.replace(['{', '}'], "");
        let request = if route.changes {
            form(&path, format!("csrf={}", token()))
        } else {
            Request::get(&path).body(Body::empty()).unwrap()
        };
        let (answer, body) = send(&router, request).await;
        assert_eq!((answer.status(), body.as_str()), (StatusCode::SEE_OTHER, ""), "{route}");
    }
    let request = Request::get("/queue/rows").header("hx-request", "true").body(Body::empty()).unwrap();
    assert_eq!(send(&router, request).await.0.headers()["hx-redirect"], "/sign-in");
}

#[tokio::test]
async fn c3_c4_every_answer_carries_the_headers() {
    let router = console(Recording::default());
    for path in ["/", "/nowhere", "/health", "/assets/x/y", "/sign-in"] {
        let request = Request::get(path).header(header::ORIGIN, "https://evil.example");
        let (answer, _) = send(&router, request.body(Body::empty()).unwrap()).await;
        let headers = answer.headers();
        assert!(!headers.contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN), "{path}");
        assert_eq!(headers[header::X_FRAME_OPTIONS], "DENY", "{path}");
        assert!(headers::CONTENT_SECURITY_POLICY.contains("frame-ancestors 'none'"));
        assert_eq!(headers[header::CONTENT_SECURITY_POLICY], headers::CONTENT_SECURITY_POLICY, "{path}");
        assert_eq!(headers[header::CACHE_CONTROL], "no-store", "{path}");
        assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff", "{path}");
        assert!(headers.contains_key(header::STRICT_TRANSPORT_SECURITY), "{path}");
    }
    let asset = send(&router, Request::get(assets::url("base.css")).body(Body::empty()).unwrap()).await.0;
    assert_eq!(asset.status(), StatusCode::OK);
    assert_eq!(asset.headers()[header::CACHE_CONTROL], "public, max-age=31536000, immutable");
    assert!(!asset.headers().contains_key(header::SET_COOKIE));
}

#[tokio::test]
async fn a_first_visit_gets_a_secret_and_a_token_that_goes_with_it() {
    let router = console(Recording::default());
    let (answer, body) = send(&router, Request::get("/sign-in").body(Body::empty()).unwrap()).await;
    let cookie = answer.headers()[header::SET_COOKIE].to_str().unwrap();
    let secret = cookie.strip_prefix("__Host-cerebro-visit=").unwrap().split(';').next().unwrap();
    let given = body.rsplit(' ').next().unwrap();
    assert_eq!(given, Csrf::with_key(&[7; 32]).token(secret));
    let again = Request::get("/sign-in").header(header::COOKIE, format!("__Host-cerebro-visit={secret}"));
    let (answer, body) = send(&router, again.body(Body::empty()).unwrap()).await;
    assert!(!answer.headers().contains_key(header::SET_COOKIE));
    assert!(body.ends_with(given));
}

#[tokio::test]
async fn c1_c5_only_a_form_of_this_session_is_obeyed() {
    let router = console(Recording::default());
    let path = "/holds/hold_x/reject";
    let good = || format!("csrf={}&reason=ok", token());
    let (answer, body) = send(&router, form(path, good())).await;
    assert_eq!((answer.status(), body.as_str()), (StatusCode::OK, "Reject ok"));

    let without = |name: &str| {
        let mut request = form(path, good());
        request.headers_mut().remove(name);
        request
    };
    let with = |name: &'static str, value: &'static str| {
        let mut request = form(path, good());
        request.headers_mut().insert(name, HeaderValue::from_static(value));
        request
    };
    let cases = [
        (form(path, "reason=ok".into()), StatusCode::FORBIDDEN),
        (form(path, "csrf=AAAA&reason=ok".into()), StatusCode::FORBIDDEN),
        (without("cookie"), StatusCode::FORBIDDEN),
        (without("origin"), StatusCode::FORBIDDEN),
        (with("cookie", "__Host-cerebro-visit=other; __Host-cerebro=secret"), StatusCode::FORBIDDEN),
        (with("origin", "https://evil.example"), StatusCode::FORBIDDEN),
        (with("sec-fetch-site", "cross-site"), StatusCode::FORBIDDEN),
        (with("content-type", "text/plain"), StatusCode::BAD_REQUEST),
        (with("content-type", "multipart/form-data; boundary=x"), StatusCode::BAD_REQUEST),
        (form(path, format!("{}&reason=twice", good())), StatusCode::BAD_REQUEST),
        (form(path, format!("{}&x={}", good(), "y".repeat(300_000))), StatusCode::PAYLOAD_TOO_LARGE),
    ];
    for (at, (request, status)) in cases.into_iter().enumerate() {
        let (answer, body) = send(&router, request).await;
        assert_eq!(answer.status(), status, "case {at}");
        assert!(!body.starts_with("Reject"), "case {at}");
    }
}

#[tokio::test]
async fn a_form_shown_again_after_a_mistake_can_be_sent_again() {
    let entropy = Arc::new(SeededEntropy::new(5));
    let gate = Arc::new(Recording::default());
    let door = Door { csrf: Csrf::with_key(&[7; 32]), gate, entropy };
    let router = assemble(Arc::new(door), (), |_, method| {
        on(method, async move |token: Option<axum::Extension<FormToken>>| {
            token.map(|token| token.0.0).unwrap_or_default()
        })
    });
    let (_, shown) = send(&router, form("/holds/hold_x/reject", format!("csrf={}&reason=", token()))).await;
    assert_eq!(shown, token());
}

#[tokio::test]
async fn the_language_is_remembered_and_comes_back_to_our_page() {
    let router = console(Recording::default());
    let request = form("/language", format!("csrf={}&locale=en&next=%2Fqueue", token()));
    let (answer, _) = send(&router, request).await;
    assert_eq!(
        (answer.status(), &answer.headers()[header::LOCATION]),
        (StatusCode::SEE_OTHER, &HeaderValue::from_static("/queue"))
    );
    assert!(
        answer.headers()[header::SET_COOKIE].to_str().unwrap().starts_with("__Host-cerebro-language=en;")
    );
    let request = form("/language", format!("csrf={}&locale=en&next=%2F%2Fevil.example", token()));
    assert_eq!(send(&router, request).await.0.headers()[header::LOCATION], "/");
}

#[tokio::test]
async fn where_nothing_is_a_page_says_so() {
    let router = console(Recording::default());
    let (answer, body) =
        send(&router, Request::get("/nowhere").header("accept-language", "en").body(Body::empty()).unwrap())
            .await;
    assert_eq!(answer.status(), StatusCode::NOT_FOUND);
    assert!(body.contains("This page does not exist") && body.contains("E-NOT-FOUND"));
}
