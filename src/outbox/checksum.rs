//! Checksums over what an event is made from. A bit that flips on the disk must not change an event without anybody noticing.

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row as SqlRow};
use sha2::{Digest, Sha256};

use super::{OutboxError, Result, RowId};

/// The columns of a row that decide about its event. [`of_row`] reads them in this order.
pub(super) const COLUMNS: &str =
    "identity, directives, origin, mode, profile, overrides, size, subject, message_id, judgement";

/// Collects what a checksum covers. Each piece is preceded by its length, so that nothing can move from one to the next.
#[derive(Default)]
pub(super) struct Sum(Sha256);

impl Sum {
    pub(super) fn add(&mut self, piece: Option<&[u8]>) {
        let length = piece.map_or(u64::MAX, |piece| piece.len() as u64);
        self.0.update(length.to_le_bytes());
        self.0.update(piece.unwrap_or_default());
    }

    pub(super) fn end(self) -> [u8; 32] {
        self.0.finalize().into()
    }

    pub(super) fn of(pieces: &[&[u8]]) -> [u8; 32] {
        let mut sum = Self::default();
        for piece in pieces {
            sum.add(Some(piece));
        }
        sum.end()
    }
}

pub(super) fn of(packed: &[u8]) -> [u8; 32] {
    Sha256::digest(packed).into()
}

/// The sum of a stored row with its members. The columns of [`COLUMNS`] begin at `first`.
pub(super) fn of_row(
    connection: &Connection,
    id: RowId,
    row: &SqlRow,
    first: usize,
    packed: &[u8],
) -> Result<[u8; 32]> {
    let mut sum = Sum::default();
    for column in first..first + COLUMNS.split(',').count() {
        match row.get_ref(column)? {
            ValueRef::Null => sum.add(None),
            ValueRef::Integer(number) => sum.add(Some(&number.to_le_bytes())),
            ValueRef::Real(number) => sum.add(Some(&number.to_le_bytes())),
            ValueRef::Text(bytes) | ValueRef::Blob(bytes) => sum.add(Some(bytes)),
        }
    }
    let mut members =
        connection.prepare_cached("SELECT identity, facts FROM member WHERE submission = ?1 ORDER BY position")?;
    let mut rows = members.query([id])?;
    while let Some(member) = rows.next()? {
        for column in 0..2 {
            sum.add(
                member
                    .get_ref(column)?
                    .as_bytes_or_null()
                    .map_err(rusqlite::Error::from)?,
            );
        }
    }
    sum.add(Some(packed));
    Ok(sum.end())
}

/// Fails if `stored` is another sum than `found`. Rows of older versions have none.
pub(super) fn verify(id: RowId, stored: Option<&[u8]>, found: [u8; 32]) -> Result<()> {
    if stored.is_none_or(|stored| stored == found) {
        return Ok(());
    }
    let reason = "its checksum is another one than when it was stored";
    Err(OutboxError::damaged(
        id,
        std::io::Error::new(std::io::ErrorKind::InvalidData, reason),
    ))
}
