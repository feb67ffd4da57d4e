//! A DNS server that answers as told, over UDP and TCP, and the stub against it.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use hickory_proto::op::{Message, MessageType, OpCode, ResponseCode};
use hickory_proto::rr::rdata::tlsa::{CertUsage, Matching, Selector};
use hickory_proto::rr::rdata::{A, AAAA, CNAME, MX, TLSA, TXT};
use hickory_proto::rr::{Name, RData, Record as Wire, RecordType};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, UdpSocket};
use tokio::task::JoinHandle;
use vocabulary::SeededEntropy;

use super::{DnsError, Kind, Record, Resolver};

/// What a name answers.
#[derive(Clone, Debug)]
pub(crate) enum Says {
    Records(Vec<RData>),
    Nothing,
    Fails,
    Silent,
}

/// A server with a table. What is not in it does not exist.
pub(crate) struct Zone {
    pub(crate) address: SocketAddr,
    table: Table,
    pub(crate) asked: Arc<AtomicUsize>,
    tasks: Vec<JoinHandle<()>>,
}

type Table = Arc<Mutex<HashMap<(Name, RecordType), (Says, bool)>>>;

impl Drop for Zone {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

pub(crate) fn name(text: &str) -> Name {
    Name::from_ascii(format!("{text}.")).unwrap()
}

pub(crate) fn mx(preference: u16, exchange: &str) -> RData {
    let exchange = if exchange.is_empty() { Name::root() } else { name(exchange) };
    RData::MX(MX::new(preference, exchange))
}

pub(crate) fn a(address: &str) -> RData {
    match address.parse().unwrap() {
        std::net::IpAddr::V4(v4) => RData::A(A(v4)),
        std::net::IpAddr::V6(v6) => RData::AAAA(AAAA(v6)),
    }
}

pub(crate) fn alias(to: &str) -> RData {
    RData::CNAME(CNAME(name(to)))
}

pub(crate) fn tlsa(usage: u8, selector: u8, matching: u8, data: &[u8]) -> RData {
    let (usage, selector) = (CertUsage::from(usage), Selector::from(selector));
    RData::TLSA(TLSA::new(usage, selector, Matching::from(matching), data.to_vec()))
}

pub(crate) fn txt(text: &str) -> RData {
    RData::TXT(TXT::new(vec![text.to_owned()]))
}

impl Zone {
    pub(crate) async fn start() -> Self {
        let (udp, tcp) = loop {
            let udp = UdpSocket::bind("127.0.0.1:0").await.unwrap();
            // Another test may have the port over TCP.
            if let Ok(tcp) = TcpListener::bind(udp.local_addr().unwrap()).await {
                break (udp, tcp);
            }
        };
        let address = udp.local_addr().unwrap();
        let (table, asked) = (Table::default(), Arc::new(AtomicUsize::new(0)));
        let tasks = vec![
            tokio::spawn(over_udp(udp, Arc::clone(&table), Arc::clone(&asked))),
            tokio::spawn(over_tcp(tcp, Arc::clone(&table))),
        ];
        Self { address, table, asked, tasks }
    }

    fn put(&self, at: &str, kind: RecordType, says: Says, secure: bool) -> &Self {
        self.table.lock().unwrap().insert((name(at), kind), (says, secure));
        self
    }

    /// Records, vouched for by DNSSEC or not.
    pub(crate) fn has(&self, at: &str, kind: RecordType, records: Vec<RData>, secure: bool) -> &Self {
        self.put(at, kind, Says::Records(records), secure)
    }

    pub(crate) fn says(&self, at: &str, kind: RecordType, says: Says) -> &Self {
        self.put(at, kind, says, false)
    }

    /// A host with an address, over IPv4 alone.
    pub(crate) fn host(&self, at: &str, address: &str, secure: bool) -> &Self {
        self.has(at, RecordType::A, vec![a(address)], secure).put(at, RecordType::AAAA, Says::Nothing, secure)
    }

