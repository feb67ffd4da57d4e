//! A certificate authority of a test, made with openssl, and a mail server that shows what it issued.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

fn openssl(directory: &Path, arguments: &[&str]) {
    let mut command = Command::new("openssl");
    command.args(arguments).current_dir(directory).stdout(Stdio::null()).stderr(Stdio::null());
    assert!(command.status().unwrap().success(), "openssl {arguments:?}");
}

const NEW_KEY: [&str; 5] = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];

/// An authority. Its certificate is `NAME.pem` in its directory, and so is everything it issues.
pub(crate) struct Authority {
    directory: PathBuf,
    name: String,
}

impl Authority {
    pub(crate) fn new(directory: &Path, name: &str) -> Self {
        std::fs::create_dir_all(directory).unwrap();
        let (key, certificate, subject) =
            (format!("{name}.key"), format!("{name}.pem"), format!("/CN={name}"));
        let usage = "keyUsage=critical,keyCertSign,cRLSign";
        let basic = "basicConstraints=critical,CA:TRUE";
        let more = [
            "-x509",
            "-days",
            "2",
            "-subj",
            &subject,
            "-addext",
            usage,
            "-keyout",
            &key,
            "-out",
            &certificate,
        ];
        // Debian's configuration says CA:TRUE for a self-signed certificate; another's may not.
        let configured = [&["req", "-addext", basic][..], &NEW_KEY, &more].concat();
        let configured: Vec<&str> = configured.into_iter().collect();
        let plain = [&["req"][..], &NEW_KEY, &more].concat();
        let has_default = Command::new("openssl").args(["version", "-d"]).output().unwrap();
        let place =
            String::from_utf8_lossy(&has_default.stdout).split('"').nth(1).unwrap_or_default().to_owned();
        let says_ca = std::fs::read_to_string(Path::new(&place).join("openssl.cnf"))
            .is_ok_and(|text| text.contains("basicConstraints = critical,CA:true"));
        openssl(directory, if says_ca { &plain } else { &configured });
        Self { directory: directory.to_owned(), name: name.to_owned() }
    }

    /// Issues `FILE.pem` and `FILE.key` for those names; `usage` as openssl writes it, `serverAuth` or `clientAuth`.
    pub(crate) fn issue(&self, file: &str, names: &[&str], usage: &str) -> Identity {
        let [request, key, certificate, extensions] =
            ["csr", "key", "pem", "ext"].map(|suffix| format!("{file}.{suffix}"));
        let names: Vec<String> = names.iter().map(|name| format!("DNS:{name}")).collect();
        let text = format!(
            "subjectAltName={}\nextendedKeyUsage={usage}\nbasicConstraints=critical,CA:FALSE\n",
            names.join(",")
        );
        std::fs::write(self.directory.join(&extensions), text).unwrap();
        let subject = format!("/CN={file}");
        let asks = [&["req", "-new"][..], &NEW_KEY, &["-subj", &subject, "-keyout", &key, "-out", &request]]
            .concat();
        openssl(&self.directory, &asks);
        let (ca, ca_key) = (format!("{}.pem", self.name), format!("{}.key", self.name));
        let signs = ["x509", "-req", "-in", &request, "-CA", &ca, "-CAkey", &ca_key, "-CAcreateserial"];
        openssl(
            &self.directory,
            &[&signs[..], &["-days", "2", "-extfile", &extensions, "-out", &certificate]].concat(),
        );
        Identity { certificate: self.directory.join(certificate), key: self.directory.join(key) }
    }

    /// Somebody who believes this authority and shows `identity`, or nothing.
    pub(crate) fn client(&self, identity: Option<&Identity>) -> ClientConfig {
        let mut roots = RootCertStore::empty();
        let own = self.directory.join(format!("{}.pem", self.name));
        roots.add(CertificateDer::from_pem_file(own).unwrap()).unwrap();
        let builder = ClientConfig::builder().with_root_certificates(roots);
        match identity {
            Some(shown) => {
                let chain = vec![CertificateDer::from_pem_file(&shown.certificate).unwrap()];
                let key = PrivateKeyDer::from_pem_file(&shown.key).unwrap();
                builder.with_client_auth_cert(chain, key).unwrap()
            }
            None => builder.with_no_client_auth(),
        }
    }
}

/// A certificate and its key, as files.
pub(crate) struct Identity {
    pub(crate) certificate: PathBuf,
    pub(crate) key: PathBuf,
}

impl Identity {
    /// As `openssl x509 -noout -fingerprint -sha256` prints it.
    pub(crate) fn fingerprint(&self) -> String {
        let mut command = Command::new("openssl");
        command.args(["x509", "-noout", "-fingerprint", "-sha256", "-in"]).arg(&self.certificate);
        let printed = String::from_utf8(command.output().unwrap().stdout).unwrap();
        printed.trim().split_once('=').unwrap().1.to_owned()
    }
}

/// A mail server that hands messages over under TLS.
pub(crate) struct Secure {
    stream: BufReader<StreamOwned<ClientConnection, TcpStream>>,
}

fn reply(stream: &mut impl BufRead) -> std::io::Result<String> {
    let mut whole = String::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line)? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        whole += &line;
        if line.as_bytes().get(3) != Some(&b'-') {
            return Ok(whole);
        }
    }
}

impl Secure {
    /// STARTTLS with a server called `localhost`, and EHLO after it.
    pub(crate) fn connect(address: SocketAddr, config: ClientConfig) -> std::io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        let mut stream = BufReader::new(stream);
        reply(&mut stream)?;
        for line in ["EHLO mail.example\r\n", "STARTTLS\r\n"] {
            stream.get_mut().write_all(line.as_bytes())?;
            reply(&mut stream)?;
        }
        let name = ServerName::try_from("localhost").unwrap();
        let session = ClientConnection::new(Arc::new(config), name).unwrap();
        let mut secure = Self { stream: BufReader::new(StreamOwned::new(session, stream.into_inner())) };
        secure.say("EHLO mail.example")?;
        Ok(secure)
    }

    pub(crate) fn say(&mut self, line: &str) -> std::io::Result<String> {
        self.stream.get_mut().write_all(format!("{line}\r\n").as_bytes())?;
        reply(&mut self.stream)
    }

    /// Hands one message over; the first reply that is no yes, or the one to its final dot.
    pub(crate) fn send(&mut self, from: &str, to: &str, raw: &[u8]) -> std::io::Result<String> {
        for line in [format!("MAIL FROM:<{from}>"), format!("RCPT TO:<{to}>"), "DATA".to_owned()] {
            let answer = self.say(&line)?;
            if !answer.starts_with(['2', '3']) {
                self.say("RSET")?;
                return Ok(answer);
            }
        }
        let mut stuffed = Vec::with_capacity(raw.len() + 64);
        for line in raw.split_inclusive(|byte| *byte == b'\n') {
            if line.first() == Some(&b'.') {
                stuffed.push(b'.');
            }
            stuffed.extend_from_slice(line);
        }
        stuffed.extend_from_slice(b".\r\n");
        self.stream.get_mut().write_all(&stuffed)?;
        reply(&mut self.stream)
    }
}
