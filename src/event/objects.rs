//! The objects of an event: of its mails and their files, and of what DNS answered.

use super::nesting::{original_of, owner_of_files, relate_embedded};
use super::object::{Files, ObjectBuilder};
use super::{Builder, file};
use crate::mail::Mail;
use crate::policy::{Case, FileAction, FilePlan, ObjectPlan, Plan};

impl Builder<'_> {
    pub(super) fn add_objects(&mut self, case: &Case<'_>, plan: &mut Plan, raw: &[u8]) {
        for (index, (node, node_plan)) in case.nodes.iter().zip(&mut plan.nodes).enumerate() {
            let files = Files {
                mail: Some(node.mail),
                original: original_of(case, index, raw),
                file: None,
            };
            let email = node_plan.email.take();
            self.emails
                .push(email.map(|email| ObjectBuilder::new(email, self.event, files)));
        }
        for (index, (node, node_plan)) in case.nodes.iter().zip(&mut plan.nodes).enumerate() {
            let made = self.files_of(node.mail, std::mem::take(&mut node_plan.files));
            let owner = owner_of_files(case, index).and_then(|owner| self.emails.get_mut(owner));
            if let Some(Some(email)) = owner {
                for file in made.iter().filter_map(|objects| objects.first()) {
                    email.refer(file.uuid(), "related-to", "Email attachment");
                }
            }
            self.files.extend(made.into_iter().flatten());
        }
        relate_embedded(case, &mut self.emails);
    }

    fn files_of(&mut self, mail: &Mail, plans: Vec<FilePlan>) -> Vec<Vec<ObjectBuilder>> {
        let mut made = Vec::new();
        for (attachment, plan) in mail.attachments.iter().zip(plans) {
            if let FileAction::Skip(reason) = plan.action {
                let name = attachment.name.as_deref().unwrap_or(&attachment.content_type);
                self.skip("attachment", name, reason);
            } else {
                made.push(file::build(plan.objects, attachment, self.event));
            }
        }
        made
    }

    /// Makes the object of a DNS answer refer to the attribute that it explains.
    pub(super) fn add_dns(&mut self, plan: ObjectPlan) {
        let explained = ["domain", "hostname"].map(|kind| self.uuid_of(kind, &plan.key));
        let mut object = ObjectBuilder::new(plan, self.event, Files::NONE);
        if let Some(uuid) = explained.into_iter().find(|uuid| self.is_known(*uuid)) {
            object.refer(uuid, "related-to", "DNS answer for this name");
        }
        self.add_object(object);
    }

    pub(super) fn add_object(&mut self, builder: ObjectBuilder) {
        let (object, refused) = builder.finish();
        self.skipped.extend(refused);
        self.objects
            .extend(object.filter(|object| self.object_uuids.insert(object.uuid)));
    }
}
