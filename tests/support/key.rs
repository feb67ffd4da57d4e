//! A security key made of software: what a browser and an authenticator say, with every part open to being wrong.
//! It shares no code with the verifier: CBOR and JSON are written out by hand.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rcgen::{
    BasicConstraints, CertificateParams, CustomExtension, DnType, IsCa, Issuer, KeyPair as MakersKey,
};
use serde_json::{Value as Json, json};

const ORIGIN: &str = "https://console.orveane.example";

/// A key. A clone is a copy, as a thief would have it.
#[derive(Clone)]
pub(crate) struct SoftKey {
    pkcs8: Vec<u8>,
    id: Vec<u8>,
    counter: u32,
    /// It keeps a counter; many passkeys keep none and say zero.
    pub(crate) counts: bool,
    pub(crate) origin: String,
    pub(crate) party: String,
    /// User present, user verified.
    pub(crate) flags: u8,
    /// What model it says it is.
    pub(crate) model: [u8; 16],
    /// Who vouches for that.
    pub(crate) maker: Option<Maker>,
    user: Vec<u8>,
}

/// A maker of keys: its root, and the certificate that vouches for one model.
#[derive(Clone)]
pub(crate) struct Maker {
    pub(crate) root: String,
    certificate: Vec<u8>,
    pkcs8: Vec<u8>,
}

impl Maker {
    pub(crate) fn of(model: [u8; 16]) -> Self {
        let mut root = CertificateParams::default();
        root.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        root.distinguished_name.push(DnType::CommonName, "Serrurerie Orme");
        let root_key = MakersKey::generate().unwrap();
        let mut leaf = CertificateParams::default();
        leaf.is_ca = IsCa::ExplicitNoCa;
        for (kind, text) in [
            (DnType::CountryName, "FR"),
            (DnType::OrganizationName, "Serrurerie Orme"),
            (DnType::OrganizationalUnitName, "Authenticator Attestation"),
            (DnType::CommonName, "Orme 5"),
        ] {
            leaf.distinguished_name.push(kind, text);
        }
        let value = [&[0x04, 0x10], model.as_slice()].concat();
        let oid = [1, 3, 6, 1, 4, 1, 45724, 1, 1, 4];
        leaf.custom_extensions.push(CustomExtension::from_oid_content(&oid, value));
        let key = MakersKey::generate().unwrap();
        let certificate = leaf.signed_by(&key, &Issuer::from_params(&root, &root_key)).unwrap();
        Self {
            root: root.self_signed(&root_key).unwrap().pem(),
            certificate: certificate.der().to_vec(),
            pkcs8: key.serialize_der(),
        }
    }

    /// The format and the statement, as CBOR.
    fn statement(&self, signed: &[u8]) -> Vec<u8> {
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &self.pkcs8).unwrap();
        let signature = pair.sign(&SystemRandom::new(), signed).unwrap();
        let length = u16::try_from(self.certificate.len()).unwrap().to_be_bytes();
        [
            b"\x66packed\x67attStmt\xa3\x63alg\x26\x63sig\x58",
            [u8::try_from(signature.as_ref().len()).unwrap()].as_slice(),
            signature.as_ref(),
            b"\x63x5c\x81\x59",
            &length,
            &self.certificate,
        ]
        .concat()
    }
}

fn b64(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

impl SoftKey {
    pub(crate) fn new() -> Self {
        let random = SystemRandom::new();
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).unwrap();
        let mut id = vec![0; 32];
        aws_lc_rs::rand::fill(&mut id).unwrap();
        Self {
            pkcs8: pkcs8.as_ref().to_vec(),
            id,
            counter: 0,
            counts: true,
            origin: ORIGIN.into(),
            party: "console.orveane.example".into(),
            flags: 0x05,
            model: [0x11; 16],
            maker: None,
            user: Vec::new(),
        }
    }

    fn pair(&self) -> EcdsaKeyPair {
        EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &self.pkcs8).unwrap()
    }

    fn data(&self, more: u8) -> Vec<u8> {
        let hash = digest(&SHA256, self.party.as_bytes());
        [hash.as_ref(), &[self.flags | more], &self.counter.to_be_bytes()].concat()
    }

    fn client(&self, kind: &str, options: &Json) -> Vec<u8> {
        let challenge = options["challenge"].as_str().unwrap();
        json!({ "type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": false })
            .to_string()
            .into_bytes()
    }

    /// Answers `navigator.credentials.create()`.
    pub(crate) fn create(&mut self, options: &str) -> String {
        let options: Json = serde_json::from_str(options).unwrap();
        assert_eq!(options["authenticatorSelection"]["userVerification"], "required");
        self.user = URL_SAFE_NO_PAD.decode(options["user"]["id"].as_str().unwrap()).unwrap();
        self.counter += u32::from(self.counts);
        let pair = self.pair();
        let point = pair.public_key().as_ref();
        let cose = [
            [0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32].as_slice(),
            &point[1..33],
            &[0x22, 0x58, 32],
            &point[33..],
        ]
        .concat();
        let length = u16::try_from(self.id.len()).unwrap().to_be_bytes();
        let data = [self.data(0x40).as_slice(), &self.model, &length, &self.id, &cose].concat();
        let client = self.client("webauthn.create", &options);
        let statement = match &self.maker {
            None => b"\x64none\x67attStmt\xa0".to_vec(),
            Some(maker) => maker.statement(&[&data, digest(&SHA256, &client).as_ref()].concat()),
        };
        let head = [&b"\xa3\x63fmt"[..], &statement, b"\x68authData\x58", &[data.len() as u8]].concat();
        json!({ "id": b64(&self.id), "rawId": b64(&self.id), "type": "public-key", "response": {
            "clientDataJSON": b64(&client), "attestationObject": b64(&[head, data].concat()), "transports": ["usb"] } })
        .to_string()
    }

    /// Answers `navigator.credentials.get()`.
    pub(crate) fn get(&mut self, options: &str) -> String {
        let options: Json = serde_json::from_str(options).unwrap();
        self.counter += u32::from(self.counts);
        let (data, client) = (self.data(0), self.client("webauthn.get", &options));
        let signed = [data.as_slice(), digest(&SHA256, &client).as_ref()].concat();
        let signature = self.pair().sign(&SystemRandom::new(), &signed).unwrap();
        json!({ "id": b64(&self.id), "rawId": b64(&self.id), "type": "public-key", "response": {
            "clientDataJSON": b64(&client), "authenticatorData": b64(&data), "signature": b64(signature.as_ref()),
            "userHandle": b64(&self.user) } })
        .to_string()
    }

    /// The credential's id, as options name it.
    pub(crate) fn id(&self) -> String {
        b64(&self.id)
    }
}
