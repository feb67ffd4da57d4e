//! Mail out: leases, connections, names, retries.

use std::time::Duration;

/// How long we wait for the remote's answer to the final dot (RFC 5321 §4.5.3.2.6).
pub const RELAY_FINAL_DOT_TIMEOUT: Duration = Duration::from_secs(600);
/// How long we wait for any other answer of a remote server.
pub const RELAY_COMMAND_TIMEOUT: Duration = Duration::from_secs(120);
/// A lease on an outbox row: longer than the wait for the answer to a final dot, before which it is renewed.
pub const RELAY_LEASE: Duration = Duration::from_secs(900);
/// A node that does not say that it lives for so long is gone: what it had in hand is done again. Longer than the others take
/// to say so again after the database failed over.
pub const NODE_ABSENCE: Duration = Duration::from_secs(10);
/// A lease is renewed this often while its attempt goes on, so that two relays never hold one row.
pub const RELAY_LEASE_RENEWED: Duration = Duration::from_secs(240);
/// A clock that differs from the time that passed by this much was set anew.
pub const CLOCK_JUMP_MIN: Duration = Duration::from_secs(5);
/// From an open connection to a host ready for a message, TLS included: greeting and EHLO may come byte by byte, not for ever.
pub const RELAY_OPEN_TIMEOUT: Duration = Duration::from_secs(240);
/// For all answers to one message's MAIL, RCPT and DATA together.
pub const RELAY_ENVELOPE_TIMEOUT: Duration = Duration::from_secs(600);
/// For a next hop to take all of one message's content before the final dot (200 MB at 60 KB/s).
pub const RELAY_CONTENT_TIMEOUT: Duration = Duration::from_secs(3_600);
/// Deliveries leased at once by one relay.
pub const RELAY_BATCH_MAX: usize = 256;
/// A message longer than this is read while it leaves, rather than held whole in memory; bytes.
pub const RELAY_MEMORY_BYTES_MAX: u64 = 1024 * 1024;
/// Connections of one relay at once, all destinations together.
pub const RELAY_CONNECTIONS_MAX: usize = 64;
/// Connections to one destination at once, where its route says nothing else.
pub const RELAY_DESTINATION_CONNECTIONS: usize = 16;
/// Changes of reason recorded of one delivery that is deferred again and again.
pub const DELIVERY_DEFERRALS_RECORDED_MAX: usize = 12;
/// Of the room a relay has, bulk takes at most one part in this many at a time: the rest is kept for people's messages.
pub const RELAY_BULK_SHARE: usize = 4;
/// A message that could not be delivered for this long is reported to its sender as delayed, once.
pub const RELAY_DELAY_TOLD: Duration = Duration::from_secs(4 * 3600);
/// Destinations of one organisation that are paused at once.
pub const RELAY_PAUSES_MAX: usize = 500;
/// A message whose destinations are all paused is looked at again after this, unless they are resumed first.
pub const RELAY_PAUSED_LOOK: Duration = Duration::from_secs(300);
/// Of those of an organisation that stopped everything, put behind in one lease.
pub const RELAY_HELD_OFF_AT_ONCE: usize = 1_000;
/// Leases made one after the other to pass over paused destinations before the relay does something else.
pub const RELAY_PASSED_OVER_MAX: usize = 64;
/// Recipient domains shown of one message that waits to leave.
pub const OUTGOING_DESTINATIONS_MAX: usize = 20;
/// Retries stop and a bounce is made after this long in the queue (RFC 5321 §4.5.4.1: 4–5 days).
pub const RELAY_EXPIRY: Duration = Duration::from_secs(5 * 24 * 3600);
/// Time given to one address of a route to accept a connection.
pub const RELAY_CONNECT_TIMEOUT: Duration = Duration::from_secs(30);
/// Addresses of one host name tried in one attempt.
pub const RELAY_ADDRESSES_MAX: usize = 5;
/// Mail exchangers of one domain that are looked at.
pub const RELAY_EXCHANGERS_MAX: usize = 16;
/// Once an attempt has looked for a host this long, it tries no further one: an attempt fits in its lease.
pub const RELAY_REACH_MAX: Duration = Duration::from_secs(120);
/// Hosts that may refuse a message for now in one attempt; then it waits, whoever else could be asked.
pub const RELAY_REFUSING_HOSTS_MAX: usize = 4;
/// Transactions of one attempt: a host that takes fewer recipients at once than a message has gets it several times.
pub const RELAY_TRANSACTIONS_MAX: usize = 20;
/// Connections to a new destination at once; each message that goes well allows one more.
pub const RELAY_CONNECTIONS_FIRST: usize = 4;
/// How long a message in hand waits for a connection to its destination; then the destination is slow, and its line is
/// kept in the outbox.
pub const RELAY_LINE_WAIT: Duration = Duration::from_secs(5);
/// How long a destination counts as slow.
pub const RELAY_SLOW_PAUSE: Duration = Duration::from_secs(60);
/// A message that finds its destination full comes back no sooner.
pub const RELAY_POSTPONE_MIN: Duration = Duration::from_secs(1);
/// A message that finds its destination full comes back no later.
pub const RELAY_POSTPONE_MAX: Duration = Duration::from_secs(3_600);
/// What a destination with a limit of messages a minute may get at once, as time of that limit.
pub const RELAY_BURST: Duration = Duration::from_secs(10);
/// Waits between attempts are shifted by up to this much either way, in thousandths.
pub const RELAY_RETRY_JITTER: u32 = 200;
/// Destinations something is remembered of (pace, connections, that nobody answers); past this those unused longest go.
pub const RELAY_DESTINATIONS_MAX: usize = 10_000;
/// Hosts of one destination remembered as not reached lately.
pub const RELAY_UNREACHABLE_MAX: usize = 64;
/// Unused connections kept for one destination.
pub const RELAY_IDLE_PER_DESTINATION_MAX: usize = 16;
/// Where mail servers listen.
pub const SMTP_PORT: u16 = 25;
/// Patience with one DNS server for one question.
pub const DNS_TIMEOUT: Duration = Duration::from_secs(5);
/// How often all DNS servers are asked before a question is given up.
pub const DNS_ROUNDS: usize = 2;
/// A DNS answer over UDP, bytes (DNS flag day 2020); longer ones come over TCP.
pub const DNS_DATAGRAM_BYTES_MAX: usize = 1_232;
/// An MTA-STS policy, bytes (RFC 8461 §3.3 suggests 64 KiB).
pub const MTA_STS_POLICY_BYTES_MAX: usize = 64 * 1024;
/// The head of a policy host's HTTP answer, bytes.
pub const MTA_STS_HEAD_BYTES_MAX: usize = 16 * 1024;
/// Names in one MTA-STS policy.
pub const MTA_STS_PATTERNS_MAX: usize = 500;
/// How long an MTA-STS policy holds at most (RFC 8461 §3.2).
pub const MTA_STS_AGE_MAX: Duration = Duration::from_secs(31_557_600);
/// Patience with a policy host (RFC 8461 §3.3 suggests one minute).
pub const MTA_STS_FETCH_TIMEOUT: Duration = Duration::from_secs(60);
/// A policy that could not be fetched is not asked for again for this long (RFC 8461 §3.3).
pub const MTA_STS_RETRY: Duration = Duration::from_secs(300);
/// Policies kept at once; past this those fetched longest ago go.
pub const MTA_STS_KEPT_MAX: usize = 10_000;
/// How often what no longer holds is swept out of the kept policies.
pub const MTA_STS_SWEEP: Duration = Duration::from_secs(3_600);
/// Domains remembered whose policy could not be fetched lately; past this the oldest are asked again.
pub const MTA_STS_FAILED_MAX: usize = 10_000;
/// CNAME records followed in one DNS answer.
pub const DNS_ALIASES_MAX: usize = 16;
/// One reply of a remote server, all lines, bytes; more is a broken server.
pub const RELAY_REPLY_BYTES_MAX: usize = 16 * 1024;
/// Characters kept of a remote's reply.
pub const RELAY_REPLY_CHARS_MAX: usize = 500;
/// An idle connection to a route is closed after this.
pub const RELAY_IDLE: Duration = Duration::from_secs(20);
/// Messages sent over one connection before it is renewed.
pub const RELAY_MESSAGES_PER_CONNECTION_MAX: usize = 1_000;
/// First wait after a temporary failure; it doubles up to [`RELAY_RETRY_MAX`].
pub const RELAY_RETRY_FIRST: Duration = Duration::from_secs(60);
/// Wait after an attempt that failed here, for want of durable storage: the next hop has no part in it.
pub const RELAY_OWN_FAULT_PAUSE: Duration = Duration::from_secs(5);
/// Longest wait between two attempts.
pub const RELAY_RETRY_MAX: Duration = Duration::from_secs(4 * 3600);
/// A host that could not be reached is tried last for this long.
pub const RELAY_HOST_PAUSE: Duration = Duration::from_secs(60);
/// Pause between two leases while no host of the route can be reached.
pub const RELAY_DOWN_PAUSE: Duration = Duration::from_secs(1);
/// Longest sleep of an idle relay before it looks for due retries again.
pub const RELAY_POLL: Duration = Duration::from_secs(5);
