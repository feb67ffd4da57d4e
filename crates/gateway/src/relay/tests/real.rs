//! Against Postfix's `smtp-sink`, where it is installed.

use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use super::{TestOutbox, config, message, show};
use crate::relay::worker::Relay;
use crate::relay::{Host, TlsPolicy};

struct Sink(Child);

impl Drop for Sink {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

async fn sink(options: &[&str]) -> Option<(Sink, Host)> {
    let program = ["/usr/sbin/smtp-sink", "/usr/bin/smtp-sink"]
        .into_iter()
        .find(|path| std::path::Path::new(path).exists());
    let Some(program) = program else {
        eprintln!("skipped: smtp-sink is not installed (Debian: postfix)");
        return None;
    };
    let port = super::ports::free_port();
    let child = Command::new(program)
        .args(["-u", "nobody"])
        .args(options)
        .args([&format!("127.0.0.1:{port}"), "64"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    for _ in 0..100 {
        if tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Some((Sink(child), Host { name: "127.0.0.1".into(), port }))
}

#[tokio::test]
async fn smtp_sink_takes_and_refuses() {
    for (options, expected) in [
        (&["-c"][..], "D 250"),
        (&["-p"], "D 250"),
        (&["-8"], "D 250"),
        (&["-r", "RCPT"], "L 450"),
        (&["-f", "RCPT"], "B 500"),
        (&["-r", "."], "L 450"),
        (&["-f", "."], "B 500"),
        (&["-q", "."], "U 451"),
        (&["-q", "MAIL"], "L 451"),
    ] {
        let Some((_sink, host)) = sink(options).await else { return };
        let outbox = Arc::new(TestOutbox::default());
        let relay = Relay::new(Arc::clone(&outbox), config(&[host], TlsPolicy::none()));
        let leased = message(&["paul@partner.example"]);
        outbox.keep(&leased, b"Subject: x\r\n\r\n.y\r\n");
        relay.deliver(leased.clone()).await;
        let shown = show(&outbox.outcomes(&leased)[0]);
        assert!(shown.starts_with(expected), "{options:?}: {shown} is not {expected}");
    }
}
