//! Pictures within files are handed out to be read, as far as bounds go; what is not handed out is told.

use std::io::Read as _;

use flate2::read::ZlibDecoder;
use vocabulary::bounds::OCR_PICTURES_MAX;

use super::look;
use super::made::zip;
use super::pdf::{FONT, Made, stream};
use crate::{Empty, Extracted, Extraction, Feature, Picture};

/// A PNG that says it is so large; whoever decodes it finds nothing.
fn png(width: u32, height: u32) -> Vec<u8> {
    let sides = [width.to_be_bytes(), height.to_be_bytes()].concat();
    [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".as_slice(), &sides, &[8, 0, 0, 0, 0]].concat()
}

fn document(pictures: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut members: Vec<(&str, &[u8])> = vec![
        ("[Content_Types].xml", b"<Types/>"),
        ("word/document.xml", b"<w:document xmlns:w='w'><w:p><w:t>Voir ci-dessous</w:t></w:p></w:document>"),
    ];
    members.extend(pictures.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())));
    zip(&members)
}

/// The parts that were handed out, and those told as unread.
fn told(found: &[Extracted]) -> (Vec<&str>, Vec<&str>) {
    let parts = |wanted: fn(&Extracted) -> bool| {
        found.iter().filter(|file| wanted(file)).map(|file| file.part.as_str()).collect()
    };
    (parts(|file| file.picture.is_some()), parts(|file| file.features.contains(&Feature::UnreadPicture)))
}

#[test]
fn pictures_of_documents_archives_and_messages_are_handed_out() {
    let scan = png(800, 300);
    let word = document(&[
        ("word/media/image1.png".into(), scan.clone()),
        ("word/media/image2.png".into(), png(32, 32)),
        ("word/media/image3.emf".into(), [&[1, 0, 0, 0][..], &[0; 36], b" EMF", &[0; 40]].concat()),
    ]);
    let found = look("a.docx", &word);
    assert_eq!(told(&found), (vec!["!word/media/image1.png"], vec!["!word/media/image3.emf"]));
    assert_eq!(found[1].picture, Some(Picture(scan.clone())));
    let nested = zip(&[("b.zip", &zip(&[("rib.png", &scan), ("logo.png", &png(20, 20))]))]);
    let found = look("a.zip", &nested);
    assert_eq!(told(&found), (vec!["!b.zip!rib.png"], vec![]));
    let text = [
        b"From: a@x.example\r\nTo: b@x.example\r\nContent-Type: image/png; name=rib.png\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n".to_vec(),
        scan.iter().flat_map(|byte| format!("={byte:02X}").into_bytes()).collect(),
    ]
    .concat();
    assert_eq!(told(&look("a.eml", &text)), (vec!["/1"], vec![]));
    // The attachment itself is in the hands of whoever asked.
    assert_eq!(told(&look("rib.png", &scan)), (vec![], vec![]));
}

#[test]
fn there_is_an_end_to_pictures_and_it_is_told() {
    let many: Vec<(String, Vec<u8>)> =
        (0..OCR_PICTURES_MAX + 5).map(|n| (format!("word/media/image{n}.png"), png(200, 200))).collect();
    let found = look("a.docx", &document(&many));
    let (handed, unread) = told(&found);
    assert_eq!((handed.len(), unread), (OCR_PICTURES_MAX, vec![""]));
    let members: Vec<(&str, &[u8])> =
        many.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    let found = look("a.zip", &zip(&members));
    let (handed, unread) = told(&found);
    assert_eq!((handed.len(), unread.len()), (OCR_PICTURES_MAX, 5));
    // A picture that says more pixels than are read, and one of more bytes.
    let large = vec![
        ("word/media/a.png".to_owned(), png(60_000, 60_000)),
        ("word/media/b.png".to_owned(), {
            let mut bytes = png(200, 200);
            bytes.resize(21 * 1024 * 1024, 0);
            bytes
        }),
    ];
    let found = look("a.docx", &document(&large));
    assert_eq!(told(&found), (vec![], vec!["!word/media/a.png", "!word/media/b.png"]));
}

