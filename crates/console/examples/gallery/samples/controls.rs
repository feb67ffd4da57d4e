//! Invented pages of control sets and of past flows read again.

use std::time::Duration;

use compliance::control::difference::{ChangeKind, ChangedPart, ControlChange};
use compliance::control::{Category, ControlEdit, SampleEdit};
use compliance::{Control, ControlSet, Mode, Verdict};
use console::i18n::Words;
use console::pages::control_forms::{
    AskedField, AskedGroup, Beside, ControlFormPage, SampleField, TextField, UploadPage,
};
use console::pages::controls::{
    ControlPage, ControlRow, ControlsPage, PublishPage, SampleRow, SetPage, SetRow, category_name,
    change_views, mode_chip, state_chip,
};
use console::pages::replays::{
    LookedBackView, MessageChange, Progress, RehearsalPage, RehearsalView, ReplayPage, ReplayRow, SeenRow,
    replay_chip,
};
use console::pages::shell::{Bar, Person, Place, Reach, nav};
use console::pages::{Chip, Severity, Shell, Standing, Tone};
use operations::controls::SetState;
use operations::controls::replays::ReplayState;
use vocabulary::Bilingual;

use super::{now, say, shell};

fn supervision(w: Words, path: &str) -> Shell {
    let mut s = shell(w, path, Place::Controls, true);
    let reach = Reach { queue: Some(23), outgoing: true, ledger: true, controls: true, ..Reach::default() };
    s.nav = nav(w, reach, Place::Controls);
    s.bar = Bar::Empty;
    let role = say(w, "Superviseure", "Supervisor");
    s.person = Some(Person::new(w, "Maëlle Brisson", &role, now(), now().plus(Duration::from_secs(1_500))));
    s
}

fn name(w: Words, number: u64) -> String {
    w.with("set-name", "number", number)
}

fn progress(w: Words, total: u64, done: u64) -> Progress {
    Progress {
        w,
        csrf: "sample".into(),
        what: w.with("rehearsal-of", "number", 4),
        done,
        total,
        href: "/controls/replays/one/progress".into(),
        stop: Some("/controls/replays/one/stop".into()),
    }
}

fn set_row(w: Words, number: u64, state: SetState, in_force: bool) -> SetRow {
    let at = format!("Maëlle Brisson, {}", say(w, "23 nov. à 17:05", "23 Nov at 17:05"));
    SetRow {
        href: format!("/controls/sets/{number}"),
        name: name(w, number),
        chip: state_chip(state, in_force, w),
        controls: 56,
        drafted: at,
        rehearsed: (state != SetState::Withdrawn).then(|| say(w, "hier à 9:12", "yesterday at 9:12")),
        ended: (state != SetState::Draft).then(|| "Renan Trégor, 9:40".into()),
    }
}

/// Sets of every state, a rehearsal on its way.
pub(crate) fn controls(w: Words) -> ControlsPage {
    ControlsPage {
        s: supervision(w, "/controls"),
        in_force: say(
            w,
            "Jeu 3, publié hier à 9:40 par Renan Trégor",
            "Set 3, published yesterday at 9:40 by Renan Trégor",
        ),
        counts: (56, 9, 47),
        samples: (w.with2("samples-right", "n", "224", "at", say(w, "4:00", "4:00")), Vec::new()),
        running: Some(progress(w, 4_180, 1_225)),
        rows: vec![
            set_row(w, 4, SetState::Draft, false),
            set_row(w, 3, SetState::Published, true),
            set_row(w, 2, SetState::Withdrawn, false),
            set_row(w, 1, SetState::Published, false),
        ],
        replays: vec![
            ReplayRow {
                href: "/controls/replays/one".into(),
                what: w.with("rehearsal-of", "number", 4),
                chip: replay_chip(ReplayState::Running, w),
                asked: "Maëlle Brisson, 14:18".into(),
                flows: 1_225,
            },
            ReplayRow {
                href: "/controls/replays/two".into(),
                what: w.t("look-back"),
                chip: replay_chip(ReplayState::Done, w),
                asked: "Renan Trégor, 9:02".into(),
                flows: 3_907,
            },
        ],
        may_draft: true,
        may_look_back: true,
        problem: None,
    }
}

