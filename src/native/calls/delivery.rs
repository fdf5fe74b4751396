//! A delivery, as results of `send`, `outbox.retry` and `outbox.delivered` have it.

use serde::Serialize;

use super::{Fault, page};
use crate::domain::{Receipt, Said};
use crate::outbox::{Outbox, RowId};
use crate::pipeline::delivery;

/// Most skipped indicators in an answer.
const SKIPPED: usize = 200;

/// Most notes in an answer.
const NOTES: usize = 50;

/// Most bytes of skipped indicators and notes in an answer. If there are many deliveries, only the first get all
/// theirs.
pub const DETAILS: usize = 384 << 10;

#[derive(Serialize)]
pub struct Delivery {
    row: RowId,
    subject: Option<String>,
    message_id: Option<String>,
    #[serde(flatten)]
    receipt: Receipt,
    skipped_total: usize,
    notes: Vec<Said>,
}

impl Delivery {
    /// Includes skipped indicators and notes as long as `room`, in bytes, lasts.
    pub fn new(
        delivery: delivery::Delivery,
        subject: Option<String>,
        message_id: Option<String>,
        room: &mut usize,
    ) -> Result<Self, Fault> {
        let mut receipt = delivery.receipt;
        let skipped_total = receipt.skipped.len();
        receipt.skipped = page::fitting(receipt.skipped.into_iter().take(SKIPPED), room)?;
        // A receipt omits an empty list of notes, but an answer always has one.
        let notes = std::mem::take(&mut receipt.notes);
        Ok(Self {
            row: delivery.id,
            subject,
            message_id,
            receipt,
            skipped_total,
            notes: page::fitting(notes.into_iter().take(NOTES), room)?,
        })
    }

    /// A delivery for which only the row is known.
    pub fn of_row(outbox: &Outbox, delivery: delivery::Delivery, room: &mut usize) -> Result<Self, Fault> {
        let row = outbox.show(delivery.id).ok();
        let (subject, message_id) = row.map_or((None, None), |row| (row.subject, row.message_id));
        Self::new(delivery, subject, message_id, room)
    }
}

/// The first deliveries, as many as fit into an answer. The outbox has all of them.
pub fn first(deliveries: Vec<Delivery>) -> Result<Vec<Delivery>, Fault> {
    page::fitting(deliveries, &mut { page::WHOLE })
}
