//! A child that is not confined and misbehaves as the name of the file says. It speaks the wire format by hand.

use std::io::{Read, Write};
use std::process::ExitCode;
use std::time::Duration;

pub(crate) fn run() -> ExitCode {
    say(br#"{"confined":{"Ok":{"missing":[]}}}"#);
    while let Some(name) = field() {
        let _ = (field(), field());
        match name.as_str() {
            "crash" => std::process::abort(),
            "leave" => return ExitCode::SUCCESS,
            "garbage" => say(b"]["),
            "endless" => std::io::stdout().write_all(&[0xff; 64]).unwrap(),
            // Text with a place that is not in it.
            "lie" => say(&answer(r#"{"text":{"text":"a","places":{"names":[],"marks":[[9,1,0,1,0]]}}}"#)),
            "nothing" => say(br#"{"files":[],"last":false}"#),
            "hang" => std::thread::sleep(Duration::from_secs(3_600)),
            _ => say(&answer(&format!(r#"{{"text":{{"text":"{}"}}}}"#, std::process::id()))),
        }
        std::io::stdout().flush().unwrap();
    }
    ExitCode::SUCCESS
}

fn answer(outcome: &str) -> Vec<u8> {
    format!(
        r#"{{"files":[{{"part":"","name":"a","detected_type":"text/plain","outcome":{outcome}}}],"last":false}}"#
    )
    .into_bytes()
}

fn say(json: &[u8]) {
    let mut out = std::io::stdout().lock();
    out.write_all(&u32::try_from(json.len()).unwrap().to_le_bytes()).unwrap();
    out.write_all(json).unwrap();
    out.flush().unwrap();
}

fn field() -> Option<String> {
    let mut len = [0; 4];
    std::io::stdin().read_exact(&mut len).ok()?;
    let mut bytes = vec![0; u32::from_le_bytes(len) as usize];
    std::io::stdin().read_exact(&mut bytes).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}
