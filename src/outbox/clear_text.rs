//! The text of mails that were decrypted by their reader. It stays in the files of the outbox only until the row is delivered or
//! dropped.

use rusqlite::Transaction;

use super::{Result, RowId};
use crate::domain::{Receipt, Remark};

/// Whether the mail of a row was decrypted by its reader.
pub(super) fn is_in(transaction: &Transaction, id: RowId) -> Result<bool> {
    // In a text of the overrides the quotes have backslashes.
    let sql = "SELECT count(*) FROM submission WHERE id = ?1 AND instr(overrides, '\"decrypted\":true') > 0";
    let count: i64 = transaction.prepare_cached(sql)?.query_row([id], |row| row.get(0))?;
    Ok(count > 0)
}

/// Runs `work`. If `is_secret`, the pages that it frees are overwritten with zeros. They are many for a large mail, so others are
/// only marked as free.
pub(super) fn overwriting<T>(
    transaction: &Transaction,
    is_secret: bool,
    work: impl FnOnce() -> Result<T>,
) -> Result<T> {
    if !is_secret {
        return work();
    }
    transaction.pragma_update(None, "secure_delete", true)?;
    let done = work();
    transaction.pragma_update(None, "secure_delete", super::schema::WITHIN_PAGES)?;
    done
}

/// Takes out of a row that becomes history what quotes the text.
pub(super) fn forget(transaction: &Transaction, id: RowId) -> Result<()> {
    let sql = "UPDATE submission SET overrides = '{\"decrypted\":true}', judgement = NULL WHERE id = ?1";
    transaction.prepare_cached(sql)?.execute([id])?;
    Ok(())
}

/// A receipt without what quotes the text.
pub(super) fn without_text(receipt: &Receipt) -> Receipt {
    Receipt {
        mode: None,
        skipped: Vec::new(),
        notes: vec![Remark::DecryptedByReader.into()],
        error: None,
        ..receipt.clone()
    }
}
