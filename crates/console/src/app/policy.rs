//! The settings that decide who comes in, for administrators: read, and changed. What tightens is done at once, what
//! loosens waits for a second administrator.

use access::{Family, action};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use identity::place::NewPlace;
use operations::Policy;
use operations::organisation::change_security::{self, ChangeSecurityError};
use operations::organisation::{DecisionKind, FloorError, Lasting, Reason, Sessions, Setting};

use super::gate::may;
use super::password::list;
use super::recorded;
use super::show::Visitor;
use crate::forms::Form;
use crate::i18n::Words;
use crate::pages::error::Mishap;
use crate::pages::policy::{
    FamilyDraft, PolicyChangePage, PolicyDraft, PolicyPage, decision_name, family_name, family_word,
    place_name, setting_name, setting_value,
};
use crate::pages::render;
use crate::pages::shell::Place;
use crate::router::go;

const FAMILIES: [Family; 3] = [Family::Operational, Family::Governance, Family::Administration];

/// The settings as they stand.
pub(super) async fn page(visitor: Visitor) -> Response {
    let policy = match read(&visitor).await {
        Ok(policy) => policy,
        Err(mishap) => return visitor.mishap(mishap).await,
    };
    let w = visitor.words;
    let settings = policy.settings();
    let page = PolicyPage {
        settings: settings.iter().map(|one| (setting_name(w, one), setting_value(w, one))).collect(),
        list: list(&visitor),
        list_fails: visitor.app.cerebro.breached().is_unreadable(),
        change: may(&visitor.signed, "policy.change").then_some("/policy/change"),
        s: visitor.shell(Place::Accounts).await,
    };
    render(StatusCode::OK, &page)
}

async fn read(visitor: &Visitor) -> Result<Policy, Mishap> {
    let permit = visitor.op.permit(action::ReadPolicy, visitor.signed.organisation).await?;
    Ok(change_security::read(&visitor.op, &permit).await?)
}

/// The form.
pub(super) async fn change_page(visitor: Visitor) -> Response {
    match read(&visitor).await {
        Ok(policy) => show(&visitor, draft_of(visitor.words, &policy), None).await,
        Err(mishap) => visitor.mishap(mishap).await,
    }
}

