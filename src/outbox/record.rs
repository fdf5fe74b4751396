//! What is remembered of events on servers, by uuid: see [`Record`].

use rusqlite::{OptionalExtension, Transaction};
use uuid::Uuid;

use super::{Outbox, OutboxError, Result};
use crate::misp::record::Record;

impl Outbox {
    /// The event as it was delivered last. A damaged record counts as none: the server is asked then.
    pub fn record(&self, event: Uuid) -> Result<Option<Record>> {
        let sql = "SELECT facts, parts FROM record WHERE event = ?1";
        let found: Option<(String, Vec<u8>)> = self.read(|connection| {
            let mut statement = connection.prepare_cached(sql)?;
            let found = statement.query_row([event.to_string()], |row| Ok((row.get(0)?, row.get(1)?)));
            Ok(found.optional()?)
        })?;
        Ok(found.and_then(|(facts, parts)| {
            let mut record: Record = serde_json::from_str(&facts).ok()?;
            let numbers = parts.as_chunks::<8>().0.iter();
            record.parts = numbers.map(|number| u64::from_le_bytes(*number)).collect();
            Some(record)
        }))
    }
}

pub(super) fn forget(transaction: &Transaction, event: Uuid) -> Result<()> {
    transaction
        .prepare_cached("DELETE FROM record WHERE event = ?1")?
        .execute([event.to_string()])?;
    Ok(())
}

pub(super) fn keep(transaction: &Transaction, event: Uuid, record: &Record) -> Result<()> {
    let facts = serde_json::to_string(record).map_err(OutboxError::packing)?;
    let parts: Vec<u8> = record.parts.iter().flat_map(|number| number.to_le_bytes()).collect();
    transaction
        .prepare_cached("INSERT OR REPLACE INTO record (event, facts, parts) VALUES (?1, ?2, ?3)")?
        .execute((event.to_string(), facts, parts))?;
    Ok(())
}
