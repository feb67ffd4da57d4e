use proptest::prelude::*;

use super::*;
use crate::ControlSet;

fn shipped() -> Vec<(Control, String)> {
    let set = ControlSet::shipped();
    set.controls().cloned().zip(set.texts().map(|(_, text)| text.to_owned())).collect()
}

fn one(id: &str) -> (Control, String) {
    shipped().into_iter().find(|(control, _)| control.id == id).unwrap()
}

fn read(text: &str) -> Control {
    let set = ControlSet::parse(&[("a.toml", text)]).unwrap();
    set.controls().next().unwrap().clone()
}

/// A form that was opened and sent back changes the version, and not a byte besides.
#[test]
fn what_is_not_changed_stays_to_the_byte() {
    for (control, text) in shipped() {
        let edit = ControlEdit::of(&control, &text);
        let version = |n: u32| format!("\nversion = {n}\n");
        let expected = text.replacen(&version(control.version), &version(control.version + 1), 1);
        assert_eq!(edit.changed(&text).unwrap(), expected, "{}", control.id);
    }
}

/// Every shipped control, written anew from what the form has of it, is the same control.
#[test]
fn the_form_has_all_that_a_control_says() {
    for (control, text) in shipped() {
        let written = ControlEdit::of(&control, &text).written("NEW-01").unwrap();
        let known = Control { id: "NEW-01".into(), version: 1, ..control.clone() };
        let (known, new) =
            (serde_json::to_value(&known).unwrap(), serde_json::to_value(read(&written)).unwrap());
        assert_eq!(known, new, "{}: {written}", control.id);
    }
}

#[test]
fn what_is_changed_is_all_that_changes_and_comments_stay() {
    for (control, text) in shipped() {
        let mut edit = ControlEdit::of(&control, &text);
        edit.mode = Mode::Observe;
        edit.category = Category::Other;
        edit.severity = Severity::Critical;
        edit.hold_class = "urgent".into();
        edit.neutral_notice = true;
        edit.when = format!("{} && message.unscored >= 0", control.when);
        edit.title.en = "Another title".into();
        edit.ground.fr = "Une autre loi.".into();
        let edited = edit.changed(&text).unwrap();
        assert_eq!(ControlEdit { ..edit }, ControlEdit::of(&read(&edited), &edited), "{}", control.id);
        let comments = |text: &str| -> Vec<String> {
            text.lines().filter(|line| line.starts_with('#')).map(str::to_owned).collect()
        };
        assert_eq!(comments(&text), comments(&edited), "{} keeps its comments", control.id);
    }
}

#[test]
fn samples_come_go_and_change() {
    let (control, text) = one("MAR-03");
    let mut edit = ControlEdit::of(&control, &text);
    let rest = |edit: &ControlEdit, at: usize| edit.samples[at].clone().unwrap().rest;
    assert_eq!(rest(&edit, 0), "recipients = [\"ami@webmail.example\"]\n");
    edit.samples[1] = None;
    edit.samples[2].as_mut().unwrap().text = "Look at \"US0378331005\"\ntonight.".into();
    edit.samples.push(Some(SampleEdit {
        locale: Locale::Fr,
        matches: true,
        text: "Le titre FR0000131104".into(),
        rest: "recipients = [\"ami@webmail.example\"]\nsubject = \"Titre\"".into(),
    }));
    let edited = edit.changed(&text).unwrap();
    let after = read(&edited);
    assert_eq!(after.samples.len(), control.samples.len());
    assert_eq!(after.samples[1].text, "Look at \"US0378331005\"\ntonight.");
    assert_eq!(after.samples[1].recipients, control.samples[2].recipients);
    let last = after.samples.last().unwrap();
    assert_eq!((last.subject.as_str(), last.recipients[0].as_str()), ("Titre", "ami@webmail.example"));
    assert_eq!(after.samples[3].clients, control.samples[4].clients);
    for wrong in ["recipients", "text = \"x\"", "= 1", "[lists", "locale = \"fr\""] {
        edit.samples[0].as_mut().unwrap().rest = wrong.into();
        assert_eq!(edit.changed(&text), Err(EditError::Sample(1)), "{wrong}");
    }
}

/// Tables of a sample written with a header of their own come back on a line, and say the same.
#[test]
fn lists_of_a_sample_under_a_header_are_kept() {
    let (control, text) = one("PII-01");
    let headed = format!(
        "{text}\n[[samples]]\nlocale = \"fr\"\nmatches = false\ntext = \"Bonjour\"\n\n[samples.lists]\n# ours\nwebmail = [\"poste.example\"]\n"
    );
    let known = read(&headed);
    let mut edit = ControlEdit::of(&known, &headed);
    let last = edit.samples.last_mut().unwrap().as_mut().unwrap();
    last.rest.push_str("subject = \"Point\"\n");
    let after = read(&edit.changed(&headed).unwrap());
    let (before, after) = (known.samples.last().unwrap(), after.samples.last().unwrap());
    assert_eq!(after.lists, before.lists);
    assert_eq!(after.subject, "Point");
    assert_eq!(control.samples.len() + 1, known.samples.len());
}

#[test]
fn what_is_no_control_is_not_changed() {
    let (control, text) = one("PII-01");
    let edit = ControlEdit::of(&control, &text);
    for wrong in ["not a control", "", "version = 1", "id = \"A\"\nversion = \"1\""] {
        assert_eq!(edit.changed(wrong), Err(EditError::NoControl), "{wrong}");
    }
}

proptest! {
    /// Whatever people type is written so that it reads back as typed.
    #[test]
    fn what_is_typed_reads_back(typed in "[\\PC\n\t\"'\\\\]{0,40}") {
        let (control, text) = one("PII-01");
        let mut edit = ControlEdit::of(&control, &text);
        edit.title.fr = format!("x{typed}");
        edit.samples[0].as_mut().unwrap().text = typed.clone();
        let edited = edit.changed(&text).unwrap();
        let table: toml::Table = toml::from_str(&edited).unwrap();
        let expected = format!("x{typed}");
        prop_assert_eq!(table["title"]["fr"].as_str(), Some(expected.as_str()));
        prop_assert_eq!(table["samples"][0]["text"].as_str(), Some(typed.as_str()));
    }
}
