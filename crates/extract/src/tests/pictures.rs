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

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A bitmap without its file's header: 24 bits a pixel.
fn dib(width: u32, height: u32) -> Vec<u8> {
    let sides = [40, width, height].map(u32::to_le_bytes).concat();
    [sides.as_slice(), &[1, 0, 24, 0], &[0; 24], &[0; 64]].concat()
}

#[test]
fn pictures_of_rtf_are_handed_out_in_digits_and_in_bytes() {
    let scan = png(800, 300);
    let binary =
        [&format!(r"{{\pict\pngblip\bin{} ", scan.len()).into_bytes(), scan.as_slice(), b"}"].concat();
    let source = [
        format!(r"{{\rtf1 avant{{\*\shppict{{\pict{{\*\picprop{{\sp{{\sn fade}}}}}}{{\*\blipuid 00ff}}\pngblip\picw800 {}}}}}", hex(&scan)).as_bytes(),
        br"{\nonshppict{\pict\wmetafile8 010009000003}}",
        &binary,
        format!(r"{{\pict\dibitmap0 {}}}", hex(&dib(640, 480))).as_bytes(),
        format!(r"{{\pict\emfblip {}}}", hex(&[&[1, 0, 0, 0][..], &[0; 36], b" EMF", &[0; 40]].concat())).as_bytes(),
        br"apr\'e8s}",
    ]
    .concat();
    let found = look("a.rtf", &source);
    assert_eq!(found[0].outcome.text(), Some("avantaprès"));
    assert_eq!(told(&found), (vec!["!picture 1", "!picture 2", "!picture 3"], vec!["!picture 4"]));
    assert_eq!((&found[1].picture, &found[2].picture), (&Some(Picture(scan.clone())), &Some(Picture(scan))));
    let Some(Picture(bitmap)) = &found[3].picture else { panic!("{:?}", found[3]) };
    assert_eq!(
        (&bitmap[..2], &bitmap[10..14], &bitmap[14..]),
        (&b"BM"[..], &54_u32.to_le_bytes()[..], &dib(640, 480)[..])
    );
}

#[test]
fn hostile_pictures_of_rtf_are_bounded_and_told() {
    // Digits that break off, half a digit, a length that lies, one within another.
    for source in [
        format!(r"{{\rtf1 x{{\pict\pngblip {}4", hex(&png(800, 300))),
        r"{\rtf1 x{\pict\pngblip\bin99999999 abc".to_owned(),
        r"{\rtf1 x{\pict\bin3 \pi{\pict\bin5 }}}}}}}".to_owned(),
        format!(r"{{\rtf1 x{}", r"{\pict\dibitmap0 ff".repeat(3_000)),
    ] {
        look("a.rtf", source.as_bytes());
    }
    let small = format!(r"{{\pict\pngblip {}}}", hex(&png(10, 10)));
    let found = look("a.rtf", format!(r"{{\rtf1 mot{}}}", small.repeat(5_000)).as_bytes());
    assert_eq!((found.len(), told(&found)), (1, (vec![], vec![])));
    let scan = format!(r"{{\pict\pngblip {}}}", hex(&png(200, 200)));
    let found = look("a.rtf", format!(r"{{\rtf1 mot{}}}", scan.repeat(5_000)).as_bytes());
    let (handed, unread) = told(&found);
    assert_eq!((handed.len(), unread), (OCR_PICTURES_MAX, vec![""]));
    let mut large = png(200, 200);
    large.resize(21 * 1024 * 1024, 0);
    let source =
        [format!(r"{{\rtf1 mot{{\pict\pngblip\bin{} ", large.len()).as_bytes(), &large, b"}}"].concat();
    assert_eq!(told(&look("a.rtf", &source)), (vec![], vec!["!picture 1"]));
}

