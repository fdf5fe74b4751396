//! A delivery as `send`, `outbox.retry` and `outbox.delivered` tell it.

use serde::Serialize;

use super::{Fault, page};
use crate::domain::{Receipt, Said};
use crate::outbox::{Outbox, RowId};
use crate::pipeline::delivery;

/// Skipped indicators that an answer names.
const SKIPPED: usize = 200;

/// Notes that an answer holds.
const NOTES: usize = 50;

/// Bytes of what was skipped and noted in an answer; of many deliveries only the first are told in full.
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
    /// Takes as much of what was skipped and noted as there is room for.
    pub fn new(
        delivery: delivery::Delivery,
        subject: Option<String>,
        message_id: Option<String>,
        room: &mut usize,
    ) -> Result<Self, Fault> {
        let mut receipt = delivery.receipt;
        let skipped_total = receipt.skipped.len();
        receipt.skipped = page::fitting(receipt.skipped.into_iter().take(SKIPPED), room)?;
        // A receipt leaves an empty list of notes out; here there always is one.
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

    /// A delivery whose mail is known by its row only.
    pub fn of_row(outbox: &Outbox, delivery: delivery::Delivery, room: &mut usize) -> Result<Self, Fault> {
        let row = outbox.show(delivery.id).ok();
        let (subject, message_id) = row.map_or((None, None), |row| (row.subject, row.message_id));
        Self::new(delivery, subject, message_id, room)
    }
}

/// The first deliveries that there is room for in an answer. All of them are in the outbox.
pub fn first(deliveries: Vec<Delivery>) -> Result<Vec<Delivery>, Fault> {
    page::fitting(deliveries, &mut { page::WHOLE })
}
