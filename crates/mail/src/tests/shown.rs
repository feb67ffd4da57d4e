//! Ways of HTML and calendars to show a reader what a scanner might not see (`docs/guides/evasions.md`).

use super::{everything, has, mail};
use crate::{DefectKind, Message, TextKind};

const GROUPED: &str = "FR76 3000 6000 0112 3456 7890 189";

fn html(body: &str) -> Message {
    mail(&format!("Subject: x\nContent-Type: text/html; charset=utf-8\n\n{body}"))
}

fn visible(body: &str) -> String {
    let message = html(body);
    let text = message.texts.iter().find(|text| text.kind == TextKind::Html).unwrap();
    text.text.trim().to_owned()
}

/// The number in a row of cells, each as `cell` writes it.
fn row(cell: impl Fn(&str) -> String) -> String {
    let cells: String = GROUPED.split(' ').map(cell).collect();
    format!("<p>Bonjour,</p><table><tr>{cells}</table><p>Merci</p>")
}

#[test]
fn a_paragraph_in_a_cell_leaves_it_in_its_row() {
    let expected = format!("Bonjour,\n\n{}", GROUPED.replace(' ', "\t"));
    for body in [
        row(|group| format!("<td>{group}</td>")),
        row(|group| format!("<td><p class=MsoNormal>{group}<o:p></o:p></p></td>")),
        row(|group| format!("<td>\n <p>{group}</p>\n </td>\n")),
        row(|group| format!("<td><div>{group}</div></td>")),
        row(|group| format!("<td><p>{group}<td>")),
        row(|group| format!("<td style='display:block'><h2>{group}<br></h2></td>")),
        row(|group| format!("<td><table><tr><td>{group}</td></tr></table></td>")),
    ] {
        let text = visible(&body);
        assert!(text.starts_with(&expected), "{body}: {text:?}");
    }
    // Rows stay rows, paragraphs within a cell stay apart, and what comes after the table does.
    let text =
        visible("<table><tr><td><p>a</p><p>b</p></td><td>c</td></tr><tr><td><p>d</p></td></tr></table>e");
    assert_eq!(text, "a\n\nb\tc\n\nd\n\ne");
    assert_eq!(visible("a</td><p>b</p></td>c"), "a\n\nb\n\nc");
    assert_eq!(
        visible("<table><tr><td></td><td>a</td></tr><tr><td></td></tr><tr><td>b</td></tr></table>"),
        "a\nb"
    );
}

#[test]
fn the_mark_of_a_note_is_no_part_of_a_number() {
    assert_eq!(visible("<p>7890 189<sup>1</sup>, 20<sup>e</sup>"), "7890 189¹, 20ᵉ".replace('ᵉ', "e"));
    // And is read as digits all the same.
    assert!(everything(&html("<p>FR76 3000 6000 0112 3456 7890 1<sup>89</sup></p>")).contains(GROUPED));
}

#[test]
fn what_is_partly_hidden_is_read_whole() {
    for body in [
        "<table><tr><td bgcolor=navy><span style='color:white'>FR76 3000 6000 <u>0112</u> 3456 7890 189</span>",
        "<p style='background:#036;color:#eee'>FR76 3000 6000 <span style='color:#fff'>0112</span> 3456 7890 189",
        "<p>FR76 <span style='color:#fff'>3000</span> 6000 <b>0112 </b><font color=white>3456 7890</font> 189",
        "<pre>FR76 3000 <font color=white>6000 0112</font> 3456 7890 189</pre>",
    ] {
        assert!(everything(&html(body)).contains(GROUPED), "{body}: {}", everything(&html(body)));
    }
    let lines = everything(&html(
        "<td><font color=white>FR76 3000 6000<br>0112 3456 7890 189</font>x<font color=white>y<br>z</font>",
    ));
    assert!(lines.contains("FR76 3000 6000\n0112 3456 7890 189xy\nz\n"), "{lines}");
    // What everybody sees stands in no second text.
    assert_eq!(everything(&html("<p>un <b>deux</b></p><p hidden>trois</p>")).matches("deux").count(), 1);
}

