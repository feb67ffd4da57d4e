//! A small SMTP server that plays the outside world in demos and tests: accepts everything, keeps what came.
//!
//! It runs the same session as the gateway, so it refuses what the gateway would refuse; only what it declares as its
//! clients is different: everybody. Never part of a service.

use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use vocabulary::bounds::{SINK_BYTES_MAX, SINK_MESSAGES_MAX};

use crate::session::{Service, Settings};
use crate::{
    Client, Clients, DeclaredClient, Door, Envelope, Limits, Reception, Reply, Submission, Trigger, listen,
    shutdown,
};

/// One message that reached the outside world.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// 1 for the first message.
    pub number: u64,
    /// Who sent to whom.
    pub envelope: Envelope,
    /// The content as it came.
    pub raw: Vec<u8>,
}

/// A running sink; stopping it is dropping it.
#[derive(Debug)]
pub struct Sink {
    store: Arc<Store>,
    _trigger: Trigger,
    task: JoinHandle<()>,
}

impl Sink {
    /// Starts on `address` (port 0 = any). With `directory`, each message is also written there as `000001.eml`, its
    /// envelope beside it as `000001.envelope`.
    ///
    /// # Errors
    /// The address cannot be bound, or the directory not made.
    pub async fn start(address: SocketAddr, directory: Option<&Path>) -> io::Result<(SocketAddr, Self)> {
        if let Some(directory) = directory {
            tokio::fs::create_dir_all(directory).await?;
        }
        let socket = TcpListener::bind(address).await?;
        let address = socket.local_addr()?;
        let store = Arc::new(Store {
            directory: directory.map(Path::to_path_buf),
            kept: Mutex::new(Box::new(Messages { number: last_written(directory), ..Messages::default() })),
            count: watch::Sender::new(0),
        });
        let everybody = [("0.0.0.0/0", "everybody"), ("::/0", "everybody over IPv6")].into_iter().filter_map(
            |(network, name)| {
                let networks = vec![network.parse().ok()?];
                Some(DeclaredClient { name: name.to_owned(), networks, ..DeclaredClient::default() })
            },
        );
        let settings =
            Settings::new("sink.example", Clients::new(everybody.collect()), Limits::default(), None)
                .map_err(io::Error::other)?;
        let (trigger, signal) = shutdown();
        let task =
            tokio::spawn(listen(socket, Door::default(), Service::new(settings, Arc::clone(&store)), signal));
        Ok((address, Self { store, _trigger: trigger, task }))
    }

    /// Messages received since the start, those no longer kept included.
    #[must_use]
    pub fn count(&self) -> u64 {
        *self.store.count.borrow()
    }

    /// What is kept, oldest first.
    #[must_use]
    pub fn messages(&self) -> Vec<Arc<Kept>> {
        self.store.lock().messages.iter().cloned().collect()
    }

    /// Returns once `count` messages have come since the start.
    pub async fn wait_for(&self, count: u64) {
        // The sender lives as long as `self`.
        let _ = self.store.count.subscribe().wait_for(|now| *now >= count).await;
    }

    /// Stops accepting and waits for open conversations.
    pub async fn stop(self) {
        let Self { _trigger, task, .. } = self;
        drop(_trigger);
        let _ = task.await;
    }
}

/// The highest number that stands in the directory: a sink started again goes on counting, and overwrites nothing.
fn last_written(directory: Option<&Path>) -> u64 {
    let names =
        directory.and_then(|directory| std::fs::read_dir(directory).ok()).into_iter().flatten().flatten();
    names.filter_map(|name| name.file_name().to_str()?.strip_suffix(".eml")?.parse().ok()).max().unwrap_or(0)
}

#[derive(Debug)]
struct Store {
    directory: Option<PathBuf>,
    kept: Mutex<Box<Messages>>,
    count: watch::Sender<u64>,
}

#[derive(Debug, Default)]
struct Messages {
    messages: VecDeque<Arc<Kept>>,
    bytes: usize,
    number: u64,
}