/// Before anybody drafted one; the last act was not done.
pub(crate) fn controls_empty(w: Words) -> ControlsPage {
    ControlsPage {
        in_force: w.t("controls-started"),
        counts: (56, 8, 48),
        samples: (w.with2("samples-wrong", "n", "2", "at", "4:00"), vec!["PII-01".into(), "RCP-05".into()]),
        running: None,
        rows: Vec::new(),
        replays: Vec::new(),
        problem: Some(w.t("replay-busy")),
        ..controls(w)
    }
}

fn changes(w: Words) -> Vec<console::pages::controls::ChangeView> {
    let part =
        |key, before: &str, after: &str| ChangedPart { key, before: before.into(), after: after.into() };
    let change = |id: &str, kind, parts| ControlChange { id: id.into(), kind, parts };
    let all = [
        change("BQE-01", ChangeKind::Added, Vec::new()),
        change("CAL-01", ChangeKind::Removed, Vec::new()),
        change(
            "RCP-05",
            ChangeKind::Changed,
            vec![
                part("mode", "observe", "enforce"),
                part("when", "recipients.external_count >= 50", "recipients.external_count >= 20"),
                part("explanation", "", ""),
            ],
        ),
    ];
    change_views(&all, "/controls/sets/4", w)
}

fn row(w: Words, control: &Control) -> ControlRow {
    ControlRow {
        href: format!("/controls/sets/4/of/{}", control.id),
        id: control.id.clone(),
        title: control.title.get(w.0).to_owned(),
        category: category_name(control.category, w),
        mode: mode_chip(control.mode, control.verdict, w),
        severity: Severity::from_level(control.severity as u8),
        class: control.hold_class.clone(),
    }
}

fn rehearsal(w: Words, stale: bool) -> RehearsalView {
    RehearsalView {
        about: say(
            w,
            "4 180 messages sur 30 jours, relus à 14:02",
            "4,180 messages over 30 days, rehearsed at 14:02",
        ),
        stale,
        figures: vec![
            (
                w.t("rehearsal-per-day"),
                say(w, "11,4", "11.4"),
                Some(w.with("rehearsal-was", "n", say(w, "8,9", "8.9"))),
            ),
            (w.t("rehearsal-changed"), "82".into(), None),
            (w.t("rehearsal-review"), "1 h 12 min".into(), None),
            (w.t("rehearsal-expiries"), say(w, "0,2", "0.2"), None),
        ],
        controls: vec![("CAL-01".into(), 4, 0), ("RCP-05".into(), 12, 94)],
    }
}

fn facts(w: Words) -> Vec<(String, String)> {
    vec![
        (w.t("set-drafted"), say(w, "Maëlle Brisson, 23 nov. à 17:05", "Maëlle Brisson, 23 Nov at 17:05")),
        (w.t("set-digest"), "9c01…77ae".into()),
    ]
}

fn reason(w: Words) -> String {
    say(w, "Trop d’envois groupés partent sans regard.", "Too many bulk sendings leave unseen.")
}

/// A draft that was rehearsed.
pub(crate) fn control_set(w: Words) -> SetPage {
    let shipped = ControlSet::shipped();
    SetPage {
        s: supervision(w, "/controls/sets/4"),
        name: name(w, 4),
        chip: state_chip(SetState::Draft, false, w),
        facts: facts(w),
        reason: Some(reason(w)),
        changes: Some(changes(w)),
        controls: shipped.controls().take(6).map(|control| row(w, control)).collect(),
        rehearsal: Some(rehearsal(w, true)),
        report: "/controls/sets/4/rehearsal".into(),
        running: None,
        rehearse: Some("/controls/sets/4/rehearse".into()),
        publish: Some("/controls/sets/4/publish".into()),
        not_yet: Some(w.t("publish-not-rehearsed")),
        drop: Some("/controls/sets/4/drop".into()),
        add: Some("/controls/change?base=4&new=yes".into()),
        upload: Some("/controls/upload?base=4".into()),
        problem: None,
    }
}

