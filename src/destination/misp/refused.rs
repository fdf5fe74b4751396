//! Why the server does not have something: it is on a warninglist, in another event, deleted, or invalid for MISP.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use uuid::Uuid;

use crate::domain::{Reason, Said};
use crate::misp::client::{MispClient, MispError};
use crate::misp::event::{Attribute, Event};
use crate::misp::record::Record;

/// Reasons found so far, by attribute.
#[derive(Default)]
pub(super) struct Refusals {
    reasons: HashMap<Uuid, Said>,
    /// What the server refused before and would refuse again.
    before: HashSet<Uuid>,
    listed: Arc<HashSet<Uuid>>,
    unflagged: Arc<HashSet<Uuid>>,
    /// Attributes of objects to ask about, too.
    flagged: HashSet<Uuid>,
    /// Attributes whose warninglists are known.
    asked: HashSet<Uuid>,
}

impl Refusals {
    /// Takes over what an earlier delivery learned. Somebody may have lifted the warninglists since.
    pub(super) fn remember(&mut self, record: &Record, event: &Event) {
        let refused: HashMap<(&str, &str), &Said> = record
            .refused
            .iter()
            .map(|one| ((one.r#type.as_str(), one.value.as_str()), &one.reason))
            .collect();
        let of_objects = event.objects.iter().flat_map(|object| &object.attributes);
        for attribute in event.attributes.iter().chain(of_objects) {
            let Some(reason) = refused.get(&(attribute.r#type.as_ref(), attribute.value.as_str())) else {
                continue;
            };
            if record.has(attribute.uuid) && (attribute.enforce_warninglist || reason.code != "server_warninglists") {
                self.reasons.insert(attribute.uuid, (*reason).clone());
                self.before.insert(attribute.uuid);
            }
        }
        // An object of which nothing was taken is not there either.
        let lost = event.objects.iter().filter(|object| {
            let mut attributes = object.attributes.iter();
            record.has(object.uuid) && attributes.all(|attribute| self.before.contains(&attribute.uuid))
        });
        let lost: Vec<Uuid> = lost.map(|object| object.uuid).collect();
        self.before.extend(lost);
    }

    /// Whether the server refused this part of the event in an earlier delivery.
    pub(super) fn is_known(&self, uuid: Uuid) -> bool {
        self.before.contains(&uuid)
    }

    /// Asks about flagged values of objects as well, from now on.
    pub(super) fn watch_objects(&mut self, event: &Event) {
        let attributes = event.objects.iter().flat_map(|object| &object.attributes);
        let flagged = attributes.filter(|attribute| attribute.to_ids && is_of_lists(&attribute.r#type));
        self.flagged.extend(flagged.map(|attribute| attribute.uuid));
    }

    pub(super) fn is_watched(&self, uuid: Uuid) -> bool {
        self.flagged.contains(&uuid)
    }

    /// Notes that the server did not take an attribute of a new event, if no better reason is known.
    pub(super) fn refuse(&mut self, attribute: &Attribute) {
        let attribute_type = attribute.r#type.to_string();
        let reason = || Reason::RefusedForType { attribute_type }.into();
        self.reasons.entry(attribute.uuid).or_insert_with(reason);
    }

    /// Attributes of objects on warninglists. They are sent without the IDS flag, as a part of what the object records.
    pub(super) fn unflagged(&self) -> Arc<HashSet<Uuid>> {
        Arc::clone(&self.unflagged)
    }

    pub(super) fn reason(&self, uuid: Uuid) -> Option<&Said> {
        self.reasons.get(&uuid)
    }

    pub(super) fn has(&self, uuid: Uuid) -> bool {
        self.reasons.contains_key(&uuid)
    }

    /// Attributes on warninglists. An edit must not send them, because it would store them.
    pub(super) fn listed(&self) -> Arc<HashSet<Uuid>> {
        Arc::clone(&self.listed)
    }

    /// Asks for the warninglists of attributes to be dropped if listed, once for each. Returns whether any is listed.
    pub(super) fn find_listed<'a>(
        &mut self,
        client: &MispClient,
        attributes: impl Iterator<Item = &'a Attribute>,
    ) -> Result<bool, MispError> {
        let attributes: Vec<&Attribute> = attributes
            .filter(|attribute| attribute.enforce_warninglist || self.flagged.contains(&attribute.uuid))
            .filter(|attribute| !self.before.contains(&attribute.uuid))
            .filter(|attribute| self.asked.insert(attribute.uuid))
            .collect();
        let values: BTreeSet<String> = attributes.iter().flat_map(|attribute| names(attribute)).collect();
        if values.is_empty() {
            return Ok(!self.listed.is_empty());
        }
        let lists = client.check_warninglists(&values.into_iter().collect::<Vec<_>>())?;
        for attribute in attributes {
            let on: BTreeSet<String> = names(attribute)
                .iter()
                .filter_map(|name| lists.get(name))
                .flatten()
                .cloned()
                .collect();
            if on.is_empty() {
                continue;
            }
            if self.flagged.contains(&attribute.uuid) {
                Arc::make_mut(&mut self.unflagged).insert(attribute.uuid);
                continue;
            }
            let lists = on.into_iter().collect();
            self.reasons
                .insert(attribute.uuid, Reason::ServerWarninglists { lists }.into());
            Arc::make_mut(&mut self.listed).insert(attribute.uuid);
        }
        Ok(!self.listed.is_empty())
    }

    /// Why attributes are missing though nothing was interrupted: somebody deleted them, or another event has the uuid.
    pub(super) fn find_elsewhere<'a>(
        &mut self,
        client: &MispClient,
        event: &str,
        attributes: impl Iterator<Item = &'a Attribute>,
    ) -> Result<(), MispError> {
        let uuids: Vec<Uuid> = attributes
            .map(|attribute| attribute.uuid)
            .filter(|uuid| !self.has(*uuid))
            .collect();
        for (uuid, home) in client.homes(&uuids)? {
            let reason = if home.event_id != event {
                Reason::InAnotherEvent { event: home.event_id }
            } else if home.deleted {
                Reason::DeletedFromEvent
            } else {
                continue;
            };
            self.reasons.insert(uuid, reason.into());
        }
        Ok(())
    }
}

/// Whether warninglists have values of this type: hosts, addresses and hashes.
fn is_of_lists(r#type: &str) -> bool {
    let parts = r#type.split('|');
    parts.filter(|part| !matches!(*part, "filename" | "port")).any(|part| {
        matches!(
            part,
            "hostname" | "domain" | "ip-src" | "ip-dst" | "md5" | "sha1" | "sha256"
        )
    })
}

/// The values that MISP looks up for an attribute: the whole, and the parts of a composite one.
fn names(attribute: &Attribute) -> Vec<String> {
    let mut names = vec![attribute.value.clone()];
    if attribute.r#type.contains('|') {
        names.extend(attribute.value.split('|').map(str::to_owned));
    }
    names
}
