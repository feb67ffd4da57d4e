//! Style sheets, scripts and icons, inside the binary and served under the hash of their content: a page can never
//! meet an asset of another version, and a browser never asks twice for the same one.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "assets/"]
struct Embedded;

/// One asset as it is served. One embedded as `NAME.gz` is served as `NAME`, compressed: every browser reads that.
struct Asset {
    hash: String,
    gzip: bool,
    etag: HeaderValue,
    mime: HeaderValue,
    bytes: std::borrow::Cow<'static, [u8]>,
}

static ASSETS: LazyLock<BTreeMap<String, Asset>> = LazyLock::new(|| {
    Embedded::iter()
        .filter_map(|name| Some((name.strip_suffix(".gz").unwrap_or(&name).to_owned(), Asset::load(&name)?)))
        .collect()
});

impl Asset {
    fn load(name: &str) -> Option<Self> {
        let file = Embedded::get(name)?;
        // 96 bits of SHA-256: enough that two versions never share an address.
        let hash = URL_SAFE_NO_PAD.encode(file.metadata.sha256_hash().first_chunk::<12>()?);
        Some(Self {
            etag: HeaderValue::from_str(&format!("\"{hash}\"")).ok()?,
            gzip: name.ends_with(".gz"),
            mime: HeaderValue::from_static(mime(name)),
            bytes: file.data,
            hash,
        })
    }
}

fn mime(name: &str) -> &'static str {
    match name.trim_end_matches(".gz").rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    }
}

/// The address of an asset, hash included. An unknown name gives an address that answers 404; a test visits them all.
#[must_use]
pub fn url(name: &str) -> String {
    let hash = ASSETS.get(name).map_or("none", |asset| asset.hash.as_str());
    format!("/assets/{hash}/{name}")
}

/// The address of an icon in the sprite.
#[must_use]
pub fn icon(id: &str) -> String {
    static SPRITE: LazyLock<String> = LazyLock::new(|| url("icons.svg"));
    format!("{}#{id}", *SPRITE)
}

/// The address of the glyph of a severity: 1 to 4 bars.
#[must_use]
pub fn severity(level: u8) -> String {
    icon(&format!("sev-{level}"))
}

/// Bytes of an asset as it travels, for tests of a page's weight.
#[must_use]
pub fn weight(name: &str) -> usize {
    ASSETS.get(name).map_or(0, |asset| asset.bytes.len())
}

/// `GET /assets/{hash}/{name}`: the asset, forever; or 304; or 404 when the hash is another version's.
pub async fn serve(Path((hash, name)): Path<(String, String)>, headers: HeaderMap) -> Response {
    let Some(asset) = ASSETS.get(&name).filter(|asset| asset.hash == hash) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let lasting = [
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable")),
        (header::ETAG, asset.etag.clone()),
    ];
    if headers.get(header::IF_NONE_MATCH) == Some(&asset.etag) {
        return (StatusCode::NOT_MODIFIED, lasting).into_response();
    }
    let mut answer =
        (lasting, [(header::CONTENT_TYPE, asset.mime.clone())], asset.bytes.clone()).into_response();
    if asset.gzip {
        answer.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn get(address: &str, etag: Option<HeaderValue>) -> Response {
        let mut parts = address.trim_start_matches("/assets/").splitn(2, '/').map(str::to_owned);
        let path = Path((parts.next().unwrap(), parts.next().unwrap()));
        let headers = etag.into_iter().map(|value| (header::IF_NONE_MATCH, value)).collect();
        serve(path, headers).await
    }

    #[tokio::test]
    async fn an_asset_lasts_and_is_not_sent_twice() {
        let first = get(&url("base.css"), None).await;
        assert_eq!(first.status(), StatusCode::OK);
        assert!(first.headers()[header::CACHE_CONTROL].to_str().unwrap().contains("immutable"));
        let again = get(&url("base.css"), Some(first.headers()[header::ETAG].clone())).await;
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
        assert!(!first.headers().contains_key(header::CONTENT_ENCODING));
        let script = get(&url("htmx.min.js"), None).await;
        assert_eq!(script.headers()[header::CONTENT_ENCODING], "gzip");
        assert_eq!(script.headers()[header::CONTENT_TYPE], "text/javascript; charset=utf-8");
        assert_eq!(get("/assets/other/base.css", None).await.status(), StatusCode::NOT_FOUND);
        assert_eq!(get(&url("../Cargo.toml"), None).await.status(), StatusCode::NOT_FOUND);
    }

    #[test]
    fn every_icon_named_in_a_page_is_in_the_sprite() {
        let sprite = String::from_utf8(Embedded::get("icons.svg").unwrap().data.into_owned()).unwrap();
        let known: Vec<_> = regex::Regex::new(r#"id="([a-z0-9-]+)""#)
            .unwrap()
            .captures_iter(&sprite)
            .map(|c| c[1].to_owned())
            .collect();
        let used = regex::Regex::new(r#"(?:icon|use|big)\("([a-z0-9-]+)"\)|icon: "([a-z0-9-]+)""#).unwrap();
        let mut seen = 0;
        for (file, text) in crate::tests::sources() {
            for found in used.captures_iter(&text) {
                let id = found.get(1).or_else(|| found.get(2)).unwrap().as_str();
                assert!(known.iter().any(|known| known == id), "{file}: icon {id} is not in the sprite");
                seen += 1;
            }
        }
        assert!(seen > 20, "only {seen} icons were looked at");
    }
}
