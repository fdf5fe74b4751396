//! The outbox: a table of the state database in which every submission lives until it is at its destination.
//!
//! A row is made with its submission ([`Outbox::put`]). One process at a time claims it ([`Outbox::claim`]), builds its event
//! and delivers it. The row then becomes history ([`Outbox::finish`]), waits for the next try ([`Outbox::postpone`], with its
//! event kept by [`Outbox::keep_draft`]) or fails ([`Outbox::fail`]). The API key is never stored here.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, Transaction, TransactionBehavior};
use serde::Serialize;
use uuid::Uuid;

use crate::domain::{Receipt, Said};

mod cache;
mod claim;
mod error;
mod intake;
mod listing;
mod payload;
#[cfg(test)]
mod plan_tests;
mod schema;
mod standing;
#[cfg(test)]
mod tests;

pub use claim::Claim;
pub use error::{OutboxError, Remedy};
pub use intake::Stored;
pub use listing::{Earlier, Which};
pub use standing::Standing;

/// Result of a call to the outbox.
pub type Result<T> = std::result::Result<T, OutboxError>;

/// Number of a row. A number is never used again, not even after its row was dropped.
pub type RowId = i64;

/// Tells the time in seconds since 1970.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// Where a row stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum RowState {
    /// Waits for its (next) delivery.
    Pending,
    /// Will not be tried again before a person says so.
    Failed,
    /// At its destination; the message itself is no longer kept.
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

/// A row as `outbox list` and `outbox show` tell it. Times are seconds since 1970.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// As `outbox show` takes it.
    pub id: RowId,
    /// Whether it waits, failed or is delivered.
    pub state: RowState,
    /// A process is delivering it now.
    pub claimed: bool,
    /// Where the message came from, for people.
    pub origin: String,
    /// Profile, `None` for the configuration's top level.
    pub profile: Option<String>,
    /// SHA-256 of the canonical message, in hex.
    pub identity: String,
    /// With its angle brackets.
    pub message_id: Option<String>,
    /// Decoded.
    pub subject: Option<String>,
    /// Size of the message in bytes.
    pub size: u64,
    /// When it was stored.
    pub created: i64,
    /// When it is tried next; it counts only while the row is pending.
    pub due: i64,
    /// Failed deliveries so far.
    pub attempts: u32,
    /// Why the last one failed.
    pub error: Option<Said>,
    /// When it was delivered last.
    pub delivered: Option<i64>,
    /// Name of the destination that has it.
    pub destination: Option<String>,
    /// Uuid of its event there.
    pub event_uuid: Option<Uuid>,
    /// Numeric id of its event there.
    pub event_id: Option<String>,
    /// Page of the event, or its file in the feed.
    pub url: Option<String>,
    /// The last receipt; only [`Outbox::show`] fills it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receipt: Option<Receipt>,
}

/// The state database. Threads may share one; processes open the same file.
pub struct Outbox {
    connection: Mutex<Connection>,
    clock: Clock,
    path: PathBuf,
}

impl Outbox {
    /// Opens the database at `path`, making it (mode 0600) and its folder (mode 0700) where there is none.
    pub fn open(path: &Path) -> Result<Self> {
        let connection = schema::open(path).map_err(|error| error.at(path))?;
        let clock: Clock = Arc::new(|| jiff::Timestamp::now().as_second());
        Ok(Self {
            connection: Mutex::new(connection),
            clock,
            path: path.to_owned(),
        })
    }

    /// Tells the time by `clock` instead of the system's.
    #[must_use]
    pub fn with_clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    fn now(&self) -> i64 {
        (self.clock)()
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        // A thread that panicked in here has rolled its transaction back: the connection itself is fine.
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs `work` on the connection; errors get the file's name.
    fn read<T>(&self, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        work(&self.connection()).map_err(|error| error.at(&self.path))
    }

    /// Runs `work` in a transaction that takes the write lock at once: all of it happens or nothing.
    fn write<T>(&self, work: impl FnOnce(&Transaction) -> Result<T>) -> Result<T> {
        let mut connection = self.connection();
        let run = || {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let value = work(&transaction)?;
            transaction.commit()?;
            Ok(value)
        };
        run().map_err(|error: OutboxError| error.at(&self.path))
    }
}
