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
    let ask = |mission: &str, token: &str| {
        let done = Command::new(&tool)
            .arg("run")
            .arg(format!("{url}/api/v1/openapi.json"))
            .args(["--header", &format!("Authorization: Bearer {token}"), "--tls-verify"])
            .arg(program.directory.join("tls.pem"))
            .args(["--checks", CHECKS, "--phases", "examples,coverage,fuzzing", "--max-examples", "12"])
            .args(["--generation-deterministic", "--no-shrink"])
            .args([
                "--continue-on-failure",
                "--request-timeout",
                "20",
                "--request-retries",
                "3",
                "--no-color",
                "--warnings",
                "off",
            ])
            .env("SCHEMATHESIS_HOOKS", "schemathesis_hooks")
            .env("PYTHONPATH", Path::new(env!("CARGO_MANIFEST_DIR")).join("support"))
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .current_dir(&program.directory)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&done.stdout).into_owned();
        assert!(done.status.success(), "{mission}:\n{said}\n{}", String::from_utf8_lossy(&done.stderr));
        said
    };
    // A few at once: the tool is the slower one.
    let ask = &ask;
    let all: Vec<(&String, &serde_json::Value)> = tokens.iter().collect();
    thread::scope(|scope| {
        for part in all.chunks(all.len().div_ceil(2)) {
            scope.spawn(move || {
                for (mission, token) in part {
                    let said = ask(mission, token.as_str().unwrap());
                    assert!(said.contains("No issues found"), "{mission}:\n{said}");
                }
            });
        }
    });
}

/// No fault of ours; documented statuses, types, schemas and headers; what breaks the schema is refused.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
    response_schema_conformance,response_headers_conformance,negative_data_rejection,ignored_auth,\
    unsupported_method,allow_header_conformance";
