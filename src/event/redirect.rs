//! Makes the objects of redirectors, with references to their targets.

use hashbrown::HashMap;
use uuid::Uuid;

use super::Builder;
use super::object::{Files, ObjectBuilder};
use crate::policy::{ObjectPlan, Redirect};

impl Builder<'_> {
    /// A redirector refers to the object of the next redirector, or to the attribute of the last link.
    pub(super) fn add_redirects(&mut self, redirects: &[Redirect]) {
        let template = ObjectPlan::url_template();
        let uuid = |redirect: &Redirect| ObjectBuilder::uuid_of(self.event, template, &redirect.url);
        let objects: HashMap<&str, Uuid> = redirects
            .iter()
            .map(|redirect| (&*redirect.url, uuid(redirect)))
            .collect();
        for redirect in redirects {
            let (kind, value) = &redirect.target;
            let attribute = || Some(self.attributes.uuid_of(kind, value)).filter(|uuid| self.attributes.has(*uuid));
            let target = objects.get(&**value).copied().or_else(attribute);
            let mut object = ObjectBuilder::new(ObjectPlan::of_url(&redirect.url), self.event, Files::NONE);
            if let Some(uuid) = target {
                object.refer(uuid, "redirects-to", "");
            }
            self.add_object(object);
        }
    }
}