/// The set in force, whole.
pub(crate) fn control_set_full(w: Words) -> SetPage {
    let shipped = ControlSet::shipped();
    SetPage {
        chip: state_chip(SetState::Published, true, w),
        changes: None,
        controls: shipped.controls().map(|control| row(w, control)).collect(),
        rehearsal: None,
        rehearse: None,
        publish: None,
        not_yet: None,
        drop: None,
        ..control_set(w)
    }
}

/// One control, one sample of which does not do as it says.
pub(crate) fn control(w: Words) -> ControlPage {
    let shipped = ControlSet::shipped();
    let Some(control) = shipped.control("PII-01").cloned() else { unreachable!("it ships") };
    let chip = |right| Chip {
        tone: if right { Tone::Pass } else { Tone::Refuse },
        icon: if right { "check" } else { "alert" },
        word: w.t(if right { "sample-right" } else { "sample-wrong" }),
    };
    let samples = control.samples.iter().enumerate().map(|(number, sample)| SampleRow {
        locale: sample.locale.tag(),
        text: sample.text.clone(),
        must: sample.matches,
        chip: chip(number != 1),
    });
    ControlPage {
        s: supervision(w, "/controls/in-force/PII-01"),
        back: ("/controls/in-force".into(), name(w, 3)),
        id: control.id.clone(),
        title: control.title.get(w.0).to_owned(),
        mode: mode_chip(Mode::Enforce, Verdict::Hold, w),
        severity: Severity::High,
        facts: vec![
            (w.t("col-category"), category_name(control.category, w)),
            (w.t("col-class"), control.hold_class.clone()),
            (w.t("part-neutral-notice"), w.t("neutral-no")),
            (w.t("part-version"), "1".into()),
        ],
        texts: [w.0, w.other()]
            .map(|locale| {
                let text = [&control.title, &control.explanation, &control.remedy, &control.ground];
                (locale.tag(), text.map(|text| text.get(locale).to_owned()))
            })
            .to_vec(),
        when: control.when.clone(),
        samples: samples.collect(),
        change: Some("/controls/change?base=in-force&control=PII-01".into()),
        copy: Some("/controls/change?base=in-force&control=PII-01&new=yes".into()),
        file: "id = \"PII-01\"\nversion = 1\nmode = \"enforce\"\n".into(),
    }
}

/// A control is changed: its condition does not read, and a sample is not met.
pub(crate) fn control_change(w: Words) -> ControlFormPage {
    let problem = |field: &str, fr: &str, en: &str| Beside::of(field, say(w, fr, en));
    ControlFormPage {
        problems: vec![
            problem(
                "when",
                "caractère 1\u{a0}: aucun champ ne s’appelle recipients.external_cuont",
                "character 1: no field is called recipients.external_cuont",
            ),
            Beside::of("sample-2-text", w.t("wrong-sample-met")),
        ],
        when: "recipients.external_cuont >= 20".into(),
        reason: reason(w),
        ..form(w, "RCP-05", false)
    }
}

/// One like another.
pub(crate) fn control_copy(w: Words) -> ControlFormPage {
    form(w, "MAR-03", true)
}

/// An empty one, sent as it was.
pub(crate) fn control_new(w: Words) -> ControlFormPage {
    let empty = form(w, "RCP-05", true);
    let sample =
        |field: &SampleField| SampleField { text: String::new(), rest: String::new(), ..field.clone() };
    let text = |field: &TextField| TextField {
        text: Bilingual { fr: String::new(), en: String::new() },
        ..field.clone()
    };
    ControlFormPage {
        control: String::new(),
        title: String::new(),
        when: String::new(),
        texts: empty.texts.iter().map(text).collect(),
        samples: empty.samples.iter().take(4).map(sample).collect(),
        problems: vec![Beside::of("id", w.t("rule-id")), Beside::of("title-fr", w.t("rule-languages"))],
        ..empty
    }
}

