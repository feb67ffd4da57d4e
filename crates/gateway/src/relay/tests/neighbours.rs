//! Real neighbours as next hops: Postfix, and Exim and OpenSMTPD from their Debian packages without installing them (each excludes
//! the others): `./dev test` unpacks them under `target/neighbours`.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::{TestOutbox, config, message, show, tool};
use crate::relay::worker::Relay;
use crate::relay::{Content, Host, Outcome, TlsPolicy};
use crate::session::Pki;

/// Odd, and to be carried as it is.
const BODY: &[u8] = "From: ines@orveane.example\r\nDate: Thu, 26 Nov 2026 09:00:00 +0100\r\n\
    Message-ID: <1@orveane.example>\r\nSubject: =?utf-8?q?caf=C3=A9?=\r\nX-Folded: a\r\n\tb\r\n\r\n.dot\r\n..\r\n\r\nÀ demain\r\n \r\nend\r\n"
        .as_bytes();

struct Neighbour {
    directory: PathBuf,
    host: Host,
    stop: Stop,
}

enum Stop {
    Postfix,
    Exim(Child),
    OpenSmtpd(Child),
}

impl Drop for Neighbour {
    fn drop(&mut self) {
        match &mut self.stop {
            Stop::Postfix => {
                let _ = postfix(&self.directory, "stop");
            }
            Stop::Exim(child) | Stop::OpenSmtpd(child) => {
                let _ = child.kill();
                let _ = child.wait();
            }
        }
        let _ = std::fs::remove_dir_all(&self.directory);
    }
}

