//! What a page asks of `navigator.credentials`, as JSON in an attribute of its form (W3C Web Authentication Level 3, §5.4,
//! §5.5). The answer comes back in a field of that form, like any other.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use identity::webauthn::{Credential, Registration};
use operations::accounts::enrol_key::NewKeyQuestion;
use operations::accounts::sign_in_key::KeyQuestion;
use serde::Serialize;
use vocabulary::bounds::CEREMONY_LIFE;

/// The name of the field that carries the answer.
pub const FIELD: &str = "credential";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Request {
    challenge: String,
    rp_id: String,
    timeout: u128,
    user_verification: &'static str,
    allow_credentials: Vec<Descriptor>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Creation {
    rp: Party,
    user: User,
    challenge: String,
    pub_key_cred_params: Vec<Parameter>,
    timeout: u128,
    exclude_credentials: Vec<Descriptor>,
    authenticator_selection: Selection,
    attestation: &'static str,
}

#[derive(Serialize)]
struct Party {
    id: String,
    name: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct User {
    id: String,
    name: String,
    display_name: String,
}

#[derive(Serialize)]
struct Parameter {
    #[serde(rename = "type")]
    kind: &'static str,
    alg: i64,
}

#[derive(Serialize)]
struct Descriptor {
    #[serde(rename = "type")]
    kind: &'static str,
    id: String,
    transports: Vec<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Selection {
    resident_key: &'static str,
    user_verification: &'static str,
}

fn descriptors(keys: &[Credential]) -> Vec<Descriptor> {
    let descriptor = |key: &Credential| Descriptor {
        kind: "public-key",
        id: URL_SAFE_NO_PAD.encode(&key.id),
        transports: key.transports.clone(),
    };
    keys.iter().map(descriptor).collect()
}

/// The options of `navigator.credentials.get()`.
#[must_use]
pub fn request(question: &KeyQuestion) -> String {
    let options = Request {
        challenge: question.challenge.text(),
        rp_id: question.party.id().to_owned(),
        timeout: CEREMONY_LIFE.as_millis(),
        user_verification: "required",
        allow_credentials: descriptors(&question.keys),
    };
    serde_json::to_string(&options).unwrap_or_default()
}

/// The options of `navigator.credentials.create()`. A key is a second factor here: it need not know whose it is.
#[must_use]
pub fn creation(question: &NewKeyQuestion, email: &str, name: &str) -> String {
    let parameter = |alg| Parameter { kind: "public-key", alg };
    let user = User {
        id: URL_SAFE_NO_PAD.encode(&question.user),
        name: email.to_owned(),
        display_name: name.to_owned(),
    };
    let options = Creation {
        rp: Party { id: question.party.id().to_owned(), name: "CEREBRO" },
        user,
        challenge: question.challenge.text(),
        pub_key_cred_params: Registration::ALGORITHMS.map(parameter).into(),
        timeout: CEREMONY_LIFE.as_millis(),
        exclude_credentials: descriptors(&question.known),
        authenticator_selection: Selection { resident_key: "discouraged", user_verification: "required" },
        attestation: question.conveyance,
    };
    serde_json::to_string(&options).unwrap_or_default()
}
