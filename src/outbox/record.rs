//! What is remembered of events on servers, by uuid: see [`Record`].

use rusqlite::{OptionalExtension, Transaction};
use uuid::Uuid;

use super::checksum::Sum;
use super::{Outbox, OutboxError, Result};
use crate::misp::record::Record;

impl Outbox {
    /// The event as it was delivered last. A damaged record counts as none: the server is asked then.
    pub fn record(&self, event: Uuid) -> Result<Option<Record>> {
        let sql = "SELECT facts, parts, sum FROM record WHERE event = ?1";
        let found: Option<(String, Vec<u8>, Option<Vec<u8>>)> = self.read(|connection| {
            let mut statement = connection.prepare_cached(sql)?;
            let found = statement.query_row([event.to_string()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
            Ok(found.optional()?)
        })?;
        Ok(found.and_then(|(facts, parts, sum)| {
            // Records of older versions have no sum.
            if sum.is_some_and(|sum| sum != sum_of(event, &facts, &parts)) {
                return None;
            }
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
        .prepare_cached("INSERT OR REPLACE INTO record (event, facts, parts, sum) VALUES (?1, ?2, ?3, ?4)")?
        .execute((event.to_string(), &facts, &parts, &sum_of(event, &facts, &parts)[..]))?;
    Ok(())
}

fn sum_of(event: Uuid, facts: &str, parts: &[u8]) -> [u8; 32] {
    Sum::of(&[event.as_bytes(), facts.as_bytes(), parts])
}

#[cfg(test)]
mod tests {
    use crate::outbox::tests::{Fixture, draft, receipt};

    #[test]
    fn a_record_that_is_not_what_was_stored_is_none() {
        let fixture = Fixture::new();
        let outbox = &fixture.outbox;
        for damage in [
            "facts = replace(facts, 'tags\":[', 'tags\":[\"x\"')",
            "parts = zeroblob(16)",
        ] {
            let claim = fixture.claimed(damage);
            outbox.finish_on_server(&claim, &receipt(), "m", &draft()).unwrap();
            let event = draft().event.uuid;
            assert!(outbox.record(event).unwrap().is_some());
            let sql = format!("UPDATE record SET {damage}");
            outbox.connection().execute_batch(&sql).unwrap();
            assert_eq!(outbox.record(event).unwrap(), None, "{damage}");
        }
    }
}
