//! The shipped configurations of reverse proxies, each started from Debian's package and probed (clause T3): TLS 1.2 refused,
//! plain requests refused and not redirected, a client's own word about its address not believed.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::parts::{configure, init, serve};
use crate::support::ports::free_port;
use crate::support::program::Program;
use crate::support::{certificate, tool as installed};

pub(super) const NAME: &str = "cerebro.bank.example";

/// A running proxy in front of a running console; both killed when dropped.
pub(super) struct Front {
    children: Vec<Child>,
    pub(super) directory: PathBuf,
    pub(super) port: u16,
    console: u16,
}

impl Drop for Front {
    fn drop(&mut self) {
        for child in &mut self.children {
            // Asked first: nginx has workers to end.
            let _ = Command::new("kill").arg(child.id().to_string()).status();
            let _ = child.wait();
        }
        if !std::thread::panicking() {
            let _ = std::fs::remove_dir_all(&self.directory);
        }
    }
}

/// The certificate, and the file with it and its key that HAProxy wants.
fn identify(directory: &Path) {
    certificate::self_signed(directory, NAME);
    let both = ["tls.pem", "tls.key"].map(|name| std::fs::read(directory.join(name)).unwrap());
    std::fs::write(directory.join("both.pem"), both.concat()).unwrap();
}

/// A console that takes connections from 127.0.0.1 as a declared proxy's.
fn console(directory: &Path, port: u16) -> Child {
    let config = configure(directory, None, free_port(), "127.0.0.1:9".parse().unwrap());
    identify(directory);
    let text = std::fs::read_to_string(&config).unwrap();
    let (before, console) = text.split_once("[console]").unwrap();
    let (_, files) = console.split_once("certificate").unwrap();
    let text = format!(
        "{before}[console]\nlisten = \"0.0.0.0:{port}\"\nurl = \"https://{NAME}\"\ncertificate{files}\
         trusted_proxies = [\"127.0.0.1/32\"]\n"
    );
    std::fs::write(&config, text).unwrap();
    let made = init(&config);
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    serve(&config, None)
}

impl Front {
    pub(super) fn nginx() -> Option<Self> {
        let quiet = "daemon off; pid nginx.pid; error_log stderr;";
        Self::start("nginx", "nginx.conf", &["-p", ".", "-c", "FILE", "-g", quiet])
    }

    pub(super) fn haproxy() -> Option<Self> {
        Self::start("haproxy", "haproxy.cfg", &["-db", "-f", "FILE"])
    }

    pub(super) fn caddy() -> Option<Self> {
        Self::start("caddy", "Caddyfile", &["run", "--adapter", "caddyfile", "--config", "FILE"])
    }

    /// `None` where the proxy is not installed.
    fn start(program: &str, file: &str, arguments: &[&str]) -> Option<Self> {
        if !installed(program) || !installed("curl") {
            return None;
        }
        let directory = std::env::temp_dir().join(format!("cerebro-{program}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&directory);
        std::fs::create_dir_all(&directory).unwrap();
        let (port, inner) = (free_port(), free_port());
        let mut children = vec![console(&directory, inner)];
        let deploy = Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy");
        for name in [file, "cerebro-proxy.conf"] {
            let text = std::fs::read_to_string(deploy.join(name)).unwrap();
            std::fs::write(directory.join(name), ours(&text, &directory, port, inner)).unwrap();
        }
        let config = directory.join(file);
        let arguments =
            arguments.iter().map(|argument| argument.replace("FILE", &config.display().to_string()));
        let mut proxy = Command::new(program);
        proxy.args(arguments).current_dir(&directory).stdout(Stdio::null()).stderr(Stdio::null());
        children.push(proxy.env("HOME", &directory).spawn().unwrap());
        let front = Self { children, directory, port, console: inner };
        let end = Instant::now() + Duration::from_secs(30);
        while front.curl("127.0.0.2", "/health", &[]).0 != 200 {
            assert!(Instant::now() < end, "{program} does not answer");
            std::thread::sleep(Duration::from_millis(100));
        }
        Some(front)
    }

    /// One request through the proxy, from an address of this machine; status and body.
    pub(super) fn curl(&self, from: &str, path: &str, more: &[&str]) -> (u16, String) {
        self.curl_at(self.port, from, path, more)
    }

    fn curl_at(&self, port: u16, from: &str, path: &str, more: &[&str]) -> (u16, String) {
        let jar = self.directory.join("jar");
        let out = Command::new("curl")
            .args([
                "-s",
                "-i",
                "--max-time",
                "10",
                "--tlsv1.3",
                "--interface",
                from,
                "-w",
                "\n%{http_code}",
                "--cacert",
            ])
            .arg(self.directory.join("tls.pem"))
            .args(["--resolve", &format!("{NAME}:{port}:127.0.0.1"), "-c"])
            .arg(&jar)
            .arg("-b")
            .arg(&jar)
            .args(more)
            .arg(format!("https://{NAME}:{port}{path}"))
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&out.stdout).into_owned();
        let status = text.lines().next_back().and_then(|line| line.parse().ok()).unwrap_or(0);
        (status, text)
    }

    fn probe(&self) {
        let (status, page) = self.curl("127.0.0.2", "/sign-in", &[]);
        assert_eq!(status, 200, "{page}");
        assert!(page.to_lowercase().contains("strict-transport-security: max-age=63072000"), "{page}");
        // X1: TLS 1.2 ends in an alert.
        let old = Command::new("openssl")
            .args([
                "s_client",
                "-tls1_2",
                "-servername",
                NAME,
                "-connect",
                &format!("127.0.0.1:{}", self.port),
            ])
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&old.stderr).to_lowercase();
        assert!(!old.status.success() && said.contains("alert"), "{said}");
        // X2: plain HTTP is closed or 4xx, sets nothing and leads nowhere.
        let mut plain = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        plain.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        plain.write_all(format!("GET / HTTP/1.1\r\nHost: {NAME}\r\n\r\n").as_bytes()).unwrap();
        let mut answer = Vec::new();
        let _ = plain.read_to_end(&mut answer);
        let text = String::from_utf8_lossy(&answer).to_lowercase();
        assert!(
            !text.starts_with("http/") || text.split(' ').nth(1).is_some_and(|code| code.starts_with('4')),
            "{text}"
        );
        assert!(!text.contains("location:") && !text.contains("set-cookie"), "{text}");
        // X4: nobody reaches the console but by the proxy.
        assert_eq!(self.curl_at(self.console, "127.0.0.3", "/sign-in", &[]).0, 0);
        self.spoof();
    }

