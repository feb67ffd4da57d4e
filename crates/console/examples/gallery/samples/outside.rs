//! What those see who are not signed in: mishaps, the sender’s page, a request for an account, its link.

use console::i18n::Words;
use console::pages::Standing;
use console::pages::accounts::{AccountLinkPage, AskPage, Draft as PersonDraft};
use console::pages::error::{ErrorPage, Mishap};
use console::pages::link::LinkPage;

use super::{clock, signed_out};

/// A decision that was not recorded.
pub(crate) fn error(w: Words) -> ErrorPage {
    ErrorPage::new(signed_out(w, "/"), Mishap::Unrecorded, None, "operation_01kav7d8c8f1kbynf8h4kq2v0q")
}

/// The sender's page.
pub(crate) fn link(w: Words) -> LinkPage {
    LinkPage {
        s: signed_out(w, "/notices/sample"),
        subject: "Belvédère — dernier point avant jeudi".into(),
        chip: Standing::Waiting.chip(w),
        clock: Some(clock(w.0, 11 * 60 + 40, 1800)),
        open: true,
        justify: "/notices/sample/justify".into(),
        withdraw: "/notices/sample/withdraw".into(),
        requalify: None,
        draft: String::new(),
        problem: None,
        done: None,
    }
}

/// The sender's page once the message is taken back.
pub(crate) fn link_done(w: Words) -> LinkPage {
    LinkPage {
        chip: Standing::Withdrawn.chip(w),
        clock: None,
        open: false,
        done: Some(console::pages::link::Done::Withdrawn),
        ..link(w)
    }
}

/// Anyone asks for an account.
pub(crate) fn account_request(w: Words) -> AskPage {
    AskPage {
        s: signed_out(w, "/account-request"),
        draft: PersonDraft::default(),
        done: false,
        problem: None,
    }
}

/// A password is set by a link; the last one broke two rules.
pub(crate) fn account_link(w: Words) -> AccountLinkPage {
    AccountLinkPage {
        s: signed_out(w, "/sign-in"),
        name: "Clémence Aubertin".into(),
        action: "/account/sample".into(),
        done: false,
        first: true,
        chars_min: 12,
        problems: vec![w.with("password-too-short", "min", 12), w.t("password-guessable")],
    }
}
