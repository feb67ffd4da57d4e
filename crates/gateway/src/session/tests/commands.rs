//! A01–A16: the command phase.

use std::sync::atomic::Ordering;
use std::time::Duration;

use insta::assert_snapshot;
use tokio::io::AsyncWriteExt;

use super::{PEER, Talk, relay_clients};
use crate::session::{Limits, Settings};
use crate::{Clients, Reply};

#[tokio::test]
async fn a01_greeting_and_order_of_commands() {
    let mut talk = Talk::limited(Limits::default());
    talk.hear().await;
    for line in [
        "MAIL FROM:<ines@orveane.example>",
        "EHLO client.example",
        "RCPT TO:<paul@partner.example>",
        "DATA",
        "MAIL FROM:<ines@orveane.example>",
        "DATA",
        "FOO",
        "EXPN list",
        "AUTH PLAIN",
        "XCLIENT ADDR=192.0.2.1",
        "PROXY TCP4 192.0.2.1 192.0.2.2 1 25",
        "STARTTLS",
        "HELP",
        "VRFY paul",
        "NOOP with arguments",
        "HELO client.example",
        "QUIT",
    ] {
        talk.ask(line).await;
    }
    talk.is_closed().await;
    assert_snapshot!(talk.transcript);
}

#[tokio::test]
async fn a03_null_sender_postmaster_and_source_routes() {
    let mut talk = Talk::open().await;
    talk.ask("MAIL FROM:<>").await;
    talk.ask("RCPT TO:<Postmaster>").await;
    talk.ask("RCPT TO:<@a.example,@b.example:paul@partner.example>").await;
    talk.ask("RCPT TO:<\"a b\"@partner.example>").await;
    talk.ask("DATA").await;
    talk.ask("Subject: x\r\n\r\ny\r\n.").await;
    assert_snapshot!(talk.transcript);
    let envelope = talk.desk.last().envelope;
    assert_eq!(envelope.reverse_path, None);
    let recipients: Vec<_> = envelope.recipients.iter().map(|recipient| recipient.address.as_str()).collect();
    assert_eq!(recipients, ["postmaster@gateway.example", "paul@partner.example", "\"a b\"@partner.example"]);
}

#[tokio::test]
async fn a04_a05_addresses_over_the_limits_are_refused_not_cut() {
    let mut talk = Talk::open().await;
    let long = "l".repeat(65);
    assert!(talk.ask(&format!("MAIL FROM:<{long}@orveane.example>")).await.starts_with("501 5.1.7"));
    assert!(talk.ask("MAIL FROM:<ines@orveane.example>").await.starts_with("250"));
    for recipient in [
        format!("{long}@partner.example"),
        format!("paul@{}.example", "d".repeat(64)),
        format!("paul@{}example", "d.".repeat(128)),
        "paul@partner.example:25".into(),
        "paul@[192.0.2.1]:25".into(),
    ] {
        assert!(talk.ask(&format!("RCPT TO:<{recipient}>")).await.starts_with("501 5.1.3"), "{recipient}");
    }
    assert!(talk.ask("RCPT TO:<paul@[192.0.2.1]>").await.starts_with("250"));
}

#[tokio::test]
async fn a06_control_characters_have_no_effect() {
    let mut talk = Talk::open().await;
    for bytes in [
        &b"MAIL FROM:<a@b.example>\nRCPT TO:<c@d.example>\r\n"[..],
        b"MAIL FROM:<a@b.example>\rRSET\r\n",
        b"MAIL FROM:<a\0@b.example>\r\n",
        b"MAIL FROM:<a\xff@b.example>\r\n",
        b"NOOP\n.\r\n",
    ] {
        talk.send(bytes).await;
        assert!(talk.hear().await.starts_with("500 5.5.2"));
    }
    assert!(talk.ask("RCPT TO:<c@d.example>").await.starts_with("503"), "no MAIL took effect");
    talk.send(&[b'x'; 9_000]).await;
    talk.send(b"\r\nNOOP\r\n").await;
    assert!(talk.hear().await.starts_with("500 5.5.2"));
    assert!(talk.hear().await.starts_with("250"), "in step again");
}

