//! Holds: what waits for a person, how it is decided, and its clock.

pub mod alike;
pub mod answer;
pub mod arbitrate;
pub mod carry;
pub mod clock;
pub mod custody;
pub mod decide;
pub mod escalate;
pub mod event;
pub mod guarded;
pub mod hold;
pub mod open;
pub mod overrule;
pub mod queue;
pub mod second;
mod settle;
pub mod signature;

pub use hold::{Escalation, HoldState};
pub use settle::{Decision, ReviewError, Seen};
pub(crate) use settle::{Kept, decision_context, hex, open_json};

pub(crate) mod sql {
    access::statements! {
        Organisation WAITING = "SELECT h.id, h.flow, h.class, h.severity, h.control, h.state, h.escalation, h.held_at, h.due_at, f.sender, f.size, f.summary, h.decided_at, h.decided_by, h.guard FROM hold h JOIN flow f ON f.organisation = $1 AND f.id = h.flow WHERE h.organisation = $1 AND h.state = 'waiting' AND h.escalation >= $2 ORDER BY h.due_at, h.id LIMIT $3 OFFSET $4";
        Organisation WAITING_AFTER = "SELECT h.id, h.flow, h.class, h.severity, h.control, h.state, h.escalation, h.held_at, h.due_at, f.sender, f.size, f.summary, h.decided_at, h.decided_by, h.guard FROM hold h JOIN flow f ON f.organisation = $1 AND f.id = h.flow WHERE h.organisation = $1 AND h.state = 'waiting' AND (h.due_at, h.id) > (SELECT due_at, id FROM hold WHERE organisation = $1 AND id = $2) ORDER BY h.due_at, h.id LIMIT 500";
        Organisation DECIDED = "SELECT h.id, h.flow, h.class, h.severity, h.control, h.state, h.escalation, h.held_at, h.due_at, f.sender, f.size, f.summary, h.decided_at, COALESCE(a.name, h.decided_by), h.guard, (SELECT COUNT(*) FROM override_decision o WHERE o.organisation = $1 AND o.hold = h.id) FROM hold h JOIN flow f ON f.organisation = $1 AND f.id = h.flow LEFT JOIN account a ON a.organisation = $1 AND a.id = h.decided_by WHERE h.organisation = $1 AND h.decided_at IS NOT NULL ORDER BY h.decided_at DESC LIMIT 100";
        Organisation COUNT_WAITING = "SELECT COUNT(*) FROM hold WHERE organisation = $1 AND state = 'waiting' AND escalation >= $2";
        Organisation HOLD = "SELECT h.id, h.flow, h.assessment, h.class, h.severity, h.control, h.state, h.escalation, h.content_sha256, h.held_at, h.due_at, h.decided_at, h.decided_by, h.decision, f.sender, f.summary, h.remind_at, h.next_event, h.companions, h.guard FROM hold h JOIN flow f ON f.organisation = $1 AND f.id = h.flow WHERE h.organisation = $1 AND h.id = $2";
        Organisation LOCK = "SELECT state, escalation, content_sha256, flow, guard FROM hold WHERE organisation = $1 AND id = $2"
            => "SELECT state, escalation, content_sha256, flow, guard FROM hold WHERE organisation = $1 AND id = $2 FOR UPDATE";
        /// Who decided on a hold, or called its arbiters.
        Organisation HANDS = "SELECT decided_by FROM hold WHERE organisation = $1 AND id = $2 AND decided_by IS NOT NULL UNION SELECT account FROM hold_event WHERE organisation = $1 AND hold = $2 AND kind = 'escalated'";
        Organisation DECIDE = "UPDATE hold SET state = $3, decided_at = $4, decided_by = $5, decision = $6, remind_at = NULL, next_event = NULL WHERE organisation = $1 AND id = $2 AND state = $7";
        Organisation ESCALATE = "UPDATE hold SET escalation = $3, remind_at = $4, next_event = $5 WHERE organisation = $1 AND id = $2 AND state = 'waiting' AND escalation < $3";
        Organisation TICK = "UPDATE hold SET escalation = $3, remind_at = $4, next_event = $5 WHERE organisation = $1 AND id = $2 AND state = 'waiting' AND next_event = $6 AND remind_at <= $7";
        Organisation MOVE_DELIVERIES = "UPDATE delivery SET state = $3, outbox = $4, changed_at = $5 WHERE organisation = $1 AND flow = $2 AND state = $6";
        Organisation HELD_RECIPIENTS = "SELECT recipient, external FROM delivery WHERE organisation = $1 AND flow = $2 AND state = 'held' ORDER BY position LIMIT 1000";
        Organisation SENDER_ACCOUNT = "SELECT id FROM account WHERE organisation = $1 AND email = $2 AND status <> 'closed'";
        Organisation INSERT_OVERRIDE = "INSERT INTO override_decision (organisation, id, hold, account, was, becomes, grounds, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        Organisation OVERRIDES = "SELECT id, account, was, becomes, grounds, created_at FROM override_decision WHERE organisation = $1 AND hold = $2 ORDER BY created_at LIMIT 100";
        Organisation ALREADY_READ = "SELECT read_at FROM reading WHERE organisation = $1 AND session = $2 AND subject = $3";
        Organisation INSERT_READING = "INSERT INTO reading (organisation, session, subject, read_at) VALUES ($1, $2, $3, $4) ON CONFLICT (organisation, session, subject) DO NOTHING";
        Organisation INSERT_EVENT = "INSERT INTO hold_event (organisation, hold, at, kind, account, said) VALUES ($1, $2, $3, $4, $5, $6)";
        Organisation EVENTS = "SELECT at, kind, account, said FROM hold_event WHERE organisation = $1 AND hold = $2 ORDER BY at, kind LIMIT 100";
        Organisation TOGETHER = "SELECT kind, COUNT(*), MAX(joined_at) FROM companion WHERE organisation = $1 AND hold = $2 GROUP BY kind ORDER BY kind";
        Organisation PART_DELIVERIES = "SELECT d.id, d.recipient, d.external, d.verdict, d.state, d.reply, d.changed_at, d.outbox, d.notify, d.original_recipient, d.deferred FROM companion c JOIN delivery d ON d.organisation = $1 AND d.flow = c.flow WHERE c.organisation = $1 AND c.hold = $2 AND c.kind = 'part' ORDER BY c.joined_at, c.flow, d.position LIMIT 1000";
        Organisation PART_ASSESSMENTS = "SELECT a.id, a.sealed FROM companion c JOIN assessment a ON a.organisation = $1 AND a.flow = c.flow WHERE c.organisation = $1 AND c.hold = $2 AND c.kind = 'part' ORDER BY c.joined_at, c.flow LIMIT 20";
        Organisation NEXT_WAITING = "SELECT h.id FROM hold h WHERE h.organisation = $1 AND h.state = 'waiting' AND h.id <> $2 AND h.escalation >= $3 AND h.due_at >= $4 ORDER BY h.due_at, h.id LIMIT 1";
        Organisation NAMES = "SELECT id, name, email FROM account WHERE organisation = $1 ORDER BY id LIMIT 5000";
        Organisation ARBITERS = "SELECT DISTINCT a.email FROM account a JOIN mission_grant g ON g.organisation = $1 AND g.account = a.id WHERE a.organisation = $1 AND a.status = 'active' AND a.email IS NOT NULL AND g.mission = 'arbiter' AND g.ended_at IS NULL AND g.suspended_at IS NULL LIMIT 20";
        Organisation CUSTODIANS = "SELECT DISTINCT a.email FROM account a JOIN mission_grant g ON g.organisation = $1 AND g.account = a.id WHERE a.organisation = $1 AND a.status = 'active' AND a.email IS NOT NULL AND g.mission = 'custodian' AND g.ended_at IS NULL AND g.suspended_at IS NULL LIMIT 20";
        Organisation KEEP_FEATURE = "INSERT INTO hold_feature (organisation, hold, kind, value) VALUES ($1, $2, $3, $4) ON CONFLICT (organisation, hold, kind, value) DO NOTHING";
        /// Of guarded ones nothing is told: a reason may tell what a message says.
        Organisation ALIKE = "SELECT h.id, h.state, h.decided_at, SUM(CASE WHEN o.kind = 'control' THEN 1 ELSE 0 END), COUNT(*) FROM (SELECT id, state, decided_at FROM hold WHERE organisation = $1 AND decided_at >= $3 AND id <> $2 AND (COALESCE(guard, 0) & 3) = 0 ORDER BY decided_at DESC LIMIT $4) h JOIN hold_feature o ON o.organisation = $1 AND o.hold = h.id JOIN hold_feature m ON m.organisation = $1 AND m.hold = $2 AND m.kind = o.kind AND m.value = o.value GROUP BY h.id, h.state, h.decided_at ORDER BY h.decided_at DESC";
        /// The earliest decision looked at, where there are more.
        Organisation ALIKE_FROM = "SELECT decided_at FROM hold WHERE organisation = $1 AND decided_at >= $3 AND id <> $2 AND (COALESCE(guard, 0) & 3) = 0 ORDER BY decided_at DESC LIMIT 1 OFFSET $4";
        Organisation DECISION = "SELECT id, state, decided_at, decided_by, decision FROM hold WHERE organisation = $1 AND id = $2";
        Organisation SIMILAR_PAIR = "SELECT h.id, h.state, h.decided_at, h.decided_by, h.decision, d.recipient FROM (SELECT id, flow, state, decided_at, decided_by, decision FROM hold WHERE organisation = $1 AND decided_at IS NOT NULL AND (COALESCE(guard, 0) & 3) = 0 ORDER BY decided_at DESC LIMIT 2000) h JOIN flow f ON f.organisation = $1 AND f.id = h.flow JOIN delivery d ON d.organisation = $1 AND d.flow = h.flow WHERE f.sender = $2 AND h.id <> $3 AND d.external = 1 ORDER BY h.decided_at DESC, h.id, d.position LIMIT 500";
        Organisation SECOND = "SELECT sealed, read_at FROM second_reading WHERE organisation = $1 AND hold = $2";
        /// Once a hold, while it waits, by who has it in turn.
        Organisation KEEP_SECOND = "INSERT INTO second_reading (organisation, hold, model, sealed, read_at) SELECT h.organisation, h.id, $3, $4, $5 FROM hold h WHERE h.organisation = $1 AND h.id = $2 AND h.state = 'waiting' AND EXISTS (SELECT 1 FROM second_turn t WHERE t.organisation = $1 AND t.hold = $2 AND t.lease = $6) ON CONFLICT (organisation, hold) DO NOTHING";
        Organisation ASK_SECOND = "INSERT INTO second_turn (organisation, hold, lease, leased_until, attempts) VALUES ($1, $2, '', 0, 0)";
        Organisation SECOND_DONE = "DELETE FROM second_turn WHERE organisation = $1 AND hold = $2 AND lease = $3";
        Organisation SECOND_ATTEMPTS = "SELECT attempts FROM second_turn WHERE organisation = $1 AND hold = $2 AND lease = $3";
        Platform SECOND_DUE = "SELECT organisation, hold FROM second_turn WHERE leased_until <= $1 ORDER BY leased_until, hold LIMIT 20";
        Mechanical CLAIM_SECOND = "UPDATE second_turn SET lease = $3, leased_until = $4, attempts = attempts + 1 WHERE organisation = $1 AND hold = $2 AND leased_until <= $5";
        Mechanical GIVE_UP_SECOND = "DELETE FROM second_turn WHERE organisation = $1 AND hold = $2 AND lease = $3";
        Platform DUE = "SELECT organisation, id, next_event FROM hold WHERE remind_at IS NOT NULL AND remind_at <= $1 ORDER BY remind_at LIMIT 100";
        Platform BY_LINK = "SELECT organisation, id FROM hold WHERE link_hash = $1";
    }
}
