//! Finds the event to add to, which a person named.

use uuid::Uuid;

use crate::domain::{Problem, TlpLevel};
use crate::misp::client::{ErrorKind, MispClient, MispError, StoredEvent};
use crate::misp::event::Tag;

/// Finds the event by numeric id or uuid.
pub(super) fn find(client: &MispClient, target: &str) -> Result<StoredEvent, MispError> {
    let target = target.trim();
    let event = target.to_owned();
    let number = !target.is_empty() && target.bytes().all(|byte| byte.is_ascii_digit());
    if !number && Uuid::parse_str(target).is_err() {
        return Err(ErrorKind::Settings.because(Problem::NoEventName { event }));
    }
    client.view_event(target).map_err(|error| match error.kind {
        ErrorKind::NotFound => ErrorKind::Refused.because(Problem::NoSuchEvent { event }),
        _ => error,
    })
}

/// Our tags that the event lacks. Leaves out a TLP marking that is not stricter than the event's own.
pub(super) fn tags_to_add<'a>(tags: &'a [Tag], stored: &StoredEvent) -> Vec<&'a Tag> {
    let rank = |tag: &str| TlpLevel::of_tag(tag).map(TlpLevel::rank);
    let strictest = stored.tags.iter().filter_map(|tag| rank(&tag.name)).max();
    let has = |name: &str| stored.tags.iter().any(|tag| tag.name.eq_ignore_ascii_case(name));
    tags.iter()
        .filter(|tag| !has(&tag.name) && rank(&tag.name).is_none_or(|rank| Some(rank) > strictest))
        .collect()
}
