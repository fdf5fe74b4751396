//! Stores submissions. When a call returns, the submission is durable. Each combination of mail, profile, mode and
//! overrides has one row.

use std::time::Duration;

use rusqlite::{OptionalExtension, Transaction, named_params};
use sha2::Digest;

use super::claim::{Claim, held, take};
use super::faults::{self, Points};
use super::listing::delete;
use super::payload::Packer;
use super::{Outbox, OutboxError, Result, RowId, RowState, checksum, clear_text, member};

use crate::domain::{Sha256, Submission};

const STORING: Option<Points> = Some(faults::through(["store.begin", "store.commit", "store.done"]));
const UNLOADING: Option<Points> = Some(faults::through(["unload.begin", "unload.commit", "unload.done"]));

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stored {
    pub id: RowId,
    /// The row's state before, if it existed. A row that waited stays as it is; any other is built and delivered again.
    pub before: Option<RowState>,
}

impl Outbox {
    /// Stores `submission`. When this returns, it survives a crash of the machine.
    pub fn put(&self, submission: &Submission) -> Result<Stored> {
        let prepared = Packed::new(submission, &mut Packer::new()?)?;
        let now = self.now();
        self.write_through(STORING, |transaction| prepared.store(transaction, now))
    }

    /// Like [`Outbox::put`], but also claims the row in the same transaction, so that no other process delivers it in
    /// between. The claim is `None` if another process holds the row.
    pub fn put_claimed(&self, submission: &Submission, lease: Duration) -> Result<(Stored, Option<Claim>)> {
        let prepared = Packed::new(submission, &mut Packer::new()?)?;
        let now = self.now();
        self.write_through(STORING, |transaction| {
            let stored = prepared.store(transaction, now)?;
            Ok((stored, take(transaction, stored.id, now, lease)?))
        })
    }

    /// Replaces a row that is not delivered by the first submission, which it claims, and stores the others, in one transaction.
    /// Keeps the time when the row was first claimed, because a part of its event may be on the server.
    pub fn replace_claimed(
        &self,
        id: RowId,
        first: &Submission,
        rest: &[Submission],
        lease: Duration,
    ) -> Result<(Stored, Option<Claim>, Vec<Stored>)> {
        let prepared = Packed::new(first, &mut Packer::new()?)?;
        let rest = pack(rest)?;
        let now = self.now();
        let mut was_secret = false;
        let replaced = self.write_through(STORING, |transaction| {
            let sql = "SELECT stamp, created FROM submission WHERE id = ?1";
            let found: Option<(Option<i64>, i64)> = transaction
                .query_row(sql, [id], |row| Ok((row.get(0)?, row.get(1)?)))
                .optional()?;
            let (stamp, created) = found.ok_or(OutboxError::NoRow(id))?;
            was_secret = delete(transaction, id, now)?;
            let stored = prepared.store(transaction, now)?;
            if stored.before.is_none() {
                let sql = "UPDATE submission SET stamp = ?2, created = ?3 WHERE id = ?1";
                transaction.execute(sql, (stored.id, stamp, created))?;
            }
            let others = rest.iter().map(|one| one.store(transaction, now));
            let others = others.collect::<Result<Vec<_>>>()?;
            Ok((stored, take(transaction, stored.id, now, lease)?, others))
        })?;
        if was_secret {
            self.tidy(true)?;
        }
        Ok(replaced)
    }

    /// Like [`Outbox::put`], but waits for the disk only once. Stores all or none.
    pub fn put_many<'a>(&self, submissions: impl IntoIterator<Item = &'a Submission>) -> Result<Vec<Stored>> {
        let prepared = pack(submissions)?;
        let now = self.now();
        self.write_through(STORING, |transaction| {
            prepared.iter().map(|one| one.store(transaction, now)).collect()
        })
    }

    /// The row of a carrier becomes the first of what was in it, and the others get rows of their own, all or none. The claim stays.
    pub fn unload(&self, claim: &Claim, first: &Submission, rest: &[Submission]) -> Result<()> {
        let first = Packed::new(first, &mut Packer::new()?)?;
        let rest = pack(rest)?;
        let now = self.now();
        self.write_through(UNLOADING, |transaction| {
            first.describe(transaction, claim.id, Some(&claim.lease))?;
            first.fill(transaction, claim.id)?;
            // The row keeps its key, so that one with that of the first is not found.
            let mut others = rest.iter().filter(|one| one.key != first.key);
            others.try_for_each(|one| one.store(transaction, now).map(drop))
        })
    }
}

fn pack<'a>(submissions: impl IntoIterator<Item = &'a Submission>) -> Result<Vec<Packed<'a>>> {
    let mut packer = Packer::new()?;
    let pack = |submission| Packed::new(submission, &mut packer);
    submissions.into_iter().map(pack).collect()
}

/// A submission. It is packed before the transaction begins.
struct Packed<'a> {
    submission: &'a Submission,
    key: Sha256,
    directives: String,
    overrides: String,
    judgement: Option<String>,
    members: Vec<String>,
    raw: Vec<u8>,
    sum: [u8; 32],
}

impl<'a> Packed<'a> {
    fn new(submission: &'a Submission, packer: &mut Packer) -> Result<Self> {
        let mut made = Self {
            submission,
            key: key(submission)?,
            directives: serde_json::to_string(&submission.directives).map_err(OutboxError::packing)?,
            overrides: serde_json::to_string(&submission.overrides).map_err(OutboxError::packing)?,
            judgement: submission
                .judgement
                .as_ref()
                .map(serde_json::to_string)
                .transpose()
                .map_err(OutboxError::packing)?,
            members: member::pack(&submission.members)?,
            raw: packer.pack(&submission.raw)?,
            sum: [0; 32],
        };
        made.sum = made.checksum();
        Ok(made)
    }

