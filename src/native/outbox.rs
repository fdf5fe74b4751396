//! `outbox.*`: what waits for delivery, seen to by a person or by the host itself.

use serde_json::{Value, json};

use super::fault::Fault;
use super::page;
use super::protocol::{OutboxDrop, OutboxList, OutboxRetry};
use super::session::{self, Host};
use super::status::backlog;
use super::text;
use super::workers::Task;
use crate::config::{Config, Settings};
use crate::domain::Status;
use crate::outbox::{Outbox, Row, Which};
use crate::pipeline::delivery::{Courier, Delivery};

/// Rows or deliveries in one answer.
const ROWS: usize = 100;

/// Skipped indicators that an answer names.
const SKIPPED: usize = 200;

/// Notes that an answer holds.
const NOTES: usize = 50;

/// Bytes of what was skipped and noted in an answer; of many deliveries only the first are told in full.
pub const FULL: usize = 384 << 10;

/// Answers `outbox.list`.
pub fn list(host: &Host, params: Value, _: &Task<'_>) -> Result<Value, Fault> {
    let OutboxList { delivered, offset } = session::read(params)?;
    let settings = Config::load(host.config.as_deref())?.profile(None)?;
    let path = &settings.paths.state_db;
    let rows = if !path.exists() {
        Vec::new()
    } else if delivered {
        Outbox::open(path)?.latest(offset, ROWS)?
    } else {
        Outbox::open(path)?.waiting()?
    };
    let (from, next_base) = if delivered { (0, offset) } else { (offset, 0) };
    let (page, next) = page::of(&rows, from, ROWS, page::FULL, |row: &Row| json!(row));
    let next = match next {
        Some(next) => Some(next_base + next),
        // A full page of history may have another one behind it.
        None if delivered && page.len() == ROWS => Some(offset + ROWS),
        None => None,
    };
    Ok(json!({"rows": page, "next": next, "backlog": backlog(&settings)?}))
}

/// Answers `outbox.retry`.
pub fn retry(host: &Host, params: Value, task: &Task<'_>) -> Result<Value, Fault> {
    let OutboxRetry { row, rebuild } = session::read(params)?;
    let (config, settings) = configured(host)?;
    let courier = Courier::open(&config, &settings)?;
    let rows = match row {
        Some(row) => vec![row],
        None => courier.outbox().waiting()?.iter().map(|row| row.id).collect(),
    };
    let mut deliveries = Vec::new();
    let mut room = FULL;
    for (done, id) in rows.iter().enumerate() {
        task.check()?;
        task.progress("delivering", done, rows.len());
        let result = courier.retry(Which::One(*id), rebuild, |delivery| {
            if deliveries.len() < ROWS {
                deliveries.push(of_row(&courier, &delivery, &mut room));
            }
        });
        // Of all, one that somebody else delivers or dropped just now is no fault.
        if row.is_some() {
            result?;
        }
    }
    let mut room = page::WHOLE;
    let deliveries = page::fitting(&deliveries, ROWS, &mut room);
    Ok(json!({"deliveries": deliveries, "backlog": backlog(&settings)?}))
}

/// Answers `outbox.drop`.
pub fn drop(host: &Host, params: Value, _: &Task<'_>) -> Result<Value, Fault> {
    let OutboxDrop { row } = session::read(params)?;
    let (_, settings) = configured(host)?;
    Outbox::open(&settings.paths.state_db)?.drop(row)?;
    backlog(&settings)
}

/// Delivers what is due and tells of each mail that arrived, or failed for good.
pub fn deliver_due(host: &Host) -> Result<(), Fault> {
    let (config, settings) = configured(host)?;
    if !settings.paths.state_db.exists() {
        return Ok(());
    }
    let courier = Courier::open(&config, &settings)?;
    while !host.is_closing() {
        let Some(delivery) = courier.deliver_next()? else {
            break;
        };
        if delivery.receipt.status != Status::Queued {
            let mut room = FULL;
            let params = json!({"delivery": of_row(&courier, &delivery, &mut room), "backlog": backlog(&settings)?});
            host.notify("outbox.delivered", &params);
        }
    }
    Ok(())
}

fn configured(host: &Host) -> Result<(Config, Settings), Fault> {
    let config = Config::load(host.config.as_deref())?;
    let settings = config.profile(None)?;
    Ok((config, settings))
}

/// A delivery whose mail is known by its row only.
fn of_row(courier: &Courier<'_>, delivery: &Delivery, room: &mut usize) -> Value {
    let row = courier.outbox().show(delivery.id).ok();
    let (subject, message_id) = row.map_or((None, None), |row| (row.subject, row.message_id));
    described(delivery, subject.as_deref(), message_id.as_deref(), room)
}

/// A delivery as the protocol tells it, with as much of what was skipped and noted as there is room for.
pub fn described(delivery: &Delivery, subject: Option<&str>, message_id: Option<&str>, room: &mut usize) -> Value {
    let receipt = &delivery.receipt;
    let mut told = json!({
        "row": delivery.id,
        "subject": subject,
        "message_id": message_id,
        "status": receipt.status,
        "uuid": receipt.uuid,
        "event_id": receipt.event_id,
        "url": receipt.url,
        "attributes": receipt.attributes,
        "objects": receipt.objects,
        "skipped": page::fitting(&receipt.skipped, SKIPPED, room),
        "skipped_total": receipt.skipped.len(),
        "notes": page::fitting(&receipt.notes, NOTES, room),
        "error": receipt.error,
    });
    text::shorten(&mut told);
    told
}
