//! `send`: stores a message durably and delivers it, if that is possible now.

use serde_json::{Value, json};

use super::fault::Fault;
use super::outbox::{FULL, described};
use super::page;
use super::preview::request;
use super::protocol::Send;
use super::session::{self, Host};
use super::workers::Task;
use crate::config::Config;
use crate::pipeline;
use crate::pipeline::delivery::Courier;

/// Answers `send`. What was stored stays stored, also when a later event of the same carrier cannot be.
pub fn send(host: &Host, params: Value, task: &Task<'_>) -> Result<Value, Fault> {
    let asked: Send = session::read(params)?;
    // First, so that the handle ends whatever comes of it.
    let raw = host.messages.take(&asked.message)?;
    task.check()?;
    let config = Config::load(host.config.as_deref())?;
    let settings = config.profile(asked.profile.as_deref())?;
    let courier = Courier::open(&config, &settings)?;
    task.progress("reading", 0, 1);
    let request = request(asked.mode, asked.profile, asked.overrides.into());
    let prepared = pipeline::prepare(raw, request, &settings)?;
    task.check()?;
    let total = prepared.len();
    let mut deliveries = Vec::with_capacity(total);
    let mut room = FULL;
    for (done, prepared) in prepared.into_iter().enumerate() {
        task.progress("delivering", done, total);
        let (subject, message_id) = (
            prepared.submission.subject.clone(),
            prepared.submission.message_id.clone(),
        );
        let delivery = courier.send(prepared)?;
        deliveries.push(described(
            &delivery,
            subject.as_deref(),
            message_id.as_deref(),
            &mut room,
        ));
    }
    // A carrier may have brought more mails than there is room for; all of them are in the outbox.
    let mut room = page::WHOLE;
    Ok(json!({"deliveries": page::fitting(&deliveries, total, &mut room)}))
}