    /// Over the same as [`checksum::of_row`], in the same order.
    fn checksum(&self) -> [u8; 32] {
        let submission = self.submission;
        let text = |text: &'a Option<String>| text.as_ref().map(String::as_bytes);
        let mut sum = checksum::Sum::default();
        sum.add(Some(&submission.identity.0));
        sum.add(Some(self.directives.as_bytes()));
        sum.add(Some(submission.origin.as_bytes()));
        sum.add(Some(submission.mode.name().as_bytes()));
        sum.add(text(&submission.profile));
        sum.add(Some(self.overrides.as_bytes()));
        sum.add(Some(&self.size().to_le_bytes()));
        sum.add(text(&submission.subject));
        sum.add(text(&submission.message_id));
        sum.add(self.judgement.as_ref().map(String::as_bytes));
        for (member, facts) in submission.members.iter().zip(&self.members) {
            sum.add(Some(&member.identity.0));
            sum.add(Some(facts.as_bytes()));
        }
        sum.add(Some(&self.raw));
        sum.end()
    }

    fn store(&self, transaction: &Transaction, now: i64) -> Result<Stored> {
        let found: Option<(RowId, String)> = transaction
            .prepare_cached("SELECT id, state FROM submission WHERE key = ?1")?
            .query_row([&self.key.0[..]], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let (id, before) = match found {
            None => (self.insert(transaction, now)?, None),
            Some((id, state)) => (id, Some(RowState::parse(&state))),
        };
        // A row that waits has the same message, and a part of its event may be on the server already.
        if before == Some(RowState::Pending) {
            return Ok(Stored { id, before });
        }
        if before.is_some() {
            transaction
                .prepare_cached(
                    "UPDATE submission SET state = 'pending', due = ?2, attempts = 0, killed = 0, waits = 0, error = NULL, lease = NULL,
                     lease_until = 0 WHERE id = ?1",
                )?
                .execute((id, now))?;
            self.describe(transaction, id, None)?;
        }
        faults::pass("store.row")?;
        self.fill(transaction, id)?;
        Ok(Stored { id, before })
    }

    /// Makes the row say what the submission is. With a lease, only if the row is still held by it.
    fn describe(&self, transaction: &Transaction, id: RowId, lease: Option<&str>) -> Result<()> {
        let changed = transaction
            .prepare_cached(
                "UPDATE submission SET origin = ?2, size = ?3, judgement = ?4, overrides = ?5, subject = ?6, message_id = ?7,
                 identity = ?8, directives = ?9, mode = ?10, profile = ?11 WHERE id = ?1 AND lease IS ?12",
            )?
            .execute((
                id,
                &self.submission.origin,
                self.size(),
                &self.judgement,
                &self.overrides,
                &self.submission.subject,
                &self.submission.message_id,
                &self.submission.identity.0[..],
                &self.directives,
                self.submission.mode.name(),
                &self.submission.profile,
                lease,
            ))?;
        held(changed, id)
    }

    /// Puts the message into the row, instead of the one that it had.
    fn fill(&self, transaction: &Transaction, id: RowId) -> Result<()> {
        clear_text::overwriting(transaction, self.submission.overrides.decrypted, || {
            let sql = "INSERT OR REPLACE INTO payload (submission, raw, raw_sum) VALUES (?1, ?2, ?3)";
            Ok(transaction
                .prepare_cached(sql)?
                .execute((id, &self.raw, &self.sum[..]))?)
        })?;
        member::store(transaction, id, &self.submission.members, &self.members)
    }

    /// Bytes of the message as it came in. With other line ends, the same mail has another size.
    fn size(&self) -> i64 {
        i64::try_from(self.submission.raw.len()).unwrap_or(i64::MAX)
    }

    fn insert(&self, transaction: &Transaction, now: i64) -> Result<RowId> {
        let mut statement = transaction.prepare_cached(
            "INSERT INTO submission (key, identity, subject, message_id, profile, origin, mode, judgement, directives, overrides,
             size, state, created, due)
             VALUES (:key, :identity, :subject, :message_id, :profile, :origin, :mode, :judgement, :directives,
             :overrides, :size, 'pending', :now, :now)",
        )?;
        Ok(statement.insert(named_params! {
            ":key": &self.key.0[..],
            ":identity": &self.submission.identity.0[..],
            ":subject": self.submission.subject,
            ":message_id": self.submission.message_id,
            ":profile": self.submission.profile,
            ":origin": self.submission.origin,
            ":mode": self.submission.mode.name(),
            ":judgement": self.judgement,
            ":directives": self.directives,
            ":overrides": self.overrides,
            ":size": self.size(),
            ":now": now,
        })?)
    }
}

/// Submissions with the same key share a row. Origin and the order of ticks in a review do not count, nor whether it was opened.
fn key(submission: &Submission) -> Result<Sha256> {
    let mut overrides = submission.overrides.clone();
    overrides.deselected.sort_unstable();
    overrides.selected.sort_unstable();
    overrides.edits.rows.sort_unstable();
    // Follows from the mail, and rows of older versions do not have it.
    overrides.edits.is_tlp_carried = false;
    let parts = (
        &submission.profile,
        submission.asked_mode().name(),
        &submission.directives,
        overrides,
    );
    let parts = serde_json::to_vec(&parts).map_err(OutboxError::packing)?;
    let mut hash = sha2::Sha256::new();
    hash.update(submission.identity.0);
    hash.update(parts);
    for member in &submission.members {
        let parts = (
            member.mode.name(),
            &member.directives,
            &member.tlp,
            &member.pap,
            member.files_only,
        );
        hash.update(serde_json::to_vec(&parts).map_err(OutboxError::packing)?);
    }
    Ok(Sha256(hash.finalize().into()))
}
