//! Keeps small answers until they expire, such as those of name servers.

use std::time::Duration;

use rusqlite::OptionalExtension;

use super::checksum::Sum;
use super::{Outbox, Result};

impl Outbox {
    /// The value of `key`, unless it expired or is not what was stored.
    pub fn cache_get(&self, key: &str) -> Result<Option<Vec<u8>>> {
        let now = self.now();
        let sql = "SELECT value, expires, sum FROM cache WHERE key = ?1 AND expires > ?2";
        let found: Option<(Vec<u8>, i64, Option<Vec<u8>>)> = self.read(|connection| {
            let mut statement = connection.prepare_cached(sql)?;
            let found = statement.query_row((key, now), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
            Ok(found.optional()?)
        })?;
        Ok(found
            .filter(|(value, expires, sum)| sum.as_deref() == Some(&sum_of(key, value, *expires)[..]))
            .map(|(value, ..)| value))
    }

    pub fn cache_put(&self, key: &str, value: &[u8], ttl: Duration) -> Result<()> {
        self.cache_put_many([(key, value, ttl)])
    }

    /// Like [`Outbox::cache_put`], but waits for the disk only once. Deletes expired entries too.
    pub fn cache_put_many<'a>(&self, entries: impl IntoIterator<Item = (&'a str, &'a [u8], Duration)>) -> Result<()> {
        let now = self.now();
        self.write(|transaction| {
            transaction
                .prepare_cached("DELETE FROM cache WHERE expires <= ?1")?
                .execute([now])?;
            let sql = "INSERT OR REPLACE INTO cache (key, value, expires, sum) VALUES (?1, ?2, ?3, ?4)";
            let mut statement = transaction.prepare_cached(sql)?;
            for (key, value, ttl) in entries {
                let ttl = i64::try_from(ttl.as_secs()).unwrap_or(i64::MAX);
                let expires = now.saturating_add(ttl);
                statement.execute((key, value, expires, &sum_of(key, value, expires)[..]))?;
            }
            Ok(())
        })
    }
}

fn sum_of(key: &str, value: &[u8], expires: i64) -> [u8; 32] {
    Sum::of(&[key.as_bytes(), value, &expires.to_le_bytes()])
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use crate::outbox::tests::Fixture;

    #[test]
    fn an_answer_that_is_not_what_was_stored_is_none() {
        let fixture = Fixture::new();
        let outbox = &fixture.outbox;
        for (stored, damage) in [
            ("dns a.example", "value = x'392e392e392e38'"),
            ("dns a.example", "expires = expires + 1"),
            ("dns a.example", "sum = NULL"),
            ("dns b.example", "key = 'dns a.example'"),
        ] {
            let put = |key: &str| outbox.cache_put(key, b"9.9.9.9", Duration::from_hours(1)).unwrap();
            put(stored);
            assert_eq!(outbox.cache_get(stored).unwrap().unwrap(), b"9.9.9.9");
            let sql = format!("UPDATE cache SET {damage} WHERE key = '{stored}'");
            outbox.connection().execute_batch(&sql).unwrap();
            assert_eq!(outbox.cache_get("dns a.example").unwrap(), None, "{damage}");
            outbox.connection().execute_batch("DELETE FROM cache").unwrap();
        }
    }
}
