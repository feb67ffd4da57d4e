//! Accepts SMTP connections: a bound on all, a bound per address, an orderly end.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::{Duration, timeout};
use vocabulary::bounds::SMTP_DRAIN_TIMEOUT;

use crate::session::{self, Service};
use crate::{Reception, Shutdown};

/// How long a connection that is one too many may take to hear so.
const TURN_AWAY: Duration = Duration::from_secs(1);
/// Pause after the machine refused us a socket (no descriptors left), so as not to spin.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Serves every connection of `socket` until `shutdown`, then waits for open conversations to end, at most
/// [`SMTP_DRAIN_TIMEOUT`]. With `implicit_tls` the handshake comes before the greeting (port 465, RFC 8314).
pub async fn listen<R: Reception>(
    socket: TcpListener,
    implicit_tls: bool,
    service: Arc<Service<R>>,
    shutdown: Shutdown,
) {
    let doors = Arc::new(Doors::default());
    let mut sessions = JoinSet::new();
    loop {
        let (stream, peer) = tokio::select! {
            biased;
            () = shutdown.wait() => break,
            Some(_) = sessions.join_next() => continue,
            accepted = socket.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    tracing::warn!(%error, "SMTP connection could not be accepted");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                    continue;
                }
            },
        };
        sessions.spawn(one(
            stream,
            peer,
            implicit_tls,
            Arc::clone(&service),
            Arc::clone(&doors),
            shutdown.clone(),
        ));
    }
    drop(socket);
    let all_end = async { while sessions.join_next().await.is_some() {} };
    if timeout(SMTP_DRAIN_TIMEOUT, all_end).await.is_err() {
        tracing::warn!(open = sessions.len(), "SMTP conversations cut at the end of the service");
    }
}

async fn one<R: Reception>(
    mut stream: TcpStream,
    peer: SocketAddr,
    implicit_tls: bool,
    service: Arc<Service<R>>,
    doors: Arc<Doors>,
    shutdown: Shutdown,
) {
    let peer = peer.ip().to_canonical();
    let limits = &service.settings.limits;
    let Some(_door) = doors.enter(peer, limits.sessions, limits.sessions_per_peer) else {
        tracing::warn!(%peer, "SMTP connection refused: too many");
        let mut goodbye = Vec::new();
        session::busy().write_to(&mut goodbye);
        let _ = timeout(TURN_AWAY, stream.write_all(&goodbye)).await;
        return;
    };
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%peer, %error, "TCP_NODELAY not set");
    }
    session::serve(stream, peer, implicit_tls, service, shutdown).await;
}

/// Who is inside: at most `SMTP_SESSIONS_MAX` entries, one for each address with a session.
#[derive(Debug, Default)]
struct Doors(Mutex<Inside>);

#[derive(Debug, Default)]
struct Inside {
    all: usize,
    each: HashMap<IpAddr, usize>,
}

impl Doors {
    fn enter(self: &Arc<Self>, peer: IpAddr, max: usize, max_per_peer: usize) -> Option<Door> {
        let mut inside = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let here = inside.each.get(&peer).copied().unwrap_or(0);
        if inside.all >= max || here >= max_per_peer {
            return None;
        }
        inside.all += 1;
        inside.each.insert(peer, here + 1);
        Some(Door { doors: Arc::clone(self), peer })
    }
}

/// One place inside, given back when dropped.
struct Door {
    doors: Arc<Doors>,
    peer: IpAddr,
}

impl Drop for Door {
    fn drop(&mut self) {
        let mut inside = self.doors.0.lock().unwrap_or_else(PoisonError::into_inner);
        inside.all = inside.all.saturating_sub(1);
        match inside.each.get_mut(&self.peer) {
            Some(here) if *here > 1 => *here -= 1,
            _ => {
                inside.each.remove(&self.peer);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a12_doors_count_all_and_each() {
        let doors = Arc::new(Doors::default());
        let ip = |last| IpAddr::from([192, 0, 2, last]);
        let one = doors.enter(ip(1), 3, 2);
        let two = doors.enter(ip(1), 3, 2);
        assert!(one.is_some() && two.is_some() && doors.enter(ip(1), 3, 2).is_none());
        let three = doors.enter(ip(2), 3, 2);
        assert!(three.is_some() && doors.enter(ip(3), 3, 2).is_none());
        drop((one, two));
        assert!(doors.enter(ip(3), 3, 2).is_some());
        drop(three);
        assert!(doors.0.lock().unwrap().each.is_empty());
    }
}
