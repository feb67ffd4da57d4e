use compliance::ControlSet;
use compliance::control::ControlError;
use operations::controls::Wrong;

use super::place;
use super::*;
use crate::forms::{Form, encode};
use crate::i18n::Words;

fn kept(id: &str) -> Kept {
    let set = ControlSet::shipped();
    let (control, (_, text)) = set.controls().zip(set.texts()).find(|(control, _)| control.id == id).unwrap();
    Kept { edit: ControlEdit::of(control, text), control: control.clone(), text: text.to_owned() }
}

/// What a browser sends of a form: every field, lines ending as browsers end them.
fn sent(typed: &Typed) -> Form {
    let mut fields = vec![
        ("act".to_owned(), typed.act.clone()),
        ("severity".into(), typed.severity.clone()),
        ("category".into(), typed.category.clone()),
        ("class".into(), typed.class.clone()),
        ("neutral".into(), typed.neutral.clone()),
        ("when".into(), typed.when.clone()),
        ("reason".into(), typed.reason.clone()),
    ];
    for (key, text) in TEXTS.iter().zip(&typed.texts) {
        fields.push((format!("{key}-fr"), text.fr.clone()));
        fields.push((format!("{key}-en"), text.en.clone()));
    }
    for (number, sample) in (1..).zip(&typed.samples) {
        fields.push((format!("sample-{number}-kind"), sample.kind.clone()));
        fields.push((format!("sample-{number}-text"), sample.text.clone()));
        fields.push((format!("sample-{number}-rest"), sample.rest.clone()));
    }
    let pair = |(name, value): &(String, String)| format!("{name}={}", encode(&value.replace('\n', "\r\n")));
    Form::parse(fields.iter().map(pair).collect::<Vec<_>>().join("&").as_bytes()).unwrap()
}

/// Opened and sent back unchanged, the form of every shipped control changes nothing but the version.
#[test]
fn a_form_sent_back_as_it_was_changes_nothing() {
    for id in ControlSet::shipped().controls().map(|control| control.id.clone()) {
        let kept = kept(&id);
        let typed = fields::posted(&sent(&Typed::of(&kept.edit)), Typed::empty());
        let written = typed.written(Some(kept.control.verdict), kept.edit.samples.len()).unwrap();
        assert!(written.unsaid.is_empty(), "{id}");
        let (edit, expected) = (written.edit.changed(&kept.text), kept.edit.changed(&kept.text));
        assert_eq!(edit.unwrap(), expected.unwrap(), "{id}");
    }
}

#[test]
fn what_was_not_posted_is_as_it_was() {
    let kept = kept("MAR-03");
    let form = Form::parse(b"act=refuse&title-fr=Autre").unwrap();
    let typed = fields::posted(&form, Typed::of(&kept.edit));
    let edit = typed.written(Some(kept.control.verdict), kept.edit.samples.len()).unwrap().edit;
    assert_eq!((edit.mode, edit.verdict), (Mode::Enforce, Verdict::Refuse));
    assert_eq!((edit.title.fr.as_str(), &edit.title.en), ("Autre", &kept.edit.title.en));
    assert_eq!((edit.ground, edit.when), (kept.edit.ground, kept.edit.when));
    assert_eq!(
        edit.samples.into_iter().flatten().collect::<Vec<_>>(),
        kept.edit.samples.into_iter().flatten().collect::<Vec<_>>()
    );
}

#[test]
fn a_sample_goes_when_it_is_not_used_and_a_new_one_says_what_it_is() {
    let kept = kept("MAR-03");
    let mut typed = Typed::of(&kept.edit);
    let known = kept.edit.samples.len();
    assert_eq!(typed.samples.len(), known + MORE_SAMPLES);
    typed.samples[0].kind.clear();
    typed.samples[known].text = "Bonjour".into();
    let written = typed.written(Some(Verdict::Hold), known).unwrap();
    assert_eq!(written.unsaid, [known + 1]);
    assert_eq!(written.edit.samples[0], None);
    for word in ["act", "severity", "category", "neutral", "kind"] {
        let mut typed = Typed::of(&kept.edit);
        let field = match word {
            "act" => &mut typed.act,
            "severity" => &mut typed.severity,
            "category" => &mut typed.category,
            "neutral" => &mut typed.neutral,
            _ => &mut typed.samples[0].kind,
        };
        *field = "otherwise".into();
        assert!(typed.written(None, known).is_err(), "{word}");
    }
}

/// Each thing wrong with the file stands beside the field that says it.
#[test]
fn each_problem_stands_beside_its_field() {
    let kept = kept("MAR-03");
    let mut typed = Typed { id: "MAR-03".into(), ..Typed::of(&kept.edit) };
    // Row 2 goes: the file's second sample is the form's third.
    typed.samples[1].kind.clear();
    typed.when = "isin.cuont > 0".into();
    typed.class = "Standard!".into();
    typed.texts[3].en.clear();
    typed.samples[2].rest = "recipient = [\"ami@webmail.example\"]".into();
    let fields = |typed: &Typed| -> Vec<String> {
        let written = typed.written(Some(Verdict::Hold), kept.edit.samples.len()).unwrap();
        let text = written.edit.changed(&kept.text).unwrap();
        let errors: Vec<ControlError> = ControlSet::parse(&[("mar-03.toml", &text)]).unwrap_err();
        let form = place::Form { id: "MAR-03", typed, text };
        let beside = errors.into_iter().map(|error| form.beside(Words(Locale::Fr), &Wrong::File(error)));
        beside.map(|beside| beside.field).collect()
    };
    assert_eq!(fields(&typed), ["sample-3-rest"], "what does not read is told first");
    typed.samples[2].rest.clear();
    assert_eq!(fields(&typed), ["class", "ground-en", "when"]);
    typed.samples.iter_mut().filter(|sample| sample.kind == "en-no").for_each(|sample| sample.kind.clear());
    assert!(fields(&typed).contains(&"samples".to_owned()));
    let form = place::Form { id: "MAR-03", typed: &typed, text: String::new() };
    let beside = |wrong: Wrong| form.beside(Words(Locale::En), &wrong).field;
    let failure = |control: &str| compliance::SampleFailure {
        control: control.into(),
        sample: 2,
        locale: Locale::Fr,
        expected: true,
    };
    assert_eq!(beside(Wrong::SampleKeys(4)), "sample-4-rest");
    assert_eq!(beside(Wrong::Sample(failure("MAR-03"))), "sample-3-text");
    assert_eq!(beside(Wrong::Sample(failure("MAR-02"))), "", "of another control");
    assert_eq!(beside(Wrong::Empty), "");
}

/// Every field of the catalogue stands on the page, a detector's told once for all of them.
#[test]
fn every_field_of_a_condition_is_on_the_page() {
    for locale in Locale::ALL {
        let groups = catalogue::groups(Words(locale));
        let names: Vec<&str> =
            groups.iter().flat_map(|group| &group.fields).map(|field| field.name.as_str()).collect();
        for field in compliance::condition::FIELDS.iter() {
            let (root, last) = field.name.split_once('.').unwrap();
            let told = names.contains(&field.name.as_str())
                || (names.contains(&root) && names.contains(&format!("….{last}").as_str()));
            assert!(told, "{}", field.name);
        }
    }
}
