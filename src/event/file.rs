//! How the objects of one attached file refer to one another.

use uuid::Uuid;

use super::object::{Files, ObjectBuilder};
use crate::mail::Attachment;
use crate::policy::ObjectPlan;

/// The objects of an attachment: `file`, and for an executable its object and those of its sections.
pub fn build(plans: Vec<ObjectPlan>, attachment: &Attachment, event: Uuid) -> Vec<ObjectBuilder> {
    let files = Files {
        file: Some(attachment),
        ..Files::NONE
    };
    let format_name = plans
        .get(1)
        .map_or_else(String::new, |plan| plan.template.name.to_uppercase());
    let mut objects: Vec<_> = plans
        .into_iter()
        .map(|plan| ObjectBuilder::new(plan, event, files))
        .collect();
    if let [file, executable, sections @ ..] = objects.as_mut_slice() {
        file.refer(executable.uuid(), "includes", &format!("{format_name} indicators"));
        for (index, section) in sections.iter().enumerate() {
            let comment = format!("Section {index} of {format_name}");
            executable.refer(section.uuid(), "includes", &comment);
        }
    }
    objects
}
