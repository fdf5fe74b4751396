//! Finds what the server did not store. MISP answers 200 and drops, without saying so, what is invalid, on a
//! warninglist or in another event. Only a comparison of uuids shows that.

use std::collections::{BTreeMap, HashMap, HashSet};

use uuid::Uuid;

use super::refused::Refusals;
use crate::domain::{Note, Reason, Said, Skipped};
use crate::misp::client::StoredEvent;
use crate::misp::event::{Attribute, Event, EventReport, Object, Reference, Tag};
use crate::misp::record::Record;

/// What the server does not have, in the event's order.
#[derive(Default)]
pub(super) struct Missing<'a> {
    /// Without those of objects.
    pub(super) attributes: Vec<&'a Attribute>,
    /// Objects that are missing or incomplete.
    pub(super) objects: Vec<&'a Object>,
    /// Missing attributes of `objects`.
    pub(super) of_objects: Vec<&'a Attribute>,
    /// Those of `objects` that are missing as a whole.
    pub(super) whole: HashSet<Uuid>,
    pub(super) references: Vec<(&'a Object, &'a Reference)>,
    pub(super) tags: Vec<&'a Tag>,
    /// Only of attributes that are stored.
    pub(super) attribute_tags: Vec<(&'a Attribute, &'a Tag)>,
    pub(super) reports: Vec<&'a EventReport>,
    /// Only of attributes that are stored.
    pub(super) sightings: usize,
}

struct Index<'a> {
    attributes: HashMap<Uuid, &'a crate::misp::client::StoredAttribute>,
    objects: HashSet<Uuid>,
    references: HashSet<Uuid>,
    /// Type and value of the event's own attributes, as MISP compares them.
    values: HashSet<(&'a str, String)>,
}

impl<'a> Missing<'a> {
    pub(super) fn of(event: &'a Event, stored: &StoredEvent) -> Self {
        let index = Index::of(stored);
        let mut missing = Self::default();
        for attribute in &event.attributes {
            let known = || {
                index
                    .values
                    .contains(&(attribute.r#type.as_ref(), attribute.value.to_lowercase()))
            };
            if !index.attributes.contains_key(&attribute.uuid) && !known() {
                missing.attributes.push(attribute);
            }
            missing.look_at_details(attribute, &index);
        }
        for object in &event.objects {
            missing.look_at(object, &index);
        }
        let tags: HashSet<String> = stored.tags.iter().map(|tag| tag.name.to_lowercase()).collect();
        missing.tags = event
            .tags
            .iter()
            .filter(|tag| !tags.contains(&tag.name.to_lowercase()))
            .collect();
        let reports: HashSet<Uuid> = stored.reports.iter().filter_map(|report| report.uuid).collect();
        missing.reports = event
            .reports
            .iter()
            .filter(|report| !reports.contains(&report.uuid))
            .collect();
        missing
    }

    fn look_at(&mut self, object: &'a Object, index: &Index) {
        let before = self.of_objects.len() + self.references.len();
        for attribute in &object.attributes {
            if !index.attributes.contains_key(&attribute.uuid) {
                self.of_objects.push(attribute);
            }
            self.look_at_details(attribute, index);
        }
        let references = object
            .references
            .iter()
            .filter(|reference| !index.references.contains(&reference.uuid));
        self.references.extend(references.map(|reference| (object, reference)));
        let whole = !index.objects.contains(&object.uuid);
        if whole {
            self.whole.insert(object.uuid);
        }
        if whole || self.of_objects.len() + self.references.len() > before {
            self.objects.push(object);
        }
    }

    fn look_at_details(&mut self, attribute: &'a Attribute, index: &Index) {
        let Some(stored) = index.attributes.get(&attribute.uuid) else {
            return;
        };
        self.sightings += attribute.sightings.len().saturating_sub(stored.sightings.len());
        for tag in &attribute.tags {
            if !stored
                .tags
                .iter()
                .any(|stored| stored.name.eq_ignore_ascii_case(&tag.name))
            {
                self.attribute_tags.push((attribute, tag));
            }
        }
    }

    /// Whether no attribute, object, reference or report is missing. Tags do not count: an analyst may have removed
    /// them, and the server may not know them.
    pub(super) fn is_empty(&self) -> bool {
        self.count() == 0
    }

    /// The same without what the server refused before, and without references to it.
    pub(super) fn without_known(mut self, refusals: &Refusals) -> Self {
        let known = |uuid: Uuid| refusals.is_known(uuid);
        self.attributes.retain(|attribute| !known(attribute.uuid));
        self.of_objects.retain(|attribute| !known(attribute.uuid));
        self.whole.retain(|uuid| !known(*uuid));
        self.references
            .retain(|(object, reference)| !known(object.uuid) && !known(reference.referenced_uuid));
        self.keep_objects();
        self
    }

    /// What an earlier delivery did not have yet.
    pub(super) fn since(event: &'a Event, record: &Record) -> Self {
        let is_new = |uuid: Uuid| !record.has(uuid);
        let mut new = Self {
            attributes: event.attributes.iter().filter(|one| is_new(one.uuid)).collect(),
            objects: event.objects.iter().collect(),
            reports: event.reports.iter().filter(|one| is_new(one.uuid)).collect(),
            ..Self::default()
        };
        for object in &event.objects {
            if is_new(object.uuid) {
                new.whole.insert(object.uuid);
            }
            let attributes = object.attributes.iter();
            new.of_objects.extend(attributes.filter(|one| is_new(one.uuid)));
            let references = object.references.iter().filter(|one| is_new(one.uuid));
            new.references.extend(references.map(|reference| (object, reference)));
        }
        new.keep_objects();
        new
    }

    /// Leaves only objects of which something is missing.
    fn keep_objects(&mut self) {
        let attributes: HashSet<Uuid> = self.of_objects.iter().map(|attribute| attribute.uuid).collect();
        let referring: HashSet<Uuid> = self.references.iter().map(|(object, _)| object.uuid).collect();
        let whole = &self.whole;
        self.objects.retain(|object| {
            let mut its = object.attributes.iter();
            whole.contains(&object.uuid)
                || referring.contains(&object.uuid)
                || its.any(|attribute| attributes.contains(&attribute.uuid))
        });
    }

    /// The number of attributes, objects, references and reports that are missing.
    pub(super) fn count(&self) -> usize {
        self.attributes.len() + self.of_objects.len() + self.whole.len() + self.references.len() + self.reports.len()
    }

    pub(super) fn all_attributes(&self) -> impl Iterator<Item = &'a Attribute> + '_ {
        self.attributes.iter().chain(&self.of_objects).copied()
    }

    /// Objects worth sending together with `attributes`: they have a missing attribute that the server does not refuse,
    /// or a reference whose target is there.
    pub(super) fn worth_sending(
        &self,
        stored: &StoredEvent,
        attributes: &[&Attribute],
        refusals: &Refusals,
    ) -> Vec<&'a Object> {
        let missing: HashSet<Uuid> = self.of_objects.iter().map(|attribute| attribute.uuid).collect();
        let brings = |attribute: &Attribute| missing.contains(&attribute.uuid) && !refusals.has(attribute.uuid);
        let refers = self.objects_without_references(stored, attributes);
        let refers: HashSet<Uuid> = refers.iter().map(|object| object.uuid).collect();
        let is_worth = |object: &&Object| object.attributes.iter().any(brings) || refers.contains(&object.uuid);
        self.objects.iter().copied().filter(is_worth).collect()
    }

    /// Stored objects that lack references, if the target is stored too or among `coming`.
    pub(super) fn objects_without_references(&self, stored: &StoredEvent, coming: &[&Attribute]) -> Vec<&'a Object> {
        let index = Index::of(stored);
        let coming: HashSet<Uuid> = coming.iter().map(|attribute| attribute.uuid).collect();
        let there = |uuid: Uuid| {
            index.attributes.contains_key(&uuid) || index.objects.contains(&uuid) || coming.contains(&uuid)
        };
        let mut seen = HashSet::new();
        self.references
            .iter()
            .filter(|(object, reference)| index.objects.contains(&object.uuid) && there(reference.referenced_uuid))
            .map(|(object, _)| *object)
            .filter(|object| seen.insert(object.uuid))
            .collect()
    }