#[test]
fn pictures_that_are_addresses_in_a_page_are_handed_out() {
    use base64::Engine as _;
    let encoded = |bytes: &[u8]| base64::engine::general_purpose::STANDARD.encode(bytes);
    let (scan, other) = (png(800, 300), png(801, 300));
    let page = format!(
        "<html><body><p>mot</p><img src=\"data:image/png;base64,{}\"><img src='DATA:image/PNG;charset=x;BASE64,{}'>\
         <div style=\"background:url(data:image/png;base64,{})\"></div><img src=\"data:image/gif;base64,{}\">\
         <img src=\"data:image/png;base64,bm9u\"><img src=\"data:image/svg+xml,%3Csvg%3E\"><img src=\"data:image/png;base64,\"></body></html>",
        encoded(&scan),
        encoded(&other).replace('+', "%2B").replace('=', "%3D"),
        encoded(&png(16, 16)),
        encoded(b"GIF89a\x80\x02\xe0\x01"),
    );
    let found = look("a.html", page.as_bytes());
    assert_eq!(told(&found), (vec!["!picture 1", "!picture 2", "!picture 3"], vec!["!picture 4"]));
    assert_eq!((&found[1].picture, &found[2].picture), (&Some(Picture(scan)), &Some(Picture(other))));
    assert!(found[0].outcome.text().unwrap().contains("mot"));
}

#[test]
fn pictures_in_the_text_of_outlook_messages_are_handed_out() {
    use base64::Engine as _;
    let scan = png(800, 300);
    let address =
        format!("data:image/png;base64,{}", base64::engine::general_purpose::STANDARD.encode(&scan));
    let object =
        "01050000020000000800000054787446696c65000000000000000000".to_owned() + "04000000" + &hex(b"mots");
    let rtf = format!(
        r"{{\rtf1 texte{{\pict\pngblip {}}}{{\object{{\*\objdata {object}}}}}{{\*\htmltag84 <img src='{address}'>}}}}",
        hex(&scan)
    );
    // [MS-OXRTFCP] §2.1.3.1: sizes, uncompressed, no sum.
    let size = |len: usize| u32::try_from(len).unwrap().to_le_bytes();
    let stored = [&size(rtf.len() + 12)[..], &size(rtf.len()), b"MELA", &[0; 4], rtf.as_bytes()].concat();
    let html = format!("<img src='{}'>", address.replace("png;", "png;x=y;"));
    let property = |id: u16, value: &[u8]| {
        let padding = vec![0; value.len().next_multiple_of(4) - value.len()];
        [&0x0102_u16.to_le_bytes()[..], &id.to_le_bytes(), &size(1), &size(value.len()), value, &padding]
            .concat()
    };
    let properties = [&size(2)[..], &property(0x1009, &stored), &property(0x1013, html.as_bytes())].concat();
    let winmail = [
        &b"\x78\x9f\x3e\x22\0\0\x01"[..],
        &0x9003_u16.to_le_bytes(),
        &[6, 0],
        &size(properties.len()),
        &properties,
        &[0, 0],
    ]
    .concat();
    let found = look("winmail.dat", &winmail);
    assert_eq!(told(&found), (vec!["!picture 1", "!picture 2", "!picture 3"], vec![]), "{found:?}");
    assert!(found.iter().all(|file| file.picture.as_ref().is_none_or(|picture| picture.0 == scan)));
    assert!(found[0].outcome.text().unwrap().contains("texte"));
    assert_eq!(found[0].features, [Feature::EmbeddedFiles]);
    assert!(
        found.iter().any(|file| file.part.as_str() == "!object 1" && file.outcome.text() == Some("mots"))
    );
}

#[test]
fn drawings_in_words_are_read_and_their_pictures_handed_out() {
    use base64::Engine as _;
    let encoded = base64::engine::general_purpose::STANDARD.encode(png(800, 300));
    for start in
        ["", "<?xml version='1.0'?>\n<!-- x -->", "<?xml version='1.0'?><!DOCTYPE svg PUBLIC 'x' 'y'>"]
    {
        let drawing = format!(
            "{start}<svg xmlns='http://www.w3.org/2000/svg'><title>titre</title><desc>note</desc><text>un &amp; deux</text>\
             <foreignObject><p>page</p></foreignObject><image href='data:image/png;base64,{encoded}'/></svg>"
        );
        let found = look("a.svg", drawing.as_bytes());
        assert_eq!(found[0].detected_type, "image/svg+xml");
        let text = found[0].outcome.text().unwrap();
        for words in ["titre", "note", "un & deux", "page"] {
            assert!(text.contains(words), "{text}");
        }
        assert_eq!(told(&found), (vec!["!picture 1"], vec![]));
    }
    // A text about drawings is none.
    assert_eq!(look("a.txt", b"On ouvre par <svg> et on ferme.")[0].detected_type, "text/plain");
}

