//! How the mails of a case are nested, and what follows for their objects: which files belong to which mail, which
//! sample contains which, and where the original of each is.

use super::object::ObjectBuilder;
use crate::mail::{Embedded, EmbeddedKind};
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

/// The messages that the mails of the nodes were read from: `raw` for the outermost, else parts of the mails around them. A mail's
/// nodes come in the order in which they lie in it.
pub(super) fn originals<'a>(case: &Case<'a>, raw: &'a [u8]) -> Vec<Option<&'a [u8]>> {
    let mut inside: Vec<_> = case.nodes.iter().map(|node| node.mail.embedded.iter()).collect();
    let nodes = case.nodes.iter().map(|node| match node.parent {
        None => Some(raw),
        Some(parent) => {
            let rest = inside.get_mut(parent)?;
            let is_it = |embedded: &&Embedded| std::ptr::eq(&raw const embedded.mail, node.mail);
            rest.by_ref().find(is_it).map(|embedded| &*embedded.raw)
        }
    });
    nodes.collect()
}
