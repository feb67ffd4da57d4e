//! What pictures say besides the words in them, on pictures made here.

use fast_qr::{ECL, QRBuilder};
use gif::{DisposalMethod, Encoder, Frame};
use proptest::prelude::*;

use super::canvas::{Canvas, Shades};
use super::*;
use crate::tests::look as extracted;
use crate::{Empty, Extraction, Feature};

/// What a bank asks people to scan (EPC069-12).
const PAYMENT: &str =
    "BCD\n002\n1\nSCT\nAGRIFRPP\nOdile Tréhorel\nFR7630006000011234567890189\nEUR12.50\n\n\nFacture 12";

/// A code on white ground, so many pixels a square.
fn code(text: &str, times: usize) -> Shades {
    let code = QRBuilder::new(text).ecl(ECL::M).build().unwrap();
    let side = (code.size + 8) * times;
    let dark = |at: usize| (at / times).checked_sub(4).filter(|at| *at < code.size);
    let shade = |x, y| match (dark(x), dark(y)) {
        (Some(column), Some(row)) if code[row][column].value() => 0,
        _ => 255,
    };
    let shades = (0..side * side).map(|at| shade(at % side, at / side)).collect();
    Shades { width: side, height: side, shades }
}

fn plain(width: usize, height: usize, shade: u8) -> Shades {
    Shades { width, height, shades: vec![shade; width * height] }
}

/// A picture with a dark bar in it, from this row on.
fn barred(from: usize) -> Shades {
    let mut picture = plain(120, 90, 255);
    picture.shades[from * 120..(from + 8) * 120].fill(0);
    picture
}

fn gif(ground: u16, frames: &[(Shades, DisposalMethod)]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let palette: Vec<u8> = (0..=255).flat_map(|shade| [shade; 3]).collect();
    let mut encoder = Encoder::new(&mut bytes, ground, ground, &palette).unwrap();
    for (shades, dispose) in frames {
        let (width, height) = (shades.width.try_into().unwrap(), shades.height.try_into().unwrap());
        let buffer = shades.shades.clone().into();
        encoder.write_frame(&Frame { width, height, buffer, dispose: *dispose, ..Frame::default() }).unwrap();
    }
    drop(encoder);
    bytes
}

fn apng(frames: &[Shades]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let side = |side: usize| u32::try_from(side).unwrap();
    let mut encoder = png::Encoder::new(&mut bytes, side(frames[0].width), side(frames[0].height));
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_animated(side(frames.len()), 0).unwrap();
    let mut writer = encoder.write_header().unwrap();
    frames.iter().for_each(|frame| writer.write_image_data(&frame.shades).unwrap());
    drop(writer);
    bytes
}

/// A chunk of EXIF that says how the camera was held, put into a PNG.
fn held(png: &[u8], how: u8) -> Vec<u8> {
    let tiff =
        [b"MM\0\x2A\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".as_slice(), &[how, 0, 0, 0, 0, 0, 0]].concat();
    let mut sum = flate2::Crc::new();
    sum.update(b"eXIf");
    sum.update(&tiff);
    let length = u32::try_from(tiff.len()).unwrap().to_be_bytes();
    let chunk = [length.as_slice(), b"eXIf", &tiff, &sum.sum().to_be_bytes()].concat();
    [&png[..33], &chunk, &png[33..]].concat()
}

fn said(bytes: &[u8]) -> Said {
    look(bytes, &mut 100_000_000)
}

fn names(said: &Said) -> Vec<&str> {
    said.pictures.iter().map(|(name, _)| name.as_str()).collect()
}

/// The shades of a picture that was handed out.
fn shades(png: &[u8]) -> Shades {
    let mut reader = png::Decoder::new(Cursor::new(png)).read_info().unwrap();
    let mut shades = vec![0; reader.output_buffer_size().unwrap()];
    let output = reader.next_frame(&mut shades).unwrap();
    let side = |side: u32| usize::try_from(side).unwrap();
    Shades { width: side(output.width), height: side(output.height), shades }
}

#[test]
fn a_payment_code_is_a_text_of_its_picture() {
    let made = code(PAYMENT, 4);
    let inverted = Shades { shades: made.shades.iter().map(|shade| 255 - shade).collect(), ..made.clone() };
    let large = code(PAYMENT, 60);
    assert!(large.width * large.height > 4_000_000);
    for bytes in [
        made.png().unwrap(),
        inverted.png().unwrap(),
        large.png().unwrap(),
        gif(1, &[(made, DisposalMethod::Keep)]),
    ] {
        let found = extracted("code.png", &bytes);
        assert_eq!(found[0].outcome, Extraction::Nothing(Empty::Image));
        assert_eq!(found[1].part.as_str(), "!code 1");
        assert_eq!(found[1].outcome.text(), Some(PAYMENT));
        assert_eq!(found.len(), 2);
        assert!(found[0].features.is_empty(), "{found:?}");
    }
}

