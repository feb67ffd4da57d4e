//! The messages of a benchmark: invented business mail of a wanted size, the same for every subject; or, for `mix`,
//! whatever files the corpus holds.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context, bail};

/// Messages to send in turn.
pub(crate) struct Messages {
    pub(crate) name: String,
    pub(crate) raw: Vec<Vec<u8>>,
}

const SENTENCES: [&str; 6] = [
    "Comme convenu lors de notre point de mardi, vous trouverez ci-dessous l'état d'avancement du dossier.",
    "Le comité a demandé une version simplifiée du calendrier, sans changer les dates de recette.",
    "Please let me know whether the meeting room on the third floor suits you for the next workshop.",
    "Les équipes ont terminé la relecture du support et attendent vos remarques d'ici vendredi.",
    "The figures for the quarter will be shared once the controllers have signed them off.",
    "Je reste à votre disposition pour en parler de vive voix, de préférence en fin de journée.",
];

/// How many different messages of a size: nothing that a subject remembers of one spares it the next.
const DIFFERENT: usize = 500;

/// Text messages of about `bytes` each, all different: headers as a mail system writes them, then paragraphs whose sentences
/// each carry a number of their own, as dates and amounts do in real ones.
pub(crate) fn of_size(name: &str, bytes: usize) -> Messages {
    Messages { name: name.to_owned(), raw: (0..DIFFERENT).map(|number| one(number, bytes)).collect() }
}

fn one(number: usize, bytes: usize) -> Vec<u8> {
    let mut text = format!(
        "From: =?utf-8?Q?Th=C3=A9odore_Vasquin?= <theodore.vasquin@orveane.example>\r\n\
         To: Rose Le Marrec <r.lemarrec@client.example>\r\n\
         Subject: =?utf-8?Q?Point_d'avancement_du_dossier?= {number}\r\n\
         Date: Tue, 24 Nov 2026 10:12:31 +0100\r\n\
         Message-ID: <bench-{number:04}@orveane.example>\r\n\
         MIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\
         Content-Transfer-Encoding: 8bit\r\n\r\n\
         Bonjour,\r\n\r\n"
    );
    for (place, sentence) in SENTENCES.iter().cycle().skip(number).enumerate() {
        if text.len() >= bytes {
            break;
        }
        let _ = write!(text, "{sentence} ({}/{place})", number * 7 % 31);
        text.push_str(if place % 3 == 2 { "\r\n\r\n" } else { "\r\n" });
    }
    text.push_str("Bien à vous,\r\nThéodore Vasquin\r\n");
    text.into_bytes()
}

/// Up to `most` messages of a folder, with CRLF line ends.
pub(crate) fn of_folder(name: &str, folder: &Path, most: usize) -> anyhow::Result<Messages> {
    let mut waiting = vec![folder.to_owned()];
    let mut raw = Vec::new();
    while let Some(path) = waiting.pop() {
        let read = std::fs::read_dir(&path).with_context(|| path.display().to_string())?;
        let mut paths = read.map(|entry| entry.map(|e| e.path())).collect::<Result<Vec<_>, _>>()?;
        paths.sort();
        for path in paths {
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|e| e == "eml" || e == "txt") && raw.len() < most {
                raw.push(with_crlf(&std::fs::read(&path)?));
            }
        }
    }
    if raw.is_empty() {
        bail!("{} holds no message", folder.display());
    }
    Ok(Messages { name: name.to_owned(), raw })
}

fn with_crlf(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() + bytes.len() / 40);
    for line in bytes.split(|byte| *byte == b'\n') {
        out.extend(line.iter().filter(|byte| !matches!(byte, b'\r' | 0)));
        out.extend_from_slice(b"\r\n");
    }
    out
}
