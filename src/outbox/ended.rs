//! Deliveries that ended their process: the claim on the row is handed on to a process of its own, whose end is counted.

use rusqlite::OptionalExtension;

use super::claim::{Claim, ENDS, claim_of, ends, held};
use super::waits::back_off;
use super::{Outbox, Result, RowId};

impl Outbox {
    /// The claim that another process has and hands on.
    pub fn handed_on(&self, id: RowId, lease: &str) -> Result<Option<Claim>> {
        let sql = "SELECT attempts, (SELECT draft IS NOT NULL FROM payload WHERE submission = id), stamp, killed, size
                   FROM submission WHERE id = ?1 AND lease = ?2 AND state = 'pending'";
        let claim = |row: &rusqlite::Row<'_>| claim_of(id, lease, row);
        self.read(|connection| {
            let mut statement = connection.prepare_cached(sql)?;
            Ok(statement.query_row((id, lease), claim).optional()?)
        })
    }

    /// Counts an attempt that ended its process, which was not this one. The row is set aside if there were too many.
    pub fn died(&self, claim: &Claim) -> Result<()> {
        let killed = claim.killed.saturating_add(1);
        if killed >= ENDS {
            return self.fail(claim, &ends(killed));
        }
        let due = self.now().saturating_add(back_off(claim.attempts));
        let sql = "UPDATE submission SET due = ?3, attempts = ?4, killed = ?5, lease = NULL, lease_until = 0
                   WHERE id = ?1 AND lease = ?2";
        self.write(|transaction| {
            let values = (claim.id, &claim.lease, due, claim.attempts.saturating_add(1), killed);
            held(transaction.prepare_cached(sql)?.execute(values)?, claim.id)
        })
    }
}
