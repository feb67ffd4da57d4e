//! What mail means: loops, what was asked about reports, messages too large for memory.

use operations::flows::{self, Content, Origin, ReceiveError, outbox};
use vocabulary::{EmailAddress, Return, Xtext, bounds};

use crate::support::{TestCerebro, each_engine, message};

const FROM: Option<&str> = Some("theodore.vasquin@orveane.example");

async fn leave(cerebro: &TestCerebro) -> Vec<u8> {
    let leased = outbox::lease(&cerebro.cerebro, 10).await.unwrap().remove(0);
    cerebro.outgoing(leased.outbox).await
}

#[tokio::test(flavor = "multi_thread")]
async fn f09_a_message_that_comes_back_for_the_same_recipient_is_in_a_loop() {
    each_engine(async |cerebro| {
        cerebro.send(&["r.lemarrec@client.example", "z@client.example"], message("Bonjour")).await.unwrap();
        let once = leave(cerebro).await;
        let back = [b"Received: from tenant by us\r\n", &once[..]].concat();
        let again = cerebro.send(&["R.Lemarrec@client.example"], back.clone()).await;
        assert!(matches!(again, Err(ReceiveError::Loop)), "{again:?}");
        let submission = cerebro.submission(FROM, &["z@client.example"], Content::Whole(Vec::new()));
        let early = flows::spool(&cerebro.cerebro, &[cerebro.bank], &submission.envelope, &back).await;
        assert!(matches!(early, Err(ReceiveError::Loop)), "a large one is stopped before it has come");
        cerebro.send(&["someone.else@client.example"], back.clone()).await.unwrap();
        // A mark that is not ours proves nothing: nobody can have our mail refused.
        let forged = String::from_utf8(back).unwrap();
        let at = forged.find("X-Cerebro-Trace").unwrap();
        let mark = forged[at..].find("\r\n ").unwrap() + at + 3;
        // One mark in 256 begins with two zeros as it is.
        let other = if forged[mark..].starts_with("00") { "11" } else { "00" };
        let forged = format!("{}{other}{}", &forged[..mark], &forged[mark + 2..]);
        cerebro.send(&["r.lemarrec@client.example"], forged.into_bytes()).await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f09_a_message_that_passes_too_often_is_in_a_loop_whoever_it_is_for() {
    each_engine(async |cerebro| {
        let mut raw = message("Bonjour");
        for passage in 0..6 {
            cerebro.send(&[&format!("list-{passage}@client.example")], raw).await.unwrap();
            raw = leave(cerebro).await;
        }
        let again = cerebro.send(&["list-9@client.example"], raw).await;
        assert!(matches!(again, Err(ReceiveError::Loop)), "{again:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn d03_what_the_sender_asked_about_reports_is_kept_for_the_next_hop() {
    each_engine(async |cerebro| {
        let raw = message("Bonjour");
        let mut submission = cerebro.submission(FROM, &["a@b.example", "c@d.example"], Content::Whole(raw));
        submission.envelope.returns = Some(Return::Headers);
        submission.envelope.envelope_id = Some(Xtext::envelope_id("QQ+2B1").unwrap());
        submission.envelope.recipients[1].notify = "SUCCESS,DELAY".parse().unwrap();
        submission.envelope.recipients[1].original =
            Some(Xtext::original_recipient("rfc822;x@y.example").unwrap());
        let asked = submission.envelope.clone();
        flows::receive(&cerebro.cerebro, submission).await.unwrap();
        let leased = outbox::lease(&cerebro.cerebro, 10).await.unwrap().remove(0);
        assert_eq!((leased.returns, &leased.envelope_id), (asked.returns, &asked.envelope_id));
        let kept: Vec<_> = leased.recipients.into_iter().map(|to| to.path).collect();
        assert_eq!(kept, asked.recipients);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn our_trace_fields_say_whence_a_message_came() {
    each_engine(async |cerebro| {
        let mut submission = cerebro.submission(FROM, &["a@b.example"], Content::Whole(message("Bonjour")));
        submission.origin = Origin {
            helo: Some("mail.orveane.example".into()),
            peer: Some("192.0.2.7".parse().unwrap()),
            protocol: "ESMTPSA",
            tls: Some("TLSv1_3".into()),
            ..Origin::smtp("exchange".into())
        };
        flows::receive(&cerebro.cerebro, submission).await.unwrap();
        let text = String::from_utf8(leave(cerebro).await).unwrap();
        let expected = "Received: from mail.orveane.example ([192.0.2.7])\r\n by cerebro.orveane.example with ESMTPSA\r\n \
                        (TLS TLSv1_3) id flow_";
        assert!(text.starts_with(expected), "{text}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a08_a_message_too_large_for_memory_is_sealed_as_it_comes_assessed_after_and_leaves_whole() {
    each_engine(async |cerebro| {
        let raw = picture(bounds::SMTP_MEMORY_BYTES_MAX + 1);
        let envelope = cerebro.submission(FROM, &["a@b.example"], Content::Whole(Vec::new())).envelope;
        let given_up = flows::spool(&cerebro.cerebro, &[cerebro.bank], &envelope, &raw[..200]).await;
        let mut given_up = given_up.unwrap();
        given_up.push(&raw[..1_000_000]).unwrap();
        drop(given_up);
        let mut spool =
            flows::spool(&cerebro.cerebro, &[cerebro.bank], &envelope, &raw[..200]).await.unwrap();
        for piece in raw.chunks(1_000_001) {
            spool.push(piece).unwrap();
        }
        let submission = cerebro.submission(FROM, &["a@b.example"], Content::Spooled(Box::new(spool)));
        let receipt = flows::receive(&cerebro.cerebro, submission).await.unwrap();
        assert_eq!(receipt.verdict, "accepted");
        assert!(outbox::lease(&cerebro.cerebro, 10).await.unwrap().is_empty(), "nothing leaves undecided");
        let files = files(&cerebro.directory.join("blobs"));
        assert_eq!(files.len(), 1, "what was given up left nothing");
        let stored = std::fs::read(&files[0]).unwrap();
        assert!(stored.len() > raw.len() && !stored.windows(16).any(|window| window == [b'A'; 16]));
        assert_eq!(
            flows::accepted::assess_accepted(&cerebro.cerebro, flows::accepted::Lane::People).await.unwrap(),
            1
        );
        assert!(leave(cerebro).await.ends_with(&raw));
    })
    .await;
}

/// A message with one large picture, which has no text to read.
fn picture(bytes: usize) -> Vec<u8> {
    let head = "From: Theodore Vasquin <theodore.vasquin@orveane.example>\r\nTo: a@b.example\r\nSubject: Photo\r\n\
                Date: Tue, 24 Nov 2026 12:00:00 +0000\r\nMessage-ID: <p1@orveane.example>\r\nMIME-Version: 1.0\r\n\
                Content-Type: image/png\r\nContent-Disposition: attachment; filename=photo.png\r\n\
                Content-Transfer-Encoding: base64\r\n\r\niVBORw0KGgoAAAANSUhE\r\n";
    let line = format!("{}\r\n", "A".repeat(76));
    [head.as_bytes(), line.repeat(bytes / line.len() + 1).as_bytes()].concat()
}

fn files(directory: &std::path::Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(directory).unwrap().flatten().map(|entry| entry.path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a15_a_large_message_of_a_foreign_sender_is_stopped_before_it_has_come() {
    each_engine(async |cerebro| {
        let mut envelope = cerebro.submission(FROM, &["a@b.example"], Content::Whole(Vec::new())).envelope;
        envelope.reverse_path = Some(EmailAddress::parse("x@quillon.example").unwrap());
        let opened = flows::spool(&cerebro.cerebro, &[cerebro.bank], &envelope, b"\r\n").await;
        assert!(matches!(opened, Err(ReceiveError::NotYourSender)));
        assert!(files(&cerebro.directory.join("blobs")).is_empty());
    })
    .await;
}