    pub(crate) fn resolver(&self) -> Resolver {
        Resolver::new(vec![self.address], Arc::new(SeededEntropy::new(3)))
            .with_timeout(Duration::from_millis(200))
    }
}

/// The answer, and whether there is one at all.
fn answer(question: &Message, table: &Table) -> Option<Message> {
    let asked = question.queries[0].clone();
    let table = table.lock().unwrap();
    let mut reply = Message::new(question.metadata.id, MessageType::Response, OpCode::Query);
    reply.add_query(asked.clone());
    let (mut at, mut secure) = (asked.name.clone(), true);
    loop {
        let key = |kind| (at.to_lowercase(), kind);
        if let Some((Says::Records(records), vouched)) = table.get(&key(RecordType::CNAME)) {
            secure &= vouched;
            let RData::CNAME(target) = &records[0] else { panic!("an alias is a CNAME") };
            reply.add_answer(Wire::from_rdata(at.clone(), 60, records[0].clone()));
            if asked.query_type != RecordType::CNAME {
                at = target.0.clone();
                continue;
            }
            reply.metadata.authentic_data = secure;
            return Some(reply);
        }
        match table.get(&key(asked.query_type)) {
            Some((Says::Records(records), vouched)) => {
                secure &= vouched;
                for record in records {
                    reply.add_answer(Wire::from_rdata(at.clone(), 60, record.clone()));
                }
            }
            Some((Says::Nothing, vouched)) => secure &= vouched,
            Some((Says::Silent, _)) => return None,
            Some((Says::Fails, _)) => reply.metadata.response_code = ResponseCode::ServFail,
            None => {
                let known = table.keys().any(|(known, _)| *known == at);
                reply.metadata.response_code =
                    if known { ResponseCode::NoError } else { ResponseCode::NXDomain };
                secure = false;
            }
        }
        reply.metadata.authentic_data = secure;
        return Some(reply);
    }
}

async fn over_udp(socket: UdpSocket, table: Table, asked: Arc<AtomicUsize>) {
    let mut buffer = vec![0; 4_096];
    loop {
        let (count, from) = socket.recv_from(&mut buffer).await.unwrap();
        asked.fetch_add(1, Ordering::SeqCst);
        let question = Message::from_vec(&buffer[..count]).unwrap();
        assert!(question.metadata.authentic_data && question.metadata.recursion_desired);
        let Some(reply) = answer(&question, &table) else { continue };
        let mut bytes = reply.to_vec().unwrap();
        if bytes.len() > vocabulary::bounds::DNS_DATAGRAM_BYTES_MAX {
            bytes = reply.truncate().to_vec().unwrap();
        }
        // A forged answer comes first: another number, another question.
        let mut forged = reply.clone();
        forged.metadata.id ^= 1;
        socket.send_to(&forged.to_vec().unwrap()[..12], from).await.unwrap();
        socket.send_to(&bytes, from).await.unwrap();
    }
}

async fn over_tcp(listener: TcpListener, table: Table) {
    loop {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut question = vec![0; usize::from(stream.read_u16().await.unwrap())];
        stream.read_exact(&mut question).await.unwrap();
        let Some(reply) = answer(&Message::from_vec(&question).unwrap(), &table) else { continue };
        let bytes = reply.to_vec().unwrap();
        stream.write_all(&(bytes.len() as u16).to_be_bytes()).await.unwrap();
        stream.write_all(&bytes).await.unwrap();
    }
}

#[tokio::test]
async fn answers_are_read_with_what_dnssec_says_of_them() {
    let zone = Zone::start().await;
    zone.has("a.example", RecordType::MX, vec![mx(10, "MX.a.example"), mx(0, "")], true)
        .host("plain.example", "192.0.2.1", false)
        .has("alias.example", RecordType::CNAME, vec![alias("plain.example")], true)
        .says("broken.example", RecordType::MX, Says::Fails)
        .says("silent.example", RecordType::MX, Says::Silent)
        .has("t.example", RecordType::TXT, vec![txt("v=STSv1; id=1")], false)
        .has("t.example", RecordType::TLSA, vec![tlsa(3, 1, 1, &[7; 32])], true);
    let resolver = zone.resolver();
    let answer = resolver.ask("a.example", Kind::Mx).await.unwrap();
    let exchange = |preference, exchange: &str| Record::Mx { preference, exchange: exchange.into() };
    assert_eq!(answer.records, [exchange(10, "mx.a.example"), exchange(0, "")]);
    assert!(answer.secure && answer.exists && answer.canonical == "a.example");

    let aliased = resolver.ask("alias.example", Kind::A).await.unwrap();
    assert_eq!(aliased.records, [Record::Address("192.0.2.1".parse().unwrap())]);
    assert!(!aliased.secure, "an alias is worth what it leads to");
    assert_eq!(aliased.canonical, "plain.example");

    let tlsa = resolver.ask("t.example", Kind::Tlsa).await.unwrap().records;
    assert_eq!(tlsa, [Record::Tlsa { usage: 3, selector: 1, matching: 1, data: vec![7; 32] }]);
    let text = resolver.ask("t.example", Kind::Txt).await.unwrap().records;
    assert_eq!(text, [Record::Txt(b"v=STSv1; id=1".to_vec())]);

    let none = resolver.ask("plain.example", Kind::Mx).await.unwrap();
    assert!(none.exists && none.records.is_empty());
    assert!(!resolver.ask("nowhere.example", Kind::Mx).await.unwrap().exists);
    assert_eq!(resolver.ask("broken.example", Kind::Mx).await, Err(DnsError::Refused));
    assert_eq!(resolver.ask("silent.example", Kind::Mx).await, Err(DnsError::Silent));
    assert_eq!(resolver.ask("not a name", Kind::Mx).await, Err(DnsError::Name));
}

#[tokio::test]
async fn a_long_answer_comes_over_tcp() {
    let zone = Zone::start().await;
    let many: Vec<_> = (0..200).map(|n| mx(n, &format!("mx{n}.a-rather-long-name.example"))).collect();
    zone.has("many.example", RecordType::MX, many, false);
    let answer = zone.resolver().ask("many.example", Kind::Mx).await.unwrap();
    assert_eq!(answer.records.len(), 200);
}

#[tokio::test]
async fn the_next_server_is_asked_when_one_is_silent() {
    let (dead, zone) = (UdpSocket::bind("127.0.0.1:0").await.unwrap(), Zone::start().await);
    zone.host("a.example", "192.0.2.1", false);
    let servers = vec![dead.local_addr().unwrap(), zone.address];
    let resolver =
        Resolver::new(servers, Arc::new(SeededEntropy::new(3))).with_timeout(Duration::from_millis(100));
    assert_eq!(resolver.ask("a.example", Kind::A).await.unwrap().records.len(), 1);
    assert_eq!(zone.asked.load(Ordering::SeqCst), 1, "once it has answered nobody is asked again");
}
