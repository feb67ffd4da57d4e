//! Fetches a policy over HTTPS (RFC 8461 §3.3): one file, one host, no redirect.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use vocabulary::bounds::{MTA_STS_HEAD_BYTES_MAX, MTA_STS_POLICY_BYTES_MAX};

/// The policy could not be had. The words go to the log.
#[derive(Debug, thiserror::Error)]
pub(super) enum FetchError {
    #[error("the policy host could not be reached: {0}")]
    Connection(#[from] io::Error),
    #[error("the policy host answers {0}; only 200 counts, redirects are not followed")]
    Status(u16),
    #[error("the policy host does not speak HTTP")]
    Http,
    #[error("the policy is not text/plain")]
    Kind,
    #[error("the policy is too long")]
    TooLong,
}

/// The text at `https://{host}/.well-known/mta-sts.txt`. The TLS configuration checks that the host is who it says.
pub(super) async fn fetch(
    host: &str,
    addresses: &[SocketAddr],
    tls: Arc<ClientConfig>,
) -> Result<String, FetchError> {
    let name = ServerName::try_from(host.to_owned()).map_err(io::Error::other)?;
    let stream = TcpStream::connect(addresses).await?;
    let mut stream = TlsConnector::from(tls).connect(name, stream).await?;
    let request = format!(
        "GET /.well-known/mta-sts.txt HTTP/1.1\r\nHost: {host}\r\nUser-Agent: cerebro\r\nAccept: text/plain\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await?;
    answer(stream).await
}

/// How the length of a body is told (RFC 9112 §6.3).
enum Body {
    Length(usize),
    Chunked,
    ToTheEnd,
}

async fn answer(mut stream: impl AsyncRead + Unpin) -> Result<String, FetchError> {
    let mut bytes = Vec::new();
    let (at, body) = loop {
        if let Some(found) = head(&bytes)? {
            break found;
        }
        if bytes.len() > MTA_STS_HEAD_BYTES_MAX {
            return Err(FetchError::TooLong);
        }
        if stream.read_buf(&mut bytes).await? == 0 {
            return Err(FetchError::Http);
        }
    };
    let mut rest = bytes.split_off(at);
    loop {
        let whole = match body {
            Body::Length(length) if length > MTA_STS_POLICY_BYTES_MAX => return Err(FetchError::TooLong),
            Body::Length(length) => rest.get(..length).map(<[u8]>::to_vec),
            Body::Chunked => unchunked(&rest)?,
            Body::ToTheEnd => None,
        };
        if let Some(whole) = whole {
            return text(whole);
        }
        if rest.len() > MTA_STS_POLICY_BYTES_MAX * 2 {
            return Err(FetchError::TooLong);
        }
        if stream.read_buf(&mut rest).await? == 0 {
            return if matches!(body, Body::ToTheEnd) { text(rest) } else { Err(FetchError::Http) };
        }
    }
}

fn text(body: Vec<u8>) -> Result<String, FetchError> {
    if body.len() > MTA_STS_POLICY_BYTES_MAX {
        return Err(FetchError::TooLong);
    }
    String::from_utf8(body).map_err(|_| FetchError::Kind)
}

/// Where the body begins and how long it is, once the head is whole.
fn head(bytes: &[u8]) -> Result<Option<(usize, Body)>, FetchError> {
    let mut fields = [httparse::EMPTY_HEADER; 64];
    let mut response = httparse::Response::new(&mut fields);
    let httparse::Status::Complete(at) = response.parse(bytes).map_err(|_| FetchError::Http)? else {
        return Ok(None);
    };
    match response.code {
        Some(200) => {}
        code => return Err(FetchError::Status(code.unwrap_or(0))),
    }
    let field = |name: &str| {
        let found = response.headers.iter().find(|field| field.name.eq_ignore_ascii_case(name))?;
        std::str::from_utf8(found.value).ok()
    };
    let kind = field("content-type").and_then(|value| value.split(';').next()).unwrap_or_default();
    if !kind.trim().eq_ignore_ascii_case("text/plain") {
        return Err(FetchError::Kind);
    }
    let body = match (field("transfer-encoding"), field("content-length")) {
        (Some(coding), _) if coding.trim().eq_ignore_ascii_case("chunked") => Body::Chunked,
        (Some(_), _) => return Err(FetchError::Http),
        (None, Some(length)) => Body::Length(length.trim().parse().map_err(|_| FetchError::Http)?),
        (None, None) => Body::ToTheEnd,
    };
    Ok(Some((at, body)))
}

/// The body of chunks, once the last one is there.
fn unchunked(mut bytes: &[u8]) -> Result<Option<Vec<u8>>, FetchError> {
    let mut body = Vec::new();
    loop {
        let httparse::Status::Complete((at, size)) =
            httparse::parse_chunk_size(bytes).map_err(|_| FetchError::Http)?
        else {
            return Ok(None);
        };
        let size = usize::try_from(size).map_err(|_| FetchError::TooLong)?;
        if size == 0 {
            return Ok(Some(body));
        }
        if body.len().saturating_add(size) > MTA_STS_POLICY_BYTES_MAX {
            return Err(FetchError::TooLong);
        }
        let Some((chunk, rest)) = bytes.get(at..).and_then(|rest| rest.split_at_checked(size)) else {
            return Ok(None);
        };
        body.extend_from_slice(chunk);
        match rest.get(..2) {
            Some(b"\r\n") => bytes = rest.get(2..).unwrap_or_default(),
            Some(_) => return Err(FetchError::Http),
            None => return Ok(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn read(bytes: &[u8]) -> Result<String, FetchError> {
        // In two parts, so that every state is stopped in once.
        let mut all = None;
        for cut in 0..=bytes.len() {
            let (one, two) = bytes.split_at(cut);
            let found = answer(one.chain(two)).await;
            let shown = format!("{found:?}");
            assert_eq!(*all.get_or_insert_with(|| shown.clone()), shown, "cut at {cut}");
            if cut == bytes.len() {
                return found;
            }
        }
        unreachable!()
    }

    #[tokio::test]
    async fn c06_answers_of_a_policy_host() {
        let ok = "HTTP/1.1 200 OK\r\nContent-Type: text/plain";
        for (answer, expected) in [
            (format!("{ok}\r\nContent-Length: 3\r\n\r\nabcd"), "abc"),
            (format!("{ok}; charset=utf-8\r\n\r\nabc"), "abc"),
            (format!("{ok}\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n"), "abc"),
            (format!("{ok}\r\nContent-Length: 4\r\n\r\nabc"), "Http"),
            (format!("{ok}\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabc"), "Http"),
            (format!("{ok}\r\nTransfer-Encoding: gzip\r\n\r\nabc"), "Http"),
            (format!("{ok}\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\nabc"), "TooLong"),
            (format!("{ok}\r\nContent-Length: 999999999\r\n\r\nabc"), "TooLong"),
            ("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\nabc".into(), "Kind"),
            ("HTTP/1.1 200 OK\r\n\r\nabc".into(), "Kind"),
            ("HTTP/1.1 301 Moved\r\nLocation: https://a.example/\r\n\r\n".into(), "Status(301)"),
            ("HTTP/1.1 404 Not Found\r\n\r\n".into(), "Status(404)"),
            ("220 mail.example ESMTP\r\n".into(), "Http"),
            (String::new(), "Http"),
        ] {
            let found = read(answer.as_bytes()).await;
            let shown = found.as_ref().map_or_else(|error| format!("{error:?}"), Clone::clone);
            assert_eq!(shown, expected, "{answer}");
        }
        let long = format!("{ok}\r\n\r\n{}", "x".repeat(MTA_STS_POLICY_BYTES_MAX + 1));
        assert!(matches!(super::answer(long.as_bytes()).await, Err(FetchError::TooLong)));
        let endless = format!("HTTP/1.1 200 OK\r\nX: {}", "x".repeat(MTA_STS_HEAD_BYTES_MAX * 2));
        assert!(matches!(super::answer(endless.as_bytes()).await, Err(FetchError::TooLong)));
    }
}
