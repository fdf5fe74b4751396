//! What is done with the file when rows became history.

use rusqlite::Connection;

use super::{Outbox, Result};

/// How many unused pages (4 KiB each) the file may have before it shrinks.
const FREE_PAGES: i64 = 1024;

impl Outbox {
    /// To be called when rows became history or were dropped. `was_secret` tells that one of them was decrypted by its reader.
    /// Then the log of the database, which still has the text, is emptied. That fails while another process reads an older state;
    /// the next checkpoint overwrites it then.
    pub(super) fn tidy(&self, was_secret: bool) -> Result<()> {
        self.read(|connection| {
            give_back_pages(connection)?;
            if was_secret {
                let emptied = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
                if let Err(error) = emptied {
                    tracing::warn!("the log of the outbox could not be emptied: {error}");
                }
            }
            Ok(())
        })
    }
}

/// Shrinks the file. Otherwise it would keep the size of the largest backlog.
fn give_back_pages(connection: &Connection) -> Result<()> {
    let free: i64 = connection.pragma_query_value(None, "freelist_count", |row| row.get(0))?;
    if free > FREE_PAGES {
        // Each step frees one page.
        let mut vacuum = connection.prepare("PRAGMA incremental_vacuum(1024)")?;
        let mut pages = vacuum.query([])?;
        while pages.next()?.is_some() {}
    }
    Ok(())
}
