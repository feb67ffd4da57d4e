//! Tesseract behind its walls: it reads what is written, and a program in its place can do nothing else.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use extract::{Ocr, Seen, Worker};
use libtest_mimic::Trial;

use crate::{run, trial};

/// Account details of nobody, rendered by a browser from `rib.html`.
const RIB: &[u8] = include_bytes!("rib.png");

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial("ocr::what_is_written_in_a_picture_is_read", what_is_written_in_a_picture_is_read),
        trial("ocr::what_is_written_within_files_is_read", what_is_written_within_files_is_read),
        trial("ocr::what_a_picture_says_besides_is_read", what_a_picture_says_besides_is_read),
        trial("ocr::a_broken_picture_is_unread_and_a_small_one_is_small", broken_and_small),
        trial("ocr::in_its_place_a_program_can_do_nothing_else", nothing_else),
    ]
}

fn ocr(tesseract: &Path) -> Ocr {
    let program = std::env::current_exe().unwrap();
    Ocr::new(Worker { program, arguments: vec!["as-ocr".into(), tesseract.into()] })
}

/// Debian's, where it is installed; never absent in the build's own run.
fn real() -> Option<Ocr> {
    let path = PathBuf::from("/usr/bin/tesseract");
    if !path.is_file() {
        assert!(std::env::var_os("CEREBRO_CI").is_none(), "there is no tesseract");
        eprintln!("skipped: there is no tesseract");
        return None;
    }
    Some(ocr(&path))
}

fn what_is_written_in_a_picture_is_read() {
    let Some(ocr) = real() else { return };
    let Seen::Text(text) = run(ocr.read(RIB)) else { panic!("unread") };
    for line in ["FR76 3000 6000 0112 3456 7890 189", "AGRIFRPP", "Odile Tréhorel"] {
        assert!(text.contains(line), "{text}");
    }
}

/// The pixels of the picture, as PNG compresses them: PDF undoes the same (`/Predictor 15`).
fn pixels() -> Vec<u8> {
    let mut rest = &RIB[8..];
    let mut data = Vec::new();
    while let Some((head, behind)) = rest.split_first_chunk::<8>() {
        let length = usize::try_from(u32::from_be_bytes(head[..4].try_into().unwrap())).unwrap();
        if &head[4..] == b"IDAT" {
            data.extend(&behind[..length]);
        }
        rest = &behind[length + 4..];
    }
    data
}

/// A PDF of one page that is a picture of 760 by 360 pixels.
fn scan(keys: &str, data: &[u8]) -> Vec<u8> {
    let head = format!(
        "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
         3 0 obj<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</XObject<</X 5 0 R>>>>>>endobj\n\
         4 0 obj<</Length 5>>stream\n/X Do\nendstream endobj\n\
         5 0 obj<</Subtype/Image/Width 760/Height 360/BitsPerComponent 8/ColorSpace/DeviceRGB{keys}/Length {}>>stream\n",
        data.len()
    );
    [head.as_bytes(), data, b"\nendstream endobj\ntrailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF"].concat()
}

/// Through both children: the one that looks into files hands pictures out, the other reads them.
fn what_is_written_within_files_is_read() {
    let Some(ocr) = real() else { return };
    let flate = scan("/Filter/FlateDecode/DecodeParms<</Predictor 15/Colors 3/Columns 760>>", &pixels());
    let word = stored(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("word/document.xml", b"<w:document xmlns:w='w'><w:p><w:t>Voir</w:t></w:p></w:document>"),
        ("word/media/image1.png", RIB),
    ]);
    let address = {
        use base64::Engine as _;
        format!("data:image/png;base64,{}", base64::engine::general_purpose::STANDARD.encode(RIB))
    };
    let drawing =
        format!("<svg xmlns='http://www.w3.org/2000/svg'><image href='{address}'/></svg>").into_bytes();
    let message = format!(
        "From: a@x.example\r\nTo: b@x.example\r\nContent-Type: text/html\r\n\r\n<p>Voir</p><img src=\"{address}\">\r\n"
    )
    .into_bytes();
    let nested = stored(&[("b.zip", &stored(&[("rib.png", RIB)])), ("c.pdf", &flate)]);
    run(async {
        let extractor = crate::real();
        for (name, bytes, parts) in [
            ("scan.pdf", &flate, &["!page 1"][..]),
            ("a.docx", &word, &["!word/media/image1.png"]),
            ("a.zip", &nested, &["!b.zip!rib.png", "!c.pdf!page 1"]),
            ("a.svg", &drawing, &["!picture 1"]),
            ("a.eml", &message, &["/1!picture 1"]),
        ] {
            let found = extractor.extract(name, "", bytes).await;
            let handed: Vec<_> = found.iter().filter(|file| file.picture.is_some()).collect();
            let names: Vec<&str> = handed.iter().map(|file| file.part.as_str()).collect();
            assert_eq!(names, parts, "{found:?}");
            for file in handed {
                let Seen::Text(text) = ocr.read(&file.picture.as_ref().unwrap().0).await else {
                    panic!("{name} unread")
                };
                assert!(text.contains("FR76 3000 6000 0112 3456 7890 189"), "{name}: {text}");
            }
        }
    });
}

