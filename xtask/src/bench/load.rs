//! The load of a benchmark: connections that send one message after the other, as a mail system does, and note how
//! long each final dot waited for its 250.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use super::messages::Messages;

/// What one load found.
pub(crate) struct Taken {
    /// Messages answered 250.
    pub(crate) accepted: u64,
    /// Messages answered otherwise at their end.
    pub(crate) refused: u64,
    /// From the first connection to the last 250.
    pub(crate) elapsed: Duration,
    /// Final dot to 250, sorted.
    pub(crate) waits: Vec<Duration>,
}

impl Taken {
    /// The wait below which `share` of all messages were answered, milliseconds.
    pub(crate) fn quantile(&self, share: f64) -> f64 {
        let place = ((self.waits.len() as f64 - 1.0) * share).round().max(0.0) as usize;
        self.waits.get(place).map_or(0.0, |wait| wait.as_secs_f64() * 1000.0)
    }
}

/// How a load is sent.
pub(crate) struct Load<'a> {
    pub(crate) to: SocketAddr,
    pub(crate) connections: usize,
    pub(crate) messages: u64,
    /// Messages a second over all connections; as fast as answers come when absent.
    pub(crate) rate: Option<f64>,
    pub(crate) what: &'a Messages,
}

/// Sends it all.
pub(crate) fn send(load: &Load<'_>) -> anyhow::Result<Taken> {
    let next = Arc::new(AtomicU64::new(0));
    let waits = Arc::new(Mutex::new(Vec::with_capacity(usize::try_from(load.messages)?)));
    let start = Instant::now();
    let stuffed: Arc<Vec<Vec<u8>>> = Arc::new(load.what.raw.iter().map(|raw| stuff(raw)).collect());
    let threads: Vec<_> = (0..load.connections)
        .map(|_| {
            let (next, waits, stuffed) = (Arc::clone(&next), Arc::clone(&waits), Arc::clone(&stuffed));
            let (to, messages, rate) = (load.to, load.messages, load.rate);
            std::thread::spawn(move || -> anyhow::Result<()> {
                let mut connection = Connection::open(to)?;
                let mut mine = Vec::new();
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= messages {
                        break;
                    }
                    if let Some(rate) = rate {
                        let due = start + Duration::from_secs_f64(number as f64 / rate);
                        std::thread::sleep(due.saturating_duration_since(Instant::now()));
                    }
                    let place = usize::try_from(number)? % stuffed.len();
                    mine.extend(connection.send(stuffed.get(place).context("a message")?)?);
                }
                connection.quit();
                waits.lock().unwrap_or_else(PoisonError::into_inner).extend(mine);
                Ok(())
            })
        })
        .collect();
    for thread in threads {
        match thread.join() {
            Ok(outcome) => outcome?,
            Err(_) => bail!("a connection of the load panicked"),
        }
    }
    let elapsed = start.elapsed();
    let mut waits = std::mem::take(&mut *waits.lock().unwrap_or_else(PoisonError::into_inner));
    waits.sort_unstable();
    let accepted = waits.len() as u64;
    Ok(Taken { accepted, refused: load.messages - accepted, elapsed, waits })
}

/// Dots at the start of a line are doubled, and the end is marked (RFC 5321 §4.5.2).
fn stuff(raw: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(raw.len() + 64);
    for line in raw.split_inclusive(|byte| *byte == b'\n') {
        if line.starts_with(b".") {
            out.push(b'.');
        }
        out.extend_from_slice(line);
    }
    out.extend_from_slice(b".\r\n");
    out
}

struct Connection {
    reader: BufReader<TcpStream>,
}

impl Connection {
    fn open(to: SocketAddr) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(to)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(120)))?;
        let mut connection = Self { reader: BufReader::new(stream) };
        connection.expect("220")?;
        connection.write(b"EHLO bench.orveane.example\r\n")?;
        connection.expect("250")?;
        Ok(connection)
    }

    /// One message, its envelope in one packet; how long its final dot waited for its 250, nothing where it was refused.
    fn send(&mut self, stuffed: &[u8]) -> anyhow::Result<Option<Duration>> {
        self.write(
            b"MAIL FROM:<theodore.vasquin@orveane.example>\r\nRCPT TO:<r.lemarrec@client.example>\r\nDATA\r\n",
        )?;
        self.expect("250")?;
        self.expect("250")?;
        self.expect("354")?;
        self.write(stuffed)?;
        let dot = Instant::now();
        let taken = self.answer()?.starts_with("250");
        Ok(taken.then(|| dot.elapsed()))
    }

    fn quit(&mut self) {
        let _ = self.write(b"QUIT\r\n").and_then(|()| self.expect("221"));
    }

    fn write(&mut self, bytes: &[u8]) -> anyhow::Result<()> {
        self.reader.get_mut().write_all(bytes).context("the connection broke")
    }

    fn expect(&mut self, code: &str) -> anyhow::Result<()> {
        let line = self.answer().with_context(|| format!("instead of {code}"))?;
        if !line.starts_with(code) {
            bail!("{} instead of {code}", line.trim_end());
        }
        Ok(())
    }

    /// The last line of the next answer.
    fn answer(&mut self) -> anyhow::Result<String> {
        let mut line = String::new();
        loop {
            line.clear();
            if self.reader.read_line(&mut line)? == 0 {
                bail!("the connection was closed");
            }
            if line.as_bytes().get(3) != Some(&b'-') {
                return Ok(line);
            }
        }
    }
}