async fn show(visitor: &Visitor, draft: PolicyDraft, problem: Option<(&'static str, String)>) -> Response {
    let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let s = visitor.shell(Place::Accounts).await;
    render(status, &PolicyChangePage { s, draft, problem })
}

/// What was typed is asked for.
pub(super) async fn change(visitor: Visitor, headers: HeaderMap, form: Form) -> Response {
    let w = visitor.words;
    let draft = typed(w, &form);
    let wanted = match settings(w, &draft, &form) {
        Ok(wanted) => wanted,
        Err(problem) => return show(&visitor, draft, Some(problem)).await,
    };
    let Ok(reason) = Reason::parse(&draft.reason) else {
        return show(&visitor, draft, Some(("reason", w.t("decide-give-reason")))).await;
    };
    let permit = match visitor.op.permit(action::ChangePolicy, visitor.signed.organisation).await {
        Ok(permit) => permit,
        Err(error) => return visitor.failed(error).await,
    };
    let done = change_security::change(&visitor.app.cerebro, &visitor.op, permit, wanted, reason).await;
    let problem = match done {
        Ok(changed) => {
            let to = changed.waits.map_or_else(|| "/policy".to_owned(), |id| format!("/changes/{id}"));
            return go(&headers, &recorded::after(&to, visitor.op.id()));
        }
        Err(ChangeSecurityError::Operation(error)) => return visitor.failed(error).await,
        Err(ChangeSecurityError::Floor(error)) => floor(w, &error),
        Err(ChangeSecurityError::Same) => ("reason", w.t("policy-same")),
        Err(ChangeSecurityError::Meanwhile) => ("reason", w.t("policy-meanwhile")),
        Err(ChangeSecurityError::Propose(error)) => ("reason", super::missions::propose_trouble(w, error)),
    };
    show(&visitor, draft, Some(problem)).await
}

fn floor(w: Words, error: &FloorError) -> (&'static str, String) {
    match error {
        FloorError::Sessions(_) => ("family-operational", w.t("policy-floor-sessions")),
        FloorError::Passwords(_) => ("password_chars", w.t("policy-chars-hint")),
        FloorError::Administration => ("family-administration", w.t("policy-mandatory-always")),
        FloorError::MailedCode => ("place-administration", w.t("policy-floor-code")),
        FloorError::Postponed => ("postpone_days", w.t("policy-postpone-hint")),
        FloorError::Everywhere => ("trusted", w.t("policy-floor-everywhere")),
        FloorError::TooMany => ("trusted", w.t("policy-floor-many")),
    }
}

fn draft_of(w: Words, policy: &Policy) -> PolicyDraft {
    let lines = |text: String| if text == "none" { String::new() } else { text.replace(' ', "\n") };
    let family = |family| {
        let lasting = policy.sessions.of(family);
        family_draft(
            w,
            family,
            (lasting.idle.to_string(), lasting.whole.to_string()),
            policy.mandatory.asks(family),
            Some(policy.places.of(family)),
        )
    };
    PolicyDraft {
        families: FAMILIES.map(family).to_vec(),
        postpone_days: policy.postpone_days.to_string(),
        trusted: lines(Setting::Trusted(policy.places.trusted.clone()).to_string()),
        key_models: lines(Setting::KeyModels(policy.key_models.clone()).to_string()),
        proved_models: policy.proved_models,
        password_chars: policy.passwords.chars_min.to_string(),
        passphrases: policy.passwords.passphrases,
        signed: signed(w, |kind| policy.signed.of(kind)),
        signed_classes: lines(Setting::SignedClasses(policy.signed.classes.clone()).to_string()),
        reason: String::new(),
    }
}

fn signed(w: Words, on: impl Fn(DecisionKind) -> bool) -> Vec<(&'static str, String, bool)> {
    DecisionKind::ALL.map(|kind| (kind.word(), decision_name(w, kind), on(kind))).to_vec()
}

fn family_draft(
    w: Words,
    family: Family,
    (idle, whole): (String, String),
    mandatory: bool,
    place: Option<NewPlace>,
) -> FamilyDraft {
    let most = Sessions::default().of(family);
    // A code by mail is never enough for administration (clause T2).
    let offered = NewPlace::ALL
        .into_iter()
        .filter(|rule| family != Family::Administration || *rule != NewPlace::EmailedCode);
    FamilyDraft {
        word: family_word(family),
        name: family_name(w, family),
        idle,
        whole,
        most: (most.idle, most.whole),
        mandatory: (family != Family::Administration).then_some(mandatory),
        places: offered.map(|rule| (rule.word(), place_name(w, family, rule), place == Some(rule))).collect(),
    }
}

fn typed(w: Words, form: &Form) -> PolicyDraft {
    let field = |name: &str, family| form.text(&format!("{name}-{}", family_word(family))).to_owned();
    let family = |family| {
        family_draft(
            w,
            family,
            (field("idle", family), field("whole", family)),
            field("mandatory", family) == "yes",
            NewPlace::of_word(&field("place", family)),
        )
    };
    PolicyDraft {
        families: FAMILIES.map(family).to_vec(),
        postpone_days: form.text("postpone_days").to_owned(),
        trusted: form.text("trusted").to_owned(),
        key_models: form.text("key_models").to_owned(),
        proved_models: form.text("proved_models") == "yes",
        password_chars: form.text("password_chars").to_owned(),
        passphrases: form.text("passphrases") == "yes",
        signed: signed(w, |kind| form.text(&format!("signed-{}", kind.word())) == "yes"),
        signed_classes: form.text("signed_classes").to_owned(),
        reason: form.text("reason").to_owned(),
    }
}

type Problem = (&'static str, String);

/// What was typed, read; or the first field that cannot be.
fn settings(w: Words, draft: &PolicyDraft, form: &Form) -> Result<Vec<Setting>, Problem> {
    let number = |field: &'static str, text: &str| {
        text.trim().parse::<u32>().map_err(|_| (field, w.t("policy-not-a-number")))
    };
    let mut all = Vec::new();
    for (family, typed) in FAMILIES.into_iter().zip(&draft.families) {
        let field = match family {
            Family::Operational => "family-operational",
            Family::Governance => "family-governance",
            Family::Administration => "family-administration",
        };
        let lasting = Lasting { idle: number(field, &typed.idle)?, whole: number(field, &typed.whole)? };
        all.push(Setting::Session(family, lasting));
        let rule = NewPlace::of_word(form.text(&format!("place-{}", typed.word)));
        all.push(Setting::NewPlace(family, rule.ok_or_else(|| (field, w.t("policy-place-wrong")))?));
        all.extend(typed.mandatory.map(|on| Setting::Mandatory(family, on)));
    }
    all.push(Setting::PostponeDays(number("postpone_days", &draft.postpone_days)?));
    all.push(Setting::Trusted(words(&draft.trusted, "trusted", || w.t("policy-trusted-wrong"))?));
    all.push(Setting::KeyModels(words(&draft.key_models, "key_models", || w.t("policy-models-wrong"))?));
    all.push(Setting::ProvedModels(draft.proved_models));
    all.push(Setting::PasswordChars(number("password_chars", &draft.password_chars)?));
    all.push(Setting::Passphrases(draft.passphrases));
    all.extend(
        DecisionKind::ALL.into_iter().zip(&draft.signed).map(|(kind, (_, _, on))| Setting::Signed(kind, *on)),
    );
    let classes = words(&draft.signed_classes, "signed_classes", || w.t("policy-classes-wrong"))?;
    all.push(Setting::SignedClasses(classes));
    Ok(all)
}

/// Words between blanks and commas, each read.
fn words<T: std::str::FromStr>(
    text: &str,
    field: &'static str,
    problem: impl Fn() -> String,
) -> Result<Vec<T>, Problem> {
    text.split(|c: char| c.is_whitespace() || c == ',')
        .filter(|word| !word.is_empty())
        .map(|word| word.parse().map_err(|_| (field, problem())))
        .collect()
}
