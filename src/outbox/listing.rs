//! Requests that people make: list, show, retry, drop, and whether a mail was sent before.

use rusqlite::types::ValueRef;
use rusqlite::{OptionalExtension, Params, Row as SqlRow, Transaction};
use serde::Serialize;
use uuid::Uuid;

use super::{Outbox, OutboxError, Result, Row, RowId, RowState, clear_text};

use crate::domain::{Remark, Said, Sha256};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    One(RowId),
    /// All rows that are pending or failed.
    All,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Earlier {
    pub id: RowId,
    /// Seconds since 1970.
    pub delivered: i64,
    pub destination: String,
    pub event_uuid: Option<Uuid>,
    pub event_id: Option<String>,
    /// The event's page, for people.
    pub url: Option<String>,
}

/// The columns of [`row_of`]. `?1` is the time.
const COLUMNS: &str = "id, state, lease_until BETWEEN ?1 + 1 AND ?1 + 600, origin, profile, identity, message_id, subject, size, created, due,
    attempts, error, delivered, destination, event_uuid, event_id, url";

impl Outbox {
    /// Oldest first.
    pub fn list(&self) -> Result<Vec<Row>> {
        let sql = format!("SELECT {COLUMNS} FROM submission ORDER BY id");
        self.rows(&sql, [self.now()])
    }