#[tokio::test]
async fn a07_many_recipients() {
    let mut talk = Talk::open_limited(Limits { recipients: 100, ..Limits::default() }).await;
    talk.ask("MAIL FROM:<ines@orveane.example>").await;
    for n in 0..100 {
        assert!(talk.ask(&format!("RCPT TO:<r{n}@partner.example>")).await.starts_with("250"));
    }
    assert!(talk.ask("RCPT TO:<r100@partner.example>").await.starts_with("452 4.5.3"));
    assert!(talk.ask("RCPT TO:<bad>").await.starts_with("501"));
    assert!(talk.ask("DATA").await.starts_with("354"));
    assert!(talk.ask("x\r\n.").await.starts_with("250"));
    assert_eq!(talk.desk.last().envelope.recipients.len(), 100);
    talk.ask("MAIL FROM:<ines@orveane.example>").await;
    talk.ask("RCPT TO:<bad>").await;
    assert!(talk.ask("DATA").await.starts_with("503"), "all recipients bad");
}

#[tokio::test]
async fn a08_sizes() {
    let mut talk = Talk::open_limited(Limits { message_bytes: 1_000, ..Limits::default() }).await;
    assert!(talk.ask("MAIL FROM:<ines@orveane.example> SIZE=1001").await.starts_with("552 5.3.4"));
    assert!(talk.ask("MAIL FROM:<ines@orveane.example> SIZE=99999999999999999999").await.starts_with("552"));
    assert!(talk.ask("MAIL FROM:<ines@orveane.example> SIZE=garbage").await.starts_with("501"));
    talk.begin().await;
    talk.send(format!("{}\r\n.\r\nNOOP\r\n", "x".repeat(999)).as_bytes()).await;
    assert!(talk.hear().await.starts_with("552 5.3.4"), "1001 bytes with CRLF");
    assert!(talk.hear().await.starts_with("250"), "in step");
    talk.begin().await;
    talk.send(format!("{}\r\n.\r\n", "x".repeat(998)).as_bytes()).await;
    assert!(talk.hear().await.starts_with("250"), "1000 bytes exactly");
    talk.begin().await;
    let flood = async {
        for _ in 0..100 {
            talk.stream.write_all(&[b'x'; 100]).await.ok();
        }
    };
    flood.await;
    assert!(talk.hear().await.starts_with("552"), "cut once it is twice too large");
    talk.is_closed().await;
    assert_eq!(talk.desk.count(), 1);
}

#[tokio::test]
async fn a09_reset_second_mail_and_quit_behind_the_final_dot() {
    let mut talk = Talk::open().await;
    talk.ask("MAIL FROM:<ines@orveane.example>").await;
    talk.ask("MAIL FROM:<ines@orveane.example>").await;
    talk.ask("RCPT TO:<paul@partner.example>").await;
    talk.ask("RSET").await;
    talk.ask("DATA").await;
    talk.begin().await;
    talk.say("Subject: x\r\n\r\ny\r\n.\r\nQUIT").await;
    talk.hear().await;
    talk.hear().await;
    talk.is_closed().await;
    assert_snapshot!(talk.transcript);
    assert_eq!(talk.desk.count(), 1);
}

#[tokio::test]
async fn a10_a_group_in_one_packet() {
    let mut talk = Talk::open().await;
    talk.say("MAIL FROM:<ines@orveane.example>\r\nRCPT TO:<a@partner.example>\r\nRCPT TO:<bad>\r\nRCPT TO:<b@partner.example>\r\nDATA").await;
    for _ in 0..5 {
        talk.hear().await;
    }
    talk.say("x\r\n.\r\nMAIL FROM:<ines@orveane.example>\r\nRCPT TO:<c@partner.example>\r\nDATA").await;
    for _ in 0..4 {
        talk.hear().await;
    }
    talk.ask("y\r\n.").await;
    assert_snapshot!(talk.transcript);
    assert_eq!(talk.desk.count(), 2);
}

