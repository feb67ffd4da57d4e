//! What was signed before it came in verifies after it left: DKIM, S/MIME and OpenPGP by tools that nobody here wrote,
//! over contents that a careless relay would change (case D06).

use std::path::Path;
use std::process::{Command, Stdio};

use crate::support::program::{Program, Smtp};
use crate::support::{Scratch, tool};

const FROM: &str = "theodore.vasquin@orveane.example";
const TO: &str = "r.lemarrec@client.example";

/// Lines that begin with dots, 8-bit text, a long line, trailing blanks, an empty end.
fn text() -> String {
    format!(
        "Bonjour Hélène,\r\n.\r\n..deux points\r\n. un point et des blancs   \r\nFrom moi à vous\r\n{}\r\n\t\r\nÀ demain\r\n\r\n",
        "une longue ligne, ".repeat(50)
    )
}

fn header(mark: &str) -> String {
    format!(
        "From: Theodore Vasquin <{FROM}>\r\nTo: {TO}\r\nSubject: {mark}\r\nDate: Tue, 24 Nov 2026 12:00:00 +0000\r\n\
         Message-ID: <{mark}@orveane.example>\r\nMIME-Version: 1.0\r\n"
    )
}

fn run(directory: &Path, program: &str, arguments: &[&str]) -> Vec<u8> {
    let output = Command::new(program)
        .args(arguments)
        .current_dir(directory)
        .env("GNUPGHOME", directory)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{program} {arguments:?}: {}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    output.stdout
}

/// Through the whole program, as `BODY=8BITMIME`; what the outside world got, with our trace fields above it.
fn through(program: &Program, mark: &str, raw: &[u8]) -> Vec<u8> {
    let mut smtp = Smtp::connect(program.smtp()).unwrap();
    smtp.say(&format!("MAIL FROM:<{FROM}> BODY=8BITMIME")).unwrap();
    smtp.say(&format!("RCPT TO:<{TO}>")).unwrap();
    let reply = smtp.data(raw).unwrap();
    assert!(reply.starts_with("250"), "{mark}: {reply}");
    let mut found = None;
    program.wait_until(mark, || {
        found = program
            .sunk()
            .into_iter()
            .find(|sunk| String::from_utf8_lossy(sunk).contains(&format!("<{mark}@orveane.example>")));
        found.is_some()
    });
    let sunk = found.unwrap();
    assert!(sunk.ends_with(raw), "{mark}: not byte for byte");
    assert!(sunk.starts_with(b"Received: from "), "{mark}: our trace field stands on top");
    sunk
}

const SIGN: &str = "
import sys, dkim
key = open('dkim.key', 'rb').read()
raw = open('plain.eml', 'rb').read()
fields = [b'from', b'to', b'subject', b'date', b'message-id']
c = tuple(part.encode() for part in sys.argv[1].split('/'))
sys.stdout.buffer.write(dkim.sign(raw, b'garde', b'orveane.example', key, canonicalize=c, include_headers=fields) + raw)
";
const VERIFY: &str = "
import dkim
key = ''.join(line for line in open('dkim.pub').read().split('\\n') if not line.startswith('-'))
ask = lambda name, timeout=5: ('v=DKIM1; k=rsa; p=' + key).encode()
raw = open('sunk.eml', 'rb').read()
assert dkim.verify(raw, dnsfunc=ask), 'the signature does not verify'
assert not dkim.verify(raw.replace(b'demain', b'jamais'), dnsfunc=ask), 'this test cannot fail'
";

fn dkim(program: &Program, place: &Path) {
    run(place, "openssl", &["genrsa", "-out", "dkim.key", "2048"]);
    run(place, "openssl", &["rsa", "-in", "dkim.key", "-pubout", "-out", "dkim.pub"]);
    for (n, canonicalization) in
        ["simple/simple", "relaxed/relaxed", "relaxed/simple"].into_iter().enumerate()
    {
        let mark = format!("dkim-{n}");
        let fields = "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n";
        std::fs::write(place.join("plain.eml"), format!("{}{fields}\r\n{}", header(&mark), text())).unwrap();
        let signed = run(place, "/usr/bin/python3", &["-c", SIGN, canonicalization]);
        std::fs::write(place.join("sunk.eml"), through(program, &mark, &signed)).unwrap();
        run(place, "/usr/bin/python3", &["-c", VERIFY]);
    }
}