/// A page without text that shows this picture.
fn page(keys: &str, samples: &[u8]) -> Vec<Extracted> {
    page_of("/X1 Do", keys, samples)
}

fn page_of(content: &str, keys: &str, samples: &[u8]) -> Vec<Extracted> {
    let mut made = Made::new(FONT, &stream(&format!("/Length {}", content.len()), "", content.as_bytes()));
    let length = format!("/Length {} /Subtype /Image", samples.len());
    made.object(&stream(&length, keys, samples));
    look("scan.pdf", &made.finish())
}

/// Width, height, and the shades of the first row.
fn shades(found: &[Extracted]) -> (u32, u32, Vec<u8>) {
    let Picture(png) = found.iter().find_map(|file| file.picture.as_ref()).unwrap();
    let side = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
    let (width, height) = (side(16), side(20));
    let length = usize::try_from(side(33)).unwrap();
    let mut rows = Vec::new();
    ZlibDecoder::new(&png[41..41 + length]).read_to_end(&mut rows).unwrap();
    let wide = usize::try_from(width).unwrap();
    assert_eq!(rows.len(), (wide + 1) * usize::try_from(height).unwrap());
    (width, height, rows[1..=wide].to_vec())
}

#[test]
fn a_scanned_page_is_handed_out_as_a_picture_under_its_number() {
    let sides = "/Width 64 /Height 64";
    let found = page(&format!("{sides} /ColorSpace /DeviceGray /BitsPerComponent 8"), &[7; 64 * 64]);
    assert_eq!(found[0].outcome, Extraction::Nothing(Empty::ScannedPages));
    assert_eq!(found[0].features, [Feature::PicturePages]);
    assert_eq!((found[1].part.as_str(), found[1].name.as_str()), ("!page 1", "page 1"));
    assert_eq!(shades(&found), (64, 64, vec![7; 64]));
    let first =
        |keys: &str, samples: &[u8]| shades(&page(&format!("{sides} {keys}"), samples)).2[..3].to_vec();
    let repeated = |row: &[u8]| row.repeat(64);
    let rgb = [[255, 255, 255], [0, 0, 0], [255, 0, 0]].concat();
    let rgb = repeated(&[rgb, vec![0; 61 * 3]].concat());
    assert_eq!(first("/ColorSpace /DeviceRGB /BitsPerComponent 8", &rgb), [255, 0, 76]);
}

#[test]
fn samples_of_every_depth_and_colour_become_shades() {
    let sides = "/Width 64 /Height 64";
    let row = |start: &[u8], len: usize| {
        let mut row = start.to_vec();
        row.resize(len, 0);
        row.repeat(64)
    };
    for (keys, samples, wanted) in [
        ("/ColorSpace /DeviceGray /BitsPerComponent 1", row(&[0b1010_0000], 8), [255, 0, 255]),
        ("/ColorSpace /DeviceGray /BitsPerComponent 1 /Decode [1 0]", row(&[0b1010_0000], 8), [0, 255, 0]),
        ("/ImageMask true", row(&[0b0100_0000], 8), [0, 255, 0]),
        ("/ColorSpace /DeviceGray /BitsPerComponent 4", row(&[0xF0, 0x80], 32), [255, 0, 136]),
        ("/ColorSpace /DeviceGray /BitsPerComponent 16", row(&[9, 1, 8, 1, 7, 1], 128), [9, 8, 7]),
        (
            "/ColorSpace /DeviceCMYK /BitsPerComponent 8",
            row(&[0, 0, 0, 0, 0, 0, 0, 255, 5, 0, 0, 0], 256),
            [255, 0, 250],
        ),
        (
            "/ColorSpace [/Separation /Black /DeviceCMYK 9 0 R] /BitsPerComponent 8",
            row(&[0, 255, 5], 64),
            [255, 0, 250],
        ),
        (
            "/ColorSpace [/Indexed /DeviceRGB 1 <FFFFFF000000>] /BitsPerComponent 1",
            row(&[0b0100_0000], 8),
            [255, 0, 255],
        ),
        (
            "/ColorSpace [/Indexed /DeviceGray 2 <0A0B0C>] /BitsPerComponent 8",
            row(&[2, 0, 1], 64),
            [12, 10, 11],
        ),
    ] {
        let found = page(&format!("{sides} {keys}"), &samples);
        assert_eq!(shades(&found).2[..3], wanted, "{keys}");
    }
    // What cannot be told is told as unread: no row of samples, a colour space of no kind, JBIG2.
    for (keys, samples) in [
        ("/ColorSpace /DeviceGray /BitsPerComponent 8", &[0_u8; 10][..]),
        ("/ColorSpace /Pattern /BitsPerComponent 8", &[0; 4096]),
        ("/Filter /JBIG2Decode", &[0; 4096]),
        ("/Filter /CCITTFaxDecode /DecodeParms << /K -1 /EncodedByteAlign true >>", &[0; 4096]),
        ("/ColorSpace /DeviceGray /BitsPerComponent 3", &[0; 4096]),
    ] {
        let found = page(&format!("{sides} {keys}"), samples);
        assert_eq!(told(&found), (vec![], vec!["!page 1"]), "{keys}");
    }
}

