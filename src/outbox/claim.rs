//! What happens to a row between intake and history. One process at a time holds the claim on a row. A claim expires by
//! itself: if a process is killed, the next one delivers its rows.

use std::borrow::Cow;
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, Transaction};
use serde::Serialize;
use uuid::Uuid;

use super::faults::{self, Points};
use super::{Outbox, OutboxError, Result, RowId, checksum, claimable, clear_text, member, payload, record};
use crate::domain::{Mode, Overrides, Problem, Receipt, Said, Sha256, Submission, Target};
use crate::misp::event::Draft;

/// A row is set aside when its delivery ended the process so often. The first time it was perhaps not to blame, because others
/// were delivered beside it; from then on it is delivered alone.
pub(super) const ENDS: u32 = 3;

const CLAIMING: Option<Points> = Some(faults::through(["claim.begin", "claim.commit", "claim.done"]));
const RELEASING: Option<Points> = Some(faults::through(["release.begin", "release.commit", "release.done"]));
const KEEPING: Option<Points> = Some(faults::through(["draft.begin", "draft.commit", "draft.done"]));
const FINISHING: Option<Points> = Some(faults::through(["finish.begin", "finish.commit", "finish.done"]));
const FAILING: Option<Points> = Some(faults::through(["fail.begin", "fail.commit", "fail.done"]));

/// The right to deliver one row, until its lease ends.
#[derive(Clone, Debug)]
pub struct Claim {
    pub id: RowId,
    /// Number of attempts before this one, with those that ended with their process.
    pub attempts: u32,
    /// Whether an earlier attempt kept the event. If not, it is built from the submission.
    pub has_draft: bool,
    /// How often in a row a delivery ended its process.
    pub killed: u32,
    /// Bytes of its mail.
    pub size: usize,
    /// When the row was first claimed, in seconds since 1970: the timestamp of its event. Every retry sends the same
    /// one, so that it does not overwrite what an analyst has changed since.
    pub stamp: i64,
    pub(super) lease: String,
}

impl Claim {
    /// What the process shows to which the claim is handed on.
    pub fn lease(&self) -> &str {
        &self.lease
    }
}

impl Outbox {
    /// Claims row `id` for `lease`; `None` if another process holds it or it is not pending.
    pub fn claim(&self, id: RowId, lease: Duration) -> Result<Option<Claim>> {
        let now = self.now();
        self.write_through(CLAIMING, |transaction| take(transaction, id, now, lease))
    }

    /// Claims up to `limit` rows, beginning with those that have been due longest.
    pub fn claim_due(&self, limit: usize, lease: Duration) -> Result<Vec<Claim>> {
        let now = self.now();
        self.write_through(CLAIMING, |transaction| {
            let mut claims = Vec::new();
            // A row that is set aside when it is taken must not end the search.
            while claims.is_empty() {
                let ids = claimable::due(transaction, now, limit)?;
                if ids.is_empty() {
                    break;
                }
                for id in ids {
                    claims.extend(take_or_set_aside(transaction, id, now, lease)?);
                }
            }
            Ok(claims)
        })
    }

    /// Extends the claim to `lease` from now. Large events take minutes.
    pub fn renew(&self, claim: &Claim, lease: Duration) -> Result<()> {
        let until = self.now().saturating_add(seconds(lease));
        self.write(|transaction| {
            let sql = "UPDATE submission SET lease_until = ?3 WHERE id = ?1 AND lease = ?2";
            held(
                transaction
                    .prepare_cached(sql)?
                    .execute((claim.id, &claim.lease, until))?,
                claim.id,
            )
        })
    }

    /// Gives the claim back; the row stays due.
    pub fn release(&self, claim: &Claim) -> Result<()> {
        self.write_through(RELEASING, |transaction| {
            let sql = "UPDATE submission SET lease = NULL, lease_until = 0 WHERE id = ?1 AND lease = ?2";
            held(
                transaction.prepare_cached(sql)?.execute((claim.id, &claim.lease))?,
                claim.id,
            )
        })
    }

    /// Fails if the row is delivered, since its message is gone.
    pub fn submission(&self, id: RowId) -> Result<Submission> {
        self.read(|connection| load_submission(connection, id))
    }

    /// The profile of a row, and the destination that a person chose.
    pub fn way(&self, id: RowId) -> Result<(Option<String>, Option<Target>)> {
        let sql = "SELECT profile, overrides FROM submission WHERE id = ?1";
        let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
        let (profile, overrides): (_, String) =
            self.read(|connection| Ok(connection.prepare_cached(sql)?.query_row([id], read)?))?;
        let overrides: Overrides = serde_json::from_str(&overrides).map_err(|error| OutboxError::damaged(id, error))?;
        Ok((profile, overrides.destination))
    }

