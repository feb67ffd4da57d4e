//! The confinement, seen from outside: this program runs itself again as the child, as a child that tries what is
//! forbidden, and as a child that misbehaves. None of this is in the shipped binary.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on says so"
)]

mod corpus;
mod impostor;
mod ocr;
mod pool;
mod probe;
mod walls;

use std::process::ExitCode;

use extract::{Extractor, Worker};
use libtest_mimic::{Arguments, Trial};

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words[..] {
        ["as-worker", missing, weakened] => {
            probe::take_away(missing);
            extract::worker_main(weakened == "weakened")
        }
        ["as-impostor"] => impostor::run(),
        ["as-ocr", program] => extract::ocr_main(std::path::Path::new(program)),
        // As Tesseract is started.
        ["stdin", "stdout", ..] => ocr::probe(),
        ["as-probe", layer, attempt, extra] => probe::run(layer, attempt, extra),
        _ => {
            let all = [walls::trials(), pool::trials(), corpus::trials(), ocr::trials()]
                .into_iter()
                .flatten()
                .collect();
            libtest_mimic::run(&Arguments::from_args(), all).exit_code()
        }
    }
}

/// A test that says nothing but by panicking.
fn trial(name: &str, test: fn()) -> Trial {
    Trial::test(name, move || {
        test();
        Ok(())
    })
}

/// An extractor whose children are this program, run again with these words.
fn extractor(words: &[&str]) -> Extractor {
    let program = std::env::current_exe().unwrap();
    Extractor::new(Worker { program, arguments: words.iter().map(Into::into).collect() })
}

/// The extractor as it is shipped.
fn real() -> Extractor {
    extractor(&["as-worker", "nothing", "strict"])
}

fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(future)
}
