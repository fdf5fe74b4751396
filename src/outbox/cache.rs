//! Keeps small answers until they expire, such as those of name servers.

use std::time::Duration;

use rusqlite::OptionalExtension;

use super::{Outbox, Result};

impl Outbox {
    /// The value of `key`, unless it expired.
    pub fn cache_get(&self, key: &str) -> Result<Option<Vec<u8>>> {
        let now = self.now();
        self.read(|connection| {
            let mut statement = connection.prepare_cached("SELECT value FROM cache WHERE key = ?1 AND expires > ?2")?;
            Ok(statement.query_row((key, now), |row| row.get(0)).optional()?)
        })
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
            let mut statement =
                transaction.prepare_cached("INSERT OR REPLACE INTO cache (key, value, expires) VALUES (?1, ?2, ?3)")?;
            for (key, value, ttl) in entries {
                let ttl = i64::try_from(ttl.as_secs()).unwrap_or(i64::MAX);
                statement.execute((key, value, now.saturating_add(ttl)))?;
            }
            Ok(())
        })
    }
}
