//! How the objects of one attached file refer to one another.

use uuid::Uuid;

use super::object::{Files, ObjectBuilder};
use crate::policy::{Node, NodeFile, ObjectPlan};

/// The objects of what was read in a file, which refer to it.
pub fn build_inside(plans: Vec<ObjectPlan>, node_file: &NodeFile<'_>, file: Uuid, event: Uuid) -> Vec<ObjectBuilder> {
    let files = Files {
        file: Some(node_file.bytes),
        pieces: node_file.opened.map_or(&[], |opened| &opened.pieces),
        ..Files::NONE
    };
    let made = plans.into_iter().map(|plan| {
        let mut object = ObjectBuilder::new(plan, event, files);
        object.refer(file, "extracted-from", "");
        object
    });
    made.collect()
}

/// The objects of codes that the texts of a mail draw or hold, which refer to the mail.
pub fn build_codes(plans: Vec<ObjectPlan>, node: &Node<'_>, email: Option<Uuid>, event: Uuid) -> Vec<ObjectBuilder> {
    let files = Files {
        pieces: &node.contents.in_bodies,
        ..Files::NONE
    };
    let made = plans.into_iter().map(|plan| {
        let mut object = ObjectBuilder::new(plan, event, files);
        if let Some(email) = email {
            object.refer(email, "extracted-from", "");
        }
        object
    });
    made.collect()
}

/// The objects of a file: `file`, and for an executable its object and those of its sections.
pub fn build(plans: Vec<ObjectPlan>, bytes: &[u8], event: Uuid) -> Vec<ObjectBuilder> {
    let files = Files {
        file: Some(bytes),
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