    /// The stamped event of a row; `None` if it was not built yet.
    pub fn draft(&self, id: RowId) -> Result<Option<Draft>> {
        let sql = "SELECT draft, draft_sum FROM payload WHERE submission = ?1";
        let (packed, sum): (Option<Vec<u8>>, Option<Vec<u8>>) = self.read(|connection| {
            let found = connection
                .prepare_cached(sql)?
                .query_row([id], |row| Ok((row.get(0)?, row.get(1)?)))
                .optional()?;
            found.ok_or(OutboxError::Gone(id))
        })?;
        let unpack = |packed: Vec<u8>| {
            checksum::verify(id, sum.as_deref(), checksum::of(&packed))?;
            payload::unpack_draft(id, &packed)
        };
        packed.map(unpack).transpose()
    }

    /// Keeps the event in its row, so that the next attempt need not do the enrichment again. Do not call it for an
    /// event that is delivered at once: it would be written only to be deleted.
    pub fn keep_draft(&self, claim: &Claim, draft: &Draft) -> Result<()> {
        let packed = payload::pack_draft(draft)?;
        let sum = checksum::of(&packed);
        self.write_through(KEEPING, |transaction| {
            let sql = "UPDATE payload SET draft = ?3, draft_sum = ?4 WHERE submission =
                       (SELECT id FROM submission WHERE id = ?1 AND lease = ?2)";
            let is_secret = clear_text::is_in(transaction, claim.id)?;
            let values = (claim.id, &claim.lease, packed, &sum[..]);
            let update = || Ok(transaction.prepare_cached(sql)?.execute(values)?);
            held(clear_text::overwriting(transaction, is_secret, update)?, claim.id)
        })
    }

    /// Records that `destination` has the event. Deletes the message; the history stays.
    pub fn finish(&self, claim: &Claim, receipt: &Receipt, destination: &str) -> Result<()> {
        self.finish_many(&[(claim, receipt)], destination)
    }

    /// Like [`Outbox::finish`] for an event on a server. Remembers the event in the same transaction.
    pub fn finish_on_server(&self, claim: &Claim, receipt: &Receipt, destination: &str, draft: &Draft) -> Result<()> {
        let now = self.now();
        let was_secret = self.write_through(FINISHING, |transaction| {
            let was_secret = finish(transaction, claim, receipt, destination, now)?;
            if was_secret {
                record::forget(transaction, draft.event.uuid)?;
            } else {
                faults::pass("finish.record")?;
                record::keep(transaction, draft.event.uuid, &draft.record(receipt))?;
            }
            Ok(was_secret)
        })?;
        self.tidy(was_secret)
    }

    /// Like [`Outbox::finish`], but waits for the disk only once.
    pub fn finish_many(&self, ended: &[(&Claim, &Receipt)], destination: &str) -> Result<()> {
        let now = self.now();
        let was_secret = self.write_through(FINISHING, |transaction| {
            let mut was_secret = false;
            for (claim, receipt) in ended {
                was_secret |= finish(transaction, claim, receipt, destination, now)?;
            }
            Ok(was_secret)
        })?;
        self.tidy(was_secret)
    }

    /// Marks the row as failed, because a retry would fail too. Keeps its message and the reason.
    pub fn fail(&self, claim: &Claim, problem: &Said) -> Result<()> {
        let problem = json(problem)?;
        let sql = "UPDATE submission SET state = 'failed', attempts = ?3, error = ?4, waits = 0, lease = NULL,
                   lease_until = 0 WHERE id = ?1 AND lease = ?2";
        self.write_through(FAILING, |transaction| {
            let values = (claim.id, &claim.lease, claim.attempts.saturating_add(1), &problem);
            held(transaction.prepare_cached(sql)?.execute(values)?, claim.id)
        })
    }
}

/// `None` if nobody may have the row now. Counts an attempt of which the process did not live to tell the end.
pub(super) fn take(transaction: &Transaction, id: RowId, now: i64, lease: Duration) -> Result<Option<Claim>> {
    let token = Uuid::new_v4().to_string();
    let claim = transaction
        .prepare_cached(
            "UPDATE submission SET attempts = attempts + (lease IS NOT NULL), killed = killed + (lease IS NOT NULL),
             lease = ?2, lease_until = ?3, stamp = coalesce(stamp, ?4)
             WHERE id = ?1 AND state = 'pending' AND lease_until NOT BETWEEN ?4 + 1 AND ?4 + 600
             RETURNING attempts, (SELECT draft IS NOT NULL FROM payload WHERE submission = id), stamp, killed, size",
        )?
        .query_row((id, &token, now.saturating_add(seconds(lease).max(1)), now), |row| {
            claim_of(id, &token, row)
        })
        .optional()?;
    if let Some(claim) = claim.as_ref().filter(|claim| claim.killed >= ENDS) {
        set_aside(transaction, id, &ends(claim.killed))?;
        return Ok(None);
    }
    Ok(claim)
}

/// Of a row with the number of attempts, whether it has an event, its stamp, how often its process ended, and its size.
pub(super) fn claim_of(id: RowId, lease: &str, row: &rusqlite::Row<'_>) -> rusqlite::Result<Claim> {
    Ok(Claim {
        id,
        attempts: row.get(0)?,
        has_draft: row.get::<_, Option<bool>>(1)?.unwrap_or(false),
        stamp: row.get(2)?,
        killed: row.get(3)?,
        size: usize::try_from(row.get::<_, i64>(4)?).unwrap_or(0),
        lease: lease.to_owned(),
    })
}

