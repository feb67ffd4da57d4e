//! The child that reads attachments, as shipped: confined before it reads, and no word of tests in it.

use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};

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
