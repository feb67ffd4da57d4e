//! Programs use the API.

use crate::support::message;
use crate::support::program::Program;

const SUBMIT: &str =
    "/api/v1/flows?sender=theodore.vasquin%40orveane.example&recipient=r.lemarrec%40client.example";
const RFC822: &str = "message/rfc822";

#[test]
fn the_api_takes_what_could_leave_and_refuses_what_could_not() {
    let program = Program::start("api_content");
    let wire = message("Bonjour,\nà bientôt.");
    let unix: Vec<u8> = wire.iter().copied().filter(|byte| *byte != b'\r').collect();
    assert_eq!(program.api("POST", SUBMIT, RFC822, &unix).status, 201);
    program.wait_until("a file as Unix keeps it leaves with CRLF", || {
        program.sunk().iter().any(|raw| raw.windows(wire.len()).any(|window| window == wire))
    });
    let mixed = [wire.as_slice(), b"une ligne\nune autre\r\n"].concat();
    let nul = [wire.as_slice(), b"\0\r\n"].concat();
    for (raw, said) in [(mixed, "ends in a CR or LF alone"), (nul, "NUL")] {
        let answer = program.api("POST", SUBMIT, RFC822, &raw);
        assert!(answer.status == 400 && answer.text().contains(said), "{} {}", answer.status, answer.text());
    }
    let routed = SUBMIT.replace("r.lemarrec%40", "r.lemarrec%25evil.example%40");
    let answer = program.api("POST", &routed, RFC822, &wire);
    assert!(answer.status == 400 && answer.text().contains("routed further"), "{}", answer.text());
}

#[test]
fn submit_read_decide() {
    let program = Program::start("api");
    let raw = message("Le compte du client : FR76 3000 6000 0112 3456 7890 189.");
    let submitted = program.api("POST", SUBMIT, RFC822, &raw);
    assert_eq!(submitted.status, 201, "{}", submitted.text());
    let hold = submitted.json()["hold"].as_str().unwrap().to_owned();
    let listed = program.api("GET", "/api/v1/holds", "", b"").json();
    assert_eq!(listed["holds"][0]["id"], hold.as_str());
    let opened = program.api("GET", &format!("/api/v1/holds/{hold}"), "", b"").json();
    let path = format!("/api/v1/holds/{hold}/decision");
    let wrong = r#"{"decision":"release","reason":"Vu avec le client","seen_sha256":"00"}"#;
    assert_eq!(program.api("POST", &path, "application/json", wrong.as_bytes()).status, 400);
    let seen = opened["seen_sha256"].as_str().unwrap();
    let right = format!(r#"{{"decision":"release","reason":"Vu avec le client","seen_sha256":"{seen}"}}"#);
    let decided = program.api("POST", &path, "application/json", right.as_bytes());
    assert_eq!(decided.status, 200, "{}", decided.text());
    assert_eq!(program.api("POST", &path, "application/json", right.as_bytes()).status, 409, "decided once");
    program.wait_until("the message leaves", || program.sunk().iter().any(|sunk| sunk.ends_with(&raw)));
}

#[test]
fn a_dry_run_keeps_nothing_and_bad_input_names_the_place() {
    let program = Program::start("dry");
    let raw = message("Le compte du client : FR76 3000 6000 0112 3456 7890 189.");
    let path = SUBMIT.replace("/flows", "/assessments");
    let dry = program.api("POST", &path, RFC822, &raw).json();
    assert_eq!(dry["verdict"], "hold");
    assert_eq!(program.api("GET", "/api/v1/flows", "", b"").json()["flows"].as_array().unwrap().len(), 0);
    let cases = [
        ("POST", "/api/v1/flows?sender=x&recipient=a%40b.example", RFC822, 400, "sender"),
        ("POST", "/api/v1/flows?sender=a%40orveane.example", RFC822, 400, "recipient"),
        ("POST", SUBMIT, "text/plain", 415, "message/rfc822"),
        ("GET", "/api/v1/flows?page=2", "", 400, "page"),
        ("GET", "/api/v1/holds/nothing", "", 404, "no such"),
        ("GET", "/api/v1/nothing", "", 404, "no such"),
    ];
    for (method, path, kind, status, place) in cases {
        let answer = program.api(method, path, kind, &raw);
        assert_eq!(answer.status, status, "{path} {}", answer.text());
        assert!(answer.head.contains("application/problem+json"), "{path} {}", answer.head);
        assert!(answer.text().contains(place), "{path} {}", answer.text());
    }
}

#[test]
fn the_same_key_gets_the_same_answer_once() {
    let program = Program::start("idempotency");
    let bearer = format!("Bearer {}", program.token());
    let raw = message("Bonjour");
    let headers = [("Authorization", bearer.as_str()), ("Content-Type", RFC822), ("Idempotency-Key", "k-1")];
    let first = program.request("POST", SUBMIT, &headers, &raw);
    let again = program.request("POST", SUBMIT, &headers, &raw);
    assert_eq!((first.status, first.json()), (201, again.json()));
    let other = program.request("POST", SUBMIT, &headers, &message("Autre"));
    assert_eq!(other.status, 409);
    assert_eq!(program.api("GET", "/api/v1/flows", "", b"").json()["flows"].as_array().unwrap().len(), 1);
}

#[test]
fn without_a_token_there_is_nothing() {
    let program = Program::start("token");
    for path in ["/api/v1/flows", "/api/v1/holds", "/api/v1/holds/hold_x", "/api/v1/queue"] {
        assert_eq!(program.request("GET", path, &[], b"").status, 401, "{path}");
        assert_eq!(
            program.request("GET", path, &[("Authorization", "Bearer cbt_x")], b"").status,
            401,
            "{path}"
        );
    }
}
