//! Whatever a child does, there is an answer, and the next file is read.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use extract::{Extracted, Extraction, Extractor, Reason};
use libtest_mimic::Trial;
use vocabulary::bounds::{EXTRACT_CHILD_JOBS_MAX, EXTRACT_CHILDREN_MAX, EXTRACT_TIMEOUT};

use crate::{extractor, real, run, trial};

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial("pool::a_lost_child_is_a_reason_and_the_next_file_is_read", a_lost_child),
        trial("pool::a_child_that_hangs_is_stopped", a_child_that_hangs),
        trial("pool::whoever_stops_waiting_leaves_nothing_running", nothing_left_running),
        trial("pool::children_are_shared_and_replaced", children_are_shared_and_replaced),
        trial("pool::small_texts_need_no_child", small_texts_need_no_child),
        trial("pool::a_text_with_a_zip_behind_it_is_no_small_text", no_small_text),
        trial("pool::a_page_of_ten_million_operators_is_read_in_bounds", many_operators),
    ]
}

/// Not text, so that a child is asked.
const FILE: &[u8] = b"\0\x01\x02\x03";

async fn look(extractor: &Extractor, name: &str) -> Extracted {
    let mut found = extractor.extract(name, "application/octet-stream", FILE).await;
    assert_eq!(found.len(), 1);
    found.remove(0)
}

/// The process that looked.
async fn process(extractor: &Extractor) -> String {
    look(extractor, "ordinary").await.outcome.text().unwrap().to_owned()
}

fn a_lost_child() {
    run(async {
        let extractor = extractor(&["as-impostor"]);
        for name in ["crash", "leave", "garbage", "endless", "lie", "nothing"] {
            let before = process(&extractor).await;
            assert_eq!(
                look(&extractor, name).await.outcome,
                Extraction::Unreadable(Reason::Crashed),
                "{name}"
            );
            assert_ne!(process(&extractor).await, before, "{name}");
        }
    });
}

fn a_child_that_hangs() {
    run(async {
        let extractor = extractor(&["as-impostor"]);
        let before = process(&extractor).await;
        let start = Instant::now();
        assert_eq!(look(&extractor, "hang").await.outcome, Extraction::Unreadable(Reason::Timeout));
        assert!(start.elapsed() >= EXTRACT_TIMEOUT);
        assert_ne!(process(&extractor).await, before);
        wait_until_gone(&before).await;
    });
}

fn nothing_left_running() {
    run(async {
        let extractor = extractor(&["as-impostor"]);
        let before = process(&extractor).await;
        let waiting = tokio::time::timeout(Duration::from_millis(200), look(&extractor, "hang"));
        assert!(waiting.await.is_err());
        wait_until_gone(&before).await;
        process(&extractor).await;
    });
}

/// Dead and waited for, within ten seconds.
async fn wait_until_gone(process: &str) {
    let end = Instant::now() + Duration::from_secs(10);
    while std::path::Path::new("/proc").join(process).exists() {
        assert!(Instant::now() < end, "{process} still runs");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn children_are_shared_and_replaced() {
    run(async {
        let pool = extractor(&["as-impostor"]);
        let mut one_after_another = HashSet::new();
        for _ in 0..=EXTRACT_CHILD_JOBS_MAX {
            one_after_another.insert(process(&pool).await);
        }
        assert_eq!(one_after_another.len(), 2);
        let pool = std::sync::Arc::new(extractor(&["as-impostor"]));
        let mut at_once = tokio::task::JoinSet::new();
        for _ in 0..50 {
            let pool = pool.clone();
            at_once.spawn(async move { process(&pool).await });
        }
        let processes: HashSet<String> = at_once.join_all().await.into_iter().collect();
        assert!(processes.len() <= EXTRACT_CHILDREN_MAX, "{processes:?}");
    });
}

fn small_texts_need_no_child() {
    run(async {
        let nobody = extractor(&["as-worker", "landlock", "strict"]);
        assert_eq!(nobody.extract("a.csv", "text/csv", b"un;deux").await[0].outcome.text(), Some("un;deux"));
        let found = nobody.extract("a.html", "text/html", b"<html>un").await;
        assert_eq!(found[0].outcome, Extraction::Unreadable(Reason::SandboxUnavailable));
    });
}

fn no_small_text() {
    let zip = b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
    let local = b"PK\x03\x04";
    let both = [b"un texte ".repeat(2_000).as_slice(), local, zip].concat();
    assert!(extract::is_plain("text/plain", &b"un texte ".repeat(2_000)));
    assert!(!extract::is_plain("text/plain", &both));
}

/// A page of a PDF with as many operators as its stream may hold, and its text behind them: it is read as it comes, in the
/// memory a child has, or its reason is stated. That there is nothing would be a lie.
fn many_operators() {
    run(async {
        let extractor = real();
        let content = "q ".repeat(10 * 1024 * 1024) + "BT /F1 12 Tf (la fin) Tj ET";
        let pdf = format!(
            "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
             3 0 obj<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>endobj\n\
             4 0 obj<</Length {}>>stream\n{content}\nendstream endobj\n\
             5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF",
            content.len()
        );
        let start = Instant::now();
        let found = extractor.extract("long.pdf", "", pdf.as_bytes()).await;
        eprintln!("{:?} {found:?}", start.elapsed());
        let stated = matches!(found[0].outcome, Extraction::Unreadable(_));
        assert!(
            found.len() == 1 && (stated || found[0].outcome.text().map(str::trim) == Some("la fin")),
            "{found:?}"
        );
        let found = extractor.extract("a.rtf", "", br"{\rtf1 texte}").await;
        assert_eq!(found[0].outcome.text(), Some("texte"));
    });
}
