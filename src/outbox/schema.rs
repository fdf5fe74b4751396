//! Opens the state database: pragmas, schema version and migrations.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};

use super::{OutboxError, Result, faults, private};

/// How often a process looks whether another has ended its transaction: for about 20 seconds. Transactions are short even with large
/// messages, because payloads are packed before.
const LOOKS: i32 = 1_020;

/// The first looks come soon after one another.
const SOON: i32 = 20;

/// After about a second the log says what is waited for.
const TOLD: i32 = 70;

/// One entry for each version. Only ever append. The database's `user_version` is the number of entries that ran.
///
/// Payloads have a table of their own, so that listing rows does not read them. History is never deleted, so every
/// query that excludes it needs an index. `SQLite` uses a partial index only if a query repeats its condition word for
/// word.
pub(super) const MIGRATIONS: &[&str] = &[
    "
    CREATE TABLE submission (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        key BLOB NOT NULL UNIQUE,
        identity BLOB NOT NULL,
        profile TEXT,
        origin TEXT NOT NULL,
        mode TEXT NOT NULL,
        directives TEXT NOT NULL,
        overrides TEXT NOT NULL,
        size INTEGER NOT NULL,
        message_id TEXT,
        subject TEXT,
        state TEXT NOT NULL CHECK (state IN ('pending', 'failed', 'delivered')),
        created INTEGER NOT NULL,
        due INTEGER NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0,
        error TEXT,
        stamp INTEGER,
        lease TEXT,
        lease_until INTEGER NOT NULL DEFAULT 0,
        delivered INTEGER,
        destination TEXT,
        event_uuid TEXT,
        event_id TEXT,
        url TEXT,
        receipt TEXT
    );
    CREATE INDEX submission_due ON submission (due) WHERE state = 'pending';
    CREATE INDEX submission_identity ON submission (identity);
    CREATE TABLE payload (
        submission INTEGER PRIMARY KEY REFERENCES submission (id) ON DELETE CASCADE,
        raw BLOB NOT NULL,
        draft BLOB
    );
    CREATE TABLE cache (key TEXT PRIMARY KEY, value BLOB NOT NULL, expires INTEGER NOT NULL) WITHOUT ROWID;
    CREATE INDEX cache_expires ON cache (expires);
",
    "
    DROP INDEX submission_due;
    CREATE INDEX submission_open ON submission (state, due) WHERE state <> 'delivered';
    CREATE INDEX submission_latest ON submission (delivered) WHERE state = 'delivered';
",
    "
    CREATE TABLE record (event TEXT PRIMARY KEY, facts TEXT NOT NULL, parts BLOB NOT NULL) WITHOUT ROWID;
",
    "
    ALTER TABLE submission ADD COLUMN judgement TEXT;
",
    "
    CREATE TABLE member (
        submission INTEGER NOT NULL REFERENCES submission (id) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        identity BLOB NOT NULL,
        facts TEXT NOT NULL,
        PRIMARY KEY (submission, position)
    ) WITHOUT ROWID;
    CREATE INDEX member_identity ON member (identity);
",
    "
    ALTER TABLE payload ADD COLUMN raw_sum BLOB;
    ALTER TABLE payload ADD COLUMN draft_sum BLOB;
    ALTER TABLE submission ADD COLUMN killed INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE submission ADD COLUMN waits INTEGER NOT NULL DEFAULT 0;
",
    "
    ALTER TABLE cache ADD COLUMN sum BLOB;
    ALTER TABLE record ADD COLUMN sum BLOB;
",
];

/// Overwrites what is deleted within a page that is written anyway, which costs nothing. Whole pages stay as they are.
pub(super) const WITHIN_PAGES: &str = "FAST";

pub(super) fn open(path: &Path) -> Result<Connection> {
    private::make(path)?;
    faults::pass("outbox.open")?;
    let mut connection = connect(path)?;
    connection.busy_handler(Some(wait))?;
    connection.pragma_update(None, "auto_vacuum", "INCREMENTAL")?;
    set_wal(&connection)?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "secure_delete", WITHIN_PAGES)?;
    connection.pragma_update(None, "journal_size_limit", 16 << 20)?;
    migrate(&mut connection)?;
    Ok(connection)
}

/// What tells a file from another of the same name.
pub(super) type FileId = (u64, u64);

#[cfg(unix)]
pub(super) fn file_id(path: &Path) -> Option<FileId> {
    use std::os::unix::fs::MetadataExt;
    path.metadata().ok().map(|facts| (facts.dev(), facts.ino()))
}

/// On Windows a file that is open cannot be deleted or replaced.
#[cfg(not(unix))]
pub(super) fn file_id(_: &Path) -> Option<FileId> {
    None
}

const FLAGS: OpenFlags = OpenFlags::SQLITE_OPEN_READ_WRITE.union(OpenFlags::SQLITE_OPEN_NO_MUTEX);

/// With that flag, `SQLite` opens no path that has a link anywhere in it.
#[cfg(not(windows))]
fn connect(path: &Path) -> Result<Connection> {
    let flags = FLAGS.union(OpenFlags::SQLITE_OPEN_NOFOLLOW);
    Ok(Connection::open_with_flags(private::without_links(path), flags)?)
}

/// On Windows, `SQLite` opens paths of more than 260 characters only in the form that `canonicalize` gives, and only
/// through this interface of its own.
#[cfg(windows)]
fn connect(path: &Path) -> Result<Connection> {
    let path = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    Ok(Connection::open_with_flags_and_vfs(path, FLAGS, c"win32-longpath")?)
}

/// Waits before the next look at a database that is busy; false if there have been enough.
fn wait(looks: i32) -> bool {
    if looks == TOLD {
        tracing::warn!("waiting for another process that holds the state database");
    }
    let pause = if looks < SOON { 2 } else { 20 };
    std::thread::sleep(Duration::from_millis(pause));
    looks < LOOKS
}

/// If two processes make the database at the same moment, one of them gets "busy" at once, whatever the handler says. So this function
/// waits.
fn set_wal(connection: &Connection) -> Result<()> {
    let mut looks = 0;
    loop {
        match connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(())) {
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) && wait(looks) => looks += 1,
            other => return Ok(other?),
        }
    }
}

fn migrate(connection: &mut Connection) -> Result<()> {
    let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    let version = |connection: &Connection| connection.pragma_query_value(None, "user_version", |row| row.get(0));
    if version(connection)? == known {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another process may have migrated while this one waited for the lock.
    let found: i64 = version(&transaction)?;
    if found > known {
        return Err(OutboxError::Newer { found, known });
    }
    for migration in MIGRATIONS.iter().skip(usize::try_from(found).unwrap_or(0)) {
        transaction.execute_batch(migration)?;
    }
    transaction.pragma_update(None, "user_version", known)?;
    faults::pass("outbox.migrate")?;
    transaction.commit()?;
    faults::pass("outbox.migrated")
}
