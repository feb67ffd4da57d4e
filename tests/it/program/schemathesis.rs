//! Somebody else's tool asks the API everything its document allows, and much that it does not, as a service of each
//! mission: whatever it sends, the answer is one the document names, in the form it names, and never a fault of ours.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use crate::support::program::Program;

/// Where `./dev test` puts it, unless the environment says otherwise.
fn schemathesis() -> Option<PathBuf> {
    let path = match std::env::var_os("CEREBRO_SCHEMATHESIS") {
        Some(path) => path.into(),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/schemathesis/bin/schemathesis"),
    };
    if path.exists() {
        return Some(path);
    }
    assert!(std::env::var_os("CEREBRO_CI").is_none(), "{} is not there: ./dev test", path.display());
    eprintln!("skipped: {} is not there", path.display());
    None
}

#[test]
fn schemathesis_finds_nothing_that_the_document_does_not_say_for_any_mission() {
    let Some(tool) = schemathesis() else { return };
    let program = Program::start_with_services("schemathesis");
    let url = program.ready["console_url"].as_str().unwrap();
    let tokens = program.ready["tokens"].as_object().unwrap();
    assert_eq!(tokens.len(), access::Mission::ALL.len());
    let api = Api { tool: &tool, url, program: &program };
    let operations = api.operations();
    // A few at once: the tool is the slower one.
    let all: Vec<(&String, &serde_json::Value)> = tokens.iter().collect();
    thread::scope(|scope| {
        for part in all.chunks(all.len().div_ceil(2)) {
            let (api, operations) = (&api, &operations);
            scope.spawn(move || {
                for (mission, token) in part {
                    api.ask(mission, token.as_str().unwrap(), operations);
                }
            });
        }
    });
}

/// An operation as the document names it.
struct Operation {
    id: String,
    method: String,
    path: String,
}

struct Api<'a> {
    tool: &'a Path,
    url: &'a str,
    program: &'a Program,
}

impl Api<'_> {
    fn curl(&self, arguments: &[&str]) -> String {
        let mut curl = Command::new("curl");
        // One that refuses need not read what is sent: in HTTP/2 curl takes that for a fault.
        curl.args(["--http1.1", "--silent", "--show-error", "--max-time", "30", "--cacert"]);
        let done = curl.arg(self.program.directory.join("tls.pem")).args(arguments).output().unwrap();
        assert!(done.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).unwrap()
    }

    fn operations(&self) -> Vec<Operation> {
        let document = self.curl(&[&format!("{}/api/v1/openapi.json", self.url)]);
        let document: serde_json::Value = serde_json::from_str(&document).unwrap();
        let mut all = Vec::new();
        for (path, methods) in document["paths"].as_object().unwrap() {
            for (method, operation) in methods.as_object().unwrap() {
                let Some(id) = operation["operationId"].as_str() else { continue };
                all.push(Operation { id: id.to_owned(), method: method.to_uppercase(), path: path.clone() });
            }
        }
        assert!(all.len() > 20, "{} operations", all.len());
        all
    }

    /// Whether a service may do it at all: it is not told 403 of something that is not there.
    fn may(&self, token: &str, operation: &Operation) -> bool {
        let nowhere = operation.path.split('/').map(|part| match part.starts_with('{') {
            true => "01890000-0000-7000-8000-000000000000",
            false => part,
        });
        let url = format!("{}{}", self.url, nowhere.collect::<Vec<_>>().join("/"));
        let authorization = format!("Authorization: Bearer {token}");
        let json = ["--header", "Content-Type: application/json", "--data", "{}"];
        let mut asked = vec!["--request", &operation.method, "--header", &authorization];
        asked.extend(json.into_iter().filter(|_| matches!(operation.method.as_str(), "POST" | "PUT")));
        asked.extend(["--output", "/dev/null", "--write-out", "%{http_code}", &url]);
        self.curl(&asked) != "403"
    }

    /// What a mission may do is asked with everything the document allows and much that it does not; what it may not, once each.
    fn ask(&self, mission: &str, token: &str, operations: &[Operation]) {
        let (may, may_not): (Vec<_>, Vec<_>) = operations.iter().partition(|one| self.may(token, one));
        assert!(!may.is_empty(), "{mission} may do nothing");
        self.run(mission, token, &may, &["--phases", "examples,coverage,fuzzing", "--max-examples", "12"]);
        self.run(mission, token, &may_not, &["--phases", "examples,fuzzing", "--max-examples", "1"]);
    }

    fn run(&self, mission: &str, token: &str, operations: &[&Operation], depth: &[&str]) {
        // None named would be all of them.
        if operations.is_empty() {
            return;
        }
        let done = Command::new(self.tool)
            .arg("run")
            .arg(format!("{}/api/v1/openapi.json", self.url))
            .args(operations.iter().flat_map(|one| ["--include-operation-id", &one.id]))
            .args(["--header", &format!("Authorization: Bearer {token}"), "--tls-verify"])
            .arg(self.program.directory.join("tls.pem"))
            .args(["--checks", CHECKS, "--generation-deterministic", "--no-shrink", "--continue-on-failure"])
            .args(["--request-timeout", "20", "--request-retries", "3", "--no-color", "--warnings", "off"])
            .args(depth)
            .env("SCHEMATHESIS_HOOKS", "schemathesis_hooks")
            .env("PYTHONPATH", Path::new(env!("CARGO_MANIFEST_DIR")).join("support"))
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .current_dir(&self.program.directory)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&done.stdout);
        assert!(done.status.success(), "{mission}:\n{said}\n{}", String::from_utf8_lossy(&done.stderr));
        assert!(said.contains("No issues found"), "{mission}:\n{said}");
    }
}

/// No fault of ours; documented statuses, types, schemas and headers; what breaks the schema is refused.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
    response_schema_conformance,response_headers_conformance,negative_data_rejection,ignored_auth,\
    unsupported_method,allow_header_conformance";
