//! Chains made here, with everything open to being wrong; and a real key's statement, recorded by others.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair};
use rcgen::{
    BasicConstraints, CertificateParams, CustomExtension, DnType, DnValue, IsCa, Issuer, KeyPair,
    PKCS_ECDSA_P256_SHA256,
};

use super::*;
use crate::webauthn::authenticator::AuthenticatorData;
use crate::webauthn::cbor;

const MODEL: [u8; 16] = *b"a model of a key";
/// 2026-11-24.
const NOW: Timestamp = Timestamp::from_micros(1_795_521_600_000_000);

fn authority(name: &str) -> (CertificateParams, KeyPair) {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    (params, KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap())
}

/// A leaf as the specification asks for it.
fn leaf(model: &[u8]) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::ExplicitNoCa;
    let name = &mut params.distinguished_name;
    name.push(DnType::CountryName, DnValue::PrintableString("FR".try_into().unwrap()));
    name.push(DnType::OrganizationName, "Serrurerie Orme");
    name.push(DnType::OrganizationalUnitName, "Authenticator Attestation");
    name.push(DnType::CommonName, "Orme 5");
    let oid = [1, 3, 6, 1, 4, 1, 45724, 1, 1, 4];
    let value = [&[0x04, 0x10], model].concat();
    params.custom_extensions.push(CustomExtension::from_oid_content(&oid, value));
    params
}

/// A maker, a step between, and a key pair that signs statements.
struct Maker {
    root: CertificateDer<'static>,
    between: CertificateDer<'static>,
    leaf: CertificateDer<'static>,
    key: KeyPair,
}

fn maker(params: CertificateParams) -> Maker {
    let ((root, root_key), (between, between_key)) = (authority("Orme Root"), authority("Orme Between"));
    let root_certificate = root.self_signed(&root_key).unwrap();
    let root_issuer = Issuer::from_params(&root, &root_key);
    let between_certificate = between.signed_by(&between_key, &root_issuer).unwrap();
    let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
    let between_issuer = Issuer::from_params(&between, &between_key);
    let leaf = params.signed_by(&key, &between_issuer).unwrap();
    Maker {
        root: root_certificate.der().clone(),
        between: between_certificate.der().clone(),
        leaf: leaf.der().clone(),
        key,
    }
}

fn another() -> Maker {
    maker(leaf(&MODEL))
}

impl Maker {
    fn statement(&self, signed: &[u8]) -> Item {
        let pair =
            EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &self.key.serialize_der()).unwrap();
        let signature = pair.sign(&SystemRandom::new(), signed).unwrap().as_ref().to_vec();
        let text = |text: &str| Item::Text(text.into());
        Item::Map(vec![
            (text("alg"), Item::Int(-7)),
            (text("sig"), Item::Bytes(signature)),
            (
                text("x5c"),
                Item::Array(vec![Item::Bytes(self.leaf.to_vec()), Item::Bytes(self.between.to_vec())]),
            ),
        ])
    }

    fn roots(&self) -> Roots {
        Roots(Arc::new(vec![self.root.clone()]))
    }
}

fn made(aaguid: [u8; 16]) -> Attested {
    // A key as authenticators write it: its point is never looked at here.
    let cose =
        [[0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32].as_slice(), &[1; 32], &[0x22, 0x58, 32], &[2; 32]]
            .concat();
    let bytes = [aaguid.as_slice(), &[0, 1, 9], &cose].concat();
    let data = [&[0; 32], [0x45].as_slice(), &[0; 4], &bytes].concat();
    AuthenticatorData::parse(&data).unwrap().attested.unwrap()
}

const FAILS: Result<(), WebauthnError> = Err(WebauthnError::Attestation);

#[test]
fn w8_a_chain_to_a_placed_root_proves_the_model() {
    let maker = maker(leaf(&MODEL));
    let proves = |statement: &Item, aaguid, signed: &[u8], roots: &Roots, now| {
        prove(statement, &made(aaguid), signed, roots, now)
    };
    let statement = maker.statement(b"signed");
    assert_eq!(proves(&statement, MODEL, b"signed", &maker.roots(), NOW), Ok(()));
    assert_eq!(proves(&statement, [7; 16], b"signed", &maker.roots(), NOW), FAILS, "another model's key");
    assert_eq!(proves(&statement, MODEL, b"other", &maker.roots(), NOW), FAILS, "of another registration");
    assert_eq!(proves(&statement, MODEL, b"signed", &Roots::default(), NOW), FAILS, "nobody is trusted");
    let stranger = another();
    assert_eq!(proves(&statement, MODEL, b"signed", &stranger.roots(), NOW), FAILS, "another maker");
    // The model's own certificate placed instead of its maker's.
    let alone = Roots(Arc::new(vec![maker.leaf.clone()]));
    assert_eq!(proves(&statement, MODEL, b"signed", &alone, NOW), Ok(()));
    // Long before the certificates, and long after.
    for seconds in [0, 80_000_000_000] {
        let then = Timestamp::from_micros(seconds * 1_000_000);
        assert_eq!(proves(&statement, MODEL, b"signed", &maker.roots(), then), FAILS, "{seconds}");
    }
}

