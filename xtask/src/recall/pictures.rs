//! Values written in pictures: sentences as a browser draws them, twelve a page, in a picture that is attached, that stands in
//! a ZIP in a ZIP, in a Word document, and as the page of a PDF.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use compliance::detect::appearance;
use compliance::{AttachmentOutcome, AttachmentText, OrganisationFacts, Unsent};
use extract::{Extraction, Ocr, Picture, Seen, Worker};
use mail::{PartId, PlaceKind, Places};

use super::plant::{attached, zip};

/// Sentences on one picture.
pub(super) const SENTENCES: usize = 12;

/// Where the picture stands.
pub(super) const PLACES: [&str; 4] = ["image", "image in zip", "image in docx", "pdf page"];

/// What draws and reads pictures.
pub(super) struct Studio {
    browser: PathBuf,
    directory: PathBuf,
    ocr: Ocr,
    runtime: tokio::runtime::Runtime,
}

impl Studio {
    /// Chromium, Tesseract, and the `cerebro` that stands beside this program; `None` where one is missing.
    pub(super) fn open() -> Result<Option<Self>> {
        let browser = std::env::var_os("CHROMIUM").map_or("/usr/bin/chromium".into(), PathBuf::from);
        let program = std::env::current_exe()?.with_file_name("cerebro");
        let tesseract = Path::new("/usr/bin/tesseract");
        if !(browser.is_file() && program.is_file() && tesseract.is_file()) {
            return Ok(None);
        }
        let directory = std::env::temp_dir().join(format!("cerebro-recall-{}", std::process::id()));
        std::fs::create_dir_all(&directory)?;
        let ocr = Ocr::new(Worker { program, arguments: vec!["ocr-worker".into(), tesseract.into()] });
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        Ok(Some(Self { browser, directory, ocr, runtime }))
    }

    /// The sentences as a PNG.
    pub(super) fn draw(&self, sentences: &[String]) -> Result<Vec<u8>> {
        let lines: String =
            sentences.iter().map(|line| format!("<p>{}</p>", super::plant::escape(line))).collect();
        let page = self.directory.join("page.html");
        let picture = self.directory.join("page.png");
        std::fs::write(
            &page,
            format!(
                "<meta charset=utf-8><body style='font:20px Liberation Sans,sans-serif;margin:24px'>{lines}"
            ),
        )?;
        let status = Command::new(&self.browser)
            .args(["--headless", "--no-sandbox", "--hide-scrollbars", "--window-size=1100,620"])
            .arg(format!("--screenshot={}", picture.display()))
            .arg(format!("--user-data-dir={}", self.directory.join("profile").display()))
            .arg(&page)
            .stderr(std::process::Stdio::null())
            .status()?;
        ensure!(status.success(), "the browser drew nothing");
        Ok(std::fs::read(picture)?)
    }

