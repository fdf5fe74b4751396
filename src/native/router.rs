//! Which method is answered by which function.

use serde_json::Value;

use super::fault::Fault;
use super::session::Host;
use super::workers::{Lane, Task};
use super::{connection, export, known, outbox, preview, send, settings, status};

/// What answers a method.
pub type Run = fn(&Host, Value, &Task<'_>) -> Result<Value, Fault>;

/// The methods that are given to workers.
const METHODS: [(&str, Lane, Run); 13] = [
    ("preview", Lane::Local, preview::preview),
    ("preview.more", Lane::Local, preview::more),
    ("known", Lane::Question, known::known),
    ("export", Lane::Local, export::export),
    ("send", Lane::Delivery, send::send),
    ("status", Lane::Local, status::status),
    ("settings.read", Lane::Local, settings::read),
    ("settings.write", Lane::Local, settings::write),
    ("settings.remove_profile", Lane::Local, settings::remove_profile),
    ("connection.test", Lane::Question, connection::test),
    ("outbox.list", Lane::Local, outbox::list),
    ("outbox.retry", Lane::Delivery, outbox::retry),
    ("outbox.drop", Lane::Local, outbox::drop),
];

/// What answers `method`, and what it waits for.
pub fn find(method: &str) -> Option<(Lane, Run)> {
    let (_, lane, run) = METHODS.iter().find(|(name, ..)| *name == method)?;
    Some((*lane, *run))
}
