//! Real mail software as clients that hand mail to the whole program: swaks, smtp-source, and Postfix (A07, A08, A10, A16, B29, C03, C04,
//! C10, D02).

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use super::served::{Served, Wishes, home};
use crate::support::authority::Authority;
use crate::support::program::binary;
use crate::support::{message, tool};

fn start(name: &str) -> (PathBuf, String, Served) {
    let directory = home(name);
    let authority = Authority::new(&directory, "authority");
    authority.issue("server", &["localhost"], "serverAuth");
    let secret = directory.join("crm.secret");
    let made = Command::new(binary()).args(["smtp-secret", "--file"]).arg(&secret).output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let printed = String::from_utf8(made.stdout).unwrap();
    let password = printed.split_whitespace().find(|word| word.len() == 43).unwrap().to_owned();
    let smtp = "certificate = \"server.pem\"\nprivate_key = \"server.key\"\n\
        [[smtp.clients]]\nname = \"mail\"\nnetworks = [\"127.0.0.1/32\"]\norganisations = [\"bank.example/cerebro\"]\n\
        [[smtp.clients]]\nname = \"crm\"\nnetworks = [\"127.0.0.0/8\"]\norganisations = [\"bank.example/cerebro\"]\nlogin = \"crm\"\n\
        secret = \"crm.secret\"\n";
    let served = Served::start(&directory, Wishes { smtp: smtp.into(), ..Wishes::default() });
    (directory, password, served)
}

fn swaks(directory: &Path, port: u16, more: &[&str]) -> Output {
    Command::new("swaks")
        .args(["--server", "127.0.0.1", "--port", &port.to_string(), "--helo", "mail.bank.example"])
        .args(["--from", "ada@bank.example", "--to", "r.lemarrec@client.example", "--data", "@message.eml"])
        .args(more)
        .current_dir(directory)
        .output()
        .unwrap()
}

#[test]
fn a10_c03_c04_c10_swaks_hands_mail_over_in_every_way() {
    if !tool("swaks") || !tool("openssl") {
        return;
    }
    let (directory, password, served) = start("swaks");
    let line = "À demain, .un point\n.\n..deux\n";
    std::fs::write(directory.join("message.eml"), message(line)).unwrap();
    let (plain, implicit) = (served.smtp.port(), served.smtp_tls.port());
    let as_crm = ["--auth-user", "crm", "--auth-password", &password];
    let from_elsewhere = ["--local-interface", "127.0.0.2"];
    let verified = ["--tls-verify", "--tls-ca-path", "authority.pem"];
    let mut taken = 0;
    for (why, port, more, good) in [
        ("plain", plain, vec![], true),
        ("a group of commands", plain, vec!["--pipeline"], true),
        (
            "three recipients in a group",
            plain,
            vec!["--pipeline", "--to", "a@client.example,b@client.example,c@client.example"],
            true,
        ),
        ("STARTTLS", plain, vec!["--tls"], true),
        ("STARTTLS, verified", plain, [&["--tls"][..], &verified].concat(), true),
        ("TLS 1.2", plain, vec!["--tls", "--tls-protocol", "tlsv1_2"], true),
        ("TLS 1.1", plain, vec!["--tls", "--tls-protocol", "tlsv1_1"], false),
        ("implicit TLS", implicit, [&["--tls-on-connect"][..], &verified].concat(), true),
        ("plain text where TLS begins", implicit, vec!["--timeout", "3"], false),
        ("AUTH PLAIN", plain, [&["--tls", "--auth", "PLAIN"][..], &as_crm, &from_elsewhere].concat(), true),
        ("AUTH LOGIN", plain, [&["--tls", "--auth", "LOGIN"][..], &as_crm, &from_elsewhere].concat(), true),
        ("AUTH in plain text", plain, [&["--auth", "PLAIN"][..], &as_crm, &from_elsewhere].concat(), false),
        (
            "a wrong secret",
            plain,
            [
                &["--tls", "--auth", "PLAIN", "--auth-user", "crm", "--auth-password", "x"][..],
                &from_elsewhere,
            ]
            .concat(),
            false,
        ),
        ("no secret from elsewhere", plain, [&["--tls"][..], &from_elsewhere].concat(), false),
        ("another sender", plain, vec!["--from", "ada@elsewhere.example"], false),
    ] {
        let output = swaks(&directory, port, &more);
        let said = String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.success(), good, "{why}: {said}{}", String::from_utf8_lossy(&output.stderr));
        taken += usize::from(good);
    }
    let sunk = served.wait_for(taken, 30);
    assert_eq!(sunk.len(), taken);
    let body = "À demain, .un point\r\n.\r\n..deux\r\n";
    assert!(sunk.iter().all(|kept| String::from_utf8_lossy(&kept.raw).contains(body)));
    let said =
        |words: &str| sunk.iter().filter(|kept| String::from_utf8_lossy(&kept.raw).contains(words)).count();
    assert_eq!(
        (said("with ESMTPSA"), said("with ESMTPS\r\n") + said("with ESMTPS ")),
        (2, 4),
        "each says how it came"
    );
}

