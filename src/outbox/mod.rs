//! The outbox: a table of the state database that has every submission until the event is at its destination.
//!
//! [`Outbox::put`] makes a row. One process at a time claims it ([`Outbox::claim`]), builds its event and delivers it.
//! Then the row becomes history ([`Outbox::finish`]), waits for the next attempt ([`Outbox::postpone`], with its event
//! kept by [`Outbox::keep_draft`]) or fails ([`Outbox::fail`]). The outbox never stores the API key.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, Transaction, TransactionBehavior};
use serde::Serialize;
use uuid::Uuid;

use crate::domain::{Receipt, Said};

mod cache;
mod checksum;
mod claim;
mod claimable;
mod clear_text;
#[cfg(test)]
mod clear_text_tests;
#[cfg(test)]
mod damage_tests;
mod ended;
mod error;
mod faults;
mod inspection;
mod intake;
mod listing;
mod member;
mod payload;
#[cfg(test)]
mod plan_tests;
mod private;
mod record;
mod schema;
mod standing;
#[cfg(test)]
mod tests;
mod tidy;
mod transfer;
mod waits;

pub use claim::Claim;
pub use error::{OutboxError, Remedy};
use faults::Points;
pub use inspection::Inspection;
pub use intake::Stored;
pub use listing::{Earlier, Which};
pub use standing::Standing;

pub type Result<T> = std::result::Result<T, OutboxError>;

/// With less free space on its disk, in bytes, the database or the manifest of a feed may find no room.
pub const SCARCE: u64 = 16 << 20;

/// Number of a row. It is never used again, even if the row is dropped.
pub type RowId = i64;

/// Returns seconds since 1970.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum RowState {
    /// Waits for its first or next delivery.
    Pending,
    /// Waits for a person to retry it.
    Failed,
    /// Its event is at the destination; the message is deleted.
    Delivered,
}

impl RowState {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Failed => "failed",
            Self::Delivered => "delivered",
        }
    }

    fn parse(text: &str) -> Self {
        match text {
            "failed" => Self::Failed,
            "delivered" => Self::Delivered,
            _ => Self::Pending,
        }
    }
}

impl fmt::Display for RowState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A row as `outbox list` and `outbox show` print it. Times are seconds since 1970.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub id: RowId,
    pub state: RowState,
    /// Whether a process is delivering it now.
    pub claimed: bool,
    /// Where the message came from, to show to people.
    pub origin: String,
    /// `None` for the top level of the configuration.
    pub profile: Option<String>,
    /// SHA-256 of the canonical message, in hex.
    pub identity: String,
    /// With its angle brackets.
    pub message_id: Option<String>,
    /// Decoded.
    pub subject: Option<String>,
    /// Bytes of the message.
    pub size: u64,
    /// When it was stored.
    pub created: i64,
    /// When the next attempt is; only meaningful while pending.
    pub due: i64,
    /// Number of failed deliveries.
    pub attempts: u32,
    /// Of the last attempt.
    pub error: Option<Said>,
    pub delivered: Option<i64>,
    pub destination: Option<String>,
    pub event_uuid: Option<Uuid>,
    pub event_id: Option<String>,
    /// The event's page, or its file in the feed.
    pub url: Option<String>,
    /// Only [`Outbox::show`] fills it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receipt: Option<Receipt>,
}

/// The state database. Threads may share one; every process opens the file itself.
pub struct Outbox {
    connection: Mutex<Connection>,
    clock: Clock,
    path: PathBuf,
    /// Which file was opened. Another one may get its name.
    file: Option<schema::FileId>,
}

impl Outbox {
    /// Opens the database at `path`. If there is none, makes it (mode 0600) and its folder (mode 0700).
    pub fn open(path: &Path) -> Result<Self> {
        let connection = schema::open(path).map_err(|error| error.at(path))?;
        let clock: Clock = Arc::new(|| jiff::Timestamp::now().as_second());
        Ok(Self {
            connection: Mutex::new(connection),
            clock,
            path: path.to_owned(),
            file: schema::file_id(path),
        })
    }

    #[must_use]
    pub fn with_clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Whether the file that was opened still has its name.
    pub fn is_there(&self) -> bool {
        schema::file_id(&self.path) == self.file
    }

    /// The file of the database.
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn now(&self) -> i64 {
        (self.clock)()
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        // If a thread panicked here, its transaction was rolled back: the connection is fine.
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs `work`. Errors get the file's name.
    fn read<T>(&self, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        work(&self.connection()).map_err(|error| error.at(&self.path))
    }

    /// Runs `work` in a transaction that takes the write lock at once: all of it takes effect, or nothing.
    fn write<T>(&self, work: impl FnOnce(&Transaction) -> Result<T>) -> Result<T> {
        self.write_through(None, work)
    }

    /// Like [`Outbox::write`], with fault points.
    fn write_through<T>(&self, points: Option<Points>, work: impl FnOnce(&Transaction) -> Result<T>) -> Result<T> {
        let [begin, commit, done] = points.map_or([None; 3], |points| points.0.map(Some));
        let mut connection = self.connection();
        let run = || {
            begin.map_or(Ok(()), faults::pass)?;
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let value = work(&transaction)?;
            commit.map_or(Ok(()), faults::pass)?;
            transaction.commit()?;
            done.map_or(Ok(()), faults::pass)?;
            Ok(value)
        };
        let value = run().map_err(|error: OutboxError| error.at(&self.path))?;
        // What is written into a file without a name is gone with the process.
        if self.is_there() {
            Ok(value)
        } else {
            Err(OutboxError::Vanished {
                path: self.path.clone(),
            })
        }
    }
}
