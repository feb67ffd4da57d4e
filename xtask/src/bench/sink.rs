//! The outside world of a benchmark: takes every message, counts it, keeps nothing. The same for every subject.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

pub(crate) struct Sink {
    pub(crate) address: SocketAddr,
    count: Arc<AtomicU64>,
}

/// What arrived, and when the last of it did.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Arrived {
    pub(crate) count: u64,
    pub(crate) last: Instant,
}

impl Sink {
    pub(crate) fn start() -> anyhow::Result<Self> {
        Self::listen(TcpListener::bind("127.0.0.1:0")?)
    }

    /// At an address where nobody listened until now.
    pub(crate) fn start_at(address: SocketAddr) -> anyhow::Result<Self> {
        Self::listen(TcpListener::bind(address)?)
    }

    fn listen(listener: TcpListener) -> anyhow::Result<Self> {
        let address = listener.local_addr()?;
        let count = Arc::new(AtomicU64::new(0));
        let counter = Arc::clone(&count);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let counter = Arc::clone(&counter);
                std::thread::spawn(move || converse(stream, &counter));
            }
        });
        Ok(Self { address, count })
    }

    pub(crate) fn count(&self) -> u64 {
        self.count.load(Ordering::Relaxed)
    }

    /// When the count reached `wanted`; `None` after `most`.
    pub(crate) fn wait_for(&self, wanted: u64, most: Duration) -> Option<Instant> {
        let arrived = self.wait_until_still(wanted, most);
        (arrived.count >= wanted).then_some(arrived.last)
    }

    /// Until `wanted` are there, or none came for `still`: a subject may keep some for a person's eyes, and say so to nobody here.
    pub(crate) fn wait_until_still(&self, wanted: u64, still: Duration) -> Arrived {
        let mut arrived = Arrived { count: self.count(), last: Instant::now() };
        while arrived.count < wanted && arrived.last.elapsed() < still {
            std::thread::sleep(Duration::from_millis(2));
            let count = self.count();
            if count > arrived.count {
                arrived = Arrived { count, last: Instant::now() };
            }
        }
        arrived
    }
}

/// One connection, until it ends or breaks.
fn converse(stream: TcpStream, count: &AtomicU64) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut writer = stream.try_clone()?;
    let mut reader = BufReader::with_capacity(64 * 1024, stream);
    let mut line = Vec::new();
    writer.write_all(b"220 sink.example ESMTP\r\n")?;
    loop {
        line.clear();
        if reader.read_until(b'\n', &mut line)? == 0 {
            return Ok(());
        }
        let verb = line.get(..4).unwrap_or_default().to_ascii_uppercase();
        match verb.as_slice() {
            b"EHLO" => {
                writer.write_all(b"250-sink.example\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n")?
            }
            b"DATA" => {
                writer.write_all(b"354 go\r\n")?;
                loop {
                    line.clear();
                    if reader.read_until(b'\n', &mut line)? == 0 {
                        return Ok(());
                    }
                    if line == b".\r\n" {
                        break;
                    }
                }
                count.fetch_add(1, Ordering::Relaxed);
                writer.write_all(b"250 kept\r\n")?;
            }
            b"QUIT" => return writer.write_all(b"221 bye\r\n"),
            _ => writer.write_all(b"250 ok\r\n")?,
        }
    }
}