    /// B6: five requests from one network are taken, whatever each says of where it comes from.
    fn spoof(&self) {
        let origin = format!("Origin: https://{NAME}:{}", self.port);
        let (_, page) = self.curl("127.0.0.2", "/account-request", &[]);
        let (_, rest) = page.split_once("name=\"csrf\" value=\"").unwrap();
        let csrf = format!("csrf={}", rest.split('"').next().unwrap());
        let mut statuses = Vec::new();
        for nth in 0..6 {
            let (forwarded, email) = (
                format!("X-Forwarded-For: 198.51.{nth}.7"),
                format!("email=gaspard.nivelle{nth}@elsewhere.example"),
            );
            let fields = [
                "-H",
                &origin,
                "-H",
                &forwarded,
                "-d",
                &csrf,
                "--data-urlencode",
                "name=Gaspard Nivelle",
                "--data-urlencode",
                &email,
                "--data-urlencode",
                "reason=Renfort de la validation",
            ];
            statuses.push(self.curl("127.0.0.2", "/account-request", &fields).0);
        }
        assert_eq!(statuses, [200, 200, 200, 200, 200, 422]);
    }
}

/// The shipped text with this test's names, ports and files.
fn ours(text: &str, directory: &Path, port: u16, console: u16) -> String {
    let file = |name: &str| directory.join(name).display().to_string();
    let mut text = text
        .replace("10.0.0.5:8443", &format!("127.0.0.1:{console}"))
        .replace("include cerebro-proxy.conf", &format!("include {}", file("cerebro-proxy.conf")))
        .replace("listen 443", &format!("listen {port}"))
        .replace("bind :443", &format!("bind :{port}"))
        .replace(":443 {", &format!(":{port} {{"));
    for folder in ["nginx", "caddy", "haproxy"] {
        text = text
            .replace(&format!("/etc/{folder}/cerebro-ca.pem"), &file("tls.pem"))
            .replace(&format!("/etc/{folder}/cerebro.key"), &file("tls.key"))
            .replace(
                &format!("/etc/{folder}/cerebro.pem"),
                &file(if folder == "haproxy" { "both.pem" } else { "tls.pem" }),
            );
    }
    text
}

#[test]
fn clause_t3_x1_x2_x4_b6_nginx_as_shipped() {
    if let Some(front) = Front::nginx() {
        front.probe();
    }
}

#[test]
fn clause_t3_x1_x2_x4_b6_haproxy_as_shipped() {
    if let Some(front) = Front::haproxy() {
        front.probe();
    }
}

#[test]
fn clause_t3_x1_x2_x4_b6_caddy_as_shipped() {
    if let Some(front) = Front::caddy() {
        front.probe();
    }
}

#[test]
fn x1_a_new_certificate_is_taken_up_and_a_broken_one_is_not() {
    let program = Program::start("certificate");
    let kept = std::fs::read(program.directory.join("tls.pem")).unwrap();
    std::fs::write(program.directory.join("tls.pem"), "not a certificate").unwrap();
    program.hang_up();
    std::thread::sleep(Duration::from_millis(300));
    std::fs::write(program.directory.join("tls.pem"), &kept).unwrap();
    assert_eq!(program.request("GET", "/sign-in", &[], b"").status, 200, "the old certificate stays");
    certificate::self_signed(&program.directory, "localhost");
    program.hang_up();
    // The client trusts what the file holds now: an answer shows that it is served.
    program.wait_until("the new certificate", || {
        program.try_request("GET", "/sign-in", &[], b"").is_ok_and(|answer| answer.status == 200)
    });
}
