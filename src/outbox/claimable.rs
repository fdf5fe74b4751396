//! Which rows may be claimed now.

use rusqlite::Transaction;

use super::{Result, RowId};

/// Longest wait that a server may ask for, in seconds.
pub(super) const ASKED_CAP: i64 = 24 * 3600;

/// A row that is delivered alone waits this long for others, in seconds: whoever delivers it may not live to deliver them.
const ALONE: i64 = 60;

/// `?2` is the time.
const INNOCENT: &str = "due <= ?2 AND killed = 0 AND lease IS NULL";

/// Rows whose last holder did not tell an end.
const SUSPECT: &str = "due <= ?2 AND (killed > 0 OR lease IS NOT NULL)";

/// Up to `limit` rows, beginning with those that have been due longest. A row whose delivery ended its process before comes alone.
///
/// Claims last at most minutes, and no wait is longer than a day. What says otherwise was written while the clock was ahead.
pub(super) fn due(transaction: &Transaction, now: i64, limit: usize) -> Result<Vec<RowId>> {
    let ask = |condition: &str, time: i64, limit: usize| -> Result<Vec<RowId>> {
        let sql = format!(
            "SELECT id FROM submission WHERE state <> 'delivered' AND state = 'pending' AND {condition}
             AND lease_until NOT BETWEEN ?1 + 1 AND ?1 + 600 ORDER BY due, id LIMIT ?3"
        );
        let mut statement = transaction.prepare_cached(&sql)?;
        let ids = statement.query_map((now, time, i64::try_from(limit).unwrap_or(i64::MAX)), |row| row.get(0))?;
        Ok(ids.collect::<rusqlite::Result<_>>()?)
    };
    let overdue = ask(SUSPECT, now.saturating_sub(ALONE), 1)?;
    if !overdue.is_empty() {
        return Ok(overdue);
    }
    let innocent = ask(INNOCENT, now, limit)?;
    if !innocent.is_empty() {
        return Ok(innocent);
    }
    let suspect = ask(SUSPECT, now, 1)?;
    if !suspect.is_empty() {
        return Ok(suspect);
    }
    ask("due > ?2", now.saturating_add(ASKED_CAP + 3600), 1)
}