fn smime(program: &Program, place: &Path) {
    let subject = "/CN=Theodore Vasquin/emailAddress=theodore.vasquin@orveane.example";
    run(
        place,
        "openssl",
        &[
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", subject, "-keyout",
            "s.key", "-out", "s.pem",
        ],
    );
    let part = format!(
        "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{}",
        text()
    );
    std::fs::write(place.join("part"), part).unwrap();
    let signed =
        ["cms", "-sign", "-binary", "-in", "part", "-signer", "s.pem", "-inkey", "s.key", "-crlfeol"];
    let signed = String::from_utf8(run(place, "openssl", &signed)).unwrap();
    // openssl ends the lines of its signature with LF alone, and says MIME-Version itself.
    let signed = signed.replace("\r\n", "\n").replace('\n', "\r\n");
    let rest = signed.replacen("MIME-Version: 1.0\r\n", "", 1);
    assert_ne!(rest, signed, "{signed}");
    let raw = format!("{}{rest}", header("smime")).into_bytes();
    std::fs::write(place.join("sunk.eml"), through(program, "smime", &raw)).unwrap();
    let verify =
        ["cms", "-verify", "-in", "sunk.eml", "-CAfile", "s.pem", "-purpose", "any", "-out", "verified"];
    run(place, "openssl", &verify);
    let altered = String::from_utf8(std::fs::read(place.join("sunk.eml")).unwrap()).unwrap();
    std::fs::write(place.join("sunk.eml"), altered.replace("demain", "jamais")).unwrap();
    let failed = Command::new("openssl").args(verify).current_dir(place).output().unwrap();
    assert!(!failed.status.success(), "this test cannot fail");
}

fn pgp(program: &Program, place: &Path) {
    let quietly = ["--batch", "--quiet", "--pinentry-mode", "loopback", "--passphrase", ""];
    let gpg = |arguments: &[&str]| run(place, "gpg", &[&quietly[..], arguments].concat());
    gpg(&["--quick-generate-key", FROM, "rsa2048", "sign", "1d"]);
    // RFC 3156 §5: what is signed has CRLF and no trailing blanks, so its 8-bit text is encoded.
    let part = "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
        Bonjour H=C3=A9l=C3=A8ne,\r\n.\r\n..deux points\r\n=46rom moi =C3=A0 vous\r\n=C3=80 demain\r\n";
    std::fs::write(place.join("part"), part).unwrap();
    gpg(&["--yes", "--armor", "--detach-sign", "--output", "part.asc", "part"]);
    let signature = std::fs::read_to_string(place.join("part.asc")).unwrap().replace('\n', "\r\n");
    let raw = format!(
        "{}Content-Type: multipart/signed; micalg=pgp-sha512; protocol=\"application/pgp-signature\"; boundary=\"b\"\r\n\r\n\
         --b\r\n{part}\r\n--b\r\nContent-Type: application/pgp-signature; name=signature.asc\r\n\r\n{signature}\r\n--b--\r\n",
        header("pgp")
    );
    let sunk = through(program, "pgp", raw.as_bytes());
    let sunk = String::from_utf8(sunk).unwrap();
    let (_, rest) = sunk.split_once("\r\n--b\r\n").unwrap();
    let (arrived, rest) = rest.split_once("\r\n--b\r\n").unwrap();
    let (_, rest) = rest.split_once("\r\n\r\n").unwrap();
    let (signature, _) = rest.split_once("\r\n--b--").unwrap();
    std::fs::write(place.join("arrived.asc"), signature.replace("\r\n", "\n")).unwrap();
    std::fs::write(place.join("arrived"), arrived).unwrap();
    gpg(&["--verify", "arrived.asc", "arrived"]);
    std::fs::write(place.join("arrived"), arrived.replace("demain", "jamais")).unwrap();
    let failed = Command::new("gpg")
        .args(["--batch", "--verify", "arrived.asc", "arrived"])
        .current_dir(place)
        .env("GNUPGHOME", place)
        .output()
        .unwrap();
    assert!(!failed.status.success(), "this test cannot fail");
}

#[test]
fn d06_signatures_verify_at_the_sink() {
    let program = Program::start("signatures");
    let scratch = Scratch::new("signatures");
    let place = |name: &str| {
        let place = scratch.path().join(name);
        std::fs::create_dir(&place).unwrap();
        // gpg wants a home that is its own.
        let own = std::os::unix::fs::PermissionsExt::from_mode(0o700);
        std::fs::set_permissions(&place, own).unwrap();
        place
    };
    if tool("openssl") {
        smime(&program, &place("smime"));
        let has = Command::new("/usr/bin/python3").args(["-c", "import dkim"]).output();
        let has = has.is_ok_and(|output| output.status.success());
        assert!(has || std::env::var_os("CEREBRO_CI").is_none(), "python3-dkim is not installed");
        if has {
            dkim(&program, &place("dkim"));
        } else {
            eprintln!("skipped: python3-dkim is not installed (./dev test installs it)");
        }
    }
    if tool("gpg") {
        pgp(&program, &place("pgp"));
    }
}