#[test]
fn a07_smtp_source_hands_over_many_messages_at_once() {
    if !tool("smtp-source") {
        return;
    }
    let (_, _, served) = start("smtp-source");
    let program =
        if Path::new("/usr/sbin/smtp-source").exists() { "/usr/sbin/smtp-source" } else { "smtp-source" };
    // Twenty sessions, three recipients each; then one session that is kept for all.
    for more in [&["-s", "20", "-m", "200", "-r", "3"][..], &["-s", "1", "-m", "50", "-d"]] {
        let sent = Command::new(program)
            .args(["-l", "5000", "-f", "ada@bank.example", "-t", "paul@client.example", "-S", "Point"])
            .args(more)
            .arg(served.smtp.to_string())
            .output()
            .unwrap();
        assert!(sent.status.success(), "{}", String::from_utf8_lossy(&sent.stderr));
    }
    let sunk = served.wait_for(250, 60);
    let three = sunk.iter().filter(|kept| kept.envelope.recipients.len() == 3).count();
    assert_eq!((sunk.len(), three), (250, 200));
}

/// A Postfix of its own that sends everything to the program, and only under TLS that it verified.
struct Postfix {
    directory: PathBuf,
}

impl Drop for Postfix {
    fn drop(&mut self) {
        self.run("/usr/sbin/postfix", &["stop"], b"");
    }
}

impl Postfix {
    fn start(directory: &Path, next: u16, authority: &Path) -> Self {
        let place = directory.join("postfix");
        for part in ["etc", "spool", "data", "log"] {
            std::fs::create_dir_all(place.join(part)).unwrap();
        }
        let shown = place.display();
        let main = format!(
            "compatibility_level = 3.6\nqueue_directory = {shown}/spool\ndata_directory = {shown}/data\ncommand_directory = /usr/sbin\n\
             daemon_directory = /usr/lib/postfix/sbin\nmail_owner = postfix\nsetgid_group = postdrop\nmyhostname = mail.bank.example\n\
             mydomain = bank.example\nmyorigin = bank.example\nmydestination =\ninet_interfaces = loopback-only\ninet_protocols = ipv4\n\
             alias_maps =\nalias_database =\nlocal_recipient_maps =\nrelayhost = [localhost]:{next}\nsmtp_host_lookup = native\n\
             smtp_tls_loglevel = 1\nsmtp_tls_security_level = secure\nsmtp_tls_secure_cert_match = nexthop\nsmtp_tls_CAfile = {}\nmaillog_file = {shown}/log/mail\n\
             maillog_file_prefixes = {shown}\n",
            authority.display()
        );
        let master = "pickup unix n - n 60 1 pickup\ncleanup unix n - n - 0 cleanup\nqmgr unix n - n 300 1 qmgr\ntlsmgr unix - - n 1000? 1 tlsmgr\n\
            rewrite unix - - n - - trivial-rewrite\nbounce unix - - n - 0 bounce\ndefer unix - - n - 0 bounce\ntrace unix - - n - 0 bounce\n\
            smtp unix - - n - - smtp\nrelay unix - - n - - smtp\nerror unix - - n - - error\nretry unix - - n - - error\n\
            scache unix - - n - 1 scache\npostlog unix-dgram n - n - 1 postlogd\n";
        std::fs::write(place.join("etc/main.cf"), main).unwrap();
        std::fs::write(place.join("etc/master.cf"), master).unwrap();
        assert!(Command::new("chown").arg("postfix").arg(place.join("data")).status().unwrap().success());
        let postfix = Self { directory: place };
        assert!(postfix.run("/usr/sbin/postfix", &["start"], b""), "Postfix does not start");
        postfix
    }

