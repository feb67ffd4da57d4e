//! One question to one server: UDP, and TCP when the answer does not fit.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use hickory_proto::op::{Edns, Message, MessageType, OpCode, Query};
use hickory_proto::rr::{Name, RecordType};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, UdpSocket};
use tokio::time::timeout;
use vocabulary::bounds::DNS_DATAGRAM_BYTES_MAX;
use vocabulary::{Entropy, entropy};

/// A question with a number nobody can guess.
pub(super) fn question(name: &Name, kind: RecordType, dice: &dyn Entropy) -> Message {
    let id = u16::from_be_bytes(entropy::random(dice));
    let mut message = Message::new(id, MessageType::Query, OpCode::Query);
    message.metadata.recursion_desired = true;
    // Says that we understand AD in the answer (RFC 6840 §5.7); some resolvers want DO for it.
    message.metadata.authentic_data = true;
    let mut edns = Edns::new();
    edns.set_max_payload(u16::try_from(DNS_DATAGRAM_BYTES_MAX).unwrap_or(1232)).set_dnssec_ok(true);
    message.set_edns(edns);
    message.add_query(Query::query(name.clone(), kind));
    message
}

/// The answer of a server, whole.
pub(super) async fn ask(server: SocketAddr, question: &Message, wait: Duration) -> io::Result<Message> {
    let bytes = question.to_vec().map_err(io::Error::other)?;
    let reply = timeout(wait, over_udp(server, question, &bytes)).await??;
    if !reply.metadata.truncation {
        return Ok(reply);
    }
    timeout(wait, over_tcp(server, question, &bytes)).await?
}

async fn over_udp(server: SocketAddr, question: &Message, bytes: &[u8]) -> io::Result<Message> {
    let any: SocketAddr =
        if server.is_ipv4() { (Ipv4Addr::UNSPECIFIED, 0).into() } else { (Ipv6Addr::UNSPECIFIED, 0).into() };
    let socket = UdpSocket::bind(any).await?;
    // Only this server's datagrams reach us now, on a port the kernel chose at random.
    socket.connect(server).await?;
    socket.send(bytes).await?;
    let mut buffer = vec![0; DNS_DATAGRAM_BYTES_MAX];
    loop {
        let count = socket.recv(&mut buffer).await?;
        // What does not answer our question may be forged: we go on listening.
        if let Ok(reply) = Message::from_vec(buffer.get(..count).unwrap_or_default())
            && answers(&reply, question)
        {
            return Ok(reply);
        }
    }
}

async fn over_tcp(server: SocketAddr, question: &Message, bytes: &[u8]) -> io::Result<Message> {
    let mut stream = TcpStream::connect(server).await?;
    let length = u16::try_from(bytes.len()).map_err(io::Error::other)?;
    stream.write_all(&[&length.to_be_bytes(), bytes].concat()).await?;
    let mut reply = vec![0; usize::from(stream.read_u16().await?)];
    stream.read_exact(&mut reply).await?;
    let reply = Message::from_vec(&reply).map_err(io::Error::other)?;
    if answers(&reply, question) { Ok(reply) } else { Err(io::ErrorKind::InvalidData.into()) }
}

fn answers(reply: &Message, question: &Message) -> bool {
    reply.metadata.id == question.metadata.id
        && reply.metadata.message_type == MessageType::Response
        && reply.queries == question.queries
}
