//! Each wall holds by itself, and all together.

use std::net::TcpListener;
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, ExitStatus, Stdio};

use extract::confine::Layer;
use extract::{Extraction, Reason, StartError};
use libtest_mimic::Trial;

use crate::probe::{DONE, REFUSED};
use crate::{extractor, run, trial};

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial("walls::unconfined_all_of_it_works", unconfined_all_of_it_works),
        trial("walls::confined_none_of_it_works", confined_none_of_it_works),
        trial("walls::seccomp_alone_kills", seccomp_alone_kills),
        trial("walls::landlock_alone_refuses", landlock_alone_refuses),
        trial("walls::limits_alone_refuse", limits_alone_refuse),
        trial("walls::without_a_layer_the_child_refuses", without_a_layer_the_child_refuses),
        trial("walls::declared_weakened_says_what_is_missing", declared_weakened_says_what_is_missing),
    ]
}

/// What a confined process attempts, each a way out.
const WAYS_OUT: &[&str] = &[
    "open",
    "create",
    "list",
    "remove",
    "read-inherited",
    "connect",
    "listen",
    "datagram",
    "pair",
    "run",
    "thread",
    "signal",
];

struct Ground {
    listener: TcpListener,
    file: std::path::PathBuf,
}

impl Ground {
    fn new(name: &str) -> Self {
        let file = std::env::temp_dir().join(format!("cerebro-walls-{name}-{}", std::process::id()));
        std::fs::write(&file, "something").unwrap();
        Self { listener: TcpListener::bind("127.0.0.1:0").unwrap(), file }
    }

    /// How a process ends that confines itself by `layer`, then attempts.
    fn attempt(&self, layer: &str, attempt: &str) -> ExitStatus {
        let extra = match attempt {
            "connect" => self.listener.local_addr().unwrap().to_string(),
            "signal" => std::process::id().to_string(),
            _ => self.file.display().to_string(),
        };
        Command::new(std::env::current_exe().unwrap())
            .args(["as-probe", layer, attempt, &extra])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .unwrap()
    }
}

impl Drop for Ground {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.file);
    }
}

/// The probes do what they say: without this, their failures would show nothing.
fn unconfined_all_of_it_works() {
    let ground = Ground::new("none");
    for attempt in WAYS_OUT.iter().chain(&["memory"]) {
        let status = ground.attempt("none", attempt);
        assert_eq!(status.code(), Some(DONE.into()), "{attempt}: {status}");
        std::fs::write(&ground.file, "something").unwrap();
    }
    // It becomes /bin/true.
    assert_eq!(ground.attempt("none", "become").code(), Some(0));
}

fn confined_none_of_it_works() {
    let ground = Ground::new("all");
    for attempt in WAYS_OUT.iter().chain(&["become"]) {
        let status = ground.attempt("all", attempt);
        assert_eq!(status.signal(), Some(libc::SIGSYS), "{attempt}: {status}");
    }
    assert_eq!(ground.attempt("all", "memory").code(), Some(REFUSED.into()));
    assert_eq!(std::fs::read(&ground.file).unwrap(), b"something");
}

fn seccomp_alone_kills() {
    let ground = Ground::new("seccomp");
    for attempt in WAYS_OUT.iter().chain(&["become"]) {
        let status = ground.attempt("seccomp", attempt);
        assert_eq!(status.signal(), Some(libc::SIGSYS), "{attempt}: {status}");
    }
}

fn landlock_alone_refuses() {
    let ground = Ground::new("landlock");
    for attempt in ["open", "create", "list", "remove", "run", "become"] {
        let status = ground.attempt("landlock", attempt);
        assert_eq!(status.code(), Some(REFUSED.into()), "{attempt}: {status}");
    }
}

fn limits_alone_refuse() {
    let ground = Ground::new("limits");
    for attempt in ["open", "create", "connect", "pair", "memory"] {
        let status = ground.attempt("limits", attempt);
        assert_eq!(status.code(), Some(REFUSED.into()), "{attempt}: {status}");
    }
}

fn without_a_layer_the_child_refuses() {
    for missing in ["landlock", "seccomp"] {
        run(async {
            let extractor = extractor(&["as-worker", missing, "strict"]);
            let error = extractor.check().await.unwrap_err();
            assert!(matches!(&error, StartError::Refused(why) if why.contains(missing)), "{error}");
            let found = extractor.extract("a.pdf", "application/pdf", b"%PDF-1.7\n").await;
            assert_eq!(found[0].outcome, Extraction::Unreadable(Reason::SandboxUnavailable));
        });
    }
}

fn declared_weakened_says_what_is_missing() {
    for (missing, layer) in [("landlock", Layer::Landlock), ("seccomp", Layer::Seccomp)] {
        run(async {
            let extractor = extractor(&["as-worker", missing, "weakened"]);
            assert_eq!(extractor.check().await.unwrap().missing, [layer]);
            let found = extractor.extract("a.rtf", "", br"{\rtf1 texte}").await;
            assert_eq!(found[0].outcome.text(), Some("texte"));
        });
    }
}
