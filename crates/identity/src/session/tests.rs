use proptest::prelude::*;

use super::*;

const MINUTE: Duration = Duration::from_secs(60);
const MICRO: Duration = Duration::from_micros(1);

fn start() -> Timestamp {
    Timestamp::from_micros(1_795_530_720_000_000)
}

fn open() -> Session {
    Session::open(start(), Assurance::TwoFactor)
}

#[test]
fn clause_t1_s2_idle_to_the_microsecond() {
    for (limits, minutes) in [(SessionLimits::STANDARD, 30), (SessionLimits::ADMINISTRATION, 15)] {
        let end = start().plus(MINUTE * minutes);
        assert_eq!(open().state_at(end.minus(MICRO), limits), SessionState::Open { until: end });
        let ended = SessionState::Ended { at: end, reason: EndReason::Idle };
        assert_eq!(open().state_at(end, limits), ended);
        assert!(open().touch(end, limits).is_err(), "too late");
        let touched = open().touch(end.minus(MICRO), limits).unwrap();
        assert!(matches!(touched.state_at(end, limits), SessionState::Open { .. }));
    }
}

#[test]
fn clause_t1_a_mission_granted_counts_from_the_next_request() {
    let at = start().plus(MINUTE * 20);
    assert!(matches!(open().state_at(at, SessionLimits::STANDARD), SessionState::Open { .. }));
    let both = SessionLimits::strictest([SessionLimits::STANDARD, SessionLimits::ADMINISTRATION]);
    assert_eq!(both, SessionLimits::ADMINISTRATION);
    assert!(matches!(open().state_at(at, both), SessionState::Ended { reason: EndReason::Idle, .. }));
    assert_eq!(SessionLimits::strictest([]), SessionLimits::STANDARD);
}

#[test]
fn clause_t1_only_tightens() {
    let hour = MINUTE * 60;
    let cases = [
        (SessionLimits::STANDARD, 30, 12, true),
        (SessionLimits::STANDARD, 10, 4, true),
        (SessionLimits::STANDARD, 31, 12, false),
        (SessionLimits::STANDARD, 30, 13, false),
        (SessionLimits::STANDARD, 0, 12, false),
        (SessionLimits::STANDARD, 30, 0, false),
        (SessionLimits::ADMINISTRATION, 15, 8, true),
        (SessionLimits::ADMINISTRATION, 16, 8, false),
        (SessionLimits::ADMINISTRATION, 15, 9, false),
    ];
    for (ceiling, idle, absolute, is_allowed) in cases {
        let answer = ceiling.tightened(MINUTE * idle, hour * absolute);
        assert_eq!(answer.is_ok(), is_allowed, "{idle} min, {absolute} h");
        if let Err(error) = answer {
            assert!(error.to_string().contains("T1"));
        }
    }
}

#[test]
fn ended_is_ended() {
    let limits = SessionLimits::STANDARD;
    let at = start().plus(MINUTE);
    let ended = open().end(at, EndReason::Revoked, limits).unwrap();
    let state = SessionState::Ended { at, reason: EndReason::Revoked };
    assert_eq!(ended.state_at(at, limits), state);
    assert_eq!(ended.state_at(at.plus(MINUTE * 10_000), limits), state, "the reason stays");
    assert_eq!(ended.state_at(start(), limits), state, "a clock set back revives nobody");
    assert!(ended.clone().touch(at, limits).is_err());
    assert!(ended.clone().step_up(at, Assurance::TwoFactor, limits).is_err());
    assert!(ended.clone().go_stale(at, limits).is_err());
    assert!(ended.end(at, EndReason::SignedOut, limits).is_err());
    // Signing out of a session that ran out meanwhile records what happened.
    let late = open().end(start().plus(MINUTE * 45), EndReason::SignedOut, limits).unwrap();
    assert_eq!(late.ended, Some((start().plus(MINUTE * 30), EndReason::Idle)));
}