#[tokio::test]
async fn a10_bytes_before_their_turn_cut_the_connection() {
    let settings = Settings::new("gateway.example", relay_clients(), Limits::default(), None).unwrap();
    let mut before_banner = Talk::with(PEER, settings, b"EHLO client.example\r\n");
    assert!(before_banner.hear().await.starts_with("554 5.5.0"));
    before_banner.is_closed().await;

    let mut behind_data = Talk::open().await;
    behind_data
        .say("MAIL FROM:<ines@orveane.example>\r\nRCPT TO:<paul@partner.example>\r\nDATA\r\nSubject: x\r\n\r\ny\r\n.")
        .await;
    for expected in ["250", "250", "554 5.5.0"] {
        assert!(behind_data.hear().await.starts_with(expected));
    }
    behind_data.is_closed().await;
    assert_eq!(behind_data.desk.count(), 0);

    let mut behind_ehlo = Talk::limited(Limits::default());
    behind_ehlo.hear().await;
    behind_ehlo.say("EHLO a\r\nMAIL FROM:<ines@orveane.example>").await;
    assert!(behind_ehlo.hear().await.starts_with("554 5.5.0"));
    behind_ehlo.is_closed().await;

    let mut without_ehlo = Talk::limited(Limits::default());
    without_ehlo.hear().await;
    without_ehlo.ask("HELO a").await;
    without_ehlo.say("MAIL FROM:<ines@orveane.example>\r\nRCPT TO:<paul@partner.example>").await;
    assert!(without_ehlo.hear().await.starts_with("554 5.5.0"));
    without_ehlo.is_closed().await;
}

#[tokio::test]
async fn a11_nothing_said_is_repeated() {
    let mut talk = Talk::open().await;
    for line in
        ["ZXQ7", "MAIL FROM:<zxq7@@>", "RCPT TO:<zxq7>", "VRFY zxq7", "EHLO zxq7", "NOOP zxq7", "EHLO zx;q7"]
    {
        let reply = talk.ask(line).await.to_lowercase();
        assert!(!reply.contains("zx"), "{line}: {reply}");
        let enhanced = reply.split(' ').nth(1).unwrap();
        assert!(line.starts_with("EHLO zxq7") || enhanced.split('.').count() == 3, "{line}: {reply}");
    }
}

#[tokio::test(start_paused = true)]
async fn a12_silence_and_trickle_end_with_421() {
    let mut silent = Talk::open().await;
    assert!(silent.hear().await.starts_with("421 4.4.2"));
    silent.is_closed().await;

    let mut slow = Talk::open().await;
    let mut sent = 0;
    while slow.stream.write_all(b"x").await.is_ok() && sent < 1_000 {
        tokio::time::sleep(Duration::from_secs(1)).await;
        sent += 1;
    }
    assert!((299..=310).contains(&sent), "one byte a second bought {sent} s");
    assert!(slow.hear().await.starts_with("421 4.4.2"));

    let mut in_data = Talk::in_data().await;
    in_data.send(b"Subject: x\r\n").await;
    assert!(in_data.hear().await.starts_with("421 4.4.2"));
    in_data.is_closed().await;
    assert_eq!(in_data.desk.count(), 0);

    let mut trickle = Talk::in_data().await;
    let mut hours = 0;
    while trickle.stream.write_all(b"x").await.is_ok() && hours < 200 {
        tokio::time::sleep(Duration::from_secs(60)).await;
        hours += 1;
    }
    assert!((59..=62).contains(&hours), "a trickle lasts an hour at most, not {hours} minutes");
}

#[tokio::test]
async fn a12_too_many_errors() {
    let mut talk = Talk::open().await;
    for _ in 0..19 {
        assert!(talk.ask("FOO").await.starts_with("500"));
    }
    assert!(talk.ask("FOO").await.starts_with("421 4.7.0"));
    talk.is_closed().await;
}

#[tokio::test]
async fn a13_browsers_are_sent_away() {
    for line in
        ["GET / HTTP/1.1", "POST /x HTTP/1.1", "CONNECT mail:25 HTTP/1.1", "FOO / HTTP/1.1", "PRI * HTTP/2.0"]
    {
        let mut talk = Talk::limited(Limits::default());
        talk.hear().await;
        talk.send(format!("{line}\r\nHost: x\r\n\r\nEHLO a\r\nMAIL FROM:<a@b.example>\r\n").as_bytes()).await;
        assert!(talk.hear().await.starts_with("554 5.5.1"), "{line}");
        talk.is_closed().await;
    }
}

