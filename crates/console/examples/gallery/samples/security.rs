//! One’s own authenticators and sessions.

use console::i18n::Words;
use console::pages::security::{
    CodesPage, FactorRow, FactorState, KeyPage, Qr, RemovePage, Security, TotpPage,
};
use console::pages::sessions::{SessionRow, SessionsPage};
use console::pages::shell::Place;

use super::{QUESTION, say, shell};

/// One's own authenticators.
pub(crate) fn security(w: Words) -> Security {
    let row = |name: String, used: Option<&str>, remove: &str| FactorRow {
        icon: "key",
        name,
        kind: w.t("kind-totp"),
        since: say(w, "3 mars", "3 Mar"),
        used: used.map(str::to_owned),
        suspended: remove == "two",
        remove: Some(format!("/security/factors/{remove}/remove")),
    };
    Security {
        s: shell(w, "/security", Place::Elsewhere, false),
        factor: FactorState::Enrolled,
        factors: vec![
            row(say(w, "Téléphone professionnel", "Work phone"), Some("13:58"), "one"),
            row(say(w, "Tablette du coffre", "Tablet in the safe"), None, "two"),
        ],
        password_since: say(w, "3 mars 2026", "3 Mar 2026"),
        codes_left: 9,
        codes_since: Some(say(w, "3 mars", "3 Mar")),
        keys: true,
        next: "/".into(),
        problem: None,
    }
}

/// As above, for who must have a second factor and has none.
pub(crate) fn security_owed(w: Words) -> Security {
    Security {
        factor: FactorState::Owed,
        factors: Vec::new(),
        codes_left: 0,
        codes_since: None,
        ..security(w)
    }
}

/// One's own sessions.
pub(crate) fn sessions(w: Words) -> SessionsPage {
    let row = |id: &str, agent: &str, network: &str, seen: &str, is_this| SessionRow {
        id: id.into(),
        is_this,
        agent: agent.into(),
        network: network.into(),
        proved: w.t("proved-two"),
        since: "09:02".into(),
        seen: seen.into(),
        end: format!("/security/sessions/{id}/end"),
    };
    SessionsPage {
        s: shell(w, "/security/sessions", Place::Elsewhere, false),
        name: None,
        back: "/security".into(),
        rows: vec![
            row("session_1", "Firefox · Linux", "192.0.2.0/24", "14:19", true),
            row("session_2", "Safari · iPhone", "2001:db8:1:2::/64", "13:40", false),
        ],
        end_all: Some("/security/sessions/end-others".into()),
    }
}

/// A security key is added.
pub(crate) fn key(w: Words) -> KeyPage {
    KeyPage {
        s: shell(w, "/security/key", Place::Elsewhere, false),
        options: QUESTION.into(),
        name: w.t("key-name-first"),
        next: "/".into(),
        problem: None,
    }
}

/// An authenticator app is added.
pub(crate) fn totp(w: Words) -> TotpPage {
    TotpPage {
        s: shell(w, "/security/app", Place::Elsewhere, false),
        qr: Qr::of(
            "otpauth://totp/CEREBRO:ines.kermadec%40orveane.example?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=CEREBRO&algorithm=SHA1&digits=6&period=30",
        ),
        secret: "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ".into(),
        offer: "sample".into(),
        name: say(w, "Téléphone", "Phone"),
        next: "/".into(),
        problem: None,
    }
}

/// Ten backup codes, shown once.
pub(crate) fn codes(w: Words) -> CodesPage {
    CodesPage {
        s: shell(w, "/security/codes", Place::Elsewhere, false),
        codes: (0..10).map(|n| format!("{n}K3M-77QX-P0VT-9ZRB-2HDA-Y5WE")).collect(),
        next: "/security".into(),
    }
}

/// A second factor is about to be removed.
pub(crate) fn remove_factor(w: Words) -> RemovePage {
    RemovePage {
        s: shell(w, "/security", Place::Elsewhere, false),
        name: say(w, "Téléphone professionnel", "Work phone"),
        action: "/security/factors/one/remove".into(),
        last: true,
    }
}
