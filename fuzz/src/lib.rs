//! What several targets share.

mod archives;
mod lists;

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;

use extract::{Extracted, Extraction};
use gateway::session::{Limits, Service, Settings, serve};
use gateway::{Client, Clients, DeclaredClient, Envelope, Reception, Reply, Submission, shutdown};
use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

pub use archives::{directory, seven_zip, stored, tar};
pub use lists::{organisation, recipients};

/// What holds of everything that came out of a file.
pub fn extracted(found: &[Extracted]) {
    assert!(!found.is_empty());
    for file in found {
        if let Extraction::Text { text, places } = &file.outcome {
            assert!(!text.trim().is_empty() && places.is_sound(text));
        }
    }
}

/// Takes everything, keeps nothing.
struct Desk;

impl Reception for Desk {
    type Spool = Vec<u8>;

    async fn spool(&self, _: &Client, _: &Envelope, _: &[u8]) -> Result<Vec<u8>, Reply> {
        Ok(Vec::new())
    }

    async fn receive(&self, submission: Submission<Vec<u8>>) -> Reply {
        assert!(!submission.envelope.recipients.is_empty());
        let content = submission.content.into_bytes();
        assert!(gateway::session::data::check_content(&content).is_ok());
        Reply::accepted("Accepted")
    }

    fn healthy(&self) -> bool {
        true
    }
}

/// Holds one conversation in memory. After each `DATA` line the answers are heard first: what is sent too early ends it.
pub fn conversation(said: &[u8]) {
    let peer = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 7));
    let networks = "192.0.2.0/24".parse().into_iter().collect();
    let client = DeclaredClient { name: "mail".into(), networks, ..DeclaredClient::default() };
    let settings =
        Settings::new("gateway.example", Clients::new(vec![client]), Limits::default(), None).unwrap();
    let service = Service::new(settings, Arc::new(Desk));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    runtime.block_on(async {
        let (mut ours, theirs) = duplex(1024 * 1024);
        let (_trigger, signal) = shutdown();
        let server = tokio::spawn(serve(theirs, peer, false, service, signal));
        let mut heard = Vec::new();
        let mut rest = said;
        loop {
            let mut answer = [0; 4096];
            while let Ok(Ok(len @ 1..)) =
                tokio::time::timeout(Duration::from_millis(1), ours.read(&mut answer)).await
            {
                heard.extend_from_slice(&answer[..len]);
            }
            let end = rest.windows(6).position(|bytes| bytes == b"DATA\r\n").map_or(rest.len(), |at| at + 6);
            let (now, later) = rest.split_at(end);
            rest = later;
            if now.is_empty() || ours.write_all(now).await.is_err() {
                break;
            }
        }
        let _ = ours.shutdown().await;
        let _ = ours.read_to_end(&mut heard).await;
        server.await.unwrap();
        for line in String::from_utf8(heard).unwrap().lines() {
            let (code, _) = line.split_at_checked(3).unwrap();
            assert!(code.bytes().all(|byte| byte.is_ascii_digit()), "{line}");
        }
    });
}
