//! The child that reads attachments, as shipped: confined before it reads, and no word of tests in it.

use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use vocabulary::bounds::{EXTRACT_CPU_SECONDS_MAX, EXTRACT_MEMORY_BYTES_MAX};

use crate::support::program::binary;

/// The child as CEREBRO starts it.
fn worker() -> Child {
    Command::new(binary())
        .arg("extract-worker")
        .env_clear()
        .env("MIMALLOC_ARENA_RESERVE", "0")
        .env("MIMALLOC_USE_NUMA_NODES", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

fn hear(child: &mut Child) -> String {
    let from = child.stdout.as_mut().unwrap();
    let mut len = [0; 4];
    from.read_exact(&mut len).unwrap();
    let mut bytes = vec![0; u32::from_le_bytes(len) as usize];
    from.read_exact(&mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

/// What the kernel says of a process, by key.
fn kernel_says(child: &Child, file: &str, key: &str) -> Vec<String> {
    let text = std::fs::read_to_string(format!("/proc/{}/{file}", child.id())).unwrap();
    let line = text.lines().find(|line| line.starts_with(key)).unwrap_or_else(|| panic!("no {key}"));
    line[key.len()..].split_whitespace().map(str::to_owned).collect()
}

#[test]
fn the_shipped_child_is_confined_before_it_is_asked() {
    let mut child = worker();
    assert_eq!(hear(&mut child), r#"{"confined":{"Ok":{"missing":[]}}}"#);
    assert_eq!(kernel_says(&child, "status", "Threads:"), ["1"]);
    assert_eq!(kernel_says(&child, "status", "NoNewPrivs:"), ["1"]);
    assert_eq!(kernel_says(&child, "status", "Seccomp:"), ["2"], "2 is a filter");
    let memory = EXTRACT_MEMORY_BYTES_MAX.to_string();
    let seconds =
        [EXTRACT_CPU_SECONDS_MAX * 2, EXTRACT_CPU_SECONDS_MAX * 2 + 1].map(|limit| limit.to_string());
    assert_eq!(kernel_says(&child, "limits", "Max address space")[..2], [memory.clone(), memory]);
    assert_eq!(kernel_says(&child, "limits", "Max cpu time")[..2], seconds);
    for limit in ["Max file size", "Max open files", "Max processes", "Max core file size"] {
        assert_eq!(kernel_says(&child, "limits", limit)[..2], ["0", "0"], "{limit}");
    }
    // Its own allocator has not taken its share before the limit stood.
    let held: u64 = kernel_says(&child, "status", "VmSize:")[0].parse().unwrap();
    assert!(held * 1024 < EXTRACT_MEMORY_BYTES_MAX / 2, "{held} KiB");
    // It reads, with the allocator and the code that are shipped, and ends when it is no longer asked.
    let to = child.stdin.as_mut().unwrap();
    for field in ["note.rtf", "application/rtf", r"{\rtf1 un mot}"] {
        to.write_all(&u32::try_from(field.len()).unwrap().to_le_bytes()).unwrap();
        to.write_all(field.as_bytes()).unwrap();
    }
    assert!(hear(&mut child).contains("un mot"));
    drop(child.stdin.take());
    assert!(child.wait().unwrap().success());
}

#[test]
fn a_message_is_assessed_through_the_child() {
    let message = "From: a@bank.example\r\nTo: b@outside.example\r\nMIME-Version: 1.0\r\n\
        Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: application/rtf; name=note.rtf\r\n\
        Content-Disposition: attachment; filename=note.rtf\r\n\r\n{\\rtf1 IBAN FR76 3000 6000 0112 3456 7890 189}\r\n\
        --b--\r\n";
    let path = std::env::temp_dir().join(format!("cerebro-assess-{}.eml", std::process::id()));
    std::fs::write(&path, message).unwrap();
    let output = Command::new(binary()).arg("assess").arg(&path).output().unwrap();
    std::fs::remove_file(&path).unwrap();
    let line: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(line["incomplete"], serde_json::json!([]), "{line}");
    assert_eq!(line["findings"][0]["detector"], "iban", "{line}");
}

/// Account details of nobody, as a browser drew them, 760 by 360 pixels.
const RIB: &[u8] = include_bytes!("../../../crates/extract/tests/confinement/rib.png");

/// A PDF whose only page is that picture: PDF undoes what PNG compresses.
fn scan() -> Vec<u8> {
    let mut rest = &RIB[8..];
    let mut data = Vec::new();
    while let Some((head, behind)) = rest.split_first_chunk::<8>() {
        let length = u32::from_be_bytes(head[..4].try_into().unwrap()) as usize;
        if &head[4..] == b"IDAT" {
            data.extend(&behind[..length]);
        }
        rest = &behind[length + 4..];
    }
    let head = format!(
        "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
         3 0 obj<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</XObject<</X 5 0 R>>>>>>endobj\n\
         4 0 obj<</Length 5>>stream\n/X Do\nendstream endobj\n\
         5 0 obj<</Subtype/Image/Width 760/Height 360/BitsPerComponent 8/ColorSpace/DeviceRGB/Filter/FlateDecode\
         /DecodeParms<</Predictor 15/Colors 3/Columns 760>>/Length {}>>stream\n",
        data.len()
    );
    [head.as_bytes(), &data, b"\nendstream endobj\ntrailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF"].concat()
}

/// The account number stands on a scanned page, and in a picture: found there, under the page's name. Without Tesseract the
/// pages are told.
#[test]
fn what_is_written_on_a_scanned_page_is_found_and_its_place_is_named() {
    let tesseract = std::path::Path::new("/usr/bin/tesseract");
    if !tesseract.is_file() {
        assert!(std::env::var_os("CEREBRO_CI").is_none(), "there is no tesseract");
        eprintln!("skipped: there is no tesseract");
        return;
    }
    let file = |name: &str, bytes: &[u8]| {
        let encoded = STANDARD.encode(bytes);
        let lines: Vec<&str> =
            encoded.as_bytes().chunks(76).map(|line| std::str::from_utf8(line).unwrap()).collect();
        format!(
            "--b\r\nContent-Type: application/octet-stream; name={name}\r\nContent-Disposition: attachment; filename={name}\r\n\
             Content-Transfer-Encoding: base64\r\n\r\n{}\r\n",
            lines.join("\r\n")
        )
    };
    let message = format!(
        "From: a@bank.example\r\nTo: b@outside.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n\
         --b\r\nContent-Type: text/plain\r\n\r\nVoir ci-joint.\r\n{}{}--b--\r\n",
        file("scan.pdf", &scan()),
        file("rib.png", RIB)
    );
    let path = std::env::temp_dir().join(format!("cerebro-scan-{}.eml", std::process::id()));
    std::fs::write(&path, message).unwrap();
    let assess = |words: &[&str]| -> serde_json::Value {
        let output = Command::new(binary()).arg("assess").args(words).arg(&path).output().unwrap();
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let read = assess(&["--tesseract", "/usr/bin/tesseract"]);
    let unread = assess(&[]);
    std::fs::remove_file(&path).unwrap();
    let found = |said: &serde_json::Value| -> Vec<String> {
        let findings = said["findings"].as_array().unwrap().iter();
        let ibans = findings.filter(|finding| finding["detector"] == "iban");
        ibans.map(|finding| finding["part"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(found(&read), ["2!page 1", "3"], "{read}");
    assert_eq!((read["verdict"].as_str(), found(&unread)), (Some("hold"), vec![]), "{read} {unread}");
    let asked = |said: &serde_json::Value| said["controls"].as_array().unwrap().contains(&"SCAN-05".into());
    assert!(asked(&unread) && !asked(&read), "{unread} {read}");
}
