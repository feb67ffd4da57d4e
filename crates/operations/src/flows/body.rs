//! Bodies at rest: sealed whole in a row or a blob, or sealed into a blob while they come; read whole, or chunk by chunk
//! while they leave.

use std::io::{self, Read};

use access::{
    BlobWriter, Instance, OpenError, Opener, Operation, OperationError, SEALED_HEADER_BYTES, Sealer,
};
use aws_lc_rs::digest;
use vocabulary::{BlobId, FlowId, OrganisationId, bounds};

/// What a flow's body is sealed for: moved to another flow, it does not open.
pub(crate) fn context(flow: FlowId) -> String {
    format!("{flow}/body")
}

/// Where a body is.
#[derive(Debug)]
pub(crate) enum Body {
    /// Sealed, in the flow's row.
    Inline(Vec<u8>),
    /// Sealed, in a blob that is durable already.
    Blob(BlobId),
    /// Where it was: the flow's row exists.
    Kept,
}

/// Seals a body that is in memory. A crash after this leaves at most a blob that no row names, which is swept.
pub(crate) fn keep(op: &Operation, flow: FlowId, raw: &[u8]) -> Result<Body, OperationError> {
    let sealed = op.seal(&context(flow), raw)?;
    if sealed.len() <= bounds::INLINE_BODY_BYTES_MAX {
        return Ok(Body::Inline(sealed));
    }
    let blob = BlobId::new(op.now(), op.entropy());
    op.instance().blobs().put(blob, &sealed)?;
    Ok(Body::Blob(blob))
}

/// A message too large for memory, sealed into its blob while it comes. Nothing of it is ever on disk in clear; dropped
/// before it is finished, it leaves nothing.
#[derive(Debug)]
pub struct Spool {
    flow: FlowId,
    organisation: OrganisationId,
    blob: BlobId,
    writer: BlobWriter,
    sealer: Sealer,
    hash: Hash,
    bytes: usize,
    sealed: Vec<u8>,
}

struct Hash(digest::Context);

impl std::fmt::Debug for Hash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Hash")
    }
}

/// A spool whose message has ended: durable.
#[derive(Debug)]
pub(crate) struct Spooled {
    pub(crate) flow: FlowId,
    pub(crate) blob: BlobId,
    pub(crate) sha256: Vec<u8>,
    pub(crate) bytes: usize,
}

impl Spool {
    pub(crate) fn begin(op: &Operation) -> Result<Self, OperationError> {
        let flow = FlowId::new(op.now(), op.entropy());
        let blob = BlobId::new(op.now(), op.entropy());
        let instance = op.instance();
        Ok(Self {
            flow,
            organisation: op.organisation(),
            blob,
            writer: instance.blobs().begin(blob, SEALED_HEADER_BYTES)?,
            sealer: instance.content_sealer(op.organisation(), &context(flow), op.now())?,
            hash: Hash(digest::Context::new(&digest::SHA256)),
            bytes: 0,
            sealed: Vec::new(),
        })
    }

    /// Whose message it is: a submission for another organisation is refused.
    pub(crate) fn organisation(&self) -> OrganisationId {
        self.organisation
    }

    /// Takes the next bytes of the message. Blocks for as long as the disk does.
    ///
    /// # Errors
    /// The disk refused; the message cannot be taken.
    pub fn push(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.hash.0.update(bytes);
        self.bytes += bytes.len();
        self.sealed.clear();
        self.sealer.push(bytes, &mut self.sealed).map_err(io::Error::other)?;
        self.writer.push(&self.sealed)
    }

    /// Makes the whole durable. Blocks.
    pub(crate) fn finish(mut self) -> Result<Spooled, OperationError> {
        self.sealed.clear();
        let header = self.sealer.finish(&mut self.sealed)?;
        self.writer.push(&self.sealed)?;
        self.writer.finish(&header)?;
        let sha256 = self.hash.0.finish().as_ref().to_vec();
        Ok(Spooled { flow: self.flow, blob: self.blob, sha256, bytes: self.bytes })
    }
}

