//! Corners that no reader shows and that leave all the same: fields of headers, attributes, style sheets, files in calendars,
//! texts that are files, base64 behind its padding.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{everything, has, mail};
use crate::{DefectKind, Message, TextKind};

const SECRET: &str = "FR7630006000011234567890189";
const GROUPED: &str = "FR76 3000 6000 0112 3456 7890 189";

fn html(body: &str) -> Message {
    mail(&format!("Subject: x\nContent-Type: text/html; charset=utf-8\n\n{body}"))
}

#[test]
fn values_of_attributes_are_read() {
    let escaped: String = SECRET.chars().map(|c| format!("&#{};", c as u32)).collect();
    let percent: String = SECRET.bytes().map(|byte| format!("%{byte:02X}")).collect();
    for body in [
        format!("<img src='https://x.example/p?d={SECRET}'>"),
        format!("<img src='https://x.example/p?d={percent}'>"),
        format!("<img src='cid:{SECRET}@x.example'>"),
        format!("<p data-x={SECRET}>x"),
        format!("<p class='a {SECRET}'>x"),
        format!("<p class='{escaped}'>x"),
        format!("<p style='--x:{SECRET}'>x"),
        format!("<p style=\"background:url('https://x.example/?{SECRET}')\">x"),
        format!("<a onclick='f(\"{SECRET}\")'>x</a>"),
        format!("<a href='data:text/plain;base64,{}'>x</a>", STANDARD.encode(SECRET)),
        format!("<a href='data:text/html,{percent}'>x</a>"),
        format!("<p aria-label='{SECRET}'>x"),
    ] {
        assert!(everything(&html(&body)).contains(SECRET), "{body}");
    }
    // Words too, but for those of the layout.
    let words = everything(&html(
        "<p data-x='Lormont lance une OPA'>x <a href='https://x.example/?a=Lormont%20lance'>y</a>",
    ));
    assert!(words.contains("Lormont lance une OPA") && words.contains("a=Lormont lance"), "{words}");
    // A picture in its address is no text, however large; another value that is, is told.
    let picture = html(&format!("<img src='data:image/png;base64,{}'>", "A".repeat(100_000)));
    let length: usize = picture.texts.iter().map(|text| text.text.len()).sum();
    assert!(!has(&picture, DefectKind::TooLong) && length < 200, "{picture:?}");
    let long = html(&format!("<p data-x='{}{SECRET}'>x", "a ".repeat(40_000)));
    assert!(has(&long, DefectKind::TooLong) && long.is_unread());
    let many: String = (0..80).map(|n| format!(" a{n}=b")).collect();
    assert!(has(&html(&format!("<p{many} x={SECRET}>x")), DefectKind::TooLong));
    // What every mail program writes gives nothing.
    let usual = html(
        "<p class=MsoNormal style='margin:0cm;font-size:11.0pt;font-family:\"Calibri\",sans-serif'><table width=600 cellpadding=0><td>x",
    );
    let hidden = usual.texts.iter().find(|text| text.kind == TextKind::HtmlHidden);
    assert!(hidden.is_none_or(|text| text.text.trim() == "Calibri"), "{:?}", hidden.map(|text| &text.text));
}