#[test]
fn w8_a_statement_with_one_part_wrong_proves_nothing() {
    let maker = maker(leaf(&MODEL));
    let right = maker.statement(b"signed");
    let Item::Map(pairs) = &right else { panic!() };
    let with = |name: &str, item: Item| {
        let replaced = |(key, value): &(Item, Item)| match key {
            Item::Text(text) if text == name => (key.clone(), item.clone()),
            _ => (key.clone(), value.clone()),
        };
        prove(&Item::Map(pairs.iter().map(replaced).collect()), &made(MODEL), b"signed", &maker.roots(), NOW)
    };
    let chain = |parts: &[&[u8]]| Item::Array(parts.iter().map(|part| Item::Bytes(part.to_vec())).collect());
    for (what, name, item) in [
        ("no chain", "x5c", chain(&[])),
        ("a chain that is none", "x5c", Item::Int(1)),
        ("without the step between", "x5c", chain(&[&maker.leaf])),
        ("the maker's own certificate", "x5c", chain(&[&maker.root])),
        ("in the other order", "x5c", chain(&[&maker.between, &maker.leaf])),
        ("bytes", "x5c", chain(&[b"certificate", &maker.between])),
        ("too long", "x5c", chain(&[&[0x30; 9000], &maker.between])),
        ("too many", "x5c", chain(&[&maker.leaf, &maker.between, &[], &[], &[], &[], &[]])),
        ("another algorithm", "alg", Item::Int(-257)),
        ("none", "alg", Item::Int(0)),
        ("no signature", "sig", Item::Bytes(Vec::new())),
    ] {
        assert_eq!(with(name, item), FAILS, "{what}");
    }
    let no_chain = pairs.iter().filter(|(key, _)| *key != Item::Text("x5c".into())).cloned().collect();
    assert_eq!(prove(&Item::Map(no_chain), &made(MODEL), b"signed", &maker.roots(), NOW), FAILS);
}

#[test]
fn w8_a_certificate_that_vouches_for_no_model() {
    type Spoil = fn(&mut CertificateParams);
    let spoils: [(&str, Spoil); 6] = [
        ("an authority", |params| params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained)),
        ("another unit", |params| {
            params.distinguished_name.push(DnType::OrganizationalUnitName, "Servers");
        }),
        ("no country", |params| {
            params.distinguished_name.remove(DnType::CountryName);
        }),
        ("no model", |params| params.custom_extensions.clear()),
        ("two models", |params| params.custom_extensions.push(params.custom_extensions[0].clone())),
        ("a model that is critical", |params| params.custom_extensions[0].set_criticality(true)),
    ];
    for (what, spoil) in spoils {
        let mut params = leaf(&MODEL);
        spoil(&mut params);
        let maker = maker(params);
        let statement = maker.statement(b"signed");
        assert_eq!(prove(&statement, &made(MODEL), b"signed", &maker.roots(), NOW), FAILS, "{what}");
    }
}

#[test]
fn roots_are_read_from_pem_or_refused() {
    let maker = maker(leaf(&MODEL));
    let pem = |der: &CertificateDer<'_>| {
        use base64::Engine as _;
        let text = base64::engine::general_purpose::STANDARD.encode(der);
        format!("-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n")
    };
    let both = pem(&maker.root) + &pem(&maker.between);
    assert_eq!(Roots::from_pem([both.as_bytes(), pem(&maker.leaf).as_bytes()]).unwrap().len(), 3);
    let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    for text in ["", "certificate", broken] {
        assert!(Roots::from_pem([text.as_bytes()]).is_err(), "{text}");
    }
}

/// A real key's statement, as the tests of py_webauthn recorded it: the maker's root is not there, so its own certificate is
/// placed.
#[test]
fn w8_a_real_key_s_statement_verifies() {
    let Some(corpus) = std::env::var_os("CEREBRO_CORPUS") else { return eprintln!("skipped: no corpus") };
    let file = std::path::Path::new(&corpus).join("crypto/webauthn/py_webauthn_vectors.json");
    let all: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    let mut seen = 0;
    for vector in
        all.as_array().unwrap().iter().filter(|one| one["file"].as_str().unwrap().contains("packed"))
    {
        let response = &vector["credential"]["response"];
        let part = |name: &str| crate::webauthn::base64url(response[name].as_str().unwrap()).unwrap();
        let object = cbor::read_whole(&part("attestationObject")).unwrap();
        let raw = object.named("authData").unwrap().bytes().unwrap();
        let statement = object.named("attStmt").unwrap();
        let made = AuthenticatorData::parse(raw).unwrap().attested.unwrap();
        let client = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &part("clientDataJSON"));
        let signed = [raw, client.as_ref()].concat();
        let Some(Item::Array(chain)) = statement.named("x5c") else { continue };
        let placed = CertificateDer::from(chain[0].bytes().unwrap().to_vec());
        let roots = Roots(Arc::new(vec![placed]));
        assert_eq!(prove(statement, &made, &signed, &roots, NOW), Ok(()), "{}", vector["test"]);
        assert_eq!(prove(statement, &made, &signed, &Roots::default(), NOW), FAILS);
        let mut altered = signed.clone();
        altered[40] ^= 1;
        assert_eq!(prove(statement, &made, &altered, &roots, NOW), FAILS);
        seen += 1;
    }
    assert!(seen >= 1, "no statement with certificates in the corpus");
}
