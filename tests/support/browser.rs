//! A browser without script: cookies, forms and their tokens, over the console's real routes. Requests enter where
//! hyper hands them over, with the address of whoever sent them.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Request, header};
use operations::Cerebro;
use tower::ServiceExt as _;

use super::cerebro::{PASSWORD, TestCerebro};

const HOST: &str = "console.orveane.example";

/// One browser of one person.
#[derive(Clone)]
pub(crate) struct Browser {
    app: Router,
    pub(crate) jar: BTreeMap<String, String>,
    pub(crate) peer: SocketAddr,
    /// What its requests call us.
    pub(crate) host: String,
    /// A bearer token its requests carry, as a program's do.
    pub(crate) bearer: Option<String>,
    token: String,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) status: u16,
    pub(crate) location: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Page {
    /// The value of a hidden field.
    pub(crate) fn field(&self, name: &str) -> String {
        let mark = format!("name=\"{name}\" value=\"");
        let (_, rest) = self.body.split_once(&mark).unwrap_or_else(|| panic!("no {name} in {}", self.body));
        rest.split('"').next().unwrap().to_owned()
    }

    /// What the page asks of a security key.
    pub(crate) fn options(&self) -> String {
        let (_, rest) = self.body.split_once("data-options=\"").unwrap_or_else(|| panic!("{}", self.body));
        let text = rest.split('"').next().unwrap();
        text.replace("&#34;", "\"").replace("&#39;", "'").replace("&#38;", "&")
    }

    /// The text of an element with this id.
    pub(crate) fn element(&self, id: &str) -> String {
        let (_, rest) = self.body.split_once(&format!("id=\"{id}\">")).unwrap();
        rest.split("</").next().unwrap().to_owned()
    }
}

impl Browser {
    /// A browser nobody has used, in an office of the bank.
    pub(crate) fn new(cerebro: &TestCerebro) -> Self {
        Self {
            app: console(cerebro.cerebro.clone(), cerebro),
            jar: BTreeMap::new(),
            peer: "192.0.2.7:50000".parse().unwrap(),
            host: HOST.to_owned(),
            bearer: None,
            token: String::new(),
        }
    }

    /// The same browser, whose next requests another node of the console answers.
    pub(crate) fn on_node(self, node: Cerebro, cerebro: &TestCerebro) -> Self {
        Self { app: console(node, cerebro), ..self }
    }

    /// Another browser on the same console.
    pub(crate) fn another(&self) -> Self {
        Self { jar: BTreeMap::new(), token: String::new(), ..self.clone() }
    }

    pub(crate) async fn get(&mut self, path: &str) -> Page {
        let request = Request::get(path);
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// Posts a form with the token of the last page.
    pub(crate) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let mut body = format!("csrf={}", self.token);
        for (name, value) in fields {
            body += &format!("&{name}={}", encode(value));
        }
        let request = Request::post(path)
            .header(header::ORIGIN, format!("https://{}", self.host))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    async fn send(&mut self, mut request: Request<Body>) -> Page {
        let cookies: Vec<String> = self.jar.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let headers = request.headers_mut();
        headers.insert(header::HOST, self.host.parse().unwrap());
        headers.insert(header::ACCEPT_LANGUAGE, "fr".parse().unwrap());
        if let Some(token) = &self.bearer {
            headers.insert(header::AUTHORIZATION, format!("Bearer {token}").parse().unwrap());
        }
        if !cookies.is_empty() {
            headers.insert(header::COOKIE, cookies.join("; ").parse().unwrap());
        }
        request.extensions_mut().insert(ConnectInfo(self.peer));
        let answer = self.app.clone().oneshot(request).await.unwrap();
        for cookie in answer.headers().get_all(header::SET_COOKIE) {
            let text = cookie.to_str().unwrap();
            let (name, value) = text.split(';').next().unwrap().split_once('=').unwrap();
            if text.contains("Max-Age=0") {
                self.jar.remove(name);
            } else {
                self.jar.insert(name.to_owned(), value.to_owned());
            }
        }
        let status = answer.status().as_u16();
        let location = answer.headers().get(header::LOCATION);
        let location = location.map(|to| to.to_str().unwrap().to_owned()).unwrap_or_default();
        let headers = answer.headers().clone();
        let body = to_bytes(answer.into_body(), 1 << 20).await.unwrap();
        let page = Page { status, location, headers, body: String::from_utf8(body.to_vec()).unwrap() };
        if page.body.contains("name=\"csrf\"") {
            self.token = page.field("csrf");
        }
        page
    }

    /// The first step of a sign-in.
    pub(crate) async fn password(&mut self, email: &str, password: &str) -> Page {
        self.get("/sign-in").await;
        self.post("/sign-in", &[("email", email), ("password", password), ("next", "/")]).await
    }

    /// Signs somebody in who has an authenticator app.
    pub(crate) async fn sign_in(&mut self, cerebro: &TestCerebro, email: &str) {
        self.sign_in_with(cerebro, email, PASSWORD).await;
    }

    /// As [`Browser::sign_in`], with another password than everybody's.
    pub(crate) async fn sign_in_with(&mut self, cerebro: &TestCerebro, email: &str, password: &str) {
        cerebro.clock.advance(std::time::Duration::from_secs(30));
        assert_eq!(self.password(email, password).await.location, "/sign-in/code?next=/");
        self.get("/sign-in/code").await;
        let page = self.post("/sign-in/code", &[("code", &cerebro.code()), ("next", "/")]).await;
        assert_eq!((page.status, page.location.as_str()), (303, "/"), "{}", page.body);
    }
}

fn console(node: Cerebro, cerebro: &TestCerebro) -> Router {
    console::app(node, cerebro.hasher.clone()).unwrap()
}

fn encode(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect()
}
