//! The attributes of an event that are not in objects: each once.

use hashbrown::HashTable;
use uuid::Uuid;

use super::derive;
use crate::config::Sightings;
use crate::misp::event::{Attribute, Sighting};
use crate::policy::AttributeSpec;

/// Attributes in the order in which they were added.
pub(super) struct Attributes<'a> {
    event: Uuid,
    sightings: &'a Sightings,
    all: Vec<Attribute>,
    /// Indices into `all`, found by uuid. An attribute's uuid follows from type and value.
    known: HashTable<u32>,
}

impl<'a> Attributes<'a> {
    pub(super) fn new(event: Uuid, sightings: &'a Sightings) -> Self {
        Self {
            event,
            sightings,
            all: Vec::new(),
            known: HashTable::new(),
        }
    }

    /// Makes room for so many more, and not for one besides: long lists are long.
    pub(super) fn expect(&mut self, more: usize) {
        self.all.reserve_exact(more);
    }

    pub(super) fn into_all(self) -> Vec<Attribute> {
        self.all
    }

    /// Adds an attribute unless the event has it; returns its uuid.
    pub(super) fn add(&mut self, mut spec: AttributeSpec, value: String, seen: bool) -> Option<Uuid> {
        let value = spec.value.take().map_or(value, String::from);
        let uuid = self.uuid_of(spec.r#type, &value);
        if self.has(uuid) {
            return Some(uuid);
        }
        let (all, place) = (&self.all, u32::try_from(self.all.len()).ok()?);
        let hash = |place: &u32| all.get(*place as usize).map_or(0, |known| key(known.uuid));
        self.known.insert_unique(key(uuid), place, hash);
        let sighting = self.sighting(uuid).filter(|_| seen);
        self.all.push(Attribute {
            uuid,
            r#type: spec.r#type.into(),
            category: spec.category.into(),
            value,
            to_ids: spec.to_ids,
            comment: spec.comment(),
            enforce_warninglist: spec.enforce_warninglist,
            sightings: sighting.into_iter().collect(),
            ..Attribute::default()
        });
        Some(uuid)
    }

    pub(super) fn has(&self, uuid: Uuid) -> bool {
        let same = |place: &u32| self.all.get(*place as usize).is_some_and(|known| known.uuid == uuid);
        self.known.find(key(uuid), same).is_some()
    }

    pub(super) fn uuid_of(&self, r#type: &str, value: &str) -> Uuid {
        derive::below(self.event, &["attribute", r#type, value])
    }

    /// The mail as a sighting of one of its attributes.
    fn sighting(&self, of: Uuid) -> Option<Sighting> {
        let source = self.sightings.enabled.then_some(self.sightings.source.as_str())?;
        Some(Sighting {
            uuid: derive::below(of, &["sighting", source]),
            r#type: "0".to_owned(),
            source: source.to_owned(),
            date_sighting: None,
        })
    }
}

/// A derived uuid is itself a hash, so half of it serves as key.
fn key(uuid: Uuid) -> u64 {
    uuid.as_u64_pair().0
}
