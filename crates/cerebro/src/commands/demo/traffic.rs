//! A day of invented mail, handed over through the real SMTP port as an institution's mail server would.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context, bail};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// One message of the day.
struct Mail {
    from: (&'static str, &'static str),
    to: &'static [&'static str],
    subject: &'static str,
    body: &'static str,
    extra: Extra,
}

enum Extra {
    None,
    Html(&'static str),
    Sheet(&'static str, &'static str),
    LockedArchive(&'static str),
    AutoReply,
}

const THEODORE: (&str, &str) = ("Théodore Vasquin", "theodore.vasquin@orveane.example");
const CLEMENCE: (&str, &str) = ("Clémence Aubertin", "clemence.aubertin@orveane.example");
const GASPARD: (&str, &str) = ("Gaspard Nivelle", "gaspard.nivelle@orveane.example");
const YASMINE: (&str, &str) = ("Yasmine Ferrand-Okoye", "yasmine.ferrand-okoye@orveane.example");
const PAUL: (&str, &str) = ("Paul Anselin", "paul.anselin@quillon.example");
const EDITH: (&str, &str) = ("Edith Marlowe", "edith.marlowe@quillon.example");
const OSCAR: (&str, &str) = ("Oscar Trent", "oscar.trent@quillon.example");

/// IBANs and cards here have valid check digits and belong to nobody.
const DAY: &[Mail] = &[
    Mail {
        from: CLEMENCE,
        to: &["r.lemarrec@cabinet-ruelle.example"],
        subject: "Point sur votre dossier",
        extra: Extra::None,
        body: "Bonjour Rozenn,\n\nMerci pour les pièces reçues hier. Il nous manque encore le procès-verbal signé ; pouvez-vous me l’envoyer avant jeudi ?\n\nBien à vous,\nClémence Aubertin\nFinancements structurés\nBanque Orvéane",
    },
    Mail {
        from: THEODORE,
        to: &["r.lemarrec@cabinet-ruelle.example"],
        subject: "Provision pour honoraires",
        extra: Extra::None,
        body: "Bonjour Rozenn,\n\nComme convenu au téléphone, merci de régler la provision sur le compte du client : FR76 3000 6000 0112 3456 7890 189.\n\nJe vous appelle demain vers 9 h.\n\nThéodore Vasquin",
    },
    Mail {
        from: GASPARD,
        to: &["clemence.aubertin@orveane.example"],
        subject: "RIB du client Sableval",
        extra: Extra::None,
        body: "Clémence,\n\nLe RIB de Sableval pour le virement de vendredi : FR76 3000 6000 0112 3456 7890 189.\n\nGaspard",
    },
    Mail {
        from: YASMINE,
        to: &["h.moreau@garonne-notaires.example"],
        subject: "Rendez-vous de signature",
        extra: Extra::None,
        body: "Maître,\n\nNous confirmons la signature mercredi à 15 h dans vos bureaux. Mon collègue apportera les originaux.\n\nCordialement,\nYasmine Ferrand-Okoye",
    },
    Mail {
        from: GASPARD,
        to: &["compta@ateliers-brunoy.example", "theodore.vasquin@orveane.example"],
        subject: "Rapprochement de novembre",
        extra: Extra::Sheet(
            "rapprochement.csv",
            "date;tiers;iban;montant\n2026-11-03;Sableval;FR76 3000 6000 0112 3456 7890 189;12400,00\n2026-11-12;Brunoy;DE89 3704 0044 0532 0130 00;880,50\n",
        ),
        body: "Bonjour,\n\nVous trouverez en pièce jointe le rapprochement du mois. Dites-moi si une ligne vous surprend.\n\nGaspard Nivelle",
    },
    Mail {
        from: YASMINE,
        to: &["s.petit@lumiere-conseil.example"],
        subject: "Pièces pour la signature",
        extra: Extra::LockedArchive("pieces.zip"),
        body: "Bonjour Sandrine,\n\nLes pièces sont dans l’archive ; le mot de passe arrive par un autre canal.\n\nYasmine",
    },
    Mail {
        from: CLEMENCE,
        to: &["equipe-projet@cabinet-ruelle.example"],
        subject: "Ordre du jour de lundi",
        extra: Extra::Html(
            "<p>Bonjour à tous,</p><p>L’ordre du jour de lundi :</p><ol><li>calendrier</li><li>points ouverts</li><li>divers</li></ol><p>Bonne fin de semaine,<br>Clémence</p>",
        ),
        body: "",
    },
    Mail {
        from: THEODORE,
        to: &["p.anselin@quillon.example", "yasmine.ferrand-okoye@orveane.example"],
        subject: "Re: calendrier de clôture",
        extra: Extra::None,
        body: "Paul,\n\nLe calendrier me convient. Je vous renvoie la version annotée demain matin.\n\nThéodore\n\nLe 23 nov. 2026 à 17:02, Paul Anselin a écrit :\n> Bonjour Théodore,\n> voici le calendrier proposé pour la clôture.\n> Paul",
    },
    Mail {
        from: GASPARD,
        to: &["reservation@hotel-valmont.example"],
        subject: "Réservation du 2 décembre",
        extra: Extra::None,
        body: "Bonjour,\n\nPour garantir la chambre, ma carte : 4111 1111 1111 1111, expiration 09/28.\n\nMerci,\nGaspard Nivelle",
    },
    Mail {
        from: YASMINE,
        to: &["contact@assurances-delmas.example"],
        subject: "Réponse automatique : absente jusqu’au 27",
        extra: Extra::AutoReply,
        body: "Bonjour,\n\nJe suis absente jusqu’au 27 novembre. Pour une urgence, écrivez à clemence.aubertin@orveane.example.\n",
    },
    Mail {
        from: CLEMENCE,
        to: &["theodore.vasquin@orveane.example", "gaspard.nivelle@orveane.example"],
        subject: "Salle Garonne, 14 h",
        extra: Extra::None,
        body: "La salle Garonne est à nous de 14 h à 15 h 30. À tout à l’heure.",
    },
    Mail {
        from: EDITH,
        to: &["ops@harbour-custody.example"],
        subject: "Settlement instructions",
        extra: Extra::None,
        body: "Dear all,\n\nPlease settle Thursday’s redemption to the client account GB29 NWBK 6016 1331 9268 19.\n\nKind regards,\nEdith Marlowe",
    },
    Mail {
        from: OSCAR,
        to: &["j.hale@northgate-research.example"],
        subject: "Lunch on Friday?",
        extra: Extra::None,
        body: "Hi Jo,\n\nStill on for Friday? One o’clock at the usual place.\n\nOscar",
    },
    Mail {
        from: PAUL,
        to: &["theodore.vasquin@orveane.example"],
        subject: "Closing calendar",
        extra: Extra::None,
        body: "Théodore,\n\nHere is the proposed calendar for closing. The committee meets on 3 December.\n\nPaul",
    },
    Mail {
        from: OSCAR,
        to: &["edith.marlowe@quillon.example"],
        subject: "Client account for Harbour",
        extra: Extra::None,
        body: "Edith,\n\nThe account you asked for is GB29 NWBK 6016 1331 9268 19.\n\nOscar",
    },
    Mail {
        from: EDITH,
        to: &["investors@larkfield.example", "paul.anselin@quillon.example"],
        subject: "Quarterly letter",
        extra: Extra::None,
        body: "Dear investors,\n\nPlease find below our letter for the third quarter. Markets were quiet and so were we.\n\nEdith Marlowe\nQuillon Asset Management\n\nThis message is confidential and intended for its addressee only.",
    },
    Mail {
        from: PAUL,
        to: &["desk@meridian-brokers.example"],
        subject: "Fees for October",
        extra: Extra::Sheet("fees.csv", "account,card,amount\nHarbour,5555 5555 5555 4444,120.00\n"),
        body: "Hello,\n\nThe fees for October are attached, with the card they were charged to.\n\nPaul",
    },
    Mail {
        from: THEODORE,
        to: &["a.vidal@sableval.example"],
        subject: "Merci pour votre accueil",
        extra: Extra::None,
        body: "Chère Madame,\n\nMerci pour votre accueil de mardi. Nous revenons vers vous la semaine prochaine avec une proposition.\n\nThéodore Vasquin",
    },
];

/// Sends the day, one message after the other over one connection.
pub(super) async fn send(address: SocketAddr) -> anyhow::Result<()> {
    tokio::task::spawn_blocking(move || send_all(address)).await?
}

fn send_all(address: SocketAddr) -> anyhow::Result<()> {
    let stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    stream.set_nodelay(true)?;
    let mut smtp = BufReader::new(stream);
    reply(&mut smtp)?;
    command(&mut smtp, "EHLO mail.demo.example", "250")?;
    for (number, mail) in DAY.iter().enumerate() {
        command(&mut smtp, &format!("MAIL FROM:<{}> BODY=8BITMIME", mail.from.1), "250")?;
        for to in mail.to {
            command(&mut smtp, &format!("RCPT TO:<{to}>"), "250")?;
        }
        command(&mut smtp, "DATA", "354")?;
        let mut content = render(mail, number);
        content.push_str(".\r\n");
        smtp.get_mut().write_all(content.as_bytes())?;
        let answer = reply(&mut smtp)?;
        if !answer.starts_with("250") {
            bail!("{:?} was answered {answer:?}", mail.subject);
        }
    }
    command(&mut smtp, "QUIT", "221")
}

fn command(smtp: &mut BufReader<TcpStream>, line: &str, wanted: &str) -> anyhow::Result<()> {
    smtp.get_mut().write_all(format!("{line}\r\n").as_bytes())?;
    let answer = reply(smtp)?;
    if answer.starts_with(wanted) { Ok(()) } else { bail!("{line:?} was answered {answer:?}") }
}

fn reply(smtp: &mut BufReader<TcpStream>) -> anyhow::Result<String> {
    let mut whole = String::new();
    loop {
        let mut line = String::new();
        if smtp.read_line(&mut line).context("no answer")? == 0 {
            bail!("the connection ended");
        }
        whole += &line;
        if line.as_bytes().get(3) != Some(&b'-') {
            return Ok(whole);
        }
    }
}

/// The message as it goes over the wire: CRLF lines, dots stuffed.
fn render(mail: &Mail, number: usize) -> String {
    let (head, body) = content(mail);
    let to: Vec<String> = mail.to.iter().map(|to| format!("<{to}>")).collect();
    let (hour, minute) = (8 + number / 2, (number * 17) % 60);
    let text = format!(
        "From: {} <{}>\nTo: {}\nSubject: {}\nDate: Tue, 24 Nov 2026 {hour:02}:{minute:02}:00 +0100\n\
         Message-ID: <demo-{number}@{}>\nMIME-Version: 1.0\n{head}\n{body}\n",
        word(mail.from.0),
        mail.from.1,
        to.join(", "),
        word(mail.subject),
        mail.from.1.rsplit('@').next().unwrap_or("demo.example"),
    );
    text.lines()
        .map(|line| if line.starts_with('.') { format!(".{line}\r\n") } else { format!("{line}\r\n") })
        .collect()
}

/// RFC 2047 where a header needs it, in words short enough.
fn word(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    let characters: Vec<char> = text.chars().collect();
    let words: Vec<String> = characters
        .chunks(12)
        .map(|chunk| format!("=?utf-8?B?{}?=", STANDARD.encode(chunk.iter().collect::<String>())))
        .collect();
    words.join("\n ")
}

fn content(mail: &Mail) -> (String, String) {
    let plain = "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n".to_owned();
    let with_file = |name: &str, kind: &str, bytes: &[u8]| {
        let encoded = STANDARD.encode(bytes);
        let lines: Vec<&str> =
            encoded.as_bytes().chunks(76).filter_map(|line| std::str::from_utf8(line).ok()).collect();
        let body = format!(
            "--edge\n{plain}\n{}\n--edge\nContent-Type: {kind}; name=\"{name}\"\nContent-Disposition: attachment; \
             filename=\"{name}\"\nContent-Transfer-Encoding: base64\n\n{}\n--edge--",
            mail.body,
            lines.join("\n")
        );
        ("Content-Type: multipart/mixed; boundary=edge\n".to_owned(), body)
    };
    match mail.extra {
        Extra::None => (plain.clone(), mail.body.to_owned()),
        Extra::AutoReply => (format!("Auto-Submitted: auto-replied\n{plain}"), mail.body.to_owned()),
        Extra::Html(html) => {
            let head = "Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: 8bit\n".to_owned();
            (head, format!("<!doctype html><html><body>{html}</body></html>"))
        }
        Extra::Sheet(name, text) => with_file(name, "text/csv; charset=utf-8", text.as_bytes()),
        Extra::LockedArchive(name) => with_file(name, "application/zip", &locked_archive()),
    }
}

/// A ZIP with one entry marked as encrypted (APPNOTE 4.4.4, flag bit 0): nobody can read it, CEREBRO included.
fn locked_archive() -> Vec<u8> {
    const NAME: &[u8] = b"pieces.pdf";
    const DATA: &[u8] = b"\x13\x8a\x5c\xf0\x21\x9e\x47\xd3\x0b\xa6\x77\xc2\xee\x1f\x58\x90\x3d\x64";
    let size = |bytes: &[u8]| u32::try_from(bytes.len()).unwrap_or(0).to_le_bytes();
    let mut fields = Vec::new();
    // Version 2.0, flags: encrypted, stored, a time, a date, a checksum, sizes with and without the 12-byte header.
    for field in [20_u16, 1, 0, 0x6000, 0x5d78] {
        fields.extend_from_slice(&field.to_le_bytes());
    }
    fields.extend_from_slice(&0x1234_5678_u32.to_le_bytes());
    fields.extend_from_slice(&size(DATA));
    fields.extend_from_slice(&size(DATA.get(12..).unwrap_or_default()));
    fields.extend_from_slice(&[NAME.len() as u8, 0, 0, 0]);
    let mut zip = b"PK\x03\x04".to_vec();
    zip.extend_from_slice(&fields);
    zip.extend_from_slice(NAME);
    zip.extend_from_slice(DATA);
    let directory = zip.len();
    zip.extend_from_slice(b"PK\x01\x02\x14\x00");
    zip.extend_from_slice(&fields);
    zip.extend_from_slice(&[0; 14]);
    zip.extend_from_slice(NAME);
    let length = zip.len() - directory;
    zip.extend_from_slice(b"PK\x05\x06\x00\x00\x00\x00\x01\x00\x01\x00");
    zip.extend_from_slice(&u32::try_from(length).unwrap_or(0).to_le_bytes());
    zip.extend_from_slice(&u32::try_from(directory).unwrap_or(0).to_le_bytes());
    zip.extend_from_slice(&[0, 0]);
    zip
}