#[test]
fn stale_must_step_up() {
    let limits = SessionLimits::STANDARD;
    let at = start().plus(MINUTE);
    let stale = open().go_stale(at, limits).unwrap();
    assert!(matches!(stale.state_at(at, limits), SessionState::Stale { .. }));
    assert!(stale.clone().touch(at, limits).is_err(), "activity does not keep it alive");
    assert!(stale.clone().step_up(at, Assurance::Password, limits).is_err(), "nor does a weaker proof");
    let again = stale.step_up(at, Assurance::TwoFactor, limits).unwrap();
    assert!(matches!(again.state_at(at, limits), SessionState::Open { .. }));
    assert_eq!(again.opened_at, start(), "the absolute limit does not move");
    assert!(again.is_fresh(at.plus(MINUTE), MINUTE * 5));
    assert!(!again.is_fresh(at.plus(MINUTE * 5), MINUTE * 5));
    assert!(!again.is_fresh(at.minus(MICRO), MINUTE * 5), "a proof from the future is none");
}

#[test]
fn words_are_read_as_written() {
    for assurance in [Assurance::Enrolment, Assurance::Password, Assurance::TwoFactor] {
        assert_eq!(assurance.word().parse(), Ok(assurance));
    }
    for reason in [EndReason::Idle, EndReason::Absolute, EndReason::SignedOut, EndReason::Revoked] {
        assert_eq!(reason.word().parse(), Ok(reason));
    }
    assert!("mfa".parse::<Assurance>().is_err());
    assert!(Assurance::Enrolment < Assurance::Password && Assurance::Password < Assurance::TwoFactor);
}

#[derive(Debug, Clone)]
enum Act {
    Touch,
    Stale,
    StepUp,
    End,
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![6 => Just(Act::Touch), 1 => Just(Act::Stale), 1 => Just(Act::StepUp), 1 => Just(Act::End)]
}

fn apply(session: Session, act: &Act, now: Timestamp, limits: SessionLimits) -> Session {
    let kept = session.clone();
    match act {
        Act::Touch => session.touch(now, limits),
        Act::Stale => session.go_stale(now, limits),
        Act::StepUp => session.step_up(now, Assurance::TwoFactor, limits),
        Act::End => session.end(now, EndReason::SignedOut, limits),
    }
    .unwrap_or(kept)
}

proptest! {
    // Instants in any order: requests overtake each other, clocks are set back.
    #[test]
    fn no_interleaving_outlives_a_limit(
        acts in proptest::collection::vec((act(), 0u64..14 * 3600, any::<bool>()), 0..80),
        ask in 0u64..14 * 3600,
    ) {
        let limits = [SessionLimits::STANDARD, SessionLimits::ADMINISTRATION];
        let at = |seconds: u64| start().plus(Duration::from_secs(seconds));
        let mut session = open();
        let mut latest = start();
        let mut was_ended = false;
        for (act, seconds, is_admin) in &acts {
            session = apply(session, act, at(*seconds), limits[usize::from(*is_admin)]);
            latest = latest.max(at(*seconds));
            was_ended |= session.ended.is_some();
            prop_assert_eq!(was_ended, session.ended.is_some(), "ended never becomes open");
            prop_assert_eq!(session.opened_at, start());
            prop_assert!(session.active_at <= latest, "never active in the future");
        }
        for limits in limits {
            let now = at(ask);
            if !matches!(session.state_at(now, limits), SessionState::Ended { .. }) {
                prop_assert!(now < start().plus(limits.absolute()));
                prop_assert!(now < session.active_at.plus(limits.idle()));
            }
        }
    }

    #[test]
    fn a_session_that_ran_out_does_not_come_back(seconds in 0u64..12 * 3600, later in proptest::collection::vec(0u64..100_000, 1..20)) {
        let limits = SessionLimits::STANDARD;
        let session = open().touch(start().plus(Duration::from_secs(seconds.min(1_799))), limits).unwrap();
        let dead = session.active_at.plus(limits.idle());
        let mut session = session;
        for after in later {
            session = apply(session, &Act::Touch, dead.plus(Duration::from_secs(after)), limits);
            let is_ended = matches!(session.state_at(dead, limits), SessionState::Ended { .. });
            prop_assert!(is_ended);
        }
    }
}