/// Words drawn as lines, as programs that make outlines of letters write them: nobody reads them, and that is told.
#[test]
fn words_drawn_as_lines_are_told() {
    let drawing = |shapes: &str| format!("<svg xmlns='http://www.w3.org/2000/svg' id='M'>{shapes}</svg>");
    let outlines = "<path class='x' id=\"MMMMMMMMMMMM\" d=\"M1 2l3 4z\"/>".repeat(12);
    let together = format!("<g><path fill='none'\n d='{}'/></g>", "m 1 2 3 4 z ".repeat(12));
    let repeated =
        "<defs><path id='g1' d='M0 0h1'/></defs>".to_owned() + &"<use xlink:href='#g1'/>".repeat(11);
    let prefixed = "<s:polyline points='1 2 3 4'/>".repeat(12);
    for (shapes, is_told) in [
        (outlines.as_str(), true),
        (&together, true),
        (&repeated, true),
        (&prefixed, true),
        ("<path id='MMMMMMMMMMMMMMM' d='M1 2l3 4z'/><rect/><circle r='3'/>", false),
        ("<text>dessin de douze lignes</text><linearGradient/>", false),
        ("<path d=", false),
        ("<path d='", false),
    ] {
        let found = look("a.svg", drawing(shapes).as_bytes());
        assert_eq!(found[0].features.contains(&Feature::UnreadPicture), is_told, "{shapes}");
    }
}

#[test]
fn drawings_of_old_office_documents_are_looked_through_for_pictures() {
    use crate::formats::pictures::{Pictures, of_drawings};
    use crate::work::{File, Work};
    let record = |head: u16, kind: u16, length: Option<u32>, body: &[u8]| {
        let length = length.unwrap_or_else(|| u32::try_from(body.len()).unwrap());
        [&head.to_le_bytes()[..], &kind.to_le_bytes(), &length.to_le_bytes(), body].concat()
    };
    let scan = png(800, 300);
    let metafile =
        |side: u32| [&[0; 16][..], &[0; 20], &side.to_le_bytes(), &side.to_le_bytes(), &[0; 6]].concat();
    let stream = [
        &[0xf0; 7][..],
        &record(0x6e00, 0xf01e, None, &[&[7; 17][..], &scan].concat()),
        &record(0x6e10, 0xf01e, None, &[&[7; 33][..], &scan].concat()),
        &record(0x7a80, 0xf01f, None, &[&[7; 17][..], &dib(640, 480)].concat()),
        &record(0x3d40, 0xf01a, None, &metafile(9_525 * 300)),
        &record(0x3d40, 0xf01a, None, &metafile(9_525 * 20)),
        &record(0x6e00, 0xf01e, None, &[&[7; 17][..], &png(12, 12)].concat()),
        &record(0x6e00, 0xf01e, None, b"no picture at all, whatever it says"),
        // The last claims more than there is.
        &record(
            0x46a0,
            0xf01d,
            Some(u32::MAX),
            &[&[7; 17][..], b"\xff\xd8\xff\xc0\0\x0b\x08\x02\0\x02\0"].concat(),
        ),
    ]
    .concat();
    let mut pictures = Pictures::default();
    of_drawings(&stream, &mut pictures);
    let mut work = Work::new(&stream);
    let file = File { part: mail::PartId::new(""), name: "a.doc", declared: "", bytes: &[], depth: 0 };
    work.nothing(&file, "application/msword", Empty::NoText);
    pictures.hand_out(&mut work, &file);
    let found = work.finish();
    assert_eq!(
        told(&found),
        (vec!["!picture 1", "!picture 2", "!picture 3", "!picture 5"], vec!["!picture 4"])
    );
    assert_eq!(found[2].picture, Some(Picture(scan)));
}

/// What other programs put into old documents is found: in Word's, Excel's and PowerPoint's of the corpus.
#[test]
fn pictures_of_old_documents_of_the_corpus_are_found() {
    let mut with = std::collections::BTreeMap::new();
    let all = super::corpus::files();
    for path in &all {
        let ending = path.extension().map(|ending| ending.to_string_lossy().into_owned()).unwrap_or_default();
        if !["doc", "xls", "ppt"].contains(&ending.as_str()) {
            continue;
        }
        let found = look("a", &std::fs::read(path).unwrap());
        let (handed, unread) = told(&found);
        if handed.iter().chain(&unread).any(|part| part.contains("!picture ")) {
            with.entry(ending).or_insert_with(Vec::new).push(path.file_name().unwrap().to_owned());
        }
    }
    eprintln!("{with:?}");
    assert!(all.is_empty() || with.len() == 3, "{with:?}");
}