#[test]
fn elements_begin_lines_as_they_are_shown() {
    for name in ["main", "aside", "nav", "figure", "figcaption", "summary", "dl", "legend", "menu", "hgroup"]
    {
        assert_eq!(visible(&format!("a<{name}>b</{name}>c")), "a\nb\nc", "{name}");
    }
    assert_eq!(visible("a<span style='color:red; Display: block'>b</span>c"), "a\nb\nc");
    assert_eq!(visible("<div style='display:inline'>F</div><div style='display:inline-block'>R</div>"), "FR");
    assert_eq!(visible("un<img src='a.png'>deux<img width=1 src='b.png'>trois"), "un deuxtrois");
    assert!(everything(&html("à Trac<img src='a.png'>fin.")).contains("à Tracfin."));
}

#[test]
fn decoys_that_nobody_sees_part_nothing() {
    let sheets = [
        "span.k{display:none}",
        "@media screen{.k{display:none}}",
        "/*{*/.k{display:none}",
        ".k{d\\69splay:none}",
    ];
    let elements =
        sheets.map(|sheet| (format!("<style>{sheet}</style>"), "<span class=k>k9</span>".to_owned()));
    let styles = [
        "font:0/0 a",
        "position:absolute;clip:rect(0,0,0,0)",
        "transform:scale(0)",
        "position:absolute;right:-9999px",
    ];
    let styles = styles.map(|style| (String::new(), format!("<span style=\"{style}\">k9</span>")));
    let names = ["rp", "datalist", "dialog", "audio", "video", "canvas"];
    let names = names.map(|name| (String::new(), format!("<{name}>k9</{name}>")));
    for (head, decoy) in elements.into_iter().chain(styles).chain(names) {
        let body = format!("{head}<p>FR76{decoy}3000{decoy}6000{decoy}0112");
        assert!(visible(&body).replace('\n', "").contains("FR76300060000112"), "{body}: {}", visible(&body));
        assert!(everything(&html(&body)).contains("k9"));
    }
}

#[test]
fn what_is_shown_backwards_is_read_as_shown() {
    let backwards: String = GROUPED.chars().rev().collect();
    for message in [
        html(&format!("<bdo dir=rtl>{backwards}</bdo>")),
        html(&format!("<span style='unicode-bidi:bidi-override;direction:rtl'>{backwards}</span>")),
        mail(&format!("Content-Type: text/plain; charset=utf-8\n\n\u{202e}{backwards}\u{202c} x")),
    ] {
        assert!(everything(&message).contains(GROUPED), "{}", everything(&message));
    }
}

#[test]
fn markup_of_other_kinds_is_read_as_shown() {
    let enriched =
        "Content-Type: text/enriched\n\n<bold>FR76</bold> 3000 <italic>6000</italic> 0112 3456 7890 189";
    assert!(everything(&mail(enriched)).contains(GROUPED));
    let invitation = "Content-Type: text/calendar\n\nBEGIN:VCALENDAR\nX-ALT-DESC;FMTTYPE=text/html:<p>Une \
         d&eacute\\;claration\\, FR76 <b>3000</b> 6000 0112 3456 7890 189</p>\nEND:VCALENDAR\n";
    let text = everything(&mail(invitation));
    assert!(text.contains(GROUPED) && text.contains("Une déclaration,"), "{text}");
    // One that does not say what it is.
    assert!(everything(&mail(&invitation.replace(";FMTTYPE=text/html", ""))).contains(GROUPED));
}

#[test]
fn seven_bit_charsets_that_nobody_decodes_are_told() {
    for charset in ["hz-gb-2312", "iso-2022-kr", "ISO-2022-CN"] {
        let message = mail(&format!("Content-Type: text/plain; charset={charset}\n\n~{{#F#R#7#6~}}"));
        assert!(has(&message, DefectKind::UnknownCharset), "{charset}");
    }
    assert!(!has(&mail("Content-Type: text/plain; charset=x-unknown\n\na"), DefectKind::UnknownCharset));
    assert!(
        everything(&mail("Content-Type: text/plain; charset=csUnicode11UTF7\n\n+AEYAUg-76")).contains("FR76")
    );
}