    fn run(&self, program: &str, more: &[&str], input: &[u8]) -> bool {
        use std::io::Write;
        let etc = self.directory.join("etc");
        let flag = if program.ends_with("sendmail") { "-C" } else { "-c" };
        let mut child = Command::new(program)
            .arg(flag)
            .arg(&etc)
            .args(more)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let _ = child.stdin.take().unwrap().write_all(input);
        child.wait().unwrap().success()
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.directory.join("log/mail")).unwrap_or_default()
    }
}

fn is_root() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status.lines().any(|line| line.starts_with("Uid:") && line.split_whitespace().nth(2) == Some("0"))
}

#[test]
fn a08_a10_b29_c03_d02_postfix_hands_mail_over_with_all_that_is_offered() {
    if !tool("postfix") || !is_root() {
        return;
    }
    let (directory, _, served) = start("postfix-client");
    let postfix = Postfix::start(&directory, served.smtp.port(), &directory.join("authority.pem"));
    let field = "From: ada@bank.example\nTo: x@client.example\nDate: Tue, 24 Nov 2026 12:00:00 +0000\n";
    let eight = format!(
        "{field}Message-ID: <8@bank.example>\nSubject: huit\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\
        Content-Transfer-Encoding: 8bit\n\nÀ demain\n.\n..deux\n"
    );
    let utf8 = format!("{field}Message-ID: <u@bank.example>\nSubject: Café à Noël\n\nx\n");
    let large = format!(
        "{field}Message-ID: <l@bank.example>\nSubject: grand\n\n{}",
        "une ligne ordinaire\n".repeat(150_000)
    );
    let many: Vec<String> = (0..60).map(|n| format!("r{n}@client.example")).collect();
    let mut to_many = vec!["-f", "ada@bank.example"];
    to_many.extend(many.iter().map(String::as_str));
    for (arguments, text) in [
        (vec!["-f", "ada@bank.example", "r.lemarrec@client.example"], &eight),
        (vec!["-f", "ada@bank.example", "hélène@client.example"], &utf8),
        (vec!["-f", "ada@bank.example", "l@client.example"], &large),
        (to_many, &eight),
    ] {
        // A dot alone does not end it.
        let arguments = [&["-i"][..], &arguments].concat();
        assert!(postfix.run("/usr/sbin/sendmail", &arguments, text.as_bytes()));
    }
    // Postfix gives one transaction fifty recipients.
    let sunk = served.wait_for(5, 60);
    let find = |to: &str| {
        sunk.iter().find(|kept| kept.envelope.recipients.iter().any(|path| path.address.to_string() == to))
    };
    let log = postfix.log();
    let eight_in = find("r.lemarrec@client.example").unwrap_or_else(|| panic!("{log}"));
    assert!(
        eight_in.envelope.eight_bit
            && eight_in.raw.ends_with("\r\n\r\nÀ demain\r\n.\r\n..deux\r\n".as_bytes())
    );
    assert!(String::from_utf8_lossy(&eight_in.raw).contains("with ESMTPS"), "under TLS, verified by Postfix");
    let utf8_in = find("hélène@client.example").unwrap_or_else(|| panic!("{log}"));
    assert!(
        utf8_in.envelope.smtputf8
            && String::from_utf8_lossy(&utf8_in.raw).contains("Subject: Café à Noël\r\n")
    );
    let large_in = find("l@client.example").unwrap_or_else(|| panic!("{log}"));
    assert!(large_in.raw.len() > 3_000_000 && large_in.raw.ends_with(b"une ligne ordinaire\r\n"));
    let recipients: usize = sunk.iter().map(|kept| kept.envelope.recipients.len()).sum();
    assert_eq!(recipients, 63);
    assert!(log.contains("Verified TLS connection established to localhost"), "{log}");
    assert!(log.matches("status=sent").count() >= 63, "{log}");
}