/// A PNG that says it is so large.
fn png(width: u32, height: u32) -> Vec<u8> {
    let sides = [width.to_be_bytes(), height.to_be_bytes()].concat();
    [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".as_slice(), &sides, &[8, 0, 0, 0, 0]].concat()
}

fn address(bytes: &[u8]) -> String {
    format!("data:image/png;base64,{}", STANDARD.encode(bytes))
}

#[test]
fn pictures_in_the_text_are_files() {
    let (scan, one) = (png(800, 300), address(&png(800, 300)));
    let escaped: String = one.chars().map(|c| format!("&#{};", c as u32)).collect();
    let percent: String = scan.iter().map(|byte| format!("%{byte:02x}")).collect();
    let drawing = format!("<svg><image xlink:href='{one}'/></svg>");
    for body in [
        format!("<img src=\"{one}\">"),
        format!("<img src={}>", one.replace("data:image", "DATA:Image")),
        format!("<img src='{}'>", one.replace('+', "%2B").replace('=', "%3D")),
        format!("<img src='{escaped}'>"),
        format!("<img src='data:image/png,{percent}'>"),
        format!("<img srcset='{one} 1x, https://x.example/a.png 2x'>"),
        format!("<img srcset='https://x.example/a.png 1x, {one} 2x'>"),
        format!("<input type=image src='{one}'><object data='{one}'></object>"),
        format!("<table background='{one}'><td>x"),
        format!("<div style='background:url({one})'>x"),
        format!("<div style='background:url(&quot;{one}&quot;)'>x"),
        format!("<style>p{{background:url({one})}} p{{background:url('{one}')}}</style>"),
        format!("<style>p{{background:url('{}')}}</style>", one.replacen("data", "\\64 ata", 1)),
        format!("<!--[if mso]><v:fill src='{one}'/><![endif]-->"),
        drawing.clone(),
        format!("<img src='data:image/svg+xml;base64,{}'>", STANDARD.encode(&drawing)),
        format!("<div style='background:url(data:image/svg+xml;base64,{})'>", STANDARD.encode(&drawing)),
        format!("<iframe srcdoc=\"<img src='{one}'>\"></iframe>"),
        format!(
            "<iframe src='data:text/html;base64,{}'></iframe>",
            STANDARD.encode(format!("<img src='{one}'>"))
        ),
    ] {
        let message = html(&body);
        let files: Vec<_> =
            message.attachments.iter().map(|file| (file.part.as_str(), &file.bytes)).collect();
        assert_eq!(files, [("1!picture 1", &scan)], "{body}");
        assert!(message.defects.is_empty(), "{body}: {message:?}");
        assert!(!everything(&message).contains("iVBOR"), "{body}: {}", everything(&message));
    }
}

/// The dots and lines of ordinary mail are none, nor is one picture two.
#[test]
fn ornaments_in_the_text_are_no_files() {
    let gif = STANDARD.encode(b"GIF89a\x01\0\x01\0\x80\0\0");
    let scan = address(&png(200, 200));
    let body = format!(
        "<img src='data:image/gif;base64,{gif}'><img src='{}'><img src='data:image/png;base64,'><img src='{scan}'><p><img src='{scan}'>",
        address(&png(600, 8)),
    );
    assert_eq!(html(&body).attachments.len(), 1);
    // In two readings of the same letters too.
    let both = mail(&format!(
        "Subject: x\nContent-Type: text/html; charset=utf-8\nContent-Type: text/html; charset=iso-8859-1\n\n{body} é"
    ));
    assert!(both.texts.len() > 3 && both.attachments.len() == 1, "{both:?}");
}

#[test]
fn more_pictures_than_a_message_may_have_files_are_told() {
    let body: String = (0..300).map(|n| format!("<img src='{}'>", address(&png(200 + n, 200)))).collect();
    let message = html(&body);
    assert_eq!(message.attachments.len(), vocabulary::bounds::ATTACHMENTS_MAX);
    assert!(has(&message, DefectKind::TooManyParts) && message.is_unread());
}

/// A drawing in words says what they say: in the text itself, in an address, in a style.
#[test]
fn words_of_a_drawing_are_read() {
    for words in [
        format!("<text>{SECRET}</text>"),
        format!("<title>{SECRET}</title>"),
        format!("<desc>{SECRET}</desc>"),
        format!("<foreignObject><p>{SECRET}</p></foreignObject>"),
        "<text><tspan>FR7630006000</tspan><tspan dx='1'>011234567890189</tspan></text>".to_owned(),
        format!("<text><![CDATA[{SECRET}]]></text>"),
        format!("<a xlink:title='{SECRET}'>x</a>"),
    ] {
        let drawing = format!("<svg xmlns='http://www.w3.org/2000/svg'>{words}</svg>");
        let percent: String = drawing.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let quoted = drawing.replace('#', "%23").replace('<', "%3C").replace('>', "%3E");
        for body in [
            drawing.clone(),
            format!("<img src='data:image/svg+xml;base64,{}'>", STANDARD.encode(&drawing)),
            format!("<img src='data:image/svg+xml,{percent}'>"),
            format!("<style>p{{background:url(\"data:image/svg+xml;charset=utf8,{quoted}\")}}</style>"),
            format!(
                "<style>p{{background:url(data:image/svg+xml;base64,{})}}</style>",
                STANDARD.encode(&drawing)
            ),
        ] {
            let found = everything(&html(&body)).matches(SECRET).count();
            assert_eq!(found, 1, "{body}: {}", everything(&html(&body)));
        }
    }
    let lines = everything(&html("<svg><text>un</text><text>deux<tspan y='2'>trois</tspan></text></svg>"));
    assert!(lines.contains("un deux trois"), "{lines}");
}

#[test]
fn style_sheets_are_read() {
    let escaped: String = SECRET.chars().map(|c| format!("\\{:x} ", c as u32)).collect();
    for sheet in [
        format!("/* {SECRET} */"),
        format!(".x::after{{content:\"{SECRET}\"}}"),
        format!(".x::after{{content:'{escaped}'}}"),
        format!("p{{--x: {SECRET}}}"),
        format!(".{SECRET}{{color:red}}"),
        format!("<!-- p{{color:red}} /* {SECRET} */ -->"),
    ] {
        let text = everything(&html(&format!("<style>{sheet}</style><p>x")));
        assert!(text.contains(SECRET), "{sheet}: {text}");
    }
}

#[test]
fn fields_that_nobody_shows_are_read() {
    for field in [
        format!("X-Note: {SECRET}"),
        format!("X-Note: =?utf-8?B?{}?=", STANDARD.encode(SECRET)),
        format!("References: <{SECRET}@x.example>"),
        format!("In-Reply-To: <{SECRET}@x.example>"),
        format!("Message-ID: <{SECRET}@x.example>"),
        format!("Organization: {SECRET}"),
        format!("Cc: <{SECRET}@x.example>"),
        format!("Sender: {SECRET}@x.example"),
    ] {
        let message = mail(&format!("Subject: x\n{field}\n\ntexte"));
        assert!(everything(&message).contains(SECRET), "{field}");
        // A list of ids is no list of addresses.
        assert!(!everything(&message).contains('@'), "{field}");
    }
    let part = mail(&format!(
        "Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Description: {SECRET}\nContent-Type: text/plain\n\nx\n--a--\n"
    ));
    assert!(everything(&part).contains(SECRET));
    assert!(part.texts.iter().any(|text| text.part.as_str() == "1.header"), "{part:?}");
    // What servers write for each other is passed over.
    let transport = mail(
        "Subject: x\nDKIM-Signature: v=1; b=abc\nX-MS-Exchange-Id: 12\nList-Id: <x>\nContent-MD5: Q2hlY2sgSW50ZWdyaXR5IQ==\n\
         Importance: High\nX-Priority: 1 (Highest)\nAccept-Language: fr-FR, en;q=0.8\nLines: 12\n\ntexte",
    );
    assert_eq!(transport.texts.len(), 2, "{transport:?}");
}

#[test]
fn what_is_shown_beside_addresses_is_read() {
    for field in [
        format!("From: {SECRET} <a@x.example>"),
        format!("From: a@x.example\nSender: \"{SECRET}\" <b@x.example>"),
        format!("Bcc: {SECRET} <a@x.example>"),
        format!("Reply-To: =?utf-8?B?{}?= <a@x.example>", STANDARD.encode(SECRET)),
        // The name of a group, a remark, no address at all.
        format!("To: {SECRET}: a@x.example, b@x.example;"),
        format!("Cc: a@x.example ({SECRET}), Inès <b@x.example>"),
        format!("Cc: Inès <b@x.example> ({SECRET})"),
        format!("To: {SECRET}"),
        // Fields of programs that say something else than such fields do.
        format!("Content-MD5: {SECRET}"),
        format!("Content-Length: {SECRET}"),
        format!("Importance: {SECRET}"),
        format!("X-Priority: {SECRET}"),
        format!("Accept-Language: {SECRET}"),
    ] {
        let message = mail(&format!("Subject: x\n{field}\n\ntexte"));
        assert!(everything(&message).contains(SECRET), "{field}: {}", everything(&message));
    }
    // Names are said once, addresses not at all.
    let message = mail(
        "Subject: x\nFrom: \"Kermadec, Inès\" <i.k@x.example>\nTo: =?utf-8?Q?=C3=89lo?= <e@x.example>\n\ntexte",
    );
    assert_eq!(everything(&message), "x\nKermadec, Inès\nÉlo\ntexte");
}

#[test]
fn files_in_an_invitation_are_files() {
    let data = STANDARD.encode(format!("liste\n{SECRET}"));
    let (head, tail) = data.split_at(10);
    for line in [
        format!("ATTACH;FILENAME=\"liste.txt\";ENCODING=BASE64;VALUE=BINARY:{head}\n {tail}"),
        format!("ATTACH;FMTTYPE=text/plain;X-FILENAME=liste.txt;VALUE=BINARY;ENCODING=BASE64:{data}"),
        format!("ATTACH;FILENAME=liste.txt:data:text/plain;base64,{data}"),
        format!("IMAGE;ENCODING=BASE64;FILENAME=liste.txt;VALUE=BINARY:{data}"),
    ] {
        let message = mail(&format!(
            "Content-Type: text/calendar\n\nBEGIN:VCALENDAR\nBEGIN:VEVENT\n{line}\nEND:VEVENT\nEND:VCALENDAR\n"
        ));
        assert_eq!(message.attachments.len(), 1, "{line}");
        assert_eq!(message.attachments[0].name, "liste.txt", "{line}");
        assert!(everything(&message).contains(SECRET), "{line}");
    }
    let lines = mail(&format!(
        "Content-Type: text/calendar\n\nBEGIN:VCALENDAR\nPRODID:{SECRET}\nune ligne\nBEGIN:X {SECRET}\n"
    ));
    assert_eq!(everything(&lines).matches(SECRET).count(), 2);
    assert!(everything(&lines).contains("une ligne"));
}

/// The text of an RTF file is not its source: it is looked into as a file as well.
#[test]
fn a_text_that_opens_as_a_file_is_one() {
    let rtf = format!("{{\\rtf1 FR76 {{\\b 3000}} {}}}", &GROUPED[10..]);
    let card = format!("BEGIN:VCARD\nNOTE;ENCODING=QUOTED-PRINTABLE:=46{}\nEND:VCARD", &SECRET[1..]);
    for (header, body) in [
        ("Content-Type: text/rtf", &rtf),
        ("Content-Type: text/plain", &rtf),
        ("Content-Type: text/richtext; name=a.rtf\nContent-Disposition: inline; filename=a.rtf", &rtf),
        ("Content-Type: text/vcard", &card),
        ("Content-Type: text/x-vcard; name=a.vcf", &card),
        ("Content-Type: text/csv\nContent-Disposition: inline; filename=a.csv", &"a;b".to_owned()),
        ("Content-Type: text/plain; name=a.txt", &"a;b".to_owned()),
    ] {
        let message =
            mail(&format!("Content-Type: multipart/mixed; boundary=q\n\n--q\n{header}\n\n{body}\n--q--\n"));
        assert_eq!(message.attachments.len(), 1, "{header}");
        let file = &message.attachments[0];
        let start = body.split('\n').next().unwrap();
        assert!(String::from_utf8_lossy(&file.bytes).contains(start), "{header}");
        assert!(message.texts.iter().all(|text| text.part != file.part), "{header}: an id of its own");
        assert!(everything(&message).matches(start).count() >= 2, "{header}: shown as well");
    }
    for header in
        ["Content-Type: text/plain", "Content-Type: text/html", "Content-Type: text/plain; name=x.txt"]
    {
        assert!(mail(&format!("Subject: x\n{header}\n\ntexte")).attachments.is_empty(), "{header}");
    }
}

#[test]
fn base64_behind_its_padding_is_read_on() {
    let b64 = STANDARD.encode(format!("virement vers {SECRET} demain matin, merci"));
    let (head, tail) = b64.split_at(24);
    let bits = |size: usize, between: &str| {
        b64.as_bytes()
            .chunks(size)
            .map(|bit| std::str::from_utf8(bit).unwrap())
            .collect::<Vec<_>>()
            .join(between)
    };
    let below = |rest: &str| {
        mail(&format!(
            "Subject: x\nContent-Type: text/plain\nContent-Transfer-Encoding: base64\n\ncmllbg==\n{rest}"
        ))
    };
    for rest in [
        format!("{head} \n{tail}"),
        format!("{head}!{tail}"),
        format!("{head}\n{tail}\n\n-- \nliste de diffusion\n"),
        bits(4, " "),
        bits(2, "-"),
        format!("cmllbg==\n{head} {tail}"),
    ] {
        let message = below(&rest);
        assert!(everything(&message).contains(SECRET), "{rest}");
        assert!(has(&message, DefectKind::BrokenBase64) && message.is_ambiguous(), "{rest}");
    }
    for footer in [
        "-- \nListe clients, pour se désinscrire : https://x.example/abcdefgh\n",
        "Ce message est confidentiel et destiné à son seul destinataire\n",
        "_______________________________________________\nListe mailing list\nListe@x.example\n",
    ] {
        let message = below(footer);
        assert!(has(&message, DefectKind::TextOutsideParts) && !message.is_ambiguous(), "{footer}");
    }
}
