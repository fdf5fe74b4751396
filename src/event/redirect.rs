//! Makes the objects of redirectors, with references to their targets.

use std::collections::HashMap;

use uuid::Uuid;

use super::Builder;
use super::object::{Files, ObjectBuilder};
use crate::policy::Redirect;

impl Builder<'_> {
    /// A redirector refers to the object of the next redirector, or to the attribute of the last link.
    pub(super) fn add_redirects(&mut self, redirects: Vec<Redirect>) {
        let made: Vec<_> = redirects
            .into_iter()
            .map(|redirect| {
                let value = redirect.object.key.clone();
                let object = ObjectBuilder::new(redirect.object, self.event, Files::NONE);
                (value, object, redirect.target)
            })
            .collect();
        let objects: HashMap<&str, Uuid> = made
            .iter()
            .map(|(value, object, _)| (value.as_str(), object.uuid()))
            .collect();
        let attribute =
            |kind, value| Some(self.attributes.uuid_of(kind, value)).filter(|uuid| self.attributes.has(*uuid));
        let leads_to: Vec<Option<Uuid>> = made
            .iter()
            .map(|(_, _, (kind, value))| objects.get(value.as_str()).copied().or_else(|| attribute(kind, value)))
            .collect();
        for ((_, mut object, _), target) in made.into_iter().zip(leads_to) {
            if let Some(uuid) = target {
                object.refer(uuid, "redirects-to", "");
            }
            self.add_object(object);
        }
    }
}
