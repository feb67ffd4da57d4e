//! One versioned TOML file for infrastructure: places, listeners, neighbours. An organisation's policy is not here: it
//! is governed, in the database. Secrets stand in files, named by path. Unknown keys are refused.

mod relay;
mod smtp;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use serde::Deserialize;

pub(crate) use self::relay::{Relay, RelayRoute, RelayTls};
pub(crate) use self::smtp::{Smtp, SmtpClient};

/// The file, whole.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    /// Format of this file: 1.
    pub(crate) version: u32,
    /// Where data stands.
    pub(crate) storage: Storage,
    /// SMTP in.
    pub(crate) smtp: Smtp,
    /// SMTP out.
    pub(crate) relay: Relay,
    /// Pages and API.
    pub(crate) console: Console,
    /// How attachments are read.
    #[serde(default)]
    pub(crate) extract: Extract,
    /// The sentence encoder.
    #[serde(default)]
    pub(crate) semantic: Semantic,
    /// A directory of control files; the shipped set when absent.
    #[serde(default)]
    pub(crate) controls: Option<PathBuf>,
    /// Logs as JSON lines.
    #[serde(default)]
    pub(crate) json_logs: bool,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Storage {
    /// Database, blobs and logs of the ledger.
    pub(crate) data: PathBuf,
    /// A PostgreSQL connection string; SQLite under `data` when absent.
    #[serde(default)]
    pub(crate) postgres: Option<String>,
    /// The key store: wrapping keys and signing seeds. Never in the same backup as `data`.
    pub(crate) keys: PathBuf,
    /// The master key file, mode 0600.
    pub(crate) master_key: PathBuf,
    /// What the sealer remembers of what it signed; best on another disk.
    pub(crate) locks: PathBuf,
    /// A list of breached passwords made by `cerebro breached import`; where it is named and cannot be read, no password is set.
    #[serde(default)]
    pub(crate) breached: Option<PathBuf>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Extract {
    /// Accept a kernel that cannot confine the child that reads attachments: a declared weakness (invariant 14).
    #[serde(default)]
    pub(crate) weakened: bool,
    /// The program that reads what is written in pictures: Tesseract with French and English, `/usr/bin/tesseract` on Debian. It runs in a
    /// confined child of its own. Pictures are not read when absent, and told (`unread_picture`).
    #[serde(default)]
    pub(crate) tesseract: Option<PathBuf>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Semantic {
    /// The encoder's files without their endings: `use-m3-fren` for `use-m3-fren.safetensors`, `.vocab.txt` and
    /// `.head.safetensors`. Without it everything else works, and each start says that it works without.
    #[serde(default)]
    pub(crate) encoder: Option<PathBuf>,
    /// Was a directory of examples for every organisation. They are each organisation's own now; the key is told apart from a
    /// slip of the pen, so that nobody's examples are lost unseen.
    #[serde(default)]
    pub(crate) exemplars: Option<PathBuf>,
    /// The second encoder's files without their endings: `e5-small-fren` for `e5-small-fren-q4.safetensors`, `.vocab.txt` and
    /// `.head.safetensors`. It reads messages that wait, in the background; without it nothing does.
    #[serde(default)]
    pub(crate) second: Option<PathBuf>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Console {
    /// Where browsers and programs connect, TLS 1.3 only.
    pub(crate) listen: SocketAddr,
    /// What they call it: links in notices lead there.
    pub(crate) url: String,
    /// Its certificate with the chain, PEM; a new one is taken up without a restart.
    pub(crate) certificate: PathBuf,
    /// The certificate's key, PEM.
    pub(crate) private_key: PathBuf,
    /// Reverse proxies in front of it, as blocks of addresses. What they say of a client's address counts, and nobody else
    /// connects. None: clients connect themselves.
    #[serde(default)]
    pub(crate) trusted_proxies: Vec<identity::Range>,
    /// A directory of certificates (PEM) of makers and models of security keys, for organisations that ask for proved models.
    #[serde(default)]
    pub(crate) attestation: Option<PathBuf>,
}

impl Config {
    /// Reads the file; relative paths in it start where it stands.
    pub(crate) fn load(path: &Path) -> anyhow::Result<Self> {
        let text =
            std::fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
        let mut config = Self::parse(&text).with_context(|| format!("{}", path.display()))?;
        config.anchor(path.parent().unwrap_or(Path::new(".")));
        Ok(config)
    }

    /// Reads a text. The error names line, column and key.
    pub(crate) fn parse(text: &str) -> anyhow::Result<Self> {
        let config: Self = toml::from_str(text).context("the configuration is not understood")?;
        if config.version != 1 {
            bail!("version = {}: this binary reads version 1", config.version);
        }
        config.smtp.check()?;
        config.relay.check()?;
        if !config.console.url.starts_with("https://") {
            bail!("console.url = {:?}: the console speaks HTTPS only", config.console.url);
        }
        if config.semantic.exemplars.is_some() {
            bail!(
                "semantic.exemplars is no more: examples are each organisation's own. Take the key out and give the directory to `cerebro examples import`"
            );
        }
        if config.storage.keys.starts_with(&config.storage.data) {
            bail!("storage.keys stands inside storage.data: a backup of the data would hold its keys");
        }
        Ok(config)
    }

    fn anchor(&mut self, base: &Path) {
        let places = [
            Some(&mut self.storage.data),
            Some(&mut self.storage.keys),
            Some(&mut self.storage.master_key),
            Some(&mut self.storage.locks),
            Some(&mut self.console.certificate),
            Some(&mut self.console.private_key),
            self.console.attestation.as_mut(),
            self.storage.breached.as_mut(),
            self.controls.as_mut(),
            self.extract.tesseract.as_mut(),
            self.semantic.encoder.as_mut(),
            self.semantic.second.as_mut(),
        ];
        for place in places.into_iter().flatten().chain(self.smtp.places()).chain(self.relay.places()) {
            *place = base.join(&*place);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = include_str!("../../../deploy/cerebro.toml");

    #[test]
    fn the_sample_is_read() {
        let config = Config::parse(GOOD).unwrap();
        assert!(!config.extract.weakened, "a weakness is declared by the operator, never by the sample");
    }

    /// A route whose floor is raised by what domains publish.
    fn raised(keys: &str) -> String {
        let route = GOOD.replace("\"verified\"", &format!("\"required\"\n{keys}"));
        route.replace("# resolvers", "resolvers")
    }

    #[test]
    fn a_bad_file_names_the_place() {
        let cases = [
            (GOOD.replace("hostname", "hostnme"), "hostnme"),
            (GOOD.replace("version = 1", "version = 2"), "version"),
            (GOOD.replace("https://", "http://"), "console.url"),
            (GOOD.replace("/var/lib/cerebro-keys/store", "/var/lib/cerebro/keys"), "storage.keys"),
            (GOOD.replace("[console]", "[console]\ntrusted_proxies = [\"10.0.0.5/8\"]"), "trusted_proxies"),
            (GOOD.replace("networks = [\"10.0.1.0/24\"]", ""), "exchange"),
            (GOOD.replace("name = \"exchange\"", "name = \"crm\"\nlogin = \"crm\""), "secret"),
            (
                GOOD.replace(
                    "name = \"exchange\"",
                    "name = \"x\"\ntenant_fields = [{ name = \"A\", value = \"b\" }]",
                ),
                "tenant_fields",
            ),
            (
                GOOD.replace("name = \"exchange\"", "name = \"x\"\ncertificate_names = [\"a.example\"]"),
                "client_authorities",
            ),
            (GOOD.replace("[extract]", "[semantic]\nexemplars = \"e\"\n\n[extract]"), "semantic.exemplars"),
            (GOOD.replace("[[relay.route]]", "[[relay.rout]]"), "rout"),
            (GOOD.replace("domains = [\"*\"]", "domains = []"), "\"outbound\": domains"),
            (GOOD.replace("domains = [\"*\"]", "domains = [\"a.*\"]"), "\"a.*\""),
            (GOOD.replace("relay.bank.example:25", "relay.bank.example"), "\"relay.bank.example\""),
            (GOOD.replace("hosts = [\"relay.bank.example:25\"]", ""), "\"outbound\": give hosts, or mx"),
            (GOOD.replace("hosts = [", "mx = true\nhosts = ["), "and not both"),
            (GOOD.replace("hosts = [\"relay.bank.example:25\"]", "mx = true"), "relay.resolvers"),
            (
                GOOD.replace("hosts = [\"relay.bank.example:25\"]", "mx = true")
                    .replace("# resolvers", "resolvers"),
                "names is missing",
            ),
            (
                GOOD.replace("# resolvers = [\"127.0.0.1:53\"]", "resolvers = [\"localhost\"]"),
                "\"localhost\"",
            ),
            (GOOD.replace("roots = \"/etc", "names = [\"a.example\"]\n# \"/etc"), "roots is missing"),
            (GOOD.replace("\"verified\"", "\"required\""), "go with tls = \"verified\""),
            (GOOD.replace("\"verified\"", "\"verified\"\ndane = true"), "dane and mta_sts go with"),
            (raised("dane = true").replace("127.0.0.1:53", "192.0.2.1:53"), "on this machine"),
            (raised("dane = true").replace("resolvers", "# resolvers"), "dane needs relay.resolvers"),
            (raised("mta_sts = true"), "mta_sts goes with mx"),
            (
                raised("mta_sts = true\nmx = true")
                    .replace("hosts = [\"relay.bank.example:25\"]", "")
                    .replace("roots = \"/etc", "# \"/etc"),
                "roots is missing: mta_sts",
            ),
            (GOOD.replace("\"verified\"", "\"certain\""), "certain"),
            (GOOD.replace("roots = \"/etc", "certificate = \"a.pem\"\nroots = \"/etc"), "private_key"),
            (GOOD.replace("roots = \"/etc", "connections = 0\nroots = \"/etc"), "connections"),
        ];
        for (text, place) in cases {
            let error = format!("{:#}", Config::parse(&text).unwrap_err());
            assert!(error.contains(place), "{error}");
        }
    }
}
