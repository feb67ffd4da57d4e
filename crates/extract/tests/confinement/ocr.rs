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
