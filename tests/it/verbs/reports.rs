//! Delivery reports, read by Python's `email`: who gets one, what it says, and that it is like those of other servers.

use std::io::Write;
use std::process::{Command, Stdio};

use operations::Policy;
use operations::flows::outbox::{self, Outcome};
use operations::flows::{self, Content, Passage, Submission};
use serde_json::Value as Json;
use vocabulary::{EmailAddress, Leased, Locale, Return, Timestamp, Xtext, bounds};

use crate::support::{TestCerebro, corpus, each_engine, message, tool};

const SENDER: &str = "theodore.vasquin@orveane.example";

const READ: &str = r#"
import sys, json, email, email.policy
m = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.default)
parts = list(m.iter_parts())
last = parts[2]
if last.get_content_maintype() == "message":
    back = last.get_payload(0)
    if last["Content-Transfer-Encoding"] == "base64":
        import base64
        back = email.message_from_bytes(base64.b64decode(back.get_payload()))
    returned = back["Subject"] + "/" + back.get_payload()
else:
    returned = last.get_content()
print(json.dumps({
    "type": m.get_content_type(), "report": m.get_param("report-type"),
    "kinds": [p.get_content_type() for p in parts], "text": parts[0].get_content(),
    "status": [[[k.lower(), str(v)] for k, v in b.items()] for b in parts[1].get_payload()],
    "returned": returned, "submitted": m["Auto-Submitted"], "about": m["In-Reply-To"], "subject": m["Subject"],
    "defects": [str(d) for p in m.walk() for d in p.defects],
}))
"#;

fn python(script: &str, arguments: &[&str], input: &[u8]) -> Json {
    let mut child = Command::new("python3")
        .args(["-c", script])
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    serde_json::from_slice(&output.stdout).unwrap()
}

fn bounced() -> Outcome {
    Outcome::Bounced { reply: "550 5.1.1 No such user".into() }
}

fn deferred() -> Outcome {
    Outcome::Deferred { reply: "450 4.2.1 Mailbox busy".into() }
}

fn delivered(reports: bool) -> Outcome {
    Outcome::Delivered { reply: "250 2.0.0 Ok".into(), passage: Passage { reports, ..Passage::default() } }
}

/// A submission that asks `notify` of each recipient.
fn asking(cerebro: &TestCerebro, notify: &[&str], raw: Vec<u8>) -> Submission {
    let to: Vec<String> = (0..notify.len()).map(|n| format!("r{n}@client.example")).collect();
    let to: Vec<&str> = to.iter().map(String::as_str).collect();
    let mut submission = cerebro.submission(Some(SENDER), &to, Content::Whole(raw));
    for (path, notify) in submission.envelope.recipients.iter_mut().zip(notify) {
        path.notify = notify.parse().unwrap();
    }
    submission
}

/// Sends it, and has each recipient end so; the reports that wait then.
async fn reports(cerebro: &TestCerebro, submission: Submission, outcomes: &[Outcome]) -> Vec<Vec<u8>> {
    flows::receive(&cerebro.cerebro, submission).await.unwrap();
    let leased = outbox::lease(&cerebro.cerebro, 10).await.unwrap();
    let leased = leased.into_iter().find(|leased| leased.flow.is_some()).unwrap();
    end(cerebro, &leased, outcomes, cerebro.cerebro.instance().now()).await;
    waiting(cerebro).await
}

async fn end(cerebro: &TestCerebro, leased: &Leased, outcomes: &[Outcome], retry_at: Timestamp) {
    assert!(outbox::attempting(&cerebro.cerebro, leased).await.unwrap());
    let ended = leased.recipients.iter().map(|to| to.delivery).zip(outcomes.iter().cloned()).collect();
    outbox::record(&cerebro.cerebro, leased, ended, retry_at).await.unwrap();
}

