//! Fault points of the database. What fails there fails with the error that `SQLite` would give.

use std::io;

use rusqlite::ffi;

use super::Result;
use crate::faults;

/// The points of a transaction: before it, before its commit, after its commit.
#[derive(Clone, Copy)]
pub(super) struct Points(pub(super) [&'static str; 3]);

pub(super) const fn through(points: [&'static str; 3]) -> Points {
    Points(points)
}

pub(super) fn pass(name: &'static str) -> Result<()> {
    faults::point(name).map_err(|error| {
        let code = match error.kind() {
            io::ErrorKind::StorageFull => ffi::SQLITE_FULL,
            io::ErrorKind::ResourceBusy => ffi::SQLITE_BUSY,
            io::ErrorKind::OutOfMemory => ffi::SQLITE_NOMEM,
            _ => ffi::SQLITE_IOERR,
        };
        rusqlite::Error::SqliteFailure(ffi::Error::new(code), None).into()
    })
}