fn form(w: Words, id: &str, new: bool) -> ControlFormPage {
    let set = compliance::ControlSet::shipped();
    let known = set.controls().zip(set.texts()).find(|(control, _)| control.id == id);
    let Some((control, (_, text))) = known else { unreachable!("it ships") };
    let edit = ControlEdit::of(control, text);
    let choice = |word: &'static str, key: &str, chosen: bool| (word, w.t(key), chosen);
    let kinds = |chosen: &str| {
        let words = ["", "fr-yes", "fr-no", "en-yes", "en-no"];
        let key =
            |word: &str| if word.is_empty() { "sample-unused".to_owned() } else { format!("sample-{word}") };
        words.map(|word| (word, w.t(&key(word)), word == chosen)).to_vec()
    };
    let sample = |(number, sample): (usize, SampleEdit)| {
        let kind = format!("{}-{}", sample.locale.tag(), if sample.matches { "yes" } else { "no" });
        let locale = sample.locale.tag().to_owned();
        SampleField { number, locale, kinds: kinds(&kind), text: sample.text, rest: sample.rest }
    };
    let texts = [
        ("title", edit.title),
        ("explanation", edit.explanation),
        ("remedy", edit.remedy),
        ("ground", edit.ground),
    ];
    ControlFormPage {
        s: supervision(w, "/controls/change"),
        base: "in-force".into(),
        back: format!("/controls/in-force/{id}"),
        control: id.to_owned(),
        title: control.title.get(w.0).to_owned(),
        new,
        id: String::new(),
        acts: vec![
            choice("observe", "control-observes", true),
            choice("hold", "control-holds", false),
            choice("refuse", "control-refuses", false),
        ],
        severities: compliance::Severity::ALL
            .map(|one| (one.word(), Severity::from_level(one as u8).word(&w), one == edit.severity))
            .to_vec(),
        categories: Category::ALL
            .map(|one| (one.word(), category_name(one, w), one == edit.category))
            .to_vec(),
        class: edit.hold_class,
        classes: vec!["sensitive".into(), "standard".into(), "urgent".into()],
        neutral: edit.neutral_notice,
        when: edit.when,
        asked: asked(w),
        texts: texts.into_iter().map(|(key, text)| TextField { key, text }).collect(),
        samples: (1..).zip(edit.samples.into_iter().flatten()).map(sample).collect(),
        reason: String::new(),
        problems: Vec::new(),
    }
}

fn asked(w: Words) -> Vec<AskedGroup> {
    let fields = compliance::condition::FIELDS.iter().filter(|field| field.name.starts_with("recipient."));
    let fields = fields.map(|field| AskedField {
        name: field.name.clone(),
        kind: say(w, "un oui ou non (bool)", "a yes or no (bool)"),
        meaning: field.meaning.get(w.0).to_owned(),
    });
    vec![AskedGroup { title: w.t("fields-recipient"), fields: fields.collect() }]
}

/// Files are put into a copy of a set.
pub(crate) fn controls_upload(w: Words) -> UploadPage {
    UploadPage {
        s: supervision(w, "/controls/upload"),
        base: "in-force".into(),
        name: name(w, 3),
        whole: false,
        text: String::new(),
        reason: String::new(),
        problems: Vec::new(),
    }
}

/// A draft, before a second person publishes it.
pub(crate) fn control_publish(w: Words) -> PublishPage {
    let mut facts = facts(w);
    facts.push((w.t("account-why"), reason(w)));
    PublishPage {
        s: supervision(w, "/controls/sets/4/publish"),
        name: name(w, 4),
        back: "/controls/sets/4".into(),
        facts,
        changes: changes(w),
        rehearsal: Some(rehearsal(w, false)),
        problem: None,
    }
}

/// A rehearsal, message by message.
pub(crate) fn rehearsal_page(w: Words) -> RehearsalPage {
    rehearsal_of(w, 2)
}

/// As many as are named.
pub(crate) fn rehearsal_full(w: Words) -> RehearsalPage {
    rehearsal_of(w, 100)
}