#[test]
fn a_code_that_cannot_be_read_is_told() {
    let mut broken = code(PAYMENT, 4);
    let side = broken.width;
    // The corners stay; what is between them is noise.
    for y in side * 4 / 10..side * 9 / 10 {
        for x in side * 4 / 10..side * 9 / 10 {
            broken.shades[y * side + x] = if (x / 4 * 7 + y / 4 * 13) % 5 < 2 { 0 } else { 255 };
        }
    }
    let found = extracted("code.png", &broken.png().unwrap());
    assert_eq!((found.len(), found[0].features.as_slice()), (1, &[Feature::UnreadPicture][..]));
}

#[test]
fn a_photograph_is_read_as_its_camera_was_held() {
    // 1 2
    // 3 4
    // 5 6
    let file = Shades { width: 2, height: 3, shades: vec![1, 2, 3, 4, 5, 6] };
    let png = file.png().unwrap();
    for (how, wide, wanted) in [
        (2, 2, [2, 1, 4, 3, 6, 5]),
        (3, 2, [6, 5, 4, 3, 2, 1]),
        (4, 2, [5, 6, 3, 4, 1, 2]),
        (5, 3, [1, 3, 5, 2, 4, 6]),
        (6, 3, [5, 3, 1, 6, 4, 2]),
        (7, 3, [6, 4, 2, 5, 3, 1]),
        (8, 3, [2, 4, 6, 1, 3, 5]),
    ] {
        let turned = turn::turned(&held(&png, how), &file).unwrap();
        assert_eq!((turned.width, turned.shades.as_slice()), (wide, wanted.as_slice()), "{how}");
    }
    for how in [0, 1, 9] {
        assert!(turn::turned(&held(&png, how), &file).is_none());
    }
    let picture = held(&barred(20).png().unwrap(), 6);
    assert_eq!(names(&said(&picture)), ["turned"]);
    let found = extracted("photo.png", &picture);
    assert_eq!(found[1].part.as_str(), "!turned");
    assert!(found[1].picture.is_some());
    // In a format that is not decoded here it is told.
    let tiff = b"MM\0\x2A\0\0\0\x08\0\x03\x01\0\0\x03\0\0\0\x01\0\x90\0\0\x01\x01\0\x03\0\0\0\x01\0\x90\0\0\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
    assert_eq!(extracted("a.tiff", tiff)[0].features, [Feature::UnreadPicture]);
}

