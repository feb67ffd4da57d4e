//! Ports for programs that must be told theirs before they start.

use std::fs::File;
use std::net::TcpListener;
use std::sync::Mutex;

/// A loopback port nobody else takes while this process lives: below the range the system gives to outgoing
/// connections (32768 and more), and locked against the other tests.
pub(crate) fn free_port() -> u16 {
    static TAKEN: Mutex<Vec<File>> = Mutex::new(Vec::new());
    let locks = std::env::temp_dir().join("cerebro-test-ports");
    std::fs::create_dir_all(&locks).unwrap();
    let mut taken = TAKEN.lock().unwrap();
    let start = u64::from(std::process::id()) * 37 % 12_000;
    for port in (0..12_000).map(|step| 20_000 + ((start + step) % 12_000) as u16) {
        let lock = File::create(locks.join(port.to_string())).unwrap();
        if lock.try_lock().is_ok() && TcpListener::bind(("127.0.0.1", port)).is_ok() {
            taken.push(lock);
            return port;
        }
    }
    panic!("no port between 20000 and 32000 is free");
}