    /// Pending and failed rows, oldest first.
    pub fn waiting(&self) -> Result<Vec<Row>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM submission INDEXED BY submission_open WHERE state <> 'delivered' ORDER BY id"
        );
        self.rows(&sql, [self.now()])
    }

    /// Delivered rows, the latest first: `limit` of them after the first `offset`.
    pub fn latest(&self, offset: usize, limit: usize) -> Result<Vec<Row>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM submission WHERE state = 'delivered' ORDER BY delivered DESC, id DESC LIMIT ?3 OFFSET ?2"
        );
        let number = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        self.rows(&sql, (self.now(), number(offset), number(limit)))
    }

    fn rows(&self, sql: &str, values: impl Params) -> Result<Vec<Row>> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(sql)?;
            let rows = statement.query_map(values, row_of)?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Includes the last receipt.
    pub fn show(&self, id: RowId) -> Result<Row> {
        let now = self.now();
        let sql = format!("SELECT {COLUMNS}, receipt FROM submission WHERE id = ?2");
        let (mut row, receipt): (Row, Option<String>) = self.read(|connection| {
            let mut statement = connection.prepare_cached(&sql)?;
            let found = statement
                .query_row((now, id), |row| Ok((row_of(row)?, row.get(18)?)))
                .optional()?;
            found.ok_or(OutboxError::NoRow(id))
        })?;
        row.receipt = receipt
            .map(|json| serde_json::from_str(&json).map_err(|error| OutboxError::damaged(id, error)))
            .transpose()?;
        Ok(row)
    }

    /// Makes pending and failed rows due now and resets their back-off. With `rebuild` it drops their kept events, so
    /// that the next delivery builds them with the present configuration. Returns the number of rows.
    pub fn retry(&self, which: Which, rebuild: bool) -> Result<usize> {
        let now = self.now();
        let id = match which {
            Which::One(id) => Some(id),
            Which::All => None,
        };
        self.write(|transaction| {
            if let Some(id) = id {
                let sql = "SELECT state, lease_until BETWEEN ?2 + 1 AND ?2 + 600 FROM submission WHERE id = ?1";
                let found = transaction
                    .query_row(sql, (id, now), |row| Ok((row.get(0)?, row.get(1)?)))
                    .optional()?;
                // Of a damaged row the time may be none.
                let (state, claimed): (String, Option<bool>) = found.ok_or(OutboxError::NoRow(id))?;
                match RowState::parse(&state) {
                    RowState::Delivered => return Err(OutboxError::Gone(id)),
                    _ if claimed == Some(true) => return Err(OutboxError::Claimed(id)),
                    _ => {}
                }
            }
            if rebuild {
                let sql = "UPDATE payload SET draft = NULL, draft_sum = NULL WHERE draft IS NOT NULL AND submission IN
                     (SELECT id FROM submission WHERE state <> 'delivered' AND lease_until NOT BETWEEN ?1 + 1 AND ?1 + 600 AND (?2 IS NULL OR id = ?2))";
                clear_text::overwriting(transaction, true, || Ok(transaction.execute(sql, (now, id))?))?;
            }
            Ok(transaction.execute(
                "UPDATE submission SET state = 'pending', due = ?1, attempts = 0, killed = min(killed, 1), waits = 0, lease = NULL, lease_until = 0
                 WHERE state <> 'delivered' AND lease_until NOT BETWEEN ?1 + 1 AND ?1 + 600 AND (?2 IS NULL OR id = ?2)",
                (now, id),
            )?)
        })
    }

    /// Deletes a row that is not delivered, with its message. Delivered rows stay: they show that a mail was sent.
    pub fn drop(&self, id: RowId) -> Result<()> {
        let now = self.now();
        let was_secret = self.write(|transaction| delete(transaction, id, now))?;
        self.tidy(was_secret)
    }

    /// Earlier deliveries of this mail under this profile, alone or with others, the latest first. Asks no server.
    pub fn already_sent(&self, identity: Sha256, profile: Option<&str>) -> Result<Vec<Earlier>> {
        let sql = "SELECT id, delivered, destination, event_uuid, event_id, url FROM submission
                   WHERE id IN (SELECT id FROM submission WHERE identity = ?1
                                UNION SELECT submission FROM member WHERE identity = ?1)
                   AND profile IS ?2 AND delivered IS NOT NULL ORDER BY delivered DESC, id DESC";
        self.read(|connection| {
            let mut statement = connection.prepare_cached(sql)?;
            let rows = statement.query_map((&identity.0[..], profile), |row| {
                Ok(Earlier {
                    id: row.get(0)?,
                    delivered: row.get(1)?,
                    destination: row.get(2)?,
                    event_uuid: uuid_of(row, 3)?,
                    event_id: row.get(4)?,
                    url: row.get(5)?,
                })
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }
}

fn row_of(row: &SqlRow) -> rusqlite::Result<Row> {
    Ok(Row {
        id: row.get(0)?,
        state: RowState::parse(&text(row, 1)?.unwrap_or_default()),
        claimed: number(row, 2)? != 0,
        origin: text(row, 3)?.unwrap_or_default(),
        profile: text(row, 4)?,
        identity: row
            .get(5)
            .map(|identity| Sha256(identity).to_string())
            .unwrap_or_default(),
        message_id: text(row, 6)?,
        subject: text(row, 7)?,
        size: number(row, 8)?.unsigned_abs(),
        created: number(row, 9)?,
        due: number(row, 10)?,
        attempts: u32::try_from(number(row, 11)?).unwrap_or_default(),
        error: problem_of(row, 12)?,
        delivered: Some(number(row, 13)?).filter(|time| *time != 0),
        destination: text(row, 14)?,
        event_uuid: uuid_of(row, 15)?,
        event_id: text(row, 16)?,
        url: text(row, 17)?,
        receipt: None,
    })
}

/// A text, even if a damaged row has bytes there that are none: it must not hide the other rows.
fn text(row: &SqlRow, column: usize) -> rusqlite::Result<Option<String>> {
    Ok(match row.get_ref(column)? {
        ValueRef::Null => None,
        ValueRef::Integer(number) => Some(number.to_string()),
        ValueRef::Real(number) => Some(number.to_string()),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
    })
}

/// A number, or 0 if a damaged row has something else there.
fn number(row: &SqlRow, column: usize) -> rusqlite::Result<i64> {
    Ok(match row.get_ref(column)? {
        ValueRef::Integer(number) => number,
        _ => 0,
    })
}

/// Reads a problem. Older versions stored it as a sentence.
pub(super) fn problem_of(row: &SqlRow, column: usize) -> rusqlite::Result<Option<Said>> {
    let stored = text(row, column)?;
    Ok(stored.map(|text| serde_json::from_str(&text).unwrap_or_else(|_| Remark::Verbatim { text }.into())))
}

fn uuid_of(row: &SqlRow, column: usize) -> rusqlite::Result<Option<Uuid>> {
    Ok(text(row, column)?.and_then(|text| Uuid::parse_str(&text).ok()))
}

/// Deletes a row that is not delivered and that nobody holds. Returns whether its mail was decrypted by its reader.
pub(super) fn delete(transaction: &Transaction, id: RowId, now: i64) -> Result<bool> {
    let sql =
        "DELETE FROM submission WHERE id = ?1 AND lease_until NOT BETWEEN ?2 + 1 AND ?2 + 600 AND state <> 'delivered'";
    let is_secret = clear_text::is_in(transaction, id)?;
    let delete = || Ok(transaction.execute(sql, (id, now))?);
    if clear_text::overwriting(transaction, is_secret, delete)? > 0 {
        return Ok(is_secret);
    }
    let sql = "SELECT state FROM submission WHERE id = ?1";
    let state: Option<String> = transaction.query_row(sql, [id], |row| row.get(0)).optional()?;
    Err(match state.as_deref().map(RowState::parse) {
        None => OutboxError::NoRow(id),
        Some(RowState::Delivered) => OutboxError::Gone(id),
        Some(_) => OutboxError::Claimed(id),
    })
}