/// A flow's message, whole.
///
/// # Errors
/// It is gone, erased or altered.
pub(crate) fn read(
    op: &Operation,
    flow: FlowId,
    inline: Option<Vec<u8>>,
    blob: Option<BlobId>,
) -> Result<Vec<u8>, OperationError> {
    match (inline, blob) {
        (Some(sealed), _) => op.open(&context(flow), &sealed),
        (None, Some(blob)) => {
            let mut chunks = Chunks::open(op.instance(), op.organisation(), flow, blob)?;
            let mut raw = Vec::with_capacity(chunks.opener.plaintext_bytes());
            while let Some(chunk) = chunks.read_next()? {
                raw.extend_from_slice(&chunk);
            }
            Ok(raw)
        }
        (None, None) => Err(OperationError::Damaged(format!("{flow} has no body"))),
    }
}

/// A flow's message when it is short, else its beginning, which holds its header section; and whether it is whole.
///
/// # Errors
/// As [`read`].
pub(crate) fn beginning(
    op: &Operation,
    flow: FlowId,
    inline: Option<Vec<u8>>,
    blob: Option<BlobId>,
    bytes: u64,
) -> Result<(Vec<u8>, bool), OperationError> {
    match blob.filter(|_| inline.is_none() && bytes > bounds::RELAY_MEMORY_BYTES_MAX) {
        Some(blob) => {
            let mut chunks = Chunks::open(op.instance(), op.organisation(), flow, blob)?;
            Ok((chunks.read_next()?.unwrap_or_default(), false))
        }
        None => Ok((read(op, flow, inline, blob)?, true)),
    }
}

/// A large message on its way out: our trace fields, then what came in, a chunk at a time.
#[derive(Debug, Clone)]
pub struct Large {
    /// Our trace fields and the first chunk.
    pub head: Vec<u8>,
    /// All bytes, the trace fields included.
    pub bytes: u64,
    trace: Vec<u8>,
    instance: Instance,
    organisation: OrganisationId,
    flow: FlowId,
    blob: BlobId,
}

impl Large {
    pub(crate) fn new(
        op: &Operation,
        flow: FlowId,
        blob: BlobId,
        trace: Vec<u8>,
    ) -> Result<Self, OperationError> {
        let mut chunks = Chunks::open(op.instance(), op.organisation(), flow, blob)?;
        let bytes = (trace.len() + chunks.opener.plaintext_bytes()) as u64;
        let head = [trace.as_slice(), &chunks.read_next()?.unwrap_or_default()].concat();
        let (instance, organisation) = (op.instance().clone(), op.organisation());
        Ok(Self { head, bytes, trace, instance, organisation, flow, blob })
    }

    /// Reads it from its start: the trace fields are the first chunk.
    ///
    /// # Errors
    /// It is gone, erased or altered.
    pub fn open(&self) -> io::Result<Chunks> {
        let chunks = Chunks::open(&self.instance, self.organisation, self.flow, self.blob);
        let chunks = chunks.map_err(io::Error::other)?;
        Ok(Chunks { before: Some(self.trace.clone()), ..chunks })
    }
}

/// A message being read from its blob.
pub struct Chunks {
    before: Option<Vec<u8>>,
    file: Box<dyn Read + Send>,
    opener: Opener,
}

impl Chunks {
    fn open(
        instance: &Instance,
        organisation: OrganisationId,
        flow: FlowId,
        blob: BlobId,
    ) -> Result<Self, OperationError> {
        let mut file = instance.blobs().reader(blob)?;
        let mut header = [0; SEALED_HEADER_BYTES];
        file.read_exact(&mut header)?;
        let opener = instance.content_opener(organisation, &context(flow), &header)?;
        Ok(Self { before: None, file: Box::new(file), opener })
    }

    /// The next chunk; `None` at the end. Blocks for as long as the disk does.
    ///
    /// # Errors
    /// What is stored is not what was stored: what was given so far must not be acted on.
    pub fn read_next(&mut self) -> io::Result<Option<Vec<u8>>> {
        if let Some(before) = self.before.take() {
            return Ok(Some(before));
        }
        let Some(bytes) = self.opener.next_sealed_bytes() else {
            return match self.file.read(&mut [0])? {
                0 => Ok(None),
                _ => Err(io::Error::other(OpenError::Corrupt)),
            };
        };
        let mut sealed = vec![0; bytes];
        self.file.read_exact(&mut sealed)?;
        self.opener.open(&sealed).map(Some).map_err(io::Error::other)
    }
}