/// One that changes nothing.
pub(crate) fn rehearsal_empty(w: Words) -> RehearsalPage {
    RehearsalPage { more: 0, ..rehearsal_of(w, 0) }
}

fn rehearsal_of(w: Words, count: usize) -> RehearsalPage {
    let change = |number: usize| MessageChange {
        flow: format!("flow_01kav7d8c8f1kbynf8h4kq{number:04}"),
        at: say(w, "23 nov. à 11:41", "23 Nov at 11:41"),
        was: if number.is_multiple_of(2) { Standing::Pass.chip(w) } else { Standing::Held.chip(w) },
        becomes: if number.is_multiple_of(2) { Standing::Held.chip(w) } else { Standing::Pass.chip(w) },
        gained: if number.is_multiple_of(2) { "RCP-05".into() } else { String::new() },
        lost: if number.is_multiple_of(2) { String::new() } else { "CAL-01".into() },
    };
    RehearsalPage {
        s: supervision(w, "/controls/sets/4/rehearsal"),
        back: ("/controls/sets/4".into(), name(w, 4)),
        rehearsal: rehearsal(w, false),
        changes: (0..count).map(change).collect(),
        more: 80,
    }
}

/// A look back that has just begun.
pub(crate) fn replay(w: Words) -> ReplayPage {
    let mut progress = progress(w, 0, 0);
    progress.what = w.t("look-back");
    ReplayPage {
        s: supervision(w, "/controls/replays/one"),
        what: w.t("look-back"),
        chip: replay_chip(ReplayState::Running, w),
        facts: vec![
            (w.t("replay-asked"), "Renan Trégor, 14:19".into()),
            (w.t("replay-window"), say(w, "25 oct. à 14:19", "25 Oct at 14:19")),
            (w.t("replay-flows"), "0".into()),
        ],
        running: Some(progress),
        found: None,
    }
}

/// What one found.
pub(crate) fn replay_done(w: Words) -> ReplayPage {
    ReplayPage {
        chip: replay_chip(ReplayState::Done, w),
        running: None,
        found: Some(looked_back(w)),
        ..replay(w)
    }
}

fn looked_back(w: Words) -> LookedBackView {
    let row =
        |at: String, href: Option<&str>, name: String, (from, to): (&str, &str), found: String| SeenRow {
            at,
            href: href.map(Into::into),
            name,
            from: from.into(),
            to: if to.is_empty() { String::new() } else { w.with("look-back-to", "to", to) },
            found,
        };
    LookedBackView {
        count: 4,
        notes: vec![
            w.with2(
                "look-back-bound",
                "most",
                w.int(100_000),
                "at",
                say(w, "2 nov. à 08:11", "2 Nov at 08:11"),
            ),
            w.n("look-back-unread", 12),
            w.n("look-back-guarded", 1),
        ],
        controls: vec![("MAR-02".into(), 2, 1)],
        rows: vec![
            row(
                say(w, "18 nov. à 10:02", "18 Nov at 10:02"),
                None,
                say(w, "Lormont Aciéries : calendrier", "Lormont Aciéries: timetable"),
                ("hugo.perrac@orveane.example", "agathe.vidal@sableval.example, compta@quillon.example"),
                "MAR-02".into(),
            ),
            row(
                say(w, "17 nov. à 16:40", "17 Nov at 16:40"),
                Some("/holds/one"),
                say(w, "Point hebdomadaire", "Weekly note"),
                ("ines.kermadec@orveane.example", "agathe.vidal@sableval.example"),
                w.with("look-back-again", "controls", "MAR-02"),
            ),
            row(
                say(w, "16 nov. à 09:15", "16 Nov at 09:15"),
                None,
                w.t("guarded-private"),
                ("", ""),
                String::new(),
            ),
            row(
                say(w, "15 nov. à 11:27", "15 Nov at 11:27"),
                None,
                w.t("look-back-no-subject"),
                ("hugo.perrac@orveane.example", "compta@quillon.example"),
                "MAR-02".into(),
            ),
        ],
        newer: None,
        older: None,
        unnamed: 0,
    }
}
