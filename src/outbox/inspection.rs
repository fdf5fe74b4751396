//! Looks whether the database and what waits in it can still be read.

use rusqlite::Connection;

use super::claim::load_submission;
use super::{Outbox, Result, RowId};

/// What is wrong with the database.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inspection {
    /// What `SQLite` says of its pages and indexes; empty if all is well.
    pub pages: Vec<String>,
    /// Rows whose mail or event cannot be read or is not what was stored.
    pub damaged: Vec<RowId>,
}

/// Most faults that `SQLite` lists.
const FAULTS: i64 = 5;

impl Outbox {
    /// Reads all that waits and compares it with its checksums.
    pub fn inspect(&self) -> Result<Inspection> {
        let pages = self.read(quick_check)?;
        let ids = self.read(|connection| {
            let sql = "SELECT id FROM submission INDEXED BY submission_open WHERE state <> 'delivered' ORDER BY id";
            let mut statement = connection.prepare(sql)?;
            let ids = statement.query_map([], |row| row.get(0))?;
            Ok(ids.collect::<rusqlite::Result<Vec<RowId>>>()?)
        })?;
        let mut damaged = Vec::new();
        for id in ids {
            let mail = self.read(|connection| load_submission(connection, id)).map(drop);
            match mail.and_then(|()| self.draft(id).map(drop)) {
                Err(error) if error.is_of_row() => damaged.push(id),
                // It was delivered or dropped meanwhile, or is whole.
                _ => {}
            }
        }
        Ok(Inspection { pages, damaged })
    }
}

fn quick_check(connection: &Connection) -> Result<Vec<String>> {
    let mut statement = connection.prepare(&format!("PRAGMA quick_check({FAULTS})"))?;
    let said = statement.query_map([], |row| row.get::<_, String>(0))?;
    let mut said = said.collect::<rusqlite::Result<Vec<_>>>()?;
    said.retain(|line| line != "ok");
    Ok(said)
}