async fn waiting(cerebro: &TestCerebro) -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    for leased in outbox::lease(&cerebro.cerebro, 10).await.unwrap() {
        if leased.flow.is_none() {
            assert_eq!(leased.reverse_path, None, "a report has the null sender");
            assert_eq!(leased.recipients[0].path.address.as_str(), SENDER);
            all.push(cerebro.outgoing(leased.outbox).await);
        }
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn d03_a_failure_is_reported_as_other_servers_do() {
    if !tool("python3") {
        return;
    }
    each_engine(async |cerebro| {
        cerebro.cerebro.name_host("garde.orveane.example");
        let mut submission = asking(cerebro, &["", "NEVER", "FAILURE"], message("Bonjour"));
        submission.envelope.envelope_id = Some(Xtext::envelope_id("QQ+2B1").unwrap());
        submission.envelope.recipients[0].original =
            Some(Xtext::original_recipient("rfc822;Paul+2BX@client.example").unwrap());
        let [report] = reports(cerebro, submission, &[bounced(), bounced(), delivered(false)])
            .await
            .try_into()
            .expect("one report: one recipient asked never to hear, one had it");
        let read = python(READ, &[], &report);
        assert_eq!((&read["type"], &read["report"]), (&"multipart/report".into(), &"delivery-status".into()));
        assert_eq!(
            read["kinds"],
            serde_json::json!(["text/plain", "message/delivery-status", "text/rfc822-headers"])
        );
        assert_eq!(read["defects"], serde_json::json!([]));
        assert_eq!(read["submitted"], "auto-replied");
        assert_eq!(read["about"], "<a1@orveane.example>");
        let status = read["status"].as_array().unwrap();
        let field = |block: usize, name: &str| {
            let block = status[block].as_array().unwrap();
            block.iter().find(|pair| pair[0] == name).map(|pair| pair[1].as_str().unwrap().to_owned())
        };
        assert_eq!(status.len(), 2, "the message and one recipient: {read}");
        assert_eq!(field(0, "reporting-mta").unwrap(), "dns; garde.orveane.example");
        assert_eq!(field(0, "original-envelope-id").unwrap(), "QQ+1");
        assert_eq!(field(1, "original-recipient").unwrap(), "rfc822; Paul+X@client.example");
        assert_eq!(field(1, "final-recipient").unwrap(), "rfc822; r0@client.example");
        assert_eq!(
            (field(1, "action").unwrap(), field(1, "status").unwrap()),
            ("failed".into(), "5.1.1".into())
        );
        assert_eq!(field(1, "diagnostic-code").unwrap(), "smtp; 550 5.1.1 No such user");
        let returned = read["returned"].as_str().unwrap();
        assert!(returned.contains("Subject: Point de situation") && !returned.contains("Bonjour"));
        let text = read["text"].as_str().unwrap();
        assert!(text.contains("r0@client.example") && !text.contains("r1@client.example"), "{text}");
        as_in_the_corpus(&read);
    })
    .await;
}

/// What others write: the fields of their status parts, by how many of their reports.
const OTHERS: &str = r#"
import sys, json, email, glob, collections
seen = [collections.Counter(), collections.Counter(), collections.Counter()]
for path in glob.glob(sys.argv[1] + "/*.eml"):
    with open(path, "rb") as file:
        m = email.message_from_binary_file(file)
    if m.get_content_type() != "multipart/report" or not m.is_multipart():
        continue
    seen[2].update([",".join(p.get_content_type() for p in m.get_payload())])
    for part in m.get_payload():
        if part.get_content_type() == "message/delivery-status" and part.is_multipart():
            for n, block in enumerate(part.get_payload()):
                seen[min(n, 1)].update({k.lower() for k in block.keys()})
print(json.dumps(seen))
"#;

fn as_in_the_corpus(read: &Json) {
    let Some(bounces) = corpus("bounces/sisimai") else { return };
    let others = python(OTHERS, &[bounces.to_str().unwrap()], b"");
    for (n, block) in read["status"].as_array().unwrap().iter().enumerate() {
        let written: Vec<&str> =
            block.as_array().unwrap().iter().map(|pair| pair[0].as_str().unwrap()).collect();
        let known = others[n.min(1)].as_object().unwrap();
        for name in &written {
            assert!(known.contains_key(*name), "nobody else writes {name}");
        }
        let most = known.values().filter_map(Json::as_u64).max().unwrap();
        for (name, count) in known.iter().filter(|(_, count)| count.as_u64().unwrap() * 10 > most * 9) {
            assert!(written.contains(&name.as_str()), "{count} others write {name}");
        }
    }
    let kinds: Vec<&str> =
        read["kinds"].as_array().unwrap().iter().map(|kind| kind.as_str().unwrap()).collect();
    assert!(others[2].as_object().unwrap().contains_key(&kinds.join(",")), "{kinds:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn d03_the_whole_message_comes_back_where_that_was_asked() {
    if !tool("python3") {
        return;
    }
    each_engine(async |cerebro| {
        for (body, kind) in [("Bonjour", "message/rfc822"), ("À bientôt", "message/global")] {
            let mut submission = asking(cerebro, &["FAILURE"], message(body));
            submission.envelope.returns = Some(Return::Full);
            let [report] = reports(cerebro, submission, &[bounced()]).await.try_into().unwrap();
            assert!(report.is_ascii(), "a report can travel anywhere");
            let read = python(READ, &[], &report);
            assert_eq!(read["kinds"][2], kind);
            assert!(read["returned"].as_str().unwrap().starts_with("Point de situation/"), "{read}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn d03_success_is_reported_where_the_next_hop_does_not() {
    if !tool("python3") {
        return;
    }
    each_engine(async |cerebro| {
        let told = async |notify: &str, outcome: Outcome| {
            reports(cerebro, asking(cerebro, &[notify], message("Bonjour")), &[outcome]).await
        };
        assert!(told("", delivered(false)).await.is_empty(), "nobody asked");
        assert!(told("FAILURE,DELAY", delivered(false)).await.is_empty());
        assert!(told("SUCCESS", delivered(true)).await.is_empty(), "the next hop says so itself");
        let [report] = told("SUCCESS", delivered(false)).await.try_into().unwrap();
        let read = python(READ, &[], &report);
        assert!(read["status"][1].as_array().unwrap().contains(&serde_json::json!(["action", "relayed"])));
        assert!(told("SUCCESS", bounced()).await.is_empty(), "failures were not asked for");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn d03_a_delay_is_told_once_after_four_hours() {
    if !tool("python3") {
        return;
    }
    each_engine(async |cerebro| {
        let early =
            reports(cerebro, asking(cerebro, &["", "NEVER"], message("x")), &[deferred(), deferred()]).await;
        assert!(early.is_empty(), "nobody is told of a minute");
        let again = async || {
            let leased = outbox::lease(&cerebro.cerebro, 10).await.unwrap();
            let leased = leased.into_iter().find(|leased| leased.flow.is_some()).unwrap();
            end(cerebro, &leased, &[deferred(), deferred()], cerebro.cerebro.instance().now()).await;
            waiting(cerebro).await
        };
        cerebro.clock.advance(bounds::RELAY_DELAY_TOLD);
        let [report] = again().await.try_into().unwrap();
        let read = python(READ, &[], &report);
        let status = read["status"].as_array().unwrap();
        assert_eq!(status.len(), 2, "one of the two asked never to hear");
        let block = status[1].as_array().unwrap();
        assert!(block.contains(&serde_json::json!(["action", "delayed"])), "{read}");
        assert!(block.iter().any(|pair| pair[0] == "will-retry-until"), "{read}");
        cerebro.clock.advance(bounds::RELAY_DELAY_TOLD);
        cerebro.clock.advance(bounds::RELAY_LEASE);
        assert!(again().await.iter().all(|other| *other == report), "told once");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn d03_machines_are_never_answered_and_people_are_in_their_language() {
    if !tool("python3") {
        return;
    }
    each_engine(async |cerebro| {
        let part = "--b\r\n\r\nx\r\n--b--\r\n";
        for (answer, body) in
            [("Auto-Submitted: auto-replied", "x\r\n"), ("Content-Type: multipart/report; boundary=b", part)]
        {
            let raw = format!("{answer}\r\nFrom: {SENDER}\r\nSubject: Absent\r\n\r\n{body}").into_bytes();
            let submission = asking(cerebro, &["SUCCESS,FAILURE,DELAY"], raw);
            assert!(reports(cerebro, submission, &[bounced()]).await.is_empty(), "{answer}");
        }
        let number = cerebro.organisation(1, Policy { locale: Locale::En, ..Policy::default() }).await;
        // The supervisor's account says French; nobody knows the other's language.
        for (local, words) in [("supervisor", "Non remis"), ("aline", "Not delivered")] {
            let from = EmailAddress::parse(&format!("{local}@pliant-1.example")).unwrap();
            let mut submission = asking(cerebro, &[""], message("Bonjour"));
            submission.envelope.reverse_path = Some(from);
            submission.organisations = vec![number];
            flows::receive(&cerebro.cerebro, submission).await.unwrap();
            let leased = outbox::lease(&cerebro.cerebro, 10).await.unwrap().remove(0);
            end(cerebro, &leased, &[bounced()], cerebro.cerebro.instance().now()).await;
            let report = outbox::lease(&cerebro.cerebro, 10).await.unwrap().remove(0);
            let bytes = outbox::content(&cerebro.cerebro, number, report.outbox, "x").await.unwrap();
            let outbox::Outgoing::Whole(bytes) = bytes else { panic!("a report is short") };
            let subject = python(READ, &[], &bytes)["subject"].as_str().unwrap().to_owned();
            assert!(subject.starts_with(words), "{subject}");
        }
    })
    .await;
}