/// The picture in shades of grey: width, height, shades.
fn shades() -> (usize, usize, Vec<u8>) {
    let mut decoder = png::Decoder::new(std::io::Cursor::new(RIB));
    decoder.set_transformations(png::Transformations::EXPAND);
    let mut reader = decoder.read_info().unwrap();
    let mut colours = vec![0; reader.output_buffer_size().unwrap()];
    let output = reader.next_frame(&mut colours).unwrap();
    let samples = output.color_type.samples();
    let shades = colours.chunks(samples).map(|pixel| pixel[1 % samples]).collect();
    (usize::try_from(output.width).unwrap(), usize::try_from(output.height).unwrap(), shades)
}

/// A PNG in shades of grey that says how its camera was held (EXIF, tag 274).
fn held(width: usize, height: usize, shades: &[u8], how: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    let side = |side: usize| u32::try_from(side).unwrap();
    let mut encoder = png::Encoder::new(&mut bytes, side(width), side(height));
    encoder.set_color(png::ColorType::Grayscale);
    encoder.write_header().unwrap().write_image_data(shades).unwrap();
    let exif =
        [b"MM\0\x2A\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".as_slice(), &[how, 0, 0, 0, 0, 0, 0]].concat();
    let mut sum = flate2::Crc::new();
    sum.update(b"eXIf");
    sum.update(&exif);
    let length = side(exif.len()).to_be_bytes();
    [&bytes[..33], &length, b"eXIf", &exif, &sum.sum().to_be_bytes(), &bytes[33..]].concat()
}

/// Through both children: lying on its side, behind the first frame of a film, in colours of one shade.
fn what_a_picture_says_besides_is_read() {
    let Some(ocr) = real() else { return };
    let (width, height, shades) = shades();
    let on_its_side: Vec<u8> =
        (0..width * height).map(|at| shades[(at % height) * width + (width - 1 - at / height)]).collect();
    let turned = held(height, width, &on_its_side, 6);
    let mut film = Vec::new();
    let palette: Vec<u8> = (0..=255).flat_map(|shade| [shade; 3]).collect();
    let (wide, high) = (u16::try_from(width).unwrap(), u16::try_from(height).unwrap());
    let mut encoder = gif::Encoder::new(&mut film, wide, high, &palette).unwrap();
    for buffer in [vec![255; width * height], shades.clone()] {
        let frame = gif::Frame { width: wide, height: high, buffer: buffer.into(), ..gif::Frame::default() };
        encoder.write_frame(&frame).unwrap();
    }
    drop(encoder);
    // Red on a green that is as dark.
    let mut faint = Vec::new();
    let mut encoder = png::Encoder::new(&mut faint, wide.into(), high.into());
    encoder.set_color(png::ColorType::Rgb);
    let colour = |shade: &u8| if *shade < 128 { [200, 0, 0] } else { [0, 103, 0] };
    let colours: Vec<u8> = shades.iter().flat_map(colour).collect();
    encoder.write_header().unwrap().write_image_data(&colours).unwrap();
    run(async {
        let extractor = crate::real();
        for (name, bytes, part) in
            [("a.png", &turned, "!turned"), ("a.gif", &film, "!frame 2"), ("b.png", &faint, "!contrast")]
        {
            let found = extractor.extract(name, "", bytes).await;
            let handed: Vec<_> = found.iter().filter(|file| file.picture.is_some()).collect();
            assert_eq!(handed.iter().map(|file| file.part.as_str()).collect::<Vec<_>>(), [part], "{found:?}");
            let Seen::Text(text) = ocr.read(&handed[0].picture.as_ref().unwrap().0).await else {
                panic!("{name} unread")
            };
            assert!(text.contains("FR76 3000 6000 0112 3456 7890 189"), "{name}: {text}");
        }
    });
}

