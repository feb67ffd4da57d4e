//! A08: messages too large for memory leave it while they come.

use std::sync::atomic::Ordering;

use super::Talk;
use crate::session::Limits;

const LINE: &[u8] = b"..sixty-two bytes of a line that starts with a dot, and a CRLF\r\n";

fn limits() -> Limits {
    Limits { memory_bytes: 100_000, receiving_bytes: 3_000_000, ..Limits::default() }
}

async fn send_large(talk: &mut Talk, lines: usize) {
    talk.send(b"Subject: x\r\n\r\n").await;
    for _ in 0..lines / 1_000 {
        talk.send(&LINE.repeat(1_000)).await;
    }
    talk.send("é\r\n.\r\n".as_bytes()).await;
}

#[tokio::test]
async fn a08_a_large_message_is_spooled_and_comes_out_whole() {
    let mut talk = Talk::in_data_limited(limits()).await;
    // Twenty times what all receptions together may hold in memory.
    send_large(&mut talk, 1_000_000).await;
    assert!(talk.hear().await.starts_with("250"));
    let taken = talk.desk.last();
    assert!(taken.spooled && taken.envelope.eight_bit && !taken.envelope.long_lines);
    let expected = [b"Subject: x\r\n\r\n", &LINE[1..].repeat(1_000_000)[..], "é\r\n".as_bytes()].concat();
    assert!(taken.raw == expected);
    talk.begin().await;
    assert!(talk.ask("small\r\n.").await.starts_with("250"));
    assert!(!talk.desk.last().spooled);
}

#[tokio::test]
async fn a08_a_disk_that_fills_up_means_later_and_the_connection_stays_in_step() {
    let mut talk = Talk::in_data_limited(limits()).await;
    talk.desk.full.store(true, Ordering::SeqCst);
    send_large(&mut talk, 10_000).await;
    assert!(talk.hear().await.starts_with("452 4.3.1"));
    assert_eq!(talk.desk.count(), 0);
    talk.desk.full.store(false, Ordering::SeqCst);
    talk.begin().await;
    send_large(&mut talk, 10_000).await;
    assert!(talk.hear().await.starts_with("250"));
}

#[tokio::test]
async fn b13_to_b24_a_fake_end_far_into_a_large_message_refuses_it() {
    let mut talk = Talk::in_data_limited(limits()).await;
    talk.send(b"Subject: x\r\n\r\n").await;
    talk.send(&LINE.repeat(5_000)).await;
    talk.send(b"\n.\r\nMAIL FROM:<evil@orveane.example>\r\n").await;
    assert!(talk.hear().await.starts_with("554 5.6.0"));
    talk.is_closed().await;
    assert_eq!(talk.desk.count(), 0);
}
