//! The mails of a submission that has several. They stay when it is delivered: they say in which event each mail is.

use rusqlite::{Connection, Transaction};

use super::{OutboxError, Result, RowId};
use crate::domain::Member;

pub(super) fn pack(members: &[Member]) -> Result<Vec<String>> {
    let pack = |member| serde_json::to_string(member).map_err(OutboxError::packing);
    members.iter().map(pack).collect()
}

/// `packed` has the facts of each of `members`.
pub(super) fn store(transaction: &Transaction, id: RowId, members: &[Member], packed: &[String]) -> Result<()> {
    let sql = "INSERT OR REPLACE INTO member (submission, position, identity, facts) VALUES (?1, ?2, ?3, ?4)";
    let mut insert = transaction.prepare_cached(sql)?;
    for (position, (member, facts)) in members.iter().zip(packed).enumerate() {
        let position = i64::try_from(position).unwrap_or(i64::MAX);
        insert.execute((id, position, &member.identity.0[..], facts))?;
    }
    Ok(())
}

pub(super) fn load(connection: &Connection, id: RowId) -> Result<Vec<Member>> {
    let sql = "SELECT facts FROM member WHERE submission = ?1 ORDER BY position";
    let mut statement = connection.prepare_cached(sql)?;
    let packed = statement.query_map([id], |row| row.get::<_, String>(0))?;
    packed
        .map(|facts| serde_json::from_str(&facts?).map_err(|error| OutboxError::damaged(id, error)))
        .collect()
}
