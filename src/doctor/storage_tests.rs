use super::super::CheckState;
use super::{NOBODY_CAME, outbox};
use crate::domain::Problem;
use crate::outbox::Standing;

const NOW: i64 = 1_800_000_000;

fn pending() -> Standing {
    Standing {
        pending: 2,
        oldest_pending: Some(NOW - 7_200),
        ..Standing::default()
    }
}

#[test]
fn mails_that_wait_their_turn_are_nothing_to_worry_about() {
    let just_due = Standing {
        overdue_since: Some(NOW - 5),
        ..pending()
    };
    for standing in [Standing::default(), pending(), just_due] {
        assert_eq!(outbox(&standing, NOW).state, CheckState::Ok, "{standing:?}");
    }
    assert_eq!(
        outbox(&pending(), NOW).what,
        "2 mails to be delivered, the oldest for 2 hours"
    );
}

#[test]
fn mails_that_nobody_delivers_or_that_were_put_off_are_warned_about() {
    let left = Standing {
        overdue_since: Some(NOW - NOBODY_CAME - 1),
        ..pending()
    };
    let put_off = Standing {
        put_off: 1,
        last_error: Some(Problem::StillStoring.into()),
        ..pending()
    };
    for (standing, words) in [
        (left, "no process has tried for 15 minutes"),
        (put_off, "1 of them put off"),
    ] {
        let check = outbox(&standing, NOW);
        assert_eq!(check.state, CheckState::Warning);
        assert!(check.what.contains(words), "{}", check.what);
    }
}

#[test]
fn what_failed_and_what_waits_is_told_with_its_cause() {
    let waits = Standing {
        waiting: 1,
        waits_for: Some(
            Problem::WaitingFor {
                problem: Box::new(Problem::NoKey.into()),
            }
            .into(),
        ),
        put_off: 1,
        ..pending()
    };
    let check = outbox(&waits, NOW);
    assert_eq!(check.state, CheckState::Problem);
    assert!(
        check
            .what
            .contains("the oldest for 2 hours; 1 mail waiting until this is mended: no API key is set"),
        "{}",
        check.what
    );
    let failed = Standing {
        failed: 1,
        oldest_failed: Some(NOW - 60),
        last_failure: Some(Problem::EndsTheProcess { times: 3 }.into()),
        ..waits
    };
    let what = outbox(&failed, NOW).what;
    for cause in ["the oldest 1 minute ago (its delivery ended", "1 mail waiting until"] {
        assert!(what.contains(cause), "{what}");
    }
    let put_off = Standing {
        waiting: 0,
        last_error: Some(Problem::StillStoring.into()),
        ..failed
    };
    let what = outbox(&put_off, NOW).what;
    assert!(what.contains(&format!("({})", Problem::StillStoring)), "{what}");
}
