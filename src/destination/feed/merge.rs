//! Merges an event into its file, if it is delivered again or if somebody adds to it. Never removes anything, since a
//! MISP that pulls the feed would keep it anyway.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use uuid::Uuid;

use super::event_file::FeedEvent;
use crate::misp::event::{Attribute, Draft, Event, Object};
use crate::misp::json::three_bytes;

pub(super) struct Change<'a> {
    pub(super) event: FeedEvent<'a>,
    /// Attributes that the file did not have.
    pub(super) added: HashSet<Uuid>,
    pub(super) changed: bool,
}

/// Changed attributes get `timestamp`: MISP takes a change only if it is newer.
pub(super) fn merge<'a>(old: Option<FeedEvent<'a>>, draft: &'a Draft, timestamp: i64) -> Change<'a> {
    let Some(mut file) = old else {
        let added = all(&draft.event).map(|attribute| attribute.uuid).collect();
        let event = FeedEvent {
            event: Cow::Borrowed(&draft.event),
            ..FeedEvent::default()
        };
        return Change {
            event,
            added,
            changed: true,
        };
    };
    let before: HashSet<Uuid> = all(&file.event).map(|attribute| attribute.uuid).collect();
    let mut changed = false;
    let event = file.event.to_mut();
    if draft.add_to.is_none() {
        changed |= merge_head(event, &draft.event);
    }
    changed |= merge_attributes(&mut event.attributes, &draft.event.attributes, timestamp);
    changed |= merge_objects(&mut event.objects, &draft.event.objects, timestamp);
    changed |= merge_by(
        &mut event.tags,
        &draft.event.tags,
        |tag| three_bytes(&tag.name).to_lowercase(),
        |_, _| false,
    );
    changed |= merge_by(
        &mut event.reports,
        &draft.event.reports,
        |report| report.uuid,
        |old, new| replace(&mut old.content, &new.content) | replace(&mut old.name, &new.name),
    );
    let added = all(&file.event)
        .map(|attribute| attribute.uuid)
        .filter(|uuid| !before.contains(uuid))
        .collect();
    Change {
        event: file,
        added,
        changed,
    }
}

fn all(event: &Event) -> impl Iterator<Item = &Attribute> {
    event
        .attributes
        .iter()
        .chain(event.objects.iter().flat_map(|object| &object.attributes))
}

fn merge_head(old: &mut Event, new: &Event) -> bool {
    replace(&mut old.info, &new.info)
        | replace(&mut old.date, &new.date)
        | replace(&mut old.distribution, &new.distribution)
        | replace(&mut old.threat_level_id, &new.threat_level_id)
        | replace(&mut old.analysis, &new.analysis)
}

fn merge_attributes(old: &mut Vec<Attribute>, new: &[Attribute], timestamp: i64) -> bool {
    merge_by(
        old,
        new,
        |attribute| attribute.uuid,
        |old, new| {
            let sighted = merge_by(
                &mut old.sightings,
                &new.sightings,
                |sighting| sighting.uuid,
                |_, _| false,
            );
            let tagged = merge_by(
                &mut old.tags,
                &new.tags,
                |tag| three_bytes(&tag.name).into_owned(),
                |_, _| false,
            );
            let flags = (old.to_ids, old.disable_correlation) != (new.to_ids, new.disable_correlation);
            let moved = old.category != new.category;
            old.category.clone_from(&new.category);
            let texts = replace(&mut old.value, &new.value) | replace(&mut old.comment, &new.comment);
            let differs = texts || flags || moved || old.data != new.data;
            if old.data != new.data {
                old.data.clone_from(&new.data);
            }
            old.to_ids = new.to_ids;
            old.disable_correlation = new.disable_correlation;
            // The timestamps of the draft differ each time, so they do not count as a change.
            if differs || tagged {
                old.timestamp = Some(timestamp.to_string());
            }
            differs || tagged || sighted
        },
    )
}

fn merge_objects(old: &mut Vec<Object>, new: &[Object], timestamp: i64) -> bool {
    merge_by(
        old,
        new,
        |object| object.uuid,
        |old, new| {
            merge_attributes(&mut old.attributes, &new.attributes, timestamp)
                | merge_by(
                    &mut old.references,
                    &new.references,
                    |reference| reference.uuid,
                    |_, _| false,
                )
                | replace(&mut old.comment, &new.comment)
        },
    )
}

/// Adds items of `new` that `old` lacks, and calls `update` for those in both. Returns whether anything changed.
fn merge_by<T: Clone, K: std::hash::Hash + Eq>(
    old: &mut Vec<T>,
    new: &[T],
    key: impl Fn(&T) -> K,
    update: impl Fn(&mut T, &T) -> bool,
) -> bool {
    let mut places: HashMap<K, usize> = old.iter().enumerate().map(|(place, item)| (key(item), place)).collect();
    let mut changed = false;
    for item in new {
        if let Some(there) = places.get(&key(item)).and_then(|place| old.get_mut(*place)) {
            changed |= update(there, item);
        } else {
            places.insert(key(item), old.len());
            old.push(item.clone());
            changed = true;
        }
    }
    changed
}

fn replace(old: &mut String, new: &str) -> bool {
    let new = three_bytes(new);
    let differs = *old != new;
    if differs {
        *old = new.into_owned();
    }
    differs
}
