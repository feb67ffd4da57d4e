//! A flow on its way to being settled: nothing of it is durable yet, except a large body's blob.

use std::net::IpAddr;

use access::{Operation, OperationError, Row, StoreError, Tx};
use aws_lc_rs::digest;
use vocabulary::{BlobId, DeliveryId, FlowId, ForwardPath, Xtext};

use super::body::{self, Body};
use super::receive::{Content, Envelope, Submission};
use super::{outbox, sql};
use crate::idempotency::Key;

/// The protocols a message comes by, as trace fields name them (RFC 3848), and HTTPS.
const PROTOCOLS: [&str; 5] = ["ESMTP", "ESMTPS", "ESMTPA", "ESMTPSA", "HTTPS"];

/// How, by whom and from where a message came: what our trace fields and evidence say of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// `smtp` or `api`.
    pub source: &'static str,
    /// The declared client or the service.
    pub client: String,
    /// It sends by the thousand.
    pub bulk: bool,
    /// What it said in EHLO, unverified.
    pub helo: Option<String>,
    /// The address it connected from.
    pub peer: Option<IpAddr>,
    /// `ESMTP`, `ESMTPS`, `ESMTPSA` (RFC 3848), `HTTPS`.
    pub protocol: &'static str,
    /// The TLS version.
    pub tls: Option<String>,
}

impl Origin {
    /// A service, by API.
    #[must_use]
    pub fn api(service: String) -> Self {
        Self {
            source: "api",
            client: service,
            bulk: false,
            helo: None,
            peer: None,
            protocol: "HTTPS",
            tls: None,
        }
    }

    /// A mail server of which nothing more is known than its name.
    #[must_use]
    pub fn smtp(client: String) -> Self {
        Self { source: "smtp", protocol: "ESMTP", ..Self::api(client) }
    }

    /// As it was kept with the flow: columns 5, 6 and 12 to 15 of `sql::FLOW`, and 18.
    fn of_row(row: &Row) -> Result<Self, StoreError> {
        let protocol: String = row.get(14)?;
        let source: String = row.get(5)?;
        Ok(Self {
            source: if source == "api" { "api" } else { "smtp" },
            client: row.get(6)?,
            bulk: row.get(18)?,
            helo: row.get(12)?,
            peer: row.get::<Option<String>>(13)?.and_then(|peer| peer.parse().ok()),
            protocol: PROTOCOLS.into_iter().find(|known| *known == protocol).unwrap_or("ESMTP"),
            tls: row.get(15)?,
        })
    }
}

/// See the module.
#[derive(Debug)]
pub struct OpenFlow {
    /// Its id.
    pub id: FlowId,
    /// Whence it came.
    pub origin: Origin,
    /// The envelope.
    pub envelope: Envelope,
    /// The message, byte for byte; empty when it is too large to be understood before it is answered.
    pub raw: Vec<u8>,
    /// Its bytes.
    pub size: usize,
    /// SHA-256 of the message.
    pub sha256: Vec<u8>,
    pub(super) body: Body,
    /// Settled once under this key.
    pub(super) key: Option<Key>,
}

impl OpenFlow {
    /// Opens the flow: gives it its id, seals its body, makes a large one durable. A crash after this leaves at most a
    /// blob that no row names, which is swept.
    ///
    /// # Errors
    /// The key store or the blob store failed.
    pub(super) async fn open(
        op: &Operation,
        submission: Submission,
        key: Option<Key>,
    ) -> Result<Self, OperationError> {
        let Submission { origin, envelope, content, .. } = submission;
        match content {
            Content::Whole(raw) => {
                let id = FlowId::new(op.now(), op.entropy());
                let body = body::keep(op, id, &raw)?;
                let (size, sha256) = (raw.len(), sha256(&raw));
                Ok(Self { id, origin, envelope, raw, size, sha256, body, key })
            }
            Content::Spooled(spool) => {
                let finished = tokio::task::spawn_blocking(move || spool.finish()).await;
                let spooled = finished
                    .map_err(|_| OperationError::Damaged("a large body could not be finished".into()))??;
                Ok(Self {
                    id: spooled.flow,
                    origin,
                    envelope,
                    raw: Vec::new(),
                    size: spooled.bytes,
                    sha256: spooled.sha256,
                    body: Body::Blob(spooled.blob),
                    key,
                })
            }
        }
    }

    /// A flow whose body is durable already.
    fn again(id: FlowId, origin: Origin, envelope: Envelope, raw: Vec<u8>) -> Self {
        let (size, sha256) = (raw.len(), sha256(&raw));
        Self { id, origin, envelope, raw, size, sha256, body: Body::Kept, key: None }
    }
}

/// A flow that is durable already, with its deliveries, to be assessed; `None` when there is none here.
///
/// # Errors
/// The database did not answer, or its body cannot be read.
pub(crate) async fn reopen(
    op: &Operation,
    id: FlowId,
) -> Result<Option<(OpenFlow, Vec<DeliveryId>)>, OperationError> {
    let (row, deliveries) = op
        .read(async move |tx: &mut Tx<'_>| {
            let row = tx.fetch_optional(sql::FLOW, vec![id.into()]).await?;
            Ok::<_, StoreError>((row, tx.fetch(sql::DELIVERIES, vec![id.into()]).await?))
        })
        .await?;
    let Some(row) = row else { return Ok(None) };
    let raw = body::read(op, id, row.get(10)?, row.parse_optional::<BlobId>(11)?)?;
    let mut ids: Vec<DeliveryId> = Vec::with_capacity(deliveries.len());
    let mut recipients: Vec<ForwardPath> = Vec::with_capacity(deliveries.len());
    for delivery in &deliveries {
        ids.push(delivery.parse(0)?);
        recipients.push(outbox::path(delivery.parse(1)?, &delivery.get::<String>(8)?, delivery.get(9)?));
    }
    let envelope = Envelope {
        reverse_path: row.parse_optional(1)?,
        recipients,
        eight_bit: row.get(8)?,
        smtputf8: row.get(9)?,
        returns: row.parse_optional(16)?,
        envelope_id: row.get::<Option<String>>(17)?.and_then(|id| Xtext::kept(&id).ok()),
    };
    Ok(Some((OpenFlow::again(id, Origin::of_row(&row)?, envelope, raw), ids)))
}

fn sha256(raw: &[u8]) -> Vec<u8> {
    digest::digest(&digest::SHA256, raw).as_ref().to_vec()
}