#[test]
fn frames_behind_the_first_are_pictures_of_their_own() {
    let keep = |at: usize| (barred(at), DisposalMethod::Keep);
    let bytes = gif(120, &[keep(0), keep(20), keep(20), keep(40)]);
    assert_eq!(names(&said(&bytes)), ["frame 2", "frame 4"]);
    assert!(!said(&bytes).is_cut);
    let animated = apng(&[barred(0), barred(20), barred(40)]);
    let said_of = said(&animated);
    assert_eq!(names(&said_of), ["frame 2", "frame 3"]);
    assert_eq!(shades(&said_of.pictures[1].1).shades, barred(40).shades);
    // A code in a later frame, behind a picture of one pixel.
    let bytes = gif(1, &[(plain(1, 1, 255), DisposalMethod::Keep), (code(PAYMENT, 3), DisposalMethod::Keep)]);
    let large =
        gif(300, &[(plain(1, 1, 255), DisposalMethod::Keep), (code(PAYMENT, 3), DisposalMethod::Keep)]);
    assert!(mail::picture::is_ornament(&bytes));
    assert_eq!(said(&large).codes, [PAYMENT.as_bytes()]);
    // There is an end to it, which is told.
    let many: Vec<_> = (0..12).map(|at| keep(at * 6)).collect();
    let said_of = said(&gif(120, &many));
    assert_eq!((names(&said_of).len(), said_of.is_cut), (FRAMES_MAX, true));
    let webp = [b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\x02\0\0\0\x8f\0\0\x8f\0\0".as_slice(), b"ANMF1234ANMF1234"]
        .concat();
    assert_eq!(extracted("a.webp", &webp)[0].features, [Feature::UnreadPicture]);
}

#[test]
fn frames_are_drawn_one_over_the_other() {
    let half = |shade: u8| plain(60, 90, shade);
    let last = |dispose: DisposalMethod| {
        let frames = [
            (plain(120, 90, 255), DisposalMethod::Keep),
            (half(0), dispose),
            (plain(120, 20, 100), DisposalMethod::Keep),
        ];
        let said = said(&gif(120, &frames));
        let shades = shades(&said.pictures.last().unwrap().1);
        (shades.at(10, 5), shades.at(10, 50), shades.at(100, 50))
    };
    assert_eq!(last(DisposalMethod::Keep), (100, 0, 255));
    assert_eq!(last(DisposalMethod::Background), (100, 255, 255));
    assert_eq!(last(DisposalMethod::Previous), (100, 255, 255));
}

#[test]
fn writing_that_differs_in_colour_alone_is_handed_out_in_that_colour() {
    let of = |ground: [u8; 3], ink: [u8; 3]| {
        let pixels = (0..120 * 90).flat_map(|at| if at % 9 == 0 { ink } else { ground }).collect();
        Canvas::of_colours((120, 90), pixels).unwrap().faint()
    };
    // Red on a green of the same shade, and nearly white on white.
    for (ground, ink) in [([200, 0, 0], [0, 103, 0]), ([255, 255, 255], [240, 240, 240])] {
        let faint = of(ground, ink).unwrap();
        assert_eq!(faint.at(0, 0).abs_diff(faint.at(1, 0)), 255, "{ground:?} {ink:?}");
    }
    assert!(of([255, 255, 255], [0, 0, 0]).is_none());
    assert!(of([250, 250, 250], [252, 252, 252]).is_none());
}

#[test]
fn what_is_large_or_costs_too_much_is_told() {
    let png = barred(20).png().unwrap();
    let mut left = 20_000;
    assert!(!look(&png, &mut left).is_cut);
    assert!(look(&png, &mut left).is_cut);
    let mut large = png;
    large[16..20].copy_from_slice(&40_000_u32.to_be_bytes());
    assert!(said(&large).is_cut);
    // A picture that is none is for others to say.
    assert!(!said(b"\xFF\xD8\xFF\xC0\x00\x11\x08\x00\x80\x00\x80\x03").is_cut);
    assert!(said(&large[..40]).pictures.is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_bytes_behind_a_right_head_are_looked_at(
        kind in 0_usize..4, at in 8_usize..400, noise in proptest::collection::vec(any::<u8>(), 0..40)
    ) {
        let whole = match kind {
            0 => held(&code("a", 3).png().unwrap(), 6),
            1 => gif(120, &[(barred(0), DisposalMethod::Previous), (barred(20), DisposalMethod::Background)]),
            2 => apng(&[barred(0), barred(20)]),
            _ => b"\xFF\xD8\xFF\xE1\x00\x22Exif\0\0MM\0\x2A\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0\xFF\xC0\x00\x11\x08\x00\x80\x00\x80\x03".to_vec(),
        };
        let mut bytes = whole;
        let end = (at + noise.len()).min(bytes.len());
        if at < end {
            bytes[at..end].copy_from_slice(&noise[..end - at]);
        }
        let mut left = 1_000_000;
        let said = look(&bytes, &mut left);
        prop_assert!(said.pictures.len() <= FRAMES_MAX + 2);
        let _ = look(&bytes[..at.min(bytes.len())], &mut left);
    }
}

/// A sheet of so many codes each way.
fn sheet(across: usize, text: impl Fn(usize) -> String) -> Shades {
    let codes: Vec<Shades> = (0..across * across).map(|n| code(&text(n), 3)).collect();
    let side = codes[0].width;
    let wide = side * across;
    let shade = |x: usize, y: usize| codes[y / side * across + x / side].at(x % side, y % side);
    let shades = (0..wide * wide).map(|at| shade(at % wide, at / wide)).collect();
    Shades { width: wide, height: wide, shades }
}

#[test]
fn a_sheet_of_too_many_codes_is_told() {
    let two = sheet(1, |_| PAYMENT.to_owned());
    let wide = two.width * 3;
    // Two, apart from each other.
    let shade =
        |at: usize| if (at % wide) / two.width == 1 { 255 } else { two.at(at % two.width, at / wide) };
    let apart =
        Shades { width: wide, height: two.height, shades: (0..wide * two.height).map(shade).collect() };
    for (picture, count) in [(two.clone(), 3), (apart, 6), (sheet(4, |n| format!("client {n:04}")), 48)] {
        // Among the squares of a code one may look like a corner.
        let found = corners::count(&picture, 0);
        assert!((count..=count * 5 / 3).contains(&found), "{found} for {count}");
    }
    for across in [4, 9, 12] {
        let png = sheet(across, |n| format!("client {n:04}")).png().unwrap();
        let start = std::time::Instant::now();
        let said = said(&png);
        assert!(said.is_cut, "{across}");
        assert!(start.elapsed() < std::time::Duration::from_secs(10), "{across}: {:?}", start.elapsed());
    }
}

/// Lines of text and noise have no corners.
#[test]
fn what_is_no_corner_is_none() {
    let bars = Shades {
        shades: (0..400 * 300).map(|at| if (at % 400) % 7 < 3 { 0 } else { 255 }).collect(),
        width: 400,
        height: 300,
    };
    let noise = Shades {
        shades: (0..400 * 300_u32)
            .map(|at| u8::from(at.wrapping_mul(2_654_435_761) >> 13 & 1 == 0) * 255)
            .collect(),
        width: 400,
        height: 300,
    };
    for picture in [bars, noise, plain(400, 300, 255), plain(1, 1, 0)] {
        assert!(corners::count(&picture, 0) < 3);
    }
}
