//! Accepts SMTP connections: a bound on all, a bound per address, declared proxies, an orderly end.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::{Duration, timeout};
use vocabulary::bounds::SMTP_DRAIN_TIMEOUT;

use crate::proxy::{self, Behind};
use crate::session::{self, Limits, Service};
use crate::{Network, Reception, Shutdown};

/// How long a connection that is one too many may take to hear so.
const TURN_AWAY: Duration = Duration::from_secs(1);
/// Pause after the machine refused us a socket (no descriptors left), so as not to spin.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// How connections come in.
#[derive(Debug, Clone, Default)]
pub struct Door {
    /// The handshake comes before the greeting (port 465, RFC 8314).
    pub implicit_tls: bool,
    /// Load balancers that say who connects through them, by PROXY protocol: from there, every connection must.
    pub proxies: Vec<Network>,
}

/// Serves every connection of `socket` until `shutdown`, then waits for open conversations to end, at most
/// [`SMTP_DRAIN_TIMEOUT`].
pub async fn listen<R: Reception>(
    socket: TcpListener,
    door: Door,
    service: Arc<Service<R>>,
    shutdown: Shutdown,
) {
    let (door, places) = (Arc::new(door), Arc::new(Places::default()));
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
        let (door, places) = (Arc::clone(&door), Arc::clone(&places));
        sessions.spawn(one(stream, peer, door, Arc::clone(&service), places, shutdown.clone()));
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
    door: Arc<Door>,
    service: Arc<Service<R>>,
    places: Arc<Places>,
    shutdown: Shutdown,
) {
    let Some((peer, _place)) = enter(&mut stream, peer, &door, &service.settings.limits, &places).await
    else {
        return;
    };
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%peer, %error, "TCP_NODELAY not set");
    }
    session::serve(stream, peer, door.implicit_tls, service, shutdown).await;
}

/// Who connects, behind a declared proxy or not, and a place for them; `None` if there is none.
async fn enter(
    stream: &mut TcpStream,
    peer: SocketAddr,
    door: &Door,
    limits: &Limits,
    places: &Arc<Places>,
) -> Option<(IpAddr, Place)> {
    let peer = peer.ip().to_canonical();
    let is_proxy = door.proxies.iter().any(|network| network.contains(peer));
    let per_peer = if is_proxy { limits.sessions } else { limits.sessions_per_peer };
    let Some(place) = places.take(peer, limits.sessions, per_peer) else {
        turn_away(stream, peer).await;
        return None;
    };
    if !is_proxy {
        return Some((peer, place));
    }
    match proxy::read(stream).await {
        Ok(Behind::Proxy) => Some((peer, place)),
        Ok(Behind::Client(client)) => match place.becomes(client, limits.sessions_per_peer) {
            Some(place) => Some((client, place)),
            None => {
                turn_away(stream, client).await;
                None
            }
        },
        Err(error) => {
            tracing::warn!(%peer, %error, "a declared proxy did not say who connects");
            None
        }
    }
}

async fn turn_away(stream: &mut TcpStream, peer: IpAddr) {
    tracing::warn!(%peer, "SMTP connection refused: too many");
    let mut goodbye = Vec::new();
    session::busy().write_to(&mut goodbye);
    let _ = timeout(TURN_AWAY, stream.write_all(&goodbye)).await;
}

/// Who is inside: at most `SMTP_SESSIONS_MAX` entries, one for each address with a session.
#[derive(Debug, Default)]
struct Places(Mutex<Inside>);

#[derive(Debug, Default)]
struct Inside {
    all: usize,
    each: HashMap<IpAddr, usize>,
}

impl Places {
    fn take(self: &Arc<Self>, peer: IpAddr, max: usize, max_per_peer: usize) -> Option<Place> {
        let mut inside = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let here = inside.each.get(&peer).copied().unwrap_or(0);
        if inside.all >= max || here >= max_per_peer {
            return None;
        }
        inside.all += 1;
        inside.each.insert(peer, here + 1);
        Some(Place { places: Arc::clone(self), peer })
    }
}

/// One place inside, given back when dropped.
struct Place {
    places: Arc<Places>,
    peer: IpAddr,
}

impl Place {
    /// The place, given up for one that counts against another address: the client behind a proxy.
    fn becomes(self, peer: IpAddr, max_per_peer: usize) -> Option<Self> {
        let places = Arc::clone(&self.places);
        drop(self);
        places.take(peer, usize::MAX, max_per_peer)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut inside = self.places.0.lock().unwrap_or_else(PoisonError::into_inner);
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
    fn a12_places_count_all_and_each() {
        let places = Arc::new(Places::default());
        let ip = |last| IpAddr::from([192, 0, 2, last]);
        let one = places.take(ip(1), 3, 2);
        let two = places.take(ip(1), 3, 2);
        assert!(one.is_some() && two.is_some() && places.take(ip(1), 3, 2).is_none());
        let three = places.take(ip(2), 3, 2);
        assert!(three.is_some() && places.take(ip(3), 3, 2).is_none());
        let two = two.unwrap().becomes(ip(9), 1).unwrap();
        assert!(places.take(ip(9), 9, 1).is_none() && places.take(ip(1), 9, 2).is_some());
        drop((one, two));
        assert!(places.take(ip(3), 3, 2).is_some());
        drop(three);
        assert!(places.0.lock().unwrap().each.is_empty());
    }
}