    /// Everything that is missing, with reasons. `event` is the one that was sent.
    pub(super) fn explain(&self, event: &Event, refusals: &Refusals) -> Vec<Skipped> {
        let line = |kind: &str, value: &str, reason: Reason| Skipped {
            r#type: kind.into(),
            value: value.into(),
            reason: reason.into(),
        };
        let mut skipped = Vec::new();
        for attribute in self.all_attributes() {
            let refused = || {
                Said::from(Reason::RefusedForType {
                    attribute_type: attribute.r#type.to_string(),
                })
            };
            skipped.push(Skipped {
                r#type: attribute.r#type.to_string(),
                value: attribute.value.clone(),
                reason: refusals.reason(attribute.uuid).cloned().unwrap_or_else(refused),
            });
        }
        let tags = self.tags.iter();
        skipped.extend(tags.map(|tag| line("tag", &tag.name, Reason::TagRefused)));
        let of_attributes: BTreeMap<&str, &str> = self
            .attribute_tags
            .iter()
            .map(|(attribute, tag)| (tag.name.as_str(), attribute.value.as_str()))
            .collect();
        skipped.extend(of_attributes.into_iter().map(|(tag, value)| {
            let value = value.to_owned();
            line("tag", tag, Reason::TagRefusedOn { value })
        }));
        let names = if self.references.is_empty() {
            HashMap::new()
        } else {
            names(event)
        };
        skipped.extend(self.references.iter().map(|(object, reference)| {
            let target = reference.referenced_uuid;
            let target = names
                .get(&target)
                .map_or_else(|| target.to_string(), ToString::to_string);
            let value = format!("{} {} {target}", object.name, reference.relationship_type);
            line("reference", &value, Reason::ReferenceRefused)
        }));
        let reports = self.reports.iter();
        skipped.extend(reports.map(|report| line("report", &report.name, Reason::Refused)));
        skipped
    }

    /// A note on missing parts that are not indicators.
    pub(super) fn note(&self) -> Option<Note> {
        let count = self.sightings;
        (count > 0).then_some(Note::SightingsNotStored { count })
    }
}

/// What people call the parts of an event.
fn names(event: &Event) -> HashMap<Uuid, &str> {
    let attributes = event.attributes.iter().map(|one| (one.uuid, one.value.as_str()));
    let objects = event.objects.iter().map(|one| (one.uuid, one.name.as_ref()));
    attributes.chain(objects).collect()
}

impl<'a> Index<'a> {
    fn of(stored: &'a StoredEvent) -> Self {
        Self {
            attributes: stored
                .all_attributes()
                .map(|attribute| (attribute.uuid, attribute))
                .collect(),
            objects: stored.objects.iter().map(|object| object.uuid).collect(),
            references: stored
                .objects
                .iter()
                .flat_map(|object| &object.references)
                .map(|found| found.uuid)
                .collect(),
            values: stored
                .attributes
                .iter()
                .map(|attribute| (attribute.r#type.as_ref(), attribute.value.to_lowercase()))
                .collect(),
        }
    }
}
