//! F04: a network that cuts, holds and alters, at each byte of a conversation, in both directions.

use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use super::fake::{Fake, Script};
use super::{TestOutbox, config, message, show};
use crate::relay::worker::Relay;
use crate::relay::{Host, Outcome, RelayConfig, TlsPolicy};

#[derive(Clone, Copy, Debug)]
enum Fault {
    /// Both ends see the connection closed after so many bytes this way.
    Cut,
    /// Nothing more comes this way, and nobody closes.
    Hold,
    /// One byte comes altered.
    Alter,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Way {
    ToServer,
    ToClient,
}

/// Stands between the relay and a server on loopback.
struct Wire {
    host: Host,
    task: JoinHandle<()>,
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Wire {
    async fn start(server: u16, fault: Fault, way: Way, after: usize) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let task = tokio::spawn(async move {
            let (client, _) = listener.accept().await.unwrap();
            let server = TcpStream::connect(("127.0.0.1", server)).await.unwrap();
            client.set_nodelay(true).unwrap();
            server.set_nodelay(true).unwrap();
            let (client_in, client_out) = client.into_split();
            let (server_in, server_out) = server.into_split();
            let at = |this| if this == way { after } else { usize::MAX };
            // Whoever ends first ends both.
            tokio::select! {
                () = carry(client_in, server_out, fault, at(Way::ToServer)) => {}
                () = carry(server_in, client_out, fault, at(Way::ToClient)) => {}
            }
        });
        Self { host: Host { name: "127.0.0.1".into(), port }, task }
    }
}

async fn carry(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    fault: Fault,
    after: usize,
) {
    let (mut passed, mut buffer) = (0, vec![0; 4_096]);
    loop {
        let count = from.read(&mut buffer).await.unwrap_or(0);
        if count == 0 {
            return;
        }
        let mut block = buffer[..count].to_vec();
        if let Some(place) = after.checked_sub(passed).filter(|place| *place < count) {
            match fault {
                Fault::Alter => block[place] ^= 0x04,
                Fault::Cut | Fault::Hold => {
                    let _ = to.write_all(&block[..place]).await;
                    if matches!(fault, Fault::Hold) {
                        std::future::pending::<()>().await;
                    }
                    return;
                }
            }
        }
        if to.write_all(&block).await.is_err() {
            return;
        }
        passed += count;
    }
}

const BODY: &[u8] = b"Subject: x\r\n\r\n.one\r\ntwo\r\n";

/// One attempt through a faulty wire: the outcome, and whether the server has the message.
async fn attempt(fault: Fault, way: Way, after: usize) -> (Outcome, bool) {
    let fake = Fake::start(Script::default()).await;
    let wire = Wire::start(fake.port(), fault, way, after).await;
    let outbox = Arc::new(TestOutbox::default());
    let mut config: RelayConfig = config(std::slice::from_ref(&wire.host), TlsPolicy::none());
    config.timeouts.command = Duration::from_millis(60);
    config.timeouts.final_dot = Duration::from_millis(60);
    let relay = Relay::new(Arc::clone(&outbox), config);
    let leased = message(&["paul@partner.example"]);
    outbox.keep(&leased, BODY);
    relay.deliver(leased.clone()).await;
    // What the server still has to read, it reads now.
    tokio::time::sleep(Duration::from_millis(5)).await;
    (outbox.outcomes(&leased).remove(0), !fake.contents().is_empty())
}

/// Bytes of an undisturbed conversation are fewer than this, either way.
const BYTES: usize = 260;

#[tokio::test]
async fn f04_cut_at_any_byte_there_is_one_outcome_and_a_message_that_arrived_is_never_taken_for_lost() {
    let (mut uncertain, mut later, mut delivered) = (0, 0, 0);
    for way in [Way::ToServer, Way::ToClient] {
        for after in 0..BYTES {
            let (outcome, arrived) = attempt(Fault::Cut, way, after).await;
            let shown = show(&outcome);
            match shown.as_bytes()[0] {
                b'D' => {
                    assert!(arrived, "{way:?} {after}: {shown}");
                    delivered += 1;
                }
                b'U' => uncertain += 1,
                // It will be sent again: the server must not have it.
                b'L' => {
                    assert!(!arrived, "{way:?} {after}: {shown}");
                    later += 1;
                }
                _ => panic!("{way:?} {after}: {shown}"),
            }
        }
    }
    assert!(uncertain > 10 && later > 200 && delivered > 10, "{uncertain} {later} {delivered}");
}

#[tokio::test]
async fn f04_a_wire_that_holds_or_alters_a_byte_makes_no_delivery_of_what_did_not_arrive() {
    for way in [Way::ToServer, Way::ToClient] {
        for after in (0..BYTES).step_by(7) {
            let (outcome, arrived) = attempt(Fault::Hold, way, after).await;
            let shown = show(&outcome);
            assert!(!shown.starts_with('B'), "{way:?} {after}: {shown}");
            assert!(!shown.starts_with('D') || arrived, "{way:?} {after}: {shown}");
            assert!(!shown.starts_with('L') || !arrived, "{way:?} {after}: {shown}");
        }
        for after in 0..BYTES {
            let (outcome, arrived) = attempt(Fault::Alter, way, after).await;
            let shown = show(&outcome);
            assert!(!shown.starts_with('D') || arrived, "{way:?} {after}: {shown}");
        }
    }
}