#[test]
fn pictures_of_a_known_format_are_handed_out_as_they_stand() {
    let jpeg = b"\xFF\xD8\xFF\xC0\x00\x11\x08\x00\x80\x00\x80\x03".repeat(2);
    let found = page("/Width 128 /Height 128 /Filter /DCTDecode", &jpeg);
    assert_eq!(found[1].picture, Some(Picture(jpeg.clone())));
    assert_eq!(found[1].detected_type, "image/jpeg");
    let hex: Vec<u8> = jpeg.iter().flat_map(|byte| format!("{byte:02x}").into_bytes()).collect();
    let found = page("/Width 128 /Height 128 /Filter [/AHx /DCT]", &[&hex[..], b">"].concat());
    assert_eq!(found[1].picture, Some(Picture(jpeg)));
    let keys = "/Width 100 /Height 80 /Filter /CCITTFaxDecode /DecodeParms << /K -1 /Columns 100 >>";
    let found = page(keys, b"fax");
    let Some(Picture(tiff)) = &found[1].picture else { panic!("{found:?}") };
    assert!(tiff.starts_with(b"II\x2A\0\x0C\0\0\0fax\0\x0A\0\0\x01\x04\0\x01\0\0\0\x64\0\0\0"), "{tiff:?}");
}

#[test]
fn pictures_beside_text_are_handed_out_too_and_each_object_once() {
    let keys = "/Width 64 /Height 64 /ColorSpace /DeviceGray /BitsPerComponent 8";
    let found = page_of("BT /F1 9 Tf (RIB) Tj ET /X1 Do /X1 Do", keys, &[0; 4096]);
    assert!(!found[0].features.contains(&Feature::PicturePages), "{found:?}");
    assert_eq!(told(&found), (vec!["!page 1"], vec![]));
    // Words drawn as shapes, and a picture in the page's own stream: told, not read.
    let shapes = "0 0 m 1 1 l S ".repeat(120);
    let inline = "BI /W 80 /H 80 ID x EI";
    for content in [shapes.as_str(), inline] {
        let found = page_of(content, keys, &[0; 4096]);
        assert_eq!(found[0].features, [Feature::PicturePages]);
        assert_eq!(told(&found), (vec![], vec!["!page 1"]), "{content}");
    }
    // An ornament on a page without text may be all there is to it.
    let found = page("/Width 20 /Height 20 /ColorSpace /DeviceGray /BitsPerComponent 8", &[0; 400]);
    assert_eq!(told(&found), (vec![], vec!["!page 1"]));
}
