//! What style sheets put into a text or show in another order, and what drawings in it say (`docs/guides/evasions.md`).

use super::{everything, mail};
use crate::{Message, TextKind};

const GROUPED: &str = "FR76 3000 6000 0112 3456 7890 189";

fn html(body: &str) -> Message {
    mail(&format!("Subject: x\nContent-Type: text/html; charset=utf-8\n\n{body}"))
}

fn lines(body: &str) -> Vec<String> {
    everything(&html(body)).lines().map(str::to_owned).collect()
}

#[test]
fn words_of_style_sheets_are_read_where_they_are_shown() {
    let groups: Vec<&str> = GROUPED.split(' ').collect();
    let rule = |(n, group): (usize, &&str)| format!(".c{n}::before{{content:'{group} '}}");
    let classes: String = groups.iter().enumerate().map(rule).collect();
    let spans: String = (0..groups.len()).map(|n| format!("<span class=c{n}></span>")).collect();
    let nth = |(n, group): (usize, &&str)| format!("p b:nth-child({}):after{{content:\"{group} \"}}", n + 1);
    let children: String = groups.iter().enumerate().map(nth).collect();
    let attributes: String = groups.iter().map(|group| format!("<b data-n='{group} '></b>")).collect();
    for body in [
        format!("<style>{classes}</style><p>{spans}</p>"),
        // A sheet at the end counts for the beginning.
        format!("<p>{spans}</p><style>@media screen{{{classes}}}</style>"),
        format!("<style>{children}</style><p>{}</p>", "<b></b>".repeat(groups.len())),
        format!("<style>[data-n]::before{{content:attr(data-n)}}</style><p>{attributes}</p>"),
        "<style>.a::after{content:'3000 6000 '}</style><p>FR76 <i class=a></i>0112 3456 7890 189</p>".into(),
        "<style>td::before{content:'FR76 3000'}</style><table><tr><td> 6000 0112 3456 7890 189</table>"
            .into(),
    ] {
        assert!(lines(&body).iter().any(|line| line == GROUPED), "{body}: {:?}", lines(&body));
    }
    // Behind the words of a block, on its line.
    let body =
        "<style>p::after{content:' à Tracfin.'}</style><p>Votre compte a été signalé</p><p hidden>x</p>";
    assert!(lines(body).contains(&"Votre compte a été signalé à Tracfin.".to_owned()), "{:?}", lines(body));
}

#[test]
fn what_a_reader_sees_without_the_words_of_style_sheets_stays_as_it_is() {
    let body = "<style>li::before{content:'\\2022'}p::before{content:'Date : '}@media print{b::before{content:'x1'}}\
                a:hover::after{content:'y2'}i::before{content:'z3';display:none}</style><ul><li>un</ul><p>deux<b>b</b>";
    let message = html(body);
    let visible = message.texts.iter().find(|text| text.kind == TextKind::Html).unwrap();
    assert_eq!(visible.text.trim(), "- un\n\ndeuxb");
    let all = lines(body);
    assert!(all.contains(&"Date : deuxb".to_owned()), "{all:?}");
    // Bullets make no second line, nor does paper or a pointer.
    assert!(!all.iter().any(|line| line.contains("•") && line.contains("un")), "{all:?}");
    assert!(!all.iter().any(|line| line.contains("x1b") || line.contains("y2deux")), "{all:?}");
}

