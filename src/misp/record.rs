//! What the program remembers of an event that a server has from it. Whoever sends the mail again need not ask the server
//! for what both know, and can tell a changed setting from an analyst's change.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::event::{Draft, Event};
use crate::domain::{Directive, Receipt, Skipped};

/// What is known of earlier deliveries of an event.
#[derive(Clone, Debug, Default)]
pub enum Earlier {
    #[default]
    None,
    /// An attempt did not end well: the server may still be storing what it got then.
    Tried,
    Delivered(Box<Record>),
}

/// An event as it was delivered last.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    pub head: Head,
    pub tags: Vec<String>,
    #[serde(default)]
    pub directives: Vec<Directive>,
    /// What the server did not take.
    pub refused: Vec<Skipped>,
    /// A number for each part that was sent, taken or not. They are stored beside the rest.
    #[serde(skip)]
    pub parts: HashSet<u64>,
}

/// The fields of an event that settings decide.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    pub info: String,
    pub distribution: String,
    pub sharing_group_id: Option<String>,
    pub threat_level_id: String,
    pub analysis: String,
}

impl Head {
    pub fn of(event: &Event) -> Self {
        Self {
            info: event.info.clone(),
            distribution: event.distribution.clone(),
            sharing_group_id: event.sharing_group_id.clone(),
            threat_level_id: event.threat_level_id.clone(),
            analysis: event.analysis.clone(),
        }
    }
}

impl Record {
    /// What to remember of `draft` when `receipt` says what became of it.
    pub fn of(draft: &Draft, receipt: &Receipt) -> Self {
        let event = &draft.event;
        Self {
            head: Head::of(event),
            tags: event.tags.iter().map(|tag| tag.name.clone()).collect(),
            directives: draft.directives.clone(),
            // The receipt begins with what the draft itself left out.
            refused: receipt.skipped.iter().skip(draft.skipped.len()).cloned().collect(),
            parts: parts(event).map(number).collect(),
        }
    }

    pub fn has(&self, part: Uuid) -> bool {
        self.parts.contains(&number(part))
    }
}

/// The uuids of all parts of an event.
fn parts(event: &Event) -> impl Iterator<Item = Uuid> + '_ {
    let of_objects = event.objects.iter().flat_map(|object| {
        let attributes = object.attributes.iter().map(|attribute| attribute.uuid);
        let references = object.references.iter().map(|reference| reference.uuid);
        std::iter::once(object.uuid).chain(attributes).chain(references)
    });
    let attributes = event.attributes.iter().map(|attribute| attribute.uuid);
    let reports = event.reports.iter().map(|report| report.uuid);
    attributes.chain(of_objects).chain(reports)
}

/// A derived uuid is itself a hash, so half of it is enough.
fn number(uuid: Uuid) -> u64 {
    uuid.as_u64_pair().0
}