impl Store {
    fn lock(&self) -> std::sync::MutexGuard<'_, Box<Messages>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Remembers one message, forgetting the oldest beyond the bounds.
    fn keep(&self, envelope: Envelope, raw: Vec<u8>) -> Arc<Kept> {
        let mut kept = self.lock();
        kept.number += 1;
        kept.bytes += raw.len();
        let message = Arc::new(Kept { number: kept.number, envelope, raw });
        kept.messages.push_back(Arc::clone(&message));
        while kept.messages.len() > SINK_MESSAGES_MAX
            || (kept.bytes > SINK_BYTES_MAX && kept.messages.len() > 1)
        {
            let forgotten = kept.messages.pop_front().map_or(0, |message| message.raw.len());
            kept.bytes = kept.bytes.saturating_sub(forgotten);
        }
        message
    }

    async fn write(&self, message: &Kept) -> io::Result<()> {
        let Some(directory) = &self.directory else { return Ok(()) };
        let mut envelope =
            format!("MAIL FROM:<{}>\n", message.envelope.reverse_path.as_ref().map_or("", |a| a.as_str()));
        for recipient in &message.envelope.recipients {
            envelope.push_str(&format!("RCPT TO:<{}>\n", recipient.address));
        }
        tokio::fs::write(directory.join(format!("{:06}.envelope", message.number)), envelope).await?;
        // Whole from the moment it has its name: whoever watches the directory never reads part of a message.
        let part = directory.join(format!("{:06}.part", message.number));
        tokio::fs::write(&part, &message.raw).await?;
        tokio::fs::rename(&part, directory.join(format!("{:06}.eml", message.number))).await
    }
}

impl Reception for Store {
    type Spool = Vec<u8>;

    async fn spool(&self, _: &Client, _: &Envelope, _: &[u8]) -> Result<Vec<u8>, Reply> {
        Ok(Vec::new())
    }

    async fn receive(&self, submission: Submission<Vec<u8>>) -> Reply {
        let message = self.keep(submission.envelope, submission.content.into_bytes());
        let written = self.write(&message).await;
        self.count.send_modify(|count| *count = (*count).max(message.number));
        match written {
            Ok(()) => Reply::accepted(format!("Kept as {:06}", message.number)),
            Err(error) => {
                tracing::error!(%error, "the sink could not write a message");
                Reply::later("Not written, try later")
            }
        }
    }

    fn healthy(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpStream;

    #[tokio::test]
    async fn what_is_sent_is_kept_and_written() {
        let directory = std::env::temp_dir().join(format!("cerebro-sink-{}", std::process::id()));
        let (address, sink) = Sink::start("127.0.0.1:0".parse().unwrap(), Some(&directory)).await.unwrap();
        let mut stream = TcpStream::connect(address).await.unwrap();
        let mut heard = vec![0; 1024];
        for (say, expect) in [
            ("", "220"),
            ("EHLO gateway.example\r\n", "250"),
            ("MAIL FROM:<>\r\n", "250"),
            ("RCPT TO:<paul@partner.example>\r\n", "250"),
            ("DATA\r\n", "354"),
            ("Subject: x\r\n\r\n..\r\n.\r\n", "250"),
        ] {
            stream.write_all(say.as_bytes()).await.unwrap();
            let count = stream.read(&mut heard).await.unwrap();
            assert!(heard[..count].starts_with(expect.as_bytes()), "{say}");
        }
        sink.wait_for(1).await;
        assert_eq!(sink.count(), 1);
        assert_eq!(sink.messages()[0].raw, b"Subject: x\r\n\r\n.\r\n");
        assert_eq!(std::fs::read(directory.join("000001.eml")).unwrap(), b"Subject: x\r\n\r\n.\r\n");
        let envelope = std::fs::read_to_string(directory.join("000001.envelope")).unwrap();
        assert_eq!(envelope, "MAIL FROM:<>\nRCPT TO:<paul@partner.example>\n");
        let goodbye = async move {
            let count = stream.read(&mut heard).await.unwrap();
            assert!(heard[..count].starts_with(b"421"));
        };
        tokio::join!(goodbye, sink.stop());
        std::fs::remove_dir_all(directory).unwrap();
    }
}
