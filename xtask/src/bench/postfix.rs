//! Postfix, alone or with rspamd as its content filter, as a peer: Debian's packages with their own defaults, a private
//! queue, and the bench's sink as the next hop. rspamd's network checks are off, so that what is compared is the work on
//! a message; everything else it does by default it does here.

use std::fs;
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use super::cerebro::free_port;

pub(crate) struct Postfix {
    directory: PathBuf,
    rspamd: Option<Child>,
    pub(crate) smtp: SocketAddr,
    master: u32,
}

impl Postfix {
    pub(crate) fn start(sink: SocketAddr, with_rspamd: bool) -> anyhow::Result<Self> {
        if !Path::new("/usr/sbin/postfix").exists() {
            bail!("Postfix is not installed");
        }
        let directory = std::env::temp_dir().join(format!("postfix-bench-{}", std::process::id()));
        let _ = fs::remove_dir_all(&directory);
        for folder in ["etc", "queue", "data"] {
            fs::create_dir_all(directory.join(folder))?;
        }
        let (rspamd, milter) = match with_rspamd {
            true => {
                let port = free_port()?;
                (Some(start_rspamd(&directory, port)?), format!("inet:127.0.0.1:{port}"))
            }
            false => (None, String::new()),
        };
        let port = free_port()?;
        fs::write(directory.join("etc/main.cf"), main_cf(&directory, sink, &milter))?;
        let services = fs::read_to_string("/usr/share/postfix/master.cf.dist")
            .or_else(|_| fs::read_to_string("/etc/postfix/master.cf"))
            .context("Postfix's own master.cf")?;
        fs::write(directory.join("etc/master.cf"), master_cf(&services, port))?;
        let owner = Command::new("chown").args(["-R", "postfix"]).arg(directory.join("data")).status()?;
        if !owner.success() {
            bail!("the data directory could not be given to Postfix");
        }
        let started = Command::new("postfix")
            .arg("-c")
            .arg(directory.join("etc"))
            .arg("start")
            .stderr(Stdio::null())
            .status()?;
        if !started.success() {
            bail!("Postfix did not start");
        }
        let smtp: SocketAddr = format!("127.0.0.1:{port}").parse()?;
        wait_for(smtp)?;
        let master = fs::read_to_string(directory.join("queue/pid/master.pid"))?.trim().parse()?;
        Ok(Self { directory, rspamd, smtp, master })
    }

    pub(crate) fn pids(&self) -> Vec<u32> {
        let mut all = vec![self.master];
        all.extend(self.rspamd.iter().map(Child::id));
        all
    }
}

impl Drop for Postfix {
    fn drop(&mut self) {
        let etc = self.directory.join("etc");
        let _ = Command::new("postfix").arg("-c").arg(etc).arg("stop").stderr(Stdio::null()).status();
        if let Some(rspamd) = &mut self.rspamd {
            let _ = Command::new("kill").arg(rspamd.id().to_string()).status();
            let _ = rspamd.wait();
        }
        let _ = fs::remove_dir_all(&self.directory);
    }
}

fn main_cf(directory: &Path, sink: SocketAddr, milter: &str) -> String {
    let place = directory.display();
    format!(
        "compatibility_level = 3.6\n\
         queue_directory = {place}/queue\n\
         data_directory = {place}/data\n\
         maillog_file = {place}/log\n\
         maillog_file_prefixes = {place}\n\
         myhostname = relay.orveane.example\n\
         mydestination =\n\
         inet_interfaces = 127.0.0.1\n\
         inet_protocols = ipv4\n\
         mynetworks = 127.0.0.0/8\n\
         smtpd_relay_restrictions = permit_mynetworks, reject\n\
         smtpd_client_connection_count_limit = 0\n\
         relayhost = [{}]:{}\n\
         smtp_tls_security_level = none\n\
         smtpd_milters = {milter}\n\
         milter_default_action = tempfail\n",
        sink.ip(),
        sink.port()
    )
}

/// Postfix's own services, on our port, outside a chroot that a private queue does not have.
fn master_cf(services: &str, port: u16) -> String {
    let mut text = String::new();
    for line in services.lines().filter(|line| !line.trim_start().starts_with('#')) {
        let fields: Vec<&str> = line.split_whitespace().collect();
        match fields.as_slice() {
            ["smtp", "inet", private, unprivileged, _, rest @ ..] => {
                text += &format!("127.0.0.1:{port} inet {private} {unprivileged} n {}\n", rest.join(" "));
            }
            [name, kind, private, unprivileged, _, rest @ ..] if !line.starts_with([' ', '\t']) => {
                text += &format!("{name} {kind} {private} {unprivileged} n {}\n", rest.join(" "));
            }
            _ => text += &format!("{line}\n"),
        }
    }
    text
}

/// rspamd with Debian's configuration, less what asks the network.
fn start_rspamd(directory: &Path, port: u16) -> anyhow::Result<Child> {
    if !Path::new("/usr/bin/rspamd").exists() {
        bail!("rspamd is not installed");
    }
    let etc = directory.join("rspamd");
    let copied = Command::new("cp").args(["-r", "/etc/rspamd"]).arg(&etc).status()?;
    if !copied.success() {
        bail!("rspamd's configuration could not be copied");
    }
    let place = directory.display();
    fs::create_dir_all(etc.join("local.d"))?;
    fs::write(
        etc.join("local.d/worker-proxy.inc"),
        format!(
            "bind_socket = \"127.0.0.1:{port}\";\nmilter = yes;\ncount = 2;\nupstream \"local\" {{ default = yes; self_scan = yes; }}\n"
        ),
    )?;
    for worker in ["worker-normal.inc", "worker-controller.inc", "worker-fuzzy.inc"] {
        fs::write(etc.join("override.d").join(worker), "enabled = false;\n")?;
    }
    fs::write(
        etc.join("override.d/options.inc"),
        format!(
            "pidfile = \"{place}/rspamd.pid\";\ntempdir = \"/tmp\";\ndns {{ timeout = 1s; retransmits = 1; }}\n"
        ),
    )?;
    fs::write(
        etc.join("override.d/logging.inc"),
        format!("type = \"file\"; filename = \"{place}/rspamd.log\"; level = \"error\";\n"),
    )?;
    for module in [
        "rbl",
        "surbl",
        "spf",
        "dkim",
        "dkim_signing",
        "dmarc",
        "arc",
        "asn",
        "fuzzy_check",
        "mx_check",
        "phishing",
        "url_redirector",
        "rspamd_update",
        "greylist",
        "ratelimit",
        "bayes",
    ] {
        fs::write(etc.join("override.d").join(format!("{module}.conf")), "enabled = false;\n")?;
    }
    let child = Command::new("rspamd")
        .args(["-f", "--insecure", "-c"])
        .arg(etc.join("rspamd.conf"))
        .arg(format!("--var=CONFDIR={}", etc.display()))
        .arg(format!("--var=LOCAL_CONFDIR={}", etc.display()))
        .arg(format!("--var=DBDIR={place}/data"))
        .arg(format!("--var=RUNDIR={place}"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    wait_for(format!("127.0.0.1:{port}").parse()?)?;
    Ok(child)
}

fn wait_for(address: SocketAddr) -> anyhow::Result<()> {
    let end = Instant::now() + Duration::from_secs(30);
    while TcpStream::connect(address).is_err() {
        if Instant::now() > end {
            bail!("nothing answers on {address}");
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    Ok(())
}