/// A ZIP whose members are stored as they are (APPNOTE 4.3).
fn stored(members: &[(&str, &[u8])]) -> Vec<u8> {
    let number = |number: usize| u32::try_from(number).unwrap().to_le_bytes();
    let (mut file, mut directory) = (Vec::new(), Vec::new());
    for (name, bytes) in members {
        let at = number(file.len());
        let mut sum = flate2::Crc::new();
        sum.update(bytes);
        let sizes = [sum.sum().to_le_bytes(), number(bytes.len()), number(bytes.len())].concat();
        let common = [&[10, 0, 0, 0, 0, 0, 0, 0, 33, 0], sizes.as_slice(), &number(name.len())].concat();
        file.extend([b"PK\x03\x04", common.as_slice(), name.as_bytes(), bytes].concat());
        directory.extend([b"PK\x01\x02\x0a\0", common.as_slice(), &[0; 10], &at, name.as_bytes()].concat());
    }
    let count = &number(members.len())[..2];
    let (size, start) = (number(directory.len()), number(file.len()));
    [&file, &directory, &b"PK\x05\x06\0\0\0\0"[..], count, count, &size, &start, &[0, 0]].concat()
}

fn broken_and_small() {
    let Some(ocr) = real() else { return };
    assert_eq!(run(ocr.read(&RIB[..RIB.len() / 2])), Seen::Unread);
    assert_eq!(run(ocr.read(b"GIF89a")), Seen::Unread);
    let sized = |width: u32, height: u32| {
        let mut bytes = RIB.to_vec();
        bytes[16..20].copy_from_slice(&width.to_be_bytes());
        bytes[20..24].copy_from_slice(&height.to_be_bytes());
        bytes
    };
    assert_eq!(run(ocr.read(&sized(20, 2_000))), Seen::Small);
    // It says that it has four billion pixels: nobody decodes it.
    assert_eq!(run(ocr.read(&sized(65_535, 65_535))), Seen::Unread);
    // Its size is not what its checksum covers.
    assert_eq!(run(ocr.read(&sized(800, 400))), Seen::Unread);
    // Another program's absence is a picture unread.
    assert_eq!(run(self::ocr(Path::new("/usr/bin/absent")).read(RIB)), Seen::Unread);
}

fn nothing_else() {
    let Seen::Text(said) = run(ocr(&std::env::current_exe().unwrap()).read(RIB)) else { panic!("unread") };
    assert_eq!(
        said,
        format!(
            "picture {}\nfile refused\nwrite refused\nlist refused\nsocket refused\nprogram refused\nthread refused\nsignal refused",
            RIB.len()
        )
    );
}

/// What this program does when it is started in the place of Tesseract.
pub(crate) fn probe() -> std::process::ExitCode {
    let mut picture = Vec::new();
    std::io::stdin().read_to_end(&mut picture).unwrap();
    let mut said = format!("picture {}\n", picture.len());
    let mut attempt = |name: &str, refused: bool| {
        said.push_str(&format!("{name} {}\n", if refused { "refused" } else { "ALLOWED" }));
    };
    attempt("file", std::fs::read("/etc/passwd").is_err());
    attempt("write", std::fs::write("/tmp/cerebro-ocr-probe", b"x").is_err());
    attempt("list", std::fs::read_dir("/home").is_err());
    attempt(
        "socket",
        std::net::TcpStream::connect("127.0.0.1:9").is_err_and(|error| error.raw_os_error() == Some(1)),
    );
    attempt("program", std::process::Command::new("/bin/true").status().is_err());
    attempt("thread", std::thread::Builder::new().spawn(|| ()).is_err());
    attempt("signal", rustix::process::test_kill_process(rustix::process::Pid::INIT).is_err());
    match std::io::stdout().write_all(said.as_bytes()) {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(_) => std::process::ExitCode::FAILURE,
    }
}
