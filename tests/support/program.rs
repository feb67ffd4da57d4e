//! The whole program, started as people start it: `cerebro demo --json` on free loopback ports.

use std::ffi::OsString;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use serde_json::Value as Json;

use super::ports::free_port;

/// Variables of a program's environment.
pub(crate) type Environment = Vec<(&'static str, OsString)>;

/// A running demo.
pub(crate) struct Program {
    child: Child,
    pub(crate) ready: Json,
    pub(crate) directory: PathBuf,
    pub(crate) postgres: Option<String>,
}

/// The built binary: what `CEREBRO_BIN` names, else the debug build beside the tests.
pub(crate) fn binary() -> PathBuf {
    if let Ok(path) = std::env::var("CEREBRO_BIN") {
        return PathBuf::from(path);
    }
    let tests = std::env::current_exe().unwrap();
    let path = tests.parent().and_then(Path::parent).unwrap().join("cerebro");
    assert!(path.exists(), "{} is not built: cargo build -p cerebro", path.display());
    path
}

/// A fresh database on the tests' PostgreSQL; `None` when there is no server.
pub(crate) fn postgres_database(name: &str) -> Option<String> {
    let server = std::env::var("CEREBRO_TEST_POSTGRES").ok()?;
    let database = format!("cerebro_program_{name}_{}", std::process::id());
    let made = Command::new("psql")
        .arg(&server)
        .args(["-q", "-c", &format!("DROP DATABASE IF EXISTS {database} WITH (FORCE)")])
        .args(["-c", &format!("CREATE DATABASE {database}")])
        .status()
        .unwrap();
    assert!(made.success());
    let (base, _) = server.rsplit_once('/').unwrap();
    Some(format!("{base}/{database}"))
}

impl Program {
    /// A demo without traffic, in a directory of its own.
    pub(crate) fn start(name: &str) -> Self {
        let directory = std::env::temp_dir().join(format!("cerebro-program-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&directory);
        Self::start_in(&directory)
    }

    /// A demo on PostgreSQL, on a database of its own; `None` when there is no server.
    pub(crate) fn start_on_postgres(name: &str) -> Option<Self> {
        let url = postgres_database(name)?;
        let directory =
            std::env::temp_dir().join(format!("cerebro-program-pg-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&directory);
        Some(Self::start_with(&directory, Some(url)))
    }

    /// Again in the same directory, on other ports.
    pub(crate) fn start_in(directory: &Path) -> Self {
        Self::start_with(directory, None)
    }

    /// Again after a kill: same place, same database.
    pub(crate) fn start_again(directory: &Path, postgres: Option<String>) -> Self {
        Self::start_with(directory, postgres)
    }

    fn start_with(directory: &Path, postgres: Option<String>) -> Self {
        Self::start_under(directory, postgres, Vec::new())
    }

    /// A demo whose log, at the level people use to find mistakes, goes to `log`.
    pub(crate) fn start_logged(directory: &Path, postgres: Option<String>, log: &Path) -> Self {
        let log = File::create(log).unwrap();
        Self::launch(directory, postgres, vec![("CEREBRO_LOG", "debug".into())], log.into())
    }

    /// A demo with something more in its environment.
    pub(crate) fn start_under(directory: &Path, postgres: Option<String>, environment: Environment) -> Self {
        Self::launch(directory, postgres, environment, Stdio::inherit())
    }

    /// A demo with a service for each mission.
    pub(crate) fn start_with_services(name: &str) -> Self {
        let directory = std::env::temp_dir().join(format!("cerebro-program-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&directory);
        Self::launch_with(&["--services"], &directory, None, Vec::new(), Stdio::inherit())
    }

    fn launch(directory: &Path, postgres: Option<String>, environment: Environment, log: Stdio) -> Self {
        Self::launch_with(&[], directory, postgres, environment, log)
    }

    fn launch_with(
        wishes: &[&str],
        directory: &Path,
        postgres: Option<String>,
        environment: Environment,
        log: Stdio,
    ) -> Self {
        let address = || format!("127.0.0.1:{}", free_port());
        let mut child = Command::new(binary())
            .args(["demo", "--json", "--no-traffic", "--dir"])
            .arg(directory)
            .args(["--smtp", &address(), "--console", &address(), "--sink", &address()])
            .args(postgres.iter().flat_map(|url| ["--postgres", url]))
            .args(wishes)
            .env("CEREBRO_LOG", "warn")
            .envs(environment)
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let ready = serde_json::from_str(&line).unwrap_or_else(|error| panic!("not ready: {line:?} {error}"));
        Self { child, ready, directory: directory.to_owned(), postgres }
    }

    /// kill -9: nothing is told, nothing is flushed.
    pub(crate) fn kill(mut self) -> PathBuf {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        std::mem::take(&mut self.directory)
    }

    /// An orderly end: told to stop, waited for.
    pub(crate) fn stop(mut self) -> PathBuf {
        let told = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(told.success());
        assert!(self.child.wait().unwrap().success(), "it did not end in order");
        std::mem::take(&mut self.directory)
    }

    /// Told to read its certificate again.
    pub(crate) fn hang_up(&self) {
        let told = Command::new("kill").args(["-HUP", &self.child.id().to_string()]).status().unwrap();
        assert!(told.success());
    }

    pub(crate) fn smtp(&self) -> SocketAddr {
        self.ready["smtp"].as_str().unwrap().parse().unwrap()
    }

    pub(crate) fn console(&self) -> SocketAddr {
        self.ready["console"].as_str().unwrap().trim_start_matches("https://").parse().unwrap()
    }

    pub(crate) fn token(&self) -> &str {
        self.ready["token"].as_str().unwrap()
    }

    /// Every message that reached the outside world.
    pub(crate) fn sunk(&self) -> Vec<Vec<u8>> {
        let mut all = Vec::new();
        for file in std::fs::read_dir(self.directory.join("sink")).into_iter().flatten().flatten() {
            if file.path().extension().is_some_and(|extension| extension == "eml") {
                all.push(std::fs::read(file.path()).unwrap());
            }
        }
        all
    }

    /// `cerebro ledger export` of an organisation's log, by the log's origin.
    pub(crate) fn export(&self, origin: &str, into: &Path) {
        let made = Command::new(binary())
            .args(["ledger", "export"])
            .arg(into)
            .args(["--organisation", origin, "--dir"])
            .arg(&self.directory)
            .output()
            .unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    }

    /// Waits until something is so, at most twenty seconds.
    pub(crate) fn wait_until(&self, what: &str, mut so: impl FnMut() -> bool) {
        let end = Instant::now() + Duration::from_secs(20);
        while !so() {
            assert!(Instant::now() < end, "{what}: not within twenty seconds");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// One HTTPS request to the console; status, head and body.
    pub(crate) fn request(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        self.try_request(method, path, headers, body).unwrap()
    }

    /// The same where the console may not answer, or not with the certificate that its file holds.
    pub(crate) fn try_request(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> std::io::Result<Answer> {
        let certificate = CertificateDer::from_pem_file(self.directory.join("tls.pem")).unwrap();
        let mut roots = rustls::RootCertStore::empty();
        roots.add(certificate).unwrap();
        let config = rustls::ClientConfig::builder_with_protocol_versions(&[&rustls::version::TLS13])
            .with_root_certificates(roots)
            .with_no_client_auth();
        let name = ServerName::try_from("localhost").unwrap();
        let session = rustls::ClientConnection::new(Arc::new(config), name).unwrap();
        let mut stream = rustls::StreamOwned::new(session, TcpStream::connect(self.console())?);
        let mut head =
            format!("{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n", self.console());
        for (name, value) in headers {
            head += &format!("{name}: {value}\r\n");
        }
        head += &format!("Content-Length: {}\r\n\r\n", body.len());
        stream.write_all(head.as_bytes())?;
        stream.write_all(body)?;
        let mut answer = Vec::new();
        // A server that closes without close_notify is fine once the whole answer is here.
        let _ = stream.read_to_end(&mut answer);
        Ok(Answer::parse(&answer))
    }

    /// One call of the API with the demo's token.
    pub(crate) fn api(&self, method: &str, path: &str, kind: &str, body: &[u8]) -> Answer {
        let bearer = format!("Bearer {}", self.token());
        self.request(method, path, &[("Authorization", &bearer), ("Content-Type", kind)], body)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if !std::thread::panicking() && !self.directory.as_os_str().is_empty() {
            let _ = std::fs::remove_dir_all(&self.directory);
        }
    }
}

/// An HTTP answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    fn parse(bytes: &[u8]) -> Self {
        let end = bytes.windows(4).position(|window| window == b"\r\n\r\n").unwrap_or(bytes.len());
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let mut body = bytes.get(end + 4..).unwrap_or_default().to_vec();
        if head.to_lowercase().contains("transfer-encoding: chunked") {
            body = unchunk(&body);
        }
        let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or(0);
        Self { status, head, body }
    }

    pub(crate) fn json(&self) -> Json {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("{} {}", self.status, self.text()))
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

fn unchunk(mut bytes: &[u8]) -> Vec<u8> {
    let mut whole = Vec::new();
    while let Some(end) = bytes.windows(2).position(|window| window == b"\r\n") {
        let size = usize::from_str_radix(String::from_utf8_lossy(&bytes[..end]).trim(), 16).unwrap_or(0);
        if size == 0 || bytes.len() < end + 2 + size {
            break;
        }
        whole.extend_from_slice(&bytes[end + 2..end + 2 + size]);
        bytes = bytes.get(end + 2 + size + 2..).unwrap_or_default();
    }
    whole
}

/// A mail server that hands messages over.
pub(crate) struct Smtp {
    stream: BufReader<TcpStream>,
}

impl Smtp {
    pub(crate) fn connect(address: SocketAddr) -> std::io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        let mut smtp = Self { stream: BufReader::new(stream) };
        smtp.reply()?;
        smtp.say("EHLO mail.orveane.example")?;
        Ok(smtp)
    }

    /// Sends a line and returns the reply.
    pub(crate) fn say(&mut self, line: &str) -> std::io::Result<String> {
        self.stream.get_mut().write_all(format!("{line}\r\n").as_bytes())?;
        self.reply()
    }

    pub(crate) fn reply(&mut self) -> std::io::Result<String> {
        let mut whole = String::new();
        loop {
            let mut line = String::new();
            if self.stream.read_line(&mut line)? == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
            whole += &line;
            if line.as_bytes().get(3) != Some(&b'-') {
                return Ok(whole);
            }
        }
    }

    /// Hands one message over; the reply to its final dot.
    pub(crate) fn send(&mut self, from: &str, to: &[&str], raw: &[u8]) -> std::io::Result<String> {
        let begun = self.say(&format!("MAIL FROM:<{from}>"))?;
        if !begun.starts_with("250") {
            return Ok(begun);
        }
        for to in to {
            self.say(&format!("RCPT TO:<{to}>"))?;
        }
        self.data(raw)
    }

    /// The content of a message whose envelope was said; the reply to its final dot.
    pub(crate) fn data(&mut self, raw: &[u8]) -> std::io::Result<String> {
        let go = self.say("DATA")?;
        if !go.starts_with("354") {
            return Ok(go);
        }
        let mut stuffed = Vec::with_capacity(raw.len() + 64);
        for line in raw.split_inclusive(|byte| *byte == b'\n') {
            if line.first() == Some(&b'.') {
                stuffed.push(b'.');
            }
            stuffed.extend_from_slice(line);
        }
        stuffed.extend_from_slice(b".\r\n");
        self.stream.get_mut().write_all(&stuffed)?;
        self.reply()
    }
}
