use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use super::Standing;
use crate::domain::Problem;
use crate::outbox::Outbox;
use crate::outbox::tests::mail;

const LEASE: Duration = Duration::from_secs(45);
const START: i64 = 1_700_000_000;

#[test]
fn what_waits_was_put_off_failed_or_is_overdue_is_counted_by_itself() {
    let folder = tempfile::tempdir().unwrap();
    let now = Arc::new(AtomicI64::new(START));
    let clock = Arc::clone(&now);
    let outbox = Outbox::open(&folder.path().join("state.db"))
        .unwrap()
        .with_clock(Arc::new(move || clock.load(Ordering::SeqCst)));
    assert_eq!(outbox.standing().unwrap(), Standing::default());
    let claimed = |text: &str| {
        let stored = outbox.put(&mail(text)).unwrap();
        outbox.claim(stored.id, LEASE).unwrap().unwrap()
    };
    outbox.fail(&claimed("failed"), &Problem::NoServer.into()).unwrap();
    now.fetch_add(10, Ordering::SeqCst);
    outbox
        .postpone(&claimed("put off"), &Problem::StillStoring.into(), None)
        .unwrap();
    let _held = claimed("being delivered");
    let expected = Standing {
        pending: 2,
        put_off: 1,
        overdue_since: None,
        oldest_pending: Some(START + 10),
        last_error: Some(Problem::StillStoring.into()),
        waiting: 0,
        waits_for: None,
        failed: 1,
        oldest_failed: Some(START),
        last_failure: Some(Problem::NoServer.into()),
    };
    assert_eq!(outbox.standing().unwrap(), expected);
    // The claim expired and its holder is gone: the row has been due since it was stored.
    now.fetch_add(50, Ordering::SeqCst);
    let overdue = outbox.standing().unwrap().overdue_since;
    assert_eq!(overdue, Some(START + 10));
}
