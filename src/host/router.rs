//! Which method is answered by which function.

use serde_json::Value;

use super::protocol::Fault;
use super::session::{Host, Task};
use super::{connection, export, known, outbox, preview, send, settings, status};

/// What answers a method.
pub type Run = fn(&Host, Value, &Task<'_>) -> Result<Value, Fault>;

/// The methods that are given to workers.
const METHODS: [(&str, Run); 13] = [
    ("preview", preview::preview),
    ("preview.more", preview::more),
    ("known", known::known),
    ("export", export::export),
    ("send", send::send),
    ("status", status::status),
    ("settings.read", settings::read),
    ("settings.write", settings::write),
    ("settings.remove_profile", settings::remove_profile),
    ("connection.test", connection::test),
    ("outbox.list", outbox::list),
    ("outbox.retry", outbox::retry),
    ("outbox.drop", outbox::drop),
];

/// What answers `method`.
pub fn find(method: &str) -> Option<Run> {
    METHODS.iter().find(|(name, _)| *name == method).map(|(_, run)| *run)
}
