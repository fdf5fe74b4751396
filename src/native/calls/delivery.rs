//! A delivery as `send`, `outbox.retry` and `outbox.delivered` tell it.

use serde::Serialize;
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::domain::Status;
use crate::native::fault::Fault;
use crate::native::page;
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
    status: Status,
    uuid: Option<Uuid>,
    event_id: Option<String>,
    url: Option<String>,
    attributes: usize,
    objects: usize,
    skipped: Vec<Box<RawValue>>,
    skipped_total: usize,
    notes: Vec<Box<RawValue>>,
    error: Option<String>,
}

impl Delivery {
    /// Takes as much of what was skipped and noted as there is room for.
    pub fn new(
        delivery: delivery::Delivery,
        subject: Option<String>,
        message_id: Option<String>,
        room: &mut usize,
    ) -> Result<Self, Fault> {
        let receipt = delivery.receipt;
        Ok(Self {
            row: delivery.id,
            subject,
            message_id,
            status: receipt.status,
            uuid: receipt.uuid,
            event_id: receipt.event_id,
            url: receipt.url,
            attributes: receipt.attributes,
            objects: receipt.objects,
            skipped_total: receipt.skipped.len(),
            skipped: page::fitting(receipt.skipped.iter().take(SKIPPED), room)?,
            notes: page::fitting(receipt.notes.iter().take(NOTES), room)?,
            error: receipt.error,
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
pub fn first(deliveries: Vec<Delivery>) -> Result<Vec<Box<RawValue>>, Fault> {
    page::fitting(deliveries, &mut { page::WHOLE })
}