#[test]
fn what_is_shown_in_another_order_is_read_in_it() {
    let groups: Vec<&str> = GROUPED.split(' ').collect();
    let backwards: Vec<&str> = groups.iter().rev().copied().collect();
    let spans = |style: &dyn Fn(usize) -> String, groups: &[&str]| -> String {
        let span = |(n, group): (usize, &&str)| format!("<span style=\"{}\">{group}</span>", style(n));
        groups.iter().enumerate().map(span).collect()
    };
    let none = |_: usize| String::new();
    let letters: String = GROUPED.replace(' ', "").chars().rev().map(|c| format!("<b>{c}</b>")).collect();
    for (body, wanted) in [
        (
            format!(
                "<div style='display:flex;flex-direction:row-reverse'>{}</div>",
                spans(&none, &backwards)
            ),
            GROUPED,
        ),
        (
            format!(
                "<style>.r{{display:flex;flex-flow:column-reverse}}</style><div class=r>{}</div>",
                spans(&none, &backwards)
            ),
            GROUPED,
        ),
        (
            format!("<p style='display:inline-flex; Flex-Direction: Row-Reverse'>{letters}</p>"),
            &GROUPED.replace(' ', ""),
        ),
        (
            format!("<div style='display:flex'>{}</div>", spans(&|n| format!("order:{}", 9 - n), &backwards)),
            GROUPED,
        ),
        (format!("<p>{}</p>", spans(&|_| "float:right".into(), &backwards)), GROUPED),
        (
            format!(
                "<p>{}</p>",
                spans(&|n| format!("position:absolute;left:{}px", 900 - 40 * n), &backwards)
            ),
            GROUPED,
        ),
    ] {
        assert!(lines(&body).iter().any(|line| line == wanted), "{body}: {:?}", lines(&body));
    }
    let halves = "<div style='display:flex;flex-direction:column-reverse'><div>à Tracfin.</div><div>Votre compte est signalé</div></div>";
    assert!(lines(halves).contains(&"Votre compte est signalé à Tracfin.".to_owned()), "{:?}", lines(halves));
    // Long columns are joined at their ends alone, and what stands in its own order is in no second text.
    let column = "mot ".repeat(200);
    let body = format!(
        "<div style='display:flex;flex-direction:row-reverse'><div>{column}un</div><div>{column}deux</div></div>"
    );
    assert!(everything(&html(&body)).matches("mot").count() < 600);
    let body = "<div style='display:flex'><div style='order:1'>un</div><div style='order:2'>deux</div></div>";
    assert_eq!(everything(&html(body)).matches("deux").count(), 1);
}

#[test]
fn text_of_a_drawing_that_is_shown_by_its_name_is_read_in_the_order_it_is() {
    let groups: Vec<&str> = GROUPED.split(' ').collect();
    let text = |(n, group): (usize, &&str)| format!("<text id=g{n}>{group}</text>");
    let defs: String = groups.iter().enumerate().rev().map(text).collect();
    let uses: String = (0..groups.len()).map(|n| format!("<use href='#g{n}' x='{}'/>", 40 * n)).collect();
    for body in [
        format!("<svg><defs>{defs}</defs>{uses}</svg>"),
        format!("<svg>{}<defs>{defs}</defs></svg>", uses.replace("href", "xlink:href")),
    ] {
        assert!(lines(&body).iter().any(|line| line == GROUPED), "{body}: {:?}", lines(&body));
    }
}

#[test]
fn words_drawn_as_lines_in_the_text_are_a_picture_of_it() {
    let strokes = "<path d='M0 0L1 1'/>".repeat(14);
    let drawing = format!("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 600 40'>{strokes}</svg>");
    let message = html(&format!("<p>Voir {drawing} ici</p>"));
    let files: Vec<&[u8]> = message.attachments.iter().map(|file| file.bytes.as_slice()).collect();
    assert_eq!(files, [drawing.as_bytes()]);
    for (body, count) in [
        // Cut off, in an address, with one path of many strokes.
        (format!("<p>{}", drawing.replace("</svg>", "")), 1),
        (format!("<img src=\"data:image/svg+xml;utf8,{drawing}\">"), 1),
        (format!("<svg><path d='{}'/></svg>", "M0 0l1 1".repeat(12)), 1),
        // Icons and simple signs.
        (drawing.replace("<svg", "<svg width='24' height='24px'"), 0),
        (format!("<svg>{}</svg>", "<path d='M0 0L1 1'/>".repeat(11)), 0),
    ] {
        assert_eq!(html(&body).attachments.len(), count, "{body}");
    }
}