    /// A message with the picture in one of [`PLACES`], read as it would be.
    pub(super) fn read(&self, place: &str, carrier: &str, png: &[u8]) -> Result<Unsent> {
        let raw = match place {
            "image" => attached(carrier, "scan.png", "image/png", png),
            "image in zip" => {
                let inner = zip(&[("scan.png", png)])?;
                attached(carrier, "envoi.zip", "application/zip", &zip(&[("dossier.zip", &inner)])?)
            }
            "image in docx" => {
                let document = b"<w:document xmlns:w='w'><w:p><w:t>Voir</w:t></w:p></w:document>";
                let file = zip(&[
                    ("[Content_Types].xml", b"<Types/>"),
                    ("word/document.xml", document),
                    ("word/media/image1.png", png),
                ])?;
                attached(carrier, "note.docx", "application/octet-stream", &file)
            }
            "pdf page" => attached(carrier, "scan.pdf", "application/pdf", &scanned(png)?),
            _ => bail!("no such place"),
        };
        let message = mail::parse(&raw);
        let mut files = Vec::new();
        for file in message.all_attachments() {
            for one in extract::extract_here(&file.name, &file.declared_type, &file.bytes) {
                let whole = one.part.as_str().is_empty() && one.detected_type.starts_with("image/");
                let picture = match &one.picture {
                    Some(Picture(bytes)) => Some(bytes.as_slice()),
                    None => whole.then_some(file.bytes.as_slice()),
                };
                let mut places = Places::default();
                let outcome = match (picture, one.outcome) {
                    (Some(bytes), _) => match self.runtime.block_on(self.ocr.read(bytes)) {
                        Seen::Text(text) => {
                            places.mark(0, PlaceKind::Picture, "", 0, 0);
                            AttachmentOutcome::Text(text)
                        }
                        seen => bail!("{place}: {seen:?}"),
                    },
                    (None, Extraction::Text { text, .. }) => AttachmentOutcome::Text(text),
                    (None, Extraction::Nothing(_)) => AttachmentOutcome::Nothing,
                    (None, Extraction::Unreadable(reason)) => {
                        AttachmentOutcome::Unreadable(reason.code().into())
                    }
                };
                let part = PartId::new(&format!("{}{}", file.part, one.part)).to_string();
                files.push(AttachmentText {
                    part,
                    name: one.name,
                    outcome,
                    places,
                    ..AttachmentText::default()
                });
            }
        }
        Ok(Unsent::new(message, files, OrganisationFacts::default()))
    }

    /// How many of the values are found, and those that are not. A letter that was read for a digit it looks like is that digit.
    pub(super) fn count(
        &self,
        field: &super::Field,
        place: &str,
        carrier: &str,
        (detector, values, png): (&str, &[String], &[u8]),
    ) -> Result<(usize, Vec<String>)> {
        let unsent = self.read(place, carrier, png)?;
        let missed: Vec<String> = values
            .iter()
            .filter(|value| !field.finds(&unsent, detector, value, appearance))
            .cloned()
            .collect();
        Ok((values.len() - missed.len(), missed))
    }
}

impl Drop for Studio {
    fn drop(&mut self) {
        // What is left of it is the machine's temporary files'.
        let _ = std::fs::remove_dir_all(&self.directory);
    }
}

/// A PDF of one page that is the picture: PDF undoes what PNG compresses (`/Predictor 15`).
fn scanned(png: &[u8]) -> Result<Vec<u8>> {
    let head = png.get(16..26).context("no PNG")?;
    let side = |at: usize| head.get(at..at + 4).and_then(|side| side.try_into().ok()).map(u32::from_be_bytes);
    let (Some(width), Some(height)) = (side(0), side(4)) else { bail!("no PNG") };
    ensure!(head.get(8..) == Some(&[8, 2]), "the browser draws in another form: {head:?}");
    let mut rest = png.get(8..).unwrap_or_default();
    let mut data = Vec::new();
    while let Some((head, behind)) = rest.split_first_chunk::<8>() {
        let [a, b, c, d, kind @ ..] = *head;
        let length = usize::try_from(u32::from_be_bytes([a, b, c, d]))?;
        if &kind == b"IDAT" {
            data.extend(behind.get(..length).unwrap_or_default());
        }
        rest = behind.get(length + 4..).unwrap_or_default();
    }
    let page = format!(
        "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
         3 0 obj<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</XObject<</X 5 0 R>>>>>>endobj\n\
         4 0 obj<</Length 5>>stream\n/X Do\nendstream endobj\n\
         5 0 obj<</Subtype/Image/Width {width}/Height {height}/BitsPerComponent 8/ColorSpace/DeviceRGB/Filter/FlateDecode\
         /DecodeParms<</Predictor 15/Colors 3/Columns {width}>>/Length {}>>stream\n",
        data.len()
    );
    Ok([page.as_bytes(), &data, b"\nendstream endobj\ntrailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF"].concat())
}