pub(super) fn ends(killed: u32) -> Said {
    let times = usize::try_from(killed).unwrap_or(usize::MAX);
    Problem::EndsTheProcess { times }.into()
}

/// Like [`take`]. A row that cannot be read must not keep others from being delivered.
fn take_or_set_aside(transaction: &Transaction, id: RowId, now: i64, lease: Duration) -> Result<Option<Claim>> {
    match take(transaction, id, now, lease) {
        Err(error) if error.is_of_row() => {
            set_aside(transaction, id, &error.as_damage(id))?;
            Ok(None)
        }
        other => other,
    }
}

/// Makes the row wait for a person, whoever has it.
fn set_aside(transaction: &Transaction, id: RowId, problem: &Said) -> Result<()> {
    tracing::error!("outbox entry {id}: {problem}");
    let sql =
        "UPDATE submission SET state = 'failed', error = ?2, waits = 0, lease = NULL, lease_until = 0 WHERE id = ?1";
    transaction.prepare_cached(sql)?.execute((id, json(problem)?))?;
    faults::pass("aside.row")
}

/// Makes the row history. Returns whether its mail was decrypted by its reader: then history tells nothing of the text.
fn finish(transaction: &Transaction, claim: &Claim, receipt: &Receipt, destination: &str, now: i64) -> Result<bool> {
    let is_secret = clear_text::is_in(transaction, claim.id)?;
    let receipt = if is_secret {
        Cow::Owned(clear_text::without_text(receipt))
    } else {
        Cow::Borrowed(receipt)
    };
    clear_text::overwriting(transaction, is_secret, || {
        make_history(transaction, claim, &receipt, destination, now)?;
        if is_secret {
            clear_text::forget(transaction, claim.id)?;
        }
        Ok(())
    })?;
    Ok(is_secret)
}

fn make_history(
    transaction: &Transaction,
    claim: &Claim,
    receipt: &Receipt,
    destination: &str,
    now: i64,
) -> Result<()> {
    // SQLite makes a copy of it.
    let receipt_json = json(receipt)?.into_boxed_str();
    let uuid = receipt.uuid.map(|uuid| uuid.to_string());
    let changed = transaction
        .prepare_cached(
            "UPDATE submission SET state = 'delivered', delivered = ?3, destination = ?4, event_uuid = ?5, event_id = ?6,
             url = ?7, receipt = ?8, error = NULL, killed = 0, waits = 0, lease = NULL,
             lease_until = 0 WHERE id = ?1 AND lease = ?2",
        )?
        .execute((claim.id, &claim.lease, now, destination, uuid, &receipt.event_id, &receipt.url, receipt_json))?;
    held(changed, claim.id)?;
    faults::pass("finish.row")?;
    transaction
        .prepare_cached("DELETE FROM payload WHERE submission = ?1")?
        .execute([claim.id])?;
    Ok(())
}

pub(super) fn json(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(OutboxError::packing)
}

pub(super) const fn held(changed: usize, id: RowId) -> Result<()> {
    if changed == 0 {
        Err(OutboxError::Lost(id))
    } else {
        Ok(())
    }
}

pub(super) fn seconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_secs())
        .unwrap_or(i64::MAX / 4)
        .min(i64::MAX / 4)
}

pub(super) fn load_submission(connection: &Connection, id: RowId) -> Result<Submission> {
    let mut statement = connection.prepare_cached(
        "SELECT raw, identity, directives, origin, mode, profile, overrides, size, subject, message_id, judgement, raw_sum
         FROM submission LEFT JOIN payload ON submission = id WHERE id = ?1",
    )?;
    let mut rows = statement.query([id])?;
    let row = rows.next()?.ok_or(OutboxError::NoRow(id))?;
    let packed = row
        .get_ref(0)?
        .as_bytes_or_null()
        .map_err(rusqlite::Error::from)?
        .ok_or(OutboxError::Gone(id))?;
    let sum: Option<Vec<u8>> = row.get(11)?;
    checksum::verify(id, sum.as_deref(), checksum::of_row(connection, id, row, 1, packed)?)?;
    let json = |error: serde_json::Error| OutboxError::damaged(id, error);
    let size: i64 = row.get(7)?;
    Ok(Submission {
        raw: payload::unpack_raw(id, packed, size.unsigned_abs())?.into(),
        identity: Sha256(row.get(1)?),
        subject: row.get(8)?,
        message_id: row.get(9)?,
        directives: serde_json::from_str(row.get_ref(2)?.as_str().map_err(rusqlite::Error::from)?).map_err(json)?,
        origin: row.get(3)?,
        mode: Mode::of_name(row.get_ref(4)?.as_str().map_err(rusqlite::Error::from)?).unwrap_or_default(),
        judgement: row
            .get::<_, Option<String>>(10)?
            .map(|judgement| serde_json::from_str(&judgement))
            .transpose()
            .map_err(json)?,
        profile: row.get(5)?,
        overrides: serde_json::from_str(row.get_ref(6)?.as_str().map_err(rusqlite::Error::from)?).map_err(json)?,
        members: member::load(connection, id)?,
    })
}
