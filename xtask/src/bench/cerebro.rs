//! CEREBRO as a subject: the release binary's own demo, without traffic, handing on to the bench's sink.

use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, bail};

const BINARY: &str = "target/release/cerebro";

pub(crate) struct Cerebro {
    child: Child,
    directory: PathBuf,
    pub(crate) smtp: SocketAddr,
}

impl Cerebro {
    /// `postgres`: the URL of a database on a server where a new database is made for this measure; SQLite when absent.
    pub(crate) fn start(sink: SocketAddr, postgres: Option<&str>) -> anyhow::Result<Self> {
        let binary = PathBuf::from(BINARY);
        if !binary.exists() {
            bail!("{} is not built: ./dev build", binary.display());
        }
        let directory = std::env::temp_dir().join(format!("cerebro-bench-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&directory);
        let postgres = postgres.map(fresh_database).transpose()?;
        Self::launch(binary, directory, sink, postgres)
    }

    /// Killed, and started again on what it left.
    pub(crate) fn restart(mut self, sink: SocketAddr) -> anyhow::Result<Self> {
        self.child.kill()?;
        self.child.wait()?;
        let directory = std::mem::take(&mut self.directory);
        Self::launch(PathBuf::from(BINARY), directory, sink, None)
    }

    fn launch(
        binary: PathBuf,
        directory: PathBuf,
        sink: SocketAddr,
        postgres: Option<String>,
    ) -> anyhow::Result<Self> {
        let mut command = Command::new(binary);
        command.args(["demo", "--json", "--no-traffic", "--dir"]).arg(&directory);
        command.args(["--relay", &sink.to_string()]);
        for flag in ["--smtp", "--console", "--sink"] {
            command.args([flag, &format!("127.0.0.1:{}", free_port()?)]);
        }
        if let Some(url) = &postgres {
            command.args(["--postgres", url]);
        }
        let mut child = command.env("CEREBRO_LOG", "warn").stdout(Stdio::piped()).spawn()?;
        let mut line = String::new();
        let out = child.stdout.take().context("its output")?;
        BufReader::new(out).read_line(&mut line)?;
        let ready: serde_json::Value = serde_json::from_str(&line).context("CEREBRO did not start")?;
        let smtp = ready.get("smtp").and_then(serde_json::Value::as_str).context("no address")?.parse()?;
        Ok(Self { child, directory, smtp })
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Cerebro {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if !self.directory.as_os_str().is_empty() {
            let _ = std::fs::remove_dir_all(&self.directory);
        }
    }
}

/// Makes the bench's database anew; its URL.
fn fresh_database(server: &str) -> anyhow::Result<String> {
    let (base, _) = server.rsplit_once('/').context("the URL of PostgreSQL names no database")?;
    let made = Command::new("psql")
        .args(["-q", server, "-c", "DROP DATABASE IF EXISTS cerebro_bench WITH (FORCE)"])
        .args(["-c", "CREATE DATABASE cerebro_bench"])
        .status()
        .context("psql")?;
    if !made.success() {
        bail!("the bench's database cannot be made");
    }
    Ok(format!("{base}/cerebro_bench"))
}

pub(crate) fn free_port() -> anyhow::Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}
