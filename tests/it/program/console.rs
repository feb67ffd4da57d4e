//! The console's transport and its first door (clause T3).

use std::io::{Read, Write};
use std::net::TcpStream;

use crate::support::program::Program;

#[test]
fn clause_t3_x2_plain_http_is_closed_not_redirected() {
    let program = Program::start("plain");
    let mut stream = TcpStream::connect(program.console()).unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    let text = String::from_utf8_lossy(&answer);
    assert!(!text.starts_with("HTTP/1.1 3"), "{text}");
    assert!(!text.to_lowercase().contains("location:"), "{text}");
}

#[test]
fn pages_without_a_session_lead_to_sign_in_and_carry_their_headers() {
    let program = Program::start("headers");
    let page = program.request("GET", "/queue", &[], b"");
    assert!(matches!(page.status, 302 | 303 | 401), "{} {}", page.status, page.head);
    let page = program.request("GET", "/sign-in", &[("Accept-Language", "fr")], b"");
    assert_eq!(page.status, 200, "{}", page.head);
    let head = page.head.to_lowercase();
    for header in
        ["strict-transport-security", "content-security-policy", "x-content-type-options", "referrer-policy"]
    {
        assert!(head.contains(header), "{header} is missing in {head}");
    }
    assert!(!head.contains("unsafe-inline"));
}