fn postfix(directory: &Path, verb: &str) -> bool {
    let mut command = Command::new("/usr/sbin/postfix");
    command.arg("-c").arg(directory.join("etc")).arg(verb).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

fn pem(kind: &str, der: &[u8]) -> String {
    format!("-----BEGIN {kind}-----\n{}\n-----END {kind}-----\n", STANDARD.encode(der))
}

/// A directory with a certificate for localhost, and a free port.
fn prepare(name: &str, pki: &Pki) -> (PathBuf, u16) {
    let directory = std::env::temp_dir().join(format!("cerebro-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&directory);
    for part in ["etc", "spool", "data", "log"] {
        std::fs::create_dir_all(directory.join(part)).unwrap();
    }
    let (chain, key) = pki.identity("localhost");
    std::fs::write(directory.join("etc/cert.pem"), pem("CERTIFICATE", &chain[0])).unwrap();
    std::fs::write(directory.join("etc/key.pem"), pem("PRIVATE KEY", key.secret_der())).unwrap();
    let port = super::ports::free_port();
    (directory, port)
}

async fn listening(port: u16) -> bool {
    for _ in 0..200 {
        if tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    false
}

fn is_root() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status.lines().any(|line| line.starts_with("Uid:") && line.split_whitespace().nth(2) == Some("0"))
}

/// The folder with the packages of neighbours, if that program is there and can be run.
fn unpacked(program: &str) -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/neighbours");
    let found = root.join(program).exists();
    assert!(found || std::env::var_os("CEREBRO_CI").is_none(), "{} has no {program}", root.display());
    if !found || !is_root() {
        eprintln!("skipped: no {program} under {}, or not root", root.display());
        return None;
    }
    Some(root.canonicalize().unwrap())
}

/// Where its libraries are.
fn libraries(root: &Path) -> PathBuf {
    let mut folders = std::fs::read_dir(root.join("usr/lib")).unwrap().flatten().map(|entry| entry.path());
    folders.find(|folder| folder.join("libnss_wrapper.so").exists()).unwrap()
}

impl Neighbour {
    async fn postfix(pki: &Pki) -> Option<Self> {
        if !tool("postfix") || !is_root() {
            return None;
        }
        let (directory, port) = prepare("postfix", pki);
        let place = directory.display();
        let main = format!(
            "compatibility_level = 3.6\nqueue_directory = {place}/spool\ndata_directory = {place}/data\n\
             command_directory = /usr/sbin\ndaemon_directory = /usr/lib/postfix/sbin\nmail_owner = postfix\n\
             setgid_group = postdrop\nmyhostname = postfix.example\nmydestination = postfix.example\ninet_interfaces = 127.0.0.1\n\
             inet_protocols = ipv4\nalias_maps =\nalias_database =\nlocal_recipient_maps =\nlocal_header_rewrite_clients =\nmynetworks = 127.0.0.0/8\nsmtpd_tls_security_level = may\n\
             smtpd_tls_cert_file = {place}/etc/cert.pem\nsmtpd_tls_key_file = {place}/etc/key.pem\n\
             smtpd_recipient_restrictions = check_recipient_access inline:{{refused@partner.example=REJECT, \
             later@partner.example=DEFER}}, permit_mynetworks, reject_unauth_destination\n\
             maillog_file = {place}/log/mail\nmaillog_file_prefixes = {place}\n"
        );
        // Nobody moves what arrived: it stays in `incoming`.
        let master = format!(
            "127.0.0.1:{port} inet n - n - - smtpd\ncleanup unix n - n - 0 cleanup\nrewrite unix - - n - - trivial-rewrite\n\
             tlsmgr unix - - n 1000? 1 tlsmgr\nanvil unix - - n - 1 anvil\npostlog unix-dgram n - n - 1 postlogd\n"
        );
        std::fs::write(directory.join("etc/main.cf"), main).unwrap();
        std::fs::write(directory.join("etc/master.cf"), master).unwrap();
        assert!(Command::new("chown").arg("postfix").arg(directory.join("data")).status().unwrap().success());
        assert!(postfix(&directory, "start"), "Postfix does not start");
        let neighbour =
            Self { directory, host: Host { name: "localhost".into(), port }, stop: Stop::Postfix };
        assert!(listening(port).await);
        Some(neighbour)
    }

    async fn exim(pki: &Pki) -> Option<Self> {
        let root = unpacked("usr/sbin/exim4")?;
        let (directory, port) = prepare("exim", pki);
        let place = directory.display();
        // Debian's Exim looks its user up by name; it is not one of this machine's.
        let users = "root:x:0:0::/root:/bin/sh\nDebian-exim:x:64990:64990::/:/bin/false\n";
        std::fs::write(directory.join("passwd"), users).unwrap();
        std::fs::write(directory.join("group"), "root:x:0:\nDebian-exim:x:64990:\n").unwrap();
        let configuration = format!(
            "primary_hostname = exim.example\nspool_directory = {place}/spool\nlog_file_path = {place}/log/%slog\n\
             acl_smtp_rcpt = rcpt\nacl_smtp_data = accept\ntls_advertise_hosts = *\ntls_certificate = {place}/etc/cert.pem\n\
             tls_privatekey = {place}/etc/key.pem\nqueue_only\nkeep_environment =\nbegin acl\nrcpt:\n  deny local_parts = refused\n\
             \x20 defer local_parts = later\n  accept\n"
        );
        for part in ["spool", "log", "etc"] {
            let owner = Command::new("chown").args(["-R", "64990:64990"]).arg(directory.join(part)).status();
            assert!(owner.unwrap().success());
        }
        std::fs::write(directory.join("exim.conf"), configuration).unwrap();
        let libraries = libraries(&root);
        let child = Command::new(root.join("usr/sbin/exim4"))
            .arg("-C")
            .arg(directory.join("exim.conf"))
            .args(["-bdf", "-oX", &format!("127.0.0.1.{port}"), "-oP"])
            .arg(directory.join("log/pid"))
            .env("LD_LIBRARY_PATH", &libraries)
            .env("LD_PRELOAD", libraries.join("libnss_wrapper.so"))
            .env("NSS_WRAPPER_PASSWD", directory.join("passwd"))
            .env("NSS_WRAPPER_GROUP", directory.join("group"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let neighbour =
            Self { directory, host: Host { name: "localhost".into(), port }, stop: Stop::Exim(child) };
        assert!(listening(port).await, "Exim does not listen");
        Some(neighbour)
    }

    /// In a file system view of its own: where it keeps its queue is compiled in.
    async fn open_smtpd(pki: &Pki) -> Option<Self> {
        let root = unpacked("usr/sbin/smtpd")?;
        let (directory, port) = prepare("opensmtpd", pki);
        let place = directory.display();
        let users = "root:x:0:0::/root:/bin/sh\nopensmtpd:x:64991:64991::/:/bin/false\nopensmtpq:x:64992:64992::/:/bin/false\n";
        std::fs::write(directory.join("passwd"), users).unwrap();
        std::fs::write(directory.join("group"), "root:x:0:\nopensmtpd:x:64991:\nopensmtpq:x:64992:\n")
            .unwrap();
        // Nobody moves what arrived: its next hop does not listen.
        let configuration = format!(
            "filter \"refused\" phase rcpt-to match rcpt-to {{ \"refused@partner.example\" }} reject \"550 5.1.1 nobody\"\n\
             filter \"later\" phase rcpt-to match rcpt-to {{ \"later@partner.example\" }} reject \"451 4.2.1 later\"\n\
             filter \"both\" chain {{ \"refused\", \"later\" }}\nlisten on 127.0.0.1 port {port} filter \"both\"\n\
             action \"hold\" relay host \"smtp://127.0.0.1:1\"\nmatch from any for any action \"hold\"\n"
        );
        std::fs::write(directory.join("smtpd.conf"), configuration).unwrap();
        let script = format!(
            "set -e\nfor view in /var/spool /var/lib /run; do mount -t tmpfs none $view; done\n\
             mkdir -p /var/spool/smtpd /var/lib/opensmtpd/empty /run/opensmtpd\nchmod 711 {place}/spool\n\
             mount --bind {place}/spool /var/spool/smtpd\nexport LD_PRELOAD={}/libnss_wrapper.so\n\
             export NSS_WRAPPER_PASSWD={place}/passwd NSS_WRAPPER_GROUP={place}/group\n\
             exec {}/usr/sbin/smtpd -d -f {place}/smtpd.conf\n",
            libraries(&root).display(),
            root.display()
        );
        let child = Command::new("unshare")
            .args(["--mount", "--kill-child", "sh", "-c", &script])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let neighbour =
            Self { directory, host: Host { name: "localhost".into(), port }, stop: Stop::OpenSmtpd(child) };
        assert!(listening(port).await, "OpenSMTPD does not listen");
        Some(neighbour)
    }

    /// Everything the neighbour keeps of messages, as one heap of bytes with bare LF.
    fn kept(&self) -> Vec<String> {
        let queue = match self.stop {
            Stop::Postfix => self.directory.join("spool/incoming"),
            Stop::Exim(_) => self.directory.join("spool/input"),
            Stop::OpenSmtpd(_) => self.directory.join("spool/queue"),
        };
        let mut texts = Vec::new();
        if matches!(self.stop, Stop::OpenSmtpd(_)) {
            let inside = |folder: PathBuf| std::fs::read_dir(folder).into_iter().flatten().flatten();
            // By the first letters of a message's name, then by its name.
            for message in inside(queue).flat_map(|part| inside(part.path())) {
                let bytes = std::fs::read(message.path().join("message")).unwrap();
                texts.push(String::from_utf8_lossy(&bytes).into_owned());
            }
            return texts;
        }
        for entry in std::fs::read_dir(queue).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            match self.stop {
                Stop::Postfix => {
                    let mut postcat = Command::new("/usr/sbin/postcat");
                    postcat.arg("-c").arg(self.directory.join("etc")).args(["-bh", "-q", &name]);
                    texts.push(String::from_utf8_lossy(&postcat.output().unwrap().stdout).into_owned());
                }
                // The first line is the name of the file.
                Stop::Exim(_) if name.ends_with("-D") => {
                    let bytes = std::fs::read(entry.path()).unwrap();
                    texts.push(String::from_utf8_lossy(&bytes).into_owned());
                }
                Stop::Exim(_) | Stop::OpenSmtpd(_) => {}
            }
        }
        texts
    }
}

/// The same conversation with each neighbour, in plain text and, where it is set up for it, under TLS.
async fn converse(neighbour: &Neighbour, pki: &Pki, whole: bool, tls: bool) {
    let body = String::from_utf8_lossy(BODY).replace("\r\n", "\n");
    let (_, content) = body.split_once("\n\n").unwrap();
    let expected = if whole { body.as_str() } else { content };
    let verified = TlsPolicy::verified(pki.roots(), &[]).unwrap();
    let policies = [TlsPolicy::none(), TlsPolicy::required(), verified];
    for (number, policy) in policies.into_iter().take(if tls { 3 } else { 1 }).enumerate() {
        let outbox = std::sync::Arc::new(TestOutbox::default());
        let mut config = config(std::slice::from_ref(&neighbour.host), policy);
        config.timeouts.command = Duration::from_secs(20);
        config.timeouts.final_dot = Duration::from_secs(20);
        let relay = Relay::new(std::sync::Arc::clone(&outbox), config);
        let mut leased =
            message(&["paul@partner.example", "refused@partner.example", "later@partner.example"]);
        leased.eight_bit = true;
        outbox.bodies.lock().unwrap().insert(leased.outbox, Content::Whole(BODY.to_vec()));
        relay.deliver(leased.clone()).await;
        let outcomes = outbox.outcomes(&leased);
        let classes: String = outcomes.iter().map(|outcome| show(outcome).remove(0)).collect();
        assert_eq!(classes, "DBL", "{outcomes:?}");
        let Outcome::Delivered { hop, .. } = &outcomes[0] else { unreachable!() };
        let by = hop.tls.as_ref().and_then(|tls| tls.verified.as_deref());
        assert_eq!((hop.tls.is_some(), by), (number > 0, (number == 2).then_some("roots, as localhost")));
        let kept = neighbour.kept();
        assert_eq!(kept.len(), number + 1, "one copy each time");
        assert!(kept.iter().all(|text| text.ends_with(expected)), "{kept:?}");
        relay.destinations.close_all().await;
    }
}

#[tokio::test]
async fn f04_d06_postfix_takes_refuses_and_keeps_what_came() {
    let pki = Pki::new();
    let Some(neighbour) = Neighbour::postfix(&pki).await else { return };
    converse(&neighbour, &pki, true, true).await;
}

#[tokio::test]
async fn f04_d06_exim_takes_refuses_and_keeps_what_came() {
    let pki = Pki::new();
    let Some(neighbour) = Neighbour::exim(&pki).await else { return };
    converse(&neighbour, &pki, false, true).await;
}

#[tokio::test]
async fn f04_d06_opensmtpd_takes_refuses_and_keeps_what_came() {
    let pki = Pki::new();
    let Some(neighbour) = Neighbour::open_smtpd(&pki).await else { return };
    converse(&neighbour, &pki, true, false).await;
}
