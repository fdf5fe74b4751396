//! A summary of the outbox, from one query.

use super::listing::problem_of;
use super::{Outbox, Result};
use crate::domain::Said;

/// How many rows are not delivered, and since when. Times are seconds since 1970.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    pub pending: u64,
    /// Pending rows whose last attempt failed, or that were put off because of another row's.
    pub put_off: u64,
    /// When the oldest row became due that nobody has claimed.
    pub overdue_since: Option<i64>,
    /// When the oldest pending row was stored.
    pub oldest_pending: Option<i64>,
    /// Of the oldest row in `put_off`.
    pub last_error: Option<Said>,
    /// Pending rows that wait for somebody to mend something, such as a key.
    pub waiting: u64,
    /// Why the oldest row in `waiting` does.
    pub waits_for: Option<Said>,
    /// Rows that wait for a person to retry them.
    pub failed: u64,
    /// When the oldest failed row was stored.
    pub oldest_failed: Option<i64>,
    /// Why the oldest failed row did.
    pub last_failure: Option<Said>,
}

impl Outbox {
    /// Counts the rows that are not delivered.
    pub fn standing(&self) -> Result<Standing> {
        let now = self.now();
        let sql = "SELECT count(*) FILTER (WHERE state = 'pending'),
                          count(*) FILTER (WHERE state = 'pending' AND (attempts > 0 OR due > ?1)),
                          min(due) FILTER (WHERE state = 'pending' AND due <= ?1 AND lease_until NOT BETWEEN ?1 + 1 AND ?1 + 600),
                          min(created) FILTER (WHERE state = 'pending'),
                          count(*) FILTER (WHERE state = 'failed'),
                          min(created) FILTER (WHERE state = 'failed'),
                          (SELECT error FROM submission WHERE state <> 'delivered' AND state = 'pending'
                           AND (attempts > 0 OR due > ?1) ORDER BY id LIMIT 1),
                          count(*) FILTER (WHERE state = 'pending' AND waits),
                          (SELECT error FROM submission WHERE state <> 'delivered' AND state = 'pending' AND waits
                           ORDER BY id LIMIT 1),
                          (SELECT error FROM submission WHERE state <> 'delivered' AND state = 'failed' ORDER BY id LIMIT 1)
                   FROM submission WHERE state <> 'delivered'";
        self.read(|connection| {
            Ok(connection.query_row(sql, [now], |row| {
                let count = |column| row.get::<_, i64>(column).map(i64::unsigned_abs);
                Ok(Standing {
                    pending: count(0)?,
                    put_off: count(1)?,
                    overdue_since: row.get(2)?,
                    oldest_pending: row.get(3)?,
                    failed: count(4)?,
                    oldest_failed: row.get(5)?,
                    last_error: problem_of(row, 6)?,
                    waiting: count(7)?,
                    waits_for: problem_of(row, 8)?,
                    last_failure: problem_of(row, 9)?,
                })
            })?)
        })
    }
}

#[cfg(test)]
#[path = "standing_tests.rs"]
mod tests;