#[tokio::test]
async fn a15_strangers_relay_nothing() {
    let settings = Settings::new("gateway.example", relay_clients(), Limits::default(), None).unwrap();
    let mut talk = Talk::with("198.51.100.1".parse().unwrap(), settings, b"");
    assert!(talk.hear().await.starts_with("554 5.7.1"));
    talk.is_closed().await;
    let nobody = Settings::new("gateway.example", Clients::default(), Limits::default(), None).unwrap();
    assert!(Talk::with(PEER, nobody, b"").hear().await.starts_with("554 5.7.1"));
}

#[tokio::test]
async fn a15_addresses_that_route_further_are_refused() {
    let mut talk = Talk::open().await;
    talk.ask("MAIL FROM:<ines@orveane.example>").await;
    for recipient in ["user%evil.example@us.example", "evil.example!user@us.example"] {
        assert!(talk.ask(&format!("RCPT TO:<{recipient}>")).await.starts_with("553 5.1.3"), "{recipient}");
    }
    for recipient in ["user@evil.example@us.example", "evil.example!user", "@us.example"] {
        assert!(talk.ask(&format!("RCPT TO:<{recipient}>")).await.starts_with("501 5.1.3"), "{recipient}");
    }
}

#[tokio::test]
async fn an_unhealthy_reception_is_told() {
    let mut talk = Talk::open().await;
    talk.desk.healthy.store(false, Ordering::SeqCst);
    assert!(talk.ask("MAIL FROM:<ines@orveane.example>").await.starts_with("451 4.3.0"));
    talk.desk.healthy.store(true, Ordering::SeqCst);
    talk.ask("MAIL FROM:<ines@orveane.example>").await;
    talk.ask("RCPT TO:<paul@partner.example>").await;
    talk.desk.healthy.store(false, Ordering::SeqCst);
    assert!(talk.ask("DATA").await.starts_with("451 4.3.0"));

    let mut late = Talk::limited(Limits::default());
    late.desk.healthy.store(false, Ordering::SeqCst);
    assert!(late.hear().await.starts_with("421 4.3.0"));
}

#[tokio::test]
async fn a_stop_is_said_between_messages_and_waits_inside_one() {
    let mut idle = Talk::open().await;
    idle.trigger.take().unwrap().pull();
    assert!(idle.hear().await.starts_with("421 4.3.2"));
    idle.is_closed().await;

    let mut busy = Talk::in_data().await;
    let trigger = busy.trigger.take().unwrap();
    trigger.pull();
    assert!(busy.ask("x\r\n.").await.starts_with("250"));
    assert!(busy.hear().await.starts_with("421 4.3.2"));
    busy.is_closed().await;
}

#[tokio::test]
async fn the_reply_to_the_final_dot_is_the_receptions() {
    let mut talk = Talk::in_data().await;
    *talk.desk.reply.lock().unwrap() = Reply::refused("Refused flow_1\r\n250 2.0.0 Accepted");
    assert_eq!(talk.ask("x\r\n.").await, "550 5.7.1 Refused flow_1??250 2.0.0 Accepted");
    assert_eq!(talk.ask("NOOP").await, "250 2.0.0 OK");
}

#[tokio::test(start_paused = true)]
async fn a_client_that_leaves_cancels_nothing_and_a_slow_reception_means_later() {
    let mut gone = Talk::in_data().await;
    gone.desk.slow.store(true, Ordering::SeqCst);
    gone.send(b"x\r\n.\r\n").await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let desk = std::sync::Arc::clone(&gone.desk);
    gone.server.abort();
    drop(gone);
    desk.go.notify_one();
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(desk.count(), 1);

    let mut slow = Talk::in_data().await;
    slow.desk.slow.store(true, Ordering::SeqCst);
    assert!(slow.ask("x\r\n.").await.starts_with("451 4.3.0"));
}

#[tokio::test]
async fn a_reception_that_panics_means_later() {
    let mut talk = Talk::in_data().await;
    let desk = std::sync::Arc::clone(&talk.desk);
    let _ = std::thread::spawn(move || {
        let _guard = desk.taken.lock().unwrap();
        panic!("poisons the lock, on purpose");
    })
    .join();
    assert!(talk.ask("x\r\n.").await.starts_with("451 4.3.0"));
    assert!(talk.ask("NOOP").await.starts_with("250"));
}
