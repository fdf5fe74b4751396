//! Why the server does not have something: it is on a warninglist, in another event, deleted, or invalid for MISP.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use uuid::Uuid;

use crate::domain::Reason;
use crate::misp::client::{MispClient, MispError};
use crate::misp::event::Attribute;

/// Reasons found so far, by attribute.
#[derive(Default)]
pub(super) struct Refusals {
    reasons: HashMap<Uuid, Reason>,
    listed: Arc<HashSet<Uuid>>,
    /// Attributes whose warninglists are known.
    asked: HashSet<Uuid>,
}

impl Refusals {
    pub(super) fn reason(&self, uuid: Uuid) -> Option<&Reason> {
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
            .filter(|attribute| attribute.enforce_warninglist && self.asked.insert(attribute.uuid))
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
            if !on.is_empty() {
                let lists = on.into_iter().collect();
                self.reasons
                    .insert(attribute.uuid, Reason::ServerWarninglists { lists });
                Arc::make_mut(&mut self.listed).insert(attribute.uuid);
            }
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
            self.reasons.insert(uuid, reason);
        }
        Ok(())
    }
}

/// The values that MISP looks up for an attribute: the whole, and the parts of a composite one.
fn names(attribute: &Attribute) -> Vec<String> {
    let mut names = vec![attribute.value.clone()];
    if attribute.r#type.contains('|') {
        names.extend(attribute.value.split('|').map(str::to_owned));
    }
    names
}
