//! How the mails of a case are nested, and what follows for their objects: which files belong to which mail, which
//! sample contains which, and where the original of each is.

use super::object::ObjectBuilder;
use crate::mail::EmbeddedKind;
use crate::policy::{Case, Role};

/// The sample whose `email` object refers to the files of node `index`: the node itself if it is a sample. If it is a
/// report with exactly one forwarded mail, then that mail, because the mail client moved its attachments to the
/// forwarding one.
pub(super) fn owner_of_files(case: &Case<'_>, index: usize) -> Option<usize> {
    let node = case.nodes.get(index)?;
    if node.role == Role::Sample {
        return Some(index);
    }
    let mut forwards = node
        .mail
        .embedded
        .iter()
        .filter(|embedded| embedded.kind == EmbeddedKind::InlineForward);
    let forward = forwards.next().filter(|_| forwards.next().is_none())?;
    case.nodes
        .iter()
        .position(|candidate| std::ptr::eq(candidate.mail, &raw const forward.mail))
}

/// Makes the `email` object of a sample refer to those of the samples inside it.
pub(super) fn relate_embedded(case: &Case<'_>, emails: &mut [Option<ObjectBuilder>]) {
    for (index, node) in case.nodes.iter().enumerate() {
        let inner = emails.get(index).and_then(Option::as_ref).map(ObjectBuilder::uuid);
        let outer = node
            .parent
            .and_then(|parent| emails.get_mut(parent))
            .and_then(Option::as_mut);
        if let (Some(inner), Some(outer)) = (inner, outer) {
            outer.refer(inner, "related-to", "Mail inside this mail");
        }
    }
}

/// The message that the mail of node `index` was read from: `raw` for the outermost, else a part of the mail around it.
pub(super) fn original_of<'a>(case: &Case<'a>, index: usize, raw: &'a [u8]) -> Option<&'a [u8]> {
    let node = case.nodes.get(index)?;
    let Some(parent) = node.parent else {
        return Some(raw);
    };
    let inside = &case.nodes.get(parent)?.mail.embedded;
    let embedded = inside
        .iter()
        .find(|embedded| std::ptr::eq(&raw const embedded.mail, node.mail))?;
    Some(&embedded.raw)
}
