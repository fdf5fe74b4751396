//! How rows wait after a delivery that failed, and what makes them due again.

use std::time::Duration;

use super::claim::{Claim, held, json, seconds};
use super::faults::{self, Points};
use super::{Outbox, Result, claimable};
use crate::domain::Said;

/// First wait after a temporary failure, in seconds. Each further failure doubles it.
const BACK_OFF: i64 = 60;

/// Longest wait that we choose ourselves, in seconds.
const BACK_OFF_CAP: i64 = 6 * 3600;

/// Longest wait for somebody to mend what a delivery lacks, in seconds. What is mended elsewhere is not told to us.
const MENDING_CAP: i64 = 15 * 60;

const PUTTING_OFF: Option<Points> = Some(faults::through(["put_off.begin", "put_off.commit", "put_off.done"]));

/// How a row is put off.
#[derive(Clone, Copy)]
struct Wait {
    seconds: i64,
    /// Whether somebody has to mend something.
    is_for_somebody: bool,
    was_tried: bool,
}

impl Outbox {
    /// Puts the row off. The wait doubles with each failure and is never shorter than what the server asked for.
    /// Returns when the row is due again, in seconds since 1970.
    pub fn postpone(&self, claim: &Claim, problem: &Said, after: Option<Duration>) -> Result<i64> {
        let asked = after.map_or(0, seconds).min(claimable::ASKED_CAP);
        let wait = Wait {
            seconds: back_off(claim.attempts).max(asked),
            is_for_somebody: false,
            was_tried: true,
        };
        self.put_off(claim, problem, wait)
    }

    /// Puts the row off until somebody mends what its delivery lacks: the configuration, a key, a permission. Returns when it is
    /// due otherwise.
    pub fn wait(&self, claim: &Claim, problem: &Said) -> Result<i64> {
        let wait = Wait {
            seconds: back_off(claim.attempts).min(MENDING_CAP),
            is_for_somebody: true,
            was_tried: true,
        };
        self.put_off(claim, problem, wait)
    }

    /// Puts the row off for `wait` because of what another row met. It was not tried itself, so this counts as no attempt.
    pub fn put_off_untried(&self, claim: &Claim, problem: &Said, wait: Duration, is_for_somebody: bool) -> Result<i64> {
        let wait = Wait {
            // Not before the wait is over.
            seconds: seconds(wait).saturating_add(1),
            is_for_somebody,
            was_tried: false,
        };
        self.put_off(claim, problem, wait)
    }

    /// Makes rows due that were put off, because what hindered them may be mended: `all` of them, or those that wait for somebody.
    pub fn wake(&self, all: bool) -> Result<usize> {
        let now = self.now();
        let sql = "UPDATE submission SET due = ?1, waits = 0
                   WHERE state <> 'delivered' AND state = 'pending' AND due > ?1 AND (?2 OR waits)";
        self.write(|transaction| Ok(transaction.prepare_cached(sql)?.execute((now, all))?))
    }

    fn put_off(&self, claim: &Claim, problem: &Said, wait: Wait) -> Result<i64> {
        let problem = json(problem)?;
        let due = self.now().saturating_add(wait.seconds);
        let sql = "UPDATE submission SET due = ?3, attempts = ?4, error = ?5, waits = ?6, killed = ?7, lease = NULL, lease_until = 0
                   WHERE id = ?1 AND lease = ?2";
        self.write_through(PUTTING_OFF, |transaction| {
            let (attempts, killed) = if wait.was_tried {
                (claim.attempts.saturating_add(1), 0)
            } else {
                (claim.attempts, claim.killed)
            };
            let values = (
                claim.id,
                &claim.lease,
                due,
                attempts,
                &problem,
                wait.is_for_somebody,
                killed,
            );
            held(transaction.prepare_cached(sql)?.execute(values)?, claim.id)
        })?;
        Ok(due)
    }
}

/// The wait after `attempts` earlier failures and this one, in seconds.
pub(super) fn back_off(attempts: u32) -> i64 {
    BACK_OFF
        .saturating_mul(1_i64.checked_shl(attempts.min(32)).unwrap_or(i64::MAX))
        .min(BACK_OFF_CAP)
}
