//! Errors of the state database.

use std::io;
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

use super::RowId;
use crate::domain::{Problem, Said, with_causes};

/// Why a call to the outbox failed. The call changed nothing.
#[derive(Debug, thiserror::Error)]
pub enum OutboxError {
    #[error("the outbox has no entry {0}; `mispigeon outbox list --all` shows those that it has")]
    NoRow(RowId),
    #[error("entry {0} is being delivered just now; try again in a moment")]
    Claimed(RowId),
    #[error("another process has taken entry {0} over, because its delivery took too long")]
    Lost(RowId),
    #[error("entry {0} was delivered; its message is no longer kept, only its history")]
    Gone(RowId),
    #[error("entry {id} of the outbox is damaged")]
    Damaged { id: RowId, source: io::Error },
    #[error("the state database {} was deleted or replaced while it was in use", path.display())]
    Vanished { path: PathBuf },
    #[error("the message cannot be stored")]
    Packing(#[source] io::Error),
    #[error(
        "the state database has schema version {found}, this mispigeon knows up to {known}: use the newer mispigeon"
    )]
    Newer { found: i64, known: i64 },
    #[error(
        "cannot make the state database {}; set MISPIGEON_DATA_DIR or `data_dir` to a folder that can be written",
        path.display()
    )]
    Create { path: PathBuf, source: io::Error },
    #[error(
        "{} is not used, because {why}: mails that are not delivered yet are in it. Give it to the user who runs mispigeon and let nobody \
         else write to it, or set MISPIGEON_DATA_DIR or `data_dir` to another folder",
        path.display()
    )]
    Untrusted { path: PathBuf, why: String },
    #[error("{}", path.display())]
    File { path: PathBuf, source: io::Error },
    /// An error of `SQLite`.
    #[error("{}: {}", path.as_deref().unwrap_or(Path::new("state database")).display(), advice(source))]
    Database {
        /// The file. [`OutboxError::at`] fills it in.
        path: Option<PathBuf>,
        source: rusqlite::Error,
    },
}

/// What a person can do about an [`OutboxError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// Name another row.
    OtherRow,
    /// Try again later: the disk is full, the database is busy, or another process holds the row.
    Wait,
    /// Make the database writable, or use another one.
    Storage,
    /// Nothing: the program is at fault.
    Report,
}

impl OutboxError {
    pub fn remedy(&self) -> Remedy {
        match self {
            Self::NoRow(_) | Self::Gone(_) => Remedy::OtherRow,
            Self::Claimed(_) | Self::Lost(_) | Self::Vanished { .. } => Remedy::Wait,
            error if error.is_lack_of_memory() => Remedy::Wait,
            Self::Damaged { .. } | Self::Packing(_) => Remedy::Report,
            Self::Newer { .. } | Self::Create { .. } | Self::Untrusted { .. } | Self::File { .. } => Remedy::Storage,
            Self::Database { source, .. } if is_schema_damaged(source) => Remedy::Storage,
            Self::Database { source, .. } => match source.sqlite_error_code() {
                Some(
                    ErrorCode::ReadOnly
                    | ErrorCode::CannotOpen
                    | ErrorCode::PermissionDenied
                    | ErrorCode::NotADatabase
                    | ErrorCode::DatabaseCorrupt,
                ) => Remedy::Storage,
                Some(_) => Remedy::Wait,
                None => Remedy::Report,
            },
        }
    }

    /// Whether the process may have no more memory, so that the row may well be whole.
    pub fn is_lack_of_memory(&self) -> bool {
        match self {
            Self::Damaged { source, .. } | Self::Packing(source) => source.kind() == io::ErrorKind::OutOfMemory,
            Self::Database { source, .. } => source.sqlite_error_code() == Some(ErrorCode::OutOfMemory),
            _ => false,
        }
    }

    /// Whether the row cannot be read, so that other rows may well be.
    pub fn is_of_row(&self) -> bool {
        match self {
            error if error.is_lack_of_memory() => false,
            Self::Damaged { .. } => true,
            Self::Database { source, .. } => {
                source.sqlite_error_code() == Some(ErrorCode::DatabaseCorrupt)
                    || matches!(
                        source,
                        rusqlite::Error::InvalidColumnType(..)
                            | rusqlite::Error::FromSqlConversionFailure(..)
                            | rusqlite::Error::IntegralValueOutOfRange(..)
                            | rusqlite::Error::Utf8Error(..)
                    )
            }
            _ => false,
        }
    }

    /// What people read about the row `id` that [`OutboxError::is_of_row`] is about.
    pub fn as_damage(&self, id: RowId) -> Said {
        let error = with_causes(self);
        let entry = usize::try_from(id).unwrap_or_default();
        Problem::EntryDamaged { entry, error }.into()
    }

    pub(super) fn damaged(id: RowId, source: impl Into<io::Error>) -> Self {
        let source = source.into();
        Self::Damaged { id, source }
    }

    pub(super) fn packing(source: impl Into<io::Error>) -> Self {
        Self::Packing(source.into())
    }

    pub(super) fn at(self, file: &Path) -> Self {
        match self {
            Self::Database { path: None, source } => Self::Database {
                path: Some(file.to_owned()),
                source,
            },
            other => other,
        }
    }
}

impl From<rusqlite::Error> for OutboxError {
    fn from(source: rusqlite::Error) -> Self {
        Self::Database { path: None, source }
    }
}

/// Whether `SQLite` does not understand our questions, which are always the same: then tables are not as we made them.
fn is_schema_damaged(error: &rusqlite::Error) -> bool {
    match error {
        rusqlite::Error::SqlInputError { .. } => true,
        // Without the place in the question: no such column, no such table.
        rusqlite::Error::SqliteFailure(_, Some(words)) => words.starts_with("no such "),
        _ => false,
    }
}

const DAMAGED: &str = "it is damaged or no state database: move it away to start with an empty one, and keep it, as it may hold \
     messages that are not delivered yet";

fn advice(error: &rusqlite::Error) -> &'static str {
    if is_schema_damaged(error) {
        return DAMAGED;
    }
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => "the disk is full: make room, then try again",
        Some(ErrorCode::ReadOnly) => "the file or its folder is read-only: give write permission",
        Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
            "it cannot be opened: look at the permissions of the file and its folder"
        }
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => DAMAGED,
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            "another process keeps it locked for too long: try again"
        }
        Some(ErrorCode::SystemIoFailure) => "reading or writing failed: look at the disk and its free space",
        _ => "the state database does not work",
    }
}
